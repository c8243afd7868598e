"""Opening a workbook somebody uploaded: guarded first, then row by row, with the head found by its names."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.exceptions import DomainError
from core.numbers import format_number
from core.text import nfc
from products.imports.columns import BY_KEY, COLUMNS, PLACES, column_of, title

MOST_ROWS = 50_000
MOST_MB = 20
MEGABYTE = 1024 * 1024
# A workbook packs ten to thirty to one; what unpacks to far more was made to fill the memory.
MOST_UNPACKED_MB = 200
SMALL_MB = 5
MOST_RATIO = 200
MOST_ENTRIES = 2_000
# The reader lays a sheet out as a full rectangle: one forgotten sign in a far cell would fill the memory.
MOST_CELLS = 3_000_000
HEAD_ROWS = 10
LONGEST_ERROR = 20
FEWEST_HEADINGS = 3
EXAMPLE_MARKS = ("(ví dụ", "ví dụ:")
HAS_TITLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0"
BROKEN = "Tệp Excel bị hỏng, không đọc được. Hãy mở bằng Excel, lưu lại rồi tải lên."
BROKEN_ERRORS = (
    CalamineError, zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError, KeyError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Row:
    """A line of the sheet: its number as Excel shows it, and its cells by column key."""

    number: int
    cells: dict[str, Any]
    # Column key -> "#REF!" and the like; nothing for a formula whose result the file does not hold.
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not self.broken and all(_empty(value) for value in self.cells.values())

    @property
    def is_example(self) -> bool:
        return nfc(str(self.cells.get("product", ""))).lower().startswith(EXAMPLE_MARKS)


@dataclass
class Sheet:
    """The sheet with the data: where its head is, which column is which, and its rows."""

    path: Path
    name: str
    head_row: int
    places: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    broken: dict[int, dict[int, str]] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        """Rows with something in them, without the example of the template."""
        for number, cells in self.lines():
            if number <= self.head_row:
                continue
            broken = self.broken.get(number, {})
            row = Row(
                number,
                {key: cells[place] if place < len(cells) else "" for key, place in self.places.items()},
                {key: broken[place] for key, place in self.places.items() if place in broken},
            )
            if not row.is_blank and not row.is_example:
                yield row

    def lines(self) -> Iterator[tuple[int, list[Any]]]:
        """All lines with their numbers, as they stand."""
        with CalamineWorkbook.from_path(self.path) as book:
            yield from _lines(book, self.name)


def open_sheet(path: Path) -> Sheet:
    """The sheet of the workbook whose head has our columns.

    Raises DomainError with words for the person when the file is none of ours: wrong kind, too large, made to
    harm, without the columns asked for, with too many rows.
    """
    check_package(path)
    try:
        return _find_sheet(path, _scan(path))
    except BROKEN_ERRORS as error:
        raise DomainError(BROKEN) from error


def first_lines(path: Path, most: int) -> list[tuple[int, list[Any]]]:
    """Lines with something in them of the first visible sheet, with their numbers; for lists of other shapes.

    Raises DomainError like `open_sheet`, and for a sheet of more than `most` lines.
    """
    check_package(path)
    try:
        _scan(path)
        with CalamineWorkbook.from_path(path) as book:
            shown = [
                meta.name
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
            ]
            lines = _lines(book, shown[0]) if shown else iter(())
            filled = (line for line in lines if not all(_empty(value) for value in line[1]))
            found = [*islice(filled, most + 1)]
    except BROKEN_ERRORS as error:
        raise DomainError(BROKEN) from error
    if len(found) > most:
        raise DomainError(f"Tệp có hơn {format_number(most)} dòng. Hãy chia thành nhiều tệp.")
    return found


def check_package(path: Path) -> None:
    """Is it an .xlsx that may be opened? Asked before anything is unpacked."""
    if path.stat().st_size > MOST_MB * MEGABYTE:
        raise DomainError(f"Tệp lớn hơn {MOST_MB} MB. Hãy chia thành nhiều tệp.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(OLE):
        raise DomainError(_words_for_ole(path))
    if not start.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(path):
        raise DomainError(
            "Tệp không phải sổ Excel .xlsx (có thể là .csv, .pdf hoặc tệp đổi đuôi). Hãy mở bằng Excel và "
            "chọn Lưu thành → Excel Workbook (.xlsx)."
        )
    _check_size_unpacked(path)


def _words_for_ole(path: Path) -> str:
    if ENCRYPTED in path.read_bytes():
        return (
            "Tệp có mật khẩu nên không đọc được. Hãy bỏ mật khẩu (Tệp → Thông tin → Bảo vệ) rồi tải lên lại."
        )
    return "Tệp là sổ Excel kiểu cũ (.xls). Hãy mở bằng Excel và chọn Lưu thành → Excel Workbook (.xlsx)."


def _check_size_unpacked(path: Path) -> None:
    """First by the archive's own list; then each part is unpacked once, which finds a list that lies."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if _is_bomb(entries, path.stat().st_size):
                raise DomainError(
                    "Tệp bung ra lớn bất thường so với kích thước nên không mở, để bảo vệ hệ thống. Hãy chép "
                    "các dòng dữ liệu sang tệp mẫu mới rồi tải lên."
                )
            if "xl/workbook.xml" not in {entry.filename for entry in entries}:
                raise DomainError("Tệp không phải sổ Excel .xlsx. Hãy dùng tệp mẫu hoặc lưu lại bằng Excel.")
            if archive.testzip():
                raise DomainError(BROKEN)
    except BROKEN_ERRORS as error:
        raise DomainError(BROKEN) from error


