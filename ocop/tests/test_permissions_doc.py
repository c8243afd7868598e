"""docs/permissions.md says what the access tables say."""

from pathlib import Path

from accounts.enums import Role
from ocop.tests.test_access_walk import ACCESS, roles_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
SHORT = {
    Role.ENTITY: "Chủ thể",
    Role.COMMUNE_OFFICER: "Xã",
    Role.PROVINCIAL_OFFICER: "Tỉnh",
    Role.ADVISORY_MEMBER: "Tổ tư vấn",
    Role.COUNCIL_MEMBER: "Hội đồng",
    Role.LEADERSHIP: "Lãnh đạo",
    Role.ADMINISTRATOR: "Quản trị",
}


def table() -> str:
    """The whole table, a row an address."""
    head = ["| Địa chỉ | " + " | ".join(SHORT.values()) + " |", "|---" * (len(SHORT) + 1) + "|"]
    rows = [
        f"| `{name}` | " + " | ".join("x" if role in roles_of(name) else "" for role in SHORT) + " |"
        for name in sorted(ACCESS)
    ]
    return "\n".join(head + rows)


def test_the_page_lists_every_address_with_its_roles():
    assert table() in PAGE.read_text("utf-8")
