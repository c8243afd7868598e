"""The funnel: ages, overdue ones and the days a step takes, worked by hand."""

from datetime import date, datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from products.deadlines import is_overdue
from products.models import Dossier
from products.queries.funnel import AGES, funnel_for, of_age, overdue_q
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    provincial_officer,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def standing(name: str, state: str, days: int, entity=None) -> Dossier:
    """A dossier put in a state so many days before TODAY, by decree."""
    since = at(TODAY - timedelta(days=days))
    with patch.object(timezone, "now", lambda: since - timedelta(days=1)):
        dossier = make_dossier(make_product(name, entity or make_entity(f"HTX {name} Thử")))
    Dossier.objects.filter(pk=dossier.pk).update(state=state, state_since=since)
    return Dossier.objects.get(pk=dossier.pk)


@pytest.fixture
def today(monkeypatch):
    """Friday 20 November 2026, nine in the morning."""
    monkeypatch.setattr(
        timezone,
        "localdate",
        lambda value=None, zone=None: (value or at(TODAY)).astimezone(timezone.get_default_timezone()).date(),
    )
    monkeypatch.setattr(timezone, "now", lambda: at(TODAY))
    return TODAY


@pytest.mark.parametrize(
    ("days", "slug"),
    [
        (0, "0-7"),
        (7, "0-7"),
        (8, "8-15"),
        (15, "8-15"),
        (16, "16-30"),
        (30, "16-30"),
        (31, "31"),
        (400, "31"),
    ],
)
def test_every_age_has_one_bucket(days, slug):
    dossier = standing("Bánh đa", "submitted", days)
    found = [age.slug for age in AGES if Dossier.objects.filter(of_age(age.slug, TODAY)).exists()]
    assert (found, dossier.state) == ([slug], "submitted")


def test_an_unknown_age_finds_nobody():
    standing("Bánh đa", "submitted", 3)
    assert not Dossier.objects.filter(of_age("x", TODAY)).exists()


@pytest.mark.parametrize("days", range(17, 26))
def test_overdue_in_the_database_is_overdue_by_the_clock(days, today):
    """15 working days before Friday 20/11/2026 is Friday 30/10: filed then is in time, earlier is not."""
    dossier = standing("Bánh đa", "submitted", days)
    found = Dossier.objects.filter(overdue_q()).exists()
    assert found == is_overdue(dossier) == (days > 21)


def test_the_funnel_counts_by_state_and_age_and_puts_the_overdue_first(today):
    standing("Kẹo lạc", "submitted", 40)
    older = standing("Bún khô", "submitted", 60)
    standing("Mật ong", "submitted", 2)
    standing("Chè xanh", "proposed", 10)
    standing("Bưởi", "recognised", 10)
    funnel = funnel_for(provincial_officer())
    rows = {
        stage.state.value: (stage.total.number, [cell.number for cell in stage.ages], stage.overdue.number)
        for stage in funnel.stages
    }
    assert rows["submitted"] == (3, [1, 0, 0, 2], 2)
    assert rows["proposed"] == (1, [0, 1, 0, 0], 0)
    assert rows["draft"] == (0, [0, 0, 0, 0], 0)
    assert "recognised" not in rows
    assert (funnel.total, funnel.total_overdue, funnel.overdue[0]) == (4, 2, older)


def test_a_step_takes_the_median_of_what_was_left_in_the_last_year(today):
    """With the commune from Saturday 31/10 to 2, 4 and 9 November: 1, 3 and 6 working days, the median 3.

    The waiting do not count.
    """
    for name, days in (("Kẹo lạc", 2), ("Bún khô", 4), ("Mật ong", 9)):
        dossier = standing(name, "submitted", 20)
        Dossier.objects.filter(pk=dossier.pk).update(
            state="proposed", state_since=at(TODAY - timedelta(days=20 - days))
        )
    standing("Chè xanh", "submitted", 19)
    stages = {stage.state.value: stage for stage in funnel_for(provincial_officer()).stages}
    assert (stages["submitted"].median, stages["submitted"].taken) == (3.0, 3)
    assert (stages["submitted"].limit.days, stages["submitted"].limit.unit) == (15, "ngày làm việc")
    assert not stages["submitted"].is_slow
    assert (stages["proposed"].median, stages["proposed"].taken) == (None, 0)


def test_every_number_leads_to_the_list_it_counts(client, today):
    for name, state, days in (
        ("Kẹo lạc", "submitted", 40), ("Bún khô", "submitted", 2), ("Chè xanh", "proposed", 10),
    ):  # fmt: skip
        standing(name, state, days)
    officer = provincial_officer()
    client.force_login(officer)
    for stage in funnel_for(officer).stages:
        for cell in (stage.total, stage.overdue, *stage.ages):
            page = client.get(cell.url)
            assert page.context["page_obj"].paginator.count == cell.number, cell


def test_a_commune_sees_its_own_funnel_only(client, today):
    elsewhere = make_entity("HTX Xa", make_commune("Xã Đức Thọ", "18229"))
    own = standing("Kẹo lạc", "submitted", 40)
    standing("Bún khô", "submitted", 60, elsewhere)
    officer = commune_officer_of(own.commune)
    client.force_login(officer)
    page = client.get(reverse("products:funnel"))
    assert page.context["funnel"].overdue == [own]
    assert page.context["funnel"].total == 1


def test_an_entity_has_no_funnel(client):
    client.force_login(make_user("chu-the", Role.ENTITY, make_commune()))
    assert client.get(reverse("products:funnel")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_funnel_takes_three_queries_whatever_the_rows(rows, django_assert_num_queries):
    for number in range(rows):
        standing(f"Sản phẩm {number}", "submitted", 60)
    officer = provincial_officer()
    assert officer.scope.province_ids  # the person's area is read once a request
    with django_assert_num_queries(3):
        funnel_for(officer)
