"""Accounts of an entity: opened with a password shown once, attached, renewed, closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.tests.factories import PASSWORD, make_commune, make_province, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from products import services
from products.models import Entity
from products.tests.factories import commune_officer_of, make_entity, owner_of, provincial_officer

pytestmark = pytest.mark.django_db

PERSON = {"username": "htx.banhda", "full_name": "Người Mới", "phone": "+84 912 345 678", "email": ""}


@pytest.fixture
def entity(client):
    """An entity whose commune's officer is signed in."""
    entity = make_entity()
    client.force_login(commune_officer_of(entity.commune))
    return entity


def url(name, entity):
    return reverse(f"products:{name}", args=[entity.pk])


def opened(client, entity, **changes):
    return client.post(url("entity_accounts", entity), {**PERSON, **changes})


def test_an_account_is_opened_and_its_password_shown_once(entity, client):
    answer = opened(client, entity)
    password = answer.context["password"]
    assert password in answer.content.decode()
    person = User.objects.get(username="htx.banhda")
    assert person.check_password(password) and person.must_change_password
    assert person.phone == "0912345678"
    assert list(Entity.objects.visible_to(person)) == [entity]
    assert password not in client.get(url("entity_accounts", entity)).content.decode()
    assert password not in str(list(AuditEntry.objects.values_list()))


def test_first_passwords_are_long_and_differ(entity):
    officer = commune_officer_of(entity.commune)
    passwords = {
        services.open_entity_account(entity, username=f"nguoi.{n}", full_name="Người Thử", by=officer)[1]
        for n in range(3)
    }
    assert len(passwords) == 3 and {len(password) for password in passwords} == {19}


