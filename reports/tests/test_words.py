"""Numbers and dates in sentences."""

from datetime import date
from fractions import Fraction

import pytest

from reports import words
from reports.document import Points, roman


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2020, 3, 5), "ngày 05 tháng 3 năm 2020"),
        (date(2026, 1, 10), "ngày 10 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 9, 9), "ngày 09 tháng 9 năm 2026"),
        (date(2026, 11, 21), "ngày 21 tháng 11 năm 2026"),
    ],
)
def test_days_below_ten_and_months_one_and_two_get_a_leading_zero(day, text):
    assert words.formal_date(day) == text


def test_a_share_has_one_decimal_and_whole_ones_none():
    assert words.percent(Fraction(17, 25)) == "68%"
    assert words.percent(Fraction(1, 3)) == "33,3%"
    assert words.percent(Fraction(1067, 1000)) == "106,7%"
    assert words.percent(None) == ""
    # The whole is written once it is reached, and the difference is that of the figures as written.
    assert (words.percent(Fraction(9996, 10_000)), words.percent(Fraction(1))) == ("99,9%", "100%")
    assert words.compared(Fraction(9996, 10_000), 1) == "thấp hơn 0,1 điểm phần trăm so với"


def test_a_difference_is_that_of_the_printed_figures():
    # 12,0 % and 83,3 % (304/365 = 83,288 %): 71,3 points apart.
    assert words.compared(Fraction(3, 25), Fraction(304, 365)) == "thấp hơn 71,3 điểm phần trăm so với"
    assert words.compared(Fraction(9, 10), Fraction(1, 2)) == "cao hơn 40,0 điểm phần trăm so với"
    assert words.compared(Fraction(1, 3), Fraction(3333, 10000)) == "bằng"


def test_a_listing_ends_with_and():
    assert words.listing([]) == ""
    assert words.listing(["một"]) == "một"
    assert words.listing(["một", "hai", "ba"]) == "một, hai và ba"


def test_an_abbreviation_keeps_its_capitals_inside_a_sentence():
    assert words.lower_first("Sản phẩm 4 sao") == "sản phẩm 4 sao"
    assert words.lower_first("UBND các xã") == "UBND các xã"
    assert words.lower_first("Lớp OCOP cấp xã") == "lớp OCOP cấp xã"


def test_a_name_keeps_its_capitals_inside_a_sentence():
    assert words.lower_first("Hà Nội 301, Quảng Ninh 191") == "Hà Nội 301, Quảng Ninh 191"


def test_lines_of_a_title_are_of_about_one_length():
    title = "Tiến độ Kế hoạch thực hiện Chương trình Mỗi xã một sản phẩm tỉnh Hà Tĩnh năm 2019"
    assert words.balanced(title, 64) == [
        "Tiến độ Kế hoạch thực hiện Chương trình",
        "Mỗi xã một sản phẩm tỉnh Hà Tĩnh năm 2019",
    ]
    assert words.balanced("ngắn", 64) == ["ngắn"]
    assert words.balanced("dài" * 90, 64) == ["dài" * 90]


def test_points_follow_the_vietnamese_alphabet():
    marks = [mark for mark, _ in Points.lettered([""] * 7).items]
    assert marks == ["a)", "b)", "c)", "d)", "đ)", "e)", "g)"]


def test_more_points_than_letters_get_dashes():
    assert {mark for mark, _ in Points.lettered([""] * 40).items} == {"-"}


def test_roman_numbers():
    assert [roman(number) for number in (1, 4, 5, 9, 14)] == ["I", "IV", "V", "IX", "XIV"]
