"""Rounds and the dossiers in them; what waits at the province's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.enums import Role
from evaluation.models import AgendaItem, Round, RoundEntry
from evaluation.services.rounds import LEGAL_ROUNDS, is_late, round_of_law
from products.enums import Desk, DossierState, Verdict
from products.models import CommuneReport, Dossier, DossierVersion, SectionCheck

# When the home page begins to speak of a round: days before files close, and before all must be done.
FILES_CLOSE_SOON, FINISH_SOON = 14, 30


def round_list(user: Any) -> QuerySet[Round]:
    """Rounds the user may see, latest first, with counts of dossiers, late ones, results and sessions."""
    has_result = Q(entries__dossier__state__in=DossierState.with_result)
    return (
        Round.objects.visible_to(user)
        .select_related("unit")
        .annotate(
            dossiers=Count("entries", distinct=True),
            done=Count("entries", filter=has_result, distinct=True),
            late=Count("entries", filter=~Q(entries__late_reason=""), distinct=True),
            meetings=Count("sessions", distinct=True),
        )
        .order_by("-year", "-number")
    )


def key_of(row: Round) -> str:
    """How forms name a round, stored or not: year and number."""
    return f"{row.year}-{row.number}"


def open_rounds(unit_id: int, today: date | None = None) -> list[Round]:
    """Rounds of a province not over on a day, by their last day for files.

    The legal rounds of this and the next year are among them, not stored, while nobody entered them.
    """
    today = today or timezone.localdate()
    entered = Round.objects.filter(unit=unit_id, year__gte=today.year - 1)
    known = {(row.year, row.number): row for row in entered}
    for year in (today.year, today.year + 1):
        for number in LEGAL_ROUNDS:
            known.setdefault((year, number), round_of_law(unit_id, year, number))
    still = [row for row in known.values() if row.finish_until >= today]
    return sorted(still, key=lambda row: (row.files_until, row.number))


def usual_round(dossier: Dossier, rounds: Sequence[Round]) -> Round | None:
    """The first round the commune's letter came in time for (Đ5); of `open_rounds`."""
    return next((row for row in rounds if not is_late(dossier, row)), None)


def round_entries(evaluation_round: Round, state: str = "") -> QuerySet[RoundEntry]:
    """Entries of a round by product name, with `session_name` and the number of `advisers`."""
    of_dossier = AgendaItem.objects.filter(version__dossier=OuterRef("dossier")).order_by("-pk")
    entries = (
        evaluation_round.entries.select_related(
            "dossier__product__entity", "dossier__product__product_set", "dossier__commune"
        )
        .annotate(
            session_name=Subquery(of_dossier.values("session__name")[:1]),
            session_pk=Subquery(of_dossier.values("session")[:1]),
            advisers=Count("dossier__advisory_assignments"),
        )
        .order_by("dossier__product__sort_name", "pk")
    )
    return entries.filter(dossier__state=state) if state in DossierState.values else entries


@dataclass(frozen=True)
class StateCount:
    """How many of a round's dossiers stand in a state."""

    state: DossierState
    number: int


def states_of(evaluation_round: Round) -> list[StateCount]:
    """The states of a round's dossiers in the order of the road, those without a dossier left out."""
    rows = evaluation_round.entries.order_by().values("dossier__state").annotate(number=Count("pk"))
    found = {row["dossier__state"]: row["number"] for row in rows}
    return [StateCount(state, found[state]) for state in DossierState if state in found]


def late_entries(evaluation_round: Round) -> QuerySet[RoundEntry]:
    """Entries proposed after the round's last day, with the reason they were taken."""
    return round_entries(evaluation_round).exclude(late_reason="")


def waiting_at_desk(user: Any) -> QuerySet[Dossier]:
    """Proposed dossiers of the officer's province, oldest letter first, with what the desks found so far.

    `has_report`: Mẫu 03 is there; `sections_ok`, `sections_lacking`: of the province's own check.
    """
    return (
        _of_province(user)
        .filter(state=DossierState.PROPOSED)
        .annotate(latest=_latest_filed())
        .annotate(
            has_report=Exists(CommuneReport.objects.filter(version=OuterRef("latest"))),
            sections_ok=_sections(Verdict.OK),
            sections_lacking=_sections(Verdict.LACKING),
        )
        .order_by("proposed_on", "state_since", "pk")
    )


def without_round(user: Any) -> QuerySet[Dossier]:
    """Accepted dossiers of the officer's province that are in no round and on no agenda."""
    on_agenda = AgendaItem.objects.filter(version__dossier=OuterRef("pk"))
    rows = _of_province(user).filter(state__in=DossierState.assessable, round_entry=None)
    return rows.exclude(Exists(on_agenda)).order_by("state_since", "pk")


def _of_province(user: Any) -> QuerySet[Dossier]:
    area = user.scope.commune_q("commune", Role.PROVINCIAL_OFFICER)
    return Dossier.objects.filter(area).with_names()


def _latest_filed() -> Subquery:
    filed = DossierVersion.objects.filter(dossier=OuterRef("pk"), submitted_at__isnull=False)
    return Subquery(filed.order_by("-number").values("pk")[:1])


def _sections(verdict: str) -> Subquery:
    found = SectionCheck.objects.filter(
        check_of__version=OuterRef("latest"), check_of__desk=Desk.PROVINCE, verdict=verdict
    )
    counted = found.order_by().values("check_of").annotate(number=Count("pk")).values("number")
    return Subquery(counted, output_field=IntegerField())


@dataclass(frozen=True)
class Closing:
    """A round with a day coming near: files close, or `left` dossiers still have no result."""

    round: Round
    due: date
    left: int | None
    """None: it is the day files close."""


def rounds_closing(user: Any) -> list[Closing]:
    """Rounds of the officer's province whose next day is near; one query."""
    today = timezone.localdate()
    rows = (
        Round.objects.filter(user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER), finish_until__gte=today)
        .annotate(
            left=Count("entries", filter=~Q(entries__dossier__state__in=DossierState.with_result)),
        )
        .order_by("files_until")
    )
    found = []
    for row in rows:
        if today <= row.files_until <= today + timedelta(days=FILES_CLOSE_SOON):
            found.append(Closing(row, row.files_until, None))
        elif row.left and row.finish_until <= today + timedelta(days=FINISH_SOON):
            found.append(Closing(row, row.finish_until, row.left))
    return found
