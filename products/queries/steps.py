"""The steps of the road in days: how long dossiers waited in each state, and how long those there wait now.

Days are calendar days, but working days where the law counts in them. One query for everything.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from products.deadlines import DAYS_TO_CHECK, is_working_day
from products.enums import DossierState
from products.models import Dossier
from products.queries.funnel import in_time_since, midnight

# Not a state: a re-ranking dossier from its acceptance to the decision.
RE_RANKING = "re_ranking"
# Re-ranking is decided within 45 days of a complete file (Đ7 k6 QĐ 26/2026).
DAYS_TO_RE_RANK = 45
UNDER_DECISION = (DossierState.ACCEPTED, DossierState.SCORED)
# A dossier that waits longer counts as waiting this long.
OLDEST = timedelta(days=400)


@dataclass(frozen=True)
class Limit:
    """What the law allows for a step."""

    days: int
    in_working_days: bool = False


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


def step_times(
    rows: QuerySet[Dossier], *, years: tuple[int, int], start: date, end: date
) -> dict[str, StepTimes]:
    """By state, and under `RE_RANKING` from acceptance to decision.

    `rows`: the dossiers of an area. Now: those of the evaluation years from one to another. Left: whichever
    of them left the state from `start` to `end`, read from the row history.
    """
    first, last = midnight(start), midnight(end + timedelta(days=1))
    # Who left a state since the first day has entered another one since.
    moved = rows.filter(Q(year__range=years) | Q(state_since__gte=first))
    area, values = moved.order_by().values("pk").query.sql_with_params()
    today = timezone.localdate()
    calendar = _working_days(min(start, date(years[0], 1, 1)) - OLDEST, today)
    in_time = midnight(in_time_since(today))
    asked = [*calendar, *values, timezone.now(), *[settings.TIME_ZONE] * 2, in_time, *years, first, last]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(area=area, **_WORDS), asked)
        found = {(step, there): Waits(number, median, over) for step, there, number, median, over in cursor}
    return {
        step: StepTimes(found.get((step, True), Waits()), found.get((step, False), Waits()))
        for step, _ in found
    }


@cache
def _working_days(first: date, last: date) -> tuple[list[date], list[int]]:
    """Every day from one to another, with how many working days have passed when it ends."""
    days = [first + timedelta(days=gone) for gone in range((last - first).days + 1)]
    return days, list(accumulate(map(int, map(is_working_day, days))))


_WORDS = {
    "submitted": DossierState.SUBMITTED.value,
    "re_ranking": RE_RANKING,
    "decided": tuple(DossierState.decided),
    "under_decision": tuple(map(str, UNDER_DECISION)),
    "days_to_check": DAYS_TO_CHECK,
    "days_to_re_rank": DAYS_TO_RE_RANK,
}
# `spells`: each stay of a dossier at a step, from `since` to `until` (none: still there). No word of the text
# comes from a person; the values stay parameters.
_STATEMENT = """
    WITH calendar AS (SELECT * FROM unnest(%s::date[], %s::int[]) AS calendar(day, passed)),
    area AS (
        SELECT id, kind, year, state, state_since FROM products_dossier WHERE id IN ({area})
    ),
    entered AS (
        SELECT DISTINCT e.pgh_obj_id AS id, e.state, e.state_since
        FROM products_dossierevent e JOIN area ON area.id = e.pgh_obj_id
    ),
    passed AS (
        SELECT id, state AS step, state_since AS since, lead(state_since) OVER road AS until
        FROM entered WINDOW road AS (PARTITION BY id ORDER BY state_since)
    ),
    re_ranked AS (
        SELECT area.id, area.year, area.state,
               min(e.state_since) FILTER (WHERE e.state = 'accepted') AS since,
               max(e.state_since) FILTER (WHERE e.state IN {decided}) AS until
        FROM area JOIN entered e ON e.id = area.id
        WHERE area.kind = '{re_ranking}' GROUP BY area.id, area.year, area.state
    ),
    spells AS (
        SELECT state AS step, state_since AS since, NULL::timestamptz AS until, year FROM area
        UNION ALL
        SELECT step, since, until, NULL FROM passed WHERE until IS NOT NULL
        UNION ALL
        SELECT '{re_ranking}', since, until, year FROM re_ranked
        WHERE since IS NOT NULL AND (until IS NOT NULL OR state IN {under_decision})
    ),
    measured AS (
        SELECT step, until, year, since,
               CASE WHEN step = '{submitted}' THEN ending.passed - coalesce(begun.passed, 0)
                    ELSE extract(epoch FROM coalesce(until, here.moment) - since) / 86400 END AS days
        FROM spells CROSS JOIN (SELECT %s::timestamptz AS moment) AS here
        LEFT JOIN calendar begun ON begun.day = (since AT TIME ZONE %s)::date
        LEFT JOIN calendar ending ON ending.day = (coalesce(until, here.moment) AT TIME ZONE %s)::date
    )
    SELECT step, until IS NULL, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days::float),
           count(*) FILTER (WHERE CASE
               WHEN step = '{submitted}' AND until IS NULL THEN since < %s
               WHEN step = '{submitted}' THEN days > {days_to_check}
               WHEN step = '{re_ranking}' THEN days > {days_to_re_rank} ELSE false END)
    FROM measured
    WHERE CASE WHEN until IS NULL THEN year BETWEEN %s AND %s ELSE until >= %s AND until < %s END
    GROUP BY 1, 2
"""
