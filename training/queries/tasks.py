"""Tasks: how they stand on a day, and those past their day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When

from accounts.enums import Role
from core.numbers import format_date
from training.enums import PlanLevel, PlanStatus, TaskStatus
from training.models import Plan, Task

SOON = timedelta(days=14)


@dataclass(frozen=True)
class TaskLine:
    """A task with how it stands on a day."""

    task_id: int
    title: str
    lead_unit: str
    supporting_units: str
    due_on: date | None
    status: TaskStatus
    status_text: str
    is_overdue: bool
    result: str
    done_on: date | None
    source: str
    notes: int = 0
    lead_unit_id: int | None = None
    report_name: str = ""
    conclusion: str = ""


def task_line(plan: Plan, task: Task, day: date) -> TaskLine:
    """The task as it stood on the day: what was done later was not done yet, and had no result."""
    later = task.done_on is not None and task.done_on > day
    status = TaskStatus.DOING if later else TaskStatus(task.status)
    overdue = (
        not plan.is_reference
        and task.due_on is not None
        and task.due_on < day
        and status in (TaskStatus.OPEN, TaskStatus.DOING)
    )
    words = "Chưa xong" if later else status.label
    if plan.is_reference and status == TaskStatus.OPEN:
        words = "Nguồn không ghi kết quả"
    return TaskLine(
        task_id=task.pk,
        title=task.title,
        lead_unit=task.lead_unit,
        supporting_units=task.supporting_units,
        due_on=task.due_on,
        status=status,
        status_text="Quá hạn" if overdue else str(words),
        is_overdue=overdue,
        result="" if later else task.result,
        done_on=None if later else task.done_on,
        source=task.source,
        notes=getattr(task, "notes_count", 0),
        lead_unit_id=task.lead_admin_unit_id,
        report_name="" if later else task.report_name,
        conclusion=conclusion_words(task),
    )


def conclusion_words(task: Task) -> str:
    """The conference conclusion a task comes from: "Kết luận … số 12/TB-UBND ngày 05/11/2026"."""
    number = f"số {task.conclusion_number}" if task.conclusion_number else ""
    day = f"ngày {format_date(task.conclusion_on)}" if task.conclusion_on else ""
    return " ".join(filter(None, (task.conclusion, number, day)))


def overdue_tasks(user: Any, day: date) -> QuerySet[Task]:
    """Tasks of the user's live plans whose day has passed, the oldest first.

    What a commune set itself in its own plan is its own business.
    """
    return (
        Task.objects.visible_to(user)
        .filter(plan__is_reference=False, plan__status="in_force")
        .exclude(plan__level=PlanLevel.COMMUNE)
        .overdue(day)
        .select_related("plan")
        .order_by(F("due_on").asc(), "pk")
    )


def tasks_for(user: Any) -> QuerySet[Task]:
    """Tasks of the live plans the user reads, unfinished and late ones first; of communes only their own:
    those they lead or support, and those of their own plan.

    Whoever works for the whole province sees all, with the lead unit to filter by.
    """
    tasks = Task.objects.visible_to(user).filter(plan__is_reference=False, plan__status=PlanStatus.IN_FORCE)
    if not user.has_role(*Role.province_wide):
        own = user.scope.unit_ids(Role.COMMUNE_OFFICER)
        tasks = tasks.filter(Q(pk__in=tasks.of_units(own).values("pk")) | Q(plan__unit__in=own))
    done = Case(When(status__in=TaskStatus.unfinished, then=0), default=1)
    return (
        Task.objects.filter(pk__in=tasks.values("pk"))
        .select_related("plan__unit", "lead_admin_unit")
        .annotate(notes_count=Count("notes"), is_over=done)
        .order_by("is_over", F("due_on").asc(nulls_last=True), "pk")
    )


@dataclass(frozen=True)
class UnitTasks:
    """A lead unit with how many tasks it has, and how many are late."""

    name: str
    tasks: int
    overdue: int


def tasks_by_unit(tasks: Iterable[Task], day: date) -> list[UnitTasks]:
    """Lead units, those with most late tasks first."""
    by_unit: dict[str, list[Task]] = {}
    for task in tasks:
        by_unit.setdefault(task.lead_unit, []).append(task)
    units = [
        UnitTasks(name, len(rows), sum(task.is_late(day) for task in rows)) for name, rows in by_unit.items()
    ]
    return sorted(units, key=lambda unit: (-unit.overdue, -unit.tasks))


def tasks_due(user: Any, day: date) -> QuerySet[Task]:
    """Unfinished tasks the user's communes lead, or set themselves, that are late or due within two weeks."""
    own = user.scope.unit_ids(Role.COMMUNE_OFFICER)
    return (
        Task.objects.visible_to(user)
        .filter(
            Q(lead_admin_unit__in=own) | Q(plan__unit__in=own),
            plan__is_reference=False,
            plan__status=PlanStatus.IN_FORCE,
            status__in=TaskStatus.unfinished,
            due_on__lte=day + SOON,
        )
        .select_related("plan")
        .order_by("due_on", "pk")
    )
