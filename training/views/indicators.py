"""The list behind a computed number."""

from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE
from core.mergers import NOTHING_APART
from core.models import AdminUnit
from core.text import lower_first
from training import indicators, lists, queries
from training.models import Plan
from training.views.common import LONGEST_ID


class IndicatorListView(AllowedMixin, TemplateView):
    """`?plan=CODE` and optionally `to` (a day), `unit`, `rest=1` and filters of recognitions.

    `given=1`: as the plan gave it to the unit, without former communes it gave something by name.
    """

    permission = "training.view_plan"
    template_name = "training/indicator_list.html"

    def get_context_data(self, name, **kwargs):
        computed = indicators.REGISTRY.get(name)
        if computed is None:
            raise Http404
        # The database takes no NUL.
        query = {name: value.replace("\x00", "") for name, value in self.request.GET.items()}
        plan = self.fetch(Plan.objects.select_related("unit"), code=query.get("plan", ""))
        area = self._area(plan, query.get("unit", ""))
        period = queries.period_of(plan, _day(query.get("to", "")) or queries.default_as_of(plan))
        rest = bool(query.get("rest") and computed.population)
        apart = queries.apart_of(plan, name) if query.get(queries.AS_GIVEN) else NOTHING_APART
        besides, condition, words = apart.besides(area.pk), *lists.address_filters(computed, query)
        left_out = [lower_first(unit.name) for unit in apart.leaving(area.pk)]
        if left_out:
            words.append(f"không kể {', '.join(left_out)} (kế hoạch giao riêng)")
        rows = lists.rows_behind(name, area, period, rest=rest, besides=besides).filter(condition)
        seen = lists.seen_by(rows, self.request.user)
        page = Paginator(seen, PAGE_SIZE).get_page(query.get("page"))
        kind = lists.kind_of(computed)
        return super().get_context_data(
            computed=computed,
            plan=plan,
            area=area,
            period=period,
            rest=rest,
            filter_words=words,
            left_out=left_out,
            total=rows.count(),
            page=page,
            heads=kind.heads,
            lines=[replace(kind.line(row), heads=kind.heads) for row in page.object_list],
            **kwargs,
        )

    def _area(self, plan: Plan, unit: str) -> AdminUnit:
        """The plan's unit, or one below it named in the address."""
        if not unit:
            return plan.unit
        if not unit.isdecimal() or len(unit) > LONGEST_ID:
            raise Http404
        inside = AdminUnit.objects.filter(parent=plan.unit) | AdminUnit.objects.filter(pk=plan.unit_id)
        return get_object_or_404(inside, pk=int(unit))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
