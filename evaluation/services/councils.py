"""Councils and their seats; the regulation is written by `services.regulations`."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.numbers import format_date
from evaluation.enums import GateRule, ItemState, SeatRole, SessionState, SheetState
from evaluation.models import Council, Seat, Sheet
from evaluation.services.guards import require
from evaluation.services.regulations import new_regulation
from evaluation.services.sessions import open_sheets

COLUMNS = ("name", "decision_number", "decided_on", "team_decision_number", "team_decided_on")


@transaction.atomic
def create_council(
    *,
    unit: AdminUnit,
    name: str,
    decision_number: str,
    decided_on: date,
    by: Any,
    gate_rule: str = GateRule.MAJORITY,
    quorum_numerator: int = 2,
    quorum_denominator: int = 3,
    spread_limit: int = 10,
    regulation_number: str = "",
    regulation_day: date | None = None,
    **settings: Any,
) -> Council:
    """Set up a council on its numbered decision (Đ7 k3b) with the settings of its regulation.

    `settings`: the other columns of `regulations.SETTINGS`; `regulation_number` and `regulation_day` name
    the decision that issued the regulation. Raises PermissionDenied for the wrong role, DomainError when
    the quorum is not a share or a decision lies in the future.
    """
    require(by, "evaluation.manage_council")
    settings |= {
        "gate_rule": gate_rule,
        "quorum_numerator": quorum_numerator,
        "quorum_denominator": quorum_denominator,
        "spread_limit": spread_limit,
    }
    _not_in_future(decided_on, "decided_on")
    _not_in_future(regulation_day, "regulation_day")
    regulation = new_regulation(
        unit=unit,
        name=f"Quy chế: {name}",
        settings=settings,
        decision_number=regulation_number.strip(),
        decided_on=regulation_day,
    )
    council = Council.objects.create(
        unit=unit, name=name, decision_number=decision_number, decided_on=decided_on, regulation=regulation
    )
    after = {**settings, "quorum": regulation.quorum_text}
    audit.record(by=by, verb="council.create", obj=council, after=after)
    return council


@transaction.atomic
def update_council(
    *,
    council: Council,
    name: str,
    decision_number: str,
    decided_on: date,
    by: Any,
    team_decision_number: str = "",
    team_decided_on: date | None = None,
) -> Council:
    """Correct a council's name and decisions (its own, and that of its advisory team).

    Raises DomainError for a day in the future, or after the council's first session.
    """
    require(by, "evaluation.manage_council", council)
    council = _locked(council)
    _not_in_future(decided_on, "decided_on")
    _not_in_future(team_decided_on, "team_decided_on")
    first = council.sessions.order_by("held_on").first()
    if first and decided_on > first.held_on:
        day = format_date(first.held_on)
        raise DomainError(f"Hội đồng đã có phiên họp ngày {day}, trước ngày này.", field="decided_on")
    before = {column: getattr(council, column) for column in COLUMNS}
    council.name, council.decision_number, council.decided_on = name, decision_number, decided_on
    council.team_decision_number, council.team_decided_on = team_decision_number, team_decided_on
    council.save(update_fields=list(COLUMNS))
    after = {column: getattr(council, column) for column in COLUMNS}
    changed = [column for column in COLUMNS if after[column] != before[column]]
    audit.record(
        by=by,
        verb="council.update",
        obj=council,
        before={column: before[column] for column in changed},
        after={column: after[column] for column in changed},
    )
    return council


def _not_in_future(day: date | None, field: str) -> None:
    if day and day > timezone.localdate():
        raise DomainError("Ngày quyết định không thể ở tương lai.", field=field)


@transaction.atomic
def add_seat(
    *,
    council: Council,
    user: User,
    by: Any,
    role: str = SeatRole.MEMBER,
    agency: str = "",
    scores: bool = True,
) -> Seat:
    """Seat a person who holds the council-member role; somebody who had left comes back to the same seat.

    When a session of the council is open, the person gets the sheets of its dossiers at once.
    Raises DomainError for a person without the role, a second chair or somebody already seated.
    """
    require(by, "evaluation.manage_council", council)
    # One seat at a time: the check for a chair and the insert must not interleave.
    council = _locked(council)
    if not user.has_role(Role.COUNCIL_MEMBER):
        raise DomainError(f"{user} chưa có vai trò Thành viên Hội đồng.", field="user")
    _check_chair(council, role)
    if council.seats.active().filter(user=user).exists():
        raise DomainError(f"{user} đã có tên trong Hội đồng.", field="user")
    values = {"role": role, "agency": agency, "left_on": None, "scores": scores}
    seat, _ = Seat.objects.update_or_create(council=council, user=user, defaults=values)
    _settle_sheets(seat)
    after = {"person": str(user), "role": role, "scores": scores}
    audit.record(by=by, verb="council.add_seat", obj=council, after=after)
    return seat


@transaction.atomic
def change_seat(*, seat: Seat, role: str, agency: str, scores: bool, by: Any) -> Seat:
    """Change what a person is on the council, the agency, and whether the person scores.

    Who no longer scores keeps submitted sheets, which stay counted; begun ones are set aside. Who scores
    from now on gets the sheets of open sessions. Raises DomainError for a second chair or who has left.
    """
    require(by, "evaluation.manage_council", seat.council)
    council = _locked(seat.council)
    seat = council.seats.select_for_update(of=("self",), no_key=True).select_related("user").get(pk=seat.pk)
    _require_seated(seat)
    if role != seat.role:
        _check_chair(council, role)
    before = {"role": seat.role, "agency": seat.agency, "scores": seat.scores}
    seat.role, seat.agency, seat.scores = role, agency, scores
    seat.save(update_fields=["role", "agency", "scores"])
    _settle_sheets(seat)
    after = {"person": str(seat.user), "role": role, "agency": agency, "scores": scores}
    audit.record(by=by, verb="council.change_seat", obj=council, before=before, after=after)
    return seat


def _settle_sheets(seat: Seat) -> None:
    """Sheets as the seat says: those of open sessions for who scores, none begun for who does not."""
    if not seat.scores:
        begun = Sheet.objects.filter(seat=seat, state=SheetState.DRAFT)
        begun.filter(item__state__in=ItemState.unfinished).update(state=SheetState.SET_ASIDE)
        return
    for session in seat.council.sessions.filter(state__in=SessionState.running):
        open_sheets(session)


@transaction.atomic
def leave_seat(*, seat: Seat, by: Any) -> None:
    """Record that a person is no longer on the council; submitted sheets stay and stay counted.

    Raises DomainError when the person has left already.
    """
    require(by, "evaluation.manage_council", seat.council)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("council", "user").get(pk=seat.pk)
    _require_seated(seat)
    seat.left_on = timezone.localdate()
    seat.save(update_fields=["left_on"])
    audit.record(by=by, verb="council.leave_seat", obj=seat.council, after={"person": str(seat.user)})


def _locked(council: Council) -> Council:
    # Rows that only point to the council, as a session just called, go on being written.
    return Council.objects.select_for_update(no_key=True).get(pk=council.pk)


def _require_seated(seat: Seat) -> None:
    if seat.left_on is not None:
        raise DomainError(f"{seat.user} đã thôi tham gia Hội đồng.")


def _check_chair(council: Council, role: str) -> None:
    if role == SeatRole.CHAIR and council.seats.active().filter(role=SeatRole.CHAIR).exists():
        raise DomainError("Hội đồng đã có Chủ tịch; cho người cũ thôi tham gia trước.", field="role")
