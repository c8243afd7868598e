"""What the papers of a council session rest on: its closed results and who was there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.audit import history_of
from core.exceptions import DomainError
from evaluation.enums import AttendanceState, ItemState, SeatRole
from evaluation.models import AgendaItem, Session
from reports.enums import Issuer
from reports.letterhead import Letterhead, letterhead_of


@dataclass(frozen=True)
class Held:
    """A session whose results are all closed; `attendance` and `settings` as the latest result keeps them."""

    session: Session
    items: tuple[AgendaItem, ...]
    attendance: tuple[dict[str, Any], ...]
    settings: dict[str, Any]
    letterhead: Letterhead
    started: dt.datetime | None
    ended: dt.datetime | None

    @property
    def present(self) -> list[dict[str, Any]]:
        return [row for row in self.attendance if row["state"] in AttendanceState.attending]

    def name_of(self, *roles: SeatRole) -> str:
        """Who of these roles attended, the first role first; nothing when nobody did."""
        for role in roles:
            named = (row["name"] for row in self.present if row["role"] == role.label)
            if found := next(named, None):
                return found
        return ""


def held(session: Session) -> Held:
    """Everything of a session its papers say; raises DomainError while a result is still open.

    Scores are secret before closing (`evaluation.queries.sight`), so no paper shows some of them.
    """
    rows = session.items.select_related(
        "result", "version__dossier__product__entity", "version__dossier__product__product_set",
        "version__dossier__commune",
    ).order_by("position")  # fmt: skip
    items = tuple(rows)
    unfinished = sum(item.state in ItemState.unfinished for item in items)
    if unfinished or not items:
        raise DomainError(
            f"Phiên họp còn {unfinished} hồ sơ chưa đóng kết quả: hãy đóng hết kết quả rồi lập văn bản."
            if items
            else "Phiên họp chưa có hồ sơ nào nên chưa lập được văn bản."
        )
    started, ended = _times(session)
    # The roll may have been called, or called again, after the first results were closed.
    latest = max(items, key=lambda item: item.result.closed_at)
    return Held(
        session=session,
        items=items,
        attendance=tuple(latest.result.detail.get("attendance", ())),
        settings=latest.result.detail["settings"],
        letterhead=letterhead_of(session.council.unit, session.held_on, Issuer.COUNCIL),
        started=started,
        ended=ended,
    )


def _times(session: Session) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When the session was opened and closed in the records, each if that was on its own day."""
    acts = history_of(session).filter(verb__in=("session.open", "session.close")).order_by("at")
    times = {act.verb: timezone.localtime(act.at) for act in acts}
    return tuple(  # type: ignore[return-value]
        at if (at := times.get(verb)) and at.date() == session.held_on else None
        for verb in ("session.open", "session.close")
    )
