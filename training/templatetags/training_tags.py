"""Words and kinds of state of plans, for templates."""

from decimal import Decimal
from typing import Any

from django import template

from core.numbers import format_date, format_number
from training.enums import ClassState, PlanStatus, TargetStatus
from training.models import Plan
from training.queries import PlanProgress
from training.queries.reported import Reported

register = template.Library()

STATUS_KINDS = {
    TargetStatus.DONE: "good",
    TargetStatus.ON_TRACK: "info",
    TargetStatus.AT_RISK: "warning",
    TargetStatus.BEHIND: "danger",
    TargetStatus.OVERDUE: "danger",
    TargetStatus.NO_DATA: "neutral",
}


@register.filter
def status_kind(status: TargetStatus) -> str:
    """The badge kind (shape and colour) of a target's status."""
    return STATUS_KINDS[status]


@register.filter
def plan_badge(plan: Plan) -> str:
    return "Tham khảo" if plan.is_reference else str(PlanStatus(plan.status).label)


@register.filter
def plan_badge_kind(plan: Plan) -> str:
    return "good" if plan.status == PlanStatus.IN_FORCE and not plan.is_reference else "neutral"


@register.filter
def progress_line(progress: PlanProgress) -> str:
    """One line of context: unit, period, as of when, how much of the time has passed."""
    plan = progress.plan
    passed = format_number(progress.time_share * 100, 0)
    return (
        f"{plan.unit} · {format_date(plan.starts_on)} đến {format_date(plan.ends_on)} · "
        f"số liệu đến {format_date(progress.as_of)} · đã qua {passed} % thời gian"
    )


@register.filter
def reported_on(progress: PlanProgress | str, target_id: int) -> Reported | None:
    """What the communes reported on a figure of the province; nothing of frozen lines."""
    return progress.reported.get(target_id) if isinstance(progress, PlanProgress) else None


# --- classes ---

CLASS_KINDS = {
    ClassState.PLANNED: "neutral",
    ClassState.OPEN: "info",
    ClassState.RUNNING: "waiting",
    ClassState.FINISHED: "good",
    ClassState.CANCELLED: "danger",
}


@register.filter
def class_kind(state: str) -> str:
    """The badge kind of a class's state."""
    return CLASS_KINDS[ClassState(state)]


@register.filter
def entry(cells: dict[str, Any], key: str) -> Any:
    """The cell of a checked line under this key."""
    return cells.get(key)


@register.filter
def score_text(score: Decimal) -> str:
    """A score without needless zeros: 7,5."""
    return f"{score.normalize():f}".replace(".", ",")
