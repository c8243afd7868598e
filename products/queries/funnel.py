"""The funnel: dossiers on the road by state and age, and how long each step takes (`queries.steps`).

Three queries in all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from products.deadlines import in_time_since
from products.enums import DossierState
from products.models import Dossier
from products.queries.steps import LIMITS, Limit, StepTimes, midnight, step_times

# The states of the road in their order; a dossier that has ended is no longer in the funnel.
ROAD: tuple[DossierState, ...] = (
    DossierState.DRAFT,
    DossierState.RETURNED,
    DossierState.SUBMITTED,
    DossierState.PROPOSED,
    DossierState.ACCEPTED,
    DossierState.SCORED,
    DossierState.SENT_TO_MINISTRY,
)
# A step is judged by what was done within the last year.
LOOK_BACK_DAYS = 365
LONGEST_OVERDUE = 10


@dataclass(frozen=True)
class Age:
    """Days a dossier has been in its state: from `low` to `high` (None: no end)."""

    slug: str
    label: str
    low: int
    high: int | None

    def q(self, today: date) -> Q:
        """Dossiers of this age on a day."""
        condition = Q(state_since__lt=midnight(today - timedelta(days=self.low - 1)))
        if self.high is not None:
            condition &= Q(state_since__gte=midnight(today - timedelta(days=self.high)))
        return condition


AGES: tuple[Age, ...] = (
    Age("0-7", "Đến 7 ngày", 0, 7),
    Age("8-15", "8-15 ngày", 8, 15),
    Age("16-30", "16-30 ngày", 16, 30),
    Age("31", "Trên 30 ngày", 31, None),
)
AGE_CHOICES = [(age.slug, age.label) for age in AGES]
_BY_SLUG = {age.slug: age for age in AGES}


@dataclass(frozen=True)
class Cell:
    """A number of the funnel and the list it stands for."""

    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Stage:
    """One state: how many by age, how many overdue, and how long the step took in the last year."""

    state: DossierState
    total: Cell
    ages: tuple[Cell, ...]
    overdue: Cell
    median: float | None
    taken: int
    limit: Limit | None

    @property
    def is_slow(self) -> bool:
        """Does half of the dossiers take longer than the law allows, in the days the law counts?"""
        return self.median is not None and self.limit is not None and self.median > self.limit.days


@dataclass(frozen=True)
class Funnel:
    stages: tuple[Stage, ...]
    overdue: list[Dossier]
    today: date

    @property
    def total(self) -> int:
        return sum(stage.total.number for stage in self.stages)

    @property
    def total_overdue(self) -> int:
        return sum(stage.overdue.number for stage in self.stages)


def of_age(slug: str, today: date | None = None) -> Q:
    """The dossiers of an age (slug of `AGES`) on a day, today unless given; nobody for an unknown slug."""
    age = _BY_SLUG.get(slug)
    return age.q(today or timezone.localdate()) if age else Q(pk__in=[])


def overdue_q(today: date | None = None) -> Q:
    """Dossiers whose state has a day by law (`deadlines.due_on`) and that day has passed."""
    first = in_time_since(today or timezone.localdate())
    return Q(state__in=DossierState.with_commune, state_since__lt=midnight(first))


def funnel_for(user: Any) -> Funnel:
    """The funnel of a user's area."""
    today = timezone.localdate()
    rows = Dossier.objects.visible_to(user)
    start = today - timedelta(days=LOOK_BACK_DAYS)
    counted = _counts(rows, today)
    taken = step_times(rows, years=(today.year, today.year), start=start, end=today)
    late = rows.filter(overdue_q(today)).with_names().order_by("state_since", "pk")[:LONGEST_OVERDUE]
    stages = tuple(_stage(state, counted.get(state, {}), taken.get(state, StepTimes())) for state in ROAD)
    return Funnel(stages, list(late), today)


def _counts(rows: QuerySet[Dossier], today: date) -> dict[str, Any]:
    """By state: the total, every age and the overdue ones; one query."""
    columns = {f"age_{place}": Count("pk", filter=age.q(today)) for place, age in enumerate(AGES)}
    counted = (
        rows.filter(state__in=ROAD)
        .order_by()
        .values("state")
        .annotate(total=Count("pk"), overdue=Count("pk", filter=overdue_q(today)), **columns)
    )
    return {row["state"]: row for row in counted}


def _stage(state: DossierState, row: dict[str, Any], taken: StepTimes) -> Stage:
    return Stage(
        state=state,
        total=Cell("Tổng", row.get("total", 0), _list(state=state)),
        ages=tuple(
            Cell(age.label, row.get(f"age_{place}", 0), _list(state=state, age=age.slug))
            for place, age in enumerate(AGES)
        ),
        overdue=Cell("Quá hạn", row.get("overdue", 0), _list(state=state, overdue="1")),
        median=taken.left.median,
        taken=taken.left.number,
        limit=LIMITS.get(state),
    )


def _list(**query: str) -> str:
    return f"{reverse('products:dossiers')}?{urlencode({name: str(value) for name, value in query.items()})}"
