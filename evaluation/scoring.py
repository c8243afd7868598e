"""The law's arithmetic: from members' sheets to points, stars and unmet requirements.

Pure functions on plain data: no database, no Django, no floats. Decision 26/2026/QĐ-TTg, Điều 3,
and the scoring tables of its Phụ lục II. `docs/scoring.md` explains the same rules for a council
secretary, with tables to check by hand.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

# Đ3 k3: the least score of each star, best first; anything below the last bound is one star.
STAR_BOUNDS: tuple[tuple[int, int], ...] = ((5, 90), (4, 70), (3, 50), (2, 30))
# Đ4: recognition begins at three stars, and so do the minimum conditions.
FIRST_RECOGNISED_STAR = 3
BEST_STAR = 5


class ScoringError(ValueError):
    """Input that cannot be scored; the message is one Vietnamese line naming what is wrong."""


class GateRule(StrEnum):
    """How several members' choices meet a minimum star condition (council regulation)."""

    MAJORITY = "majority"
    MEAN = "mean"
    ALL = "all"
    CONCLUSION = "conclusion"


@dataclass(frozen=True, slots=True)
class Option:
    """One printed level of a criterion; `position` counts from 1 over the whole list."""

    position: int
    points: int
    label: str
    min_star: int | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A criterion that is scored, with its options in printed order."""

    code: str
    title: str
    max_points: int
    options: tuple[Option, ...]
    section: str
    stop: tuple[str, ...] = ()
    applies_if: tuple[str, int] | None = None
    guidance: str | None = None
    requirement: tuple[str, ...] = ()
    disqualifier: tuple[str, ...] = ()

    def points_at(self, position: int) -> int:
        """Return the points of a position (0 = none of the options); raise ScoringError out of range."""
        # bool is an int to Python, but "true" is never a position.
        if type(position) is not int:
            raise ScoringError(f"tiêu chí {self.code}: vị trí phải là số nguyên")
        if not 0 <= position <= len(self.options):
            raise ScoringError(
                f"tiêu chí {self.code}: vị trí {position} không có (chỉ từ 0 đến {len(self.options)})"
            )
        return self.options[position - 1].points if position else 0


@dataclass(frozen=True, slots=True)
class Section:
    """Part A, B or C of a scoring table."""

    code: str
    title: str
    max_points: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A minimum condition: `option` is the least choice on `leaf` for `star` stars."""

    star: int
    leaf: Leaf
    option: Option


@dataclass(frozen=True)
class ScoringSet:
    """One of the 26 scoring tables, flattened to its leaves in table order."""

    code: str
    name: str
    leaves: tuple[Leaf, ...]
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for leaf in self.leaves:
            if leaf.code in seen:
                raise ScoringError(f"Bộ {self.code}: tiêu chí {leaf.code} lặp lại")
            if leaf.applies_if and leaf.applies_if[0] not in seen:
                raise ScoringError(f"Bộ {self.code}: tiêu chí {leaf.code} dựa vào tiêu chí không đứng trước")
            seen.add(leaf.code)

    @cached_property
    def _by_code(self) -> dict[str, Leaf]:
        return {leaf.code: leaf for leaf in self.leaves}

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Every minimum condition, by star, then by place in the table."""
        found = (
            Mark(option.min_star, leaf, option)
            for leaf in self.leaves
            for option in leaf.options
            if option.min_star is not None
        )
        return tuple(sorted(found, key=lambda mark: mark.star))  # sorted() keeps the table order

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def leaf(self, code: str) -> Leaf:
        """Return the leaf with this code; raise ScoringError when the set has none."""
        try:
            return self._by_code[code]
        except KeyError:
            raise ScoringError(f"{_named(code)} không phải tiêu chí chấm điểm của bộ {self.code}") from None


@dataclass(frozen=True, slots=True)
class SheetInput:
    """One member's sheet: criterion code -> position chosen, and the leaf after which it stopped."""

    member: str
    choices: Mapping[str, int]
    stopped_at: str | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """A minimum condition that fails: what was needed and what was chosen, as positions."""

    criterion: str
    star: int
    needed: int
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SheetScore:
    """What one sheet gives, stop and applies-if already carried out."""

    member: str
    positions: Mapping[str, int]
    points: Mapping[str, int]
    sections: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Rating:
    """The result of one dossier; every mean is exact."""

    total: Fraction
    sections: Mapping[str, Fraction]
    leaf_means: Mapping[str, Fraction]
    sheets: tuple[SheetScore, ...]
    median: Fraction
    spread: int
    star_by_score: int
    star: int | None
    recognisable: bool
    potential_five: bool
    excluded: bool
    exclusion_ground: str | None
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True, slots=True)
class StarGaps:
    """What one sheet still lacks for `target` stars."""

    star: int
    target: int
    points: int
    unmet: tuple[Unmet, ...]


