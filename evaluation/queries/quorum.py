"""The quorum of a dossier and of a meeting: the one place where it is worked out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from evaluation.enums import AttendanceState, QuorumBasis, RecusalRule, SessionKind, SheetState
from evaluation.models import AgendaItem, Attendance, Recusal, Regulation, Seat, Session, Sheet


@dataclass(frozen=True)
class Quorum:
    """What is there against what the regulation asks: `share` of the seats, rounded up.

    `seats` are those the share is taken of; `submitted` the sheets that count, without those being scored
    again; `drafts` sheets still to come. By attendance `attending` is compared, and `waiting` counts the
    attending members whose sheet is still out.
    """

    seats: int
    submitted: int
    drafts: int
    needed: int
    share: str
    basis: str = QuorumBasis.SHEETS
    attending: int = 0
    waiting: int = 0
    recused: int = 0

    @property
    def reached(self) -> bool:
        if self.basis == QuorumBasis.SHEETS:
            return self.seats > 0 and self.submitted >= self.needed
        return self.has_people and self.submitted > 0 and not self.waiting

    @property
    def has_people(self) -> bool:
        """Enough members attend."""
        return self.seats > 0 and self.attending >= self.needed

    @property
    def text(self) -> str:
        if self.basis == QuorumBasis.SHEETS:
            return f"{self.submitted}/{self.seats} phiếu đã nộp, cần {self.needed}"
        sheets = f"còn {self.waiting} người dự họp chưa nộp phiếu" if self.waiting else "đã nộp đủ phiếu"
        return f"{self.attending}/{self.seats} thành viên dự họp, cần {self.needed}; {sheets}"

    @property
    def refusal(self) -> str:
        """Why a result cannot be closed yet."""
        if self.basis == QuorumBasis.SHEETS:
            return (
                f"Chưa đủ túc số: cần {self.needed} phiếu đã nộp trên {self.seats} thành viên "
                f"({self.share}), mới có {self.submitted}."
            )
        if not self.has_people:
            return (
                f"Chưa đủ túc số: cần {self.needed} thành viên dự họp trên {self.seats} ({self.share}), "
                f"mới có {self.attending}. Hãy ghi điểm danh."
            )
        if self.waiting:
            return f"Còn {self.waiting} thành viên dự họp chưa nộp phiếu."
        return "Chưa có phiếu nào được nộp."

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class _Facts:
    """Ids of seats: `active` ones that score, and what became of them at one dossier."""

    active: set[int]
    attending: set[int]
    recused: set[int] = field(default_factory=set)
    submitted: set[int] = field(default_factory=set)
    drafting: set[int] = field(default_factory=set)


def quorum_of(item: AgendaItem) -> Quorum:
    """The quorum of one item. Who left after submitting still counts, as a seat and as a sheet."""
    return quorums_of([item])[item.pk]


def quorums_of(items: Sequence[AgendaItem]) -> dict[int, Quorum]:
    """The quorum of every item by its id; five queries for any number of items.

    The items bring their session, its council and the regulations along.
    """
    seats = _scoring_seats({item.session.council_id for item in items})
    attending = _attending({item.session_id for item in items})
    recused = _pairs(Recusal.objects.in_force().filter(item__in=items))
    sheets = Sheet.objects.filter(item__in=items).exclude(state=SheetState.SET_ASIDE)
    submitted = _pairs(sheets.filter(state=SheetState.SUBMITTED))
    drafting = _pairs(sheets.filter(state=SheetState.DRAFT))
    return {
        item.pk: _quorum(
            item.session,
            _Facts(
                seats[item.session.council_id],
                attending[item.session_id],
                recused[item.pk],
                submitted[item.pk],
                drafting[item.pk],
            ),
        )
        for item in items
    }


def quorum_of_meeting(session: Session) -> Quorum:
    """Who attends a meeting against who must, before any dossier is looked at."""
    council = session.council_id
    facts = _Facts(_scoring_seats({council})[council], _attending({session.pk})[session.pk])
    return _quorum(session, facts)


def counts_attendance(session: Session) -> bool:
    """Whether attendance makes the quorum; a written opinion has no meeting to attend."""
    basis = session.regulation_in_use.quorum_basis
    return session.kind == SessionKind.MEETING and basis == QuorumBasis.ATTENDANCE


def sheets_needed(regulation: Regulation, seats: int) -> int:
    """How many of so many seats make the quorum."""
    return -(-seats * regulation.quorum_numerator // regulation.quorum_denominator)  # the ceiling


def _quorum(session: Session, facts: _Facts) -> Quorum:
    regulation = session.regulation_in_use
    # Who left, or scores no more, after submitting still counts.
    members = facts.active | (facts.submitted - facts.recused)
    if regulation.recusal_rule == RecusalRule.LEAVES:
        members -= facts.recused
    may_score = facts.active - facts.recused
    drafts = facts.drafting & may_score
    submitted = facts.submitted - facts.recused - drafts
    attending = facts.attending & members
    by_attendance = counts_attendance(session)
    return Quorum(
        seats=len(members),
        submitted=len(submitted),
        drafts=len(drafts),
        needed=sheets_needed(regulation, len(members)),
        share=regulation.quorum_text,
        basis=QuorumBasis.ATTENDANCE if by_attendance else QuorumBasis.SHEETS,
        attending=len(attending),
        waiting=len((attending & may_score) - submitted) if by_attendance else 0,
        recused=len(facts.recused & (facts.active | facts.submitted)),
    )


def _scoring_seats(councils: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Seat.objects.active().scoring().filter(council__in=councils)
    for council, seat in rows.values_list("council_id", "pk"):
        found[council].add(seat)
    return found


def _attending(sessions: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Attendance.objects.filter(session__in=sessions, state__in=AttendanceState.attending)
    for session, seat in rows.values_list("session_id", "seat_id"):
        found[session].add(seat)
    return found


def _pairs(rows: Any) -> dict[int, set[int]]:
    """Ids of seats by their item."""
    found: dict[int, set[int]] = defaultdict(set)
    for item, seat in rows.values_list("item_id", "seat_id"):
        found[item].add(seat)
    return found
