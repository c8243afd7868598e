"""The law's arithmetic on hand-worked cases (law: QĐ 26, Đ3, Đ4, Đ7)."""

import time
from fractions import Fraction

import pytest

from evaluation.scoring import (
    GateRule,
    Leaf,
    Option,
    ScoringError,
    ScoringSet,
    SheetInput,
    Unmet,
    check_sheet,
    display,
    effective_positions,
    missing_leaves,
    next_star_gaps,
    rate,
    sheet_points,
    star_by_score,
)
from evaluation.tests.sheets import (
    SET_1_CHOICES,
    best_choices,
    hundred_point_set,
    marked_set,
    scoring_set,
    set_1_sheets,
    sheet,
    sheets,
)

# --- bounds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hundredths", "star", "shown"),
    [
        (0, 1, "0.00"),
        (2999, 1, "29.99"),
        (3000, 2, "30.00"),
        (4999, 2, "49.99"),
        (5000, 3, "50.00"),
        (6999, 3, "69.99"),
        (7000, 4, "70.00"),
        (8999, 4, "89.99"),
        (9000, 5, "90.00"),
        (10000, 5, "100.00"),
    ],
)
def test_star_by_score_at_every_bound(hundredths, star, shown):
    total = Fraction(hundredths, 100)
    assert (star_by_score(total), display(total)) == (star, shown)


@pytest.mark.parametrize("bound", [30, 50, 70, 90])
def test_hundred_sheets_one_point_short_stay_below_the_bound(bound):
    # 99 sheets at the bound and one a point below: the mean is bound - 0.01.
    short = [{"1": bound}] * 99 + [{"1": bound - 1}]
    rating = rate(hundred_point_set(), sheets(*short))
    assert display(rating.total) == f"{bound - 1}.99"
    assert rating.star_by_score == star_by_score(bound) - 1
    assert rate(hundred_point_set(), sheets(*([{"1": bound}] * 100))).star_by_score == star_by_score(bound)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(214, 3), "71.33"),
        (Fraction(200, 3), "66.66"),
        (Fraction(899999, 10000), "89.99"),
        (Fraction(1, 1000), "0.00"),
        (7, "7.00"),
        (Fraction(705, 100), "7.05"),
    ],
)
def test_display_rounds_down_to_two_decimals(value, shown):
    assert display(value) == shown


# --- set 1: the running example -----------------------------------------------------------------


def test_set_1_means_are_exact_thirds():
    rating = rate(scoring_set(1), set_1_sheets())
    # 73 + 70 + 71 = 214; sections (31+31+30)/3, (19+16+16)/3, (23+23+25)/3
    assert rating.total == Fraction(214, 3)
    assert rating.sections == {"A": Fraction(92, 3), "B": 17, "C": Fraction(71, 3)}
    assert [one.total for one in rating.sheets] == [73, 70, 71]
    assert [one.sections for one in rating.sheets] == [
        {"A": 31, "B": 19, "C": 23},
        {"A": 31, "B": 16, "C": 23},
        {"A": 30, "B": 16, "C": 25},
    ]
    assert (rating.median, rating.spread) == (71, 3)
    assert rating.leaf_means["4.1"] == 3
    assert rating.leaf_means["3.5"] == Fraction(5, 3)
    assert rating.leaf_means["1.1"] == 3


@pytest.mark.parametrize(
    ("rule", "unmet"),
    [
        # 3.5 needs 2 points for four stars and got 2, 2, 1; 4.1 needs 3 and got 5, 2, 2.
        ("majority", [Unmet("4.1", 4, 3, (4, 2, 2))]),
        ("mean", [Unmet("3.5", 4, 2, (2, 2, 1))]),
        ("all", [Unmet("3.5", 4, 2, (2, 2, 1)), Unmet("4.1", 4, 3, (4, 2, 2))]),
    ],
)
def test_set_1_gate_rules_differ_on_the_same_sheets(rule, unmet):
    rating = rate(scoring_set(1), set_1_sheets(), gate_rule=rule)
    assert list(rating.unmet) == unmet
    assert (rating.star_by_score, rating.star) == (4, 3)
    assert rating.recognisable and not rating.potential_five and not rating.excluded


