"""Plans: list, page, new, edit, steps, copies, legal bases, money."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from accounts.pages import ModelServiceForm, ServiceForm
from core.exceptions import DomainError
from core.numbers import format_date
from training import queries, services
from training.forms import CommunePlanForm, LegalBasisForm, PlanForm
from training.forms_plans import BudgetLineForm, CopyForm, StepForm
from training.models import BudgetLine, LegalBasis, Plan
from training.views.common import FEW, LineOfPlan, OfPlan
from training.workflow import PLAN_STEPS, steps_from


class PlanListView(AllowedMixin, ListView):
    permission = "training.view_plan"
    template_name = "training/plans.html"
    context_object_name = "plans"

    def get_queryset(self):
        return queries.plans_for(self.request.user)

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            may_add=user.has_perm("training.create_plan"),
            may_approve=user.has_perm("training.add_plan"),
            **kwargs,
        )


class PlanView(OfPlan, TemplateView):
    """The plan as it stands; `?chot=DAY` leads to the figures frozen last before that day."""

    permission = "training.view_plan"
    template_name = "training/plan.html"

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("chot", "").replace("\x00", "")
        if asked:
            day = self.day_of(asked)
            frozen = queries.standing_on(self.plan, day) if day else None
            if frozen is not None:
                return redirect("training:figure_set", frozen.pk)
            known = f"Đến {format_date(day)} chưa có kỳ nào được chốt và duyệt."
            messages.warning(request, known if day else "Ngày không đúng, hãy nhập như 14/09/2026.")
        return super().get(request, *args, **kwargs)

    @staticmethod
    def day_of(text: str) -> date | None:
        """A day as people type it: 14/09/2026."""
        try:
            return forms.DateField().clean(text)
        except forms.ValidationError:
            return None

    def get_context_data(self, **kwargs):
        progress = queries.plan_progress(self.plan)
        may_change = self.request.user.has_perm("training.change_plan", self.plan)
        # What single communes were given has a page of its own, the grid, once there is much of it.
        single = [target for target in progress.targets if target.planned_for_one_unit]
        return super().get_context_data(
            progress=progress,
            shown_targets=[t for t in progress.targets if len(single) <= FEW or not t.planned_for_one_unit],
            hidden_targets=single if len(single) > FEW else (),
            has_grid=self.plan.unit.is_province and not self.plan.is_reference,
            budget=queries.budget_of(self.plan),
            versions=queries.versions_of(self.plan),
            children=Plan.objects.visible_to(self.request.user).filter(parent=self.plan),
            legal_bases=self.plan.legal_bases.all(),
            may_change=may_change,
            steps=steps_from(self.plan.status) if may_change and not self.plan.is_reference else (),
            **kwargs,
        )


class _PlanForm(ModelServiceForm):
    template_name = "training/plan_form.html"

    def get_form_class(self):
        """A commune's officer writes the commune's own plan: its level and area are given."""
        return PlanForm if self.request.user.has_perm("training.add_plan") else CommunePlanForm


class PlanCreateView(_PlanForm):
    permission = "training.create_plan"

    def carry_out(self, form):
        plan = services.create_plan(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm kế hoạch. Tiếp theo: thêm căn cứ, chỉ tiêu và nhiệm vụ.")
        return reverse("training:plan", args=[plan.code])


class PlanEditView(OfPlan, _PlanForm):
    permission = "training.change_plan"

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


class PlanStepView(OfPlan, ServiceForm):
    """One step of the plan's life (name in the address), with a reason where it goes back."""

    permission = "training.change_plan"
    template_name = "training/plan_step.html"
    form_class = StepForm

    def get_context_data(self, **kwargs):
        step = PLAN_STEPS.get(self.kwargs["name"])
        if step is None:
            raise Http404
        return super().get_context_data(step=step, **kwargs)

    def carry_out(self, form):
        name = self.kwargs["name"]
        if name not in PLAN_STEPS:
            raise Http404
        plan = services.perform_plan_step(
            plan=self.plan, name=name, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"Kế hoạch: {plan.get_status_display().lower()}.")
        return reverse("training:plan", args=[plan.code])


class PlanCopyView(OfPlan, ServiceForm):
    permission = "training.change_plan"
    template_name = "training/plan_copy.html"
    form_class = CopyForm

    def carry_out(self, form):
        copied = services.copy_plan(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(
            self.request,
            "Đã chép thành dự thảo. Số liệu là đề xuất: sửa chỉ tiêu, hạn và kinh phí rồi đưa vào thực hiện.",
        )
        for note in copied.notes:
            messages.warning(self.request, note)
        return reverse("training:plan", args=[copied.plan.code])


class _RemoveLine(LineOfPlan, View):
    """A row of a plan taken out; a refusal is said on the plan's page."""

    permission = "training.change_plan"
    http_method_names = ["post"]
    done = ""

    def remove(self):
        raise NotImplementedError

    def post(self, request, pk):
        try:
            self.remove()
            messages.success(request, self.done)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:plan", self.plan.code)


class BasisRemoveView(_RemoveLine):
    model = LegalBasis
    done = "Đã xóa căn cứ."

    def remove(self):
        services.remove_legal_basis(basis=self.line, by=self.request.user)


class BudgetRemoveView(_RemoveLine):
    model = BudgetLine
    done = "Đã xóa dòng kinh phí."

    def remove(self):
        services.remove_budget_line(line=self.line, by=self.request.user)


class BudgetCreateView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = BudgetLineForm
    extra_context = {"title": "Thêm kinh phí"}

    def carry_out(self, form):
        services.add_budget_line(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm dòng kinh phí.")
        return f"{reverse('training:plan', args=[self.plan.code])}#kinh-phi"


class BudgetEditView(LineOfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = BudgetLineForm
    model = BudgetLine
    extra_context = {"title": "Sửa kinh phí"}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": BudgetLine.objects.get(pk=self.line.pk)}

    def carry_out(self, form):
        services.update_budget_line(line=self.line, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu dòng kinh phí.")
        return f"{reverse('training:plan', args=[self.plan.code])}#kinh-phi"
