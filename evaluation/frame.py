"""The room's lines in everybody's navigation, and what waits here for whom."""

from collections.abc import Iterable

from django.db.models import Count, F
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import NavEntry, Todo, add_navigation, add_todos
from core.acts import add_acts
from core.numbers import format_date
from evaluation import certificate_todos  # noqa: F401  what waits after recognition registers itself
from evaluation.acts import ACTS
from evaluation.queries.advisory import waiting_for_advice
from evaluation.queries.councils import items_to_close, items_to_decide
from evaluation.queries.results import OUTCOMES, outcome_of
from evaluation.queries.rounds import rounds_closing
from evaluation.queries.sheets import waiting_sheets
from evaluation.queries.submissions import submitted_to_decide, waiting_results
from products.enums import DossierState
from products.queries import waiting_for

add_acts(ACTS)

COUNCIL_READERS = (Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER, Role.LEADERSHIP)


ROUND_READERS = (Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)


def _desk_count(user) -> int:
    return waiting_for(user).filter(state=DossierState.PROPOSED).count()


def _advice_count(user) -> int:
    return waiting_for_advice(user).count()


def _waiting_count(user) -> int:
    return waiting_sheets(user).count()


add_navigation(
    NavEntry(5, "Phiếu của tôi", "evaluation:sheets", "sheet", (Role.COUNCIL_MEMBER,), _waiting_count),
    NavEntry(6, "Hồ sơ được giao", "evaluation:assigned", "dossier", (Role.ADVISORY_MEMBER,), _advice_count),
    NavEntry(8, "Tiếp nhận", "evaluation:desk", "send", (Role.PROVINCIAL_OFFICER,), _desk_count),
    # After recognition: certificates, inspections, revocations.
    NavEntry(
        34,
        "Giấy chứng nhận",
        "evaluation:certificates",
        "certificate",
        (Role.ENTITY, Role.COMMUNE_OFFICER, *Role.province_wide),
        also=("/danh-gia/kiem-tra/", "/danh-gia/thu-hoi/", "/danh-gia/cong-nhan/"),
    ),
    NavEntry(38, "Đợt đánh giá", "evaluation:rounds", "calendar", ROUND_READERS),
    NavEntry(40, "Phiên họp", "evaluation:sessions", "round", COUNCIL_READERS, also=("/danh-gia/ket-qua/",)),
    NavEntry(
        42,
        "Tờ trình",
        "evaluation:submissions",
        "send",
        ROUND_READERS,
        also=("/danh-gia/trinh-bo/",),
    ),
    NavEntry(43, "Danh mục công khai", "evaluation:catalogue", "bookmark", ROUND_READERS),
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


@add_todos
def results_to_submit(user) -> Iterable[Todo]:
    """Results that can go into a submission together, and submissions whose decision is not entered."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    if (waiting := waiting_results(user)) > 1:
        yield Todo(
            title=f"Lập tờ trình cho {waiting} kết quả",
            subject="Trình Chủ tịch Ủy ban nhân dân tỉnh một lần",
            url=reverse("evaluation:submission_create"),
            action_label="Lập tờ trình",
            badge="Chờ trình",
        )
    for submission in submitted_to_decide(user):
        yield Todo(
            title="Ghi quyết định phê duyệt kết quả",
            subject=submission.title,
            url=reverse("evaluation:submission", args=[submission.pk]),
            action_label="Xem tờ trình",
            whose=f"Tờ trình {submission.number} ngày {format_date(submission.submitted_on)}",
            badge="Đã trình",
        )


@add_todos
def dossiers_to_advise_on(user) -> Iterable[Todo]:
    """An advisory member's dossiers that still wait for the council."""
    if not user.has_role(Role.ADVISORY_MEMBER):
        return
    today = timezone.localdate()
    for assignment in waiting_for_advice(user):
        yield Todo(
            title="Đọc hồ sơ, tham mưu cho Hội đồng",
            subject=assignment.dossier.product.name,
            url=reverse("evaluation:assigned_dossier", args=[assignment.dossier_id]),
            action_label="Xem hồ sơ",
            whose=f"{assignment.dossier.product.entity}, {assignment.dossier.commune}",
            badge="Được giao",
            badge_kind="info",
            since=assignment.assigned_at,
            due=assignment.due_on,
            overdue=assignment.due_on is not None and assignment.due_on < today,
        )


@add_todos
def rounds_that_close(user) -> Iterable[Todo]:
    """A round's last day for files, or for its results, is near."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    for closing in rounds_closing(user):
        left = closing.left
        yield Todo(
            title=f"Hoàn thành đợt, còn {left} hồ sơ chưa có kết quả" if left else "Sắp hết hạn nhận hồ sơ",
            subject=closing.round.name,
            url=reverse("evaluation:round", args=[closing.round.pk]),
            action_label="Xem đợt",
            badge="Đợt đánh giá",
            badge_kind="info",
            due=closing.due,
        )
