"""Points 16 to 19: legal bases, running text, numbering, the sign that closes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.checker.boxes import RIGHT, Paper, Placed, is_centred, text_left
from reports.checker.findings import Finding
from reports.checker.kinds import Kind
from reports.checker.reading import MM
from reports.document import POINT_LETTERS

INDENTS = (10 * MM, 12.7 * MM)
INDENT_TOLERANCE, RIGHT_TOLERANCE = 1 * MM, 2 * MM
# What begins further from the edge than this is indented.
INDENTED = 3 * MM
CENTRED_FROM = 14 * MM
# Single to 1.5 lines: a single line of Times takes 1.15 of its size.
LEAST_LEADING, MOST_LEADING, SINGLE = 1.0, 1.75, 1.15
LEAST_GAP = 6.0
BASIS = ("Căn cứ", "Theo đề nghị")
CLOSED_BY = "./."
_KHOAN = re.compile(r"(\d{1,2})\. \S")
_DIEM = re.compile(r"([a-zđ])\) \S")
_SECTION = re.compile(r"[IVX]+\. ")


@dataclass
class Paragraph:
    lines: list[Placed]

    @property
    def first(self) -> Placed:
        return self.lines[0]

    @property
    def last(self) -> Placed:
        return self.lines[-1]

    @property
    def text(self) -> str:
        return " ".join(placed.line.text for placed in self.lines)

    @property
    def is_italic(self) -> bool:
        return all(placed.line.is_italic for placed in self.lines)


def findings(paper: Paper, kind: Kind) -> Iterator[Finding]:
    """Everything wrong with the text of papers and Biên bản; forms and certificates have their own."""
    if kind not in (Kind.PAPER, Kind.MINUTES):
        return
    found = paragraphs(paper)
    if kind == Kind.PAPER:
        yield from _bases(found)
    yield from _set_as_text(found)
    yield from _numbering(found)
    yield from _closing(paper, found)


def paragraphs(paper: Paper) -> list[Paragraph]:
    """The running text; a paragraph begins with an indent or a centred line, and may go on over the page."""
    found: list[Paragraph] = []
    for placed in paper.body:
        indented = placed.line.left - text_left(placed.page) > INDENTED
        if indented or not found or _is_heading(placed) or _is_heading(found[-1].last):
            found.append(Paragraph([placed]))
        else:
            found[-1].lines.append(placed)
    return found


def _is_heading(placed: Placed) -> bool:
    """A line in the middle: a caption, "QUYẾT ĐỊNH:"; it begins beyond any indent."""
    return is_centred(placed.page, placed.line) and placed.line.left - text_left(placed.page) > CENTRED_FROM


def _bases(found: list[Paragraph]) -> Iterator[Finding]:
    bases = [paragraph for paragraph in _leading(found) if paragraph.text.startswith(BASIS)]
    for paragraph in bases:
        page = paragraph.first.page.number
        if not paragraph.is_italic:
            yield Finding(16, page, f"căn cứ phải in nghiêng: “{_short(paragraph)}”.")
        end = "." if paragraph is bases[-1] else ";"
        if not paragraph.text.endswith(end):
            yield Finding(16, page, f"căn cứ phải kết thúc bằng dấu “{end}”: “{_short(paragraph)}”.")


def _leading(found: list[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs before the text proper: headings in the middle are passed over."""
    for paragraph in found:
        if _is_heading(paragraph.first):
            continue
        if not paragraph.text.startswith(BASIS):
            return
        yield paragraph


def _set_as_text(found: list[Paragraph]) -> Iterator[Finding]:
    """Point 17, each kind of slip told once a page."""
    right = max((placed.line.right for one in found for placed in one.lines), default=0.0)
    told: set[tuple[int, str]] = set()
    before: Paragraph | None = None
    for paragraph in found:
        for what, detail in (*_shape(paragraph, right), *_distance(before, paragraph)):
            page = paragraph.first.page.number
            if (page, what) not in told:
                told.add((page, what))
                yield Finding(17, page, f"{detail}: “{_short(paragraph)}”.")
        before = paragraph


