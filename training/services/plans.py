"""Plans: their head and what they rest on."""

from typing import Any

from django.db import transaction

from training.models import LegalBasis, Plan
from training.services.common import PLANS, allow, change, check_days_in_order, create


@transaction.atomic
def create_plan(*, by: Any, **fields: Any) -> Plan:
    """A new plan. Raises DomainError for a code already used or dates out of order."""
    allow(by, PLANS, Plan(unit=fields["unit"]))
    check_days_in_order(fields)
    return create(Plan(**fields), by=by, verb="plan.create", code=fields["code"])


@transaction.atomic
def update_plan(*, plan: Plan, by: Any, **fields: Any) -> Plan:
    """Change a plan's head. Raises DomainError like `create_plan`."""
    allow(by, PLANS, plan, Plan(unit=fields.get("unit", plan.unit)))
    check_days_in_order(fields)
    return change(plan, fields, by=by, verb="plan.update")


@transaction.atomic
def add_legal_basis(*, plan: Plan, by: Any, **fields: Any) -> LegalBasis:
    """A document the plan rests on, put after the others."""
    allow(by, PLANS, plan)
    basis = LegalBasis(plan=plan, position=plan.legal_bases.count() + 1, **fields)
    return create(basis, by=by, verb="plan.add_basis", plan=plan.code)
