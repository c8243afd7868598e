"""A member's sheets of one dossier side by side: the first, and those scored again."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from evaluation.enums import SheetState
from evaluation.models import AgendaItem, ReScoring, Seat, Sheet
from evaluation.queries.score_tables import level_of
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.queries.sight import Sight
from evaluation.scoring import Leaf, SheetScore, score_sheet


@dataclass(frozen=True)
class VersionColumn:
    """One sheet: its number, total, opinion, and why it was asked for."""

    sheet: Sheet
    total: int
    asked: ReScoring | None


@dataclass(frozen=True)
class VersionRow:
    """A criterion with the level chosen on each sheet; `changed` when they are not all the same."""

    code: str
    title: str
    max_points: int
    levels: list[dict[str, Any]]
    changed: bool


@dataclass(frozen=True)
class SheetVersions:
    seat: Seat
    columns: list[VersionColumn]
    rows: list[VersionRow]


def readable_seats(item: AgendaItem, user: Any, sight: Sight) -> Q:
    """Whose sheets the user may put side by side: the own ones, and everybody's once the result is closed."""
    return Q() if sight.closed else Q(user=user)


def sheet_versions(item: AgendaItem, seat: Seat) -> SheetVersions:
    """Every sheet of a member that was submitted, by number; four queries."""
    sheets = list(
        item.sheets.filter(seat=seat, state=SheetState.SUBMITTED)
        .select_related("stopped_at", "seat__user")
        .order_by("number")
    )
    asked = {
        row.new_sheet_id: row
        for row in ReScoring.objects.filter(new_sheet__in=sheets).select_related("requested_by")
    }
    table = scoring_set(item.criteria_set_id)
    scores = [score_sheet(table, one) for one in sheet_inputs(sheets)]
    return SheetVersions(
        seat=seat,
        columns=[
            VersionColumn(sheet, score.total, asked.get(sheet.pk))
            for sheet, score in zip(sheets, scores, strict=True)
        ],
        rows=[_row(leaf, scores) for leaf in table.leaves],
    )


def _row(leaf: Leaf, scores: list[SheetScore]) -> VersionRow:
    positions = [score.positions[leaf.code] for score in scores]
    return VersionRow(
        code=leaf.code,
        title=leaf.title,
        max_points=leaf.max_points,
        levels=[level_of(leaf, position) for position in positions],
        changed=len(set(positions)) > 1,
    )
