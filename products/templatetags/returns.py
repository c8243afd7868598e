"""Why a dossier came back, beside the fields it is about."""

from typing import Any

from django import template

from products import completeness, queries
from products.models import Dossier

register = template.Library()


@register.inclusion_tag("products/return_notice.html")
def return_notice(dossier: Dossier, here: str = "") -> dict[str, Any]:
    """The reasons of a return until the dossier is filed again; nothing in any other state.

    `here`: slug of the step that is open: its own reasons in full, the other steps named. Without it all
    reasons in full. What concerns the entity's data is shown where the registration is written.
    """
    returned = queries.return_to_mend(dossier)
    if returned is None:
        return {"returned": None}
    mine = queries.sections_of_step(here) if here else set(completeness.SECTIONS_BY_SLUG)
    return {
        "dossier": dossier,
        "returned": returned,
        "here": returned.of(*mine),
        "elsewhere": [one for one in returned.sections if one.section.slug not in mine],
    }