def _shape(paragraph: Paragraph, right: float) -> Iterator[tuple[str, str]]:
    page, line = paragraph.first.page, paragraph.first.line
    if _is_heading(paragraph.first):
        return
    if not 12.8 <= line.size <= 14.2:
        yield "size", f"chữ nội dung cỡ {line.size:.1f}, phải là 13-14"
    edge = min((placed.line.left for placed in paragraph.lines[1:] if placed.page is page), default=None)
    indent = line.left - edge if edge is not None else None
    if indent is not None and not any(abs(indent - wanted) <= INDENT_TOLERANCE for wanted in INDENTS):
        yield "indent", f"dòng đầu lùi {indent / MM:.1f} mm, phải là 10 hoặc 12,7 mm"
    for placed in paragraph.lines[:-1]:
        if placed.line.right < right - RIGHT_TOLERANCE and not page.is_wide:
            yield "justify", "chữ nội dung không dàn đều hai lề"
            break
    if placed_past := [p for p in paragraph.lines if p.line.right > p.page.width - RIGHT + RIGHT_TOLERANCE]:
        yield "long", f"dòng dài quá lề phải {placed_past[0].line.width / MM:.0f} mm"
    yield from _leading_of(paragraph)


def _leading_of(paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    for above, below in zip(paragraph.lines, paragraph.lines[1:], strict=False):
        if above.page is below.page:
            share = (above.line.baseline - below.line.baseline) / below.line.size
            if not LEAST_LEADING <= share <= MOST_LEADING:
                yield "leading", f"khoảng cách dòng {share:.2f} cỡ chữ, phải từ dòng đơn đến 1,5 dòng"
                return


def _distance(before: Paragraph | None, paragraph: Paragraph) -> Iterator[tuple[str, str]]:
    """Paragraphs stand at least 6 pt apart, beyond the distance of lines in them."""
    if before is None or before.last.page is not paragraph.first.page or _is_heading(paragraph.first):
        return
    line = paragraph.first.line
    inner = [one for one in (*before.lines, *paragraph.lines) if one.page is paragraph.first.page]
    leadings = [
        above.line.baseline - below.line.baseline
        for one in (before, paragraph)
        for above, below in zip(one.lines, one.lines[1:], strict=False)
        if above.page is below.page
    ]
    leading = min(leadings, default=SINGLE * line.size) if inner else SINGLE * line.size
    gap = before.last.line.baseline - line.baseline - leading
    if gap < LEAST_GAP - 0.6:
        yield "gap", f"hai đoạn cách nhau {gap:.1f} pt, phải từ 6 pt"


def _numbering(found: list[Paragraph]) -> Iterator[Finding]:
    """Point 18: khoản 1, 2, 3 … from 1 in every section; điểm a, b, c, d, đ …"""
    khoan, diem = 0, -1
    for paragraph in found:
        text, page = paragraph.text, paragraph.first.page.number
        if _SECTION.match(text) or text.startswith("Điều "):
            khoan, diem = 0, -1
        elif match := _KHOAN.match(text):
            number = int(match[1])
            if number not in (khoan + 1, 1):
                yield Finding(18, page, f"khoản {number} đứng sau khoản {khoan}: “{_short(paragraph)}”.")
            khoan, diem = number, -1
        elif match := _DIEM.match(text):
            place = POINT_LETTERS.find(match[1])
            if place not in (diem + 1, 0):
                yield Finding(
                    18, page, f"điểm {match[1]}) không đúng thứ tự a, b, c, d, đ: “{_short(paragraph)}”."
                )
            diem = place


def _closing(paper: Paper, found: list[Paragraph]) -> Iterator[Finding]:
    if paper.ending is None or not found:
        return
    last = found[-1]
    if not last.text.endswith(CLOSED_BY):
        yield Finding(19, last.last.page.number, f"nội dung không kết thúc bằng “./.”: “{last.text[-50:]}”.")


def _short(paragraph: Paragraph) -> str:
    return paragraph.text if len(paragraph.text) <= 60 else f"{paragraph.text[:57]}…"
