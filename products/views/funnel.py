"""Where the dossiers of an area stand, and for how long."""

from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from products.queries.funnel import AGES, funnel_for


class FunnelView(AllowedMixin, TemplateView):
    permission = "products.view_funnel"
    template_name = "products/funnel.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(funnel=funnel_for(self.request.user), ages=AGES, **kwargs)
