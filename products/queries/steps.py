"""The steps of the road in days: how long dossiers waited in each state, and how long those there wait now.

Days are calendar days, but working days where the law counts in them. One query for everything: the numbers
and the lists behind them are endings of one statement.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from products.deadlines import DAYS_TO_CHECK, in_time_since, is_working_day
from products.enums import DossierState
from products.models import Dossier

# Accepted and not decided yet.
UNDER_DECISION = (DossierState.ACCEPTED, DossierState.SCORED)
# Not a state: a re-ranking dossier from its acceptance to the decision.
RE_RANKING = "re_ranking"
# Re-ranking is decided within 45 days of a complete file (Đ7 k6 QĐ 26/2026).
DAYS_TO_RE_RANK = 45
# A dossier that waits longer counts as waiting this long.
OLDEST = timedelta(days=400)


@dataclass(frozen=True)
class Limit:
    """What the law allows for a step."""

    days: int
    in_working_days: bool = False

    @property
    def unit(self) -> str:
        return "ngày làm việc" if self.in_working_days else "ngày"


LIMITS: dict[str, Limit] = {
    DossierState.SUBMITTED: Limit(DAYS_TO_CHECK, in_working_days=True),
    RE_RANKING: Limit(DAYS_TO_RE_RANK),
}


@dataclass(frozen=True)
class Waits:
    """Some dossiers at a step: how many, the median of their days, how many beyond the law's limit."""

    number: int = 0
    median: float | None = None
    over: int = 0


@dataclass(frozen=True)
class StepTimes:
    """`now`: those in the step; `left`: those that left it in the period."""

    now: Waits = Waits()
    left: Waits = Waits()


@dataclass(frozen=True)
class Stay:
    """One stay of a dossier at a step; without `until` it was still there."""

    step: str
    is_there: bool
    dossier_id: int
    since: datetime
    until: datetime | None
    days: float
    is_over: bool
    """Beyond the limit of the law?"""


