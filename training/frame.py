"""Navigation entries of plans and training, and tasks that are late."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import NavEntry, Todo, add_navigation, add_todos
from training import queries

READERS = (Role.COMMUNE_OFFICER, *Role.province_wide)
REMINDED = (Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)
LONGEST_TODO = 20

add_navigation(
    NavEntry(60, "Kế hoạch", "training:plans", "plan", READERS),
    NavEntry(65, "Tập huấn", "training:classes", "training", READERS, also=("/ke-hoach/danh-sach/",)),
)


@add_todos
def late_tasks(user: Any) -> Iterator[Todo]:
    """Tasks of live plans past their day: the officer records the result, leadership asks for it."""
    if not user.has_role(*REMINDED):
        return
    records = user.has_role(Role.PROVINCIAL_OFFICER)
    for task in queries.overdue_tasks(user, timezone.localdate())[:LONGEST_TODO]:
        page = f"{reverse('training:plan', args=[task.plan.code])}#nhiem-vu-{task.pk}"
        yield Todo(
            title="Nhiệm vụ quá hạn",
            subject=task.title,
            url=reverse("training:task_report", args=[task.pk]) if records else page,
            action_label="Báo kết quả" if records else "Xem nhiệm vụ",
            whose=f"Chủ trì: {task.lead_unit}",
            due=task.due_on,
            overdue=True,
        )
