"""What must hold whatever the sheets are."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.scoring import STAR_BOUNDS, GateRule, SheetInput, display, rate, star_by_score
from evaluation.tests.sheets import hundred_point_set, scoring_set

SETS = {number: scoring_set(number) for number in range(1, 27)}
RULES = st.sampled_from(list(GateRule))
# The same examples on every run: a red test is red for everybody.
QUICK = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def councils(draw):
    """A set, one to five complete sheets leaning to good choices, some stopped, and conclusions."""
    of = SETS[draw(st.integers(1, 26))]
    sheets = []
    for number in range(draw(st.integers(1, 5))):
        # A floor for the whole sheet, so that all stars come up and not only two and three.
        floor = draw(st.integers(0, 5))
        choices = {
            leaf.code: draw(st.integers(min(floor, len(leaf.options)), len(leaf.options)))
            for leaf in of.leaves
        }
        stopped_at = draw(st.none() | st.sampled_from([leaf.code for leaf in of.leaves[-12:]]))
        sheets.append(SheetInput(f"M{number}", choices, stopped_at if draw(st.booleans()) else None))
    marked = sorted({mark.leaf.code for mark in of.marks})
    concluded = draw(st.lists(st.sampled_from(marked), max_size=3, unique=True))
    conclusions = {code: draw(st.integers(0, len(of.leaf(code).options))) for code in concluded}
    return of, sheets, conclusions


@QUICK
@given(councils(), RULES, st.data())
def test_a_better_choice_never_lowers_the_star_nor_the_total(council, rule, data):
    of, sheets, conclusions = council
    index = data.draw(st.integers(0, len(sheets) - 1))
    leaf = data.draw(st.sampled_from(of.leaves))
    now = leaf.points_at(sheets[index].choices[leaf.code])
    better = [option.position for option in leaf.options if option.points >= now]
    if not better:
        return
    improved = list(sheets)
    choices = {**sheets[index].choices, leaf.code: data.draw(st.sampled_from(better))}
    improved[index] = replace(sheets[index], choices=choices)
    before = rate(of, sheets, gate_rule=rule, conclusions=conclusions)
    after = rate(of, improved, gate_rule=rule, conclusions=conclusions)
    assert after.total >= before.total
    assert after.star >= before.star


@QUICK
@given(councils(), RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_never_matters(council, rule, random):
    of, sheets, conclusions = council
    shuffled = sorted(sheets, key=lambda _: random.random())
    one = rate(of, sheets, gate_rule=rule, conclusions=conclusions)
    other = rate(of, shuffled, gate_rule=rule, conclusions=conclusions)
    assert (one.total, one.sections, one.leaf_means, one.star) == (
        other.total,
        other.sections,
        other.leaf_means,
        other.star,
    )
    assert (one.median, one.spread) == (other.median, other.spread)
    assert [(u.criterion, u.star) for u in one.unmet] == [(u.criterion, u.star) for u in other.unmet]


@QUICK
@given(councils(), RULES)
def test_the_star_never_exceeds_the_stars_score_and_falls_only_for_a_named_reason(council, rule):
    of, sheets, conclusions = council
    rating = rate(of, sheets, gate_rule=rule, conclusions=conclusions)
    assert 1 <= rating.star <= rating.star_by_score
    assert (rating.star == rating.star_by_score) is (not rating.unmet)
    assert all(item.star <= rating.star_by_score for item in rating.unmet)
    assert rating.recognisable is (rating.star >= 3)


@QUICK
@given(councils(), RULES)
def test_sections_and_criteria_add_up_to_the_total(council, rule):
    of, sheets, conclusions = council
    rating = rate(of, sheets, gate_rule=rule, conclusions=conclusions)
    assert sum(rating.sections.values()) == rating.total == sum(rating.leaf_means.values())
    assert 0 <= rating.total <= 100


@QUICK
@given(councils())
def test_the_rule_of_all_is_never_kinder_than_majority_or_mean(council):
    of, sheets, conclusions = council
    star = {rule: rate(of, sheets, gate_rule=rule, conclusions=conclusions).star for rule in GateRule}
    assert star[GateRule.ALL] <= min(star[GateRule.MAJORITY], star[GateRule.MEAN])


@QUICK
@given(st.lists(st.integers(0, 100), min_size=3, max_size=3))
def test_three_members_thirds_never_round_across_a_bound(totals):
    rating = rate(hundred_point_set(), [SheetInput(str(i), {"1": t}) for i, t in enumerate(totals)])
    shown = Decimal(display(rating.total))
    for star, bound in STAR_BOUNDS:
        reached = sum(totals) >= 3 * bound
        assert (rating.star_by_score >= star) is reached
        assert (shown >= bound) is reached


@QUICK
@given(st.fractions(0, 100))
def test_display_is_below_the_exact_value_by_less_than_a_hundredth(total):
    shown = Fraction(display(total))
    assert shown <= total < shown + Fraction(1, 100)
    assert star_by_score(shown) == star_by_score(total)
