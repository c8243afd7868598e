"""The road of the dossiers: how many stand at each step, how long, and how long the step took."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.numbers import format_number
from products.enums import DossierKind, DossierState
from products.filters import UNDER_DECISION
from products.models import Dossier
from products.queries.steps import LIMITS, RE_RANKING, StepTimes, Waits, step_times
from reports.dashboard.choice import Choice
from training.queries import period_of

# The road of a dossier in order: where somebody has to act, then how it ended.
MOVING = (
    DossierState.DRAFT,
    DossierState.RETURNED,
    DossierState.SUBMITTED,
    DossierState.PROPOSED,
    DossierState.ACCEPTED,
    DossierState.SCORED,
    DossierState.SENT_TO_MINISTRY,
)
# No number of days: a round is over by then (Đ5 QĐ 26/2026).
ROUNDS_END = "đợt xong trước 30/6, 30/12"
# So many days are told without a decimal.
WHOLE_FROM = 10
ENDED = (DossierState.RECOGNISED, DossierState.NOT_RECOGNISED, DossierState.EXCLUDED)


@dataclass(frozen=True)
class Days:
    """A median number of days in words, and whether it is beyond the law's limit."""

    words: str
    is_over: bool = False


@dataclass(frozen=True)
class Step:
    """Dossiers at one step: how many, how long half of them have waited, how long the step took.

    `over` of those there are beyond the limit.
    """

    label: str
    number: int
    share: Fraction
    url: str
    waiting: Days | None = None
    taken: Days | None = None
    taken_by: int = 0
    limit: str = ""
    over: int = 0
    over_url: str = ""


@dataclass(frozen=True)
class Road:
    """The steps somebody has to act on, then the ends; `re_ranking` has a limit of its own."""

    steps: tuple[Step, ...]
    ends: tuple[Step, ...]
    re_ranking: Step | None
    years: str


def road_of(choice: Choice, day: date) -> Road:
    """The dossiers of the plan's years; the steps taken in its period. One query."""
    plan = choice.plan
    years, period = (plan.starts_on.year, plan.ends_on.year), period_of(plan, day)
    times = step_times(
        Dossier.objects.filter(choice.of_dossiers), years=years, start=period.start, end=period.end
    )
    most = max((times[state].now.number for state in (*MOVING, *ENDED) if state in times), default=1)
    words = str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"
    address = choice.for_dossiers | _years(years)
    re_ranking = times.get(RE_RANKING)
    return Road(
        steps=tuple(_step(state, times.get(state, StepTimes()), most, address) for state in MOVING),
        ends=tuple(_end(state, times.get(state, StepTimes()).now, most, address) for state in ENDED),
        re_ranking=_re_ranking(re_ranking, most, address) if re_ranking else None,
        years=words,
    )


def _years(years: tuple[int, int]) -> dict[str, Any]:
    first, last = years
    return {"year": first} if first == last else {"from_year": first, "to_year": last}


def _step(state: DossierState, times: StepTimes, most: int, address: dict[str, Any]) -> Step:
    own = {"state": str(state)} | address
    return Step(
        label=str(state.label),
        number=times.now.number,
        share=Fraction(times.now.number, max(most, 1)),
        url=_list(own),
        waiting=_days(times.now, state),
        taken=_days(times.left, state),
        taken_by=times.left.number,
        limit=_limit(state),
        over=times.now.over,
        over_url=_list(own | {"overdue": 1}),
    )


def _end(state: DossierState, waits: Waits, most: int, address: dict[str, Any]) -> Step:
    share = Fraction(waits.number, max(most, 1))
    return Step(str(state.label), waits.number, share, _list({"state": str(state)} | address))


def _re_ranking(times: StepTimes, most: int, address: dict[str, Any]) -> Step:
    """From acceptance to the decision. Those beyond the limit have no list of their own: it is read from the
    history; they are among those under decision."""
    url = _list({"kind": str(DossierKind.RE_RANKING), "state": UNDER_DECISION} | address)
    return Step(
        label="Đánh giá lại: tiếp nhận đến quyết định",
        number=times.now.number,
        share=Fraction(times.now.number, max(most, 1)),
        url=url,
        waiting=_days(times.now, RE_RANKING),
        taken=_days(times.left, RE_RANKING),
        taken_by=times.left.number,
        limit=_limit(RE_RANKING),
        over=times.now.over,
        over_url=url,
    )


def _days(waits: Waits, step: str) -> Days | None:
    if waits.median is None:
        return None
    limit, days = LIMITS.get(step), Decimal(str(waits.median)).quantize(Decimal("0.1"))
    unit = limit.unit if limit else "ngày"
    number = format_number(days, 0) if days >= WHOLE_FROM else format_number(days)
    words = f"dưới 1 {unit}" if days < 1 else f"{number} {unit}"
    return Days(words, limit is not None and waits.median > limit.days)


def _limit(step: str) -> str:
    limit = LIMITS.get(step)
    if limit is None:
        return ROUNDS_END if step == DossierState.ACCEPTED else ""
    return f"{limit.days} {limit.unit}"


def _list(query: dict[str, Any]) -> str:
    return f"{reverse('products:dossiers')}?{urlencode(query)}"
