"""Tasks: what each unit owes, the page of one, new, edit, report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.pages import PAGE_SIZE, ModelServiceForm
from training import queries, services
from training.forms import TaskForm, TaskReportForm
from training.models import Task
from training.queries.tasks import conclusion_words
from training.views.common import LineOfPlan, OfPlan, send_file


class TaskListView(AllowedMixin, TemplateView):
    """Tasks of live plans: of the own commune, or of the whole province by lead unit."""

    permission = "training.view_plan"
    template_name = "training/tasks.html"

    def get_context_data(self, **kwargs):
        tasks = list(queries.tasks_for(self.request.user))
        today = timezone.localdate()
        units = queries.tasks_by_unit(tasks, today)
        query = self.request.GET
        unit, late, plan = query.get("lead", ""), bool(query.get("overdue")), query.get("plan", "")
        for task in tasks:
            task.late = task.is_late(today)
        shown = [
            task
            for task in tasks
            if unit in ("", task.lead_unit) and plan in ("", task.plan.code) and (task.late or not late)
        ]
        own = self.request.user.has_role(Role.COMMUNE_OFFICER)
        return super().get_context_data(
            page=Paginator(shown, PAGE_SIZE).get_page(self.request.GET.get("page")),
            units=units,
            chosen=unit,
            only_late=late,
            late_count=sum(row.overdue for row in units),
            targets=queries.targets_to_report(self.request.user) if own else (),
            of_commune=own,
            **kwargs,
        )


class TaskView(LineOfPlan, TemplateView):
    permission = "training.view_plan"
    template_name = "training/task.html"
    model = Task

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            notes=self.line.notes.select_related("written_by"),
            supporting=self.line.supporting_admin_units.all(),
            conclusion=conclusion_words(self.line),
            late=not self.plan.is_reference and self.line.is_late(timezone.localdate()),
            may_change=self.request.user.has_perm("training.change_plan", self.plan),
            may_report=self.request.user.has_perm("training.report_task", self.line),
            **kwargs,
        )


class TaskPaperView(LineOfPlan, View):
    """The report of a task as it was uploaded."""

    permission = "training.view_plan"
    model = Task

    def get(self, request, pk):
        return send_file(self.line.report, self.line.report_name)


class TaskCreateView(OfPlan, ModelServiceForm):
    permission = "training.change_plan"
    template_name = "training/line_form.html"
    form_class = TaskForm
    extra_context = {"title": "Thêm nhiệm vụ"}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.plan}

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

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.plan}

    def carry_out(self, form):
        services.update_task(task=self.line, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu nhiệm vụ.")
        return reverse("training:plan", args=[self.plan.code])


class TaskReportView(_ChangeTask):
    """How a task goes: by the province, or by the commune that leads it."""

    permission = "training.report_task"
    asked_of_line = True
    form_class = TaskReportForm
    extra_context = {"title": "Báo kết quả nhiệm vụ"}

    def carry_out(self, form):
        services.report_task(task=self.line, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã ghi kết quả nhiệm vụ.")
        return reverse("training:task", args=[self.line.pk])
