"""Training classes: list, page, new, edit, their states, half-days, materials, invitations."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ListWorkbook, ModelServiceForm, ServiceForm
from core.exceptions import DomainError
from training import services, tables
from training.class_workflow import STEPS, steps_from
from training.enums import ClassState
from training.filters import ClassFilters
from training.forms_classes import ClassForm, HalfDayForm, MaterialForm, StepForm
from training.models import ClassMaterial, HalfDay, TrainingClass
from training.queries import classes_pages


class ClassListView(FilteredList):
    permission = "training.view_trainingclass"
    template_name = "training/classes.html"
    filters = ClassFilters
    columns = tables.CLASSES
    title = "Lớp tập huấn"
    workbook = "training:classes_workbook"

    def rows(self):
        return classes_pages.classes_for(self.request.user)


class ClassListWorkbook(ListWorkbook, ClassListView):
    pass


class OfClass(AllowedMixin):
    """A page about the class whose pk is in the address."""

    permission = "training.change_trainingclass"

    @cached_property
    def training_class(self) -> TrainingClass:
        return self.fetch(TrainingClass.objects.select_related("unit", "plan"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(training_class=self.training_class, **kwargs)

    def back(self):
        return redirect("training:class", self.training_class.pk)

    def carry_out_or_say(self, act) -> bool:
        """Do it; a refusal is said on the page one comes back to."""
        try:
            act()
        except DomainError as refusal:
            messages.error(self.request, refusal.message)
            return False
        return True


class ClassView(OfClass, TemplateView):
    permission = "training.view_trainingclass"
    template_name = "training/class.html"

    def get_context_data(self, **kwargs):
        kept, user = self.training_class, self.request.user
        may_change = user.has_perm("training.change_trainingclass", kept)
        grid = classes_pages.grid(kept, user)
        certificates = classes_pages.certificates_of(kept, user).count()
        # What the service would refuse is not offered.
        steps = [step for step in steps_from(kept.state) if not (step.name == "reopen" and certificates)]
        return super().get_context_data(
            grid=grid,
            counts=classes_pages.classes_for(user).get(pk=kept.pk),
            may_change=may_change,
            may_mark=may_change and kept.state in ClassState.changeable,
            steps=steps if may_change else (),
            materials=kept.materials.select_related("stored"),
            certificates=certificates,
            earned=sum(row.enrolment.attended and row.enrolment.passed is not False for row in grid.rows),
            **kwargs,
        )


class ClassCreateView(ModelServiceForm):
    permission = "training.add_trainingclass"
    template_name = "training/class_form.html"
    form_class = ClassForm

    def carry_out(self, form):
        kept = services.create_class(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm lớp. Tiếp theo: xem lại các buổi, rồi ghi danh học viên.")
        return reverse("training:class", args=[kept.pk])


class ClassEditView(OfClass, ModelServiceForm):
    template_name = "training/class_form.html"
    form_class = ClassForm

    def get_form_kwargs(self):
        instance = TrainingClass.objects.get(pk=self.training_class.pk)
        return {**super().get_form_kwargs(), "instance": instance}

    def carry_out(self, form):
        services.update_class(training_class=self.training_class, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu lớp tập huấn.")
        return reverse("training:class", args=[self.training_class.pk])


class ClassStepView(OfClass, ServiceForm):
    """A step of the class's road; one that asks a reason has a page for it."""

    template_name = "training/class_step.html"
    form_class = StepForm

    @cached_property
    def step(self):
        found = STEPS.get(self.kwargs["step"])
        return found or get_object_or_404(TrainingClass.objects.none())

    def get_context_data(self, **kwargs):
        return super().get_context_data(step=self.step, **kwargs)

    def carry_out(self, form):
        services.move_class(
            training_class=self.training_class,
            step=self.step.name,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, self.step.done)
        return reverse("training:class", args=[self.training_class.pk])


class HalfDaysView(OfClass, ModelServiceForm):
    template_name = "training/half_days.html"
    form_class = HalfDayForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "training_class": self.training_class}

    def get_context_data(self, **kwargs):
        return super().get_context_data(half_days=self.training_class.half_days.all(), **kwargs)

    def carry_out(self, form):
        half = services.add_half_day(
            training_class=self.training_class, by=self.request.user, **form.cleaned_data
        )
        messages.success(self.request, f"Đã thêm buổi {half}.")
        return reverse("training:half_days", args=[self.training_class.pk])


class HalfDayRemoveView(OfClass, View):
    http_method_names = ["post"]

    def post(self, request, pk, half):
        row = get_object_or_404(
            HalfDay.objects.select_related("training_class__unit"),
            pk=half,
            training_class=self.training_class,
        )
        if self.carry_out_or_say(lambda: services.remove_half_day(half_day=row, by=request.user)):
            messages.success(request, "Đã bỏ buổi học.")
        return redirect("training:half_days", pk)


class InviteView(OfClass, View):
    """The letter with the list, for print; by POST the accounts of the enrolled are told."""

    http_method_names = ["post"]

    def post(self, request, pk):
        try:
            told, rest = services.invite(training_class=self.training_class, by=request.user)
            words = f"Đã gửi lời mời tới tài khoản của {told} người."
            if rest:
                words += f" {rest} người chưa có tài khoản: hãy in giấy mời."
            messages.success(request, words)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return self.back()


class InvitationPrintView(OfClass, TemplateView):
    """The invitation and the list of the invited, for print."""

    permission = "training.view_trainingclass"
    template_name = "training/invitation.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            grid=classes_pages.grid(self.training_class, self.request.user), **kwargs
        )


class MaterialAddView(OfClass, ServiceForm):
    template_name = "training/material_form.html"
    form_class = MaterialForm

    def carry_out(self, form):
        material = services.add_material(
            training_class=self.training_class,
            upload=form.cleaned_data["file"],
            title=form.cleaned_data["title"],
            by=self.request.user,
        )
        messages.success(self.request, f"Đã thêm tài liệu “{material}”.")
        return reverse("training:class", args=[self.training_class.pk])


class MaterialRemoveView(OfClass, View):
    http_method_names = ["post"]

    def post(self, request, pk, material):
        row = get_object_or_404(
            self.training_class.materials.select_related("training_class__unit"), pk=material
        )
        if self.carry_out_or_say(lambda: services.remove_material(material=row, by=request.user)):
            messages.success(request, "Đã bỏ tài liệu.")
        return self.back()


class MaterialView(View):
    """A file of the class, for its readers and for those enrolled, whatever their role."""

    def get(self, request, pk):
        rows = ClassMaterial.objects.visible_to(request.user).select_related("stored").distinct()
        row = get_object_or_404(rows, pk=pk)
        return FileResponse(
            row.stored.file.open(),
            as_attachment=True,
            filename=row.filename,
            content_type=row.stored.content_type,
        )