def _is_bomb(entries: list[zipfile.ZipInfo], size: int) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    swollen = unpacked > SMALL_MB * MEGABYTE and unpacked / max(1, size) > MOST_RATIO
    return swollen or unpacked > MOST_UNPACKED_MB * MEGABYTE or len(entries) > MOST_ENTRIES


@dataclass
class SheetFacts:
    """What a look at the raw sheet tells before it is laid out."""

    cells: int = 0
    first_row: int = 0
    last_row: int = 0
    first_column: int = 0
    last_column: int = 0
    farthest: str = ""
    # Row -> column (from 0) -> error value, or nothing for a formula without a stored value.
    broken: dict[int, dict[int, str]] = field(default_factory=dict)

    @property
    def area(self) -> int:
        return (self.last_row - self.first_row + 1) * (self.last_column - self.first_column + 1)

    def meet(self, reference: str) -> None:
        row, column = _place(reference)
        if not self.cells:
            self.first_row, self.first_column = row, column
        if row > self.last_row or column > self.last_column:
            self.farthest = reference
        self.cells += 1
        self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
        self.first_column, self.last_column = min(self.first_column, column), max(self.last_column, column)


class _Scanner:
    """Walks through one sheet's XML; keeps only numbers, so that its memory does not grow with the sheet."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._reference = self._error = ""
        self._formula = self._value = self._inside = self._is_error = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._reference, self._error = attributes.get("r", ""), ""
            self._formula = self._value = False
            self._is_error = attributes.get("t") == "e"
        elif name == "f":
            self._formula = True
        elif name in ("v", "is"):
            self._inside = True

    def text(self, data: str) -> None:
        if self._inside:
            self._value = True
            if self._is_error and len(self._error) < LONGEST_ERROR:
                self._error += data

    def end(self, name: str) -> None:
        if name in ("v", "is"):
            self._inside = False
        if name != "c" or not (self._value or self._formula) or not self._reference:
            return
        self.facts.meet(self._reference)
        if self._error or (self._formula and not self._value):
            row, column = _place(self._reference)
            self.facts.broken.setdefault(row, {})[column] = self._error
        self._is_error = False


def _place(reference: str) -> tuple[int, int]:
    """ "C12" as row 12, column 2."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column - 1


def _scan(path: Path) -> dict[str, SheetFacts]:
    """Facts of each sheet by its name. Raises DomainError when one would not fit."""
    with zipfile.ZipFile(path) as archive:
        return {name: _scan_sheet(archive, part, name) for name, part in _sheet_parts(archive).items()}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet -> its file inside the archive."""
    targets: dict[str, str] = {}
    _walk(
        archive.read("xl/_rels/workbook.xml.rels"),
        lambda name, a: targets.update({a["Id"]: a["Target"]}) if name == "Relationship" else None,
    )
    sheets: dict[str, str] = {}

    def meet(name: str, attributes: dict[str, str]) -> None:
        target = targets.get(attributes.get(f"{HAS_TITLE} id", ""), "")
        if name == "sheet" and "worksheets/" in target:
            sheets[attributes["name"]] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")

    _walk(archive.read("xl/workbook.xml"), meet)
    return sheets


def _parser() -> Any:
    """Names without their namespace; a document that declares entities is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: Any) -> None:
        raise expat.ExpatError("entities are not for workbooks")

    parser.EntityDeclHandler = refuse
    return parser


