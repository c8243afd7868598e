"""The leadership dashboard: ?plan=CODE chooses the plan, ?target=PK the line that is drawn."""

from django.http import Http404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from reports import dashboard


class DashboardView(AllowedMixin, TemplateView):
    permission = "reports.view_dashboard"

    def get_template_names(self):
        return ["reports/dashboard.html"]

    def get_context_data(self, **kwargs):
        query = self.request.GET
        plans = dashboard.plans_of(self.request.user)
        plan = self._plan(plans, query.get("plan", ""))
        target = query.get("target", "")
        board = plan and dashboard.dashboard_of(
            plan, plans, burn_target_id=int(target) if target.isdecimal() and len(target) <= 18 else None
        )
        return super().get_context_data(board=board, **kwargs)

    def _plan(self, plans, code):
        """The plan the address names (404 outside the own area), or the default one."""
        if not code:
            return dashboard.default_plan(plans, self.request.user)
        for plan in plans:
            if plan.code == code:
                return plan
        raise Http404
