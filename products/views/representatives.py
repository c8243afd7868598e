"""Sensitive data of a representative: shown as the answer to a button, never by an address alone."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views import View
from django.views.generic import ListView

from accounts.access import AllowedMixin
from accounts.pages import say_refusal
from core.exceptions import DomainError
from products import queries, services
from products.forms import RepresentativeForm
from products.models import Entity, RepresentativeProfile

TEMPLATE = "products/entity_representative.html"
LOG_PAGE = 50


class RepresentativeView(AllowedMixin, View):
    """POST: reading is an act that is written down, and opening an address writes nothing."""

    permission = "products.view_representative"
    http_method_names = ["post"]

    def post(self, request, pk):
        entity = self.fetch(Entity.objects.select_related("commune"), pk=pk)
        profile = services.view_representative(entity, by=request.user)
        may_change = entity.merged_into_id is None and request.user.has_perm(
            "products.change_representative", entity
        )
        form = RepresentativeForm(instance=profile, user=request.user) if may_change else None
        return render(request, TEMPLATE, {"entity": entity, "profile": profile, "form": form})


class RepresentativeEditView(AllowedMixin, View):
    permission = "products.change_representative"
    http_method_names = ["post"]

    def post(self, request, pk):
        entity = self.fetch(Entity.objects.select_related("commune"), pk=pk)
        # Cleaned into an empty row: what is stored is not read here.
        blank = RepresentativeProfile(entity=entity)
        form = RepresentativeForm(request.POST, instance=blank, user=request.user)
        try:
            if form.is_valid():
                services.update_representative(entity, by=request.user, **form.cleaned_data)
                messages.success(request, "Đã lưu dữ liệu của người đại diện.")
                return redirect("products:entity", pk)
        except DomainError as refusal:
            say_refusal(form, refusal)
        return render(request, TEMPLATE, {"entity": entity, "form": form})


class RepresentativeLogView(AllowedMixin, ListView):
    """Who read or changed the sensitive data, and when."""

    permission = "products.view_representative_log"
    template_name = "products/entity_representative_log.html"
    paginate_by = LOG_PAGE

    def get_queryset(self):
        self.entity = self.fetch(Entity.objects.all(), pk=self.kwargs["pk"])
        return queries.readings_of_representative(self.entity)

    def get_context_data(self, **kwargs):
        return super().get_context_data(entity=self.entity, **kwargs)
