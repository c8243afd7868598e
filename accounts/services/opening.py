"""Accounts opened, their roles and passwords. Whoever calls has asked the right."""

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, User
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit

# Without letters and figures that are mistaken for one another on paper (l 1 i, o 0).
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4

TAKEN = {
    "user_email_unique": ("email", "Địa chỉ thư này đã thuộc một tài khoản khác."),
    "accounts_user_username_key": ("username", "Tên đăng nhập này đã có người dùng; hãy chọn tên khác."),
}


# A password of 79 random bits gains nothing from a million rounds, and two hundred accounts opened at once
# would take minutes; Django hashes it anew, with all rounds, when it is first signed in with.
ROUNDS_OF_RANDOM = 20_000


def random_password() -> str:
    """A password to be read out or written down once: "k7mw-p3xt-9rbq-4hzs", about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def hash_of_random(password: str) -> str:
    """What is stored of a `random_password`."""
    hasher = get_hasher()
    if not isinstance(hasher, PBKDF2PasswordHasher):
        return make_password(password)
    return hasher.encode(password, hasher.salt(), iterations=ROUNDS_OF_RANDOM)


@transaction.atomic
def open_account(
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
    """A new account with a role; answers it with its first password, which is stored nowhere in clear.

    The person must change the password at the first sign-in. Raises DomainError when the name or the
    address of mail belongs to another account.
    """
    if User.objects.filter(username__iexact=username).exists():
        field, words = TAKEN["accounts_user_username_key"]
        raise DomainError(words, field=field)
    password = random_password()
    user = User(
        username=username,
        full_name=full_name,
        position=position,
        email=email.lower(),
        phone=phone,
        must_change_password=True,
    )
    user.password = hash_of_random(password)
    save_said(user)
    audit.record(by=by, verb="user.open", obj=user, after={"username": username, "role": str(role)})
    hold_role(user, role=role, unit=unit, by=by)
    return user, password


@transaction.atomic
def reset_password(user: User, *, by: Any) -> str:
    """A new first password in place of a forgotten one; the old one and its sessions end."""
    password = random_password()
    user.password = hash_of_random(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by=by, verb="user.reset_password", obj=user)
    return password


@transaction.atomic
def hold_role(user: User, *, role: str, unit: AdminUnit, by: Any) -> None:
    """The user holds the role in the unit from today; nothing changes when it is held already."""
    held = user.memberships.on(timezone.localdate()).filter(role=role, unit=unit, valid_to=None)
    if not held.exists():
        Membership.objects.create(user=user, role=role, unit=unit)
        after = {"role": str(role), "unit": str(unit)}
        audit.record(by=by, verb="user.hold_role", obj=user, after=after)


@transaction.atomic
def end_role(user: User, *, role: str, by: Any) -> None:
    """Today is the last day the user holds the role, wherever it is held."""
    today: date = timezone.localdate()
    ended = user.memberships.on(today).filter(role=role, valid_to=None).update(valid_to=today)
    if ended:
        after = {"role": str(role), "valid_to": str(today)}
        audit.record(by=by, verb="user.end_role", obj=user, after=after)


def save_said(user: User) -> None:
    """Save, with what the database refuses said as DomainError beside its field."""
    try:
        user.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            user.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=field) from error
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name not in TAKEN:
            raise
        field, words = TAKEN[name]
        raise DomainError(words, field=field) from error
