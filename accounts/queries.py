"""Who holds which role where."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, User


def people_with(role: str, unit_ids: Iterable[int | None]) -> QuerySet[User]:
    """Active users who hold the role today in one of the units."""
    held = Membership.objects.on(timezone.localdate()).filter(role=role, unit__in=unit_ids)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))
