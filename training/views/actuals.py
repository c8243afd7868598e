"""Values entered by hand: those that wait for the province, deciding, their files; the catalogue."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.pages import PAGE_SIZE, ModelServiceForm
from core.exceptions import DomainError
from core.models import AdminUnit
from training import queries, services
from training.enums import PlanStatus
from training.forms_plans import IndicatorForm
from training.models import Actual, Indicator
from training.views.common import send_file


class ActualWaitingView(AllowedMixin, TemplateView):
    permission = "training.add_plan"
    template_name = "training/actuals.html"

    def get_context_data(self, **kwargs):
        waiting = queries.waiting_actuals(self.request.user)
        page = Paginator(waiting, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, **kwargs)


class OfActual(AllowedMixin):
    """A value in the address; the right is asked on its plan."""

    @cached_property
    def actual(self) -> Actual:
        found = Actual.objects.visible_to(self.request.user).select_related("target__plan__unit", "stored")
        actual = get_object_or_404(found, pk=self.kwargs["pk"])
        if not self.request.user.has_perm(self.permission, actual.target.plan):
            raise PermissionDenied
        return actual


class ActualDecideView(OfActual, View):
    permission = "training.change_plan"
    http_method_names = ["post"]

    def post(self, request, pk):
        approve = request.POST.get("decision") == "approve"
        note = request.POST.get("note", "").replace("\x00", "")
        try:
            decided = services.decide_actual(actual=self.actual, approve=approve, by=request.user, note=note)
            messages.success(request, f"{decided.target.indicator}: {decided.get_state_display().lower()}.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
            if refusal.field == "note":
                # The page says it beside the field that is missing.
                return redirect(f"{reverse('training:actuals')}?thieu={pk}#note-{pk}")
        return redirect("training:actuals")


class ActualPaperView(OfActual, View):
    """The file a value rests on, as it was uploaded."""

    permission = "training.view_plan"

    def get(self, request, pk):
        return send_file(self.actual.stored, self.actual.filename)


class CatalogueView(AllowedMixin, TemplateView):
    """Every indicator; a computed one opens the list it counts for the newest live plan."""

    permission = "training.view_plan"
    template_name = "training/catalogue.html"

    def get_context_data(self, **kwargs):
        live = queries.plans_for(self.request.user).filter(is_reference=False, status=PlanStatus.IN_FORCE)
        user = self.request.user
        indicators = queries.catalogue(user)
        keeps = {row.pk for row in indicators if user.has_perm("training.change_indicator", row)}
        return super().get_context_data(
            indicators=indicators,
            plan=live.first(),
            keeps=keeps,
            may_add=user.has_perm("training.change_indicator"),
            **kwargs,
        )


class IndicatorCreateView(ModelServiceForm):
    permission = "training.change_indicator"
    template_name = "training/indicator_form.html"
    form_class = IndicatorForm

    def get_context_data(self, **kwargs):
        return super().get_context_data(owner=self._owner(), **kwargs)

    def _owner(self) -> AdminUnit | None:
        """An officer adds for the own province, the administrator for all."""
        own = self.request.user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
        return AdminUnit.objects.filter(pk__in=own).order_by("pk").first()

    def carry_out(self, form):
        services.create_indicator(by=self.request.user, unit=self._owner(), **form.cleaned_data)
        messages.success(self.request, "Đã thêm chỉ tiêu vào danh mục.")
        return reverse("training:catalogue")


class IndicatorEditView(ModelServiceForm):
    permission = "training.change_indicator"
    template_name = "training/indicator_form.html"
    form_class = IndicatorForm

    @cached_property
    def indicator(self) -> Indicator:
        return self.fetch(Indicator.objects.all(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Indicator.objects.get(pk=self.indicator.pk)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(indicator=self.indicator, **kwargs)

    def carry_out(self, form):
        services.update_indicator(indicator=self.indicator, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu chỉ tiêu.")
        return reverse("training:catalogue")
