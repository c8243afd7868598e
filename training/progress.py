"""The arithmetic of progress: pure functions on plain values, no database.

The rule, as the pages state it: a target is done when its value reaches the plan (a range at its lower
bound); overdue when its day has passed and it is not; otherwise the share reached is compared with the
share of time passed: at least as much is on track, at least three quarters of it is at risk, less is
behind. Without a value nothing is said.

Where less is better (a limit: "at most 5", or an indicator of that direction) the value may still grow:
within the limit it is on track until its day has passed and done then; above it is behind, and overdue
when its day has passed.
"""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from core.numbers import format_number, to_decimal
from training.enums import Operator, TargetStatus

AT_RISK_FROM = Fraction(3, 4)


def time_share(start: date, end: date, day: date) -> Fraction:
    """The share of the days from `start` to `end` that has passed when `day` ends, 0 to 1."""
    passed = Fraction((day - start).days + 1, (end - start).days + 1)
    return min(max(passed, Fraction(0)), Fraction(1))


def status_of(
    *, has_value: bool, reached: bool, share: Fraction | None, time_passed: Fraction, past_due: bool
) -> TargetStatus:
    """How a target stands; the rule is in the head of this module."""
    if not has_value:
        return TargetStatus.NO_DATA
    if reached:
        return TargetStatus.DONE
    if past_due:
        return TargetStatus.OVERDUE
    if share is None or share >= time_passed:
        return TargetStatus.ON_TRACK
    return TargetStatus.AT_RISK if share >= AT_RISK_FROM * time_passed else TargetStatus.BEHIND


def is_reached(operator: str, planned: Decimal | None, actual: Decimal | None) -> bool:
    """Does the value reach the plan? A range is reached at its lower bound, a limit by staying within it."""
    if planned is None or actual is None:
        return False
    if operator == Operator.AT_MOST:
        return actual <= planned
    return actual > planned if operator == Operator.MORE_THAN else actual >= planned


def limit_status(*, within: bool, past_due: bool) -> TargetStatus:
    """How a limit stands that has a value; the rule is in the head of this module."""
    if within:
        return TargetStatus.DONE if past_due else TargetStatus.ON_TRACK
    return TargetStatus.OVERDUE if past_due else TargetStatus.BEHIND


def share_of(planned: Decimal | None, actual: Decimal | None) -> Fraction | None:
    """Actual over planned; None when one is missing or nothing was planned."""
    if planned is None or actual is None or planned <= 0:
        return None
    return Fraction(actual) / Fraction(planned)


def forecast_of(
    actual: Decimal | None, time_passed: Fraction, *, limit: Decimal | None = None
) -> Decimal | None:
    """Where the value stands at the end if it keeps growing as it did so far (a straight line).

    Cut to a whole number; None before the start, at the end, and without a value.
    """
    if actual is None or not 0 < time_passed < 1:
        return None
    forecast = to_decimal(Fraction(actual) / time_passed).quantize(Decimal(1), rounding=ROUND_DOWN)
    return forecast if limit is None else min(forecast, limit)


def planned_words(
    operator: str, value: Decimal | None, value_to: Decimal | None, due_on: date | None, text: str
) -> str:
    """The planned value as plans print it: "≥ 25", "15-20", "100 %", "22/25", "trước 15/7/2020"."""
    low, high = format_number(value), format_number(value_to)
    words = {
        Operator.AT_LEAST: f"≥ {low}",
        Operator.MORE_THAN: f"> {low}",
        Operator.AT_MOST: f"≤ {low}",
        Operator.EXACTLY: low,
        Operator.RANGE: f"{low}-{high}",
        Operator.PERCENT: f"{low} %",
        Operator.RATIO: f"{low}/{high}",
        Operator.BY_DATE: f"trước {due_on.day}/{due_on.month}/{due_on.year}" if due_on else "",
        Operator.QUALITATIVE: text,
    }
    return words[Operator(operator)]


def actual_words(operator: str, value: Decimal | None, value_to: Decimal | None) -> str:
    """A value as it stands beside its plan: "17", "65,21 %", "22/25".

    Per cents are cut at the second decimal, so that 99,996 % is not shown as the 100 % it did not reach.
    """
    if operator == Operator.PERCENT and value is not None:
        return f"{format_number(value.quantize(Decimal('0.01'), rounding=ROUND_DOWN))} %"
    number = format_number(value)
    return f"{number}/{format_number(value_to)}" if operator == Operator.RATIO else number
