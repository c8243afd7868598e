"""Who may ask for papers, review, issue and read them."""

from typing import Any

import rules

from accounts.enums import Role
from accounts.rules import (
    holds,
    is_administrator,
    is_commune_officer,
    is_entity,
    is_leadership,
    is_provincial_officer,
)
from core.models import AdminUnit
from reports.models import Paper


@rules.predicate
def is_paper_of_own_province(user: Any, paper: Paper | None) -> bool:
    """The paper is kept by the province whose office the user works in, or leads."""
    return paper is None or paper.unit_id in user.scope.unit_ids(Role.PROVINCIAL_OFFICER, Role.LEADERSHIP)


@rules.predicate
def is_own_province(user: Any, unit: AdminUnit | None) -> bool:
    """The unit is one the user works in or administers."""
    return unit is None or unit.pk in user.scope.unit_ids(Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR)


of_the_office = is_provincial_officer | is_leadership | is_administrator
rules.add_perm("reports.request_paper", is_provincial_officer)
rules.add_perm("reports.review_paper", (is_provincial_officer | is_leadership) & is_paper_of_own_province)
rules.add_perm("reports.issue_paper", is_provincial_officer & is_paper_of_own_province)
# Commune and entity read the issued papers of their own dossiers (`Paper.objects.visible_to`).
rules.add_perm("reports.view_paper", of_the_office | is_commune_officer | is_entity)
# What papers there are of a session, a dossier or a class, drafts too.
rules.add_perm("reports.view_office_papers", of_the_office)
rules.add_perm("reports.verify_paper", holds(*Role.values))
# Heads and feet of papers: of the own province, as the views and services take it from the scope.
rules.add_perm("reports.manage_letterhead", (is_provincial_officer | is_administrator) & is_own_province)
# Sections of the province's reports.
rules.add_perm("reports.manage_outline", (is_provincial_officer | is_administrator) & is_own_province)
rules.add_perm("reports.view_dashboard", of_the_office)
