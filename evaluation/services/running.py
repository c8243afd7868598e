"""A session at the table: paused and resumed as a whole or one dossier of it, and the order of dossiers."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit
from core.exceptions import DomainError
from evaluation.enums import ItemState, SessionState
from evaluation.models import AgendaItem, Session
from evaluation.services.guards import locked_item, require, require_unfinished
from evaluation.services.sessions import locked_session, move, require_source
from evaluation.workflow import PAUSE, RESUME

KEEP = "evaluation.keep_session"


@transaction.atomic
def pause_session(*, session: Session, reason: str, by: Any) -> Session:
    """Hold up an open session: nobody scores or submits. Raises DomainError without a reason."""
    require(by, KEEP, session)
    session = locked_session(session)
    require_source(session, PAUSE)
    session.pause_reason = _said(reason)
    session.save(update_fields=["pause_reason"])
    move(session, PAUSE, by, reason=reason)
    return session


@transaction.atomic
def resume_session(*, session: Session, by: Any, reason: str = "") -> Session:
    """Go on with a paused session. Raises DomainError when it is not paused."""
    require(by, KEEP, session)
    session = locked_session(session)
    require_source(session, RESUME)
    move(session, RESUME, by, reason=reason)
    session.pause_reason = ""
    session.save(update_fields=["pause_reason"])
    return session


@transaction.atomic
def pause_item(*, item: AgendaItem, reason: str, by: Any) -> AgendaItem:
    """Hold up the scoring of one dossier, for instance until a paper is shown. Needs a reason."""
    item = locked_item(item)
    require(by, KEEP, item)
    require_unfinished(item)
    if item.session.state == SessionState.PLANNED:
        raise DomainError("Phiên họp chưa mở; chưa có gì để tạm dừng.")
    if item.state == ItemState.PAUSED:
        raise DomainError(f"Hồ sơ đã tạm dừng chấm: {item.state_reason}")
    return _set_state(item, ItemState.PAUSED, _said(reason), by, "item.pause")


@transaction.atomic
def resume_item(*, item: AgendaItem, by: Any) -> AgendaItem:
    """Go on with a dossier that was held up. Raises DomainError when it was not."""
    item = locked_item(item)
    require(by, KEEP, item)
    if item.state != ItemState.PAUSED:
        raise DomainError("Hồ sơ không ở trạng thái tạm dừng.")
    return _set_state(item, ItemState.SCORING, "", by, "item.resume")


def _set_state(item: AgendaItem, state: str, reason: str, by: Any, verb: str) -> AgendaItem:
    before, item.state, item.state_reason = item.state, state, reason
    item.save(update_fields=["state", "state_reason"])
    audit.record(by=by, verb=verb, obj=item, before={"state": before}, after={"state": state}, reason=reason)
    return item


def _said(reason: str) -> str:
    if not reason.strip():
        raise DomainError("Hãy ghi lý do tạm dừng.", field="reason")
    return reason.strip()


@transaction.atomic
def move_item(*, item: AgendaItem, up: bool, by: Any) -> AgendaItem:
    """Let a dossier change places with its neighbour on the agenda, while the session is not over.

    Nothing happens at either end. Raises DomainError when the session is over.
    """
    require(by, KEEP, item)
    # The session's lock: two hands ordering the same agenda take turns.
    session = locked_session(item.session)
    if session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không đổi thứ tự được nữa.")
    order = list(session.items.order_by("position"))
    place = next((n for n, row in enumerate(order) if row.pk == item.pk), None)
    if place is None:
        raise DomainError("Hồ sơ đã chuyển sang phiên khác.")
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        _swap(order[place], order[other], session)
        after = {"dossier": str(order[place]), "position": order[place].position}
        audit.record(by=by, verb="session.reorder", obj=session, after=after)
    return order[place]


def _swap(one: AgendaItem, two: AgendaItem, session: Session) -> None:
    """Positions are unique at every moment: one of the two waits behind the last place."""
    last = session.items.aggregate(last=Max("position"))["last"]
    wanted = two.position, one.position
    for row, position in ((one, last + 1), (two, wanted[1]), (one, wanted[0])):
        row.position = position
        row.save(update_fields=["position"])
