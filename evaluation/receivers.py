"""What evaluation adds to the dossier's road (events declared by `products`)."""

from typing import Any

from django.dispatch import receiver

from evaluation.queries import self_assessment as assessments
from evaluation.queries.certificates import links_of
from evaluation.services import self_assessment as services
from products import signals
from products.models import DossierVersion, Product
from products.queries.recognitions import Linked


@receiver(signals.collect_blockers)
def blockers_of_self_assessment(version: DossierVersion, **kwargs: Any) -> list[str]:
    """A version is filed only with every leaf answered."""
    return assessments.blockers_of(version)


@receiver(signals.collect_snapshot)
def snapshot_of_self_assessment(version: DossierVersion, **kwargs: Any) -> dict:
    """The choices are frozen in the version's snapshot."""
    return assessments.snapshot_of(version)


@receiver(signals.collect_evidence_uses)
def criteria_of_papers(version: DossierVersion, **kwargs: Any) -> dict[int, list[str]]:
    """Which criteria each paper proves."""
    return assessments.criteria_by_paper(version)


@receiver(signals.version_opened)
def carry_over_self_assessment(old: DossierVersion, new: DossierVersion, **kwargs: Any) -> None:
    """A returned dossier starts from what was chosen before."""
    services.copy_to(old=old, new=new)


@receiver(signals.collect_recognition_links)
def certificates_of_product(product: Product, user: Any, **kwargs: Any) -> dict[int, Linked]:
    """The page of a product leads to its certificates, with their state."""
    return links_of(product) if user.has_perm("evaluation.view_certificate") else {}
