"""Targets of a plan: page with the values entered, new, edit, remove; recording a value."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from django.views.generic import TemplateView

from accounts.pages import ModelServiceForm
from core.exceptions import DomainError
from core.numbers import parse_number
from training import queries, services
from training.enums import ActualState
from training.forms import ActualForm, TargetForm
from training.models import Target
from training.views.common import LineOfPlan, OfPlan


class TargetView(LineOfPlan, TemplateView):
    permission = "training.view_plan"
    template_name = "training/target.html"
    model = Target

    def get_context_data(self, **kwargs):
        progress = queries.plan_progress(self.plan, with_classes=False)
        target = next(target for target in progress.targets if target.target_id == self.line.pk)
        reported = progress.reported.get(self.line.pk)
        return super().get_context_data(
            target=target,
            reported=reported,
            may_take_over=reported is not None and reported.is_news_to(target),
            actuals=self.line.actuals.select_related("entered_by", "decided_by"),
            months=queries.months_of(self.plan, self.line, progress.as_of),
            may_change=self.request.user.has_perm("training.change_plan", self.plan),
            may_record=self.request.user.has_perm("training.record_actual", self.line),
            **kwargs,
        )


class TargetCreateView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = TargetForm
    extra_context = {"title": "Thêm chỉ tiêu"}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.plan}

    def carry_out(self, form):
        services.add_target(plan=self.plan, by=self.request.user, **form.columns())
        messages.success(self.request, "Đã thêm chỉ tiêu.")
        return reverse("training:plan", args=[self.plan.code])


class TargetEditView(LineOfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = TargetForm
    model = Target
    extra_context = {"title": "Sửa chỉ tiêu"}

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "plan": self.plan,
            "instance": Target.objects.get(pk=self.line.pk),
        }

    def carry_out(self, form):
        services.update_target(target=self.line, by=self.request.user, **form.columns())
        messages.success(self.request, "Đã lưu chỉ tiêu.")
        return reverse("training:plan", args=[self.plan.code])


class TargetRemoveView(LineOfPlan, View):
    permission = "training.change_plan"
    http_method_names = ["post"]
    model = Target

    def post(self, request, pk):
        try:
            services.remove_target(target=self.line, by=request.user)
            messages.success(request, "Đã xóa chỉ tiêu khỏi kế hoạch.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:plan", self.plan.code)


class ActualCreateView(LineOfPlan, ModelServiceForm):
    """A value with its source, day and paper: by the province, or by the commune that owes the target."""

    permission = "training.record_actual"
    asked_of_line = True
    template_name = "training/line_form.html"
    form_class = ActualForm
    model = Target
    extra_context = {"title": "Nhập kết quả"}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "target": self.line}

    def carry_out(self, form):
        actual = services.record_actual(target=self.line, by=self.request.user, **form.cleaned_data)
        waits = actual.state == ActualState.WAITING
        messages.success(
            self.request, "Đã gửi kết quả, chờ tỉnh duyệt rồi mới tính." if waits else "Đã ghi kết quả."
        )
        return reverse("training:target", args=[self.line.pk])


class ReportedTakeView(LineOfPlan, View):
    """The sum of what the communes reported, taken as the province's value; the sum seen is sent along."""

    permission = "training.change_plan"
    http_method_names = ["post"]
    model = Target

    def post(self, request, pk):
        target = self.line
        try:
            total = parse_number(request.POST.get("total", ""))
            services.take_over_reported(target=target, total=total, by=request.user)
            messages.success(request, "Đã ghi tổng các xã đã báo làm kết quả của tỉnh.")
        except (ValueError, ArithmeticError):
            messages.error(request, "Không đọc được tổng đã xem: mở lại trang rồi lấy.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:target", pk)
