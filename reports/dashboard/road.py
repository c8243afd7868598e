"""The road of the dossiers: how many stand at each step, how long, and how long the step took."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from products.enums import DossierKind, DossierState
from products.filters import UNDER_DECISION
from products.models import Dossier
from products.queries.steps import LIMITS, RE_RANKING, StepTimes, Waits, step_times
from products.step_words import days_words, limit_words, step_label
from reports.dashboard.choice import Choice
from training.models import Plan
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
ENDED = (DossierState.RECOGNISED, DossierState.NOT_RECOGNISED, DossierState.EXCLUDED)


@dataclass(frozen=True)
class Days:
    """A median number of days in words, and whether it is beyond the law's limit."""

    words: str
    is_over: bool = False


@dataclass(frozen=True)
class Links:
    """Where the numbers of a step lead: those there, those of them beyond the limit, the days both ways."""

    now: str
    over: str
    waiting: str
    taken: str


@dataclass(frozen=True)
class Step:
    """Dossiers at one step: how many, how long half of them have waited, how long the step took.

    `over` of those there are beyond the limit.
    """

    label: str
    number: int
    share: Fraction
    links: Links
    waiting: Days | None = None
    taken: Days | None = None
    taken_by: int = 0
    limit: str = ""
    over: int = 0

    @property
    def url(self) -> str:
        return self.links.now


@dataclass(frozen=True)
class Road:
    """The steps somebody has to act on, then the ends; `re_ranking` has a limit of its own."""

    steps: tuple[Step, ...]
    ends: tuple[Step, ...]
    re_ranking: Step | None
    years: str


def road_of(choice: Choice, day: date) -> Road:
    """The dossiers of the plan's years; the steps taken in its period. One query."""
    years = years_of(choice.plan)
    times = step_times(Dossier.objects.filter(choice.of_dossiers), **asked_of(choice.plan, day))
    address = choice.for_dossiers | _years(years)
    return road_from(times, years, lambda step: _links(step, choice, address))


def asked_of(plan: Plan, day: date) -> dict[str, Any]:
    """Which stays count, as `step_times` and `step_stays` take it."""
    period = period_of(plan, day)
    return {"years": years_of(plan), "start": period.start, "end": period.end}


def years_of(plan: Plan) -> tuple[int, int]:
    return plan.starts_on.year, plan.ends_on.year


def road_from(times: Mapping[str, StepTimes], years: tuple[int, int], links: Callable[[str], Links]) -> Road:
    """The road from numbers already known."""
    most = max((times[state].now.number for state in (*MOVING, *ENDED) if state in times), default=1)

    def step(name: str) -> Step:
        return _step(name, times.get(name, StepTimes()), most, links(name))

    return Road(
        steps=tuple(map(step, MOVING)),
        ends=tuple(_end(name, times.get(name, StepTimes()).now, most, links(name)) for name in ENDED),
        re_ranking=step(RE_RANKING) if RE_RANKING in times else None,
        years=str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}",
    )


def _years(years: tuple[int, int]) -> dict[str, Any]:
    first, last = years
    return {"year": first} if first == last else {"from_year": first, "to_year": last}


def _links(step: str, choice: Choice, address: dict[str, Any]) -> Links:
    """The list of dossiers knows no history: re-ranking beyond the limit is found among its days."""
    waiting, taken = (stays_url(choice, step, waiting=there) for there in (True, False))
    if step == RE_RANKING:
        now = {"kind": str(DossierKind.RE_RANKING), "state": UNDER_DECISION}
        return Links(_list(now | address), waiting, waiting, taken)
    own = {"state": str(step)} | address
    return Links(_list(own), _list(own | {"overdue": 1}), waiting, taken)


def stays_url(choice: Choice, step: str, *, waiting: bool) -> str:
    """The list of the days behind a median."""
    query = {"plan": choice.plan.code, "commune": choice.commune.pk if choice.commune else ""}
    query |= {"group": choice.group_value, "qua": "" if waiting else 1}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('reports:step_stays', args=[step])}?{asked}"


def _step(step: str, times: StepTimes, most: int, links: Links) -> Step:
    return Step(
        label=step_label(step),
        number=times.now.number,
        share=Fraction(times.now.number, max(most, 1)),
        links=links,
        waiting=days_of(times.now, step),
        taken=days_of(times.left, step),
        taken_by=times.left.number,
        limit=limit_words(step),
        over=times.now.over,
    )


def _end(state: str, waits: Waits, most: int, links: Links) -> Step:
    return Step(step_label(state), waits.number, Fraction(waits.number, max(most, 1)), links)


def days_of(waits: Waits, step: str) -> Days | None:
    """The median in words; None where there is none."""
    if waits.median is None:
        return None
    limit = LIMITS.get(step)
    return Days(days_words(waits.median, step), limit is not None and waits.median > limit.days)


def _list(query: dict[str, Any]) -> str:
    return f"{reverse('products:dossiers')}?{urlencode(query)}"