def star_by_score(total: Fraction | int) -> int:
    """Return the star of an exact total (Đ3 k3): 90 five, 70 four, 50 three, 30 two, below one."""
    return next((star for star, bound in STAR_BOUNDS if total >= bound), 1)


def display(value: Fraction | int) -> str:
    """Write a score with two decimals, rounded down, so that it never shows a bound not reached."""
    hundredths = math.floor(value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def effective_positions(scoring_set: ScoringSet, sheet: SheetInput) -> dict[str, int]:
    """Return the position that counts for every leaf, in table order.

    Leaves after `stopped_at`, leaves whose condition fails and leaves not answered count as
    position 0. Raises ScoringError for a position that the leaf does not have.
    """
    positions: dict[str, int] = {}
    stopped = False
    for leaf in scoring_set.leaves:
        counts = not stopped and _applies(scoring_set, leaf, positions)
        positions[leaf.code] = sheet.choices.get(leaf.code, 0) if counts else 0
        leaf.points_at(positions[leaf.code])
        stopped = stopped or leaf.code == sheet.stopped_at
    return positions


def missing_leaves(scoring_set: ScoringSet, sheet: SheetInput) -> tuple[str, ...]:
    """Return the codes of leaves not answered: no choice, not stopped, not switched off by applies-if."""
    positions = effective_positions(scoring_set, sheet)
    missing = []
    for leaf in scoring_set.leaves:
        if leaf.code not in sheet.choices and _applies(scoring_set, leaf, positions):
            missing.append(leaf.code)
        if leaf.code == sheet.stopped_at:
            break
    return tuple(missing)


def check_sheet(scoring_set: ScoringSet, sheet: SheetInput) -> None:
    """Raise ScoringError, naming member and criterion, unless the sheet is complete and of this set."""
    try:
        if sheet.stopped_at is not None:
            scoring_set.leaf(sheet.stopped_at)
        # Choices after a stop count 0, yet a position that does not exist is still a slip.
        for code, position in sheet.choices.items():
            scoring_set.leaf(code).points_at(position)
    except ScoringError as error:
        raise ScoringError(f"Phiếu {_named(sheet.member)}: {error}") from None
    missing = missing_leaves(scoring_set, sheet)
    if missing:
        shown = ", ".join(missing[:5]) + (f" và {len(missing) - 5} tiêu chí khác" if len(missing) > 5 else "")
        raise ScoringError(f"Phiếu {_named(sheet.member)}: chưa chấm tiêu chí {shown}")


def score_sheet(scoring_set: ScoringSet, sheet: SheetInput) -> SheetScore:
    """Return positions, points, section sums and total of one sheet; leaves not answered count 0."""
    positions = effective_positions(scoring_set, sheet)
    points = {leaf.code: leaf.points_at(positions[leaf.code]) for leaf in scoring_set.leaves}
    sections = {section.code: 0 for section in scoring_set.sections}
    for leaf in scoring_set.leaves:
        sections[leaf.section] += points[leaf.code]
    return SheetScore(sheet.member, positions, points, sections, sum(points.values()))


def sheet_points(scoring_set: ScoringSet, sheet: SheetInput) -> int:
    """Return the total of one sheet; leaves not answered count 0."""
    return score_sheet(scoring_set, sheet).total


def rate(
    scoring_set: ScoringSet,
    sheets: Sequence[SheetInput],
    *,
    gate_rule: GateRule | str = GateRule.MAJORITY,
    conclusions: Mapping[str, int] | None = None,
    excluded: str | None = None,
) -> Rating:
    """Return the council's result on one dossier.

    `sheets` are the counted sheets, each complete. `conclusions` (criterion -> position concluded)
    decide the minimum conditions of their criterion whatever the rule, and never change a mean.
    `excluded` is the ground of an exclusion: no star then, but points and unmet conditions stay
    visible. Raises ScoringError naming the first thing that is wrong.
    """
    rule = _gate_rule(gate_rule)
    conclusions = conclusions or {}
    _check_input(scoring_set, sheets, conclusions, excluded)

    scores = tuple(score_sheet(scoring_set, sheet) for sheet in sheets)
    totals = [score.total for score in scores]
    total = _mean(totals)
    by_score = star_by_score(total)
    unmet = tuple(_unmet_marks(scoring_set, scores, by_score, rule, conclusions))
    is_excluded = excluded is not None
    star = None if is_excluded else _final_star(by_score, unmet)
    return Rating(
        total=total,
        sections={s.code: _mean([score.sections[s.code] for score in scores]) for s in scoring_set.sections},
        leaf_means={
            leaf.code: _mean([score.points[leaf.code] for score in scores]) for leaf in scoring_set.leaves
        },
        sheets=scores,
        median=statistics.median([Fraction(value) for value in totals]),
        spread=max(totals) - min(totals),
        star_by_score=by_score,
        star=star,
        recognisable=star is not None and star >= FIRST_RECOGNISED_STAR,
        potential_five=star == BEST_STAR,
        excluded=is_excluded,
        exclusion_ground=excluded,
        unmet=unmet,
    )


def next_star_gaps(
    scoring_set: ScoringSet, choices: Mapping[str, int], *, target: int | None = None
) -> StarGaps | None:
    """Return what one self-assessment lacks for the next star (or for `target`); None at five stars.

    An unfinished assessment is welcome: leaves not answered count 0.
    """
    score = score_sheet(scoring_set, SheetInput("", choices))
    by_score = star_by_score(score.total)
    failing = tuple(_unmet_marks(scoring_set, (score,), BEST_STAR, GateRule.ALL, {}))
    star = _final_star(by_score, failing)
    target = target or star + 1
    if target > BEST_STAR:
        return None
    bound = dict(STAR_BOUNDS).get(target, 0)
    lacking = tuple(item for item in failing if item.star <= target)
    return StarGaps(star, target, max(0, bound - score.total), lacking)


def _applies(scoring_set: ScoringSet, leaf: Leaf, positions: Mapping[str, int]) -> bool:
    if leaf.applies_if is None:
        return True
    code, threshold = leaf.applies_if
    return scoring_set.leaf(code).points_at(positions[code]) > threshold


def _mean(values: Sequence[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _gate_rule(value: GateRule | str) -> GateRule:
    try:
        return GateRule(value)
    except ValueError:
        raise ScoringError(f"Quy tắc xét điều kiện {_named(str(value))} không có") from None


def _check_input(
    scoring_set: ScoringSet,
    sheets: Sequence[SheetInput],
    conclusions: Mapping[str, int],
    excluded: str | None,
) -> None:
    if not sheets:
        raise ScoringError("Không có phiếu đánh giá nào")
    _check_members(sheet.member for sheet in sheets)
    for sheet in sheets:
        check_sheet(scoring_set, sheet)
    try:
        for code, position in conclusions.items():
            scoring_set.leaf(code).points_at(position)
    except ScoringError as error:
        raise ScoringError(f"Kết luận của Hội đồng: {error}") from None
    if excluded is not None and not excluded.strip():
        raise ScoringError("Căn cứ loại hồ sơ (excluded) để trống")


def _check_members(members: Iterable[str]) -> None:
    seen: set[str] = set()
    for member in members:
        if member in seen:
            raise ScoringError(f"Thành viên {_named(member)} có hai phiếu")
        seen.add(member)


def _unmet_marks(
    scoring_set: ScoringSet,
    scores: Sequence[SheetScore],
    up_to_star: int,
    rule: GateRule,
    conclusions: Mapping[str, int],
) -> Iterable[Unmet]:
    for mark in scoring_set.marks:
        if mark.star > up_to_star:
            continue
        code = mark.leaf.code
        if code in conclusions:
            chosen: tuple[int, ...] = (conclusions[code],)
            met = mark.leaf.points_at(conclusions[code]) >= mark.option.points
        else:
            chosen = tuple(score.positions[code] for score in scores)
            met = _met_by_sheets([score.points[code] for score in scores], mark.option.points, rule)
        if not met:
            yield Unmet(code, mark.star, mark.option.position, chosen)


def _met_by_sheets(points: Sequence[int], needed: int, rule: GateRule) -> bool:
    """Tell whether the counted sheets meet a condition; "or better" compares points, not positions."""
    reached = sum(value >= needed for value in points)
    match rule:
        case GateRule.MAJORITY:
            return 2 * reached > len(points)
        case GateRule.MEAN:
            return sum(points) >= needed * len(points)
        case GateRule.ALL:
            return reached == len(points)
        case GateRule.CONCLUSION:
            return False  # only the council's recorded conclusion can meet it


def _final_star(by_score: int, unmet: Sequence[Unmet]) -> int:
    """Return the highest star whose conditions all hold; two at most when those of three fail."""
    lowest_failing = min((item.star for item in unmet), default=BEST_STAR + 1)
    return min(by_score, lowest_failing - 1)


def _named(text: str) -> str:
    """Return a name fit for a one-line message: short, and control characters escaped."""
    shown = text if text.isprintable() else ascii(text)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
