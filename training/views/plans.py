"""Plans: list, page, new, edit, legal bases."""

from django.contrib import messages
from django.urls import reverse
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ModelServiceForm
from training import queries, services
from training.forms import LegalBasisForm, PlanForm
from training.models import Plan
from training.views.common import OfPlan


class PlanListView(AllowedMixin, ListView):
    permission = "training.view_plan"
    template_name = "training/plans.html"
    context_object_name = "plans"

    def get_queryset(self):
        return queries.plans_for(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=self.request.user.has_perm("training.add_plan"), **kwargs)


class PlanView(OfPlan, TemplateView):
    permission = "training.view_plan"
    template_name = "training/plan.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            progress=queries.plan_progress(self.plan),
            legal_bases=self.plan.legal_bases.all(),
            may_change=self.request.user.has_perm("training.change_plan", self.plan),
            **kwargs,
        )


class PlanCreateView(ModelServiceForm):
    permission = "training.add_plan"
    template_name = "training/plan_form.html"
    form_class = PlanForm

    def carry_out(self, form):
        plan = services.create_plan(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm kế hoạch. Tiếp theo: thêm căn cứ, chỉ tiêu và nhiệm vụ.")
        return reverse("training:plan", args=[plan.code])


class PlanEditView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/plan_form.html"
    form_class = PlanForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Plan.objects.get(pk=self.plan.pk)}

    def carry_out(self, form):
        plan = services.update_plan(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu kế hoạch.")
        return reverse("training:plan", args=[plan.code])


class BasisCreateView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = LegalBasisForm
    extra_context = {"title": "Thêm căn cứ"}

    def carry_out(self, form):
        services.add_legal_basis(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm căn cứ.")
        return reverse("training:plan", args=[self.plan.code])
