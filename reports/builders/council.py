"""What the papers of a council session rest on: its closed results and who was there."""

from dataclasses import dataclass
from typing import Any

from core.exceptions import DomainError
from evaluation.enums import ItemState
from evaluation.models import AgendaItem, Session
from evaluation.queries.course import Course, course_of, present, roll_of
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
    course: Course

    @property
    def present(self) -> list[dict[str, Any]]:
        return present(self.attendance)


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
    # The roll may have been called, or called again, after the first results were closed; where nobody called
    # it before the last one was, it may have been written down since.
    latest = max(items, key=lambda item: item.result.closed_at)
    roll = latest.result.detail.get("attendance") or roll_of(session)
    return Held(
        session=session,
        items=items,
        attendance=tuple(roll),
        settings=latest.result.detail["settings"],
        letterhead=letterhead_of(session.council.unit, session.held_on, Issuer.COUNCIL),
        course=course_of(session, roll),
    )
