"""Navigation entries of plans and training, and tasks that are late."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import NavEntry, Todo, add_navigation, add_todos
from core.acts import add_acts
from training import queries
from training.acts import ACTS

add_acts(ACTS)

READERS = (Role.COMMUNE_OFFICER, *Role.province_wide)
REMINDED = (Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)
LONGEST_TODO = 20

add_navigation(
    NavEntry(60, "Kế hoạch", "training:plans", "plan", READERS),
    NavEntry(65, "Tập huấn", "training:classes", "training", READERS, also=("/ke-hoach/danh-sach/",)),
)


@add_todos
def figures_to_approve(user: Any) -> Iterator[Todo]:
    """Frozen figures that somebody else than who froze them approves."""
    if not user.has_role(*REMINDED):
        return
    for version in queries.figure_sets_to_approve(user)[:LONGEST_TODO]:
        yield Todo(
            title="Số liệu chờ duyệt",
            subject=f"{version}: {version.plan.title}",
            url=reverse("training:figure_set", args=[version.pk]),
            action_label="Xem và duyệt",
            whose=f"Người chốt: {version.frozen_by}",
            since=version.frozen_at,
        )


@add_todos
def values_to_approve(user: Any) -> Iterator[Todo]:
    """Values communes entered, waiting for the province."""
    if not user.has_role(Role.PROVINCIAL_OFFICER):
        return
    for actual in queries.waiting_actuals(user)[:LONGEST_TODO]:
        yield Todo(
            title="Kết quả chờ duyệt",
            subject=actual.target.indicator.name,
            url=reverse("training:actuals"),
            action_label="Xem và duyệt",
            whose=str(actual.target.unit or actual.target.plan.unit),
        )


@add_todos
def tasks_of_commune(user: Any) -> Iterator[Todo]:
    """Tasks a commune leads that are late or due within two weeks."""
    if not user.has_role(Role.COMMUNE_OFFICER):
        return
    today = timezone.localdate()
    for task in queries.tasks_due(user, today)[:LONGEST_TODO]:
        yield Todo(
            title="Nhiệm vụ được giao",
            subject=task.title,
            url=reverse("training:task_report", args=[task.pk]),
            action_label="Báo tiến độ",
            whose=task.plan.title,
            due=task.due_on,
            overdue=task.is_late(today),
        )


@add_todos
def late_tasks(user: Any) -> Iterator[Todo]:
    """Tasks of live plans past their day: the officer records the result, leadership asks for it."""
    if not user.has_role(*REMINDED):
        return
    records = user.has_role(Role.PROVINCIAL_OFFICER)
    for task in queries.overdue_tasks(user, timezone.localdate())[:LONGEST_TODO]:
        page = reverse("training:task", args=[task.pk])
        yield Todo(
            title="Nhiệm vụ quá hạn",
            subject=task.title,
            url=reverse("training:task_report", args=[task.pk]) if records else page,
            action_label="Báo kết quả" if records else "Xem nhiệm vụ",
            whose=f"Chủ trì: {task.lead_unit}",
            due=task.due_on,
            overdue=True,
        )
