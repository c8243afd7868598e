"""What became of a record since figures were closed: told beside the row, which itself stays as it was."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from core.models import AdminUnit
from core.numbers import format_date
from core.text import lower_first
from products.models import Recognition
from training.kept import KeptRow
from training.lists import Line

DELETED = "đã xóa khỏi hệ thống"
# The state is told in its own words.
_TOLD_APART = ("Trạng thái", "Ra khỏi bước", "Số ngày", "Vào bước")


def changes_of(
    row: KeptRow,
    heads: Iterable[str],
    record: Any,
    line: Line,
    unit: AdminUnit,
    as_of: date,
    newer: Mapping[int, Recognition],
) -> list[str]:
    """In words, most telling first; nothing for a record that stands as it stood.

    `line`: the row as it would be written today; `newer`: by product, a recognition decided since.
    """
    merged = _unit(unit, as_of)
    return [
        *_state(row, record, newer),
        *_left(record),
        *([f"nay tên là {line.title}"] if line.title != row.title else []),
        *(told for told in _cells(row, heads, line) if not merged or unit.name not in told),
        *merged,
    ]


def _state(row: KeptRow, record: Any, newer: Mapping[int, Recognition]) -> list[str]:
    later = newer.get(record.product_id) if isinstance(record, Recognition) else None
    if later is not None:
        star = f"nay {later.star} sao" if later.star != record.star else f"công nhận lại {later.star} sao"
        number = later.decision_number or "mới"
        return [f"{star} theo quyết định {number} ngày {format_date(later.decided_on)}"]
    now = getattr(record, "state", "")
    return [f"nay: {record.get_state_display().lower()}"] if row.state and now != row.state else []


def _left(record: Any) -> list[str]:
    """A person who has left the register, an entity that was merged into another."""
    if left_on := getattr(record, "left_on", None):
        return [f"ra khỏi danh sách ngày {format_date(left_on)}"]
    merged = getattr(record, "merged_into", None)
    return [f"đã gộp vào {merged.name}"] if merged else []


def _cells(row: KeptRow, heads: Iterable[str], line: Line) -> list[str]:
    """Words that read otherwise today; a list of other columns than today's is not compared."""
    names = list(heads)[1:]
    if len(line.cells) > len(row.cells):
        return []
    pairs = zip(names, row.cells, line.cells, strict=False)
    return [
        f"{lower_first(head)}: nay {now}"
        for head, then, now in pairs
        if then != now and head not in _TOLD_APART
    ]


def _unit(unit: AdminUnit, as_of: date) -> list[str]:
    if unit.valid_to is None or unit.valid_to < as_of:
        return []
    if unit.merged_into is not None:
        return [f"{lower_first(unit.name)} đã nhập vào {lower_first(unit.merged_into.name)}"]
    return [f"{lower_first(unit.name)} không còn từ {format_date(unit.valid_to)}"]
