"""The growth of a target month by month against its plan."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from core.models import AdminUnit
from reports import charts
from training import indicators
from training.models import Plan
from training.queries import TargetProgress, period_of

# Drawn narrow, so that the letters stay readable on a telephone.
CHART_WIDTH = 380


def drawable(targets: Iterable[TargetProgress]) -> tuple[TargetProgress, ...]:
    """Those with a number that grows month by month."""
    return tuple(target for target in targets if _can_be_drawn(target))


def _can_be_drawn(target: TargetProgress) -> bool:
    computed = indicators.REGISTRY.get(target.computed_by)
    one_area = target.whole_plan or target.planned_for_one_unit
    return bool(one_area and target.planned and computed and computed.date_path and not computed.population)


def to_draw(targets: tuple[TargetProgress, ...], chosen: int | None) -> TargetProgress | None:
    """The chosen one; else recognised products when the plan has them, else whatever comes first."""
    found = [target for target in targets if target.target_id == chosen]
    found += [target for target in targets if target.computed_by == "products_recognised"]
    return next(iter([*found, *targets]), None)


def burn_chart(
    plan: Plan, target: TargetProgress, day: date, *, area: AdminUnit | None = None
) -> SafeString | None:
    """The running total of the plan's area, or of one commune of it; None before the plan has begun."""
    if plan.ends_on <= plan.starts_on or day < plan.starts_on:
        return None
    by_month = indicators.by_month(target.computed_by, area or plan.unit, period_of(plan, day))
    return charts.burn_up(
        charts.cumulate(by_month, plan.starts_on, day),
        target.planned or Decimal(0),
        start=plan.starts_on,
        end=plan.ends_on,
        as_of=day,
        title=target.label,
        forecast=target.forecast,
        width=CHART_WIDTH,
    )
