"""Checks that several services of the room begin with."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from core.exceptions import DomainError
from evaluation.enums import ItemState, SessionState
from evaluation.models import AgendaItem


def require(by: Any, permission: str, obj: Model | None = None) -> None:
    """Raise PermissionDenied unless `by` holds the permission (on `obj`)."""
    if not by.has_perm(permission, obj):
        raise PermissionDenied


def locked_item(item: AgendaItem) -> AgendaItem:
    """The agenda item read again under a row lock: two closings, or a closing and a sheet, take turns."""
    return (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related(
            "session__council__regulation", "session__regulation", "criteria_set", "version__dossier__product"
        )
        .get(pk=item.pk)
    )


class ScoringPaused(DomainError):
    """The scoring rests for a while: nothing was written, the same act may succeed later."""


def require_scoring(item: AgendaItem) -> None:
    """Raise DomainError unless the session is open and the item has no result yet.

    A pause is told apart (ScoringPaused, with its reason), because a device may keep what it has to send.
    """
    if item.state == ItemState.PAUSED:
        raise ScoringPaused(f"Hồ sơ này đang tạm dừng chấm: {item.state_reason}")
    if item.state != ItemState.SCORING:
        raise DomainError("Hồ sơ này đã có kết quả; không thay đổi được nữa.")
    if item.session.state == SessionState.PLANNED:
        raise DomainError("Phiên họp chưa mở; chưa chấm điểm được.")
    if item.session.state == SessionState.PAUSED:
        raise ScoringPaused(f"Phiên họp đang tạm dừng: {item.session.pause_reason}")
    if item.session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không thay đổi được nữa.")
