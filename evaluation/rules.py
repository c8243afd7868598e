"""Who may do what in the evaluation room. Whether the act is right now is the services' business."""

from typing import Any

import rules

from accounts.enums import Role
from accounts.rules import (
    holds,
    is_advisory_member,
    is_anybody_with_a_role,
    is_council_member,
    is_provincial_officer,
)
from evaluation.enums import SeatRole
from evaluation.models import AgendaItem, Council, Round, Session, Sheet, Submission
from products.models import Dossier
from products.rules import of_province

reads_councils = holds(Role.PROVINCIAL_OFFICER, Role.COUNCIL_MEMBER, Role.LEADERSHIP, Role.ADMINISTRATOR)
# Entity and commune read the announced result of their own dossiers; `readable_items` draws that line.
reads_results = reads_councils | holds(Role.ENTITY, Role.COMMUNE_OFFICER)


@rules.predicate
def is_own_sheet(user: Any, sheet: Sheet | None) -> bool:
    """The sheet is the member's own; without a sheet only the role is asked."""
    return sheet is None or sheet.seat.user_id == user.pk


@rules.predicate
def is_secretary_of_item(user: Any, obj: AgendaItem | Session | None) -> bool:
    """The user keeps the minutes of the item's (or session's) council, as its secretary or chair."""
    if obj is None:
        return True
    council = obj.session.council if isinstance(obj, AgendaItem) else obj.council
    return council.seats.filter(user=user, left_on=None, role__in=SeatRole.keeps_minutes).exists()


@rules.predicate
def is_of_own_province(user: Any, obj: Council | Session | AgendaItem | None) -> bool:
    """The council behind the object is one of the province whose office the user works in."""
    if obj is None:
        return True
    session = obj.session if isinstance(obj, AgendaItem) else obj
    council = session if isinstance(session, Council) else session.council
    return council.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


@rules.predicate
def is_round_of_own_province(user: Any, obj: Round | None) -> bool:
    return obj is None or obj.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


@rules.predicate
def is_dossier_of_own_province(user: Any, obj: Dossier | None) -> bool:
    return obj is None or obj.commune.parent_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


@rules.predicate
def is_submission_of_own_province(user: Any, obj: Submission | None) -> bool:
    return obj is None or obj.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


# A seat lets a person see another province's council, never run it.
runs_council = is_provincial_officer & is_of_own_province
keeps_minutes = runs_council | (is_council_member & is_secretary_of_item)

rules.add_perm("evaluation.view_criteria", is_anybody_with_a_role)
rules.add_perm("evaluation.view_council", reads_councils)
rules.add_perm("evaluation.manage_council", runs_council)
rules.add_perm("evaluation.view_round", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_round", is_provincial_officer & is_round_of_own_province)
rules.add_perm("evaluation.assign_advisory", is_provincial_officer & is_dossier_of_own_province)
rules.add_perm("evaluation.read_assigned", is_advisory_member)
rules.add_perm("evaluation.view_session", reads_councils)
rules.add_perm("evaluation.manage_session", runs_council)
# What the secretary does at the table: attendance, order, pauses, conflicts of interest.
rules.add_perm("evaluation.keep_session", keeps_minutes)
rules.add_perm("evaluation.declare_recusal", is_provincial_officer & is_of_own_province | is_council_member)
rules.add_perm("evaluation.score_sheet", is_council_member & is_own_sheet)
rules.add_perm("evaluation.record_conclusion", keeps_minutes)
rules.add_perm("evaluation.close_item", runs_council)
rules.add_perm("evaluation.decide_item", runs_council)
rules.add_perm("evaluation.view_evidence", is_council_member | is_advisory_member)
rules.add_perm("evaluation.view_result", reads_results)

# After the council: submissions, the file for the Ministry, the public catalogue.
rules.add_perm("evaluation.view_submission", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_submission", is_provincial_officer & is_submission_of_own_province)
rules.add_perm("evaluation.manage_package", runs_council)
rules.add_perm("evaluation.view_catalogue", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_catalogue", of_province)
