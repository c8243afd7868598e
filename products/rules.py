"""Who may do what with entities, products and dossiers.

                     entity account   commune officer       provincial officer   leadership, administrator
view                 own              of its commune        of its province      of their province
entity add           -                of its commune        of its province      -
entity change        own              of its commune        of its province      -
entity merge         -                both of its commune   of its province      -
representative, read own              of its commune        of its province      -
  and change (sensitive data, every reading is logged; who read: own and administrator)
product add, change  own              of its commune        of its province      -
rename a recognised  -                -                     of its province      -
record a recognition -                -                     of its province      -
import a workbook    -                -                     of its province      -
dossier add          own              of its commune        -                    -
dossier change       own              entered by it         -                    -
submit               own              entered by it         -                    -
check (return, propose)  -            of its commune        -                    -
read checks of desks -                of its commune        of its province      -
read Mẫu 03          -                of its commune        of its province      of their province
accept (return, accept)  -            -                     of its province      -
decide (after scoring)   -            -                     of its province      -

Advisory and council members open none of these pages: they read the dossiers of their agenda in
`evaluation`. A commune officer reads the draft an entity is writing, but changes and files only what the
commune entered for an entity without an account: a draft is the entity's own word until it is filed.

Predicates given no object answer the role alone (403), with an object also the area. State is not asked
here: services do that.
"""

from typing import Any

import rules

from accounts.enums import Role
from accounts.models import Membership
from accounts.rules import holds, is_entity, is_provincial_officer
from products.models import Entity, Product


def _entity_id(obj: Any) -> int | None:
    if isinstance(obj, Entity):
        return obj.pk
    return obj.entity_id if isinstance(obj, Product) else obj.product.entity_id


@rules.predicate
def acts_for_entity(user, obj):
    """The user has an account of the entity the object belongs to."""
    return obj is None or user.entity_accounts.filter(entity_id=_entity_id(obj)).exists()


@rules.predicate
def entered_by_commune(user, obj):
    """The dossier was begun by an officer of its commune, on behalf of the entity."""
    return obj is None or (
        Membership.objects.filter(
            user_id=obj.created_by_id,
            role=Role.COMMUNE_OFFICER,
            unit__in=(obj.commune_id, obj.commune.parent_id),
        ).exists()
    )


def holder_for_area(role: str) -> rules.Predicate:
    """Holds the role in the commune of the object, or in the province above it."""

    @rules.predicate(name=f"{role}:area")
    def in_area(user, obj):
        if obj is None:
            return True
        return not user.scope.unit_ids(role).isdisjoint({obj.commune.pk, obj.commune.parent_id})

    return holds(role) & in_area


def of_its_dossier(permission: str) -> rules.Predicate:
    """A paper may be what its dossier may."""

    @rules.predicate(name=f"{permission}:of_its_dossier")
    def may(user, evidence):
        return user.has_perm(permission, evidence and evidence.version.dossier)

    return may


@rules.predicate
def imports_for_own_province(user, obj):
    """The import belongs to a province the user is an officer of."""
    return obj is None or obj.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


own = is_entity & acts_for_entity
of_commune = holder_for_area(Role.COMMUNE_OFFICER)
of_province = holder_for_area(Role.PROVINCIAL_OFFICER)
reads_area = holder_for_area(Role.LEADERSHIP) | holder_for_area(Role.ADMINISTRATOR)

may_read = own | of_commune | of_province | reads_area
may_keep_registry = own | of_commune | of_province
may_write_dossier = own | (of_commune & entered_by_commune)

rules.add_perm("products.view_entity", may_read)
rules.add_perm("products.add_entity", of_commune | of_province)
rules.add_perm("products.change_entity", may_keep_registry)

rules.add_perm("products.merge_entity", of_commune | of_province)
# Sensitive data of the representative (N356 Đ4): not for those who only read, and not for members.
rules.add_perm("products.view_representative", may_keep_registry)
rules.add_perm("products.change_representative", may_keep_registry)
# Who read them: for the person concerned, and for whoever watches over the system.
rules.add_perm("products.view_representative_log", own | holder_for_area(Role.ADMINISTRATOR))

rules.add_perm("products.view_product", may_read)
rules.add_perm("products.add_product", may_keep_registry)
rules.add_perm("products.change_product", may_keep_registry)
# Name and set of a product with a recognition in force: its certificate names them.
rules.add_perm("products.rename_recognised_product", of_province)
# Decisions of earlier years, their corrections and extensions (Đ12 k3): the OCOP office's word.
rules.add_perm("products.record_recognition", of_province)

rules.add_perm("products.view_dossier", may_read)
rules.add_perm("products.view_evidence", of_its_dossier("products.view_dossier"))
rules.add_perm("products.change_evidence", of_its_dossier("products.change_dossier"))
rules.add_perm("products.add_dossier", own | of_commune)
rules.add_perm("products.change_dossier", may_write_dossier)
rules.add_perm("products.submit_dossier", may_write_dossier)
rules.add_perm("products.withdraw_dossier", may_write_dossier)
rules.add_perm("products.check_dossier", of_commune)
# What the desks wrote: read by both desks; the commune's report (Mẫu 03) by leadership too.
rules.add_perm("products.view_desk_check", of_commune | of_province)
rules.add_perm("products.view_commune_report", of_commune | of_province | reads_area)
rules.add_perm("products.accept_dossier", of_province)
rules.add_perm("products.decide_dossier", of_province)
rules.add_perm("products.import_registry", is_provincial_officer & imports_for_own_province)
rules.add_perm("products.view_funnel", holds(Role.COMMUNE_OFFICER, *Role.province_wide))
