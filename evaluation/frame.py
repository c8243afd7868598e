"""The room's lines in everybody's navigation, and what waits here for whom."""

from collections.abc import Iterable

from django.db.models import Count, F
from django.urls import reverse

from accounts.enums import Role
from accounts.registry import NavEntry, Todo, add_navigation, add_todos
from core.numbers import format_date
from evaluation.queries.councils import items_to_close, items_to_decide
from evaluation.queries.results import OUTCOMES, outcome_of
from evaluation.queries.sheets import waiting_sheets

COUNCIL_READERS = (Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER, Role.LEADERSHIP)


def _waiting_count(user) -> int:
    return waiting_sheets(user).count()


add_navigation(
    NavEntry(5, "Phiếu của tôi", "evaluation:sheets", "sheet", (Role.COUNCIL_MEMBER,), _waiting_count),
    NavEntry(40, "Phiên họp", "evaluation:sessions", "round", COUNCIL_READERS, also=("/danh-gia/ket-qua/",)),
    NavEntry(45, "Hội đồng", "evaluation:councils", "council", (Role.PROVINCIAL_OFFICER,)),
    NavEntry(50, "Bộ tiêu chí", "evaluation:criteria", "criteria", tuple(Role.values)),
)


@add_todos
def sheets_to_score(user) -> Iterable[Todo]:
    """One line a session: how many dossiers the member has still to score.

    No deadline: the session stays open until it is ended, whatever day the meeting was called for.
    """
    if not user.has_role(Role.COUNCIL_MEMBER):
        return
    sessions = (
        waiting_sheets(user)
        .values(
            name=F("item__session__name"),
            held_on=F("item__session__held_on"),
            council=F("item__session__council__name"),
            session=F("item__session_id"),
        )
        .annotate(count=Count("pk"))
        .order_by("held_on")
    )
    for row in sessions:
        yield Todo(
            title=f"Chấm điểm {row['count']} hồ sơ",
            subject=row["name"],
            url=reverse("evaluation:sheets"),
            action_label="Chấm điểm",
            whose=f"{row['council']}, họp ngày {format_date(row['held_on'])}",
            badge="Phiên đang mở",
            badge_kind="info",
        )


@add_todos
def results_to_close(user) -> Iterable[Todo]:
    """Items that have their quorum, and closed ones whose decision is not entered."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    for item in items_to_close(user):
        yield Todo(
            title="Đóng kết quả chấm",
            subject=str(item),
            url=reverse("evaluation:result", args=[item.pk]),
            action_label="Xem và đóng",
            whose=item.session.name,
            badge="Đủ túc số",
        )
    for item in items_to_decide(user):
        outcome = outcome_of(item) or OUTCOMES["recognise"]
        yield Todo(
            title=outcome.label,
            subject=str(item),
            url=reverse("evaluation:decide", args=[item.pk]),
            action_label="Ghi quyết định" if outcome.needs_paper else "Xem và ghi",
            whose=item.session.name,
            since=item.version.dossier.state_since,
        )
