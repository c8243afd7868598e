"""Tasks of a plan: new, edit, report."""

from django.contrib import messages
from django.urls import reverse

from accounts.pages import ModelServiceForm
from training import services
from training.forms import TaskForm, TaskReportForm
from training.models import Task
from training.views.common import LineOfPlan, OfPlan


class TaskCreateView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = TaskForm
    extra_context = {"title": "Thêm nhiệm vụ"}

    def carry_out(self, form):
        services.add_task(plan=self.plan, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm nhiệm vụ.")
        return reverse("training:plan", args=[self.plan.code])


class _ChangeTask(LineOfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    model = Task

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Task.objects.get(pk=self.line.pk)}


class TaskEditView(_ChangeTask):
    form_class = TaskForm
    extra_context = {"title": "Sửa nhiệm vụ"}

    def carry_out(self, form):
        services.update_task(task=self.line, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu nhiệm vụ.")
        return reverse("training:plan", args=[self.plan.code])


class TaskReportView(_ChangeTask):
    form_class = TaskReportForm
    extra_context = {"title": "Báo kết quả nhiệm vụ"}

    def carry_out(self, form):
        services.report_task(task=self.line, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã ghi kết quả nhiệm vụ.")
        return reverse("training:plan", args=[self.plan.code])