def test_set_1_conclusion_rule_needs_a_conclusion_for_every_marked_criterion():
    of = scoring_set(1)
    nothing = rate(of, set_1_sheets(), gate_rule="conclusion")
    # 7 marks for three stars and 12 for four; those for five stay out of a four-star score
    assert [item.star for item in nothing.unmet] == [3] * 7 + [4] * 12
    assert nothing.star == 2 and not nothing.recognisable
    concluded = {mark.leaf.code: len(mark.leaf.options) for mark in of.marks}
    assert rate(of, set_1_sheets(), gate_rule="conclusion", conclusions=concluded).star == 4


# --- set 11: three levels, stop, applies-if -----------------------------------------------------

# A  1.x 2+0+2+2+1+1+1 = 9, 2.x 2+2+2+1 = 7, 3.x 3+1+2+1+1 = 8   -> 24
# B  4.x 2+2+2 = 6, 5.x 3+2+3 = 8                                 -> 14
# C  6.1.x 2+1, 6.2.x 2+1+3 = 9, then 1+4+1+2+1 = 9               -> 18, total 56
TEA = {
    **{"1.1": 2, "1.2": 1, "1.3": 3, "1.4": 2, "1.5": 2, "1.6": 1, "1.7": 2},
    **{"2.1": 3, "2.2": 3, "2.3": 2, "2.4": 2, "3.1": 3, "3.2": 2, "3.3": 2, "3.4": 1, "3.5": 1},
    **{"4.1": 2, "4.2": 3, "4.3": 3, "5.1": 4, "5.2": 3, "5.3": 3},
    **{"6.1.1": 3, "6.1.2": 2, "6.2.1": 3, "6.2.2": 2, "6.2.3": 3},
    **{"7": 2, "8": 2, "9": 1, "10": 2, "11": 1},
}
# Impurity found: 6.1.1 gives 0 and nothing after it counts: 24 + 14 + 0 = 38.
TEA_STOPPED = {code: TEA[code] for code in list(TEA)[:22]} | {"6.1.1": 1}
# No story: 5.1 gives 0, so 5.2 counts 0 although chosen: 56 - 3 - 2 = 51.
TEA_WITHOUT_STORY = TEA | {"5.1": 1}


def test_set_11_sums_over_three_levels():
    rating = rate(scoring_set(11), sheets(TEA))
    assert rating.total == 56
    assert rating.sections == {"A": 24, "B": 14, "C": 18}
    assert (rating.star, rating.unmet) == (3, ())


def test_set_11_one_stopped_sheet_and_one_without_story():
    rating = rate(
        scoring_set(11),
        [sheet(TEA, "A"), sheet(TEA_STOPPED, "B", "6.1.1"), sheet(TEA_WITHOUT_STORY, "C")],
    )
    # (56 + 38 + 51) / 3 = 145/3 = 48.33: two stars by score, and no condition speaks below three
    assert rating.total == Fraction(145, 3)
    assert (rating.star_by_score, rating.star, rating.unmet) == (2, 2, ())


def test_set_11_stopped_sheet_fails_conditions_under_the_rule_of_all():
    of = scoring_set(11)
    three = [sheet(TEA, "A"), sheet(TEA_STOPPED, "B", "6.1.1"), sheet(TEA, "C")]
    # (56 + 38 + 56) / 3 is exactly 50
    assert rate(of, three).star == 3
    strict = rate(of, three, gate_rule="all")
    assert strict.unmet == (Unmet("8", 3, 1, (2, 0, 2)), Unmet("9", 3, 1, (1, 0, 1)))
    assert (strict.star, strict.recognisable) == (2, False)


# --- set 25 --------------------------------------------------------------------------------------


