"""To be written."""

from django.views import View


class DashboardView(View):
    pass
