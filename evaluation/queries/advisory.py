"""The advisory team: who may be asked, who was, and what a member is to read."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.text import sort_key
from evaluation.enums import ReviewState
from evaluation.models import AdvisoryAssignment
from products.enums import DossierState
from products.models import Dossier, DossierVersion


def advisers_of_province(unit: AdminUnit | None) -> list[User]:
    """Members of a province's advisory team today, in Vietnamese order."""
    holding = Membership.objects.on(timezone.localdate()).filter(role=Role.ADVISORY_MEMBER, unit=unit)
    people = User.objects.filter(is_active=True, pk__in=holding.values("user"))
    return sorted(people, key=lambda person: sort_key(person.full_name))


def advisers_to_ask(dossier: Dossier) -> list[User]:
    """Members who may be given the dossier: not given it yet, without an account of its entity."""
    given = set(dossier.advisory_assignments.values_list("member", flat=True))
    own = set(dossier.product.entity.accounts.values_list("user", flat=True))
    return [person for person in advisers_of_province(dossier.commune.parent) if person.pk not in given | own]


def assignments_of(dossier: Dossier) -> QuerySet[AdvisoryAssignment]:
    """Who was given the dossier, in the order of giving."""
    return dossier.advisory_assignments.select_related("member", "assigned_by", "review")


def assigned_to(user: Any) -> QuerySet[AdvisoryAssignment]:
    """What a member was given: still waiting for the council first, then by day."""
    return (
        AdvisoryAssignment.objects.given_to(user)
        .select_related(
            "dossier__product__entity",
            "dossier__product__product_set",
            "dossier__commune",
            "dossier__round_entry__round",
            "review",
        )
        .order_by("due_on", "assigned_at")
    )


def waiting_for_advice(user: Any) -> QuerySet[AdvisoryAssignment]:
    """Assignments of a member whose dossier still waits for the council, and whose review is not sent."""
    waiting = assigned_to(user).filter(dossier__state__in=DossierState.assessable)
    return waiting.exclude(review__state=ReviewState.SUBMITTED)


def filed_version(dossier: Dossier) -> DossierVersion | None:
    """The latest filed version: what the council assesses and an adviser reads."""
    filed = dossier.versions.exclude(submitted_at=None).select_related("submitted_by")
    version = filed.order_by("-number").first()
    if version:
        version.dossier = dossier
    return version
