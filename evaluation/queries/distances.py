"""Sheets too far apart before closing: what the regulation asks to be settled, and who is told of it how."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.enums import MinuteKind, SheetState
from evaluation.models import AgendaItem, MinuteEntry, ReScoring, Sheet
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.queries.sight import Sight
from evaluation.scoring import sheet_points
from evaluation.spread import FarPair, far_pairs


def unsettled_pairs(item: AgendaItem, sheets: Sequence[Sheet], totals: Sequence[int]) -> tuple[FarPair, ...]:
    """The pairs over the regulation's limit that were neither discussed nor scored again.

    A discussion counts when it was recorded after the last of the sheets; a pair is also settled when one
    of its members was asked to score again and did, once the other's sheet was there. That the whole council
    scores again at a meeting after a written opinion settles nothing: nobody was asked about the distance.
    """
    pairs = far_pairs(totals, item.session.regulation_in_use.spread_limit)
    if not pairs:
        return ()
    answers = _asked_about(sheets)
    left = tuple(p for p in pairs if _later(sheets[p.first], sheets[p.second]).pk not in answers)
    if not left or _discussed_since(item, sheets):
        return ()
    return left


def _later(one: Sheet, two: Sheet) -> Sheet:
    """The one that was submitted last: only with it was there a distance to look at."""
    return max(one, two, key=lambda sheet: (sheet.submitted_at, sheet.number))


def _asked_about(sheets: Sequence[Sheet]) -> set[int]:
    """The sheets that answer a request to score this dossier again."""
    asked = ReScoring.objects.filter(new_sheet__in=sheets, for_meeting=False)
    return set(asked.values_list("new_sheet_id", flat=True))


def _discussed_since(item: AgendaItem, sheets: Sequence[Sheet]) -> bool:
    last = max(sheet.submitted_at for sheet in sheets if sheet.submitted_at)
    said = MinuteEntry.objects.filter(item=item, kind=MinuteKind.DISCUSSION, recorded_at__gte=last)
    return said.exists()


def waiting_words(limit: int) -> str:
    """What has to be done about sheets too far apart; names nobody and no points."""
    return (
        f"Chênh lệch giữa hai phiếu vượt giới hạn {limit} điểm của quy chế: "
        "cần thảo luận hoặc yêu cầu chấm lại."
    )


@dataclass(frozen=True)
class Distance:
    """Said to who keeps the minutes when every sheet is in: that sheets are too far apart, and whose."""

    words: str
    names: tuple[str, ...]


def distance_of(item: AgendaItem, sight: Sight) -> Distance | None:
    """The distance still to be settled, for who keeps the minutes; None before every sheet is in.

    While somebody still scores, even that two others are far apart would be a hint (docs/decisions/0011).
    """
    if not sight.keeps_minutes:
        return None
    drafts = item.sheets.filter(state=SheetState.DRAFT, seat__left_on=None)
    sheets = list(item.sheets.counted().select_related("seat__user", "stopped_at"))
    if not sheets or drafts.exists():
        return None
    table = scoring_set(item.criteria_set_id)
    pairs = unsettled_pairs(item, sheets, [sheet_points(table, one) for one in sheet_inputs(sheets)])
    if not pairs:
        return None
    concerned = dict.fromkeys(place for pair in pairs for place in (pair.first, pair.second))
    names = tuple(str(sheets[place].seat.user) for place in sorted(concerned))
    return Distance(waiting_words(item.session.regulation_in_use.spread_limit), names)
