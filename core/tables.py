"""Tables people arrange to their needs: columns are declared once, the page, the chooser, the order and the
workbook come from them. How a table is arranged stands in its address: `sap`, `cot`, `dong`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

ORDER, COLUMNS, SIZE, PAGE = "sap", "cot", "dong", "page"
ARRANGING = (ORDER, COLUMNS, SIZE)
PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Column:
    """One column: `value(row)` is what the workbook holds, `cell` the template that draws it on the page."""

    name: str
    label: str
    value: Callable[[Any], Any]
    cell: str = ""
    """Template (or `template#partial`) that gets `row`; without it the value is written as text."""
    order: tuple[str, ...] = ()
    """Fields to sort by; without them the head is no link."""
    sparse: bool = False
    """Rows without a value come last in both directions."""
    width: int = 18
    """In the workbook, in characters."""
    shown: bool = True
    """Unless the person chose other columns."""
    fixed: bool = False
    """Always shown: the name of the row."""
    numeric: bool = False


@dataclass(frozen=True)
class Head:
    """The head of a column on the page: its label, how it is sorted now, and the order a click asks for."""

    column: Column
    direction: str
    next_order: str


@dataclass(frozen=True)
class Arrangement:
    """The columns shown, the order and the rows of a page that an address asks for."""

    choice: tuple[Column, ...]
    columns: tuple[Column, ...]
    sorted_by: Column | None
    descending: bool
    size: int

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column, "", "")
        if column is not self.sorted_by:
            return Head(column, "none", column.name)
        turned = column.name if self.descending else f"-{column.name}"
        return Head(column, "descending" if self.descending else "ascending", turned)

    def sort(self, rows: QuerySet) -> QuerySet:
        """The rows in the order asked for; their own order when none is."""
        if self.sorted_by is None:
            return rows
        return rows.order_by(*(self._term(name) for name in self.sorted_by.order), "pk")

    def _term(self, name: str) -> Any:
        last = True if self.sorted_by and self.sorted_by.sparse else None
        return F(name).desc(nulls_last=last) if self.descending else F(name).asc(nulls_last=last)


def arrange(columns: Sequence[Column], address: QueryDict) -> Arrangement:
    """What the address asks for; parts that make no sense are ignored."""
    wanted = {name for part in address.getlist(COLUMNS) for name in part.split(",")}
    known = wanted & {column.name for column in columns}
    order = address.get(ORDER, "")
    by_name = {column.name: column for column in columns if column.order}
    return Arrangement(
        choice=tuple(columns),
        columns=tuple(c for c in columns if c.fixed or (c.name in known if known else c.shown)),
        sorted_by=by_name.get(order.removeprefix("-")),
        descending=order.startswith("-"),
        size=_size(address.get(SIZE, "")),
    )


def _size(text: str) -> int:
    return next((size for size in PAGE_SIZES if str(size) == text), PAGE_SIZES[0])


class IndexedPaginator(Paginator):
    """Pages of a long list: the keys of a page are looked up first, in the index alone; then its rows.

    `shape` gives the rows with what the page shows; filters and order are those of `object_list`.
    """

    def __init__(self, object_list: QuerySet, per_page: int, *, shape: QuerySet) -> None:
        super().__init__(object_list, per_page)
        self.rows, self.shape = object_list, shape

    @cached_property
    def count(self) -> int:
        return self.rows.order_by().values("pk").count()

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        if not self.count:
            return Page([], number, self)
        begin = (number - 1) * self.per_page
        keys = self._keys(begin, min(begin + self.per_page, self.count))
        rows = self.shape.order_by().in_bulk(keys)
        return Page([rows[key] for key in keys if key in rows], number, self)

    def _keys(self, begin: int, end: int) -> list[Any]:
        """Keys of the rows from `begin` to `end`, read from the nearer end of the list."""
        keys = self.rows.values_list("pk", flat=True)
        if begin <= self.count // 2:
            return list(keys[begin:end])
        return list(keys.reverse()[self.count - end : self.count - begin])[::-1]
