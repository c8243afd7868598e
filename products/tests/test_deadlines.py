"""Until when the commune checks a dossier: fifteen working days from its filing."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from accounts.registry import todos_for
from products.deadlines import due_on, is_overdue, working_days_after
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
