"""Columns of the list of accounts."""

from typing import Any

from accounts.models import User
from core.tables import Column

CELLS = "accounts/cells.html"


def roles_in_words(account: Any) -> str:
    """The roles of today with their units; `account` comes from `queries.with_roles`."""
    held = [role for role in account.roles if role.is_held]
    return "; ".join(f"{role.get_role_display()}, {role.unit}" for role in held)


def state_of(account: User) -> str:
    if not account.is_active:
        return "Đã khóa"
    return "Chưa đổi mật khẩu đầu tiên" if account.must_change_password else "Đang dùng"


ACCOUNTS = (
    Column(
        "ten", "Họ và tên", lambda a: a.full_name, f"{CELLS}#person", ("sort_name",), width=30, fixed=True
    ),
    Column("ten-dang-nhap", "Tên đăng nhập", lambda a: a.username, order=("username",), width=22),
    Column("vai-tro", "Vai trò hôm nay", roles_in_words, f"{CELLS}#roles", width=50),
    Column("chuc-vu", "Chức vụ, cơ quan", lambda a: a.position, width=34, shown=False),
    Column("dien-thoai", "Điện thoại", lambda a: a.phone, width=16, shown=False),
    Column("thu", "Thư điện tử", lambda a: a.email, width=30, shown=False),
    Column(
        "dang-nhap",
        "Đăng nhập gần nhất",
        lambda a: a.last_login,
        order=("last_login",),
        sparse=True,
        width=20,
    ),
    Column("mo-ngay", "Ngày mở", lambda a: a.date_joined, order=("date_joined",), width=16, shown=False),
    Column("tinh-trang", "Tình trạng", state_of, f"{CELLS}#state", width=24),
)
