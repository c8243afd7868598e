"""Who may read and change plans, targets, tasks and classes."""

import rules

from accounts.enums import Role
from accounts.rules import (
    is_administrator,
    is_commune_officer,
    is_leadership,
    is_provincial_officer,
)
from training.enums import PlanLevel


@rules.predicate
def in_own_area(user, obj):
    """The object's unit is one the user serves in as provincial officer, or lies in it."""
    if obj is None:
        return True
    own = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    return obj.unit_id in own or obj.unit.parent_id in own


@rules.predicate
def in_led_area(user, obj):
    """The same for leadership."""
    if obj is None:
        return True
    own = user.scope.unit_ids(Role.LEADERSHIP)
    return obj.unit_id in own or obj.unit.parent_id in own


@rules.predicate
def of_kept_plan(user, obj):
    """The target or task belongs to a plan of the officer's area."""
    return obj is None or in_own_area.test(user, obj.plan)


@rules.predicate
def leads_task(user, obj):
    """The task's lead unit is the officer's own commune."""
    return obj is None or obj.lead_admin_unit_id in user.scope.unit_ids(Role.COMMUNE_OFFICER)


@rules.predicate
def owes_target(user, obj):
    """The target is given to the officer's own commune, or stands in that commune's own plan."""
    if obj is None:
        return True
    own = user.scope.unit_ids(Role.COMMUNE_OFFICER)
    return obj.unit_id in own or obj.plan.unit_id in own


@rules.predicate
def own_commune_plan(user, obj):
    """The plan (or the task's plan) is one the officer's commune keeps itself."""
    if obj is None:
        return True
    plan = getattr(obj, "plan", obj)
    is_communes = plan.level == PlanLevel.COMMUNE and not plan.is_reference
    return is_communes and plan.unit_id in user.scope.unit_ids(Role.COMMUNE_OFFICER)


@rules.predicate
def keeps_indicator(user, obj):
    """A province's officers keep its own indicators; what all provinces share, the administrator."""
    if obj is None:
        return True
    if obj.unit_id is None:
        return is_administrator.test(user)
    return obj.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


reads_plans = is_commune_officer | is_provincial_officer | is_leadership | is_administrator
keeps_classes = is_provincial_officer & in_own_area
# A commune keeps its own yearly plan under the province's; nobody has to approve it.
keeps_plans = keeps_classes | is_commune_officer & own_commune_plan

rules.add_perm("training.view_plan", reads_plans)
rules.add_perm("training.add_plan", is_provincial_officer)
rules.add_perm("training.create_plan", is_provincial_officer | is_commune_officer)
rules.add_perm("training.change_plan", keeps_plans)
# Figures of a closed period: whoever froze them does not approve them (the service asks).
rules.add_perm("training.approve_figures", keeps_plans | is_leadership & in_led_area)
rules.add_perm(
    "training.report_task",
    is_provincial_officer & of_kept_plan | is_commune_officer & (leads_task | own_commune_plan),
)
rules.add_perm(
    "training.record_actual", is_provincial_officer & of_kept_plan | is_commune_officer & owes_target
)
rules.add_perm("training.change_indicator", (is_provincial_officer | is_administrator) & keeps_indicator)
rules.add_perm("training.view_trainingclass", reads_plans)
rules.add_perm("training.add_trainingclass", is_provincial_officer)
rules.add_perm("training.change_trainingclass", keeps_classes)