def _pets_at(level: int) -> dict[str, int]:
    """Every criterion of set 25 at this position, or at its last one."""
    return {leaf.code: min(level, len(leaf.options)) for leaf in scoring_set(25).leaves}


def test_set_25_mean_and_conditions():
    of = scoring_set(25)
    # level 2: A 10 + 4 + 9 = 23, B 4 + 3 = 7,  C 7 + 5 + 3 + 3 = 18   -> 48
    # level 3: A 17 + 7 + 12 = 36, B 7 + 7 = 14, C 13 + 7 + 5 + 5 = 30 -> 80
    three = sheets(_pets_at(2), _pets_at(3), _pets_at(3))
    rating = rate(of, three)
    assert [one.total for one in rating.sheets] == [48, 80, 80]
    assert rating.sections == {"A": Fraction(95, 3), "B": Fraction(35, 3), "C": 26}
    assert (display(rating.total), rating.star_by_score, rating.star) == ("69.33", 3, 3)
    # criterion 8 needs 5 points for three stars: (3 + 5 + 5) / 3 is less
    by_mean = rate(of, three, gate_rule="mean")
    assert by_mean.unmet == (Unmet("8", 3, 3, (2, 3, 3)),)
    assert (by_mean.star, by_mean.recognisable) == (2, False)
    concluded = rate(of, three, gate_rule="mean", conclusions={"8": 3})
    assert (concluded.star, concluded.total) == (3, rating.total)


def test_set_25_full_marks_are_a_potential_five():
    rating = rate(scoring_set(25), sheets(_pets_at(9)))
    assert (rating.total, rating.star) == (100, 5)
    assert rating.recognisable and rating.potential_five


def test_set_25_missing_five_star_mark_leaves_four_stars():
    # 1.4 at position 3 gives 2 of 4 points, which is its four-star mark
    rating = rate(scoring_set(25), sheets(_pets_at(9) | {"1.4": 3}))
    assert (rating.total, rating.star_by_score, rating.star) == (98, 5, 4)
    assert rating.unmet == (Unmet("1.4", 5, 4, (3,)),)
    assert rating.recognisable and not rating.potential_five


def test_set_25_missing_three_star_mark_leaves_two_stars_at_98_points():
    rating = rate(scoring_set(25), sheets(_pets_at(9) | {"8": 2}))
    assert (rating.total, rating.star_by_score, rating.star) == (98, 5, 2)
    assert rating.unmet == (Unmet("8", 3, 3, (2,)),)
    assert not rating.recognisable


# --- set 26: cases -------------------------------------------------------------------------------


def test_set_26_both_cases_reach_the_maximum():
    of = scoring_set(26)
    first_case = best_choices(of) | {"8": 2, "9": 2, "15": 2}
    second_case = best_choices(of) | {"8": 4, "9": 4, "15": 4}
    rating = rate(of, sheets(first_case, second_case))
    assert [one.total for one in rating.sheets] == [100, 100]
    assert rating.potential_five


def test_set_26_first_level_of_the_second_case_scores_as_that_of_the_first():
    of = scoring_set(26)
    # 8 loses 2, 9 loses 1, 15 loses 2
    low_second = best_choices(of) | {"8": 3, "9": 3, "15": 3}
    low_first = best_choices(of) | {"8": 1, "9": 1, "15": 1}
    rating = rate(of, sheets(low_second, low_first, best_choices(of)))
    assert [one.total for one in rating.sheets] == [95, 95, 100]
    assert display(rating.total) == "96.66"


def test_set_26_none_of_the_options_is_position_zero():
    of = scoring_set(26)
    rating = rate(of, sheets(best_choices(of) | {"3.5": 0}, best_choices(of) | {"3.5": 0}, best_choices(of)))
    # 3.5 gives 0, 0, 3: total (97 + 97 + 100) / 3 = 98
    assert rating.total == 98
    assert rating.unmet == (Unmet("3.5", 3, 1, (0, 0, 3)), Unmet("3.5", 4, 2, (0, 0, 3)))
    assert rating.star == 2
    assert rate(of, sheets({leaf.code: 0 for leaf in of.leaves})).total == 0


