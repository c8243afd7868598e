"""The leadership dashboard; what the address may ask for stands in `reports.dashboard.choice`."""

from django.http import Http404
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from reports import dashboard


class DashboardView(AllowedMixin, TemplateView):
    permission = "reports.view_dashboard"

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
