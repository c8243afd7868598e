"""Small workbooks people fill in: read line by line, checked, and carried to the confirmation unwritten.

What was read travels signed in the page itself until it is confirmed: nothing is stored before, and nothing
is left behind by a check nobody confirms.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.signing import BadSignature, dumps, loads

from core.exceptions import DomainError
from core.text import nfc, search_key
from products.imports.cells import Findings, day
from products.imports.reading import first_lines

HEAD_ROWS = 15
PASS_SECONDS = 12 * 3600
LONGEST = 300
STALE = "Lần kiểm tra này đã cũ. Hãy tải tệp lên lại."


@dataclass
class Said:
    """A cell of the checked sheet: what stood there, what is wrong with it, and the column's head."""

    value: str
    error: str = ""
    label: str = ""


@dataclass
class Line:
    """A checked line: its number as Excel shows it, its cells by column, and what follows of a good one."""

    number: int
    cells: dict[str, Said]
    result: Any = None
    choices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not any(cell.error for cell in self.cells.values())


def lines_of(upload: Any, most: int) -> list[tuple[int, list[Any]]]:
    """The filled lines of an uploaded .xlsx. Raises DomainError in words for the person."""
    with NamedTemporaryFile(suffix=".xlsx") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        return first_lines(Path(kept.name), most)


def head_key(text: Any) -> str:
    """A heading without diacritics, marks and signs."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", search_key(str(text))).split())


def below_head(
    lines: list[tuple[int, list[Any]]], is_head: Callable[[set[str]], bool], asked: Sequence[str]
) -> tuple[list[Any], list[tuple[int, list[Any]]]]:
    """The heading line and all lines below it. Raises DomainError naming the columns asked for."""
    for place, (_, cells) in enumerate(lines[:HEAD_ROWS]):
        if is_head({head_key(cell) for cell in cells}):
            return cells, lines[place + 1 :]
    names = ", ".join(f"“{name}”" for name in asked)
    raise DomainError(f"Không tìm thấy dòng tiêu đề có các cột {names}. Hãy dùng tệp mẫu.")


def text_of(cells: list[Any], place: int | None) -> str:
    """The text of a cell; nothing for a column or a cell that is not there."""
    value = cells[place] if place is not None and place < len(cells) else ""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return nfc(str(value).replace("\x00", ""))[:LONGEST]


def day_of(cells: list[Any], place: int | None) -> tuple[date | None, str]:
    """The day in a cell (None when empty), and what is wrong with it."""
    text, say = text_of(cells, place), Findings()
    value = cells[place] if place is not None and place < len(cells) else ""
    found = day(value, text, "day", say)
    if text and (found is None or found[1]):
        return None, f"Không đọc được ngày “{text[:30]}”: ghi ngày/tháng/năm, ví dụ 25/12/2026."
    return (found[0] if found else None), ""


def seal(data: Any, purpose: str) -> str:
    """What was read, signed for the confirmation."""
    return dumps(data, salt=f"training.sheets.{purpose}", compress=True)


def unseal(text: str, purpose: str) -> Any:
    """What was sealed for this purpose. Raises DomainError when it is old or not ours."""
    try:
        return loads(text, salt=f"training.sheets.{purpose}", max_age=PASS_SECONDS)
    except BadSignature:
        raise DomainError(STALE) from None
