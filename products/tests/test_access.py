"""Who sees what: own, commune, province; foreign is 404, wrong role 403, nobody is sent to sign in."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AuditEntry
from products.enums import DossierState
from products.models import Dossier, Entity, Product
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """A filed dossier of Cẩm Bình."""
    return make_dossier(state=DossierState.SUBMITTED)


@pytest.fixture
def there():
    """A filed dossier of Đức Thọ."""
    entity = make_entity("HTX Đức Thọ", commune=make_commune("Xã Đức Thọ", "18229"))
    return make_dossier(make_product("Kẹo cu đơ", entity=entity), state=DossierState.SUBMITTED)


def signed_in(client, user):
    client.force_login(user)
    return client


def seen(user):
    """Names of what the user may see, of the three kinds."""
    return (
        set(Entity.objects.visible_to(user).values_list("name", flat=True)),
        set(Product.objects.visible_to(user).values_list("name", flat=True)),
        set(Dossier.objects.visible_to(user).values_list("product__name", flat=True)),
    )


def test_an_entity_sees_only_its_own(here, there):
    assert seen(owner_of(here.product.entity)) == (
        {"HTX Bánh đa Cẩm Bình"},
        {"Bánh đa vừng"},
        {"Bánh đa vừng"},
    )


def test_a_commune_sees_only_its_own(here, there):
    assert seen(commune_officer_of(there.commune)) == ({"HTX Đức Thọ"}, {"Kẹo cu đơ"}, {"Kẹo cu đơ"})


@pytest.mark.parametrize("role", Role.province_wide)
def test_the_province_sees_all_of_its_communes(role, here, there):
    user = make_user("tinh", role)
    assert [len(names) for names in seen(user)] == [2, 2, 2]


def test_another_province_sees_nothing(here):
    stranger = make_user("tinh-khac", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    assert seen(stranger) == (set(), set(), set())


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.ADVISORY_MEMBER])
def test_members_see_nothing_here(role, here):
    assert seen(make_user("thanh-vien", role)) == (set(), set(), set())


PAGES = ["dossier", "version", "transition"]


def address(name, dossier):
    return {
        "dossier": reverse("products:dossier", args=[dossier.pk]),
        "version": reverse("products:version", args=[dossier.pk, 1]),
        "transition": reverse("products:transition", args=[dossier.pk, "propose"]),
        "dossier_edit": reverse("products:dossier_edit", args=[dossier.pk, "cau-chuyen"]),
    }[name]


@pytest.mark.parametrize("page", PAGES)
def test_a_foreign_communes_dossier_is_not_found(page, client, here, there):
    officer = commune_officer_of(here.commune)
    assert signed_in(client, officer).get(address(page, there)).status_code == 404
    assert client.get(address(page, here)).status_code == 200


def test_a_foreign_dossier_cannot_be_moved_and_the_attempt_is_logged(client, here, there):
    signed_in(client, commune_officer_of(here.commune))
    answer = client.post(address("transition", there), {"proposal_number": "1", "proposed_on": "01/06/2026"})
    assert answer.status_code == 404
    assert Dossier.objects.get(pk=there.pk).state == "submitted"
    assert AuditEntry.objects.filter(verb="refused", path=address("transition", there)).exists()


@pytest.mark.parametrize("page", [*PAGES, "dossier_edit"])
@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.ADVISORY_MEMBER])
def test_members_are_refused(page, role, client, here):
    signed_in(client, make_user("thanh-vien", role))
    assert client.get(address(page, here)).status_code == 403


def test_an_entity_proposes_nothing(client, here):
    signed_in(client, owner_of(here.product.entity))
    assert client.get(address("transition", here)).status_code == 403


def test_a_commune_does_not_edit_an_entitys_draft(client):
    draft = make_dossier()
    signed_in(client, commune_officer_of(draft.commune))
    assert client.get(address("dossier", draft)).status_code == 200
    assert client.get(address("dossier_edit", draft)).status_code == 403
    assert client.post(address("dossier_edit", draft), {"story": "khác"}).status_code == 403


def test_steps_of_the_council_have_no_address(client, here):
    signed_in(client, provincial_officer())
    for name in ("recognise", "exclude", "khong-co"):
        assert client.post(reverse("products:transition", args=[here.pk, name])).status_code == 404


def test_nobody_is_sent_to_sign_in(client, here):
    assert client.get(address("dossier", here)).url.startswith(reverse("accounts:login"))


def test_opening_pages_writes_nothing(client, here, django_assert_num_queries):
    signed_in(client, commune_officer_of(here.commune))
    before = AuditEntry.objects.count()
    for page in PAGES:
        client.get(address(page, here))
    assert AuditEntry.objects.count() == before
    assert Dossier.objects.get(pk=here.pk).state_since == here.state_since
