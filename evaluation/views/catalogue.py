"""The office's side of the public catalogue: what is shown, publishing, story and photos, taking off."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import ListView

from accounts.access import AllowedMixin
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from evaluation.forms.decisions import CatalogueForm, WithdrawForm
from evaluation.queries.catalogue import SHOWN, STATES, WITHDRAWN, first_story, office_products, state_of
from evaluation.services import catalogue as services
from evaluation.views.acts import whole_number
from products.models import Product


class CatalogueView(AllowedMixin, ListView):
    """Recognised products with where each stands; POST publishes the chosen ones, all or none."""

    permission = "evaluation.view_catalogue"
    template_name = "evaluation/catalogue.html"
    context_object_name = "products"
    paginate_by = 50

    @property
    def asked(self) -> dict[str, str]:
        state = self.request.GET.get("state", "")
        return {"state": state if state in STATES else "", "q": self.request.GET.get("q", "").strip()[:100]}

    def get_queryset(self):
        return office_products(self.request.user, **self.asked)

    def paginate_queryset(self, queryset, page_size):
        """A page number out of range shows the nearest page instead of an error."""
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get("page"))
        return page.paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(asked=self.asked, states=STATES, **kwargs)
        for product in context["products"]:
            product.shown_state = state_of(product)
            product.state_word, product.state_kind = STATES[product.shown_state]
            product.in_force_now = product.held_today[0] if product.held_today else None
        context["may_manage"] = self.request.user.has_perm("evaluation.manage_catalogue")
        return context

    def post(self, request):
        if not request.user.has_perm("evaluation.manage_catalogue"):
            raise PermissionDenied
        keys = [whole_number(text) for text in request.POST.getlist("products")]
        products = list(office_products(request.user).filter(pk__in=keys))
        try:
            count = services.publish(products=products, by=request.user)
            messages.success(request, f"Đã công khai {count} sản phẩm.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(request.get_full_path())


class ProductMixin(AllowedMixin):
    """Views on a product of the catalogue in the officer's province."""

    permission = "evaluation.manage_catalogue"
    request: Any
    kwargs: dict

    @cached_property
    def product(self) -> Product:
        product = get_object_or_404(office_products(self.request.user), pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, product):
            raise PermissionDenied
        return product


class CatalogueEntryView(ProductMixin, ServiceForm):
    """Story and photos of one product; the second button saves and publishes."""

    template_name = "evaluation/catalogue_entry.html"
    form_class = CatalogueForm

    @property
    def entry(self):
        return getattr(self.product, "catalogue_entry", None)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "photos": self.product.photos.all()}

    def get_initial(self):
        if self.entry is None:
            photos = list(self.product.photos.values_list("pk", flat=True))
            return {"story": first_story(self.product), "photos": photos}
        photos = list(self.entry.photos.values_list("pk", flat=True))
        return {"story": self.entry.story, "photos": photos}

    def get_context_data(self, **kwargs):
        state = state_of(self.product)
        context = super().get_context_data(product=self.product, entry=self.entry, state=state, **kwargs)
        chosen = {str(value) for value in context["form"]["photos"].value() or ()}
        photos = [(photo, str(photo.pk) in chosen) for photo in context["form"].photos.values()]
        word, kind = STATES[state]
        return {
            **context,
            "photos": photos,
            "state_word": word,
            "state_kind": kind,
            "is_shown": state == SHOWN,
        }

    def carry_out(self, form):
        services.change_entry(product=self.product, by=self.request.user, **form.cleaned_data)
        if "publish" in self.request.POST:
            services.publish(products=[self.product], by=self.request.user)
            messages.success(self.request, "Đã lưu và công khai sản phẩm.")
        else:
            messages.success(self.request, "Đã lưu câu chuyện và ảnh.")
        return reverse("evaluation:catalogue_entry", args=[self.product.pk])


class CatalogueWithdrawView(ProductMixin, ServiceForm):
    template_name = "evaluation/catalogue_withdraw.html"
    form_class = WithdrawForm

    def get_context_data(self, **kwargs):
        gone = state_of(self.product) == WITHDRAWN
        return super().get_context_data(product=self.product, gone=gone, **kwargs)

    def carry_out(self, form):
        services.withdraw(product=self.product, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã gỡ sản phẩm khỏi danh mục công khai.")
        return reverse("evaluation:catalogue")
