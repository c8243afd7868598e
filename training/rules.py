"""Who may read and change plans, targets, tasks and classes."""

import rules

from accounts.enums import Role
from accounts.rules import (
    is_administrator,
    is_commune_officer,
    is_leadership,
    is_provincial_officer,
)


@rules.predicate
def in_own_area(user, obj):
    """The object's unit is one the user serves in as provincial officer, or lies in it."""
    if obj is None:
        return True
    own = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    return obj.unit_id in own or obj.unit.parent_id in own


reads_plans = is_commune_officer | is_provincial_officer | is_leadership | is_administrator
keeps_plans = is_provincial_officer & in_own_area

rules.add_perm("training.view_plan", reads_plans)
rules.add_perm("training.add_plan", is_provincial_officer)
rules.add_perm("training.change_plan", keeps_plans)
rules.add_perm("training.view_trainingclass", reads_plans)
rules.add_perm("training.add_trainingclass", is_provincial_officer)
rules.add_perm("training.change_trainingclass", keeps_plans)
