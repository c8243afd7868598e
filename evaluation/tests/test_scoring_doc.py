"""Every table of docs/scoring.md is recomputed: the secretary's paper and the engine agree."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from evaluation.scoring import (
    GateRule,
    Unmet,
    display,
    next_star_gaps,
    rate,
    score_sheet,
    star_by_score,
)
from evaluation.spread import calibrate, display_root, display_signed, figures_of
from evaluation.tests.sheets import (
    SET_1_CHOICES,
    best_choices,
    hundred_point_set,
    scoring_set,
    set_1_sheets,
    sheet,
    sheets,
)

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scoring.md"


@pytest.fixture(scope="module")
def tables() -> dict[int, list[list[str]]]:
    """Number of each table -> its rows below the heading, emphasis removed."""
    found: dict[int, list[list[str]]] = {}
    number = None
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"### Bảng (\d+)\.", line):
            number = int(heading[1])
            found[number] = []
        elif line.startswith("#"):
            number = None
        elif line.startswith("|") and number is not None:
            cells = line.strip().removeprefix("|").removesuffix("|").split("|")
            found[number].append([re.sub(r"[*`]", "", cell).strip() for cell in cells])
    return {number: rows[2:] for number, rows in found.items()}


def _vi(value: Fraction | int) -> str:
    return display(value).replace(".", ",")


def _exact(value: Fraction | int) -> str:
    return str(Fraction(value))


def _reasons(unmet: tuple[Unmet, ...]) -> str:
    return ", ".join(f"{item.criterion} ({item.star} sao)" for item in unmet)


def test_every_table_is_checked(tables):
    assert sorted(tables) == list(range(1, 15))


def test_table_1_lists_every_choice_and_point(tables):
    of = scoring_set(1)
    scores = [score_sheet(of, one) for one in set_1_sheets()]
    rows = [
        [leaf.section, leaf.code, leaf.title]
        + [str(cell) for one in scores for cell in (one.positions[leaf.code], one.points[leaf.code])]
        for leaf in of.leaves
    ]
    for code in "ABC":
        sums = [cell for one in scores for cell in ("", str(one.sections[code]))]
        rows.append([code, "", f"Cộng phần {code}", *sums])
    rows.append(["", "", "Tổng điểm", *(cell for one in scores for cell in ("", str(one.total)))])
    assert tables[1] == rows


def test_table_2_means(tables):
    rating = rate(scoring_set(1), set_1_sheets())
    rows = []
    for code in "ABC":
        points = [one.sections[code] for one in rating.sheets]
        mean = rating.sections[code]
        rows.append([code, *map(str, points), str(sum(points)), _exact(mean), _vi(mean)])
    totals = [one.total for one in rating.sheets]
    rows.append(["Tổng", *map(str, totals), str(sum(totals)), _exact(rating.total), _vi(rating.total)])
    assert tables[2] == rows
    text = DOCUMENT.read_text(encoding="utf-8")
    assert f"là {rating.median}; chênh lệch giữa phiếu cao nhất và thấp nhất là {rating.spread} điểm" in text
    assert "30,66 + 17,00 + 23,66 = 71,32" in text


def test_table_3_three_sheets_at_the_bounds(tables):
    rows = []
    for total in (89, 90, 149, 150, 209, 210, 269, 270, 300):
        three = [{"1": total // 3 + (index < total % 3)} for index in range(3)]
        rating = rate(hundred_point_set(), sheets(*three))
        rows.append([str(total), _vi(rating.total), str(rating.star_by_score)])
    assert tables[3] == rows


def test_table_4_scores_close_to_a_bound(tables):
    assert len(tables[4]) == 11
    for written, shown, star in tables[4]:
        value = Fraction(written.replace(",", "."))
        assert (shown, star) == (_vi(value), str(star_by_score(value)))


def test_table_5_gate_rules(tables):
    rows = []
    for rule in GateRule:
        rating = rate(scoring_set(1), set_1_sheets(), gate_rule=rule)
        failing = {(item.criterion, item.star) for item in rating.unmet}
        verdicts = ["chưa đạt" if (code, 4) in failing else "đạt" for code in ("3.5", "4.1")]
        rows.append([rule.value, *verdicts, str(len(rating.unmet)), str(rating.star)])
    assert tables[5] == rows


@pytest.mark.parametrize(("row", "changed"), [(0, {}), (1, {"1.4": 3}), (2, {"8": 2})])
def test_table_6_five_star_score_without_its_conditions(tables, row, changed):
    rating = rate(scoring_set(25), sheets(best_choices(scoring_set(25)) | changed))
    what = " ".join(f"{code} mức {position}" for code, position in changed.items()) or "không có"
    assert tables[6][row] == [
        what,
        _vi(rating.total),
        str(rating.star_by_score),
        _reasons(rating.unmet),
        str(rating.star),
    ]


@pytest.mark.parametrize(("row", "conclusions"), [(0, {}), (1, {"4.1": 3}), (2, {"4.1": 1})])
def test_table_7_conclusions(tables, row, conclusions):
    rating = rate(scoring_set(1), set_1_sheets(), conclusions=conclusions)
    what = " ".join(f"{code} mức {position}" for code, position in conclusions.items()) or "không có"
    assert tables[7][row] == [what, _vi(rating.total), _reasons(rating.unmet), str(rating.star)]


def test_table_8_stopped_sheet(tables):
    first = SET_1_CHOICES[0]
    cases = {
        "không dừng": sheet(first),
        "dừng ở 6.1, chọn mức 1": sheet({**first, "6.1": 1}, stopped_at="6.1"),
        "dừng ở 6.1, chọn mức 3": sheet({**first, "6.1": 3}, stopped_at="6.1"),
    }
    scores = {name: score_sheet(scoring_set(1), one) for name, one in cases.items()}
    assert tables[8] == [
        [name, *(str(one.sections[code]) for code in "ABC"), str(one.total)] for name, one in scores.items()
    ]


def test_table_9_criterion_that_applies_only_with_a_story(tables):
    rows = []
    for position in (5, 2, 1, 0):
        one = score_sheet(scoring_set(1), sheet({**SET_1_CHOICES[0], "5.1": position}))
        rows.append([position, one.points["5.1"], SET_1_CHOICES[0]["5.2"], one.points["5.2"], one.total])
    assert tables[9] == [[str(cell) for cell in row] for row in rows]


def test_table_10_cases(tables):
    leaf = scoring_set(26).leaf("8")
    rows = [["0", "", "0"]]
    for option in leaf.options:
        rows.append([str(option.position), re.findall(r"\d+", option.case)[0], str(option.points)])
    assert tables[10] == rows
    assert sum(any(option.case for option in leaf.options) for leaf in scoring_set(26).leaves) == 3


@pytest.mark.parametrize(("row", "ground"), [(0, None), (1, "Giả mạo hồ sơ")])
def test_table_11_exclusion(tables, row, ground):
    rating = rate(scoring_set(1), set_1_sheets(), excluded=ground)
    assert tables[11][row] == [
        ground or "không có",
        _vi(rating.total),
        str(rating.star_by_score),
        str(rating.star or "không xếp hạng"),
        "có" if rating.recognisable else "không",
    ]


def test_table_12_gaps_to_the_next_star(tables):
    rows = []
    for number, choices in enumerate(SET_1_CHOICES, start=1):
        gaps = next_star_gaps(scoring_set(1), choices)
        total = score_sheet(scoring_set(1), sheet(choices)).total
        lacking = ", ".join(f"{item.criterion} mức {item.needed}" for item in gaps.unmet)
        rows.append([str(number), str(total), str(gaps.star), str(gaps.target), str(gaps.points), lacking])
    assert tables[12] == rows


def test_numbers_in_the_prose_about_marks():
    means = rate(scoring_set(1), set_1_sheets()).leaf_means
    assert (_vi(means["3.5"]), _exact(means["3.5"]), means["4.1"]) == ("1,66", "5/3", 3)
    stars = [mark.star for mark in scoring_set(1).marks]
    assert (stars.count(3), stars.count(4)) == (7, 12)
    mark = next(mark for mark in scoring_set(25).marks if mark.leaf.code == "8")
    assert (mark.star, mark.option.position, mark.option.points) == (3, 3, 5)


def test_table_13_deviation(tables):
    scores = [score_sheet(scoring_set(1), one) for one in set_1_sheets()]
    wanted = {"Tổng": [one.total for one in scores]}
    wanted |= {code: [one.points[code] for one in scores] for code in ("4.1", "3.5")}
    rows = []
    for name, values in wanted.items():
        figures = figures_of(values)
        squares = " + ".join(_exact((value - figures.mean) ** 2) for value in values)
        deviation = display_root(figures.variance).replace(".", ",")
        rows.append(
            [name, *map(str, values), _exact(figures.mean), squares, _exact(figures.variance), deviation]
        )
    assert tables[13] == rows


def test_table_14_calibration(tables):
    dossiers = ({1: 73, 2: 70, 3: 71}, {1: 60, 2: 50})
    rows = []
    for number, found in calibrate(dossiers).items():
        totals = [str(dossier.get(number, "không chấm")) for dossier in dossiers]
        means = [Fraction(sum(dossier.values()), len(dossier)) for dossier in dossiers]
        away = [
            _exact(dossier[number] - mean) if number in dossier else ""
            for dossier, mean in zip(dossiers, means, strict=True)
        ]
        distance = display_signed(found.distance).replace(".", ",")
        rows.append([str(number), *totals, str(found.sheets), _vi(found.mean), *away, distance])
    assert tables[14] == rows
