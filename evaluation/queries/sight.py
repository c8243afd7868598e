"""Who sees which score when: the single place that answers it, for pages, lists, exports and notices.

Before a dossier's result is closed a sheet is its member's alone. Whether a member sees the others' sheets
then is the regulation's (`score_sight`), and only a seated member who is not recused on the dossier is ever
let see them: the office that closes the results, leadership and administrators never before closing. After
closing everybody reads the frozen result who may open it (`queries.results.readable_items`).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from accounts.enums import Role
from evaluation.enums import ItemState, ScoreSight, SeatRole, SheetState
from evaluation.models import AgendaItem, Recusal, Seat, Session, Sheet


@dataclass(frozen=True)
class Sight:
    """What a person sees of a dossier's sheets beside the own one.

    `scores`: the others' submitted sheets and any figure made of them; `submissions`: who has submitted;
    `discussion`: what was recorded of the discussion; `keeps_minutes`: everything said into the minutes.
    """

    closed: bool = False
    scores: bool = False
    submissions: bool = False
    discussion: bool = False
    keeps_minutes: bool = False
    recused: bool = False
    why_not: str = ""


CLOSED = Sight(closed=True, scores=True, submissions=True, discussion=True)
RECUSED = Sight(
    recused=True,
    why_not=(
        "Đồng chí không chấm hồ sơ này vì xung đột lợi ích; tình hình chấm chỉ xem được sau khi đóng kết quả."
    ),
)
AFTER_CLOSING = "Điểm của từng người chỉ hiện sau khi đóng kết quả."
AFTER_OWN = "Điểm của người khác hiện khi đồng chí đã nộp phiếu của mình."


def sight_of(user: Any, item: AgendaItem) -> Sight:
    """What the user sees of one dossier; at most three queries."""
    return sights(user, [item])[item.pk]


def sights(user: Any, items: Collection[AgendaItem]) -> dict[int, Sight]:
    """The same for several dossiers, by item; at most three queries however many."""
    seats = _own_seats(user, items)
    recused = _recused_items(seats, items)
    sheets = _own_sheets(seats, items)
    return {
        item.pk: _sight(user, item, seats.get(item.session.council_id), item.pk in recused, sheets[item.pk])
        for item in items
    }


def reads_calibration(user: Any, *, keeps: bool) -> bool:
    """Who keeps a session (`evaluation.keep_session`) and leadership read how the members scored in it."""
    return keeps or user.scope.has(Role.LEADERSHIP)


def _is_office(user: Any, session: Session) -> bool:
    return session.council.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


def _sight(user: Any, item: AgendaItem, seat: Seat | None, recused: bool, sheets: set[str]) -> Sight:
    if item.state in ItemState.with_result:
        return CLOSED
    if recused:
        return RECUSED
    keeps = _is_office(user, item.session) or (seat is not None and seat.role in SeatRole.keeps_minutes)
    scores, why_not = _sees_scores(item, seat, sheets)
    return Sight(
        scores=scores,
        submissions=keeps or scores,
        discussion=keeps or seat is not None,
        keeps_minutes=keeps,
        why_not=why_not,
    )


def _sees_scores(item: AgendaItem, seat: Seat | None, sheets: set[str]) -> tuple[bool, str]:
    """Whether the setting lets this seat see the others' sheets, and if not, from when on it will."""
    setting = item.session.regulation_in_use.score_sight
    if seat is None or setting == ScoreSight.AFTER_CLOSING:
        return False, AFTER_CLOSING
    if setting == ScoreSight.ALWAYS:
        return True, ""
    # While the member scores again the own sheet is not in; who has none to submit waits for the closing.
    if SheetState.SUBMITTED in sheets and SheetState.DRAFT not in sheets:
        return True, ""
    return False, AFTER_OWN if sheets else AFTER_CLOSING


def _own_seats(user: Any, items: Collection[AgendaItem]) -> dict[int, Seat]:
    """The user's seats of today by council."""
    if not user.scope.has(Role.COUNCIL_MEMBER):
        return {}
    councils = {item.session.council_id for item in items}
    return {seat.council_id: seat for seat in Seat.objects.active().filter(user=user, council__in=councils)}


def _recused_items(seats: dict[int, Seat], items: Collection[AgendaItem]) -> set[int]:
    if not seats:
        return set()
    recusals = Recusal.objects.in_force().filter(seat__in=seats.values(), item__in=items)
    return set(recusals.values_list("item_id", flat=True))


def _own_sheets(seats: dict[int, Seat], items: Collection[AgendaItem]) -> dict[int, set[str]]:
    """The states of the user's own sheets by item."""
    found: dict[int, set[str]] = defaultdict(set)
    if seats:
        rows = Sheet.objects.filter(seat__in=seats.values(), item__in=items)
        for item_id, state in rows.values_list("item_id", "state"):
            found[item_id].add(state)
    return found
