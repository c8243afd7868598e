"""Numbers and dates as they are written into the sentences of a paper."""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from math import floor
from textwrap import wrap

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
    return "" if share is None else f"{format_number(Fraction(_permille(share), 10), 1).removesuffix(',0')}%"


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
    """Tenths of a percent, half up as `format_number` rounds; the whole only once it is reached."""
    tenths = floor(Fraction(share) * 1000 + Fraction(1, 2))
    return min(tenths, 999) if share < 1 else tenths


def listing(parts: Iterable[str]) -> str:
    """ "a, b và c"."""
    words = list(parts)
    return " và ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence; abbreviations (OCOP) and names (Hà Nội) keep their capitals.

    Told by the letter that follows: the second one of an abbreviation, the second word of a name.
    """
    second = "".join(text.split()[1:2])
    is_name = second[:1].isupper() and second.istitle()
    return text if text[:2].isupper() or is_name else text[:1].lower() + text[1:]


def balanced(text: str, longest: int) -> list[str]:
    """The text in as few lines of up to `longest` letters as it takes, all of about one length."""
    count = len(_lines(text, longest))
    width = next(width for width in range(1, longest + 1) if len(_lines(text, width)) <= count)
    return _lines(text, width)


def _lines(text: str, width: int) -> list[str]:
    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def sentence(text: str) -> str:
    """The text with a capital first letter and one full stop."""
    return f"{text[:1].upper()}{text[1:]}".rstrip(" .;") + "."
