"""Until when the commune checks a dossier: fifteen working days from its filing."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from accounts.registry import todos_for
from products.deadlines import due_on, is_overdue, working_days_after, working_days_left
from products.models import Dossier
from products.tests.factories import commune_officer_of, make_dossier

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 10, 12), 15, date(2026, 11, 2)),  # Monday: three whole weeks
        (date(2026, 10, 16), 1, date(2026, 10, 19)),  # Friday: the next one is Monday
        (date(2026, 10, 17), 15, date(2026, 11, 6)),  # filed on a Saturday: Monday is the first
    ],
)
def test_saturdays_and_sundays_do_not_count(start, days, end):
    assert working_days_after(start, days) == end


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # Giỗ Tổ 2027 is Friday 16/04 (10th of the 3rd lunar month).
        (date(2027, 4, 15), 1, date(2027, 4, 19)),
        # 30/04/2027 is a Friday, 01/05 a Saturday: Monday 03/05 is off in its place.
        (date(2027, 4, 29), 1, date(2027, 5, 4)),
        # Tết 2027: the year of the Goat begins on Saturday 06/02; off from Thursday 04/02 to Wednesday 10/02.
        (date(2027, 2, 3), 1, date(2027, 2, 11)),
        # Filed on Monday 01/02/2027: 2, 3, 11, 12 | 15-19 | 22-26 are fourteen, Monday 01/03 the fifteenth.
        (date(2027, 2, 1), 15, date(2027, 3, 1)),
        # 2/9/2026 and the day before it are off, and Monday 31/08 in exchange for Saturday 22/08.
        (date(2026, 8, 28), 1, date(2026, 9, 3)),
        (date(2026, 8, 21), 1, date(2026, 8, 22)),
        # 01/01/2027 is a Friday.
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_public_holidays_do_not_count(start, days, end):
    assert working_days_after(start, days) == end


def test_days_the_government_swaps_later_are_told_in_the_settings(settings):
    settings.OCOP_EXTRA_HOLIDAYS = [date(2028, 5, 5)]  # a Friday
    settings.OCOP_EXTRA_WORKING_DAYS = [date(2028, 5, 13)]  # a Saturday
    assert working_days_after(date(2028, 5, 4), 1) == date(2028, 5, 8)
    assert working_days_after(date(2028, 5, 12), 1) == date(2028, 5, 13)


@pytest.mark.parametrize(
    ("due", "today", "left"),
    [
        (date(2026, 10, 12), date(2026, 10, 12), 0),
        (date(2026, 10, 19), date(2026, 10, 16), 1),  # Friday to Monday
        (date(2026, 10, 16), date(2026, 10, 19), -1),
        (date(2027, 2, 11), date(2027, 2, 3), 1),  # over Tết
    ],
)
def test_working_days_left(due, today, left):
    assert working_days_left(due, today) == left


def filed_on(day: date) -> Dossier:
    dossier = make_dossier(state="submitted")
    dossier.state_since = datetime.combine(day, time(8), timezone.get_current_timezone())
    return dossier


def test_the_commune_has_fifteen_working_days():
    late = filed_on(date(2026, 1, 5))
    assert due_on(late) == date(2026, 1, 26) and is_overdue(late)


def test_a_dossier_filed_today_is_not_late():
    assert not is_overdue(filed_on(timezone.localdate()))


@pytest.mark.parametrize("state", ["draft", "returned", "proposed", "accepted"])
def test_no_day_is_set_elsewhere(state):
    assert due_on(make_dossier(state=state)) is None


def test_the_officers_list_says_until_when():
    dossier = make_dossier(state="submitted")
    [todo] = todos_for(commune_officer_of(dossier.commune))
    assert (todo.due, todo.overdue) == (due_on(dossier), False)