def test_a_condition_in_one_case_is_met_by_equal_points_of_the_other():
    options = (
        Option(1, 1, "a", case="1"),
        Option(2, 60, "b", min_star=3, case="1"),
        Option(3, 1, "c", case="2"),
        Option(4, 60, "d", case="2"),
    )
    of = ScoringSet("t-case", "Thử", (Leaf("1", "Có trường hợp", 60, options, "A"),), scoring_set(1).sections)
    assert rate(of, sheets({"1": 4})).star == 3


# --- conditions in general -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "positions", "met"),
    [
        # the four-star mark is position 3, 3 points; position 4 gives 5
        ("majority", (3, 3, 1), True),
        ("majority", (4, 1, 1), False),
        ("majority", (3, 3, 1, 1), False),  # half is not more than half
        ("majority", (3, 3, 3, 1), True),
        ("mean", (4, 2, 2), True),  # (5 + 2 + 2) / 3 = 3
        ("mean", (4, 2, 1), False),  # 8/3
        ("all", (3, 4, 3), True),
        ("all", (4, 4, 2), False),
        ("conclusion", (4, 4, 4), False),
    ],
)
def test_gate_rules(rule, positions, met):
    rating = rate(marked_set(), sheets(*({"1": 80, "2": position} for position in positions)), gate_rule=rule)
    assert (("2", 4) not in {(item.criterion, item.star) for item in rating.unmet}) is met


def test_five_stars_need_the_four_star_mark_where_a_criterion_has_no_five_star_mark():
    leaf = Leaf("2", "Có dấu", 3, (Option(1, 1, "a", 3), Option(2, 2, "b", 4), Option(3, 3, "c")), "B")
    of = ScoringSet("t", "Thử", (marked_set().leaves[0], leaf), marked_set().sections)
    assert rate(of, sheets({"1": 95, "2": 2})).star == 5
    assert rate(of, sheets({"1": 95, "2": 1})).star == 3


def test_unmet_is_ordered_by_star_then_by_place_in_the_table():
    rating = rate(scoring_set(1), sheets(best_choices(scoring_set(1), **{"4.1": 1, "2.3": 0, "1.3": 2})))
    # 100 - 4 - 3 - 1 = 92
    assert [(item.star, item.criterion) for item in rating.unmet] == [
        (3, "2.3"),
        (3, "4.1"),
        (4, "2.3"),
        (4, "4.1"),
        (5, "1.3"),
        (5, "4.1"),
    ]


def test_marks_above_the_star_by_score_are_not_listed():
    rating = rate(marked_set(), sheets({"1": 60, "2": 0}))
    assert rating.star_by_score == 3
    assert rating.unmet == (Unmet("2", 3, 1, (0,)),)


def test_failing_three_star_mark_keeps_one_star_at_one():
    assert rate(marked_set(), sheets({"1": 10, "2": 0})).star == 1


@pytest.mark.parametrize("rule", list(GateRule))
def test_conclusion_prevails_under_every_rule_and_never_changes_the_mean(rule):
    high = sheets(*[{"1": 80, "2": 4}] * 3)
    low = sheets(*[{"1": 80, "2": 0}] * 3)
    raised = rate(marked_set(), low, gate_rule=rule, conclusions={"2": 3})
    lowered = rate(marked_set(), high, gate_rule=rule, conclusions={"2": 2})
    assert (raised.total, raised.star, raised.unmet) == (80, 4, ())
    assert (lowered.total, lowered.star) == (85, 3)
    assert lowered.unmet == (Unmet("2", 4, 3, (2,)),)


