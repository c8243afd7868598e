"""Numbers, dates and money as Vietnamese offices write them: 1.234,5; 05/11/2026; 24.500.000 ₫."""

import datetime as dt
import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from django.utils import timezone

NOTHING = "–"
# Enough digits for a fraction to be cut at the second decimal without the division itself rounding.
PRECISION = 60

Number = int | float | Decimal | Fraction


def to_decimal(value: Number) -> Decimal:
    """The value as a Decimal; a float is read as it is printed (0.1 is 0.1)."""
    if isinstance(value, Fraction):
        with localcontext(prec=PRECISION, rounding=ROUND_DOWN):
            return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


def group(text: str) -> str:
    """ "1234.5" as "1.234,5"; the minus sign is the typographic one."""
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    return sign + f"{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "")


def format_number(value: Number | None, places: int | None = None) -> str:
    """A number in Vietnamese form; without `places`, at most two decimals and no trailing zeros."""
    if value is None or value == "":
        return NOTHING
    step = Decimal(1).scaleb(-(2 if places is None else places))
    text = f"{to_decimal(value).quantize(step, rounding=ROUND_HALF_UP):f}"
    if places is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return group("0" if text == "-0" else text)


_WRITTEN = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")


def parse_number(text: str) -> Decimal:
    """What a person typed as 1.234,5 (blanks and the typographic minus allowed).

    Raises ValueError for anything else: "12.5" could be a slip of 12,5 or of 125 and is not guessed.
    """
    bare = "".join(text.split()).replace("−", "-")
    if not _WRITTEN.fullmatch(bare):
        raise ValueError(text)
    return Decimal(bare.replace(".", "").replace(",", "."))


def format_points(value: Number | None) -> str:
    """Points cut (never rounded up) at the second decimal, so that 69,996 is not shown as 70,00."""
    if value is None or value == "":
        return NOTHING
    cut = to_decimal(value).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return group(f"{cut:f}")


def whole_percent(share: Number) -> str:
    """A share (1 is the whole) in whole per cents, cut: 0,9996 is 99, not the 100 it did not reach."""
    return format_number(int(to_decimal(share) * 100))


def format_money(value: Number | None) -> str:
    """An amount in dong: 24.500.000 ₫."""
    return NOTHING if value is None or value == "" else f"{format_number(value, 0)}\u00a0₫"


def format_date(value: dt.date | None) -> str:
    """05/11/2026, in the time zone of the installation."""
    if not value:
        return NOTHING
    return f"{_local(value):%d/%m/%Y}"


def format_datetime(value: dt.datetime | None) -> str:
    """05/11/2026 14:30, in the time zone of the installation."""
    if not value:
        return NOTHING
    return f"{_local(value):%d/%m/%Y %H:%M}"


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def due_words(due: dt.date | None, today: dt.date) -> str:
    """How far a due date is, in words: "quá hạn 3 ngày", "hạn hôm nay", "còn 6 ngày"."""
    if not due:
        return ""
    days = (_as_date(due) - today).days
    if days < 0:
        return f"quá hạn {-days} ngày"
    return {0: "hạn hôm nay", 1: "hạn ngày mai"}.get(days, f"còn {days} ngày")


def _as_date(value: dt.date) -> dt.date:
    value = _local(value)
    return value.date() if isinstance(value, dt.datetime) else value
