"""The road of the dossiers: how many stand at each step, and for how long."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, Value
from django.urls import reverse
from django.utils import timezone

from products.enums import DossierState
from products.models import Dossier
from training.models import Plan

# The road of a dossier, in order, with the limit the law sets for the step.
ROAD = (
    (DossierState.DRAFT, ""),
    (DossierState.RETURNED, ""),
    (DossierState.SUBMITTED, "hạn 15 ngày làm việc"),
    (DossierState.PROPOSED, ""),
    (DossierState.ACCEPTED, ""),
    (DossierState.SCORED, ""),
    (DossierState.SENT_TO_MINISTRY, ""),
    (DossierState.RECOGNISED, ""),
    (DossierState.NOT_RECOGNISED, ""),
    (DossierState.EXCLUDED, ""),
)
MOVING = (*DossierState.editable, *DossierState.with_commune, *DossierState.with_province)


class Median(Aggregate):
    """PostgreSQL's median of a column."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Step:
    """Dossiers in one state: how many, how long half of them have waited there, the list."""

    label: str
    number: int
    share: Fraction
    days: int | None
    limit: str
    url: str


def funnel(plan: Plan) -> tuple[Step, ...]:
    """Dossiers of the plan's years by state, with the median days they have been in it."""
    years = (plan.starts_on.year, plan.ends_on.year)
    waited = ExpressionWrapper(Value(timezone.now()) - F("state_since"), output_field=DurationField())
    found = (
        Dossier.objects.filter(Q(commune=plan.unit) | Q(commune__parent=plan.unit), year__range=years)
        .order_by()
        .values("state")
        .annotate(number=Count("pk"), waited=Median(waited))
    )
    by_state: dict[str, Any] = {row["state"]: row for row in found}
    most = max((row["number"] for row in by_state.values()), default=1)
    return tuple(_step(state, limit, by_state.get(state), most, years) for state, limit in ROAD)


def _step(
    state: DossierState, limit: str, row: dict[str, Any] | None, most: int, years: tuple[int, int]
) -> Step:
    number = row["number"] if row else 0
    waited: timedelta | None = row["waited"] if row and state in MOVING else None
    query = {"state": str(state)} | ({"year": years[0]} if years[0] == years[1] else {})
    return Step(
        label=str(state.label),
        number=number,
        share=Fraction(number, most),
        days=waited.days if waited is not None else None,
        limit=limit if number else "",
        url=f"{reverse('products:dossiers')}?{urlencode(query)}",
    )
