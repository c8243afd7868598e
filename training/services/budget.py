"""Budget lines of a plan."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from training.models import BudgetLine, Plan
from training.services.common import PLANS, allow, change, create, refuse_closed


@transaction.atomic
def add_budget_line(*, plan: Plan, by: Any, **fields: Any) -> BudgetLine:
    """Money for one purpose from one source. Raises DomainError for bad amounts, spending without a day."""
    allow(by, PLANS, plan)
    refuse_closed(plan)
    _check_spent(fields.get("spent"), fields.get("spent_on"))
    last = plan.budget_lines.aggregate(last=Max("position"))["last"] or 0
    return create(
        BudgetLine(plan=plan, position=last + 1, **fields), by=by, verb="budget.add", plan=plan.code
    )


@transaction.atomic
def update_budget_line(*, line: BudgetLine, by: Any, **fields: Any) -> BudgetLine:
    """Change a line, or say what was spent and up to which day. Raises DomainError like `add_budget_line`."""
    allow(by, PLANS, line.plan)
    _check_spent(fields.get("spent", line.spent), fields.get("spent_on", line.spent_on))
    return change(line, fields, by=by, verb="budget.update")


@transaction.atomic
def remove_budget_line(*, line: BudgetLine, by: Any) -> None:
    """Take a line out. Raises DomainError when money of it was spent."""
    allow(by, PLANS, line.plan)
    if line.spent:
        raise DomainError("Dòng kinh phí đã có số chi nên không xóa được.")
    audit.record(by=by, verb="budget.remove", obj=line, before={"plan": line.plan.code})
    line.delete()


def _check_spent(spent: Decimal | None, spent_on: date | None) -> None:
    if spent is not None and spent_on is None:
        raise DomainError("Ghi số đã chi tính đến ngày nào.", field="spent_on")
    if spent_on and spent_on > timezone.localdate():
        raise DomainError("Ngày tính số đã chi không được sau hôm nay.", field="spent_on")
