"""Who attends a meeting, as the secretary writes it down."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from evaluation.enums import AttendanceState, SessionKind
from evaluation.models import Attendance, Session
from evaluation.queries.course import may_call_roll
from evaluation.services.guards import require
from evaluation.services.sessions import locked_session


@transaction.atomic
def record_attendance(*, session: Session, marks: Mapping[int, tuple[str, str]], by: Any) -> int:
    """Write down who attends: seat id -> (state, note); an empty state takes the mark away.

    Seats that are not named stay as they are. Gives how many marks changed. Raises PermissionDenied for a
    seat of another council, DomainError when the session is over or is no meeting. A roll that was not called
    before the results were closed may be written afterwards, for the minutes.
    """
    require(by, "evaluation.keep_session", session)
    session = locked_session(session)
    if session.kind != SessionKind.MEETING:
        raise DomainError("Lấy ý kiến bằng văn bản không có điểm danh.")
    if not may_call_roll(session):
        raise DomainError("Phiên họp đã kết thúc; không sửa điểm danh được nữa.")
    names = {seat.pk: str(seat.user) for seat in session.council.seats.select_related("user")}
    if marks.keys() - names.keys() or {state for state, _ in marks.values()} - {"", *AttendanceState.values}:
        raise PermissionDenied("Điểm danh không thuộc Hội đồng này.")
    stored = {row.seat_id: row for row in session.attendances.all()}
    clean = {pk: (state, note.strip()) for pk, (state, note) in marks.items()}
    changed = {pk: mark for pk, mark in clean.items() if mark != _of(stored.get(pk))}
    for seat, (state, note) in changed.items():
        _write(session, seat, state, note, by)
    if changed:
        before = {names[pk]: _of(stored.get(pk))[0] for pk in changed}
        after = {names[pk]: state for pk, (state, _) in changed.items()}
        audit.record(by=by, verb="session.attendance", obj=session, before=before, after=after)
    return len(changed)


def _of(row: Attendance | None) -> tuple[str, str]:
    return (row.state, row.note) if row else ("", "")


def _write(session: Session, seat: int, state: str, note: str, by: Any) -> None:
    if not state:
        Attendance.objects.filter(session=session, seat=seat).delete()
        return
    values = {"state": state, "note": note, "recorded_by": by}
    Attendance.objects.update_or_create(session=session, seat_id=seat, defaults=values)
