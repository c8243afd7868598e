"""Inspections and revocations as lists, and what of them waits."""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.enums import Role
from evaluation.enums import InspectionState, RevocationState
from evaluation.models import Inspection, Revocation
from evaluation.validity import last_day_expression
from products.models import Product, Recognition

# A planned inspection and a day for mending are pointed at this early.
SOON = timedelta(days=14)


def inspections_for(user: Any) -> QuerySet[Inspection]:
    """The inspections a user may read, the latest planned first."""
    return Inspection.objects.visible_to(user).with_names()


def revocations_for(user: Any) -> QuerySet[Revocation]:
    """Open ones first, by their last day; then the latest decided."""
    undecided_first = F("decided_on").desc(nulls_first=True)
    return Revocation.objects.visible_to(user).with_names().order_by(undecided_first, "due_on", "pk")


def products_to_inspect(user: Any) -> QuerySet[Product]:
    """Recognised products of the officer's province with stars, last day and the latest inspection."""
    today = timezone.localdate()
    valid = Recognition.objects.valid_on(today).filter(product=OuterRef("pk"))
    done = Inspection.objects.filter(product=OuterRef("pk"), state=InspectionState.DONE).order_by()
    planned = Inspection.objects.filter(product=OuterRef("pk"), state=InspectionState.PLANNED)
    return (
        Product.objects.filter(user.scope.commune_q("commune", Role.PROVINCIAL_OFFICER))
        .filter(pk__in=Recognition.objects.valid_on(today).values("product"))
        .annotate(
            star=Subquery(valid.values("star")[:1], output_field=IntegerField()),
            valid_until=Subquery(valid.values_list(last_day_expression())[:1], output_field=DateField()),
            last_inspected=Subquery(
                done.values("product").annotate(last=Max("done_on")).values("last"), output_field=DateField()
            ),
            planned_on=Subquery(planned.values("planned_on")[:1], output_field=DateField()),
        )
        .with_names()
        .order_by("commune__sort_name", "sort_name", "pk")
    )


# --- what waits for the office ---


def open_revocations(user: Any) -> QuerySet[Revocation]:
    """Decisions still to be taken, the nearest last day first."""
    own = user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER)
    return Revocation.objects.filter(own, state=RevocationState.OPEN).with_names().order_by("due_on", "pk")


def inspections_waiting(user: Any, day: date) -> list[Inspection]:
    """Planned inspections, and what was to be mended, whose day is near or past; the earliest first."""
    soon, own = day + SOON, user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER)
    planned = Q(state=InspectionState.PLANNED, planned_on__lte=soon)
    to_mend = Q(pk__in=Inspection.objects.to_mend().filter(follow_up_due__lte=soon).order_by().values("pk"))
    rows = Inspection.objects.filter(own & (planned | to_mend)).with_names()
    return sorted(rows, key=lambda row: (row.due_on, row.pk))
