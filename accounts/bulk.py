"""Many accounts at once: lines pasted from a sheet, checked, and names to sign in with proposed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.enums import Role
from accounts.models import User
from accounts.validators import LOWER_NAME
from core.models import AdminUnit
from core.phones import normal_phone, validate_phone
from core.text import nfc, search_key
from core.unit_matching import UnitMatcher

# Columns of a pasted line, in this order; the last ones may be missing.
COLUMNS = ("full_name", "unit", "position", "phone", "email", "username")
MOST_LINES = 200
HEADING = "ho va ten"


@dataclass
class Line:
    """One person: what was pasted (`said`), what follows (`data`), what is wrong by column (`errors`)."""

    number: int
    said: dict[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def check(text: str, *, role: str, province: AdminUnit) -> list[Line]:
    """Every pasted line with what is wrong beside its cells. An empty text gives no line."""
    checker = _Checker(role, province)
    return [checker.check(line) for line in _lines(text)]


def _lines(text: str) -> Iterator[Line]:
    for number, row in enumerate(text.splitlines(), start=1):
        cells = [nfc(cell) for cell in row.split("\t")]
        if not any(cells) or (number == 1 and search_key(cells[0]) in (HEADING, "ho ten")):
            continue
        yield Line(number, dict(zip(COLUMNS, cells + [""] * len(COLUMNS), strict=False)))


class _Checker:
    """Checks line after line; remembers which names and addresses stood in the text already."""

    def __init__(self, role: str, province: AdminUnit) -> None:
        self.role, self.province = role, province
        self.matcher = UnitMatcher(province)
        self.names = {name.lower() for name in User.objects.values_list("username", flat=True)}
        emails = User.objects.exclude(email="").values_list("email", flat=True)
        self.emails = {email.lower() for email in emails}

    def check(self, line: Line) -> Line:
        said, errors = line.said, line.errors
        if not said["full_name"]:
            errors["full_name"] = "Thiếu họ và tên."
        unit = self._unit(line)
        phone = normal_phone(said["phone"])
        self._valid(line, "phone", phone, validate_phone)
        self._email(line)
        line.data = {
            "full_name": said["full_name"][:150],
            "unit": unit,
            "position": said["position"][:150],
            "phone": phone,
            "email": said["email"].lower(),
            "username": self._username(line, unit),
        }
        return line

    def _unit(self, line: Line) -> AdminUnit | None:
        if self.role not in Role.commune_roles:
            return self.province
        if not line.said["unit"]:
            line.errors["unit"] = "Thiếu xã, phường."
            return None
        match = self.matcher.match(line.said["unit"])
        if match.unit is None:
            like = ", ".join(unit.name for unit in match.candidates)
            words = f"Không rõ xã nào. Có phải: {like}?" if like else "Không có xã, phường này trong tỉnh."
            line.errors["unit"] = words
        return match.unit

    def _email(self, line: Line) -> None:
        email = line.said["email"].lower()
        self._valid(line, "email", email, validate_email)
        if email and email in self.emails:
            line.errors["email"] = "Địa chỉ này đã thuộc một tài khoản khác hoặc một dòng trên."
        self.emails.add(email)

    def _valid(self, line: Line, column: str, value: str, validator: Any) -> None:
        if not value:
            return
        try:
            validator(value)
        except ValidationError as error:
            line.errors[column] = error.messages[0]

    def _username(self, line: Line, unit: AdminUnit | None) -> str:
        """The name written, or a free one made of the commune or of the person."""
        written = line.said["username"]
        if not written:
            written = self._free(_proposal(self.role, line.said["full_name"], unit))
        else:
            self._valid(line, "username", written, LOWER_NAME)
            if written.lower() in self.names:
                line.errors["username"] = "Tên đăng nhập này đã có người dùng hoặc ở một dòng trên."
        self.names.add(written.lower())
        return written

    def _free(self, name: str) -> str:
        if name not in self.names:
            return name
        return next(f"{name}.{number}" for number in range(2, 10_000) if f"{name}.{number}" not in self.names)


def _proposal(role: str, full_name: str, unit: AdminUnit | None) -> str:
    """ "xa.cambinh" for an officer of Cẩm Bình; "thu.nt" for Nguyễn Thị Thu."""
    if role in Role.commune_roles and unit is not None:
        return "xa." + _letters(unit.short_name)
    words = [_letters(word) for word in full_name.split()]
    *before, last = [word for word in words if word] or ["nguoidung"]
    initials = "".join(word[0] for word in before)
    return f"{last}.{initials}" if initials else f"{last}.ocop"


def _letters(text: str) -> str:
    return "".join(sign for sign in search_key(text) if sign.isascii() and sign.isalnum())
