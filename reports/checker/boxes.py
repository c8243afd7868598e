"""The boxes of the decree found on the pages: head, subject, body, ending, annexes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.checker.reading import MM, SAME_BASELINE, Line, Page

# Smallest margins of the decree: where text may stand.
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, 15 * MM, 20 * MM, 20 * MM
CENTRED = 2 * MM
# First lines of paragraphs may begin so far to the right; what begins further is a picture's or a head's.
FURTHEST_INDENT = 21 * MM
TYPE_NAMES = (
    "NGHỊ QUYẾT", "QUYẾT ĐỊNH", "CHỈ THỊ", "QUY CHẾ", "QUY ĐỊNH", "THÔNG CÁO", "THÔNG BÁO", "HƯỚNG DẪN",
    "CHƯƠNG TRÌNH", "KẾ HOẠCH", "PHƯƠNG ÁN", "ĐỀ ÁN", "DỰ ÁN", "BÁO CÁO", "BIÊN BẢN", "TỜ TRÌNH", "HỢP ĐỒNG",
    "CÔNG ĐIỆN", "GIẤY MỜI", "GIẤY GIỚI THIỆU", "GIẤY CHỨNG NHẬN",
)  # fmt: skip
_ANNEX = re.compile(r"phụ lục( [ivxlc]+| \d+)?$", re.IGNORECASE)
_NATION = re.compile(r"c[ộọo]ng h\w+ x", re.IGNORECASE)
_NUMBER_LINE = re.compile(r"\d{1,4}$")


@dataclass(frozen=True)
class Placed:
    """A line and the page it stands on."""

    page: Page
    line: Line


def text_centre(page: Page) -> float:
    """The middle of the text area: as the page is filled, else between the smallest margins."""
    left, right = page.span or (LEFT, page.width - RIGHT)
    return (left + right) / 2


def text_left(page: Page) -> float:
    """Where unindented text begins."""
    return page.span[0] if page.span else LEFT


def is_centred(page: Page, line: Line) -> bool:
    return abs(line.centre - text_centre(page)) <= CENTRED


def is_page_number(page: Page, line: Line) -> bool:
    """A number alone, in the top margin."""
    return line.baseline > page.height - TOP and _NUMBER_LINE.match(line.text) is not None


def is_annex_head(page: Page) -> bool:
    """Does an annex begin on the page?"""
    lines = [line for line in page.lines if not is_page_number(page, line)]
    return page.number > 1 and bool(lines) and _ANNEX.match(lines[0].text) is not None


@dataclass(frozen=True)
class Paper:
    """The pages, and every box as far as it is there."""

    pages: tuple[Page, ...]

    @cached_property
    def parts(self) -> list[list[Page]]:
        """The pages of the main text, then those of each annex."""
        found: list[list[Page]] = [[]]
        for page in self.pages:
            if is_annex_head(page):
                found.append([])
            found[-1].append(page)
        return found

    @property
    def first(self) -> Page:
        return self.pages[0]

    @property
    def main(self) -> list[Page]:
        return self.parts[0]

    @cached_property
    def nation(self) -> Line | None:
        """The national title, however it is written."""
        return next((line for line in self.first.lines if _NATION.match(line.text)), None)

    @cached_property
    def motto(self) -> Line | None:
        return next((line for line in self.first.lines if line.text.lower().startswith("độc lập")), None)

    @cached_property
    def type_name(self) -> Line | None:
        """Tên loại: a known name alone on its line, else the first bold centred line of capitals."""
        below = [line for line in self.first.lines if self.motto and line.baseline < self.motto.baseline - 2]
        named = (line for line in below if line.text.upper() in TYPE_NAMES)
        bold = (
            line for line in below if line.is_bold and line.text.isupper() and is_centred(self.first, line)
        )
        return next(named, None) or next(bold, None)

    @cached_property
    def head(self) -> list[Line]:
        """What stands above the type name."""
        end = self.type_name.baseline if self.type_name else 0.0
        return [line for line in self.first.lines if line.baseline > end + SAME_BASELINE]

    @cached_property
    def left_head(self) -> list[Line]:
        """Governing and issuing bodies, from the top down."""
        edge = self.nation.left if self.nation else text_centre(self.first)
        until = self.number.baseline + SAME_BASELINE if self.number else 0.0
        return [
            line
            for line in self.head
            if line.right < edge and line.baseline > until and not line.text.startswith("Số")
        ]

    @cached_property
    def issuing(self) -> list[Line]:
        """The bold lines that end the left head."""
        found: list[Line] = []
        for line in reversed(self.left_head):
            if not line.is_bold or line.text == "DỰ THẢO":
                break
            found.insert(0, line)
        return found

    @property
    def governing(self) -> list[Line]:
        return self.left_head[: len(self.left_head) - len(self.issuing)]

    @cached_property
    def number(self) -> Line | None:
        """Box 3; a draft has a wide gap for the number, so its parts are put together."""
        found = next((line for line in self.head if line.text.startswith("Số")), None)
        if found is None:
            return None
        edge = self.nation.left if self.nation else text_centre(self.first)
        beside = [
            line
            for line in self.first.lines
            if abs(line.baseline - found.baseline) < SAME_BASELINE and line.right < edge
        ]
        return Line(tuple(letter for line in beside for letter in line.letters))

    @cached_property
    def place_date(self) -> Line | None:
        return next((line for line in self.head if re.search(r"ngày\b.*\btháng\b", line.text)), None)

    @cached_property
    def subject(self) -> list[Line]:
        """Trích yếu: the bold lines right below the type name."""
        below = [line for line in self.first.lines if self.type_name and self._is_below_type(line)]
        found: list[Line] = []
        for line in below:
            if not line.is_bold or line.text.isupper() or not is_centred(self.first, line):
                break
            found.append(line)
        return found

    def _is_below_type(self, line: Line) -> bool:
        return self.type_name is not None and line.baseline < self.type_name.baseline - SAME_BASELINE

    @cached_property
    def addressee(self) -> Line | None:
        return next((line for line in self.first.lines if line.text.startswith("Kính gửi")), None)

    @cached_property
    def recipients_title(self) -> Placed | None:
        """ "Nơi nhận:" of the main text, the last one."""
        return self._last("nơi nhận")

    @cached_property
    def recipients(self) -> list[Line]:
        """The lines of the list below it, in the left column."""
        title = self.recipients_title
        if title is None:
            return []
        return [
            line
            for line in title.page.lines
            if line.baseline < title.line.baseline - SAME_BASELINE
            and line.left < text_centre(title.page) - 10 * MM
            and not is_page_number(title.page, line)
        ]

    @cached_property
    def signature(self) -> list[Line]:
        """The right column beside the recipients: authority, position, name."""
        title = self.recipients_title
        if title is None:
            return []
        return [
            line
            for line in title.page.lines
            if line.baseline < title.line.baseline + 2 * SAME_BASELINE
            and line.left > title.line.right
            and line.centre > text_centre(title.page)
        ]

    @cached_property
    def secretary(self) -> Placed | None:
        """ "THƯ KÝ" that signs a Biên bản."""
        return self._last("thư ký", whole=True)

    def _last(self, words: str, *, whole: bool = False) -> Placed | None:
        for page in reversed(self.main):
            for line in reversed(page.lines):
                text = line.text.lower()
                if text == words if whole else text.startswith(words):
                    return Placed(page, line)
        return None

    @cached_property
    def ending(self) -> Placed | None:
        """Where signatures or recipients begin."""
        marks = [mark for mark in (self.secretary, self.recipients_title) if mark]
        return min(marks, key=lambda mark: (mark.page.number, -mark.line.baseline), default=None)

    @cached_property
    def body(self) -> list[Placed]:
        """Lines of running text of the main part, without tables, pictures and page numbers."""
        return [Placed(page, line) for page in self.main for line in self._running(page)]

    def _running(self, page: Page) -> Iterator[Line]:
        start = self._body_top if page.number == 1 else page.height
        end = 0.0
        if self.ending and page.number >= self.ending.page.number:
            end = self.ending.line.baseline + SAME_BASELINE if page is self.ending.page else page.height
        for place, line in enumerate(page.lines):
            if (
                end < line.baseline < start
                and not is_page_number(page, line)
                and not _has_neighbour(page.lines, place)
                and line.left < text_left(page) + FURTHEST_INDENT
                and not page.is_in_table(line)
            ):
                yield line

    @property
    def _body_top(self) -> float:
        above = [*self.subject, *([self.addressee] if self.addressee else [])]
        if self.type_name:
            above.append(self.type_name)
        return min((line.baseline for line in above), default=self.first.height) - SAME_BASELINE


def _has_neighbour(lines: Sequence[Line], place: int) -> bool:
    """Is there another column on its baseline?"""
    baseline = lines[place].baseline
    beside = (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2])
    return any(abs(line.baseline - baseline) < SAME_BASELINE for line in beside)


def paper_of(pages: Sequence[Page]) -> Paper:
    return Paper(tuple(pages))
