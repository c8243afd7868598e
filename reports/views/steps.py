"""The days behind a median of the dossiers' road."""

from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from accounts.pages import PAGE_SIZE
from products.enums import DossierState
from products.queries.steps import RE_RANKING
from reports.dashboard import days
from reports.views.screen import OfChoice


class StepStaysView(OfChoice, TemplateView):
    """Who waits at a step and how long; with `?qua=1` who has left it. Filters as on the dashboard."""

    template_name = "reports/step_stays.html"

    def get_context_data(self, step, **kwargs):
        choice = self.choice() if step in (*DossierState, RE_RANKING) else None
        if choice is None or choice.plan.is_reference:
            raise Http404
        found = days.days_behind(choice, step, waiting=not self.request.GET.get("qua"))
        seen = days.seen_by(found.stays, self.request.user)
        page = Paginator(seen, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            choice=choice,
            found=found,
            page=page,
            lines=days.lines_of(page.object_list),
            **kwargs,
        )
