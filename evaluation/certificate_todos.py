"""What waits for the office after recognition: revocations to decide, inspections, what is to be mended."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import Todo, add_todos
from evaluation.queries.inspections import inspections_waiting, mending_waiting, open_revocations


@add_todos
def revocations_to_decide(user) -> Iterable[Todo]:
    """Each with its 15 days (Đ8)."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    for row in open_revocations(user):
        yield Todo(
            title="Quyết định thu hồi giấy chứng nhận",
            subject=row.recognition.product.name,
            url=reverse("evaluation:revocation", args=[row.pk]),
            action_label="Xem và ghi",
            whose=f"{row.recognition.product.entity}, kết luận {row.conclusion_number}",
            badge="Thu hồi",
            since=row.opened_at,
            due=row.due_on,
            overdue=row.is_overdue,
        )


@add_todos
def inspections_to_carry_out(user) -> Iterable[Todo]:
    """Planned for the next two weeks, or for a day that has passed."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    today = timezone.localdate()
    for row in inspections_waiting(user, today):
        yield Todo(
            title=f"Kiểm tra {row.get_kind_display().lower()}",
            subject=row.product.name,
            url=reverse("evaluation:inspection", args=[row.pk]),
            action_label="Ghi kết quả",
            whose=f"{row.product.entity}, {row.product.commune}",
            badge="Kiểm tra",
            badge_kind="info",
            due=row.planned_on,
            overdue=row.planned_on < today,
        )


@add_todos
def inspections_to_follow_up(user) -> Iterable[Todo]:
    """What an inspection asked to be mended by a day that is near or past."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    today = timezone.localdate()
    for row in mending_waiting(user, today):
        yield Todo(
            title="Theo dõi khắc phục sau kiểm tra",
            subject=row.product.name,
            url=reverse("evaluation:inspection", args=[row.pk]),
            action_label="Xem và ghi",
            whose=f"{row.product.entity}, {row.product.commune}",
            badge="Yêu cầu khắc phục",
            badge_kind="warning",
            due=row.follow_up_due,
            overdue=row.follow_up_due < today,
        )
