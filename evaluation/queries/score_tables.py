"""The table criterion x member with its statistics as plain JSON: of a result kept, or of the sheets so far.

Points are text with two decimals rounded down; exact values stand beside them as [numerator, denominator].
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from evaluation.models import Sheet
from evaluation.queries.sheets import NONE_LABEL
from evaluation.scoring import Leaf, Rating, ScoringSet, SheetScore, display
from evaluation.spread import Figures, display_root, far_pairs, figures_of


def table_of(table: ScoringSet, rating: Rating, sheets: Sequence[Sheet], spread_limit: int) -> dict[str, Any]:
    """Total, sections, members, criteria, pairs too far apart; `sheets` in the order of `rating.sheets`."""
    totals = [score.total for score in rating.sheets]
    return {
        "total": points(rating.total),
        "median": points(rating.median),
        "spread": rating.spread,
        "spread_exceeded": rating.spread > spread_limit,
        "stats": stats(figures_of(totals)),
        "pairs": [
            {"first": pair.first, "second": pair.second, "difference": pair.difference}
            for pair in far_pairs(totals, spread_limit)
        ],
        "sections": [
            {"code": s.code, "title": s.title, "max": s.max_points, "mean": points(rating.sections[s.code])}
            for s in table.sections
        ],
        "members": [_member(sheet, score) for sheet, score in zip(sheets, rating.sheets, strict=True)],
        "leaves": [_leaf(leaf, rating) for leaf in table.leaves],
    }


def points(value: Fraction) -> dict[str, Any]:
    """A score shown and exact."""
    return {"shown": display(value), "exact": [value.numerator, value.denominator]}


def stats(figures: Figures) -> dict[str, Any]:
    """Least, most, median and standard deviation; the variance exact."""
    variance = figures.variance
    return {
        "least": figures.least,
        "most": figures.most,
        "median": points(figures.median),
        "deviation": {
            "shown": display_root(variance),
            "variance": [variance.numerator, variance.denominator],
        },
    }


def level_of(leaf: Leaf, position: int) -> dict[str, Any]:
    """A level of a leaf: printed position, points and words."""
    label = leaf.options[position - 1].label if position else NONE_LABEL
    return {"position": position, "points": leaf.points_at(position), "label": label}


def _member(sheet: Sheet, score: SheetScore) -> dict[str, Any]:
    return {
        "sheet": sheet.pk,
        "number": sheet.number,
        "seat": sheet.seat_id,
        "name": str(sheet.seat.user),
        "role": sheet.seat.get_role_display(),
        "agency": sheet.seat.agency,
        "total": score.total,
        "sections": dict(score.sections),
        "stopped_at": sheet.stopped_at.code if sheet.stopped_at else None,
        "opinion": sheet.opinion,
        "submitted_at": sheet.submitted_at,
    }


def _leaf(leaf: Leaf, rating: Rating) -> dict[str, Any]:
    return {
        "code": leaf.code,
        "title": leaf.title,
        "section": leaf.section,
        "max": leaf.max_points,
        "mean": points(rating.leaf_means[leaf.code]),
        "stats": stats(figures_of([score.points[leaf.code] for score in rating.sheets])),
        "chosen": [level_of(leaf, score.positions[leaf.code]) for score in rating.sheets],
    }
