"""Plans: their head, what they rest on, and the steps of their life."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit
from core.exceptions import DomainError
from training.enums import PlanLevel, PlanStatus
from training.models import LegalBasis, Plan
from training.services.common import PLANS, allow, change, check_days_in_order, create
from training.workflow import PLAN_STEPS, TAKE_BACK, PlanStep

# What decides who keeps a plan (`training.rules`).
KEEPING = ("unit", "level", "is_reference")
# What a plan of each level may stand under.
ABOVE = {
    PlanLevel.MASTER: (),
    PlanLevel.PERIOD: (PlanLevel.MASTER,),
    PlanLevel.YEAR: (PlanLevel.MASTER, PlanLevel.PERIOD),
    PlanLevel.COMMUNE: (PlanLevel.PERIOD, PlanLevel.YEAR),
}


@transaction.atomic
def create_plan(*, by: Any, **fields: Any) -> Plan:
    """A new plan: of the province, or of a commune by its own officer, under the province's.

    Raises DomainError for a code in use, dates out of order, a parent that does not fit or is missing.
    """
    allow(by, PLANS, Plan(**{name: fields[name] for name in KEEPING if name in fields}))
    check_days_in_order(fields)
    _check_parent(Plan(**fields), by)
    return create(Plan(**fields), by=by, verb="plan.create", code=fields["code"])


@transaction.atomic
def update_plan(*, plan: Plan, by: Any, **fields: Any) -> Plan:
    """Change a plan's head; its status goes by `perform_plan_step`. Raises DomainError like `create_plan`."""
    allow(by, PLANS, plan, Plan(**{name: fields.get(name, getattr(plan, name)) for name in KEEPING}))
    check_days_in_order(fields)
    names = ("level", "unit", "starts_on", "ends_on", "parent")
    _check_parent(Plan(pk=plan.pk, **{name: fields.get(name, getattr(plan, name)) for name in names}), by)
    return change(plan, fields, by=by, verb="plan.update")


def _check_parent(plan: Plan, by: Any) -> None:
    above = plan.parent
    by_commune = by is not None and not by.has_perm("training.add_plan")
    if by_commune and (above is None or above.status == PlanStatus.DRAFT):
        raise DomainError("Chọn kế hoạch đang thực hiện của tỉnh mà kế hoạch xã thuộc về.", field="parent")
    if above is None:
        return
    if above.level not in ABOVE[PlanLevel(plan.level)]:
        raise DomainError(
            f"{PlanLevel(plan.level).label} không đặt dưới {above.get_level_display().lower()}.",
            field="parent",
        )
    if above.unit_id not in (plan.unit_id, plan.unit.parent_id):
        raise DomainError("Kế hoạch cấp trên phải của tỉnh mình.", field="parent")
    if plan.ends_on < above.starts_on or plan.starts_on > above.ends_on:
        raise DomainError("Thời gian của kế hoạch nằm ngoài kế hoạch cấp trên.", field="parent")


@transaction.atomic
def perform_plan_step(*, plan: Plan, name: str, by: Any, note: str = "") -> Plan:
    """Take a plan one step on (`training.workflow`).

    Raises DomainError when it stands elsewhere meanwhile, without the reason a step back needs, for a plan
    without targets and tasks, and for taking back one whose figures are frozen.
    """
    step = PLAN_STEPS[name]
    stored = Plan.objects.select_for_update().select_related("unit").get(pk=plan.pk)
    allow(by, PLANS, stored)
    _check_step(stored, step, note.strip())
    stored.status = step.target
    stored.save(update_fields=["status"])
    audit.record(
        by=by,
        verb=f"plan.{step.name}",
        obj=stored,
        before={"status": step.source},
        after={"status": step.target},
        reason=note.strip(),
    )
    return stored


def _check_step(plan: Plan, step: PlanStep, note: str) -> None:
    if plan.is_reference:
        raise DomainError("Tài liệu tham khảo chỉ để tra cứu, không đổi tình trạng.")
    if plan.status != step.source:
        raise DomainError(f"Kế hoạch đang ở tình trạng “{plan.get_status_display()}”, hãy mở lại trang.")
    if step.needs_note and not note:
        raise DomainError("Ghi lý do.", field="note")
    if step.target == PlanStatus.IN_FORCE and not (plan.targets.exists() or plan.tasks.exists()):
        raise DomainError("Kế hoạch chưa có chỉ tiêu hay nhiệm vụ nào: hãy thêm trước khi đưa vào thực hiện.")
    if step == TAKE_BACK and plan.figure_sets.exists():
        raise DomainError("Kế hoạch đã chốt số liệu nên không đưa về dự thảo được.")


@transaction.atomic
def add_legal_basis(*, plan: Plan, by: Any, **fields: Any) -> LegalBasis:
    """A document the plan rests on, put after the others."""
    allow(by, PLANS, plan)
    last = plan.legal_bases.aggregate(last=Max("position"))["last"] or 0
    basis = LegalBasis(plan=plan, position=last + 1, **fields)
    return create(basis, by=by, verb="plan.add_basis", plan=plan.code)


@transaction.atomic
def remove_legal_basis(*, basis: LegalBasis, by: Any) -> None:
    """Take a document out of the plan's bases."""
    allow(by, PLANS, basis.plan)
    audit.record(by=by, verb="plan.remove_basis", obj=basis, before={"plan": basis.plan.code})
    basis.delete()
