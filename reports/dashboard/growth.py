"""The growth of a target month by month against its plan."""

from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from reports import charts
from training import indicators
from training.models import Plan
from training.queries import TargetProgress, period_of

# Drawn narrow, so that the letters stay readable on a telephone.
CHART_WIDTH = 380


def can_be_drawn(target: TargetProgress) -> bool:
    """A number for the whole plan that grows month by month."""
    computed = indicators.REGISTRY.get(target.computed_by)
    return bool(
        target.whole_plan and target.planned and computed and computed.date_path and not computed.population
    )


def first_to_draw(drawable: tuple[TargetProgress, ...]) -> TargetProgress | None:
    """Recognised products when the plan has them, else whatever comes first."""
    recognised = (target for target in drawable if target.computed_by == "products_recognised")
    return next(recognised, drawable[0] if drawable else None)


def burn_chart(plan: Plan, target: TargetProgress, day: date) -> SafeString | None:
    if plan.ends_on <= plan.starts_on or day < plan.starts_on:
        return None
    by_month = indicators.by_month(target.computed_by, plan.unit, period_of(plan, day))
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
