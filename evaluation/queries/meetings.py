"""A session at the table: attendance, and written opinions that call for a meeting."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.text import search_key
from evaluation.enums import AttendanceState, ItemState, SessionKind, SessionState
from evaluation.models import AgendaItem, Attendance, Seat, Session, Sheet
from evaluation.queries.conflicts import recusals_of
from evaluation.queries.quorum import quorums_of
from evaluation.queries.scoring_sets import stored_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.scoring import next_star_gaps, score_sheet

# How an opinion asks for a meeting, without diacritics.
ASKS_FOR_MEETING = ("hop hoi dong", "de nghi hop", "can hop", "to chuc hop")


@dataclass(frozen=True)
class AttendanceLine:
    """A person of the council in the grid. The id is text: a template would write 2579 as 2.579."""

    id: str
    seat: Seat
    state: str
    note: str


@dataclass(frozen=True)
class Numbers:
    """How many attend, are away, or are not marked yet; of all people and of those who score."""

    present: int
    online: int
    away: int
    unmarked: int
    scoring_there: int
    scoring: int


def attendance_lines(session: Session) -> list[AttendanceLine]:
    """Everybody of the council in order, who left only with a mark; two queries."""
    marks = {row.seat_id: row for row in Attendance.objects.filter(session=session)}
    seats = session.council.seats.filter(Q(left_on=None) | Q(pk__in=marks)).select_related("user").in_order()
    return [_line(seat, marks.get(seat.pk)) for seat in seats]


def _line(seat: Seat, mark: Attendance | None) -> AttendanceLine:
    return AttendanceLine(str(seat.pk), seat, mark.state if mark else "", mark.note if mark else "")


def numbers_of(lines: list[AttendanceLine]) -> Numbers:
    states = [line.state for line in lines]
    scoring = [line for line in lines if line.seat.scores and line.seat.left_on is None]
    return Numbers(
        present=states.count(AttendanceState.PRESENT),
        online=states.count(AttendanceState.ONLINE),
        away=states.count(AttendanceState.EXCUSED) + states.count(AttendanceState.ABSENT),
        unmarked=states.count(""),
        scoring_there=sum(line.state in AttendanceState.attending for line in scoring),
        scoring=len(scoring),
    )


@dataclass(frozen=True)
class Opinions:
    """A dossier whose written opinions are all there, and why they call for a meeting (if they do)."""

    item: AgendaItem
    reasons: list[str]


def opinions_of(session: Session, user: Any) -> list[Opinions]:
    """The dossiers of a written session whose every awaited sheet is in; five queries and those of quorums.

    For the office, the chair and the secretary only; what a person is recused from is left out. Before
    all sheets of a dossier are in, nothing is said of how they differ.
    """
    if session.kind != SessionKind.WRITTEN or session.state not in SessionState.running:
        return []
    rows = session.items.filter(state__in=ItemState.unfinished)
    items = list(rows.select_related("version__dossier__product").order_by("position"))
    for item in items:
        item.session = session
    quorums, recusals = quorums_of(items), recusals_of(items)
    ready = [
        item
        for item in items
        if quorums[item.pk].reached
        and not quorums[item.pk].drafts
        and user.pk not in {row.seat.user_id for row in recusals.get(item.pk, ())}
    ]
    sheets = defaultdict(list)
    for sheet in Sheet.objects.filter(item__in=ready).counted().select_related("seat__user", "stopped_at"):
        sheets[sheet.item_id].append(sheet)
    limit = session.regulation_in_use.spread_limit
    return [Opinions(item, _reasons(item, sheets[item.pk], limit)) for item in ready]


def _reasons(item: AgendaItem, sheets: list[Sheet], limit: int) -> list[str]:
    """That they differ, never by how much: who proposes the meeting sees no scores before closing."""
    table = stored_set(item.criteria_set_id).scoring
    scores = [score_sheet(table, given) for given in sheet_inputs(sheets)]
    gaps = [next_star_gaps(table, score.positions) for score in scores]
    stars = {gap.star if gap else 5 for gap in gaps}
    totals = [score.total for score in scores]
    reasons = []
    if len(stars) > 1:
        reasons.append("các phiếu xếp hạng sao khác nhau")
    if max(totals) - min(totals) > limit:
        reasons.append(f"hai phiếu chênh nhau quá {limit} điểm của quy chế")
    asking = [str(sheet.seat.user) for sheet in sheets if _asks(sheet.opinion)]
    if asking:
        reasons.append(f"có ý kiến đề nghị họp: {', '.join(asking)}")
    return reasons


def _asks(opinion: str) -> bool:
    said = search_key(opinion).replace("khong can hop", "")
    return any(words in said for words in ASKS_FOR_MEETING)
