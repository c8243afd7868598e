"""Papers that council and advisory members read: those of filed versions they were given."""

from typing import Any

from django.db.models import Q, QuerySet

from evaluation.models import AdvisoryAssignment, AgendaItem
from products.models import DossierVersion


def readable_versions(user: Any) -> QuerySet[DossierVersion]:
    """Filed versions on the agenda of the user's councils, and those of dossiers to advise on."""
    on_agenda = AgendaItem.objects.visible_to(user).values("version")
    given = AdvisoryAssignment.objects.given_to(user).values("dossier")
    filed = DossierVersion.objects.exclude(submitted_at=None)
    return filed.filter(Q(pk__in=on_agenda) | Q(dossier__in=given)).select_related(
        "dossier__product__entity", "dossier__product__product_set", "dossier__commune"
    )


def readable(papers: QuerySet, user: Any) -> QuerySet:
    """Those of the papers that belong to a version the user reads."""
    return papers.filter(version__in=readable_versions(user).values("pk"))