def test_conclusion_of_none_of_the_options_fails_every_mark():
    rating = rate(marked_set(), sheets({"1": 80, "2": 4}), conclusions={"2": 0})
    assert rating.unmet == (Unmet("2", 3, 1, (0,)), Unmet("2", 4, 3, (0,)))
    assert rating.star == 2


def test_excluded_dossier_has_no_star_but_shows_points_and_unmet():
    plain = rate(scoring_set(1), set_1_sheets())
    excluded = rate(scoring_set(1), set_1_sheets(), excluded="Giả mạo hồ sơ")
    assert (excluded.star, excluded.recognisable, excluded.potential_five) == (None, False, False)
    assert (excluded.excluded, excluded.exclusion_ground) == (True, "Giả mạo hồ sơ")
    assert (excluded.total, excluded.star_by_score, excluded.unmet) == (plain.total, 4, plain.unmet)


def test_excluded_full_marks_are_no_potential_five():
    of = scoring_set(25)
    assert not rate(of, sheets(best_choices(of)), excluded="Giả mạo hồ sơ").potential_five


# --- stop, applies-if, missing -------------------------------------------------------------------


def test_stop_keeps_its_own_leaf_and_drops_all_later_ones():
    of = scoring_set(1)
    stopped = sheet(SET_1_CHOICES[0], stopped_at="6.1")
    positions = effective_positions(of, stopped)
    assert positions["6.1"] == 3
    later = ["6.2", "6.3", "6.4", "7", "8", "9", "10", "11", "12"]
    assert [positions[code] for code in later] == [0] * 9
    assert sheet_points(of, stopped) == 31 + 19 + 2


def test_any_leaf_may_be_the_stop_and_the_last_one_changes_nothing():
    of = scoring_set(1)
    assert sheet_points(of, sheet(SET_1_CHOICES[0], stopped_at="1.1")) == 3
    assert sheet_points(of, sheet(SET_1_CHOICES[0], stopped_at="12")) == 73


def test_leaf_that_does_not_apply_counts_zero_and_may_be_missing():
    of = scoring_set(1)
    without_story = {**SET_1_CHOICES[0], "5.1": 1}
    assert sheet_points(of, sheet(without_story)) == 73 - 5 - 1
    del without_story["5.2"]
    assert missing_leaves(of, sheet(without_story)) == ()
    assert missing_leaves(of, sheet({**without_story, "5.1": 2})) == ("5.2",)


def test_stop_before_the_condition_switches_the_conditional_leaf_off():
    of = scoring_set(1)
    assert effective_positions(of, sheet(SET_1_CHOICES[0], stopped_at="4.3"))["5.2"] == 0


def test_missing_leaves_end_at_the_stop_which_itself_must_be_answered():
    of = scoring_set(1)
    until_61 = dict.fromkeys(list(SET_1_CHOICES[0])[:22], 1)
    assert missing_leaves(of, sheet(until_61, stopped_at="6.1")) == ("6.1",)
    assert missing_leaves(of, sheet(until_61 | {"6.1": 1}, stopped_at="6.1")) == ()
    assert missing_leaves(of, sheet(until_61))[:2] == ("6.1", "6.2")


