"""Points 1 to 6 and the restart of 23: pages, margins, fonts, letters, colour, page numbers."""

import re
import unicodedata
from collections.abc import Iterator

from core.legacy_text import legacy_encoding
from reports.checker.boxes import BOTTOM, LEFT, RIGHT, TOP, Paper, is_page_number, text_centre
from reports.checker.findings import Finding
from reports.checker.kinds import Kind
from reports.checker.reading import MM, Line, Page

A4 = (595.3, 841.9)
# Letters overshoot the box a little.
TOLERANCE = 0.5 * MM
MOST_LEFT, MOST_RIGHT, MOST_TOP = 35 * MM, 20 * MM, 27 * MM
# With so many lines a page shows where its margins are.
ENOUGH_LINES = 6
FONTS = ("timesnewroman", "liberationserif", "tinos")
URGENT = ("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
RED = (150, 90, 90)


def findings(paper: Paper, kind: Kind) -> Iterator[Finding]:
    """Everything wrong with the pages; a certificate has margins, colours and no number of its own."""
    yield from _fonts(paper)
    for page in paper.pages:
        yield from _size(page)
        yield from _letters(page)
        if kind != Kind.CERTIFICATE:
            yield from _margins(page)
            yield from _colours(page)
    if kind != Kind.CERTIFICATE:
        yield from _numbers(paper)


def _size(page: Page) -> Iterator[Finding]:
    size = sorted((page.width, page.height))
    if any(abs(have - wanted) > 1 for have, wanted in zip(size, A4, strict=True)):
        found = f"{page.width / MM:.0f} x {page.height / MM:.0f} mm"
        yield Finding(1, page.number, f"khổ giấy {found}, phải là A4 (210 x 297 mm).")


def _margins(page: Page) -> Iterator[Finding]:
    lines = [line for line in page.lines if line.baseline < page.height - TOP + TOLERANCE]
    in_margin = [line for line in page.lines if line not in lines and not is_page_number(page, line)]
    if in_margin:
        yield Finding(2, page.number, f"chữ nằm trong lề trên 20 mm: “{_short(in_margin[0])}”.")
    if not lines:
        return
    yield from _too_far_out(page, lines)
    if len(lines) >= ENOUGH_LINES:
        yield from _too_far_in(page, lines)


def _too_far_out(page: Page, lines: list[Line]) -> Iterator[Finding]:
    for line in lines:
        if line.left < LEFT - TOLERANCE:
            yield Finding(2, page.number, f"lề trái {line.left / MM:.0f} mm (30-35 mm): “{_short(line)}”.")
            break
    for line in lines:
        if line.right > page.width - RIGHT + TOLERANCE:
            left_over = (page.width - line.right) / MM
            yield Finding(2, page.number, f"lề phải {left_over:.0f} mm (15-20 mm): “{_short(line)}”.")
            break
    for line in lines:
        if line.baseline < BOTTOM - TOLERANCE:
            yield Finding(
                2, page.number, f"lề dưới {line.baseline / MM:.0f} mm (20-25 mm): “{_short(line)}”."
            )
            break


def _too_far_in(page: Page, lines: list[Line]) -> Iterator[Finding]:
    left = min(min(line.left for line in lines), *(rule.left for rule in page.rules), page.width)
    if left > MOST_LEFT + TOLERANCE:
        yield Finding(2, page.number, f"lề trái {left / MM:.0f} mm, phải từ 30 đến 35 mm.")
    right = page.width - max(max(line.right for line in lines), *(rule.right for rule in page.rules), 0)
    if page.number == 1 and right > MOST_RIGHT + TOLERANCE:
        yield Finding(2, page.number, f"lề phải {right / MM:.0f} mm, phải từ 15 đến 20 mm.")
    top = page.height - max(max(letter.top for letter in line.letters) for line in lines)
    # Later pages may begin with a picture.
    if page.number == 1 and top > MOST_TOP:
        yield Finding(2, page.number, f"lề trên {top / MM:.0f} mm, phải từ 20 đến 25 mm.")


def _fonts(paper: Paper) -> Iterator[Finding]:
    """Each font is told once, at the first page it is on."""
    used: dict[str, int] = {}
    unembedded: dict[str, int] = {}
    for page in paper.pages:
        for font in sorted({letter.font for line in page.lines for letter in line.shown}):
            used.setdefault(font, page.number)
        for font in sorted(page.unembedded):
            unembedded.setdefault(font, page.number)
    for font, number in used.items():
        if not re.sub(r"[^a-z]", "", font.rpartition("+")[2].lower()).startswith(FONTS):
            yield Finding(3, number, f"phông chữ {font}, phải là Times New Roman hoặc phông cùng cỡ chữ.")
    for font, number in unembedded.items():
        yield Finding(3, number, f"phông chữ {font} không nhúng trong tệp.")


def _letters(page: Page) -> Iterator[Finding]:
    if any(not letter.mapped for line in page.lines for letter in line.shown):
        yield Finding(3, page.number, "có chữ không có mã Unicode: sao chép ra sẽ sai.")
    for line in page.lines:
        if not unicodedata.is_normalized("NFC", line.raw):
            yield Finding(4, page.number, f"chữ không ở dạng Unicode dựng sẵn (NFC): “{_short(line)}”.")
            break
    legacy = legacy_encoding(" ".join(line.text for line in page.lines))
    if legacy:
        yield Finding(4, page.number, f"chữ ở bảng mã cũ {legacy}, phải là Unicode TCVN 6909:2001.")


def _colours(page: Page) -> Iterator[Finding]:
    for line in page.lines:
        colours = {letter.colour for letter in line.shown}
        if colours == {(0, 0, 0)} or (line.text in URGENT and all(_is_red(colour) for colour in colours)):
            continue
        yield Finding(5, page.number, f"chữ không phải màu đen: “{_short(line)}”.")
        break


def _is_red(colour: tuple[int, int, int]) -> bool:
    red, green, blue = colour
    return red >= RED[0] and green <= RED[1] and blue <= RED[2]


def _numbers(paper: Paper) -> Iterator[Finding]:
    for place, part in enumerate(paper.parts):
        for expected, page in enumerate(part, start=1):
            yield from _number(page, expected, is_annex=place > 0)


def _number(page: Page, expected: int, *, is_annex: bool) -> Iterator[Finding]:
    found = [line for line in page.lines if is_page_number(page, line)]
    if expected == 1:
        point = 23 if is_annex else 6
        if found:
            what = "trang đầu của phụ lục" if is_annex else "trang 1"
            yield Finding(point, page.number, f"{what} có số trang, phải để trống.")
        return
    if not found:
        yield Finding(6, page.number, f"thiếu số trang {expected} ở giữa lề trên.")
        return
    line = found[0]
    if line.text != str(expected):
        yield Finding(23 if is_annex else 6, page.number, f"số trang ghi {line.text}, phải là {expected}.")
    if not 12.8 <= line.size <= 14.2:
        yield Finding(6, page.number, f"số trang cỡ {line.size:.1f}, phải là 13-14.")
    # Between the margins, or in the middle of the text where the page shows it.
    middles = (text_centre(page), (LEFT + page.width - RIGHT) / 2)
    if all(abs(line.centre - middle) > 3 * MM for middle in middles):
        yield Finding(6, page.number, "số trang không ở giữa theo chiều ngang.")


def _short(line: Line) -> str:
    return line.text if len(line.text) <= 60 else f"{line.text[:57]}…"
