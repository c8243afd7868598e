"""Next year's plan from this year's: targets, allocations, tasks and money as a proposal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import lower_first
from training.enums import PlanStatus
from training.models import BudgetLine, Plan, Target, Task
from training.services.common import PLANS, allow, create
from training.validators import ADDS_UP

TARGET_COLUMNS = (
    "indicator_id", "position", "unit_id", "per_unit", "units_count", "operator", "value", "value_to", "text",
    "due_on",
)  # fmt: skip


@dataclass(frozen=True)
class Copied:
    """The new draft, and what could not be carried over as it was."""

    plan: Plan
    notes: tuple[str, ...]


@transaction.atomic
def copy_plan(*, plan: Plan, by: Any, code: str, title: str) -> Copied:
    """A draft for the following year with the same targets, allocations, tasks and budget lines.

    Days move by as many years as the plan is long; values are a proposal; nothing done or spent comes along.
    What was given to a merged commune goes to the one it became. Raises DomainError for a code already used.
    """
    allow(by, PLANS, plan)
    if plan.is_reference:
        raise DomainError("Tài liệu tham khảo không chép thành kế hoạch được.")
    years = plan.ends_on.year - plan.starts_on.year + 1
    draft = Plan(
        code=code,
        title=title,
        level=plan.level,
        unit=plan.unit,
        starts_on=moved(plan.starts_on, years),
        ends_on=moved(plan.ends_on, years),
        objectives=plan.objectives,
        copied_from=plan,
        status=PlanStatus.DRAFT,
        source=f"Chép từ {plan.code}, số liệu là đề xuất",
    )
    create(draft, by=by, verb="plan.copy", code=code, copied_from=plan.code)
    notes = (*_copy_targets(plan, draft, years), *_copy_tasks(plan, draft, years))
    _copy_budget(plan, draft)
    audit.record(by=by, verb="plan.copied", obj=plan, after={"code": code})
    return Copied(draft, notes)


def moved(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 28."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _copy_targets(plan: Plan, draft: Plan, years: int) -> Iterable[str]:
    """Totals first, so that their parts find them; yields what a person should look at."""
    totals: dict[int, Target] = {}
    allocated: dict[tuple[int, int], Target] = {}
    rows = plan.targets.select_related("unit__counts_for", "indicator").order_by("position", "pk")
    for row in sorted(rows, key=lambda row: row.part_of_id is not None):
        new = Target(plan=draft, **{name: getattr(row, name) for name in TARGET_COLUMNS})
        new.due_on = row.due_on and moved(row.due_on, years)
        new.part_of = totals.get(row.part_of_id) if row.part_of_id else None
        if row.unit is not None and row.unit.valid_to is not None:
            successor = _living(row.unit)
            if successor is None:
                yield f"{row.unit} không còn: bỏ “{row.indicator.name}” đã giao cho đơn vị này."
                continue
            yield f"{row.unit} đã sáp nhập: “{row.indicator.name}” chuyển sang {successor}."
            new.unit = successor
        # Whichever stands first in the plan, the merged commune's line or the successor's own.
        there = allocated.get((row.indicator_id, new.unit_id)) if new.unit_id else None
        if there is not None and _add(there, row):
            continue
        new.save()
        totals[row.pk] = new
        if new.unit_id is not None and new.part_of_id is None:
            allocated[new.indicator_id, new.unit_id] = new


def _add(there: Target, row: Target) -> bool:
    """Put the value of a merged commune on top of its successor's, when such values add up."""
    if row.operator not in ADDS_UP or there.value is None or row.value is None:
        return False
    if there.value_to is not None or row.value_to is not None:
        there.value_to = (there.value_to or there.value) + (row.value_to or row.value)
    there.value += row.value
    there.save()
    return True


def _copy_tasks(plan: Plan, draft: Plan, years: int) -> Iterable[str]:
    """Yields what a person should look at: a merged commune leads and supports by the one it became."""
    rows = plan.tasks.select_related("lead_admin_unit__counts_for")
    for row in rows.prefetch_related("supporting_admin_units__counts_for"):
        leader, name = row.lead_admin_unit, row.lead_unit
        if leader is not None and leader.valid_to is not None:
            successor = _living(leader)
            if successor is not None:
                name = name.replace(leader.name, successor.name)
                name = name.replace(lower_first(leader.name), lower_first(successor.name))
            yield (
                f"{leader} không còn: nhiệm vụ “{row.title}” cần chọn lại đơn vị chủ trì."
                if successor is None
                else f"{leader} đã sáp nhập: nhiệm vụ “{row.title}” chuyển sang {successor}."
            )
            leader = successor
        task = Task.objects.create(
            plan=draft,
            position=row.position,
            title=row.title,
            lead_unit=name,
            lead_admin_unit=leader,
            supporting_units=row.supporting_units,
            due_on=row.due_on and moved(row.due_on, years),
        )
        present = (_living(unit) for unit in row.supporting_admin_units.all())
        task.supporting_admin_units.set({unit for unit in present if unit is not None and unit != leader})


def _living(unit: AdminUnit) -> AdminUnit | None:
    """The unit itself, or the one it counts for today; None when that is gone too."""
    present = unit.counts_for
    return present if present is not None and present.valid_to is None else None


def _copy_budget(plan: Plan, draft: Plan) -> None:
    for row in plan.budget_lines.all():
        BudgetLine.objects.create(
            plan=draft,
            position=row.position,
            purpose=row.purpose,
            fund=row.fund,
            fund_note=row.fund_note,
            planned=row.planned,
        )
