"""Entities that may be one and the same: the list of pairs, telling them apart, merging them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from products import queries, services
from products.forms import MergeForm
from products.models import Entity
from products.queries import duplicates
from products.views.entities import number

PAIRS_A_PAGE = 20


class DuplicatesView(AllowedMixin, TemplateView):
    permission = "products.merge_entity"
    template_name = "products/entity_duplicates.html"

    def get_context_data(self, **kwargs):
        communes = queries.own_communes(self.request.user)
        pairs = duplicates.PossiblePairs(communes.values_list("pk", flat=True))
        page = Paginator(pairs, PAIRS_A_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, pairs=list(page.object_list), **kwargs)


class DistinctView(AllowedMixin, View):
    """Two entities are said not to be the same."""

    permission = "products.merge_entity"
    http_method_names = ["post"]

    def post(self, request, pk):
        entity = self.fetch(Entity.objects.all(), pk=pk)
        other = Entity.objects.visible_to(request.user).filter(pk=number(request.POST.get("voi"))).first()
        try:
            if other is None:
                raise DomainError("Hãy chọn chủ thể để so sánh.")
            services.tell_apart(entity, other, by=request.user)
            messages.success(request, f"Đã ghi: “{entity}” và “{other}” là hai chủ thể khác nhau.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("products:entity_duplicates")


class MergeView(ServiceForm):
    """`pk` stays, `?voi=` is merged into it; without `voi` the page asks which one it is."""

    permission = "products.merge_entity"
    form_class = MergeForm

    @cached_property
    def keep(self):
        return self.fetch(duplicates.for_comparison(Entity.objects.all()), pk=self.kwargs["pk"])

    @cached_property
    def drop(self):
        other = self.request.GET.get("voi")
        if not other:
            return None
        rows = duplicates.for_comparison(Entity.objects.visible_to(self.request.user))
        return get_object_or_404(rows, pk=number(other))

    def get_template_names(self):
        return ["products/entity_merge.html" if self.drop else "products/entity_merge_choose.html"]

    def get(self, request, *args, **kwargs):
        if self.keep.merged_into_id or (self.drop and self.drop.merged_into_id):
            messages.info(request, "Chủ thể này đã được gộp.")
            return redirect("products:entity", self.keep.pk)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "keep": self.keep, "drop": self.drop or self.keep}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(keep=self.keep, drop=self.drop, **kwargs)
        if self.drop:
            return context | {"moves": duplicates.what_moves(self.keep, self.drop)}
        text = self.request.GET.get("q", "").replace("\x00", "").strip()[:100]
        partners = duplicates.merge_partners(self.keep, self.request.user, text)
        return context | {"q": text, "partners": partners}

    def carry_out(self, form):
        if self.drop is None:
            raise DomainError("Hãy chọn chủ thể được gộp vào.")
        services.merge_entities(
            self.keep,
            self.drop,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            taken=form.taken(),
        )
        messages.success(self.request, f"Đã gộp “{self.drop}” vào “{self.keep}”.")
        return reverse("products:entity", args=[self.keep.pk])
