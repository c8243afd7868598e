"""Việc của tôi: overdue first, honest about what is left out, notices beside the work."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user, one_of_each_role
from core import notices
from core.models import Notice
from products import frame
from products.enums import DossierState
from products.models import Dossier
from products.tests.factories import commune_officer_of, make_dossier, make_entity, make_product

pytestmark = pytest.mark.django_db


def tell(user, key="mot", **fields):
    values = {"kind": "dossier", "title": f"Thông báo {key}", "url": "/ho-so/", **fields}
    notices.send([user], key=key, **values)
    return Notice.objects.get(user=user, key=key)


def page_of(client, user):
    client.force_login(user)
    return client.get(reverse("accounts:home")).content.decode()


def test_more_than_a_page_of_work_says_how_many_and_where(client, monkeypatch):
    monkeypatch.setattr(frame, "LONGEST_TODO", 2)
    entity = make_entity()
    for number in range(5):
        make_dossier(make_product(f"Bánh {number}", entity), DossierState.SUBMITTED)
    page = page_of(client, commune_officer_of(entity.commune))
    assert "và 3 hồ sơ đang chờ nữa" in page
    assert f"{reverse('products:dossiers')}?state=submitted" in page


def test_the_communes_clock_counts_working_days(client):
    dossier = make_dossier(state=DossierState.SUBMITTED)
    page = page_of(client, commune_officer_of(dossier.commune))
    assert "còn 15 ngày làm việc" in page


def test_what_is_overdue_comes_first_and_says_so(client):
    entity = make_entity()
    make_dossier(make_product("Bánh mới", entity), DossierState.SUBMITTED)
    late = make_dossier(make_product("Bánh trễ", entity), DossierState.SUBMITTED)
    Dossier.objects.filter(pk=late.pk).update(state_since=timezone.now() - timedelta(days=60))
    page = page_of(client, commune_officer_of(entity.commune))
    assert page.index("Bánh trễ") < page.index("Bánh mới")
    assert "quá hạn" in page and "ngày làm việc" in page


def test_five_newest_unread_notices_stand_on_the_page(client):
    user = make_user("vanphong", Role.PROVINCIAL_OFFICER)
    for number in range(6):
        tell(user, f"so-{number}")
    page = page_of(client, user)
    assert "Thông báo so-5" in page and "Thông báo so-1" in page
    assert "Thông báo so-0" not in page
    assert "Thông báo mới" in page and "(6)" in page


@pytest.mark.parametrize("role", Role.values)
def test_the_page_takes_at_most_seventeen_queries(client, role, django_assert_max_num_queries):
    people = one_of_each_role()
    entity = make_entity()
    for number in range(3):
        make_dossier(make_product(f"Bánh {number}", entity), DossierState.SUBMITTED)
        tell(people[role], f"so-{number}")
    client.force_login(people[role])
    with django_assert_max_num_queries(17):
        client.get(reverse("accounts:home"))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_work(client, count, django_assert_num_queries):
    entity = make_entity()
    officer = commune_officer_of(make_commune())
    for number in range(count):
        make_dossier(make_product(f"Bánh {number}", entity), DossierState.SUBMITTED)
        tell(officer, f"so-{number}")
    client.force_login(officer)
    with django_assert_num_queries(7):
        client.get(reverse("accounts:home"))


def test_since_is_the_day_the_state_began():
    since = datetime(2026, 11, 5, 9, tzinfo=UTC)
    dossier = make_dossier(state=DossierState.SUBMITTED)
    Dossier.objects.filter(pk=dossier.pk).update(state_since=since)
    [todo] = frame.dossiers_waiting(commune_officer_of(dossier.commune))
    assert todo.since == since
