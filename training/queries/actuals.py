"""Values entered by hand: those that wait, and what a commune has to report itself."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.enums import Role
from core.text import sort_key
from training.enums import ActualState, PlanStatus
from training.models import Actual, Indicator, Plan, Target


def waiting_actuals(user: Any) -> QuerySet[Actual]:
    """Values that wait for the province's approval in the provincial officer's area, the oldest first."""
    own = user.scope.unit_q("target__plan__unit", Role.PROVINCIAL_OFFICER)
    return (
        Actual.objects.filter(own, state=ActualState.WAITING)
        .select_related("target__indicator", "target__unit", "target__plan__unit", "entered_by", "stored")
        .order_by("entered_at", "pk")
    )


def targets_to_report(user: Any) -> QuerySet[Target]:
    """Targets of live plans that the user's communes report themselves, each with its newest value."""
    communes = user.scope.unit_ids(Role.COMMUNE_OFFICER)
    newest = Actual.objects.filter(target=OuterRef("pk")).order_by("-as_of", "-pk")
    counted = Q(indicator__computed_by="")
    own = Q(unit__in=communes) | Q(plan__unit__in=communes)
    return (
        Target.objects.filter(own & counted, plan__status=PlanStatus.IN_FORCE, plan__is_reference=False)
        .select_related("indicator", "unit", "plan__unit")
        .annotate(
            newest_value=Subquery(newest.values("value")[:1]),
            newest_text=Subquery(newest.values("text")[:1]),
            newest_day=Subquery(newest.values("as_of")[:1]),
            newest_state=Subquery(newest.values("state")[:1]),
            newest_note=Subquery(newest.values("decision_note")[:1]),
        )
        .order_by("plan", "position", "pk")
    )


def catalogue(user: Any) -> list[Indicator]:
    """Shared indicators and those of the user's province, with how many targets of the plans the user reads
    rest on each: computed ones first, then in Vietnamese order.
    """
    read = Q(targets__plan__in=Plan.objects.visible_to(user).values("pk"))
    visible = Indicator.objects.filter(pk__in=Indicator.objects.visible_to(user).values("pk"))
    found = visible.select_related("unit").annotate(targets_count=Count("targets", filter=read))
    return sorted(found, key=lambda row: (not row.computed_by, sort_key(row.name)))
