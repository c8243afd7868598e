"""The advisory team of a council (Tổ tư vấn giúp việc): who is on it, and who heads it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core import audit
from core.exceptions import DomainError
from evaluation.models import Council, TeamSeat
from evaluation.services.guards import require


@transaction.atomic
def add_to_team(
    *, council: Council, user: User, by: Any, agency: str = "", is_head: bool = False
) -> TeamSeat:
    """Put a person with the advisory role on the council's team; who had left comes back.

    Raises DomainError for a person without the role in the province, already on it, or a second head.
    """
    council = _locked(council, by)
    if council.unit_id not in user.scope.unit_ids(Role.ADVISORY_MEMBER):
        raise DomainError(f"{user} chưa có vai trò Thành viên Tổ tư vấn của tỉnh.", field="user")
    if council.team.active().filter(user=user).exists():
        raise DomainError(f"{user} đã có tên trong Tổ tư vấn.", field="user")
    if is_head and council.team.active().filter(is_head=True).exists():
        raise DomainError("Tổ tư vấn đã có Tổ trưởng.", field="is_head")
    values = {"agency": agency, "is_head": is_head, "left_on": None}
    seat, _ = TeamSeat.objects.update_or_create(council=council, user=user, defaults=values)
    audit.record(by=by, verb="council.add_to_team", obj=council, after={"person": str(user), "head": is_head})
    return seat


@transaction.atomic
def make_head(*, seat: TeamSeat, by: Any) -> None:
    """Let a person of the team head it instead of who did. Raises DomainError for who has left."""
    council = _locked(seat.council, by)
    seat = _still_there(seat)
    council.team.active().filter(is_head=True).update(is_head=False)
    seat.is_head = True
    seat.save(update_fields=["is_head"])
    audit.record(by=by, verb="council.team_head", obj=council, after={"person": str(seat.user)})


@transaction.atomic
def leave_team(*, seat: TeamSeat, by: Any) -> None:
    """Record that a person is no longer on the team; reviews already sent stay. Raises DomainError twice."""
    council = _locked(seat.council, by)
    seat = _still_there(seat)
    seat.left_on, seat.is_head = timezone.localdate(), False
    seat.save(update_fields=["left_on", "is_head"])
    audit.record(by=by, verb="council.leave_team", obj=council, after={"person": str(seat.user)})


def _locked(council: Council, by: Any) -> Council:
    require(by, "evaluation.manage_council", council)
    return Council.objects.select_for_update().get(pk=council.pk)


def _still_there(seat: TeamSeat) -> TeamSeat:
    found = TeamSeat.objects.select_related("user").get(pk=seat.pk)
    if found.left_on is not None:
        raise DomainError(f"{found.user} đã thôi tham gia Tổ tư vấn.")
    return found
