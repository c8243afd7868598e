"""Telephone numbers: one way to write them, and which are none."""

import re

from django.core.exceptions import ValidationError
from vn_ident import is_valid_phone, normalize_phone

# What people write between the figures of a code or number.
BETWEEN = re.compile(r"[\s.\-()]+")
_LANDLINE = re.compile(r"02\d{9}")


def normal_phone(value: str) -> str:
    """One way to write a number: "+84 912.345.678" gives "0912345678"; what is none stays as typed."""
    figures = BETWEEN.sub("", value)
    national = re.sub(r"^(?:\+|00)84", "0", figures)
    return normalize_phone(figures) or (national if _LANDLINE.fullmatch(national) else value.strip())


def validate_phone(value: str) -> None:
    """A Vietnamese mobile number in national or +84 form, or a landline with its area code."""
    if not (is_valid_phone(value) or _LANDLINE.fullmatch(value)):
        raise ValidationError("Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678.")
