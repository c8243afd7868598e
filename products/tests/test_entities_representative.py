"""Sensitive data of the representative: for few, on request, and every reading is written down."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.models import AuditEntry
from products import services, snapshot
from products.enums import DossierState
from products.models import RepresentativeProfile
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
)

pytestmark = pytest.mark.django_db

SECRET = {
    "gender": "female",
    "ethnicity": "Lô Lô",
    "has_disability": True,
    "permanent_address": "Bản Rào Tre",
}


@pytest.fixture
def entity():
    entity = make_entity()
    RepresentativeProfile.objects.create(entity=entity, **SECRET)
    return entity


def url(name, entity):
    return reverse(f"products:{name}", args=[entity.pk])


def readings(entity):
    return AuditEntry.objects.filter(verb="representative.view", object_id=str(entity.pk))


@pytest.mark.parametrize(
    "who", [owner_of, lambda e: commune_officer_of(e.commune), lambda e: provincial_officer()]
)
def test_those_who_need_it_see_it_and_the_log_says_so(who, entity, client):
    reader = who(entity)
    client.force_login(reader)
    page = client.post(url("representative", entity)).content.decode()
    assert "Lô Lô" in page and "Bản Rào Tre" in page
    assert [entry.actor_id for entry in readings(entity)] == [reader.pk]


@pytest.mark.parametrize(
    "role", [Role.LEADERSHIP, Role.ADMINISTRATOR, Role.COUNCIL_MEMBER, Role.ADVISORY_MEMBER]
)
def test_those_who_only_read_do_not(role, entity, client):
    reader = make_user("nguoi-doc", role)
    client.force_login(reader)
    assert client.post(url("representative", entity)).status_code == 403
    assert client.post(url("representative_edit", entity), {"ethnicity": "Kinh"}).status_code == 403
    with pytest.raises(PermissionDenied):
        services.view_representative(entity, by=reader)
    assert not readings(entity).exists()


def test_a_foreign_commune_and_another_entity_do_not_find_it(entity, client):
    for stranger in (
        commune_officer_of(make_commune("Xã Đức Thọ", "18229")),
        owner_of(make_entity("HTX Sông La")),
    ):
        client.force_login(stranger)
        assert client.post(url("representative", entity)).status_code == 404


def test_an_address_alone_shows_nothing(entity, client):
    client.force_login(provincial_officer())
    assert client.get(url("representative", entity)).status_code == 405
    assert client.get(url("representative_edit", entity)).status_code == 405
    assert not readings(entity).exists()


def test_the_answer_stays_in_no_cache(entity, client):
    client.force_login(provincial_officer())
    assert "no-store" in client.post(url("representative", entity)).headers["Cache-Control"]


def test_no_other_page_holds_it(entity, client):
    dossier = make_dossier(make_product(entity=entity), DossierState.SUBMITTED)
    client.force_login(provincial_officer())
    pages = [
        url("entity", entity),
        url("entity_edit", entity),
        url("entity_accounts", entity),
        reverse("products:entities"),
        reverse("products:product", args=[dossier.product_id]),
        reverse("products:dossier", args=[dossier.pk]),
        reverse("products:version", args=[dossier.pk, 1]),
    ]
    for page in pages:
        assert "Lô Lô" not in client.get(page).content.decode(), page
    filed = dossier.versions.get(number=1)
    assert "Lô Lô" not in snapshot.canonical(filed.snapshot) and "Rào Tre" not in str(filed.snapshot)


def test_a_change_is_logged_by_column_without_values(entity, client):
    client.force_login(owner_of(entity))
    form = {
        "gender": "female",
        "ethnicity": "Mường",
        "has_disability": "false",
        "permanent_address": "Bản Rào Tre",
    }
    assert client.post(url("representative_edit", entity), form).status_code == 302
    profile = RepresentativeProfile.objects.get(entity=entity)
    assert (profile.ethnicity, profile.has_disability) == ("Mường", False)
    entry = AuditEntry.objects.get(verb="representative.update")
    assert entry.after == {"fields": ["dân tộc", "là người khuyết tật"]} and entry.before == {}
    assert "Mường" not in str(AuditEntry.objects.filter(object_id=str(entity.pk)).values_list())


def test_the_first_entry_makes_the_row(client):
    entity = make_entity()
    client.force_login(commune_officer_of(entity.commune))
    assert client.post(url("representative", entity)).status_code == 200
    client.post(url("representative_edit", entity), {"gender": "male", "has_disability": "unknown"})
    profile = RepresentativeProfile.objects.get(entity=entity)
    assert (profile.gender, profile.has_disability) == ("male", None)


def test_what_is_refused_is_shown_again_without_reading_what_is_stored(entity, client):
    client.force_login(owner_of(entity))
    page = client.post(url("representative_edit", entity), {"ethnicity": "x" * 60}).content.decode()
    assert "x" * 60 in page and "Lô Lô" not in page


def test_the_entity_reads_who_looked(entity, client):
    officer = commune_officer_of(entity.commune)
    services.view_representative(entity, by=officer)
    client.force_login(owner_of(entity))
    page = client.get(url("representative_log", entity)).content.decode()
    assert str(officer) in page and "Xem" in page and "Lô Lô" not in page


def test_the_administrator_watches_the_readings_but_not_the_data(entity, client):
    client.force_login(make_user("quan-tri", Role.ADMINISTRATOR))
    assert client.get(url("representative_log", entity)).status_code == 200
    client.force_login(commune_officer_of(entity.commune))
    assert client.get(url("representative_log", entity)).status_code == 403
