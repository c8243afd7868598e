"""The order of Vietnamese names in lists."""

from core.text import sort_key


def test_names_are_ordered_word_by_word_as_in_a_dictionary():
    ordered = ["Cá", "Cá chép", "Cải ngọt", "Cam sành", "Đan Hải", "Hà Huy Tập", "Hải Ninh"]
    assert sorted(set(ordered), key=sort_key) == ordered


def test_the_five_tones_and_the_letters_with_marks_keep_their_order():
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ", "me", "mê"]
    assert sorted(set(ordered), key=sort_key) == ordered


def test_digits_stand_before_letters_and_nothing_before_everything():
    assert sorted(["Bộ hai", "Bộ 2", "Bộ", ""], key=sort_key) == ["", "Bộ", "Bộ 2", "Bộ hai"]
