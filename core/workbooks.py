"""Lists as .xlsx: typed cells, and nothing a spreadsheet could take for a formula."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.tables import Column

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW_LIMIT = 50_000
TOO_MANY = "Danh sách dài hơn {limit} dòng: tệp này chỉ có {limit} dòng đầu. Hãy lọc bớt rồi tải lại."
TITLE_FONT, HEAD_FONT, NOTE_FONT = (
    Font(bold=True, size=14),
    Font(bold=True),
    Font(italic=True, color="5B665F"),
)
HEAD_FILL = PatternFill("solid", fgColor="E4EFE7")
LONGEST_TITLE = 31
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its title, notes below it, columns, and a line a row."""

    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Any]


def write_list(
    *,
    title: str,
    notes: Iterable[str],
    columns: Sequence[Column],
    rows: Iterable[Any],
    limit: int = ROW_LIMIT,
) -> IO[bytes]:
    """The rows as one sheet: title, notes, heads, then a line a row; an open file read from its beginning.

    At most `limit` rows are written; what was left out is said below them.
    """
    return write_book([Sheet(title, list(notes), columns, rows)], limit=limit)


def write_book(sheets: Iterable[Sheet], *, limit: int = ROW_LIMIT) -> IO[bytes]:
    """The sheets in their order, each written as `write_list` does; an open file read from its beginning."""
    book = Workbook(write_only=True)
    for one in sheets:
        _write_sheet(book, one, limit)
    file = TemporaryFile()  # noqa: SIM115  the answer that sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _write_sheet(book: Workbook, one: Sheet, limit: int) -> None:
    sheet = book.create_sheet(one.title[:LONGEST_TITLE])
    head_row = len(one.notes) + 3
    sheet.freeze_panes = f"B{head_row + 1}"
    for place, column in enumerate(one.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_cell(sheet, one.title, TITLE_FONT)])
    for note in one.notes:
        sheet.append([_cell(sheet, note, NOTE_FONT)])
    sheet.append([])
    sheet.append([_head(sheet, column.label) for column in one.columns])
    count = 0
    for count, row in enumerate(one.rows, 1):
        if count > limit:
            sheet.append([_cell(sheet, TOO_MANY.format(limit=f"{limit:,}".replace(",", ".")), NOTE_FONT)])
            break
        sheet.append([_cell(sheet, column.value(row)) for column in one.columns])
    last = get_column_letter(len(one.columns))
    sheet.auto_filter.ref = f"A{head_row}:{last}{head_row + min(count, limit)}"


def _head(sheet: Any, label: str) -> WriteOnlyCell:
    cell = _cell(sheet, label, HEAD_FONT)
    cell.fill = HEAD_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Any:
    """A typed cell; text stays text even when it begins like a formula."""
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet, _plain(value))
    if isinstance(cell.value, str):
        cell.data_type = "s"
        if cell.value[:1] in FORMULA_MARKS:
            cell.quotePrefix = True
    elif isinstance(cell.value, dt.date):
        cell.number_format = "dd/mm/yyyy"
    if font:
        cell.font = font
    return cell


def _plain(value: Any) -> Any:
    """Numbers and dates as they are, a moment as its local day, "Có" for yes; all else as clean text."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date()
    if isinstance(value, int | float | Decimal | dt.date):
        return value
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))
