"""The dashboard as of a closed period: `?plan=CODE&chot=DAY`."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
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

    @cached_property
    def day(self):
        return day_of(self.request.GET.get("chot", "").replace("\x00", ""))

    @cached_property
    def plan(self):
        """The plan the address names (404 outside the own area), or the default one."""
        plans = dashboard.plans_of(self.request.user)
        code = self.request.GET.get("plan", "")
        named = next((plan for plan in plans if plan.code == code), None)
        found = named if code else dashboard.default_plan(plans, self.request.user)
        if found is None:
            raise Http404
        return found

    @cached_property
    def figure_set(self):
        found = queries.standing_on(self.plan, self.day) if self.day else None
        if found is not None:
            found.plan = self.plan
        return found

    def get(self, request, *args, **kwargs):
        if self.figure_set is None:
            known = f"Đến ngày {format_date(self.day)} chưa có kỳ nào được chốt và duyệt."
            messages.warning(request, known if self.day else "Ngày không đúng, hãy nhập như 14/09/2026.")
            return redirect(f"{reverse('reports:dashboard')}?{urlencode({'plan': self.plan.code})}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            board=frozen.frozen_board(self.figure_set),
            plan=self.plan,
            days=queries.frozen_days(self.plan),
            **kwargs,
        )
