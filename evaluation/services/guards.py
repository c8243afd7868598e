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
    """The agenda item read again under a row lock: two closings, or a closing and a sheet, take turns.

    Rows that only point to it go on being written: seating somebody gives sheets under the council's lock,
    which who holds an item may wait for.
    """
    # Locked first and joined after: a dossier moved to another session while one waits would be lost.
    AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    return AgendaItem.objects.select_related(
        "session__council__regulation", "session__regulation", "criteria_set", "version__dossier__product"
    ).get(pk=item.pk)


class ScoringPaused(DomainError):
    """The scoring rests for a while: nothing was written, the same act may succeed later."""


def require_scoring(item: AgendaItem) -> None:
    """Raise DomainError unless the session is open and the item has no result yet.

    A pause is told apart (ScoringPaused, with its reason): a device keeps what it has to send.
    """
    if item.state in ItemState.with_result:
        raise DomainError("Hồ sơ này đã có kết quả; không thay đổi được nữa.")
    if item.state == ItemState.PAUSED:
        raise ScoringPaused(f"Hồ sơ đang tạm dừng chấm: {item.state_reason}")
    if item.session.state == SessionState.PLANNED:
        raise DomainError("Phiên họp chưa mở; chưa chấm điểm được.")
    if item.session.state == SessionState.PAUSED:
        raise ScoringPaused(f"Phiên họp đang tạm dừng: {item.session.pause_reason}")
    if item.session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không thay đổi được nữa.")


def require_unfinished(item: AgendaItem) -> None:
    """Raise DomainError once the item has its result or its session is over; a pause does not matter."""
    if item.state not in ItemState.unfinished:
        raise DomainError("Hồ sơ này đã có kết quả; không thay đổi được nữa.")
    if item.session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không thay đổi được nữa.")
