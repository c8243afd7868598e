"""What people are reminded of: tasks whose day comes near or has passed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.enums import Role
from accounts.queries import looking_after
from core.enums import NoticeKind
from core.notices import Message
from core.numbers import format_date
from core.reminders import reminds
from training.enums import PlanLevel, PlanStatus, TaskStatus
from training.models import Task

# Days before the deadline; and how long after it a late task is still news.
AHEAD = (7, 1)
STILL_NEWS = 30


@reminds
def tasks_that_fall_due(day: dt.date) -> Iterator[Message]:
    """Seven days and one day before a deadline, and once after it: the units named, and the province."""
    tasks = list(_near(day))
    people = _people(tasks)
    for task in tasks:
        late = task.due_on < day
        left = (task.due_on - day).days
        # The smallest span that holds the day: 1 on the last two days, 7 before.
        span = "qua" if late else next(str(days) for days in reversed(AHEAD) if left <= days)
        words = f"Nhiệm vụ {'quá hạn' if late else 'đến hạn'} {format_date(task.due_on)}"
        yield Message(
            users=tuple({user.pk: user for unit in _units(task) for user in people.get(unit, ())}.values()),
            kind=NoticeKind.DEADLINE,
            title=f"{words}: {task.title}",
            body=f"Chủ trì: {task.lead_unit}. {task.plan.title}",
            url=task.get_absolute_url(),
            key=f"task:{task.pk}:{task.due_on}:{span}",
        )


def _near(day: dt.date) -> Iterable[Task]:
    return (
        Task.objects.filter(
            plan__is_reference=False,
            plan__status=PlanStatus.IN_FORCE,
            status__in=TaskStatus.unfinished,
            due_on__range=(day - dt.timedelta(days=STILL_NEWS), day + dt.timedelta(days=max(AHEAD))),
        )
        .select_related("plan__unit")
        .prefetch_related("supporting_admin_units")
    )


def _units(task: Task) -> list[tuple[str, int]]:
    """Role and unit of whom it concerns: the communes named, and who keeps the plan."""
    communes = [task.lead_admin_unit_id, *(unit.pk for unit in task.supporting_admin_units.all())]
    officers = [(Role.COMMUNE_OFFICER, unit) for unit in communes if unit]
    if task.plan.level == PlanLevel.COMMUNE:
        return [*officers, (Role.COMMUNE_OFFICER, task.plan.unit_id)]
    return [*officers, (Role.PROVINCIAL_OFFICER, task.plan.unit.parent_id or task.plan.unit_id)]


def _people(tasks: list[Task]) -> dict[tuple[str, int], tuple[Any, ...]]:
    wanted = {pair for task in tasks for pair in _units(task)}
    held = (
        looking_after({unit for _, unit in wanted})
        .filter(role__in={role for role, _ in wanted})
        .select_related("user")
    )
    people: dict[tuple[str, int], tuple[Any, ...]] = {}
    for membership in held:
        key = (membership.role, membership.looked_after)
        people[key] = (*people.get(key, ()), membership.user)
    return people
