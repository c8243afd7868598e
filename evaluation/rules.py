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
from products.models import Dossier, Recognition
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
def sits_on_council_of_item(user: Any, item: AgendaItem | None) -> bool:
    """The user has a seat on the item's council today."""
    return item is None or item.session.council.seats.filter(user=user, left_on=None).exists()


@rules.predicate
def is_not_recused(user: Any, item: AgendaItem | None) -> bool:
    """The user does not keep out of the item because of a conflict of interest."""
    return item is None or not item.recusals.in_force().filter(seat__user=user).exists()


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
def is_recognised_in_own_province(user: Any, obj: Any) -> bool:
    """The product behind a recognition, certificate, revocation or inspection is of the office's province."""
    if obj is None:
        return True
    province = getattr(obj, "unit_id", None)
    if province is None:
        product = obj.product if isinstance(obj, Recognition) else obj
        province = product.commune.parent_id
    return province in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


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
# Who does not score a dossier because of a conflict of interest concludes nothing on it either.
concludes = runs_council | (is_council_member & is_secretary_of_item & is_not_recused)
rules.add_perm("evaluation.record_conclusion", concludes)
rules.add_perm("evaluation.close_item", runs_council)
# Results: asking a member to score again is the chair's and the secretary's; dissent is a member's own too.
rules.add_perm("evaluation.request_rescoring", is_council_member & is_secretary_of_item & is_not_recused)
rules.add_perm("evaluation.record_dissent", keeps_minutes | (is_council_member & sits_on_council_of_item))
rules.add_perm("evaluation.decide_item", runs_council)
rules.add_perm("evaluation.view_evidence", is_council_member | is_advisory_member)
rules.add_perm("evaluation.view_result", reads_results)

# Certificates, inspections: whoever reads the product (an entity an inspection once it is carried out).
reads_products = holds(Role.ENTITY, Role.COMMUNE_OFFICER, *Role.province_wide)
keeps_register = is_provincial_officer & is_recognised_in_own_province
rules.add_perm("evaluation.view_certificate", reads_products)
rules.add_perm("evaluation.issue_certificate", keeps_register)
rules.add_perm("evaluation.view_revocation", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_revocation", keeps_register)
rules.add_perm("evaluation.view_inspection", reads_products)
rules.add_perm("evaluation.manage_inspection", keeps_register)
# After the council: submissions, the file for the Ministry, the public catalogue.
rules.add_perm("evaluation.view_submission", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_submission", is_provincial_officer & is_submission_of_own_province)
rules.add_perm("evaluation.manage_package", runs_council)
rules.add_perm("evaluation.view_catalogue", holds(*Role.province_wide))
rules.add_perm("evaluation.manage_catalogue", of_province)
