"""Councils, sessions and agendas: lists, quorum, and who has submitted. Never anybody's points."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.text import sort_key
from evaluation.enums import ItemState, SessionKind, SessionState, SubmissionState
from evaluation.models import AgendaItem, Council, Regulation, Round, Session, Sheet
from evaluation.queries.advisory import advisers_of_province
from evaluation.queries.quorum import Quorum as Quorum
from evaluation.queries.quorum import quorum_of as quorum_of
from evaluation.queries.quorum import quorums_of
from evaluation.queries.quorum import sheets_needed as sheets_needed
from evaluation.services.rounds import LEGAL_ROUNDS
from products.enums import DossierKind, DossierState
from products.models import Dossier, DossierVersion


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


def team_candidates(council: Council) -> list[User]:
    """People of the province with the advisory role who are not on the council's team."""
    on_it = set(council.team.active().values_list("user", flat=True))
    return [person for person in advisers_of_province(council.unit) if person.pk not in on_it]


def regulation_history(council: Council) -> list["RegulationVersion"]:
    """The versions of the council's regulation, latest first, each with what it changed; two queries.

    The sessions of a version are those that were opened under it.
    """
    rows = Regulation.objects.filter(unit=council.unit_id).prefetch_related(
        Prefetch("sessions", Session.objects.filter(council=council).order_by("held_on"), "opened")
    )
    by_id = {row.pk: row for row in rows}
    found, row = [], by_id.get(council.regulation_id)
    while row is not None:
        earlier = by_id.get(row.replaces_id) if row.replaces_id else None
        found.append(RegulationVersion(row, _changes(earlier, row) if earlier else [], list(row.opened)))
        row = earlier
    return found


@dataclass(frozen=True)
class RegulationVersion:
    """A version, what it changed as (label, before, after), and the sessions opened under it."""

    regulation: Regulation
    changes: list[tuple[str, str, str]]
    sessions: list[Session]


def _changes(old: Regulation, new: Regulation) -> list[tuple[str, str, str]]:
    pairs = [("Túc số", old.quorum_text, new.quorum_text)]
    for name in REGULATION_WORDS:
        label = str(Regulation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        pairs.append((label[:1].upper() + label[1:], _in_words(old, name), _in_words(new, name)))
    return [pair for pair in pairs if pair[1] != pair[2]]


REGULATION_WORDS = (
    "gate_rule", "quorum_basis", "spread_limit", "score_sight", "shows_advice", "allows_written",
    "recusal_rule",
)  # fmt: skip


def _in_words(regulation: Regulation, name: str) -> str:
    value = getattr(regulation, name)
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return f"{value} điểm"
    return getattr(regulation, f"get_{name}_display")()


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
    """The part of the agenda the user may see, with `quorum` and `own_sheets` on each item.

    Seven queries for any number of items.
    """
    own = Sheet.objects.visible_to(user)
    items = list(
        AgendaItem.objects.visible_to(user)
        .filter(session=session)
        .select_related(
            "version__dossier__product__entity",
            "version__dossier__product__product_set",
            "version__dossier__commune",
            "criteria_set",
        )
        .prefetch_related(Prefetch("sheets", queryset=own.order_by("number"), to_attr="own_sheets"))
        .order_by("position")
    )
    for item in items:
        item.session = session
    quorums = quorums_of(items)
    for item in items:
        item.quorum = quorums[item.pk]
    return items


def acceptable_dossiers(session: Session, user: Any) -> QuerySet[Dossier]:
    """Accepted dossiers of the officer's area whose latest filed version is on no agenda.

    Those of the session's round first, then those in no round, then those of other rounds. By written
    opinion only a re-ranking is decided.
    """
    latest = (
        DossierVersion.objects.filter(dossier=OuterRef("pk"), submitted_at__isnull=False)
        .order_by("-number")
        .values("pk")[:1]
    )
    written = session.kind == SessionKind.WRITTEN
    return (
        Dossier.objects.visible_to(user)
        .filter(state__in=DossierState.assessable, commune__parent=session.council.unit_id)
        .filter(Q(kind=DossierKind.RE_RANKING) if written else Q())
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


def items_to_close(user: Any) -> list[AgendaItem]:
    """Items of open sessions in the user's area that have their quorum (`quorum_of`)."""
    items = list(
        AgendaItem.objects.visible_to(user)
        .filter(state=ItemState.SCORING, session__state=SessionState.OPEN)
        .select_related("session__council__regulation", "session__regulation", "version__dossier__product")
    )
    quorums = quorums_of(items)
    return [item for item in items if quorums[item.pk].reached]


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
