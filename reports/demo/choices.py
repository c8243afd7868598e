"""What members choose on a table: sheets around a wished score, with the disagreements of real councils."""

from dataclasses import dataclass
from random import Random

from evaluation.scoring import Leaf, ScoringSet

# On how many leaves a member thinks one level differently from the others, and how often upwards.
DISAGREEMENTS = 5
LEANINGS = (0.65, 0.55, 0.4, 0.6, 0.5, 0.6)
# Facts on paper: members read them alike.
FACTS = ("Loại hình tổ chức", "Đại diện pháp luật")
# The member who sees one condition of the star as not met: a minority that changes nothing.
DOUBTER = 2
# How many points the member who stands apart gives more.
APART_BY = 16

Choices = dict[str, int]


@dataclass(frozen=True)
class Goal:
    """The result the demonstration wants.

    `lack`: the criteria, and the only ones, that fail the conditions of the star above `star`.
    `apart`: one member thinks far better of the product than the rest.
    """

    score: int
    star: int
    lack: tuple[str, ...] = ()
    apart: bool = False

    @property
    def reach(self) -> int:
        """The star whose conditions hold on every criterion that is not lacking."""
        return self.star + 1 if self.lack else self.star


def sheets(table: ScoringSet, goal: Goal, members: int, rng: Random) -> list[Choices]:
    """A sheet for every member: criterion code -> position."""
    shared = shared_view(table, goal, rng)
    found = [
        _of_member(table, shared, goal, LEANINGS[place % len(LEANINGS)], rng) for place in range(members)
    ]
    _doubt(table, found[DOUBTER], goal, rng)
    if goal.apart:
        found[-1] = shared_view(table, Goal(goal.score + APART_BY, goal.star), rng)
    return found


def shared_view(table: ScoringSet, goal: Goal, rng: Random) -> Choices:
    """Positions that meet the conditions of the wished star and come near the score, a level at a time."""
    chosen = {leaf.code: _lowest(table, leaf, goal) for leaf in table.leaves}
    room = goal.score - sum(leaf.points_at(chosen[leaf.code]) for leaf in table.leaves)
    order = rng.sample(table.leaves, k=len(table.leaves))
    rising = True
    while rising:
        rising = False
        for leaf in order:
            position = _beside(leaf, chosen[leaf.code], 1, goal)
            more = leaf.points_at(position) - leaf.points_at(chosen[leaf.code]) if position else 0
            if position and more <= room:
                chosen[leaf.code], room, rising = position, room - more, True
    return chosen


def first_half(table: ScoringSet, chosen: Choices) -> Choices:
    """The beginning of a sheet that its member has not finished."""
    codes = [leaf.code for leaf in table.leaves]
    return {code: chosen[code] for code in codes[: len(codes) // 2]}


def _of_member(table: ScoringSet, shared: Choices, goal: Goal, leaning: float, rng: Random) -> Choices:
    chosen = dict(shared)
    judged = [leaf for leaf in table.leaves if not leaf.title.startswith(FACTS)]
    for leaf in rng.sample(judged, k=DISAGREEMENTS):
        position = _beside(leaf, chosen[leaf.code], 1 if rng.random() < leaning else -1, goal)
        if position is not None:
            chosen[leaf.code] = position
    return chosen


def _doubt(table: ScoringSet, chosen: Choices, goal: Goal, rng: Random) -> None:
    """Take one choice below what the star's conditions ask for."""
    bound = [
        leaf
        for leaf in table.leaves
        if _floor(leaf, goal) > _levels(leaf)[0][0] and leaf.code not in goal.lack
    ]
    if bound:
        leaf = rng.choice(bound)
        below = [position for points, position in _levels(leaf) if points < _floor(leaf, goal)]
        chosen[leaf.code] = below[-1]


def _levels(leaf: Leaf) -> list[tuple[int, int]]:
    """(points, position) from the lowest; of a leaf with cases, the first case alone."""
    first_case = leaf.options[0].case
    return sorted((option.points, option.position) for option in leaf.options if option.case == first_case)


def _floor(leaf: Leaf, goal: Goal) -> int:
    """Points that the conditions ask for on a leaf; a lacking leaf meets only those of the wished star."""
    star = goal.star if leaf.code in goal.lack else goal.reach
    return max(
        (option.points for option in leaf.options if option.min_star and option.min_star <= star), default=0
    )


def _ceiling(leaf: Leaf, goal: Goal) -> int:
    """A lacking leaf stays below the first condition above the wished star."""
    above = [option.points for option in leaf.options if option.min_star and option.min_star > goal.star]
    return min(above) - 1 if above and leaf.code in goal.lack else leaf.max_points


def _lowest(table: ScoringSet, leaf: Leaf, goal: Goal) -> int:
    # A leaf that others depend on scores something, so that they are assessed.
    leads = any(other.applies_if and other.applies_if[0] == leaf.code for other in table.leaves)
    least = max(_floor(leaf, goal), int(leads))
    fitting = [position for points, position in _levels(leaf) if least <= points <= _ceiling(leaf, goal)]
    return fitting[0] if fitting else 0


def _beside(leaf: Leaf, position: int, step: int, goal: Goal) -> int | None:
    """The level above or below within what the goal allows; None when there is none."""
    allowed = [p for points, p in _levels(leaf) if _floor(leaf, goal) <= points <= _ceiling(leaf, goal)]
    if position not in allowed:
        return None
    index = allowed.index(position) + step
    return allowed[index] if 0 <= index < len(allowed) else None
