"""Days by which a step of the dossier's road has to be taken."""

from datetime import date, timedelta
from functools import cache

import holidays
from django.conf import settings
from django.utils import timezone

from products.enums import DossierState
from products.models import Dossier

# The commune checks a dossier within 15 working days of receiving it (Đ7 k2 QĐ 26/2026).
DAYS_TO_CHECK = 15
SATURDAY = 5


@cache
def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off of a year, and its weekend days worked in exchange (Đ112 Bộ luật Lao động).

    Tết and Giỗ Tổ come by the lunar calendar. Swaps the Government announced before this release are
    known; later ones are told in the settings.
    """
    days = holidays.country_holidays("VN", years=year)
    return frozenset(days), frozenset(days.weekend_workdays)


def is_working_day(day: date) -> bool:
    """Monday to Friday without public holidays; days the province was told of prevail."""
    if day in settings.OCOP_EXTRA_WORKING_DAYS:
        return True
    if day in settings.OCOP_EXTRA_HOLIDAYS:
        return False
    off, worked = _calendar(day.year)
    return day in worked or (day.weekday() < SATURDAY and day not in off)


def working_days_after(day: date, count: int) -> date:
    """The day `count` working days later; the day itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_left(due: date, today: date) -> int:
    """Working days from tomorrow to the due day; negative: working days that have passed since it."""
    first, last = sorted((due, today))
    days = sum(is_working_day(first + timedelta(days=gone)) for gone in range(1, (last - first).days + 1))
    return days if due >= today else -days


def in_time_since(today: date) -> date:
    """The first day on which a dossier may have been filed without being overdue today."""
    day = today
    while working_days_after(day - timedelta(days=1), DAYS_TO_CHECK) >= today:
        day -= timedelta(days=1)
    return day


def due_on(dossier: Dossier) -> date | None:
    """The day by which the dossier has to leave its state; None where the law sets no day."""
    if dossier.state not in DossierState.with_commune:
        return None
    return working_days_after(timezone.localdate(dossier.state_since), DAYS_TO_CHECK)


def is_overdue(dossier: Dossier) -> bool:
    """Has that day passed?"""
    due = due_on(dossier)
    return due is not None and due < timezone.localdate()


def in_words(due: date, today: date) -> str:
    """The clock in working days: "còn 6 ngày làm việc", "hạn hôm nay", "quá hạn 2 ngày làm việc"."""
    left = working_days_left(due, today)
    if due < today:
        return f"quá hạn {max(1, -left)} ngày làm việc"
    return f"còn {left} ngày làm việc" if left else "hạn hôm nay"
