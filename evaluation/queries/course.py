"""The course of a session as its minutes tell it: when, under whom, who attended (NĐ 30/2020, mẫu 1.9).

What the secretary wrote down counts; where nothing is written, what the acts and the roll of the session
show.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.audit import history_of
from evaluation.enums import AttendanceState, SeatRole, SessionKind, SessionState
from evaluation.models import Seat, Session
from evaluation.models.councils import place_of_role

Roll = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Course:
    """What is not known is None or empty."""

    started: dt.datetime | None
    ended: dt.datetime | None
    chair: str
    secretary: str


def course_of(session: Session, roll: Roll) -> Course:
    """The course of a session with that roll."""
    started, ended = _times(session)
    return Course(
        started,
        ended,
        chair=_who(session, session.chaired_by, roll, SeatRole.CHAIR, SeatRole.VICE_CHAIR),
        secretary=_who(session, session.minuted_by, roll, SeatRole.SECRETARY),
    )


def roll_of(session: Session) -> list[dict[str, Any]]:
    """Who attended the session, in the order of the seats; empty where nobody called the roll."""
    rows = session.attendances.select_related("seat__user").order_by(place_of_role("seat__role"), "seat")
    return [
        {
            "seat": row.seat_id,
            "name": str(row.seat.user),
            "role": row.seat.get_role_display(),
            "agency": row.seat.agency,
            "state": row.state,
            "label": row.get_state_display(),
            "note": row.note,
        }
        for row in rows
    ]


def present(roll: Roll) -> list[dict[str, Any]]:
    """Those of a roll who attended."""
    return [row for row in roll if row["state"] in AttendanceState.attending]


def may_call_roll(session: Session) -> bool:
    """Whether the roll may be written: of a meeting under way, or after it when no result rests on a roll."""
    if session.kind != SessionKind.MEETING:
        return False
    if session.state != SessionState.CLOSED:
        return True
    details = session.items.exclude(result=None).values_list("result__detail__attendance", flat=True)
    return not any(details)


def _times(session: Session) -> tuple[dt.datetime | None, dt.datetime | None]:
    """As written down; else when the session was opened and closed in the records, if on its own day."""
    known = [session.started_at, session.ended_at]
    if None in known:
        acts = history_of(session).filter(verb__in=("session.open", "session.close")).order_by("at")
        times = {act.verb: timezone.localtime(act.at) for act in acts}
        for place, verb in enumerate(("session.open", "session.close")):
            at = times.get(verb)
            if known[place] is None and at is not None and at.date() == session.held_on:
                known[place] = at
    return tuple(timezone.localtime(at) if at else None for at in known)  # type: ignore[return-value]


def _who(session: Session, written: Seat | None, roll: Roll, *roles: SeatRole) -> str:
    """Who was written down; else who of these roles attended, the first role first.

    For a written opinion nobody attends: who has the seat. Nothing when that is nobody.
    """
    if written is not None:
        return str(written.user)
    if session.kind == SessionKind.WRITTEN:
        seats = session.council.seats.active().filter(role__in=roles).select_related("user").in_order()
        return next((str(seat.user) for seat in seats), "")
    attended = present(roll)
    for role in roles:
        if named := next((row["name"] for row in attended if row["role"] == role.label), ""):
            return str(named)
    return ""
