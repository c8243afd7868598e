"""Notices: told once, read by POST, counted in the bell without a query of its own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import notices
from core.enums import NoticeKind
from core.models import Notice, NoticePreference

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    """A provincial officer, signed in."""
    user = make_user("vanphong", Role.PROVINCIAL_OFFICER, email="vanphong@example.com")
    client.force_login(user)
    return user


def tell(*users, key="mot", **fields):
    values = {"kind": NoticeKind.DOSSIER, "title": f"Thông báo {key}", "url": "/ho-so/", **fields}
    return notices.send(users, key=key, **values)


def test_the_same_thing_is_told_to_a_person_once(officer):
    colleague = make_user("dongnghiep")
    assert tell(officer) == 1
    assert tell(officer, colleague) == 1  # the colleague did not know yet
    assert tell(officer, colleague) == 0
    assert sorted(Notice.objects.values_list("user__username", "key")) == [
        ("dongnghiep", "mot"),
        ("vanphong", "mot"),
    ]


def test_an_account_that_is_closed_hears_nothing():
    assert tell(make_user("da-nghi", is_active=False)) == 0


def test_the_bell_counts_what_is_not_read(client, officer):
    tell(officer)
    tell(officer, key="hai")
    page = client.get(reverse("core:notices")).content.decode()
    assert page.count("is-unread") == 2
    assert '<span class="nav-count">2<span' in page.split('class="bell"')[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_whatever_the_rows(client, officer, count, django_assert_num_queries):
    for number in range(count):
        tell(officer, key=f"so-{number}")
    # session, user with the count of the bell, roles, waiting dossiers of the navigation, rows, their count
    with django_assert_num_queries(6):
        client.get(reverse("core:notices"))


def test_the_bell_costs_no_query(client, officer, django_assert_num_queries):
    url = reverse("accounts:password_change")  # a page that asks nothing itself
    client.get(url)
    with django_assert_num_queries(4):  # session, user, roles, waiting dossiers of the navigation
        client.get(url)
    tell(officer)
    with django_assert_num_queries(4):
        assert "chưa đọc" in client.get(url).content.decode()


def test_opening_a_notice_marks_it_as_read_and_leads_on(client, officer):
    tell(officer)
    notice = Notice.objects.get()
    answer = client.post(reverse("core:notice_read", args=[notice.pk]))
    assert answer.url == "/ho-so/"
    first = Notice.objects.get().read_at
    client.post(reverse("core:notice_read", args=[notice.pk]), {"stay": "1"})
    assert first is not None and Notice.objects.get().read_at == first


def test_a_notice_of_somebody_else_is_not_found(client, officer):
    other = make_user("khac", Role.LEADERSHIP)
    tell(other)
    assert client.post(reverse("core:notice_read", args=[Notice.objects.get().pk])).status_code == 404
    assert "Thông báo mot" not in client.get(reverse("core:notices")).content.decode()


def test_looking_at_the_list_reads_nothing(client, officer):
    tell(officer)
    client.get(reverse("core:notices"))
    assert client.get(reverse("core:notices_read_all")).status_code == 405
    assert Notice.objects.get().read_at is None


def test_all_are_marked_as_read_at_once_but_only_the_own(client, officer):
    other = make_user("khac", Role.LEADERSHIP)
    tell(officer, other)
    tell(officer, key="hai")
    client.post(reverse("core:notices_read_all"))
    assert Notice.objects.filter(user=officer).unread().count() == 0
    assert Notice.objects.filter(user=other).unread().count() == 1


def test_only_unread_ones_on_request(client, officer):
    tell(officer)
    notices.mark_all_read(by=officer)
    tell(officer, key="hai")
    page = client.get(reverse("core:notices"), {"chua-doc": "1"}).content.decode()
    assert "Thông báo hai" in page and "Thông báo mot" not in page


def test_old_notices_are_dropped_after_half_a_year(officer):
    tell(officer)
    tell(officer, key="cu")
    Notice.objects.filter(key="cu").update(created_at=timezone.now() - timedelta(days=181))
    assert notices.prune() == 1
    assert Notice.objects.get().key == "mot"


def test_how_letters_come_is_the_persons_choice(client, officer):
    url = reverse("core:notice_preferences")
    assert "vanphong@example.com" in client.get(url).content.decode()
    assert client.get(url).context["form"]["mail"].value() == "daily"
    assert client.post(url, {"mail": "never"}).status_code == 302
    assert NoticePreference.objects.get(user=officer).mail == "never"
    assert client.post(url, {"mail": "sai"}).status_code == 200


def test_without_an_address_the_page_says_so(client):
    client.force_login(make_user("khong-thu", Role.LEADERSHIP))
    assert "chưa có địa chỉ thư" in client.get(reverse("core:notice_preferences")).content.decode()
