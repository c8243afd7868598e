"""What waits for the office after recognition: revocations to decide, inspections, what is to be mended."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import Todo, add_todos
from evaluation.queries.inspections import inspections_waiting, open_revocations


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
def inspections_at_work(user) -> Iterable[Todo]:
    """Inspections planned, and what they asked to be mended, within two weeks or on a day that has passed."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    today = timezone.localdate()
    for row in inspections_waiting(user, today):
        mends = row.waits_for_mending
        yield Todo(
            title="Theo dõi khắc phục sau kiểm tra"
            if mends
            else f"Kiểm tra {row.get_kind_display().lower()}",
            subject=row.product.name,
            url=reverse("evaluation:inspection", args=[row.pk]),
            action_label="Xem và ghi" if mends else "Ghi kết quả",
            whose=f"{row.product.entity}, {row.product.commune}",
            badge="Yêu cầu khắc phục" if mends else "Kiểm tra",
            badge_kind="warning" if mends else "info",
            due=row.due_on,
            overdue=row.due_on < today,
        )
