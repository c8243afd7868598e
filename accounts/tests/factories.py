"""Boring people in named places: owner, colleague, outsider."""

from datetime import date

from accounts.enums import Role
from accounts.models import Membership, User
from core.enums import UnitKind, UnitLevel
from core.models import AdminUnit

PASSWORD = "Mat-khau-thu-2026"


def make_province(code: str = "42", name: str = "Tỉnh Hà Tĩnh") -> AdminUnit:
    """The province, made once a test."""
    found = AdminUnit.objects.filter(code=code, level=UnitLevel.PROVINCE).first()
    return found or AdminUnit.objects.create(
        code=code, name=name, level=UnitLevel.PROVINCE, kind=UnitKind.PROVINCE, valid_from=date(2025, 7, 1)
    )


def make_commune(
    name: str = "Xã Cẩm Bình", code: str = "18682", province: AdminUnit | None = None
) -> AdminUnit:
    """A commune of the province, made once a test by its code."""
    found = AdminUnit.objects.filter(code=code, level=UnitLevel.COMMUNE).first()
    return found or AdminUnit.objects.create(
        code=code,
        name=name,
        level=UnitLevel.COMMUNE,
        kind=UnitKind.COMMUNE,
        parent=province or make_province(),
        valid_from=date(2025, 7, 1),
    )


def make_user(username: str, role: Role | None = None, unit: AdminUnit | None = None, **fields) -> User:
    """A user who holds `role` in `unit` since 2025; password is PASSWORD."""
    fields.setdefault("full_name", username.replace(".", " ").title())
    user = User.objects.create_user(username=username, password=PASSWORD, **fields)
    if role:
        Membership.objects.create(
            user=user, role=role, unit=unit or make_province(), valid_from=date(2025, 7, 1)
        )
    return user


def one_of_each_role() -> dict[str, User]:
    """A user for every role: commune roles in Cẩm Bình, the others in the province."""
    province, commune = make_province(), make_commune()
    return {
        role: make_user(role, role, commune if role in Role.commune_roles else province)
        for role in Role.values
    }
