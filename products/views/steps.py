"""The list of steps beside every page of a dossier being written."""

from django.urls import reverse

from products import completeness, queries
from products.models import Dossier


def of_draft(dossier: Dossier, unfinished: set[str], *, here: str) -> list[dict]:
    """The guided form, the papers and the self-assessment; `here`: slug of the page that is open."""
    written = [
        (step.slug, step.label, reverse("products:dossier_edit", args=[dossier.pk, step.slug]))
        for step in completeness.STEPS
    ]
    others = [
        (completeness.EVIDENCE, "Minh chứng", reverse("products:evidence", args=[dossier.pk])),
        (
            completeness.SELF_ASSESSMENT,
            "Tự đánh giá",
            reverse("evaluation:self_assessment", args=[dossier.pk]),
        ),
    ]
    returned = queries.return_to_mend(dossier)
    asked = returned.slugs if returned else set()
    return [
        {
            "label": label,
            "url": url,
            "state": _state(slug, unfinished, here),
            "note": "Cần bổ sung" if asked & queries.sections_of_step(slug) else "",
        }
        for slug, label, url in [*written, *others]
    ]


def first_page(dossier: Dossier) -> str:
    """Where writing goes on: the first part a desk asked to mend, or the first step."""
    pages = of_draft(dossier, set(), here="")
    return next((page["url"] for page in pages if page["note"]), pages[0]["url"])


def _state(slug: str, unfinished: set[str], here: str) -> str:
    if slug == here:
        return "current"
    return "todo" if slug in unfinished else "done"
