"""The first line of everybody's navigation, and the accounts for who looks after them."""

from accounts.enums import Role
from accounts.registry import NavEntry, add_navigation

add_navigation(
    NavEntry(0, "Việc của tôi", "accounts:home", "home", tuple(Role.values)),
    NavEntry(90, "Tài khoản", "accounts:accounts", "users", (Role.ADMINISTRATOR,)),
)
