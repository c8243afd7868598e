"""The days of reporting periods, by hand."""

from datetime import date

import pytest

from training.periods import last_closed_month, span


@pytest.mark.parametrize(
    ("kind", "number", "start", "end"),
    [
        ("month", 1, date(2025, 12, 15), date(2026, 1, 14)),
        ("month", 11, date(2026, 10, 15), date(2026, 11, 14)),
        ("quarter", 1, date(2025, 12, 15), date(2026, 3, 14)),
        ("quarter", 3, date(2026, 6, 15), date(2026, 9, 14)),
        ("half", 1, date(2025, 12, 15), date(2026, 6, 14)),
        ("nine", 1, date(2025, 12, 15), date(2026, 9, 14)),
        ("year", 1, date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_periods_close_on_the_fourteenth(kind, number, start, end):
    assert span(kind, 2026, number, 14) == (start, end)


def test_another_closing_day_moves_every_period():
    assert span("month", 2026, 3, 0) == (date(2026, 3, 1), date(2026, 3, 31))
    assert span("year", 2026, 1, 0) == (date(2026, 1, 1), date(2026, 12, 31))
    assert span("month", 2026, 2, 30) == (date(2026, 1, 31), date(2026, 2, 28))


@pytest.mark.parametrize(("kind", "number"), [("month", 13), ("quarter", 5), ("year", 2), ("month", 0)])
def test_a_period_the_year_does_not_have_is_refused(kind, number):
    with pytest.raises(ValueError):
        span(kind, 2026, number, 14)


def test_a_month_is_closed_from_the_day_after_its_cut_off():
    assert last_closed_month(date(2026, 11, 14), 14) == (2026, 10)
    assert last_closed_month(date(2026, 11, 15), 14) == (2026, 11)
    assert last_closed_month(date(2026, 1, 14), 14) == (2025, 12)
    assert last_closed_month(date(2026, 3, 31), 0) == (2026, 2)
