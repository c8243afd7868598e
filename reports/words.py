"""Numbers and dates as they are written into the sentences of a paper."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from math import floor

from core.numbers import Number, format_date, format_number


def formal_date(day: dt.date) -> str:
    """ "ngày 05 tháng 3 năm 2020": days below 10 and months 1 and 2 get a leading zero (NĐ 30/2020)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: dt.date | None) -> str:
    """05/11/2026, or nothing."""
    return format_date(day) if day else ""


def percent(share: Number | None) -> str:
    """A share of 1 as "68,4%" or "100%"; nothing without a share."""
    return "" if share is None else f"{format_number(share * 100, 1).removesuffix(',0')}%"


def compared(share: Number, other: Number) -> str:
    """ "cao hơn 3,2 điểm phần trăm so với", "thấp hơn … so với" or "bằng".

    The difference is that of the two figures as printed, so that a reader can check it by hand.
    """
    points = _permille(share) - _permille(other)
    if points == 0:
        return "bằng"
    word = "cao hơn" if points > 0 else "thấp hơn"
    return f"{word} {format_number(Fraction(abs(points), 10), 1)} điểm phần trăm so với"


def _permille(share: Number) -> int:
    """Tenths of a percent, half up as `format_number` rounds."""
    return floor(Fraction(share) * 1000 + Fraction(1, 2))


def listing(parts: Iterable[str]) -> str:
    """ "a, b và c"."""
    words = list(parts)
    return " và ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence; an abbreviation such as OCOP keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital first letter and one full stop."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(" .;") + "."
