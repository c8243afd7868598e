"""Who holds which role where, and the accounts an administrator looks after."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.text import search_key

# An account nobody used for so long is locked, or the reason is known (state rules for systems of level 3).
IDLE_DAYS = 45


def people_with(role: str, unit_ids: Iterable[int | None]) -> QuerySet[User]:
    """Active users who hold the role today in one of the units, or in the one it was merged into."""
    return User.objects.filter(pk__in=looking_after(unit_ids).filter(role=role).values("user"))


def looking_after(unit_ids: Iterable[int | None]) -> QuerySet[Membership]:
    """Roles active users hold today in one of the units or the one it was merged into, each with the unit
    `looked_after`: a row a unit.
    """
    held = Membership.objects.on(timezone.localdate()).filter(user__is_active=True)
    # A former unit has nothing that counts here; who still holds a role in it looks after it alone.
    unit = Coalesce("unit__counted_here", "unit", output_field=BigIntegerField())
    return held.annotate(looked_after=unit).filter(looked_after__in=list(unit_ids))


def provinces_administered(user: Any) -> frozenset[int]:
    """Ids of the provinces the user administers today."""
    return user.scope.unit_ids(Role.ADMINISTRATOR)


def units_administered(user: Any) -> QuerySet[AdminUnit]:
    """Those provinces and their communes of today, provinces first."""
    provinces = provinces_administered(user)
    own = AdminUnit.objects.filter(Q(pk__in=provinces) | Q(parent__in=provinces)).current()
    return own.order_by("-level", "sort_name")


def accounts_of(user: Any) -> QuerySet[User]:
    """Accounts that hold, will hold or once held a role in the administrator's area, by name."""
    held = Membership.objects.filter(user.scope.unit_q("unit", Role.ADMINISTRATOR), user=OuterRef("pk"))
    return User.objects.filter(Exists(held)).order_by("sort_name", "pk")


def roles_administered(user: Any) -> QuerySet[Membership]:
    """Every role ever held in the administrator's area, with its unit."""
    return Membership.objects.filter(user.scope.unit_q("unit", Role.ADMINISTRATOR)).select_related("unit")


def with_roles(accounts: QuerySet[User], user: Any) -> QuerySet[User]:
    """The accounts with `roles`: their memberships in the administrator's area, open ones first."""
    ordered = roles_administered(user).order_by("-valid_to", "-valid_from", "pk")
    return accounts.prefetch_related(Prefetch("memberships", queryset=ordered, to_attr="roles"))


def held_elsewhere(account: User, provinces: Iterable[int]) -> QuerySet[Membership]:
    """Roles of today or later in other provinces."""
    here = Q(unit__in=provinces) | Q(unit__parent__in=provinces)
    return account.memberships.exclude(here).exclude(valid_to__lt=timezone.localdate()).select_related("unit")


def matching(accounts: QuerySet[User], text: str) -> QuerySet[User]:
    """Accounts whose name, sign-in name, address, number or unit holds the words as typed."""
    key, typed = search_key(text), text.strip()
    if not key:
        return accounts
    of_unit = Membership.objects.filter(user=OuterRef("pk"), unit__search_name__contains=key)
    return accounts.filter(
        Q(search_name__contains=key)
        | Q(username__icontains=typed)
        | Q(email__icontains=typed)
        | Q(phone__contains=typed)
        | Exists(of_unit)
    )


def idle_since(day: date) -> Q:
    """Accounts not signed in to since the day; one never used counts from its opening."""
    return Q(last_login__date__lt=day) | Q(last_login=None, date_joined__date__lt=day)


def idle(accounts: QuerySet[User]) -> QuerySet[User]:
    """Open accounts that nobody has used for IDLE_DAYS."""
    day = timezone.localdate() - timedelta(days=IDLE_DAYS)
    return accounts.filter(idle_since(day), is_active=True)


def without_role(accounts: QuerySet[User]) -> QuerySet[User]:
    """Open accounts whose every role has ended."""
    still = Membership.objects.filter(user=OuterRef("pk")).exclude(valid_to__lt=timezone.localdate())
    return accounts.filter(~Exists(still), is_active=True)
