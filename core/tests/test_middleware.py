"""The true address of the visitor, and pages that no cache keeps."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.middleware import ProxyAddressMiddleware
from core.models import AuditEntry


def address_seen(settings, proxies, forwarded):
    settings.OCOP_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    return ProxyAddressMiddleware(lambda request: request.META["REMOTE_ADDR"])(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody in front: the header is the visitor's own word
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # what the visitor typed stands first
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # came past a proxy: not believed
    ],
)
def test_the_address_is_the_one_our_own_proxy_wrote(settings, proxies, forwarded, expected):
    assert address_seen(settings, proxies, forwarded) == expected


@pytest.mark.django_db
def test_pages_of_a_signed_in_person_are_kept_in_no_cache(client):
    client.force_login(make_user("xa", Role.COMMUNE_OFFICER, make_commune()))
    assert "no-store" in client.get(reverse("accounts:home")).headers["Cache-Control"]


@pytest.mark.django_db
def test_a_stranger_cannot_fill_the_log_of_refusals(client):
    client.post("/khong-co/")
    assert not AuditEntry.objects.filter(verb="refused").exists()


@pytest.mark.django_db
def test_an_address_that_only_takes_a_form_answers_in_words(client):
    client.force_login(make_user("xa", Role.COMMUNE_OFFICER, make_commune()))
    answer = client.get(reverse("core:notices_read_all"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "không mở trực tiếp được" in answer.content.decode()
