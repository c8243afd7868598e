"""Councils, their regulation and their seats."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from evaluation.enums import GateRule, SeatRole, SessionState
from evaluation.models import Council, Regulation, Seat
from evaluation.services.guards import require
from evaluation.services.sessions import open_sheets


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
) -> Council:
    """Set up a council on its numbered decision (Đ7 k3b) with the settings of its regulation.

    Raises PermissionDenied for the wrong role, DomainError when the quorum is not a share or the
    decision lies in the future.
    """
    require(by, "evaluation.manage_council")
    if not 1 <= quorum_numerator <= quorum_denominator:
        raise DomainError("Túc số phải là một phần của Hội đồng, ví dụ 2/3.", field="quorum_numerator")
    if decided_on > timezone.localdate():
        raise DomainError("Ngày quyết định không thể ở tương lai.", field="decided_on")
    regulation = Regulation.objects.create(
        unit=unit,
        name=f"Quy chế: {name}"[:200],
        gate_rule=gate_rule,
        quorum_numerator=quorum_numerator,
        quorum_denominator=quorum_denominator,
        spread_limit=spread_limit,
    )
    council = Council.objects.create(
        unit=unit, name=name, decision_number=decision_number, decided_on=decided_on, regulation=regulation
    )
    audit.record(
        by=by,
        verb="council.create",
        obj=council,
        after={"gate_rule": gate_rule, "quorum": regulation.quorum_text, "spread_limit": spread_limit},
    )
    return council


@transaction.atomic
def add_seat(*, council: Council, user: User, by: Any, role: str = SeatRole.MEMBER, agency: str = "") -> Seat:
    """Seat a person who holds the council-member role; somebody who had left comes back to the same seat.

    When a session of the council is open, the person gets the sheets of its dossiers at once.
    Raises DomainError for a person without the role, a second chair or somebody already seated.
    """
    require(by, "evaluation.manage_council", council)
    # One seat at a time: the check for a chair and the insert must not interleave.
    Council.objects.select_for_update().get(pk=council.pk)
    if not user.has_role(Role.COUNCIL_MEMBER):
        raise DomainError(f"{user} chưa có vai trò Thành viên Hội đồng.", field="user")
    if role == SeatRole.CHAIR and council.seats.active().filter(role=SeatRole.CHAIR).exists():
        raise DomainError("Hội đồng đã có Chủ tịch; cho người cũ thôi tham gia trước.", field="role")
    if council.seats.active().filter(user=user).exists():
        raise DomainError(f"{user} đã có tên trong Hội đồng.", field="user")
    seat, _ = Seat.objects.update_or_create(
        council=council, user=user, defaults={"role": role, "agency": agency, "left_on": None}
    )
    for session in council.sessions.filter(state=SessionState.OPEN):
        open_sheets(session)
    audit.record(by=by, verb="council.add_seat", obj=council, after={"person": str(user), "role": role})
    return seat


@transaction.atomic
def leave_seat(*, seat: Seat, by: Any) -> None:
    """Record that a person is no longer on the council; submitted sheets stay and stay counted.

    Raises DomainError when the person has left already.
    """
    require(by, "evaluation.manage_council", seat.council)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("council", "user").get(pk=seat.pk)
    if seat.left_on is not None:
        raise DomainError(f"{seat.user} đã thôi tham gia Hội đồng.")
    seat.left_on = timezone.localdate()
    seat.save(update_fields=["left_on"])
    audit.record(by=by, verb="council.leave_seat", obj=seat.council, after={"person": str(seat.user)})
