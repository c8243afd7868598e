"""The tables of a paper as .xlsx: a sheet a table, numbers and days as such, to go on counting with."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

from core.numbers import parse_number
from core.tables import Column
from core.workbooks import CONTENT_TYPE, Sheet, write_book

__all__ = ["CONTENT_TYPE", "is_possible", "write"]

Data = dict[str, Any]
Value = str | Decimal | dt.date
# Characters of a column as wide as the page.
PAGE_WIDTH = 150


def is_possible(data: Data) -> bool:
    """Whether the paper has a table with rows."""
    return next(_tables(data), None) is not None


def write(data: Data) -> IO[bytes]:
    """The tables of the annexes, then those of the text; an open file read from its beginning."""
    return write_book(_sheet(data, title, note, table) for title, note, table in _tables(data))


def _tables(data: Data) -> Iterator[tuple[str, str, Data]]:
    """Name of the sheet, what the table shows, and the table."""
    for annex in data["annexes"]:
        for table in _filled(annex):
            yield annex["number"], annex["title"], table
    for section in data["sections"]:
        for table in _filled(section):
            name, _, caption = table["caption"].partition(". ")
            yield name or "Bảng", caption or section["title"], table


def _filled(holder: Data) -> list[Data]:
    return [block for block in holder["blocks"] if block["kind"] == "table" and block["rows"]]


def _sheet(data: Data, title: str, shows: str, table: Data) -> Sheet:
    columns = [_column(place, column) for place, column in enumerate(table["columns"], 1)]
    if grouped := table.get("groups", ""):
        columns.insert(0, Column("group", grouped, lambda row: row[0], width=28))
    return Sheet(title, (shows, data["title"]), columns, list(_rows(table, bool(grouped))))


def _column(place: int, column: Data) -> Column:
    kind = column.get("type", "text")
    label = f"{column['title']} (%)" if kind == "percent" else column["title"]
    width = max(round(column["width"] * PAGE_WIDTH / 100), 8)
    return Column(str(place), label, lambda row: typed(row[place], kind), width=width)


def _rows(table: Data, grouped: bool) -> Iterator[list[str]]:
    """The cells, after the group they stand under; a group is a line only where no column names it."""
    group, width = "", len(table["columns"])
    for row in table["rows"]:
        if row["style"] == "group" and grouped:
            group = row["cells"][0]
            continue
        cells = row["cells"] + [""] * (width - len(row["cells"]))
        yield ["" if row["style"] == "total" else group, *cells]


def typed(text: str, kind: str) -> Value:
    """The number or day a cell shows; as it is where it shows words ("chưa có số liệu", "≥ 25")."""
    try:
        if kind in ("number", "percent"):
            return parse_number(text.removesuffix("%"))
        if kind == "date":
            return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007  a day, not a moment
    except ValueError:
        pass
    return text
