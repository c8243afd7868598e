"""Users, and the roles they hold in which unit and when."""

from typing import Any

import pghistory
import rules
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.enums import Role
from accounts.scopes import Scope
from core.fields import NFCCharField
from core.models import AdminUnit
from core.text import search_key, sort_key


@pghistory.track(exclude=["password", "last_login", "search_name", "sort_name"])
class User(AbstractUser):
    """One account per person; what the person may do comes from memberships, never from flags."""

    first_name = None
    last_name = None
    full_name = NFCCharField("họ và tên", max_length=150)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=15, blank=True)
    position = models.CharField("chức vụ", max_length=150, blank=True)
    # Set while the password is one somebody else has seen; every page leads to changing it first.
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    search_name = models.CharField(max_length=150, editable=False)
    sort_name = models.TextField(editable=False, db_collation="C")

    REQUIRED_FIELDS = ["full_name", "email"]

    class Meta:
        verbose_name = "người dùng"
        constraints = [
            models.UniqueConstraint(
                "email",
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message="Thư đã dùng.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """The search form and the Vietnamese order of the name are kept in step."""
        self.search_name, self.sort_name = search_key(self.full_name)[:150], sort_key(self.full_name)
        if update_fields is not None and "full_name" in update_fields:
            update_fields = {*update_fields, "search_name", "sort_name"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @cached_property
    def scope(self) -> Scope:
        """Roles and units held today; one query a request."""
        held = self.memberships.on(timezone.localdate()).select_related("unit")
        return Scope.of(held.annotate(inherited=ArrayAgg("unit__counted_here")))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """What the roles allow; Django's superuser flag opens nothing here."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_role(self, *roles: str) -> bool:
        return self.is_active and self.scope.has(*roles)

    @property
    def display_name(self) -> str:
        return str(self)

    @property
    def role_names(self) -> list[str]:
        return [Role(role).label for role in Role.values if role in self.scope.units]

    @property
    def unit_name(self) -> str:
        return ", ".join(self.scope.unit_names)


class MembershipQuerySet(models.QuerySet):
    def on(self, day):
        """Memberships in force on a day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


@pghistory.track()
class Membership(models.Model):
    """A user holds a role in a unit from one day to another (inclusive)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("vai trò", max_length=20, choices=Role)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField("từ ngày", default=timezone.localdate)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò của người dùng"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=Q(valid_to=None), name="membership_once_while_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="membership_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} - {self.unit}"

    @property
    def is_held(self) -> bool:
        """Does the role hold today?"""
        return self.valid_from <= timezone.localdate() and not self.has_ended

    @property
    def has_ended(self) -> bool:
        return self.valid_to is not None and self.valid_to < timezone.localdate()
