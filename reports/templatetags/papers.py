"""Official papers on the pages of the rooms below."""

from typing import Any

from django import template

from reports.enums import PaperState
from reports.models import Paper

register = template.Library()


@register.simple_tag(takes_context=True)
def issued_paper(context: dict[str, Any], kind: str, **subject: Any) -> Paper | None:
    """The paper of a kind on a subject that is in force, if the user may read it; one query."""
    user = context["request"].user
    if not user.has_perm("reports.view_paper"):
        return None
    issued = Paper.objects.visible_to(user).filter(kind=kind, state=PaperState.ISSUED, **subject)
    in_force = issued.exclude(replaced_by__state=PaperState.ISSUED).defer("data")
    found: Paper | None = in_force.order_by("-issued_on", "-pk").first()
    return found
