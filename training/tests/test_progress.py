"""The arithmetic of progress, by tables."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from training import progress
from training.enums import TargetStatus as Status

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2025, 12, 31), Fraction(0)),
        (date(2026, 1, 1), Fraction(1, 365)),
        (date(2026, 7, 2), Fraction(183, 365)),
        (date(2026, 12, 31), Fraction(1)),
        (date(2027, 5, 1), Fraction(1)),
    ],
)
def test_share_of_time_counts_days_that_have_ended(day, share):
    assert progress.time_share(*YEAR, day) == share


@pytest.mark.parametrize(
    ("share", "time_passed", "past_due", "status"),
    [
        # Half the time has passed: half is on track, three quarters of a half at risk, less is behind.
        ("1/2", "1/2", False, Status.ON_TRACK),
        ("499/1000", "1/2", False, Status.AT_RISK),
        ("3/8", "1/2", False, Status.AT_RISK),
        ("374/1000", "1/2", False, Status.BEHIND),
        ("0", "1/2", False, Status.BEHIND),
        ("0", "0", False, Status.ON_TRACK),
        ("99/100", "1", True, Status.OVERDUE),
        (None, "1/2", False, Status.ON_TRACK),
    ],
)
def test_status_compares_share_with_time(share, time_passed, past_due, status):
    reached = progress.status_of(
        has_value=True,
        reached=False,
        share=None if share is None else Fraction(share),
        time_passed=Fraction(time_passed),
        past_due=past_due,
    )
    assert reached == status


def test_reached_is_done_even_late_and_nothing_is_said_without_a_value():
    common = {"share": Fraction(1), "time_passed": Fraction(1), "past_due": True}
    assert progress.status_of(has_value=True, reached=True, **common) == Status.DONE
    assert progress.status_of(has_value=False, reached=False, **common) == Status.NO_DATA


@pytest.mark.parametrize(
    ("operator", "actual", "reached"),
    [
        ("ge", 25, True),
        ("ge", 24, False),
        ("gt", 25, False),
        ("gt", 26, True),
        ("eq", 25, True),
        ("range", 25, True),  # at its lower bound
        ("range", 24, False),
        ("percent", "24.99", False),
        ("ratio", 25, True),
    ],
)
def test_reached(operator, actual, reached):
    assert progress.is_reached(operator, Decimal(25), Decimal(actual)) is reached


def test_nothing_is_reached_without_numbers():
    assert not progress.is_reached("ge", None, Decimal(1))
    assert not progress.is_reached("ge", Decimal(1), None)


def test_share_may_pass_one_and_needs_a_plan_above_zero():
    assert progress.share_of(Decimal(20), Decimal(25)) == Fraction(5, 4)
    assert progress.share_of(Decimal(0), Decimal(5)) is None
    assert progress.share_of(None, Decimal(5)) is None


@pytest.mark.parametrize(
    ("actual", "time_passed", "limit", "forecast"),
    [
        (17, "325/365", None, 19),  # 17 x 365 / 325 = 19,09
        (10, "1/2", None, 20),
        (60, "1/2", 100, 100),
        (10, "1", None, None),
        (10, "0", None, None),
        (None, "1/2", None, None),
    ],
)
def test_forecast_is_a_straight_line_cut_to_a_whole_number(actual, time_passed, limit, forecast):
    number = None if actual is None else Decimal(actual)
    bound = None if limit is None else Decimal(limit)
    assert progress.forecast_of(number, Fraction(time_passed), limit=bound) == forecast


@pytest.mark.parametrize(
    ("operator", "value", "value_to", "due_on", "text", "words"),
    [
        ("ge", 25, None, None, "", "≥ 25"),
        ("gt", 2160, None, None, "", "> 2.160"),
        ("eq", 48, None, None, "", "48"),
        ("range", 15, 20, None, "", "15-20"),
        ("percent", "90.4", None, None, "", "90,4 %"),
        ("ratio", 22, 25, None, "", "22/25"),
        ("date", None, None, date(2020, 7, 15), "", "trước 15/7/2020"),
        ("text", None, None, None, "Xây dựng mô hình điểm", "Xây dựng mô hình điểm"),
    ],
)
def test_planned_words(operator, value, value_to, due_on, text, words):
    low = None if value is None else Decimal(value)
    high = None if value_to is None else Decimal(value_to)
    assert progress.planned_words(operator, low, high, due_on, text) == words
