"""Indicators, targets, and what was reached."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from training.indicators import REGISTRY
from training.models import (
    Actual,
    Indicator,
    Plan,
    Target,
)
from training.queries import is_counted
from training.services.common import PLANS, allow, change, create, plain, refuse
from training.validators import actual_problems, target_problems


def indicator_named(*, name: str, unit_name: str) -> Indicator:
    """The catalogue's indicator of that name, made when it is not there: entered by hand."""
    found = Indicator.objects.filter(name__iexact=name.strip(), computed_by="").first()
    if found:
        return found
    number = Indicator.objects.count() + 1
    return Indicator.objects.create(code=f"nhap-tay-{number}", name=name, unit_name=unit_name)


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
    refuse(target_problems(plan, fields))
    fields.setdefault("position", plan.targets.count() + 1)
    return create(Target(plan=plan, **fields), by=by, verb="target.add", plan=plan.code)


@transaction.atomic
def update_target(*, target: Target, by: Any, **fields: Any) -> Target:
    """Change a line of the plan. Raises DomainError like `add_target`."""
    allow(by, PLANS, target.plan)
    refuse(target_problems(target.plan, fields, target.pk))
    return change(target, fields, by=by, verb="target.update")


@transaction.atomic
def remove_target(*, target: Target, by: Any) -> None:
    """Take a line with its parts out of the plan. Raises DomainError when a value was already entered."""
    allow(by, PLANS, target.plan)
    with_parts = Target.objects.filter(pk=target.pk) | Target.objects.filter(part_of=target)
    if Actual.objects.filter(target__in=with_parts).exists():
        raise DomainError("Chỉ tiêu đã có kết quả nhập tay nên không xóa được.")
    audit.record(by=by, verb="target.remove", obj=target, before={"plan": target.plan.code})
    target.delete()


@transaction.atomic
def record_actual(
    *, target: Target, as_of: date, source: str, by: Any, value: Decimal | None = None, text: str = ""
) -> Actual:
    """Enter what was reached, with its source and day.

    Raises DomainError for a value the system counts itself, out of bounds, or of a later day.
    """
    allow(by, PLANS, target.plan)
    if is_counted(target.plan, target):
        raise DomainError("Chỉ tiêu này hệ thống tự tính từ dữ liệu, không nhập tay.")
    fields = {"value": value, "text": text, "as_of": as_of, "source": source}
    refuse(actual_problems(target, fields))
    actual = Actual(target=target, entered_by=by, **fields)
    return create(actual, by=by, verb="target.record", **{name: plain(v) for name, v in fields.items()})
