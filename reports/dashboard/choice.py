"""Which plan the page is about."""

from typing import Any

from training.enums import PlanLevel, PlanStatus
from training.models import Plan


def plans_of(user: Any) -> list[Plan]:
    """The plans the switch offers: live ones of the latest period first, then reference ones."""
    visible = Plan.objects.visible_to(user).select_related("unit")
    return sorted(visible, key=lambda plan: (plan.is_reference, -plan.starts_on.toordinal(), plan.code))


def default_plan(plans: list[Plan], user: Any) -> Plan | None:
    """The yearly plan in force of the user's own province; else the first there is."""
    own = user.scope.province_ids
    for plan in plans:
        in_force = plan.status == PlanStatus.IN_FORCE and plan.level == PlanLevel.YEAR
        if in_force and plan.unit_id in own and not plan.is_reference:
            return plan
    return plans[0] if plans else None
