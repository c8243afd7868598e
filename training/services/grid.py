"""Saving the allocation grid: all the cells a person changed, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import ConflictError, DomainError
from training.enums import Operator
from training.grid import WHOLE_COLUMN, Entry, cell_text, ids_of, read_cell
from training.models import Actual, Figure, Plan, Target
from training.queries.grid import Stored, stored_grid
from training.services.common import PLANS, allow, refuse_closed
from training.validators import target_problems


class GridError(DomainError):
    """Cells that do not fit: `problems` by the name of the cell."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(f"{len(problems)} ô chưa đúng, chưa lưu ô nào. Sửa các ô được đánh dấu rồi lưu lại.")


class GridConflictError(ConflictError):
    """Somebody saved the same cells meanwhile: `names`."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__("Người khác vừa lưu các ô này.")


@dataclass(frozen=True)
class Change:
    """A cell to be written; without `values` its allocation is taken away."""

    name: str
    whole: Target
    unit_id: int
    stored: Target | None
    typed: str
    values: dict[str, Decimal | None] | None


@transaction.atomic
def save_grid(*, plan: Plan, entries: Mapping[str, Entry], by: Any) -> int:
    """Write changed cells: figures of the whole area, and what each unit is given. Gives how many changed.

    Cells others changed meanwhile are kept when they are not the same ones. Raises GridConflictError for
    those that are, GridError for numbers, units and removals that do not fit; then nothing is written.
    """
    allow(by, PLANS, plan)
    locked = Plan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    refuse_closed(locked)
    stored = stored_grid(locked)
    wanted = {name: entry for name, entry in entries.items() if entry.typed.strip() != stored.text_at(name)}
    if clash := [name for name, entry in wanted.items() if stored.text_at(name) != entry.was.strip()]:
        raise GridConflictError(clash)
    changes = _checked(stored, wanted)
    if not changes:
        return 0
    before = {stored.label_at(change.name): cell_text(change.stored) for change in changes}
    _write(locked, changes)
    locked.revision += 1
    locked.save(update_fields=["revision"])
    after = {stored.label_at(change.name): change.typed for change in changes}
    audit.record(by=by, verb="plan.allocate", obj=locked, before=before, after=after)
    return len(changes)


def _checked(stored: Stored, wanted: Mapping[str, Entry]) -> list[Change]:
    problems: dict[str, str] = {}
    changes = []
    for name, entry in wanted.items():
        try:
            changes.append(_change(stored, name, entry.typed.strip()))
        except ValueError as problem:
            problems[name] = str(problem)
    problems |= _kept_ones(changes)
    if problems:
        raise GridError(problems)
    return changes


def _change(stored: Stored, name: str, typed: str) -> Change:
    target_id, unit_id = ids_of(name) or (0, 0)
    whole = stored.target_at(target_id, WHOLE_COLUMN)
    unit = next((unit for unit in stored.units if unit.pk == unit_id), None)
    if whole is None or (unit is None and unit_id != WHOLE_COLUMN):
        raise ValueError("Chỉ tiêu hoặc đơn vị này không còn trong kế hoạch, hãy mở lại trang.")
    there = stored.target_at(target_id, unit_id)
    if not typed:
        if unit is None:
            raise ValueError("Chỉ tiêu tỉnh không để trống; muốn bỏ, hãy xóa ở trang chỉ tiêu.")
        return Change(name, whole, unit_id, there, typed, None)
    operator = there.operator if there else whole.operator
    values = read_cell(typed, operator)
    fields = {
        **values,
        "operator": operator,
        "indicator": whole.indicator,
        "unit": unit,
        "part_of": whole.part_of if unit is None else None,
    }
    # The whole area's figure is held against its parts too; an allocation has none.
    problems = target_problems(stored.plan, fields, whole.pk if unit is None else None)
    if unit is not None and unit.valid_to is not None and not problems:
        where = f", nay là {unit.counts_for}" if unit.counts_for != unit else ""
        problems = {"unit": f"Đã sáp nhập từ {unit.valid_to:%d/%m/%Y}{where}: xóa ô này và giao đơn vị mới."}
    for message in problems.values():
        raise ValueError(message)
    return Change(name, whole, unit_id, there, typed, values)


def _kept_ones(changes: list[Change]) -> dict[str, str]:
    """Allocations that cannot be taken away, because something rests on them."""
    removed = {change.stored.pk: change.name for change in changes if change.values is None and change.stored}
    if not removed:
        return {}
    reported = Actual.objects.filter(target__in=removed).values_list("target", flat=True)
    frozen = Figure.objects.filter(target__in=removed).values_list("target", flat=True)
    words = dict.fromkeys(reported, "Đơn vị đã có kết quả nhập tay, không bỏ được.")
    words |= dict.fromkeys(frozen, "Đã có trong số liệu chốt, không bỏ được; ghi 0 nếu thôi giao.")
    return {removed[pk]: message for pk, message in words.items()}


def _write(plan: Plan, changes: list[Change]) -> None:
    new, changed, gone = [], [], []
    for change in changes:
        if change.values is None:
            gone += [change.stored.pk] if change.stored else []
        elif change.stored is not None:
            change.stored.value, change.stored.value_to = change.values["value"], change.values["value_to"]
            changed.append(change.stored)
        else:
            new.append(_allocation(plan, change))
    Target.objects.bulk_create(new)
    Target.objects.bulk_update(changed, ["value", "value_to"])
    Target.objects.filter(pk__in=gone).delete()


def _allocation(plan: Plan, change: Change) -> Target:
    return Target(
        plan=plan,
        indicator_id=change.whole.indicator_id,
        position=change.whole.position,
        unit_id=change.unit_id,
        operator=Operator(change.whole.operator),
        due_on=change.whole.due_on,
        source=change.whole.source,
        **(change.values or {}),
    )
