"""The detail kept with a result: all that the page and the minutes show, so that nothing is recomputed."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from django.utils import timezone

from evaluation.enums import GateRule
from evaluation.models import AgendaItem, Conclusion, Exclusion, Recusal, Sheet
from evaluation.queries.councils import Quorum
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import NONE_LABEL
from evaluation.scoring import Leaf, Rating, SheetScore, Unmet, display


def detail_of(
    item: AgendaItem,
    rating: Rating,
    sheets: Sequence[Sheet],
    conclusions: Sequence[Conclusion],
    exclusion: Exclusion | None,
    quorum: Quorum,
) -> dict[str, Any]:
    """Everything about a result as plain JSON; `sheets` in the order of `rating.sheets`.

    Points are text with two decimals rounded down; exact values stand beside them as [numerator,
    denominator].
    """
    table = scoring_set(item.criteria_set_id)
    regulation = item.session.regulation_in_use
    return {
        "set": {"code": table.code, "name": table.name},
        "total": _points(rating.total),
        "median": _points(rating.median),
        "spread": rating.spread,
        "spread_exceeded": rating.spread > regulation.spread_limit,
        "sections": [
            {"code": s.code, "title": s.title, "max": s.max_points, "mean": _points(rating.sections[s.code])}
            for s in table.sections
        ],
        "members": [_member(sheet, score) for sheet, score in zip(sheets, rating.sheets, strict=True)],
        "leaves": [_leaf(leaf, rating) for leaf in table.leaves],
        "unmet": [_unmet(table.leaf(unmet.criterion), unmet, conclusions) for unmet in rating.unmet],
        "conclusions": [_conclusion(conclusion) for conclusion in conclusions],
        "exclusion": _exclusion(exclusion) if exclusion else None,
        "recusals": [_recusal(recusal) for recusal in _recusals(item)],
        "quorum": quorum.as_dict(),
        "settings": {
            "regulation": regulation.name,
            "gate_rule": regulation.gate_rule,
            "gate_rule_label": GateRule(regulation.gate_rule).label,
            "quorum": regulation.quorum_text,
            "spread_limit": regulation.spread_limit,
        },
    }


def _points(value: Fraction) -> dict[str, Any]:
    return {"shown": display(value), "exact": [value.numerator, value.denominator]}


def _member(sheet: Sheet, score: SheetScore) -> dict[str, Any]:
    return {
        "sheet": sheet.pk,
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
        "mean": _points(rating.leaf_means[leaf.code]),
        "chosen": [level_of(leaf, score.positions[leaf.code]) for score in rating.sheets],
    }


def _unmet(leaf: Leaf, unmet: Unmet, conclusions: Sequence[Conclusion]) -> dict[str, Any]:
    return {
        "criterion": leaf.code,
        "title": leaf.title,
        "star": unmet.star,
        "needed": level_of(leaf, unmet.needed),
        "chosen": [level_of(leaf, position) for position in unmet.chosen],
        "concluded": any(conclusion.criterion.code == leaf.code for conclusion in conclusions),
    }


def level_of(leaf: Leaf, position: int) -> dict[str, Any]:
    """A level of a leaf as the detail keeps it: printed position, points and words."""
    label = leaf.options[position - 1].label if position else NONE_LABEL
    return {"position": position, "points": leaf.points_at(position), "label": label}


def _conclusion(conclusion: Conclusion) -> dict[str, Any]:
    option = conclusion.option
    return {
        "criterion": conclusion.criterion.code,
        "title": conclusion.criterion.title,
        "position": option.position if option else 0,
        "points": option.points if option else 0,
        "label": option.label if option else NONE_LABEL,
        "reason": conclusion.reason,
        "by": str(conclusion.recorded_by),
        "at": timezone.localtime(conclusion.recorded_at),
    }


def _exclusion(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "ground": exclusion.ground,
        "evidence": exclusion.evidence,
        "by": str(exclusion.decided_by),
        "at": timezone.localtime(exclusion.decided_at),
    }


def _recusals(item: AgendaItem) -> Iterable[Recusal]:
    return item.recusals.in_force().select_related("seat__user", "declared_by")


def _recusal(recusal: Recusal) -> dict[str, Any]:
    seat = recusal.seat
    return {
        "seat": seat.pk,
        "name": str(seat.user),
        "role": seat.get_role_display(),
        "agency": seat.agency,
        "ground": recusal.get_ground_display(),
        "reason": recusal.reason,
        "by": str(recusal.declared_by),
        "at": timezone.localtime(recusal.declared_at),
    }
