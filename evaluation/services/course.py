"""What the secretary writes down of a session for its minutes, where the records do not show it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.numbers import format_date
from core.text import nfc
from evaluation.enums import SessionState
from evaluation.models import Seat, Session
from evaluation.services.guards import require
from evaluation.services.sessions import locked_session

COLUMNS = ("place", "started_at", "ended_at", "chaired_by", "minuted_by")


@transaction.atomic
def record_course(
    *,
    session: Session,
    by: Any,
    place: str = "",
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    chaired_by: Seat | None = None,
    minuted_by: Seat | None = None,
) -> Session:
    """Write down place, times, chair and secretary of a session that was opened, also after its end.

    What is left empty is taken from the acts and the roll of the session. Papers made before stay as they
    are. Raises PermissionDenied for a seat of another council, DomainError before the opening and for times
    that are not of the session's day, in the wrong order or to come.
    """
    require(by, "evaluation.keep_session", session)
    session = locked_session(session)
    if session.state == SessionState.PLANNED:
        raise DomainError("Phiên chưa mở: ghi các nội dung này khi họp hoặc sau khi họp.")
    if any(seat is not None and seat.council_id != session.council_id for seat in (chaired_by, minuted_by)):
        raise PermissionDenied("Người được chọn không thuộc Hội đồng này.")
    _check_times(session, started_at, ended_at)
    before = _told(session)
    session.place, session.started_at, session.ended_at = nfc(place).strip(), started_at, ended_at
    session.chaired_by, session.minuted_by = chaired_by, minuted_by
    after = _told(session)
    changed = [name for name in COLUMNS if before[name] != after[name]]
    if changed:
        session.save(update_fields=COLUMNS)
        audit.record(
            by=by,
            verb="session.course",
            obj=session,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return session


def _told(session: Session) -> dict[str, str]:
    return {name: str(getattr(session, name) or "") for name in COLUMNS}


def _check_times(session: Session, started: datetime | None, ended: datetime | None) -> None:
    now = timezone.now()
    for at, field in ((started, "started_at"), (ended, "ended_at")):
        if at is not None and at > now:
            raise DomainError("Giờ này chưa đến.", field=field)
    if started and timezone.localtime(started).date() != session.held_on:
        day = format_date(session.held_on)
        raise DomainError(f"Phiên họp ngày {day}: giờ bắt đầu thuộc ngày này.", field="started_at")
    if ended and timezone.localtime(ended).date() < session.held_on:
        raise DomainError("Ngày kết thúc không trước ngày họp.", field="ended_on")
    if started and ended and ended <= started:
        raise DomainError("Giờ kết thúc phải sau giờ bắt đầu.", field="ended_at")
