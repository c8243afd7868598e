"""The leadership dashboard; what the address may ask for stands in `reports.dashboard.choice`."""

from django.http import Http404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from reports import dashboard
from reports.views.frozen import FrozenDashboardView


class DashboardView(AllowedMixin, TemplateView):
    permission = "reports.view_dashboard"

    def get(self, request, *args, **kwargs):
        """`?chot=DAY` shows the figures of the period closed last by that day."""
        if request.GET.get("chot"):
            return FrozenDashboardView.as_view()(request, *args, **kwargs)
        return super().get(request, *args, **kwargs)

    def get_template_names(self):
        return ["reports/dashboard.html"]

    def get_context_data(self, **kwargs):
        # The database takes no NUL.
        query = {name: value.replace("\x00", "") for name, value in self.request.GET.items()}
        try:
            choice = dashboard.choose(self.request.user, query)
        except LookupError as error:
            raise Http404 from error
        board = dashboard.dashboard_of(choice) if choice else None
        return super().get_context_data(board=board, choice=choice, **kwargs)
