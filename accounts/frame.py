"""The first line of everybody's navigation, and the accounts for who looks after them."""

from accounts.acts import LABELS
from accounts.enums import Role
from accounts.registry import NavEntry, add_navigation
from core.acts import add_acts

add_acts(LABELS)

add_navigation(
    NavEntry(0, "Việc của tôi", "accounts:home", "home", tuple(Role.values)),
    NavEntry(90, "Tài khoản", "accounts:accounts", "users", (Role.ADMINISTRATOR,), also=("/nhat-ky/",)),
)
