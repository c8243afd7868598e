"""The dashboard as of a closed period: `?plan=CODE&chot=DAY`."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from core.days import day_of
from core.numbers import format_date
from reports import dashboard, frozen
from training import queries


class FrozenDashboardView(AllowedMixin, TemplateView):
    """The figures closed and approved last on or before the day; without any, today's, and it says so."""

    permission = "reports.view_dashboard"
    template_name = "reports/dashboard_frozen.html"

    def get(self, request, *args, **kwargs):
        plan, day = self._plan(), day_of(request.GET["chot"].replace("\x00", ""))
        figure_set = queries.standing_on(plan, day) if day else None
        if figure_set is None:
            known = f"Đến ngày {format_date(day)} chưa có kỳ nào được chốt và duyệt."
            messages.warning(request, known if day else "Ngày không đúng, hãy nhập như 14/09/2026.")
            return redirect(f"{reverse('reports:dashboard')}?{urlencode({'plan': plan.code})}")
        figure_set.plan = plan
        board = frozen.frozen_board(figure_set)
        days = queries.frozen_days(plan)
        return self.render_to_response(self.get_context_data(board=board, plan=plan, days=days))

    def _plan(self):
        """The plan the address names (404 outside the own area), or the default one."""
        plans = dashboard.plans_of(self.request.user)
        code = self.request.GET.get("plan", "")
        named = next((plan for plan in plans if plan.code == code), None)
        found = named if code else dashboard.default_plan(plans, self.request.user)
        if found is None:
            raise Http404
        return found
