"""The allocation grid of a plan: targets by units, with sums, and a pasted table laid over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from core.models import AdminUnit
from core.numbers import format_date, format_number
from core.text import search_key
from training import grid
from training.enums import Operator
from training.grid import WHOLE_COLUMN, cell_name, cell_text
from training.models import Plan, Target
from training.queries.targets import planned_text
from training.validators import ADDS_UP

COLUMNS = 15
# Django refuses a form with more fields; the rest of the form needs a few.
MOST_CELLS = 900


@dataclass(frozen=True)
class Cell:
    """One field: what it shows, and what is wrong with it."""

    name: str
    text: str
    label: str
    message: str = ""


@dataclass(frozen=True)
class Row:
    """A target with its cells; `rest` is the sum of allocations in columns that are not shown."""

    target: Target
    label: str
    planned_text: str
    whole: Cell
    cells: tuple[Cell, ...]
    adds_up: bool
    rest: Decimal
    sum_text: str
    difference: str

    @property
    def is_off(self) -> bool:
        return self.difference.startswith(("cao", "thấp"))


@dataclass(frozen=True)
class Column:
    """A unit; `warning` when it no longer exists."""

    unit: AdminUnit
    warning: str = ""


@dataclass(frozen=True)
class Stored:
    """What the database holds: targets of the whole area, units, and the allocation of each cell."""

    plan: Plan
    wholes: tuple[Target, ...]
    units: tuple[AdminUnit, ...]
    allocated: Mapping[tuple[int, int], Target]

    def target_at(self, target_id: int, unit_id: int) -> Target | None:
        if unit_id == WHOLE_COLUMN:
            return next((whole for whole in self.wholes if whole.pk == target_id), None)
        return self.allocated.get((target_id, unit_id))

    def text_at(self, name: str) -> str:
        ids = grid.ids_of(name)
        return cell_text(self.target_at(*ids)) if ids else ""

    def label_at(self, name: str) -> str:
        """The cell in words: target and unit."""
        ids = grid.ids_of(name) or (0, 0)
        whole = self.target_at(ids[0], WHOLE_COLUMN)
        unit = next((unit.name for unit in self.units if unit.pk == ids[1]), self.plan.unit.name)
        return f"{whole.indicator.name if whole else 'Chỉ tiêu'}, {unit}"


@dataclass(frozen=True)
class Grid:
    """What the page shows; `base` is the text of every cell as stored."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    base: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> int:
        return sum(bool(cell.message) for row in self.rows for cell in (row.whole, *row.cells))


def stored_grid(plan: Plan) -> Stored:
    """The targets with numbers, the communes of today and those of before that still hold an allocation."""
    targets = list(
        plan.targets.filter(operator__in=Operator.counted, per_unit="")
        .select_related("indicator", "unit")
        .order_by("position", "pk")
    )
    wholes = tuple(target for target in targets if target.unit_id in (None, plan.unit_id))
    by_indicator: dict[int, Target] = {}
    for whole in wholes:
        by_indicator.setdefault(whole.indicator_id, whole)
    allocated = {
        (by_indicator[target.indicator_id].pk, target.unit_id): target
        for target in targets
        if target.unit_id not in (None, plan.unit_id) and target.indicator_id in by_indicator
    }
    held = {unit_id for _, unit_id in allocated}
    units = AdminUnit.objects.filter(Q(parent=plan.unit_id, valid_to=None) | Q(pk__in=held))
    return Stored(plan, wholes, tuple(units.select_related("counts_for").order_by("sort_name")), allocated)


