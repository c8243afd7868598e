"""What the communes reported themselves, beside a figure of the province that is entered by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import AdminUnit
from training.models import Plan, Target
from training.queries.targets import TargetProgress, is_counted, planned_text
from training.validators import ADDS_UP


@dataclass(frozen=True)
class UnitReport:
    """A unit that was given a part: its newest approved value and that value's day, if there is one."""

    target_id: int
    unit: AdminUnit
    planned_text: str
    value: Decimal | None
    as_of: date | None


@dataclass(frozen=True)
class Reported:
    """The units' newest approved values, added up, and how many of the units have reported."""

    total: Decimal
    units: tuple[UnitReport, ...]

    @property
    def said(self) -> int:
        return sum(unit.value is not None for unit in self.units)

    def is_news_to(self, target: TargetProgress) -> bool:
        """Is the sum another number than the area's own value, and not older than it?"""
        if self.as_of is None or self.total == target.actual:
            return False
        return target.as_of is None or self.as_of >= target.as_of

    @property
    def as_of(self) -> date | None:
        """The day of the newest value in the sum."""
        return max((unit.as_of for unit in self.units if unit.as_of), default=None)


def reported_by_units(plan: Plan, targets: Iterable[Target]) -> dict[int, Reported]:
    """For each figure of the whole area that is entered by hand and adds up: what its units reported.

    `targets`: the plan's, each with `last_actual` (the newest approved value up to the day). By target id;
    figures no unit has reported on are left out. Asks the database nothing.
    """
    if plan.is_reference:
        return {}
    adding = [t for t in targets if t.operator in ADDS_UP and not t.per_unit and not is_counted(plan, t)]
    given: dict[int, list[UnitReport]] = {}
    for target in adding:
        if target.unit is not None and target.unit_id != plan.unit_id:
            given.setdefault(target.indicator_id, []).append(_report_of(target, target.unit))
    wholes = {t.indicator_id: t.pk for t in reversed(adding) if t.unit_id in (None, plan.unit_id)}
    found = {wholes[key]: _added(units) for key, units in given.items() if key in wholes}
    return {target_id: reported for target_id, reported in found.items() if reported.said}


def _added(units: list[UnitReport]) -> Reported:
    return Reported(sum((unit.value or Decimal(0) for unit in units), Decimal(0)), tuple(units))


def _report_of(target: Target, unit: AdminUnit) -> UnitReport:
    entered = target.last_actual or {}  # type: ignore[attr-defined]
    value = entered.get("value")
    if value is None:
        return UnitReport(target.pk, unit, planned_text(target), None, None)
    as_of = date.fromisoformat(entered["as_of"])
    return UnitReport(target.pk, unit, planned_text(target), Decimal(str(value)), as_of)
