"""The list behind a computed number."""

from dataclasses import replace
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE
from core.mergers import NOTHING_APART
from core.text import lower_first
from training import indicators, lists, queries
from training.asked import asked_of
from training.models import Plan
from training.views.common import inner_unit


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
        area = inner_unit(plan, query.get("unit", "")) or plan.unit
        period = queries.period_of(plan, _day(query.get("to", "")) or queries.default_as_of(plan))
        rest = bool(query.get("rest") and computed.population)
        asked = asked_of(computed, query)
        apart = queries.apart_of(plan, name) if query.get(queries.AS_GIVEN) else NOTHING_APART
        besides = apart.besides(area.pk)
        left_out = [lower_first(unit.name) for unit in apart.leaving(area.pk)]
        words = list(asked.words)
        if left_out:
            words.append(f"không kể {', '.join(left_out)} (kế hoạch giao riêng)")
        rows = lists.rows_behind(name, area, period, rest=rest, besides=besides).filter(asked.condition)
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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
