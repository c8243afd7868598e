"""What was done to an account, in words for the administrator."""

from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from accounts.services.administration import PERSON
from core import audit
from core.models import AuditEntry

LABELS = {
    "user.open": "Mở tài khoản",
    "user.update": "Sửa thông tin",
    "user.hold_role": "Giao vai trò",
    "user.end_role": "Kết thúc vai trò",
    "user.withdraw_role": "Rút vai trò giao nhầm",
    "user.reset_password": "Cấp lại mật khẩu",
    "user.change_password": "Tự đổi mật khẩu",
    "user.lock": "Khóa",
    "user.unlock": "Mở khóa",
}
MOST_SHOWN = 30
_ROLES = dict(Role.choices)


@dataclass(frozen=True)
class Act:
    label: str
    what: str
    entry: AuditEntry


def acts_on(account: User) -> list[Act]:
    """The latest acts on the account, newest first."""
    entries = audit.history_of(account)[:MOST_SHOWN]
    return [Act(LABELS.get(entry.verb, entry.verb), _what(entry), entry) for entry in entries]


def _what(entry: AuditEntry) -> str:
    """The role an act was about, and the changed columns of the person."""
    said = {**entry.before, **entry.after}
    if "role" in said:
        parts = [_ROLES.get(said["role"], said["role"]), said.get("unit", "")]
        return ", ".join(filter(None, parts))
    return ", ".join(str(User._meta.get_field(name).verbose_name) for name in PERSON if name in said)
