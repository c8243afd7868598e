"""Entities: list, page, new, edit."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ModelServiceForm
from products import queries, services
from products.filters import EntityFilters
from products.forms import EntityForm
from products.models import Entity
from products.views import facts


class EntityListView(FilteredList):
    permission = "products.view_entity"
    template_name = "products/entities.html"
    filters = EntityFilters

    def rows(self):
        return queries.entities_for(self.request.user)


class EntityView(AllowedMixin, TemplateView):
    permission = "products.view_entity"
    template_name = "products/entity.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        entity = self.fetch(Entity.objects.select_related("commune"), pk=pk)
        return super().get_context_data(
            entity=entity,
            facts=facts.of_entity(entity),
            products=queries.with_star(entity.products.with_names()),
            may_change=user.has_perm("products.change_entity", entity),
            may_add_product=user.has_perm("products.add_product", entity),
            **kwargs,
        )


class EntityCreateView(ModelServiceForm):
    permission = "products.add_entity"
    template_name = "products/entity_form.html"
    form_class = EntityForm

    def carry_out(self, form):
        entity = services.create_entity(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm chủ thể {entity}.")
        return reverse("products:entity", args=[entity.pk])


class EntityEditView(ModelServiceForm):
    permission = "products.change_entity"
    template_name = "products/entity_form.html"
    form_class = EntityForm

    @cached_property
    def entity(self):
        return self.fetch(Entity.objects.select_related("commune"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        # The form cleans into a copy: the page and the service keep the stored row.
        copy = Entity(**{f.attname: getattr(self.entity, f.attname) for f in Entity._meta.concrete_fields})
        return {**super().get_form_kwargs(), "instance": copy}

    def get_context_data(self, **kwargs):
        return super().get_context_data(entity=self.entity, **kwargs)

    def carry_out(self, form):
        services.update_entity(self.entity, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu thông tin chủ thể.")
        return reverse("products:entity", args=[self.entity.pk])