def midnight(day: date) -> datetime:
    """The moment a day begins here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def step_times(
    rows: QuerySet[Dossier], *, years: tuple[int, int], start: date, end: date, as_of: date | None = None
) -> dict[str, StepTimes]:
    """By state, and under `RE_RANKING` from acceptance to decision.

    `rows`: the dossiers of an area. Now: those of the evaluation years from one to another; with `as_of`
    those that stood there when that day ended. Left: whichever of them left the state from `start` to
    `end`, read from the row history.
    """
    found = {
        (step, there): Waits(number, median, over)
        for step, there, number, median, over in _ask(_NUMBERS, rows, years, start, end, as_of)
    }
    return {
        step: StepTimes(found.get((step, True), Waits()), found.get((step, False), Waits()))
        for step, _ in found
    }


def step_stays(
    rows: QuerySet[Dossier],
    *,
    step: str,
    waiting: bool,
    years: tuple[int, int],
    start: date,
    end: date,
) -> list[Stay]:
    """The stays `step_times` counts at one step, of those there or of those that left; the longest first."""
    found = _ask(_STAYS, rows, years, start, end, None, step, waiting)
    return [Stay(*row) for row in found]


@dataclass(frozen=True)
class StepRecord:
    """One number of the road with the stays behind it, to be kept.

    `stays`: dossier id, first day, last day (None: still there), days, 1 where beyond the limit of the law.
    """

    step: str
    is_there: bool
    waits: Waits
    stays: list[list[Any]]


def step_records(
    rows: QuerySet[Dossier], *, years: tuple[int, int], start: date, end: date, as_of: date
) -> list[StepRecord]:
    """What `step_times` gives of a day, with the stays themselves, the longest first."""
    return [
        StepRecord(step, there, Waits(number, median, over), stays)
        for step, there, number, median, over, stays in _ask(_RECORDS, rows, years, start, end, as_of)
    ]


def _ask(
    ending: str,
    rows: QuerySet[Dossier],
    years: tuple[int, int],
    start: date,
    end: date,
    as_of: date | None,
    *more: Any,
) -> list[tuple]:
    first, last = midnight(start), midnight(end + timedelta(days=1))
    # Who left a state since the first day has entered another one since. In the order of the index of the
    # history, which is then walked once from end to end.
    moved = rows.filter(Q(year__range=years) | Q(state_since__gte=first)).order_by("pk")
    area, values = moved.values("pk", "kind", "year", "state", "state_since").query.sql_with_params()
    today = as_of or timezone.localdate()
    # The last moment of the day, so that the day itself is the last of those that are counted.
    moment = midnight(as_of + timedelta(days=1)) - timedelta(microseconds=1) if as_of else timezone.now()
    oldest = min(start, date(years[0], 1, 1)) - OLDEST
    here = [oldest, _working_days(oldest, today), moment, settings.TIME_ZONE]
    asked = [*here, *values, first, last, first, last, midnight(in_time_since(today)), *years, *more]
    events, standing = (_EVENTS_UNTIL, _STOOD) if as_of else (_EVENTS, _STANDS)
    text = (_STATEMENT + ending).format(area=area, events=events, standing=standing, **_WORDS)
    with connection.cursor() as cursor:
        cursor.execute(text, asked)
        return cursor.fetchall()


@cache
def _working_days(first: date, last: date) -> list[int]:
    """For every day from one to another, how many working days have passed when it ends."""
    days = (first + timedelta(days=gone) for gone in range((last - first).days + 1))
    return list(accumulate(map(int, map(is_working_day, days))))


_WORDS = {
    "submitted": DossierState.SUBMITTED.value,
    "re_ranking": RE_RANKING,
    "decided": tuple(DossierState.decided),
    "under_decision": tuple(map(str, UNDER_DECISION)),
    "days_to_check": DAYS_TO_CHECK,
    "days_to_re_rank": DAYS_TO_RE_RANK,
}
_EVENTS, _EVENTS_UNTIL = (
    "products_dossierevent",
    "(SELECT * FROM products_dossierevent WHERE state_since <= (SELECT moment FROM here))",
)
# Where a dossier stands now, or stood at the moment: in the last state the history tells until then.
_STANDS, _STOOD = (
    "SELECT id, kind, year, state, state_since FROM found",
    "SELECT id, kind, year, step, since FROM passed WHERE until IS NULL",
)
# `spells`: each stay of a dossier at a step, from `since` to `until` (none: still there). A row that changed
# without a step stands in the history with the same moment twice; only its last one has a later moment after
# it. `OFFSET 0`: the days are told before the sort, into which every row would else carry the array of
# working days. No word of the text comes from a person; the values stay parameters.
_STATEMENT = """
    WITH here (oldest, worked, moment, zone) AS (SELECT %s::date, %s::int[], %s::timestamptz, %s::text),
    found (id, kind, year, state, state_since) AS ({area}),
    passed AS (
        SELECT found.id, found.kind, found.year, e.state AS step, e.state_since AS since,
               lead(e.state_since) OVER road AS until
        FROM {events} e JOIN found ON found.id = e.pgh_obj_id
        WINDOW road AS (PARTITION BY e.pgh_obj_id ORDER BY e.state_since)
    ),
    area (id, kind, year, state, state_since) AS ({standing}),
    re_ranked AS (
        SELECT area.id, area.year, area.state,
               min(e.state_since) FILTER (WHERE e.state = 'accepted') AS since,
               max(e.state_since) FILTER (WHERE e.state IN {decided}) AS until
        FROM area JOIN {events} e ON area.id = e.pgh_obj_id
        WHERE area.kind = '{re_ranking}'
        GROUP BY area.id, area.year, area.state
    ),
    spells AS (
        SELECT id, step, since, until, NULL::int AS year FROM passed
        WHERE until > since AND until >= %s AND until < %s
        UNION ALL
        SELECT id, '{re_ranking}', since, until, year FROM re_ranked
        WHERE since IS NOT NULL
            AND (until >= %s AND until < %s OR until IS NULL AND state IN {under_decision})
        UNION ALL
        SELECT id, state, state_since, NULL, year FROM area
    ),
    timed AS (
        SELECT id, step, since, until, until IS NULL AS is_there, year,
               CASE WHEN step = '{submitted}' THEN
                   worked[(coalesce(until, moment) AT TIME ZONE zone)::date - oldest + 1]
                   - coalesce(worked[(since AT TIME ZONE zone)::date - oldest + 1], 0)
               ELSE date_part('epoch', coalesce(until, moment) - since) / 86400 END AS days
        FROM spells CROSS JOIN here OFFSET 0
    ),
    measured AS (
        SELECT *, CASE
               WHEN step = '{submitted}' AND is_there THEN since < %s
               WHEN step = '{submitted}' THEN days > {days_to_check}
               WHEN step = '{re_ranking}' THEN days > {days_to_re_rank} ELSE false END AS is_over
        FROM timed WHERE until IS NOT NULL OR year BETWEEN %s AND %s
    )
"""
_NUMBERS = """
    SELECT step, is_there, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
           count(*) FILTER (WHERE is_over)
    FROM measured GROUP BY 1, 2
"""
_STAYS = """
    SELECT step, is_there, id, since, until, days, is_over FROM measured
    WHERE step = %s AND is_there = %s ORDER BY days DESC, id, since
"""
_RECORDS = """
    SELECT step, is_there, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
           count(*) FILTER (WHERE is_over),
           json_agg(
               json_build_array(
                   id, (since AT TIME ZONE zone)::date, (until AT TIME ZONE zone)::date,
                   round(days::numeric, 1), is_over::int
               ) ORDER BY days DESC, id, since
           )
    FROM measured CROSS JOIN (SELECT zone FROM here) told GROUP BY 1, 2
"""
