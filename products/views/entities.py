"""Entities: list, page, new, edit, and the ones that look alike."""

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ModelServiceForm
from products import queries, services, tables
from products.filters import EntityFilters
from products.forms import EntityForm
from products.models import Entity
from products.validators import normal_tax_code
from products.views import facts


class EntityListView(FilteredList):
    permission = "products.view_entity"
    template_name = "products/entities.html"
    filters = EntityFilters
    columns = tables.ENTITIES
    title = "Chủ thể"
    workbook = "products:entities_workbook"

    def rows(self):
        return queries.entities_for(self.request.user)


class EntityView(AllowedMixin, TemplateView):
    permission = "products.view_entity"
    template_name = "products/entity.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        entity = self.fetch(Entity.objects.select_related("commune", "merged_into"), pk=pk)
        is_living = entity.merged_into is None
        manages = user.has_perm("products.add_entity", entity)
        may_change = is_living and user.has_perm("products.change_entity", entity)
        return super().get_context_data(
            entity=entity,
            facts=facts.of_entity(entity),
            years=entity.years.all(),
            products=queries.with_star(entity.products.with_names()),
            accounts=entity.accounts.select_related("user") if manages or may_change else None,
            manages_accounts=is_living and manages,
            may_change=may_change,
            may_add_product=is_living and user.has_perm("products.add_product", entity),
            may_merge=is_living and user.has_perm("products.merge_entity", entity),
            sees_representative=user.has_perm("products.view_representative", entity),
            sees_log=user.has_perm("products.view_representative_log", entity),
            **kwargs,
        )


class _EntityForm(ModelServiceForm):
    """What entering and editing share: the like names and the taken tax code stand on the form."""

    template_name = "products/entity_form.html"
    form_class = EntityForm
    entity: Entity | None = None

    def get_context_data(self, **kwargs):
        context = super().get_context_data(entity=self.entity, **kwargs)
        form = context["form"]
        if form.is_bound:
            data = form.cleaned_data if hasattr(form, "cleaned_data") else {}
            context["found"] = alike(
                self.request.user, data.get("name"), data.get("commune"), besides=self.entity
            )
            context["same_tax_code"] = self._same_tax_code(form)
        return context

    def _same_tax_code(self, form):
        """The entity of the user's area that has the tax code already."""
        # As it was sent, not cleaned: the form has refused it.
        code = normal_tax_code(form.data.get("tax_code", "").replace("\x00", ""))
        if not code or "tax_code" not in form.errors:
            return None
        others = Entity.objects.visible_to(self.request.user).exclude(pk=self.entity and self.entity.pk)
        return others.filter(tax_code=code).first()


class EntityCreateView(_EntityForm):
    permission = "products.add_entity"

    def carry_out(self, form):
        entity = services.create_entity(
            by=self.request.user,
            is_another=form.cleaned_data["is_another"],
            years=form.figures(),
            **form.columns(),
        )
        messages.success(self.request, f"Đã thêm chủ thể {entity}.")
        if self.request.GET.get("tiep") == "nhap-ho-so":
            # The officer is on the way to a dossier for an entity without an account.
            return f"{reverse('products:enter_dossier')}?chu-the={entity.pk}"
        return reverse("products:entity", args=[entity.pk])


class EntityEditView(_EntityForm):
    permission = "products.change_entity"

    @cached_property
    def entity(self):
        return self.fetch(Entity.objects.select_related("commune"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        # The form cleans into a copy: the page and the service keep the stored row.
        copy = Entity(**{f.attname: getattr(self.entity, f.attname) for f in Entity._meta.concrete_fields})
        return {**super().get_form_kwargs(), "instance": copy}

    def carry_out(self, form):
        services.update_entity(
            self.entity,
            by=self.request.user,
            is_another=form.cleaned_data["is_another"],
            years=form.figures(),
            **form.columns(),
        )
        messages.success(self.request, "Đã lưu thông tin chủ thể.")
        return reverse("products:entity", args=[self.entity.pk])


class EntityLookalikesView(AllowedMixin, TemplateView):
    """The corner of the form that lists entities with a like name, asked for while somebody types."""

    permission = "products.add_entity"
    template_name = "products/entity_lookalikes.html"

    def get_context_data(self, **kwargs):
        user, asked = self.request.user, self.request.GET
        commune = queries.communes_of(user).filter(pk=number(asked.get("commune"))).first()
        itself = Entity.objects.visible_to(user).filter(pk=number(asked.get("entity"))).first()
        name = asked.get("name", "").replace("\x00", "")[:300]
        unchanged = itself is not None and itself.name == name
        found = [] if unchanged else alike(user, name, commune, besides=itself)
        return super().get_context_data(found=found, **kwargs)


def number(text):
    """The id in an address, or 0, which is nobody's."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def alike(user, name, commune, *, besides=None):
    """Entities with a like name, for officers; `in_area` says whose page the user may open."""
    if not name or commune is None or not user.has_perm("products.merge_entity"):
        return []
    if besides is not None and besides.name == name and besides.commune_id == commune.pk:
        return []
    found = queries.lookalikes(name, commune, besides=besides)
    mine = set(
        Entity.objects.visible_to(user).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True)
    )
    for row in found:
        row.in_area = row.pk in mine
    return found
