"""A PDF as lines of letters with place, font, size and colour, and as ruled lines; places in points."""

import ctypes
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4
# Letters of one line stand on one baseline; so far apart they belong to two columns.
SAME_BASELINE, COLUMN_GAP = 2.0, 15.0
# A gap of this share of the size parts words.
BLANK_SHARE = 0.18
# A path this thin is a ruled line.
THIN = 2.5
FONT_NAME_ROOM = 256
# Text that fills so much of a page shows where its margins are.
TELLING_SHARE = 0.65


class UnreadableError(Exception):
    """The file is no PDF that can be read, or has no letters; the message says so in Vietnamese."""


@dataclass(frozen=True)
class Letter:
    text: str
    left: float
    right: float
    baseline: float
    top: float
    bottom: float
    size: float
    font: str
    colour: tuple[int, int, int]
    mapped: bool

    @property
    def is_bold(self) -> bool:
        return "bold" in self.font.lower()

    @property
    def is_italic(self) -> bool:
        return any(word in self.font.lower() for word in ("italic", "oblique"))


@dataclass(frozen=True)
class Line:
    """Letters on one baseline without the gap of a column between them."""

    letters: tuple[Letter, ...]

    @property
    def raw(self) -> str:
        """The letters as they are coded in the file; programs may leave a gap instead of a blank."""
        parts = [self.letters[0].text]
        for before, letter in pairwise(self.letters):
            is_gap = letter.left - before.right > BLANK_SHARE * letter.size
            if is_gap and not (before.text.isspace() or letter.text.isspace()):
                parts.append(" ")
            parts.append(letter.text)
        return "".join(parts).strip()

    @property
    def text(self) -> str:
        return unicodedata.normalize("NFC", self.raw)

    @property
    def shown(self) -> list[Letter]:
        return [letter for letter in self.letters if not letter.text.isspace()]

    @property
    def left(self) -> float:
        return self.shown[0].left

    @property
    def right(self) -> float:
        return max(letter.right for letter in self.shown)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def baseline(self) -> float:
        return self.letters[0].baseline

    @property
    def size(self) -> float:
        return max(letter.size for letter in self.shown)

    @property
    def is_bold(self) -> bool:
        return all(letter.is_bold for letter in self.shown)

    @property
    def is_italic(self) -> bool:
        return all(letter.is_italic for letter in self.shown)


@dataclass(frozen=True)
class Rule:
    """A ruled line or the border of a cell."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    """One page, its lines from the top down and from the left."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = field(default=())
    unembedded: frozenset[str] = frozenset()

    @property
    def is_wide(self) -> bool:
        return self.width > self.height

    @cached_property
    def span(self) -> tuple[float, float] | None:
        """From where to where text and borders reach, when they fill enough of the page to tell."""
        shapes = [*self.lines, *(rule for rule in self.rules if rule.width > rule.height)]
        left = min((shape.left for shape in shapes), default=0.0)
        right = max((shape.right for shape in shapes), default=0.0)
        is_told = right - left > TELLING_SHARE * self.width and 0 < left < right < self.width
        return (left, right) if is_told else None

    def is_in_table(self, line: Line) -> bool:
        """Do borders of a cell stand beside the line?"""
        middle = line.baseline + line.size / 3
        beside = [rule for rule in self.rules if rule.height > THIN and rule.bottom <= middle <= rule.top]
        return any(rule.left <= line.left for rule in beside) and any(
            rule.right >= line.right for rule in beside
        )


def read(content: bytes) -> list[Page]:
    """The pages of a PDF; raises UnreadableError for anything else, and for a scan without letters."""
    try:
        document = pypdfium2.PdfDocument(content)
        pages = [_page(page, number) for number, page in enumerate(document, start=1)]
    except pypdfium2.PdfiumError as problem:
        raise UnreadableError("Không đọc được tệp: tệp hỏng, có mật khẩu hoặc không phải PDF.") from problem
    if not any(page.lines for page in pages):
        raise UnreadableError("Tệp không có chữ đọc được (bản quét ảnh): cần tệp PDF có lớp chữ Unicode.")
    return pages


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    letters = list(_letters(page.get_textpage()))
    return Page(
        number=number,
        width=page.get_width(),
        height=page.get_height(),
        lines=tuple(_lines(letters)),
        rules=tuple(_rules(page)),
        unembedded=frozenset(_unembedded(page)),
    )


def _letters(text: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    for place in range(text.count_chars()):
        if pdfium.FPDFText_IsGenerated(text, place) != 1:
            yield _letter(text, place)


def _letter(text: pypdfium2.PdfTextPage, place: int) -> Letter:
    name, flags = ctypes.create_string_buffer(FONT_NAME_ROOM), ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, place, name, FONT_NAME_ROOM, flags)
    matrix, box = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetMatrix(text, place, matrix)
    pdfium.FPDFText_GetLooseCharBox(text, place, box)
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, place, x, y)
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, place, red, green, blue, opacity)
    code = pdfium.FPDFText_GetUnicode(text, place)
    return Letter(
        text=chr(code),
        left=box.left,
        right=box.right,
        baseline=y.value,
        top=box.top,
        bottom=box.bottom,
        size=pdfium.FPDFText_GetFontSize(text, place) * abs(matrix.d),
        font=name.value.decode("latin-1"),
        colour=(red.value, green.value, blue.value),
        mapped=code not in (0, 0xFFFD) and pdfium.FPDFText_HasUnicodeMapError(text, place) != 1,
    )


def _lines(letters: Sequence[Letter]) -> list[Line]:
    """Letters put together by baseline, then parted at the gaps between columns."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: -one.baseline):
        if rows and abs(rows[-1][0].baseline - letter.baseline) < SAME_BASELINE:
            rows[-1].append(letter)
        else:
            rows.append([letter])
    return [Line(tuple(part)) for row in rows for part in _columns(row)]


def _columns(row: list[Letter]) -> Iterator[list[Letter]]:
    """Parts of a row; blanks at the edges of a column are left out. Marks keep to their base letter."""
    part: list[Letter] = []
    for letter in sorted(row, key=lambda one: one.left):
        if part and letter.left - part[-1].right > COLUMN_GAP:
            yield from _trimmed(part)
            part = []
        part.append(letter)
    yield from _trimmed(part)


def _trimmed(part: list[Letter]) -> Iterator[list[Letter]]:
    shown = [place for place, letter in enumerate(part) if not letter.text.isspace()]
    if shown:
        yield part[shown[0] : shown[-1] + 1]


def _rules(page: pypdfium2.PdfPage) -> Iterator[Rule]:
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = shape.get_bounds()
        if min(right - left, top - bottom) <= THIN:
            yield Rule(left, right, bottom, top)


def _unembedded(page: pypdfium2.PdfPage) -> Iterator[str]:
    """Fonts of the page whose shapes are not in the file."""
    for shape in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
        font = pdfium.FPDFTextObj_GetFont(shape)
        if pdfium.FPDFFont_GetIsEmbedded(font) != 1:
            name = ctypes.create_string_buffer(FONT_NAME_ROOM)
            pdfium.FPDFFont_GetBaseFontName(font, name, FONT_NAME_ROOM)
            yield name.value.decode("latin-1")
