"""Lines of the reports room in the navigation."""

from accounts.enums import Role
from accounts.registry import NavEntry, add_navigation
from core.acts import add_acts
from reports.acts import ACTS

add_acts(ACTS)

add_navigation(
    NavEntry(5, "Bảng điều hành", "reports:dashboard", "dashboard", Role.province_wide),
    NavEntry(70, "Văn bản", "reports:list", "report", (*Role.province_wide, *Role.commune_roles)),
)