def _walk(xml: bytes, meet: Any) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: meet(name.rpartition(" ")[2], attributes)
    parser.Parse(xml, True)


def _scan_sheet(archive: zipfile.ZipFile, part: str, name: str) -> SheetFacts:
    scanner, parser = _Scanner(), _parser()
    parser.StartElementHandler = lambda tag, attributes: scanner.start(tag.rpartition(" ")[2], attributes)
    parser.CharacterDataHandler = scanner.text
    parser.EndElementHandler = lambda tag: scanner.end(tag.rpartition(" ")[2])
    with archive.open(part) as file:
        while chunk := file.read(1 << 16):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    if scanner.facts.cells and scanner.facts.area > MOST_CELLS:
        raise DomainError(
            f"Trang tính “{name}” có nội dung tới tận ô {scanner.facts.farthest}, quá xa bảng dữ liệu. Hãy "
            "xóa các ô thừa hoặc chép dữ liệu sang tệp mẫu mới."
        )
    return scanner.facts


def _lines(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[Any]]]:
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    # One line at a time: only the reader's own compact copy of the sheet is in the memory.
    left_out: list[Any] = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, left_out + cells


def _find_sheet(path: Path, facts: dict[str, SheetFacts]) -> Sheet:
    best: Sheet | None = None
    with CalamineWorkbook.from_path(path) as book:
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet or meta.visible != SheetVisibleEnum.Visible:
                continue
            sheet = _head_of(path, meta.name, [*islice(_lines(book, meta.name), HEAD_ROWS)])
            if sheet and (best is None or len(sheet.places) > len(best.places)):
                best = sheet
    if best is None:
        raise DomainError(
            f"Không tìm thấy dòng tiêu đề trong {HEAD_ROWS} dòng đầu. Hãy dùng tệp mẫu: dòng tiêu đề có "
            "“Tên sản phẩm”, “Tên chủ thể”, “Xã/phường”, “Hạng sao”, “Ngày quyết định”."
        )
    _check_columns(best)
    best.broken = facts[best.name].broken if best.name in facts else {}
    _check_rows(best)
    return best


def _head_of(path: Path, name: str, lines: list[tuple[int, list[Any]]]) -> Sheet | None:
    """The line that names most of our columns; a heading merged downwards is read from the line above."""
    best: Sheet | None = None
    above: list[Any] = []
    for number, cells in lines:
        sheet = _read_head(path, name, number, cells, above)
        if best is None or len(sheet.places) > len(best.places):
            best = sheet
        above = cells
    return best if best and len(best.places) >= FEWEST_HEADINGS else None


def _read_head(path: Path, name: str, number: int, cells: list[Any], above: list[Any]) -> Sheet:
    sheet = Sheet(path, name, number, {})
    for place, cell in enumerate(cells):
        text = "" if _empty(cell) else str(cell)
        if not text and place < len(above) and not _empty(above[place]):
            text = str(above[place])
        key = column_of(text) if text else None
        if key and key not in sheet.places:
            sheet.places[key] = place
        elif text and not key:
            sheet.unknown.append(nfc(text)[:60])
    return sheet


def _check_columns(sheet: Sheet) -> None:
    missing = [column.title for column in COLUMNS if column.required and column.key not in sheet.places]
    if not any(place in sheet.places for place in PLACES):
        missing.append(" hoặc ".join(title(place) for place in PLACES))
    if missing:
        found = ", ".join(f"“{BY_KEY[key].title}”" for key in sheet.places)
        names = ", ".join(f"“{name}”" for name in missing)
        raise DomainError(f"Thiếu cột bắt buộc: {names}. Dòng tiêu đề (dòng {sheet.head_row}) có: {found}.")


def _check_rows(sheet: Sheet) -> None:
    count = sum(1 for _ in sheet.rows())
    if count == 0:
        raise DomainError("Tệp chưa có dòng dữ liệu nào dưới dòng tiêu đề.")
    if count > MOST_ROWS:
        raise DomainError(
            f"Tệp có {format_number(count)} dòng, nhiều hơn {format_number(MOST_ROWS)}. "
            "Hãy chia thành nhiều tệp."
        )


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
