"""The days of a reporting period: pure arithmetic on the day figures close (setting OCOP_CUT_OFF_DAY).

With the usual 14th: a month runs from the 15th of the month before to the 14th; a quarter from the 15th of
the month before it to the 14th of its last month; six months from 15/12 to 14/6, nine months from 15/12 to
14/9, a year from 15/12 to 14/12. Closing on day 0 means the last day of the calendar month.
"""

from calendar import monthrange
from datetime import date, timedelta

from training.enums import PeriodKind

# How many months a period of each kind holds, and how many of the kind a year has.
LENGTH = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE: 9,
    PeriodKind.YEAR: 12,
}
IN_A_YEAR = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}


def span(kind: str, year: int, number: int, closing_day: int) -> tuple[date, date]:
    """First day and cut-off of a period. Raises ValueError for a month or quarter the year does not have."""
    kind = PeriodKind(kind)
    if not 1 <= number <= IN_A_YEAR.get(kind, 1):
        raise ValueError(number)
    last = number * LENGTH[kind]
    first = last - LENGTH[kind]
    return _closing(year, first, closing_day) + timedelta(days=1), _closing(year, last, closing_day)


def last_closed_month(day: date, closing_day: int) -> tuple[int, int]:
    """Year and number of the month whose figures closed last before the day."""
    month = day.year * 12 + day.month - 1 - (_closing(day.year, day.month, closing_day) >= day)
    return month // 12, month % 12 + 1


def _closing(year: int, month: int, closing_day: int) -> date:
    """The day figures close in a month; month 0 is December of the year before."""
    if month == 0:
        year, month = year - 1, 12
    last = monthrange(year, month)[1]
    return date(year, month, min(closing_day or last, last))
