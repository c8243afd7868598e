"""Tasks: who owes what by when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import lower_first
from training.enums import PlanStatus, TaskStatus
from training.models import Plan, Task, TaskNote
from training.services.common import PLANS, allow, change, create, keep_file, refuse_closed

REPORT = "training.report_task"


@transaction.atomic
def add_task(*, plan: Plan, by: Any, supporting_admin_units: Iterable[AdminUnit] = (), **fields: Any) -> Task:
    """Assign a task under the plan, perhaps from a conference's conclusion.

    Raises DomainError for a deadline before the plan starts, a merged commune, and without a lead unit.
    """
    allow(by, PLANS, plan)
    refuse_closed(plan)
    _check(plan, fields, supporting_admin_units)
    last = plan.tasks.aggregate(last=Max("position"))["last"] or 0
    fields.setdefault("position", last + 1)
    task = create(Task(plan=plan, **_named(fields)), by=by, verb="task.add", plan=plan.code)
    task.supporting_admin_units.set(supporting_admin_units)
    return task


@transaction.atomic
def update_task(
    *, task: Task, by: Any, supporting_admin_units: Iterable[AdminUnit] | None = None, **fields: Any
) -> Task:
    """Change who does what by when. Raises DomainError like `add_task`."""
    allow(by, PLANS, task.plan)
    refuse_closed(task.plan)
    _check(task.plan, fields, supporting_admin_units or ())
    changed = change(task, _named(fields), by=by, verb="task.update")
    if supporting_admin_units is not None:
        changed.supporting_admin_units.set(supporting_admin_units)
    return changed


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """A commune that leads gives its name when no other words stand there."""
    leader = fields.get("lead_admin_unit")
    if not leader or fields.get("lead_unit"):
        return fields
    return {**fields, "lead_unit": f"UBND {lower_first(leader.name)}"}


def _check(plan: Plan, fields: dict[str, Any], supporting: Iterable[AdminUnit]) -> None:
    leader, due_on = fields.get("lead_admin_unit"), fields.get("due_on")
    if "lead_unit" in fields and not fields["lead_unit"] and leader is None:
        raise DomainError("Ghi đơn vị chủ trì hoặc chọn xã, phường chủ trì.", field="lead_unit")
    if due_on and due_on < plan.starts_on:
        raise DomainError(
            f"Hạn không được trước ngày bắt đầu kế hoạch ({plan.starts_on:%d/%m/%Y}).", field="due_on"
        )
    for field, unit in (
        ("lead_admin_unit", leader),
        *(("supporting_admin_units", one) for one in supporting),
    ):
        if unit is None:
            continue
        if plan.unit_id not in (unit.pk, unit.parent_id):
            raise DomainError(f"{unit} không thuộc địa bàn của kế hoạch.", field=field)
        if unit.valid_to is not None:
            raise DomainError(
                f"{unit} đã sáp nhập từ {unit.valid_to:%d/%m/%Y}, hãy giao cho đơn vị mới.", field=field
            )


@transaction.atomic
def report_task(
    *,
    task: Task,
    status: str,
    by: Any,
    result: str = "",
    done_on: date | None = None,
    note: str = "",
    file: Any = None,
) -> Task:
    """Say how a task goes: its lead commune or the province. `note` is written down and stays.

    A finished one needs its result and a day that is not in the future; `file` is its report. Raises
    DomainError for these, for a plan that is not in force, and for a task called off when a commune reports.
    """
    stored = Task.objects.select_for_update(of=("self",)).select_related("plan__unit", "lead_admin_unit")
    task = stored.get(pk=task.pk)
    allow(by, REPORT, task)
    keeps = by is None or by.has_perm(PLANS, task.plan)
    if not keeps:
        _check_commune(task, status)
    if status == TaskStatus.DONE:
        if not result:
            raise DomainError("Ghi kết quả thực hiện.", field="result")
        if done_on is None or done_on > timezone.localdate():
            raise DomainError("Nhập ngày xong, không sau hôm nay.", field="done_on")
    else:
        done_on = None
    fields: dict[str, Any] = {"status": status, "result": result, "done_on": done_on}
    if file is not None:
        fields["report"], fields["report_name"] = keep_file(file)
    if note.strip():
        TaskNote.objects.create(task=task, text=note.strip(), written_by=by)
        audit.record(by=by, verb="task.note", obj=task, after={"text": note.strip()})
    return change(task, fields, by=by, verb="task.report")


def _check_commune(task: Task, status: str) -> None:
    if task.plan.status != PlanStatus.IN_FORCE:
        raise DomainError("Kế hoạch không ở tình trạng đang thực hiện nên chưa báo tiến độ được.")
    if task.status == TaskStatus.CANCELLED:
        raise DomainError("Nhiệm vụ đã thôi giao.")
    if status == TaskStatus.CANCELLED:
        raise DomainError("Thôi giao là việc của tỉnh.", field="status")