def test_zero_is_an_answer():
    of = scoring_set(26)
    assert missing_leaves(of, sheet({leaf.code: 0 for leaf in of.leaves})) == ()


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"1.1": 4}, "tiêu chí 1.1: vị trí 4"),
        ({"1.1": -1}, "tiêu chí 1.1: vị trí -1"),
        ({"1.1": True}, "tiêu chí 1.1: vị trí phải là số nguyên"),
        ({"1.1": 1.0}, "tiêu chí 1.1: vị trí phải là số nguyên"),
        ({"9.9": 1}, "9.9 không phải tiêu chí"),
        ({"1": 1}, "1 không phải tiêu chí"),
    ],
)
def test_wrong_choice_is_named_with_its_member(changed, named):
    with pytest.raises(ScoringError) as caught:
        check_sheet(scoring_set(1), sheet({**SET_1_CHOICES[0], **changed}, "Bà An"))
    assert named in str(caught.value)
    assert "Bà An" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_wrong_choice_after_the_stop_is_still_refused():
    with pytest.raises(ScoringError, match="tiêu chí 12: vị trí 9"):
        check_sheet(scoring_set(1), sheet({**SET_1_CHOICES[0], "12": 9}, stopped_at="6.1"))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"sheets": []}, "Không có phiếu"),
        ({"sheets": [sheet(SET_1_CHOICES[0]), sheet(SET_1_CHOICES[1])]}, "A có hai phiếu"),
        ({"sheets": [sheet(SET_1_CHOICES[0], stopped_at="6")]}, "6 không phải tiêu chí"),
        ({"sheets": [sheet({**SET_1_CHOICES[0], "12": 9})]}, "tiêu chí 12"),
        ({"sheets": [SheetInput("A", {})]}, "chưa chấm tiêu chí 1.1, 1.2, 1.3, 1.4, 1.5 và 26 tiêu chí khác"),
        ({"conclusions": {"3.5": 4}}, "Kết luận của Hội đồng: tiêu chí 3.5: vị trí 4"),
        ({"conclusions": {"99": 1}}, "Kết luận của Hội đồng: 99"),
        ({"gate_rule": "half"}, "half"),
        ({"excluded": "  "}, "excluded"),
    ],
)
def test_rate_names_what_is_wrong(arguments, named):
    wanted = {"sheets": set_1_sheets(), **arguments}
    with pytest.raises(ScoringError, match=named):
        rate(scoring_set(1), wanted.pop("sheets"), **wanted)


def test_a_set_refuses_repeated_codes_and_conditions_looking_ahead():
    leaf = Leaf("1", "Một", 1, (Option(1, 1, "a"),), "A")
    ahead = Leaf("0", "Không", 1, (Option(1, 1, "a"),), "A", applies_if=("1", 0))
    with pytest.raises(ScoringError, match="lặp lại"):
        ScoringSet("t", "Thử", (leaf, leaf), ())
    with pytest.raises(ScoringError, match="không đứng trước"):
        ScoringSet("t", "Thử", (ahead, leaf), ())


# --- what is lacking for the next star -----------------------------------------------------------


def test_next_star_gaps_name_points_and_conditions():
    gaps = next_star_gaps(scoring_set(1), SET_1_CHOICES[0])
    # 73 points, four stars: 17 to 90, and the five-star marks of 1.3 and 1.5 (4.1 has its own)
    assert (gaps.star, gaps.target, gaps.points) == (4, 5, 17)
    assert gaps.unmet == (Unmet("1.3", 5, 3, (2,)), Unmet("1.5", 5, 4, (3,)))


def test_next_star_gaps_of_an_empty_assessment():
    gaps = next_star_gaps(scoring_set(1), {})
    assert (gaps.star, gaps.target, gaps.points, gaps.unmet) == (1, 2, 30, ())
    # three stars is the first that is recognised: 50 points and the seven marks of set 1
    first = next_star_gaps(scoring_set(1), {}, target=3)
    assert (first.points, [item.criterion for item in first.unmet]) == (
        50,
        ["2.2", "2.3", "3.5", "4.1", "5.3", "9", "10"],
    )


def test_nothing_lacks_at_five_stars():
    assert next_star_gaps(scoring_set(25), best_choices(scoring_set(25))) is None


def test_filling_the_gaps_gives_the_star():
    of = scoring_set(1)
    gaps = next_star_gaps(of, SET_1_CHOICES[2])
    mended = SET_1_CHOICES[2] | {item.criterion: item.needed for item in gaps.unmet}
    assert (gaps.target, gaps.points) == (4, 0)
    assert rate(of, sheets(mended)).star == 4


def test_nine_sheets_are_rated_in_a_few_milliseconds():
    of = scoring_set(1)
    nine = sheets(*[SET_1_CHOICES[0]] * 9)
    rate(of, nine)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        rate(of, nine)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.005
