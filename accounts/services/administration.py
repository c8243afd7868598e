"""An administrator looks after the accounts of the province: every act asks right, area and rules.

Who administers never locks out of the province the last person who may: nobody locks the own account or
ends the own administration, and two administrators who act at once wait for each other.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from axes.utils import reset as forget_failures
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import queries
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.services import opening
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.numbers import format_date
from core.text import nfc

MANAGE = "accounts.manage_accounts"
PERSON = ("full_name", "position", "email", "phone")
OWN_ACCOUNT = "Không tự khóa tài khoản hoặc tự thôi quyền quản trị của mình; hãy nhờ một quản trị khác."


@transaction.atomic
def open_for(
    *,
    username: str,
    full_name: str,
    role: str,
    unit: AdminUnit,
    by: Any,
    position: str = "",
    email: str = "",
    phone: str = "",
) -> tuple[User, str]:
    """A new account of the administrator's area and its first password, shown once and stored nowhere.

    Raises DomainError when the role does not fit the unit, or the name or address of mail is taken;
    PermissionDenied when `by` does not administer the unit.
    """
    _administer(by, unit)
    _require_fit(role, unit)
    return opening.open_account(
        username=username,
        full_name=full_name,
        position=position,
        email=email,
        phone=phone,
        role=role,
        unit=unit,
        by=by,
    )


@transaction.atomic
def open_many(people: Iterable[dict[str, Any]], *, role: str, by: Any) -> list[tuple[User, str]]:
    """Accounts of one role, all of them or none, each with its first password.

    `people`: the arguments of `open_for` without the role. Raises DomainError naming the person.
    """
    opened = []
    for person in people:
        try:
            opened.append(open_for(**person, role=role, by=by))
        except DomainError as refusal:
            raise DomainError(f"{person['full_name']}: {refusal.message}") from refusal
    return opened


@transaction.atomic
def update_person(account: User, *, by: Any, full_name: str, position: str, email: str, phone: str) -> None:
    """Name, position and how to reach the person. Raises DomainError when another account has the address."""
    account = _locked(account, by)
    before = {name: getattr(account, name) for name in PERSON}
    after = {
        "full_name": nfc(full_name),
        "position": nfc(position),
        "email": email.lower(),
        "phone": phone,
    }
    changed = [name for name in PERSON if before[name] != after[name]]
    if not changed:
        return
    for name in changed:
        setattr(account, name, after[name])
    opening.save_said(account)
    audit.record(
        by=by,
        verb="user.update",
        obj=account,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )


@transaction.atomic
def give_role(account: User, *, role: str, unit: AdminUnit, valid_from: date, by: Any) -> Membership:
    """The person holds one more role from a day on.

    Raises DomainError for a locked account, a role that does not fit the unit, or one held then already.
    """
    account = _locked(account, by)
    _administer(by, unit)
    _require_fit(role, unit)
    if not account.is_active:
        raise DomainError("Tài khoản đang khóa; hãy mở khóa trước khi giao vai trò.")
    later = account.memberships.filter(role=role, unit=unit).exclude(valid_to__lt=valid_from)
    if later.exists():
        raise DomainError("Người này đã giữ vai trò ấy ở đơn vị ấy trong thời gian này.", field="role")
    held = Membership.objects.create(user=account, role=role, unit=unit, valid_from=valid_from)
    after = {"role": str(role), "unit": str(unit), "valid_from": str(valid_from)}
    audit.record(by=by, verb="user.hold_role", obj=account, after=after)
    return held


@transaction.atomic
def end_role_held(held: Membership, *, last_day: date, by: Any) -> None:
    """`last_day` is the last one on which the role is held. A role that begins today or later, given by
    mistake, is taken back as if it never was by a day before its first.

    Raises DomainError for an entity's role (closed on the entity's page), one that has ended, one's own
    administration, and a day before a role that people have been holding.
    """
    account = _locked(held.user, by)
    held = Membership.objects.select_for_update().select_related("unit").get(pk=held.pk)
    _administer(by, held.unit)
    if held.role == Role.ENTITY:
        raise DomainError("Vai trò chủ thể được đóng ở trang Tài khoản của chủ thể ấy.")
    if held.role == Role.ADMINISTRATOR and account.pk == by.pk:
        raise DomainError(OWN_ACCOUNT)
    today = timezone.localdate()
    if held.valid_to is not None and held.valid_to < today:
        raise DomainError("Vai trò này đã hết.")
    before = {"role": held.role, "unit": str(held.unit), "valid_from": str(held.valid_from)}
    if last_day < held.valid_from < today:
        raise DomainError(
            f"Vai trò này giữ từ {format_date(held.valid_from)}; ngày cuối không thể trước đó.",
            field="last_day",
        )
    if last_day < held.valid_from:
        held.delete()
        audit.record(by=by, verb="user.withdraw_role", obj=account, before=before)
        return
    held.valid_to = last_day
    held.save(update_fields=["valid_to"])
    audit.record(by=by, verb="user.end_role", obj=account, before=before, after={"valid_to": str(last_day)})


@transaction.atomic
def renew_password(account: User, *, by: Any) -> str:
    """A new first password for who forgot theirs; sessions end, failed sign-ins are forgotten."""
    account = _locked(account, by)
    if account.pk == by.pk:
        raise DomainError("Hãy đổi mật khẩu của mình ở trang Đổi mật khẩu.")
    if not account.is_active:
        raise DomainError("Tài khoản đang khóa; hãy mở khóa trước khi cấp lại mật khẩu.")
    forget_failures(username=account.username)
    return opening.reset_password(account, by=by)


@transaction.atomic
def lock(account: User, *, reason: str, by: Any) -> None:
    """The account opens nothing from this moment on; what it did stays. Locking twice changes nothing."""
    reason = nfc(reason)
    if not reason:
        raise DomainError("Hãy ghi lý do khóa, ví dụ: chuyển công tác.", field="reason")
    account = _locked(account, by)
    if account.pk == by.pk:
        raise DomainError(OWN_ACCOUNT)
    if account.is_active:
        account.is_active = False
        account.save(update_fields=["is_active"])
        audit.record(by=by, verb="user.lock", obj=account, reason=reason)


@transaction.atomic
def unlock(account: User, *, by: Any) -> None:
    """The account opens again what its roles allow today."""
    account = _locked(account, by)
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        forget_failures(username=account.username)
        audit.record(by=by, verb="user.unlock", obj=account)


def _administer(by: Any, unit: AdminUnit) -> None:
    """Raises PermissionDenied unless `by` administers the unit at this moment."""
    province = unit.parent_id or unit.pk
    # One after another: else two administrators could each end the other's administration.
    AdminUnit.objects.select_for_update().get(pk=province)
    held = Membership.objects.on(timezone.localdate()).filter(
        user=by.pk, user__is_active=True, role=Role.ADMINISTRATOR, unit=province
    )
    if not held.exists():
        raise PermissionDenied


def _locked(account: User, by: Any) -> User:
    """The account as it stands now, under a lock. Raises PermissionDenied outside the area, DomainError for
    a person who works in another province as well: what is done here would reach there.
    """
    provinces = set(queries.provinces_administered(by))
    if not queries.accounts_of(by).filter(pk=account.pk).exists():
        raise PermissionDenied
    for unit in AdminUnit.objects.filter(pk__in=provinces):
        _administer(by, unit)
    elsewhere = queries.held_elsewhere(account, provinces).first()
    if elsewhere is not None:
        raise DomainError(
            f"Người này còn giữ vai trò ở {elsewhere.unit}; quản trị của tỉnh ấy cùng phải đồng ý: "
            "hãy đề nghị họ kết thúc vai trò đó trước."
        )
    return User.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _require_fit(role: str, unit: AdminUnit) -> None:
    """Entities' accounts are opened on their page; commune officers serve a commune, others a province."""
    if role == Role.ENTITY:
        raise DomainError("Tài khoản chủ thể được mở ở trang Tài khoản của chủ thể.", field="role")
    if (role in Role.commune_roles) == unit.is_province:
        words = "một xã, phường" if role in Role.commune_roles else "tỉnh"
        raise DomainError(f"Vai trò {Role(role).label} gắn với {words}.", field="unit")
    if unit.valid_to is not None:
        raise DomainError(f"{unit} không còn; hãy chọn đơn vị hiện nay.", field="unit")
