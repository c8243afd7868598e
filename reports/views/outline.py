"""The sections of a province's progress reports."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.pages import ServiceForm
from reports.forms_outline import OutlineForm
from reports.outline import outline_of, own_provinces
from reports.services import outline


class OutlineView(ServiceForm):
    """Order, titles and choice of sections; another province is 404."""

    permission = outline.MANAGE
    form_class = OutlineForm
    template_name = "reports/outline.html"

    @cached_property
    def unit(self):
        return get_object_or_404(own_provinces(self.request.user), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"lines": outline_of(self.unit)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(unit=self.unit, **kwargs)

    def carry_out(self, form):
        outline.keep(unit=self.unit, lines=form.outline, by=self.request.user)
        messages.success(self.request, "Đã lưu bố cục; báo cáo lập từ nay theo bố cục này.")
        return reverse("reports:request")
