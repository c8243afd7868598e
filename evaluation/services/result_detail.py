"""The detail kept with a result: all that the page and the minutes show, so that nothing is recomputed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from evaluation.enums import GateRule, MinuteKind, SheetState
from evaluation.models import AgendaItem, Conclusion, Exclusion, Recusal, Regulation, ReScoring, Sheet
from evaluation.queries.councils import Quorum
from evaluation.queries.course import roll_of
from evaluation.queries.score_tables import level_of, table_of
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import NONE_LABEL, sheet_inputs
from evaluation.scoring import Leaf, Rating, ScoringSet, Unmet, sheet_points


def detail_of(
    item: AgendaItem,
    rating: Rating,
    sheets: Sequence[Sheet],
    conclusions: Sequence[Conclusion],
    exclusion: Exclusion | None,
    quorum: Quorum,
) -> dict[str, Any]:
    """Everything about a result as plain JSON; `sheets` in the order of `rating.sheets`."""
    table = scoring_set(item.criteria_set_id)
    regulation = item.session.regulation_in_use
    return {
        "set": {"code": table.code, "name": table.name},
        **table_of(table, rating, sheets, regulation.spread_limit),
        "unmet": [_unmet(table.leaf(unmet.criterion), unmet, conclusions) for unmet in rating.unmet],
        "conclusions": [_conclusion(conclusion) for conclusion in conclusions],
        "exclusion": _exclusion(exclusion) if exclusion else None,
        "recusals": [_recusal(recusal) for recusal in _recusals(item)],
        "quorum": quorum.as_dict(),
        "attendance": roll_of(item.session),
        "rescorings": _rescorings(item, table),
        **_minutes(item),
        "settings": _settings(regulation),
    }


def _settings(regulation: Regulation) -> dict[str, Any]:
    return {
        "regulation": regulation.name,
        "version": regulation.version,
        "decision_number": regulation.decision_number,
        "decided_on": regulation.decided_on,
        "gate_rule": regulation.gate_rule,
        "gate_rule_label": GateRule(regulation.gate_rule).label,
        "quorum": regulation.quorum_text,
        "quorum_basis": regulation.get_quorum_basis_display(),
        "spread_limit": regulation.spread_limit,
        "score_sight": regulation.get_score_sight_display(),
        "recusal_rule": regulation.get_recusal_rule_display(),
    }


def _rescorings(item: AgendaItem, table: ScoringSet) -> list[dict[str, Any]]:
    """Every request to score again: both sheets' totals when it was answered, or why it was taken back."""
    rows = list(
        ReScoring.objects.filter(sheet__item=item).select_related(
            "sheet__seat__user", "sheet__stopped_at", "new_sheet__stopped_at", "requested_by", "withdrawn_by"
        )
    )
    sheets = [sheet for row in rows for sheet in (row.sheet, row.new_sheet)]
    totals = {one.member: sheet_points(table, one) for one in sheet_inputs(sheets)}
    return [_rescoring(row, totals) for row in rows]


def _rescoring(row: ReScoring, totals: dict[str, int]) -> dict[str, Any]:
    answered = row.new_sheet.state == SheetState.SUBMITTED
    return {
        "seat": row.sheet.seat_id,
        "name": str(row.sheet.seat.user),
        "reason": row.reason,
        "by": str(row.requested_by),
        "at": timezone.localtime(row.requested_at),
        "number": row.sheet.number,
        "total": totals[str(row.sheet_id)],
        "new_number": row.new_sheet.number if answered else None,
        "new_total": totals[str(row.new_sheet_id)] if answered else None,
        "withdrawn": _withdrawn(row) if row.withdrawn_at else None,
    }


def _withdrawn(row: ReScoring) -> dict[str, Any]:
    return {"reason": row.withdraw_reason, "by": str(row.withdrawn_by), "at": row.withdrawn_at}


def _minutes(item: AgendaItem) -> dict[str, list[dict[str, Any]]]:
    """What was recorded of the discussion, and the members' dissent."""
    said: dict[str, list[dict[str, Any]]] = {"discussions": [], "dissents": []}
    for entry in item.minutes.select_related("seat__user", "recorded_by"):
        words = {
            "text": entry.text,
            "by": str(entry.recorded_by),
            "at": timezone.localtime(entry.recorded_at).isoformat(),
        }
        if entry.kind == MinuteKind.DISCUSSION:
            said["discussions"].append(words)
        elif entry.seat is not None:  # dissent is somebody's, by constraint
            who = {"seat": entry.seat_id, "name": str(entry.seat.user), "role": entry.seat.get_role_display()}
            said["dissents"].append(who | words)
    return said


def _unmet(leaf: Leaf, unmet: Unmet, conclusions: Sequence[Conclusion]) -> dict[str, Any]:
    return {
        "criterion": leaf.code,
        "title": leaf.title,
        "star": unmet.star,
        "needed": level_of(leaf, unmet.needed),
        "chosen": [level_of(leaf, position) for position in unmet.chosen],
        "concluded": any(conclusion.criterion.code == leaf.code for conclusion in conclusions),
    }


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
