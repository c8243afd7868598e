"""The live board: of every dossier and member whether the sheet is in. Points never, more only by `sight`."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

from evaluation.enums import AttendanceState, SessionState, SheetState
from evaluation.models import AgendaItem, Attendance, Choice, Recusal, ReScoring, Seat, Session, Sheet
from evaluation.queries.results import ScoreTable, score_table
from evaluation.queries.score_tables import table_of
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.queries.sight import Sight
from evaluation.scoring import rate


@dataclass(frozen=True)
class Mark:
    """How a member's sheet of a dossier stands: a word, and the kind of its badge."""

    word: str
    kind: str


SUBMITTED = Mark("Đã nộp", "good")
AGAIN = Mark("Đang chấm lại", "warning")
WAITING = Mark("Chưa nộp", "waiting")
# Whether somebody has begun is a hint: shown only to who may see the scores themselves.
SCORING = Mark("Đang chấm", "info")
NOT_BEGUN = Mark("Chưa bắt đầu", "waiting")
RECUSED = Mark("Không chấm", "neutral")
ABSENT = Mark("Vắng", "neutral")
NONE = Mark("–", "")


@dataclass(frozen=True)
class Cell:
    seat: Seat
    mark: Mark


@dataclass(frozen=True)
class Row:
    """A dossier with a mark a member; `hidden` from a reader who is recused on it."""

    item: AgendaItem
    cells: list[Cell]
    hidden: bool

    @property
    def submitted(self) -> int:
        return sum(cell.mark in (SUBMITTED, AGAIN) for cell in self.cells)

    @property
    def expected(self) -> int:
        """Members whose sheet is in or still awaited."""
        return sum(cell.mark not in (RECUSED, ABSENT, NONE) for cell in self.cells)

    @property
    def digest(self) -> str:
        """Changes when the row does: a page that polls is answered only with what is new to it."""
        return digest_of([self.item.state, self.hidden, *((c.seat.pk, c.mark.word) for c in self.cells)])


@dataclass(frozen=True)
class Board:
    session: Session
    seats: list[Seat]
    rows: list[Row]

    @property
    def is_live(self) -> bool:
        """Sheets may still come in: the page asks again."""
        return self.session.state in SessionState.running

    @property
    def digest(self) -> str:
        return digest_of([self.session.state, *(row.digest for row in self.rows)])


def digest_of(parts: Sequence[Any]) -> str:
    """A short name for exactly these parts."""
    return hashlib.blake2s(repr(parts).encode(), digest_size=8).hexdigest()


@dataclass
class _Facts:
    """What the board is drawn from, by (item, seat)."""

    states: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    begun: set[tuple[int, int]] = field(default_factory=set)
    recused: set[tuple[int, int]] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)


def board(session: Session, items: Sequence[AgendaItem], seen: Mapping[int, Sight]) -> Board:
    """The board of a session's dossiers for who follows it; `seen` by `sight.sights`; four queries."""
    facts = _facts(session, items)
    seats = _seats(session, facts)
    rows = [Row(item, _cells(item, seats, facts, seen[item.pk]), seen[item.pk].recused) for item in items]
    return Board(session, seats, rows)


def item_row(item: AgendaItem, sight: Sight) -> Row:
    """The row of one dossier; four queries."""
    facts = _facts(item.session, [item])
    seats = _seats(item.session, facts)
    return Row(item, _cells(item, seats, facts, sight), sight.recused)


def _facts(session: Session, items: Sequence[AgendaItem]) -> _Facts:
    facts = _Facts()
    begun = Exists(Choice.objects.filter(sheet=OuterRef("pk")))
    sheets = Sheet.objects.filter(item__in=items).annotate(begun=begun)
    for item_id, seat_id, state, has_choices in sheets.values_list("item_id", "seat_id", "state", "begun"):
        facts.states[item_id, seat_id].add(state)
        if has_choices:
            facts.begun.add((item_id, seat_id))
    facts.recused.update(Recusal.objects.in_force().filter(item__in=items).values_list("item_id", "seat_id"))
    away = Attendance.objects.filter(session=session).exclude(state__in=AttendanceState.attending)
    facts.absent.update(away.values_list("seat_id", flat=True))
    return facts


def _seats(session: Session, facts: _Facts) -> list[Seat]:
    """Who scores, and who has left after submitting; the chair first."""
    submitted = {seat for (_, seat), states in facts.states.items() if SheetState.SUBMITTED in states}
    scoring = Q(left_on=None, scores=True) | Q(pk__in=submitted)
    return list(session.council.seats.select_related("user").filter(scoring).in_order())


def _cells(item: AgendaItem, seats: list[Seat], facts: _Facts, sight: Sight) -> list[Cell]:
    if sight.recused:
        return []
    return [Cell(seat, _mark(item.pk, seat, facts, sight)) for seat in seats]


def _mark(item_id: int, seat: Seat, facts: _Facts, sight: Sight) -> Mark:
    place = (item_id, seat.pk)
    states = facts.states.get(place, set())
    drafting = SheetState.DRAFT in states and seat.left_on is None
    if place in facts.recused:
        return RECUSED
    if SheetState.SUBMITTED in states:
        return AGAIN if drafting and not sight.closed else SUBMITTED
    if seat.pk in facts.absent:
        return ABSENT
    if not drafting:
        return NONE
    if not sight.scores or sight.closed:
        return WAITING
    return SCORING if place in facts.begun else NOT_BEGUN


def waiting_rescorings(item: AgendaItem) -> dict[int, ReScoring]:
    """Requests to score again that are not answered yet, by seat."""
    rows = ReScoring.objects.waiting().filter(sheet__item=item).select_related("sheet", "requested_by")
    return {row.sheet.seat_id: row for row in rows}


def live_table(item: AgendaItem) -> ScoreTable | None:
    """The submitted sheets as they stand, for whom `sight.scores` lets see them; None before the first."""
    sheets = list(item.sheets.counted().select_related("seat__user", "stopped_at"))
    if not sheets:
        return None
    regulation = item.session.regulation_in_use
    table = scoring_set(item.criteria_set_id)
    rating = rate(table, sheet_inputs(sheets), gate_rule=regulation.gate_rule)
    return score_table(table_of(table, rating, sheets, regulation.spread_limit))
