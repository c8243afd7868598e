"""Accounts that act for an entity: opened, attached, given a new password, closed by officers of its area."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.enums import Role
from accounts.models import User
from core import audit
from core.exceptions import DomainError
from products.models import Entity, EntityAccount
from products.services.common import allow
from products.services.entities import require_living
from products.validators import normal_phone

MANAGE = "products.add_entity"


@transaction.atomic
def open_entity_account(
    entity: Entity, *, username: str, full_name: str, by: Any, email: str = "", phone: str = ""
) -> tuple[EntityAccount, str]:
    """A new account for the entity's person, and its first password: shown once, changed at first sign-in."""
    allow(by, MANAGE, entity)
    user, password = accounts.open_account(
        username=username,
        full_name=full_name,
        email=email,
        phone=normal_phone(phone),
        role=Role.ENTITY,
        unit=entity.commune,
        by=by,
    )
    return give_account(entity, user=user, by=by), password


@transaction.atomic
def give_account(entity: Entity, *, user: User, by: Any) -> EntityAccount:
    """Let a user act for the entity; officers of its area only. Giving it twice changes nothing.

    Raises DomainError for a person who never was an entity's: whoever checks or scores files does not
    write them.
    """
    allow(by, MANAGE, entity)
    require_living(entity)
    if not user.memberships.filter(role=Role.ENTITY).exists():
        raise DomainError("Tài khoản này không phải tài khoản của chủ thể OCOP.", field="username")
    account, created = EntityAccount.objects.get_or_create(entity=entity, user=user)
    if created:
        accounts.hold_role(user, role=Role.ENTITY, unit=entity.commune, by=by)
        audit.record(by=by, verb="entity.give_account", obj=entity, after={"user": str(user)})
    return account


@transaction.atomic
def renew_password(account: EntityAccount, *, by: Any) -> str:
    """A new first password for who forgot theirs; only for people who are nothing but an entity's."""
    allow(by, MANAGE, account.entity)
    today = timezone.localdate()
    others = account.user.memberships.exclude(role=Role.ENTITY).exclude(valid_to__lt=today)
    elsewhere = account.user.entity_accounts.exclude(pk=account.pk).select_related("entity__commune__parent")
    if others.exists() or not all(by.has_perm(MANAGE, one.entity) for one in elsewhere):
        raise DomainError(
            "Người này còn có vai trò khác hoặc làm việc cho chủ thể ngoài địa bàn; hãy dùng “Quên mật khẩu”."
        )
    audit.record(by=by, verb="entity.renew_password", obj=account.entity, after={"user": str(account.user)})
    return accounts.reset_password(account.user, by=by)


@transaction.atomic
def close_account(account: EntityAccount, *, by: Any) -> None:
    """The user acts for the entity no longer, from now on; the role ends with the last entity."""
    entity, user = account.entity, account.user
    allow(by, MANAGE, entity)
    account.delete()
    audit.record(by=by, verb="entity.close_account", obj=entity, before={"user": str(user)})
    if not user.entity_accounts.exists():
        accounts.end_role(user, role=Role.ENTITY, by=by)
