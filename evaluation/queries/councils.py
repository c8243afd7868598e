"""Councils, sessions and agendas: lists, quorum, and who has submitted. Never anybody's points."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.text import sort_key
from evaluation.enums import ItemState, SessionState, SheetState, SubmissionState
from evaluation.models import AgendaItem, Council, Regulation, Round, Seat, Session, Sheet
from evaluation.services.rounds import LEGAL_ROUNDS
from products.enums import DossierState
from products.models import Dossier, DossierVersion


@dataclass(frozen=True)
class Quorum:
    """Sheets submitted against the sheets needed: `share` of the seats, rounded up."""

    seats: int
    submitted: int
    drafts: int
    needed: int
    share: str

    @property
    def reached(self) -> bool:
        return self.seats > 0 and self.submitted >= self.needed

    @property
    def text(self) -> str:
        return f"{self.submitted}/{self.seats} phiếu đã nộp, cần {self.needed}"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def quorum_of(item: AgendaItem) -> Quorum:
    """The quorum of one item. Who left after submitting still counts, as a seat and as a sheet."""
    regulation = item.session.regulation_in_use
    states = list(Sheet.objects.filter(item=item).values_list("state", "seat__left_on"))
    submitted = sum(state == SheetState.SUBMITTED for state, _ in states)
    drafts = sum(state == SheetState.DRAFT and left is None for state, left in states)
    gone = sum(state == SheetState.SUBMITTED and left is not None for state, left in states)
    seats = item.session.council.seats.active().count() + gone
    return _quorum(seats, submitted, drafts, regulation.quorum_numerator, regulation.quorum_denominator)


def sheets_needed(regulation: Regulation, seats: int) -> int:
    """How many submitted sheets make the quorum of a council of so many seats."""
    return _quorum(seats, 0, 0, regulation.quorum_numerator, regulation.quorum_denominator).needed


def _quorum(seats: int, submitted: int, drafts: int, numerator: int, denominator: int) -> Quorum:
    needed = -(-seats * numerator // denominator)  # the ceiling, in whole numbers
    return Quorum(seats, submitted, drafts, needed, f"{numerator}/{denominator}")


def province_of(user: Any) -> AdminUnit | None:
    """The province whose office the user works in."""
    ids = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    return AdminUnit.objects.provinces().filter(pk__in=ids).first()


def council_list(user: Any) -> QuerySet[Council]:
    """Councils the user may see, with the number of people on them."""
    return (
        Council.objects.visible_to(user)
        .select_related("regulation")
        .annotate(people=Count("seats", filter=Q(seats__left_on=None), distinct=True))
        .order_by("-decided_on", "-pk")
    )


def candidates(council: Council) -> list[User]:
    """People of the province with the council-member role who have no seat, in Vietnamese order."""
    today = timezone.localdate()
    holding = Membership.objects.on(today).filter(role=Role.COUNCIL_MEMBER, unit=council.unit)
    people = User.objects.filter(is_active=True, pk__in=holding.values("user")).exclude(
        pk__in=council.seats.active().values("user")
    )
    return sorted(people, key=lambda person: sort_key(person.full_name))


def session_list(user: Any) -> QuerySet[Session]:
    """Sessions the user may see, with counts of dossiers and of those that have a result."""
    return (
        Session.objects.visible_to(user)
        .select_related("council", "round")
        .annotate(
            dossiers=Count("items"),
            closed=Count("items", filter=Q(items__state__in=ItemState.with_result)),
        )
        .order_by("-held_on", "-pk")
    )


def rounds_to_choose(unit: AdminUnit, year: int) -> list[tuple[str, str]]:
    """Rounds a session can belong to: those entered, and the two every year has by law (Đ5)."""
    known = {(r.year, r.number): r.name for r in Round.objects.filter(unit=unit)}
    for number in LEGAL_ROUNDS:
        known.setdefault((year, number), f"Đợt {number} năm {year}")
    return [(f"{year}-{number}", name) for (year, number), name in sorted(known.items(), reverse=True)]


def agenda(session: Session, user: Any) -> list[AgendaItem]:
    """The part of the agenda the user may see, with `submitted` counts and `own_sheets`; two queries."""
    own = Sheet.objects.visible_to(user)
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(session=session)
        .select_related(
            "version__dossier__product__entity", "version__dossier__product__product_set", "criteria_set"
        )
        .annotate(submitted=Count("sheets", filter=Q(sheets__state=SheetState.SUBMITTED)))
        .prefetch_related(Prefetch("sheets", queryset=own, to_attr="own_sheets"))
        .order_by("position")
    )
    return list(items)


def acceptable_dossiers(session: Session, user: Any) -> QuerySet[Dossier]:
    """Accepted dossiers of the officer's area whose latest filed version is on no agenda.

    Those of the session's round first, then those in no round, then those of other rounds.
    """
    latest = (
        DossierVersion.objects.filter(dossier=OuterRef("pk"), submitted_at__isnull=False)
        .order_by("-number")
        .values("pk")[:1]
    )
    return (
        Dossier.objects.visible_to(user)
        .filter(state__in=DossierState.assessable, commune__parent=session.council.unit_id)
        .annotate(latest=Subquery(latest))
        .filter(latest__isnull=False)
        .exclude(
            Exists(AgendaItem.objects.filter(version=OuterRef("latest")).exclude(state=ItemState.SENT_BACK))
        )
        .annotate(
            distance=Case(
                When(round_entry__round=session.round_id, then=0), When(round_entry=None, then=1), default=2
            )
        )
        .with_names()
        .select_related("round_entry__round")
        .order_by("distance", "product__sort_name")
    )


@dataclass(frozen=True)
class SheetStatus:
    """Whether a member has submitted; nothing of what the member chose."""

    seat: Seat
    submitted: bool


def who_submitted(item: AgendaItem) -> list[SheetStatus]:
    """The council's people in order, each with whether the sheet is in."""
    submitted = set(
        Sheet.objects.filter(item=item, state=SheetState.SUBMITTED).values_list("seat_id", flat=True)
    )
    seats = item.session.council.seats.select_related("user").filter(Q(left_on=None) | Q(pk__in=submitted))
    return [SheetStatus(seat, seat.pk in submitted) for seat in seats.in_order()]


def items_to_close(user: Any) -> list[AgendaItem]:
    """Items of open sessions in the user's area that have their quorum of submitted sheets."""
    active = Q(session__council__seats__left_on=None)
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(state=ItemState.SCORING, session__state=SessionState.OPEN)
        .select_related("session__council__regulation", "version__dossier__product")
        .annotate(
            submitted=Count("sheets", filter=Q(sheets__state=SheetState.SUBMITTED), distinct=True),
            seats=Count("session__council__seats", filter=active, distinct=True),
            numerator=F("session__regulation__quorum_numerator"),
            denominator=F("session__regulation__quorum_denominator"),
        )
    )
    return [
        item
        for item in items
        if _quorum(item.seats, item.submitted, 0, item.numerator, item.denominator).reached
    ]


def items_to_decide(user: Any) -> QuerySet[AgendaItem]:
    """Scored dossiers in the user's area that wait for a decision, the Chairman's or the Ministry's.

    Those before the Chairman are left out: they are decided with their submission.
    """
    return (
        AgendaItem.objects.visible_to(user)
        .filter(state=ItemState.CLOSED, version__dossier__state__in=DossierState.awaiting_decision)
        .exclude(submission_lines__submission__state=SubmissionState.SUBMITTED)
        .select_related("session", "result", "version__dossier__product")
    )