def test_the_new_person_changes_the_password_before_anything_else(entity, client):
    password = opened(client, entity).context["password"]
    client.logout()
    client.post(reverse("accounts:login"), {"username": "htx.banhda", "password": password})
    assert client.get(url("entity", entity)).url == reverse("accounts:password_change")
    new = "Mat-khau-rieng-2026"
    client.post(
        reverse("accounts:password_change"),
        {"old_password": password, "new_password1": new, "new_password2": new},
    )
    assert client.get(url("entity", entity)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "Có Dấu"}, "username"),
        ({"username": "CHUTHE-DA-CO"}, "username"),
        ({"username": "chuthe-da-co"}, "username"),
        ({"email": "da-co@example.com"}, "email"),
        ({"full_name": ""}, "full_name"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_a_wrong_entry_stands_beside_its_field(entity, client, changes, field):
    make_user("chuthe-da-co", Role.ENTITY, entity.commune, email="da-co@example.com")
    answer = opened(client, entity, **changes)
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(username="htx.banhda").exists()


def test_a_person_of_another_entity_is_attached(entity, client):
    person = owner_of(make_entity("HTX Sông La"))
    assert client.post(url("entity_account_attach", entity), {"username": person.username}).status_code == 302
    assert Entity.objects.visible_to(person).count() == 2


@pytest.mark.parametrize("role", [Role.COUNCIL_MEMBER, Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER])
def test_who_checks_or_scores_acts_for_no_entity(entity, client, role):
    member = make_user("thanh-vien", role, entity.commune if role == Role.COMMUNE_OFFICER else None)
    answer = client.post(url("entity_account_attach", entity), {"username": member.username})
    assert "username" in answer.context["form"].errors
    with pytest.raises(DomainError):
        services.give_account(entity, user=member, by=provincial_officer())


def test_a_person_of_another_province_is_not_found(entity, client):
    abroad = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    stranger = make_user("nghe-an", Role.ENTITY, abroad)
    answer = client.post(url("entity_account_attach", entity), {"username": stranger.username})
    assert "username" in answer.context["form"].errors


def test_a_closed_account_sees_nothing_more_and_can_be_given_again(entity, client):
    person = owner_of(entity)
    account = entity.accounts.get()
    client.post(url("entity_account_close", entity), {"account": account.pk})
    assert not Entity.objects.visible_to(User.objects.get(pk=person.pk)).exists()
    assert person.memberships.get().valid_to is not None
    assert AuditEntry.objects.filter(verb="entity.close_account", before__user=str(person)).exists()
    assert AuditEntry.objects.filter(verb="user.end_role").exists()
    client.post(url("entity_account_attach", entity), {"username": person.username})
    assert list(Entity.objects.visible_to(User.objects.get(pk=person.pk))) == [entity]


def test_the_role_stays_while_another_entity_is_acted_for(entity, client):
    other = make_entity("HTX Sông La")
    person = owner_of(other)
    services.give_account(entity, user=person, by=provincial_officer())
    client.post(url("entity_account_close", entity), {"account": entity.accounts.get().pk})
    assert list(Entity.objects.visible_to(User.objects.get(pk=person.pk))) == [other]
    assert User.objects.get(pk=person.pk).has_role(Role.ENTITY)


def test_a_forgotten_password_is_replaced_and_the_old_session_ends(entity, client):
    person = owner_of(entity)
    theirs = type(client)()
    theirs.force_login(person)
    answer = client.post(url("entity_account_password", entity), {"account": entity.accounts.get().pk})
    person.refresh_from_db()
    assert person.check_password(answer.context["password"]) and person.must_change_password
    assert not person.check_password(PASSWORD)
    assert theirs.get(reverse("accounts:home")).url.startswith(reverse("accounts:login"))


def test_a_password_that_opens_more_than_the_own_area_is_not_renewed(entity, client):
    person = owner_of(entity)
    there = make_entity("HTX Đức Thọ", commune=make_commune("Xã Đức Thọ", "18229"))
    services.give_account(there, user=person, by=provincial_officer())
    with pytest.raises(DomainError, match="ngoài địa bàn"):
        services.renew_password(entity.accounts.get(), by=commune_officer_of(entity.commune))
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    services.renew_password(entity.accounts.get(), by=provincial_officer())


def test_another_entitys_account_cannot_be_named(entity, client):
    other = make_entity("HTX Sông La", commune=make_commune("Xã Đức Thọ", "18229"))
    person = owner_of(other)
    foreign = other.accounts.get().pk
    for name in ("entity_account_close", "entity_account_password"):
        for senseless in (foreign, "", "abc", "99999999999999"):
            assert client.post(url(name, entity), {"account": senseless}).status_code == 302
    assert other.accounts.filter(user=person).exists()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_accounts_are_the_officers_business(entity):
    for by in (owner_of(entity), make_user("lanh-dao", Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            services.open_entity_account(entity, username="moi.toi", full_name="Mới Tới", by=by)
        with pytest.raises(PermissionDenied):
            services.close_account(entity.accounts.get(), by=by)
    assert not User.objects.filter(username="moi.toi").exists()


def test_queries_of_the_page_do_not_grow(entity, client, django_assert_num_queries):
    officer = commune_officer_of(entity.commune)
    services.open_entity_account(entity, username="mot", full_name="Một", by=officer)
    client.get(url("entity_accounts", entity))
    with django_assert_num_queries(6):
        client.get(url("entity_accounts", entity))
    for name in ("hai", "ba"):
        services.open_entity_account(entity, username=name, full_name=name, by=officer)
    with django_assert_num_queries(6):
        client.get(url("entity_accounts", entity))


def test_who_serves_on_a_council_until_a_day_keeps_the_password(entity):
    """A commune officer must never get into the account of somebody who scores or decides."""
    person = owner_of(entity)
    tomorrow = timezone.localdate() + timedelta(days=1)
    membership = Membership.objects.create(
        user=person, role=Role.COUNCIL_MEMBER, unit=make_province(), valid_to=tomorrow
    )
    account = entity.accounts.get()
    with pytest.raises(DomainError, match="vai trò khác"):
        services.renew_password(account, by=commune_officer_of(entity.commune))
    membership.valid_from = membership.valid_to = timezone.localdate() - timedelta(days=1)
    membership.save()
    assert services.renew_password(account, by=commune_officer_of(entity.commune))
