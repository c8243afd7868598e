"""Products: list, page, new (from an entity), edit."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ModelServiceForm
from products import queries, services, tables
from products.filters import ProductFilters
from products.forms import ProductForm
from products.models import Entity, Product
from products.views import facts


class ProductListView(FilteredList):
    permission = "products.view_product"
    template_name = "products/products.html"
    filters = ProductFilters
    columns = tables.PRODUCTS
    title = "Sản phẩm"
    workbook = "products:products_workbook"

    def rows(self):
        return queries.products_for(self.request.user)


class ProductView(AllowedMixin, TemplateView):
    permission = "products.view_product"
    template_name = "products/product.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        product = self.fetch(queries.with_star(Product.objects.with_names()), pk=pk)
        dossiers = list(product.dossiers.all())
        has_open = any(dossier.is_open for dossier in dossiers)
        return super().get_context_data(
            product=product,
            facts=facts.of_product(product),
            dossiers=dossiers,
            photos=list(product.photos.all()),
            recognitions=queries.recognition_rows(product, user),
            may_record=user.has_perm("products.record_recognition", product),
            window=queries.window_note_of_product(product),
            may_change=user.has_perm("products.change_product", product),
            may_begin=not has_open and user.has_perm("products.add_dossier", product),
            **kwargs,
        )


class ProductCreateView(ModelServiceForm):
    permission = "products.add_product"
    template_name = "products/product_form.html"
    form_class = ProductForm

    @cached_property
    def entity(self):
        return self.fetch(Entity.objects.select_related("commune"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "entity": self.entity}

    def get_context_data(self, **kwargs):
        return super().get_context_data(entity=self.entity, **kwargs)

    def carry_out(self, form):
        product = services.create_product(entity=self.entity, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm sản phẩm {product}.")
        return reverse("products:product", args=[product.pk])


class ProductEditView(ModelServiceForm):
    permission = "products.change_product"
    template_name = "products/product_form.html"
    form_class = ProductForm

    @cached_property
    def product(self):
        return self.fetch(Product.objects.with_names(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        # The form cleans into a copy: the page and the service keep the stored row.
        copy = Product(**{f.attname: getattr(self.product, f.attname) for f in Product._meta.concrete_fields})
        return {**super().get_form_kwargs(), "instance": copy, "entity": self.product.entity}

    def get_context_data(self, **kwargs):
        return super().get_context_data(product=self.product, entity=self.product.entity, **kwargs)

    def carry_out(self, form):
        services.update_product(self.product, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu thông tin sản phẩm.")
        return reverse("products:product", args=[self.product.pk])
