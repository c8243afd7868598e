"""Who can sign in to the demonstration, and with what."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.text import search_key
from reports.demo import data_files

PASSWORD = "OCOP-demo-2026"  # noqa: S105  announced on the terminal, for a demonstration only
HOLDS_SINCE = date(2025, 7, 1)


def username_of_commune(name: str) -> str:
    """Sign-in name of a commune's officer: "Cẩm Bình" gives xa.cambinh."""
    return "xa." + search_key(name).replace(" ", "")


def listed() -> list[dict[str, Any]]:
    """The accounts of the file, then one officer for every other commune that has a product."""
    rows = list(data_files.read("accounts"))
    known = {row["username"] for row in rows}
    for name in dict.fromkeys(entity["commune"] for entity in data_files.entities()):
        username = username_of_commune(name)
        if username not in known:
            rows.append(
                {
                    "username": username,
                    "name": f"Cán bộ {name}",
                    "role": Role.COMMUNE_OFFICER.value,
                    "commune": name,
                }
            )
    return rows


def announced() -> list[tuple[str, str]]:
    """(username, who it is) of the accounts worth printing when the server starts."""
    return [(row["username"], row["announce"]) for row in data_files.read("accounts") if "announce" in row]


def exist() -> bool:
    """Is this database a demonstration?"""
    return User.objects.filter(username=announced()[0][0], email__endswith="@example.com").exists()


def create(province: AdminUnit, communes: dict[str, AdminUnit]) -> dict[str, User]:
    """Make every account with its role; answers them by username."""
    # Hashed once: the password is no secret, and sixty slow hashes would be most of the seeding.
    hashed = make_password(PASSWORD)
    users: dict[str, User] = {}
    for number, row in enumerate(listed(), start=1):
        user = User.objects.create(
            username=row["username"],
            full_name=row["name"],
            email=f"{row['username']}@example.com",
            phone=phone(number),
            position=row.get("position") or row.get("agency") or "",
            password=hashed,
        )
        unit = communes[row["commune"]] if "commune" in row else province
        Membership.objects.create(user=user, role=row["role"], unit=unit, valid_from=HOLDS_SINCE)
        users[user.username] = user
    return users


def phone(number: int) -> str:
    """A number of the 0900 000 0xx series, which nobody answers."""
    return f"0900000{number % 1000:03d}"
