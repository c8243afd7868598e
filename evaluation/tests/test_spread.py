"""Statistics of several sheets, worked by hand."""

from fractions import Fraction

import pytest

from evaluation.spread import (
    Calibration,
    FarPair,
    calibrate,
    display_root,
    display_signed,
    far_pairs,
    figures_of,
)


def test_the_figures_of_the_three_sheets_of_the_guide():
    # 73, 70, 71: mean 214/3; distances 5/3, -4/3, -1/3; squares 25/9 + 16/9 + 1/9 = 42/9; divided by 3: 14/9
    figures = figures_of([73, 70, 71])
    assert (figures.mean, figures.median) == (Fraction(214, 3), 71)
    assert (figures.least, figures.most, figures.spread) == (70, 73, 3)
    assert figures.variance == Fraction(14, 9)
    # 1.24² = 1.5376 <= 1.5555… < 1.5625 = 1.25²
    assert display_root(figures.variance) == "1.24"


def test_an_even_number_of_sheets_has_its_median_between_the_middle_two():
    # 60, 70, 75, 95: mean 75; squares 225 + 25 + 0 + 400 = 650; divided by 4: 162.5
    figures = figures_of([95, 60, 75, 70])
    assert (figures.mean, figures.median) == (75, Fraction(145, 2))
    assert figures.variance == Fraction(325, 2)
    assert display_root(figures.variance) == "12.74"  # 12.74² = 162.3076, 12.75² = 162.5625


def test_one_sheet_or_equal_sheets_do_not_deviate():
    for values in ([0], [82], [4, 4, 4]):
        figures = figures_of(values)
        assert (figures.spread, figures.variance, display_root(figures.variance)) == (0, 0, "0.00")
    with pytest.raises(ValueError, match="no values"):
        figures_of([])


@pytest.mark.parametrize(
    ("variance", "shown"),
    [
        (Fraction(1), "1.00"),
        (Fraction(99_999_999, 100_000_000), "0.99"),  # just below one is not shown as one
        (Fraction(2), "1.41"),
        (Fraction(1, 40_000), "0.00"),  # the root is 0.005
        (Fraction(2500), "50.00"),
    ],
)
def test_a_deviation_is_rounded_down(variance, shown):
    assert display_root(variance) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 3), "+0.33"),
        (Fraction(-1, 3), "-0.33"),
        (Fraction(-3, 2), "-1.50"),
        (Fraction(0), "0.00"),
        (Fraction(-1, 1000), "0.00"),
    ],
)
def test_a_distance_has_its_sign(value, shown):
    assert display_signed(value) == shown


def test_pairs_beyond_the_limit_the_farthest_first():
    # limit 10: 81-70 = 11 and 81-68 = 13 are beyond, 80-70 = 10 is not
    assert far_pairs([70, 81, 68, 80], 10) == (FarPair(1, 2, 13), FarPair(2, 3, 12), FarPair(0, 1, 11))
    assert far_pairs([70, 80], 10) == ()
    assert far_pairs([55], 0) == ()


def test_calibration_over_two_dossiers():
    # first: 73, 70, 71, mean 214/3: +5/3, -4/3, -1/3; second, without 3: 60 and 50, mean 55: +5, -5
    found = calibrate([{1: 73, 2: 70, 3: 71}, {1: 60, 2: 50}])
    assert found[1] == Calibration(2, Fraction(133, 2), Fraction(10, 3))  # (5/3 + 5) / 2
    assert found[2] == Calibration(2, Fraction(60), Fraction(-19, 6))  # (-4/3 - 5) / 2
    assert found[3] == Calibration(1, Fraction(71), Fraction(-1, 3))
    assert calibrate([]) == {}
