"""Plans kept as files."""

from pathlib import Path
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from training import plan_files
from training.enums import ActualState, ClassState
from training.models import Actual, BudgetLine, Indicator, LegalBasis, Plan, Target, Task, TrainingClass
from training.services.classes import give_usual_half_days
from training.services.common import refuse
from training.services.targets import sync_indicators
from training.validators import target_problems


@transaction.atomic
def load_plan_file(path: Path, *, by: Any) -> Plan:
    """Bring a plan file into the database; running it again changes nothing and adds nothing.

    Rows are recognised by their place in the file; rows people added and values they entered stay.
    Raises DomainError for a file that does not hold together or units that are not loaded.
    """
    data = plan_files.read(path)
    sync_indicators()
    unit = _unit_of(data.unit)
    plan, created = Plan.objects.get_or_create(code=data.plan["code"], defaults={**data.plan, "unit": unit})
    for position, basis in enumerate(data.legal_bases, 1):
        LegalBasis.objects.get_or_create(plan=plan, position=position, defaults=basis)
    by_key = _load_targets(plan, data.targets)
    for key, actuals in data.actuals.items():
        for actual in actuals:
            # What a published document says needs nobody's approval.
            known = {**actual, "state": ActualState.APPROVED}
            Actual.objects.get_or_create(target=by_key[key], as_of=actual["as_of"], defaults=known)
    for position, task in enumerate(data.tasks, 1):
        Task.objects.get_or_create(plan=plan, position=position, defaults=task)
    for position, money in enumerate(data.budget, 1):
        BudgetLine.objects.get_or_create(plan=plan, position=position, defaults=money)
    for training_class in data.classes:
        fields = {**training_class, "unit": unit}
        # What a reference plan tells of is over.
        fields["state"] = ClassState.FINISHED if plan.is_reference else ClassState.PLANNED
        kept, is_new = TrainingClass.objects.get_or_create(plan=plan, title=fields["title"], defaults=fields)
        if is_new:
            give_usual_half_days(kept)
    if created:
        audit.record(by=by, verb="plan.load", obj=plan, after={"file": path.name})
    return plan


def _unit_of(wanted: dict[str, Any]) -> AdminUnit:
    """The plan's province: a current one that is loaded, or a former one, made when missing."""
    if "valid_to" not in wanted:
        unit = AdminUnit.objects.provinces().current().filter(code=wanted["code"]).first()
        if unit is None:
            raise DomainError(f"Chưa nạp đơn vị hành chính của tỉnh mã {wanted['code']}.")
        return unit
    successor = AdminUnit.objects.provinces().current().filter(code=wanted.get("merged_into")).first()
    unit, _ = AdminUnit.objects.get_or_create(
        code=wanted["code"],
        level="province",
        valid_to=wanted["valid_to"],
        defaults={
            "name": wanted["name"],
            "kind": "tinh",
            "valid_from": wanted["valid_from"],
            "merged_into": successor,
        },
    )
    if successor and unit.merged_into_id is None:
        unit.merged_into = successor
        unit.save(update_fields=["merged_into"])
    return unit


def _load_targets(plan: Plan, targets: list[dict[str, Any]]) -> dict[str, Target]:
    by_key: dict[str, Target] = {}
    for position, fields in enumerate(targets, 1):
        fields = dict(fields)
        key, indicator = fields.pop("key"), _indicator_of(fields.pop("indicator"), plan)
        part_of = by_key.get(fields.pop("part_of", ""))
        values = {**fields, "indicator": indicator, "part_of": part_of}
        there = plan.targets.filter(position=position).values_list("pk", flat=True).first()
        refuse(target_problems(plan, values, there))
        target, _ = Target.objects.get_or_create(plan=plan, position=position, defaults=values)
        by_key[key] = target
    return by_key


def _indicator_of(wanted: dict[str, str], plan: Plan) -> Indicator:
    """A new one is the plan's province's own; of a plan everybody reads it is shared."""
    fields = {name: value for name, value in wanted.items() if name != "code"}
    if not fields:
        return Indicator.objects.get(code=wanted["code"])
    owner = None if plan.is_reference else plan.unit.province_id
    indicator, _ = Indicator.objects.get_or_create(code=wanted["code"], defaults={**fields, "unit_id": owner})
    return indicator
