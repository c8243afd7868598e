"""Short ways to real scoring sets and sheets for the tests of the scoring engine."""

from evaluation.criteria_files import project_sets
from evaluation.scoring import Leaf, Option, ScoringSet, Section, SheetInput

# Three sheets of set 1, the running example of docs/scoring.md. Points worked by hand:
# A  1.x 3+1+2+2+2+2+1 = 13, 2.x 3+2+3+0 = 8, 3.x 3+0+3+2+2 = 10            -> 31
# B  4.x 5+2+3 = 10, 5.x 5+1+3 = 9                                           -> 19
# C  6.x 2+3+2+2 = 9, then 1+3+4+3+2+1 = 14                                  -> 23, total 73
_SET_1_FIRST = {
    **{"1.1": 3, "1.2": 2, "1.3": 2, "1.4": 2, "1.5": 3, "1.6": 2, "1.7": 2},
    **{"2.1": 3, "2.2": 3, "2.3": 3, "2.4": 1},
    **{"3.1": 3, "3.2": 1, "3.3": 3, "3.4": 2, "3.5": 2},
    **{"4.1": 4, "4.2": 3, "4.3": 4, "5.1": 5, "5.2": 2, "5.3": 3},
    **{"6.1": 3, "6.2": 4, "6.3": 3, "6.4": 3},
    **{"7": 2, "8": 3, "9": 2, "10": 2, "11": 2, "12": 1},
}
SET_1_CHOICES = (
    _SET_1_FIRST,
    # 4.1 gives 2 instead of 5: B 16, total 70
    {**_SET_1_FIRST, "4.1": 2},
    # also 3.5 gives 1 (A 30), 6.3 gives 3 and 12 gives 2 (C 25): total 71
    {**_SET_1_FIRST, "4.1": 2, "3.5": 1, "6.3": 4, "12": 2},
)


def scoring_set(number: int) -> ScoringSet:
    """Return set 1 to 26 of QĐ 26."""
    return project_sets()[f"qd26-{number:02d}"].to_scoring_set()


def best_choices(of: ScoringSet, **changed: int) -> dict[str, int]:
    """Return the last position of every leaf, which is always a best one."""
    return {leaf.code: len(leaf.options) for leaf in of.leaves} | changed


def sheet(choices: dict[str, int], member: str = "A", stopped_at: str | None = None) -> SheetInput:
    return SheetInput(member, choices, stopped_at)


def sheets(*choices: dict[str, int]) -> list[SheetInput]:
    """Return one sheet for each mapping, members M1, M2, …"""
    return [SheetInput(f"M{number}", item) for number, item in enumerate(choices, start=1)]


def set_1_sheets() -> list[SheetInput]:
    return sheets(*SET_1_CHOICES)


def hundred_point_set() -> ScoringSet:
    """A set of one leaf whose option at position p gives p points: totals at will."""
    options = tuple(Option(points, points, f"{points} điểm") for points in range(1, 101))
    return ScoringSet("t-100", "Thử", (Leaf("1", "Điểm", 100, options, "A"),), (Section("A", "A", 100),))


def marked_set() -> ScoringSet:
    """Leaf 1 gives 0 to 95 points without marks, leaf 2 is marked 3, 4 and 5 at 1, 3 and 5 points."""
    free = tuple(Option(points, points, f"{points} điểm") for points in range(1, 96))
    marked = (
        Option(1, 1, "một", min_star=3),
        Option(2, 2, "hai"),
        Option(3, 3, "ba", min_star=4),
        Option(4, 5, "năm", min_star=5),
    )
    leaves = (Leaf("1", "Điểm", 95, free, "A"), Leaf("2", "Có dấu", 5, marked, "B"))
    return ScoringSet("t-marked", "Thử", leaves, (Section("A", "A", 95), Section("B", "B", 5)))
