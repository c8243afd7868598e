"""The workbook that comes back: the rows as they were, what became of each, and why."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from products.imports.columns import BY_KEY
from products.imports.reading import Sheet

TELL_EVERY = 1000
OUTCOME, REASON = "Kết quả", "Lý do"
RED, YELLOW, GREEN = (PatternFill("solid", fgColor=color) for color in ("F6DAD3", "FBEFD2", "E3EFE6"))


@dataclass(frozen=True)
class Line:
    """What became of a row. `bad`: keys of the columns that are wrong; `level`: the gravest finding."""

    outcome: str
    reason: str
    level: str = ""
    bad: tuple[str, ...] = ()


def build(
    sheet: Sheet, lines: Mapping[int, Line], path: Path, tell: Callable[[], None] = lambda: None
) -> None:
    """Write the original sheet with two more columns to `path`; one row at a time is in the memory."""
    book = Workbook(write_only=True)
    out = book.create_sheet(sheet.name[:31])
    width = max(sheet.places.values()) + 1
    widths = {place: BY_KEY[key].width for key, place in sheet.places.items()}
    for place in range(width):
        out.column_dimensions[get_column_letter(place + 1)].width = widths.get(place, 14)
    out.column_dimensions[get_column_letter(width + 1)].width = 16
    out.column_dimensions[get_column_letter(width + 2)].width = 80
    out.freeze_panes = f"A{sheet.head_row + 1}"
    for number, cells in sheet.lines():
        if number % TELL_EVERY == 1:
            tell()
        out.append(list(_cells(out, sheet, number, cells, width, lines.get(number))))
    book.save(path)


def _cells(
    out: Any, sheet: Sheet, number: int, cells: list[Any], width: int, line: Line | None
) -> Iterable[WriteOnlyCell]:
    places = {place: key for key, place in sheet.places.items()}
    bad = set(line.bad) if line else set()
    fill = RED if line and line.level == "error" else YELLOW
    for place in range(width):
        cell = _cell(out, cells[place] if place < len(cells) else None)
        if number == sheet.head_row:
            cell.font = Font(bold=True)
        elif places.get(place) in bad:
            cell.fill = fill
        yield cell
    if number == sheet.head_row:
        line = Line(OUTCOME, REASON)
    for text in (line.outcome, line.reason) if line else ("", ""):
        cell = _cell(out, text)
        if number == sheet.head_row:
            cell.font = Font(bold=True)
        elif line and text == line.outcome:
            cell.fill = {"error": RED, "question": YELLOW}.get(line.level, GREEN)
        yield cell


def _cell(out: Any, value: Any) -> WriteOnlyCell:
    """A value as it was; text that looks like a formula stays text."""
    if isinstance(value, str):
        value = "".join(letter for letter in value if letter >= " " or letter in "\t\n")
        cell = WriteOnlyCell(out, value=value or None)
        if value:
            cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(out, value=value)
    if isinstance(value, dt.date):
        cell.number_format = "DD/MM/YYYY"
    return cell
