"""The allocation grid as text: what a cell holds, what a person may type or paste into it. No database."""

import re
from dataclasses import dataclass
from decimal import Decimal

from core.numbers import format_number, parse_number
from training.enums import Operator
from training.models import Target
from training.validators import value_problems

NAME = re.compile(r"o-(\d{1,18})-(\d{1,18})")
WHOLE_COLUMN = 0
# A target's value has fourteen digits, two of them behind the comma.
TOO_LARGE = Decimal(10) ** 12
NUMBER_WORDS = "Hãy nhập một số, ví dụ 12 hoặc 1.234,5."
PAIRS = {
    Operator.RANGE: ("-", "Hãy nhập khoảng như 2-3."),
    Operator.RATIO: ("/", "Hãy nhập tỷ số như 22/25."),
}
DASHES = str.maketrans({"–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True)
class Entry:
    """A cell a person changed: what stood there when the page was opened, and what is wanted."""

    was: str
    typed: str


def cell_name(target_id: int, unit_id: int = WHOLE_COLUMN) -> str:
    """The field of a target's cell; unit 0 is the whole area."""
    return f"o-{target_id}-{unit_id}"


def ids_of(name: str) -> tuple[int, int] | None:
    """Target and unit of a field, or None for a name that is no cell."""
    found = NAME.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else None


def cell_text(target: Target | None) -> str:
    """A target's numbers as they stand in a cell: "12", "2-3", "22/25"; empty without one."""
    if target is None or target.value is None:
        return ""
    mark = PAIRS[Operator(target.operator)][0] if target.operator in PAIRS else ""
    second = f"{mark}{format_number(target.value_to)}" if mark and target.value_to is not None else ""
    return f"{format_number(target.value)}{second}"


def read_cell(text: str, operator: str) -> dict[str, Decimal | None]:
    """The columns of a target typed as a cell. Raises ValueError with the sentence for the person."""
    kind = Operator(operator)
    bare = text.strip().translate(DASHES).removesuffix("%").strip()
    mark, words = PAIRS.get(kind, ("", NUMBER_WORDS))
    low, found, high = bare.partition(mark) if mark else (bare, "", "")
    try:
        value = parse_number(low)
        value_to = parse_number(high) if found else None
    except ValueError:
        raise ValueError(words) from None
    for number in (value, value_to):
        _check_size(number)
    if kind == Operator.RANGE and value_to is None:
        value_to = value  # one number is the range of that number
    values = {"value": value, "value_to": value_to}
    for message in value_problems(kind, values).values():
        raise ValueError(message)
    return values


def _check_size(number: Decimal | None) -> None:
    """Raise ValueError for what the column cannot hold, or could only hold rounded."""
    if number is None:
        return
    if abs(number) >= TOO_LARGE:
        raise ValueError("Số lớn quá mức hệ thống giữ được.")
    if number != round(number, 2):
        raise ValueError("Ghi nhiều nhất hai chữ số sau dấu phẩy.")


def rows_of(text: str) -> list[list[str]]:
    """A table copied from a spreadsheet: lines of cells parted by tabs; blank lines are left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [[cell.strip() for cell in line.split("\t")] for line in lines if line.strip()]


def difference_words(sum_low: Decimal, sum_high: Decimal, low: Decimal, high: Decimal) -> str:
    """How the sum of the units stands to the figure of the whole area."""
    if sum_low > high:
        return f"cao hơn {format_number(sum_low - high)} so với chỉ tiêu tỉnh"
    if sum_high < low:
        return f"thấp hơn {format_number(low - sum_high)} so với chỉ tiêu tỉnh"
    return "khớp chỉ tiêu tỉnh"
