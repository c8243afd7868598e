"""Workbooks for tests of the import."""

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from products.imports.columns import COLUMNS

TITLES = [column.title for column in COLUMNS]
GOOD: dict[str, Any] = {
    "product": "Bánh đa vừng",
    "entity": "Hợp tác xã Bánh đa Bình Minh",
    "commune": "Xã Cẩm Bình",
    "product_set": "Bộ 6",
    "star": 3,
    "decision_number": "2310/QĐ-UBND",
    "decided_on": date(2023, 12, 25),
}


def line(**cells: Any) -> list[Any]:
    """A row of the template: a good one, but for `cells` by column key."""
    values = {**GOOD, **cells}
    return [values.get(column.key) for column in COLUMNS]


def save(path: Path, *lines: list[Any], titles: list[str] | None = None) -> Path:
    """A workbook with the template's head and these lines."""
    book = Workbook()
    sheet = book.active
    sheet.append(titles or TITLES)
    for cells in lines:
        sheet.append(cells)
    book.save(path)
    return path
