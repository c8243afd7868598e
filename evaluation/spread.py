"""What several sheets say together: mean, median, spread, deviation, pairs too far apart, calibration.

Pure functions on plain numbers, exact as `evaluation.scoring`: no database, no Django, no floats.
`docs/scoring.md` (section 11) explains them for a council secretary, with tables to check by hand.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from evaluation.scoring import display


@dataclass(frozen=True, slots=True)
class Figures:
    """What is worked out of one number a sheet; `variance` is the population's (divided by the count)."""

    mean: Fraction
    median: Fraction
    least: int
    most: int
    variance: Fraction

    @property
    def spread(self) -> int:
        """The distance between the highest and the lowest."""
        return self.most - self.least


@dataclass(frozen=True, slots=True)
class FarPair:
    """Two sheets, by their places, whose totals differ by more than the regulation allows."""

    first: int
    second: int
    difference: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a member scored over several dossiers: the own mean, and the mean distance from the council's."""

    sheets: int
    mean: Fraction
    distance: Fraction


def figures_of(values: Sequence[int]) -> Figures:
    """Return mean, median, least, most and variance of the values; raise ValueError without any."""
    if not values:
        raise ValueError("no values")
    mean = Fraction(sum(values), len(values))
    return Figures(
        mean=mean,
        median=statistics.median([Fraction(value) for value in values]),
        least=min(values),
        most=max(values),
        variance=sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values),
    )


def display_root(variance: Fraction) -> str:
    """Write the square root of a variance with two decimals, rounded down like every score."""
    # The root of a whole part rounds down to the same whole number as the root itself.
    hundredths = math.isqrt(math.floor(variance * 10_000))
    return display(Fraction(hundredths, 100))


def display_signed(value: Fraction) -> str:
    """Write a distance with its sign and two decimals, rounded towards zero: "+0.33", "-1.50", "0.00"."""
    shown = display(abs(value))
    if shown == "0.00":
        return shown
    return f"{'+' if value > 0 else '-'}{shown}"


def far_pairs(totals: Sequence[int], limit: int) -> tuple[FarPair, ...]:
    """Return the pairs of sheets whose totals differ by more than `limit`, the farthest first."""
    pairs = (
        FarPair(first, second, abs(totals[first] - totals[second]))
        for first, second in combinations(range(len(totals)), 2)
    )
    return tuple(sorted((p for p in pairs if p.difference > limit), key=lambda pair: -pair.difference))


def calibrate(dossiers: Iterable[Mapping[int, int]]) -> dict[int, Calibration]:
    """Return the calibration of each member; every dossier maps its members to their sheets' totals."""
    totals: dict[int, list[int]] = defaultdict(list)
    distances: dict[int, list[Fraction]] = defaultdict(list)
    for dossier in dossiers:
        council = Fraction(sum(dossier.values()), len(dossier)) if dossier else Fraction(0)
        for member, total in dossier.items():
            totals[member].append(total)
            distances[member].append(total - council)
    return {
        member: Calibration(
            sheets=len(own),
            mean=Fraction(sum(own), len(own)),
            distance=sum(distances[member], Fraction(0)) / len(own),
        )
        for member, own in totals.items()
    }
