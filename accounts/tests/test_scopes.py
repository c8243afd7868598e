"""Who sees which area: roles count only in their unit and only while they are held."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit

pytestmark = pytest.mark.django_db


def communes_seen(user, *roles):
    scope = user.scope
    return set(AdminUnit.objects.filter(scope.commune_q("", *roles)).values_list("name", flat=True))


def test_a_commune_officer_sees_the_own_commune_only():
    own, other = make_commune(), make_commune("Xã Thạch Hà", "18562")
    officer = make_user("xa", Role.COMMUNE_OFFICER, own)
    assert communes_seen(officer, Role.COMMUNE_OFFICER) == {own.name}
    assert other.name not in communes_seen(officer, Role.COMMUNE_OFFICER)


def test_a_provincial_officer_sees_every_commune_of_the_province_and_no_other():
    own = make_commune()
    abroad = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    officer = make_user("tinh", Role.PROVINCIAL_OFFICER, own.parent)
    seen = communes_seen(officer, Role.PROVINCIAL_OFFICER)
    assert own.name in seen
    assert abroad.name not in seen


def test_a_role_in_one_unit_gives_nothing_through_another_role():
    officer = make_user("xa", Role.COMMUNE_OFFICER, make_commune())
    assert communes_seen(officer, Role.PROVINCIAL_OFFICER) == set()


def test_a_membership_counts_from_its_first_to_its_last_day():
    today = timezone.localdate()
    user = make_user("cu", Role.LEADERSHIP)
    membership = user.memberships.get()
    membership.valid_to = today
    membership.save()
    assert type(user).objects.get(pk=user.pk).has_role(Role.LEADERSHIP)
    membership.valid_to = today - timedelta(days=1)
    membership.save()
    assert not type(user).objects.get(pk=user.pk).has_role(Role.LEADERSHIP)


def test_an_inactive_user_holds_no_role():
    user = make_user("nghi", Role.LEADERSHIP, is_active=False)
    assert not user.has_role(Role.LEADERSHIP)


def test_the_same_open_membership_cannot_be_given_twice():
    user = make_user("hai", Role.LEADERSHIP)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role=Role.LEADERSHIP, unit=make_province())


def test_roles_cost_one_query_a_request(django_assert_num_queries):
    user = make_user("mot", Role.LEADERSHIP)
    user = type(user).objects.get(pk=user.pk)
    with django_assert_num_queries(1):
        user.has_role(Role.LEADERSHIP)
        user.has_role(Role.ENTITY)
        assert user.unit_name == "Tỉnh Hà Tĩnh"


def test_djangos_superuser_flag_opens_nothing():
    user = make_user("quan.tri", is_superuser=True)
    assert not user.has_perm("accounts.delete_user")
    assert not user.has_perm("products.view_dossier")
