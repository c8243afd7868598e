"""Tasks: who owes what by when."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.exceptions import DomainError
from training.enums import TaskStatus
from training.models import (
    Plan,
    Task,
)
from training.services.common import PLANS, allow, change, create


@transaction.atomic
def add_task(*, plan: Plan, by: Any, **fields: Any) -> Task:
    """Assign a task under the plan. Raises DomainError for a deadline before the plan starts."""
    allow(by, PLANS, plan)
    _check_due(plan, fields.get("due_on"))
    fields.setdefault("position", plan.tasks.count() + 1)
    return create(Task(plan=plan, **fields), by=by, verb="task.add", plan=plan.code)


@transaction.atomic
def update_task(*, task: Task, by: Any, **fields: Any) -> Task:
    """Change who does what by when. Raises DomainError like `add_task`."""
    allow(by, PLANS, task.plan)
    _check_due(task.plan, fields.get("due_on"))
    return change(task, fields, by=by, verb="task.update")


def _check_due(plan: Plan, due_on: date | None) -> None:
    if due_on and due_on < plan.starts_on:
        raise DomainError(
            f"Hạn không được trước ngày bắt đầu kế hoạch ({plan.starts_on:%d/%m/%Y}).", field="due_on"
        )


@transaction.atomic
def report_task(*, task: Task, status: str, by: Any, result: str = "", done_on: date | None = None) -> Task:
    """Say how a task goes. A finished one needs its result and a day that is not in the future."""
    allow(by, PLANS, task.plan)
    if status == TaskStatus.DONE:
        if not result:
            raise DomainError("Ghi kết quả thực hiện.", field="result")
        if done_on is None or done_on > timezone.localdate():
            raise DomainError("Nhập ngày xong, không sau hôm nay.", field="done_on")
    else:
        done_on = None
    fields = {"status": status, "result": result, "done_on": done_on}
    return change(task, fields, by=by, verb="task.report")
