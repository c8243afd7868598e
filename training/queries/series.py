"""A target month by month: what each month added and where it stood then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.mergers import NOTHING_APART
from core.models import AdminUnit
from training import indicators, progress
from training.enums import Operator
from training.models import Plan, Target
from training.queries.apart import apart_of
from training.queries.targets import is_counted, period_of, sum_of

# A standing number is counted once a month, a query each; older months would cost more than they tell.
MONTHS_COUNTED = 12


@dataclass(frozen=True)
class Month:
    """One month (its first day): what it added, and the value at its end; None where nothing is known."""

    month: date
    added: Decimal | None
    total: Decimal | None
    total_text: str


def months_of(plan: Plan, target: Target, day: date) -> tuple[Month, ...]:
    """The months of the plan up to a day; empty where a target has no series (per unit, days, words).

    Sums are counted by month, standing numbers and shares at each month's end (the last twelve), values
    entered by hand are the last approved one of each month.
    """
    if target.per_unit or target.operator not in Operator.counted:
        return ()
    firsts = list(_firsts(plan.starts_on, min(day, plan.ends_on)))
    if not is_counted(plan, target):
        return _entered(target, firsts, day)
    computed = indicators.REGISTRY[target.indicator.computed_by]
    if computed.date_path and not computed.population and not computed.is_stock:
        return _summed(plan, target, firsts, day)
    return _standing(plan, target, firsts[-MONTHS_COUNTED:], day)


def _firsts(start: date, end: date) -> Iterator[date]:
    """First days of the months from one day to another."""
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _text(target: Target, value: Decimal | None, share: bool = False) -> str:
    if value is None:
        return ""
    return progress.actual_words("percent" if share else target.operator, value, target.value_to)


def _one_unit(plan: Plan, target: Target) -> AdminUnit | None:
    """The unit a target was given to, unless it is the plan's own."""
    return None if target.unit_id == plan.unit_id else target.unit


def _summed(plan: Plan, target: Target, firsts: list[date], day: date) -> tuple[Month, ...]:
    unit = _one_unit(plan, target)
    besides = apart_of(plan, target.indicator.computed_by).besides(unit.pk) if unit else frozenset()
    added = indicators.by_month(
        target.indicator.computed_by, unit or plan.unit, period_of(plan, day), besides
    )
    total, months = Decimal(0), []
    for month in firsts:
        number = Decimal(added.get(month, 0))
        total += number
        months.append(Month(month, number, total, _text(target, total)))
    return tuple(months)


def _standing(plan: Plan, target: Target, firsts: list[date], day: date) -> tuple[Month, ...]:
    name = target.indicator.computed_by
    share = indicators.REGISTRY[name].population is not None
    unit = _one_unit(plan, target)
    apart = apart_of(plan, name) if unit else NOTHING_APART
    months: list[Month] = []
    for month in firsts:
        end = min(_next(month) - timedelta(days=1), day)
        counted = indicators.count([name], unit or plan.unit, period_of(plan, end), apart)[name]
        value = sum_of(name, [counted.get(unit.pk)] if unit else counted.values()).number
        before = months[-1].total if months else None
        added = None if value is None or before is None else value - before
        months.append(Month(month, added, value, _text(target, value, share)))
    return tuple(months)


def _entered(target: Target, firsts: list[date], day: date) -> tuple[Month, ...]:
    entered = target.actuals.counting().filter(as_of__lte=day, value__isnull=False).order_by("as_of", "pk")
    last = {actual.as_of.replace(day=1): actual.value for actual in entered}
    months: list[Month] = []
    before: Decimal | None = None
    for month in firsts:
        value = last.get(month)
        added = None if value is None else value - (before or Decimal(0))
        before = before if value is None else value
        months.append(Month(month, added, value, _text(target, value)))
    return tuple(months)