def columns_for(stored: Stored, chosen: set[int], page: int) -> tuple[list[AdminUnit], int]:
    """The units to show (the chosen ones, or a page of all) and how many pages there are."""
    size = max(1, min(COLUMNS, MOST_CELLS // max(1, len(stored.wholes)) - 1))
    units = [unit for unit in stored.units if unit.pk in chosen] if chosen else list(stored.units)
    pages = max(1, -(-len(units) // size))
    start = (min(max(page, 1), pages) - 1) * size
    return units[start : start + size], pages


def show_grid(
    stored: Stored,
    units: list[AdminUnit],
    *,
    typed: Mapping[str, str] | None = None,
    messages: Mapping[str, str] | None = None,
) -> Grid:
    """The grid of some columns, with what was typed and refused laid over what is stored."""
    typed, messages = typed or {}, messages or {}
    shown = {unit.pk for unit in units}
    rows: list[Row] = []
    base: dict[str, str] = {}
    for whole in stored.wholes:
        names = [cell_name(whole.pk), *(cell_name(whole.pk, unit.pk) for unit in units)]
        base |= {name: stored.text_at(name) for name in names}
        cells = [
            Cell(name, typed.get(name, base[name]), stored.label_at(name), messages.get(name, ""))
            for name in names
        ]
        rows.append(_row(stored, whole, cells, shown))
    return Grid(tuple(rows), tuple(Column(unit, merged_words(unit)) for unit in units), base)


def _row(stored: Stored, whole: Target, cells: list[Cell], shown: set[int]) -> Row:
    adds_up = whole.operator in ADDS_UP
    others = [t for (row, unit), t in stored.allocated.items() if row == whole.pk and unit not in shown]
    rest = sum((t.value or Decimal(0) for t in others), Decimal(0))
    rest_high = sum((t.value_to or t.value or Decimal(0) for t in others), Decimal(0))
    low, high, count = _sum(cells[1:], whole.operator)
    own_low, own_high, own = _sum(cells[:1], whole.operator)
    total_low, total_high = low + rest, high + rest_high
    compared = adds_up and own and (count or others)
    sums = format_number(total_low)
    return Row(
        target=whole,
        label=whole.indicator.name,
        planned_text=planned_text(whole),
        whole=cells[0],
        cells=tuple(cells[1:]),
        adds_up=adds_up,
        rest=rest,
        sum_text=(sums if total_low == total_high else f"{sums}-{format_number(total_high)}")
        if count or others
        else "",
        difference=grid.difference_words(total_low, total_high, own_low, own_high) if compared else "",
    )


def _sum(cells: list[Cell], operator: str) -> tuple[Decimal, Decimal, int]:
    """Low and high sum of the cells that hold numbers, and how many do."""
    low = high = Decimal(0)
    count = 0
    for cell in cells:
        try:
            values = grid.read_cell(cell.text, operator) if cell.text.strip() else None
        except ValueError:
            values = None
        if values and values["value"] is not None:
            low += values["value"]
            high += values["value_to"] or values["value"]
            count += 1
    return low, high, count


def merged_words(unit: AdminUnit) -> str:
    """What to say of a unit that no longer exists."""
    if unit.valid_to is None:
        return ""
    where = f", nay là {unit.counts_for}" if unit.counts_for != unit else ""
    return f"{unit} đã sáp nhập từ {format_date(unit.valid_to)}{where}"


@dataclass(frozen=True)
class Pasted:
    """A pasted table: the cells it fills, what is wrong with them, and its lines nothing was found for."""

    typed: Mapping[str, str]
    units: list[AdminUnit]
    problems: tuple[str, ...]


def read_pasted(stored: Stored, text: str) -> Pasted:
    """Lay a table copied from Excel over the grid: first line the units, first column the targets.

    Units are found by name or code, targets by name or code, whatever their accents and case. A column or
    line that is not recognised is named; nothing else of the table is lost.
    """
    rows = grid.rows_of(text)
    if len(rows) < 2:
        return Pasted({}, [], ("Bảng cần dòng đầu là tên xã, phường và ít nhất một dòng chỉ tiêu.",))
    head, *lines = rows
    problems: list[str] = []
    columns = [_column(stored, name, problems) for name in head[1:]]
    typed: dict[str, str] = {}
    for number, line in enumerate(lines, 2):
        whole = _whole(stored, line[0])
        if whole is None:
            problems.append(f"Dòng {number}: không có chỉ tiêu “{line[0]}” trong kế hoạch.")
            continue
        for unit_id, cell in zip(columns, line[1:], strict=False):
            if unit_id is not None and cell:
                typed[cell_name(whole.pk, unit_id)] = cell
        if len(line) > len(head):
            problems.append(f"Dòng {number}: có nhiều ô hơn dòng đầu, các ô thừa bị bỏ.")
    wanted = [unit_id for unit_id in columns if unit_id]
    units = [unit for unit in stored.units if unit.pk in wanted]
    return Pasted(typed, units, tuple(problems))


def _column(stored: Stored, name: str, problems: list[str]) -> int | None:
    """The unit of a column of the table: 0 for the whole area, None when there is none."""
    wanted = search_key(name)
    if not wanted:
        return None
    if wanted in ("ca tinh", "toan tinh", "tinh", "chi tieu tinh", search_key(stored.plan.unit.name)):
        return WHOLE_COLUMN
    found = [
        unit
        for unit in stored.units
        if wanted in (search_key(unit.name), search_key(unit.short_name), unit.code)
    ]
    if len(found) == 1:
        return found[0].pk
    if found:
        problems.append(f"Cột “{name}”: có {len(found)} đơn vị cùng tên, hãy ghi đủ Xã hoặc Phường, hoặc mã.")
        return None
    merged = AdminUnit.objects.filter(parent=stored.plan.unit_id, search_name=wanted).exclude(valid_to=None)
    former = merged.select_related("counts_for").first()
    problems.append(
        f"Cột “{name}”: {merged_words(former)}; hãy giao cho đơn vị mới."
        if former
        else f"Cột “{name}”: không có xã, phường này trong tỉnh."
    )
    return None


def _whole(stored: Stored, name: str) -> Target | None:
    wanted = search_key(name)
    return next(
        (t for t in stored.wholes if wanted in (search_key(t.indicator.name), search_key(t.indicator.code))),
        None,
    )
