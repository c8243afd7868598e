"""Indicators of the catalogue, and targets of plans."""

from itertools import count
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import nfc
from training.indicators import REGISTRY
from training.models import (
    Actual,
    Figure,
    Indicator,
    Plan,
    Target,
)
from training.services.common import PLANS, allow, change, create, refuse, refuse_closed
from training.validators import target_problems

KEEP_INDICATOR = "training.change_indicator"


@transaction.atomic
def indicator_named(*, name: str, unit_name: str, unit: AdminUnit | None = None, by: Any) -> Indicator:
    """The indicator of that name, shared or the province's own; made for the province when there is none.

    `unit`: the province of the plan it is for, or a commune of it.

    What the system counts under that name is counted, never typed. Raises PermissionDenied for a new one by
    somebody who does not keep the catalogue.
    """
    owner = unit.province_id if unit else None
    found = (
        Indicator.objects.for_province(owner)
        .filter(name__iexact=nfc(name))
        .order_by("-computed_by", "pk")
        .first()
    )
    if found:
        return found
    codes = set(Indicator.objects.filter(code__startswith="nhap-tay-").values_list("code", flat=True))
    code = next(code for number in count(1) if (code := f"nhap-tay-{number}") not in codes)
    return create_indicator(by=by, unit_id=owner, code=code, name=name, unit_name=unit_name)


def sync_indicators() -> None:
    """Put every indicator the system can count into the catalogue; running it again changes nothing."""
    for computed in REGISTRY.values():
        Indicator.objects.update_or_create(
            code=computed.name.replace("_", "-"),
            defaults={
                "name": computed.label,
                "unit_name": computed.unit_name,
                "definition": computed.definition,
                "computed_by": computed.name,
            },
        )


@transaction.atomic
def add_target(*, plan: Plan, by: Any, **fields: Any) -> Target:
    """A new line of the plan. Raises DomainError naming the field that does not fit its kind."""
    allow(by, PLANS, plan)
    refuse_closed(plan)
    refuse(target_problems(plan, fields))
    fields.setdefault("position", plan.targets.count() + 1)
    return create(Target(plan=plan, **fields), by=by, verb="target.add", plan=plan.code)


@transaction.atomic
def update_target(*, target: Target, by: Any, **fields: Any) -> Target:
    """Change a line of the plan.

    Raises DomainError like `add_target`, and for turning a line that has values into another indicator's or
    unit's: they were entered and approved for what it said.
    """
    allow(by, PLANS, target.plan)
    refuse_closed(target.plan)
    refuse(target_problems(target.plan, fields, target.pk))
    turned = [
        name
        for name in ("indicator", "unit")
        if fields.get(name, getattr(target, name)) != getattr(target, name)
    ]
    if turned and target.actuals.exists():
        raise DomainError(
            "Dòng này đã có kết quả nhập tay nên không đổi sang chỉ tiêu, đơn vị khác: hãy thêm dòng mới.",
            field=turned[0],
        )
    return change(target, fields, by=by, verb="target.update")


@transaction.atomic
def remove_target(*, target: Target, by: Any) -> None:
    """Take a line with its parts out of the plan.

    Raises DomainError when a value was already entered or frozen, and when the plan is over.
    """
    allow(by, PLANS, target.plan)
    refuse_closed(target.plan)
    with_parts = Target.objects.filter(pk=target.pk) | Target.objects.filter(part_of=target)
    if Actual.objects.filter(target__in=with_parts).exists():
        raise DomainError("Chỉ tiêu đã có kết quả nhập tay nên không xóa được.")
    if Figure.objects.filter(target__in=with_parts).exists():
        raise DomainError("Chỉ tiêu đã có trong số liệu chốt nên không xóa được.")
    audit.record(by=by, verb="target.remove", obj=target, before={"plan": target.plan.code})
    target.delete()


@transaction.atomic
def create_indicator(*, by: Any, **fields: Any) -> Indicator:
    """A new indicator entered by hand: of the province in `unit`, or shared by all without one.

    Raises PermissionDenied for a shared one by anybody but the administrator, DomainError for a code already
    used.
    """
    made = Indicator(**fields)
    allow(by, KEEP_INDICATOR, made)
    return create(made, by=by, verb="indicator.create", code=fields["code"])


@transaction.atomic
def update_indicator(*, indicator: Indicator, by: Any, **fields: Any) -> Indicator:
    """Change an indicator entered by hand. Raises DomainError for one the system counts, PermissionDenied
    for one that is not the officer's province's own, or of those all share for anybody but the administrator.

    Its direction stays once targets rest on it: their kind of comparison was checked against it.
    """
    allow(by, KEEP_INDICATOR, indicator)
    if indicator.computed_by:
        raise DomainError("Chỉ tiêu hệ thống tự tính có cách tính cố định, không sửa được.")
    turned = fields.get("direction", indicator.direction) != indicator.direction
    if turned and indicator.targets.exists():
        raise DomainError("Chỉ tiêu đã được giao nên không đổi chiều tốt được.", field="direction")
    return change(indicator, fields, by=by, verb="indicator.update")
