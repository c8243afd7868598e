"""Training classes: list, page, new, edit, enrolment, attendance; the register of persons."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import ListView, TemplateView

from accounts.access import AllowedMixin
from accounts.pages import PAGE_SIZE, ModelServiceForm
from core.exceptions import DomainError
from training import queries, services
from training.forms import ClassForm, EnrolForm, PersonForm
from training.models import TrainingClass
from training.views.common import LONGEST_ID


class ClassListView(AllowedMixin, TemplateView):
    permission = "training.view_trainingclass"
    template_name = "training/classes.html"

    def get_context_data(self, **kwargs):
        visible = TrainingClass.objects.visible_to(self.request.user)
        return super().get_context_data(
            classes=queries.class_lines(visible.order_by("-starts_on", "-pk")),
            may_add=self.request.user.has_perm("training.add_trainingclass"),
            **kwargs,
        )


class OfClass(AllowedMixin):
    """A page about the class whose pk is in the address."""

    @cached_property
    def training_class(self) -> TrainingClass:
        return self.fetch(TrainingClass.objects.select_related("unit", "plan"), pk=self.kwargs["pk"])


class ClassView(OfClass, TemplateView):
    permission = "training.view_trainingclass"
    template_name = "training/class.html"

    def get_context_data(self, **kwargs):
        kept = self.training_class
        enrolments = queries.enrolments_of(kept, self.request.user)
        may_change = self.request.user.has_perm("training.change_trainingclass", kept)
        kwargs.setdefault("enrol_form", EnrolForm(training_class=kept, user=self.request.user))
        return super().get_context_data(
            training_class=kept,
            enrolments=enrolments,
            counts=queries.class_lines(TrainingClass.objects.filter(pk=kept.pk))[0],
            may_change=may_change,
            **kwargs,
        )


class ClassCreateView(ModelServiceForm):
    permission = "training.add_trainingclass"
    template_name = "training/class_form.html"
    form_class = ClassForm

    def carry_out(self, form):
        kept = services.create_class(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã thêm lớp. Tiếp theo: ghi danh học viên.")
        return reverse("training:class", args=[kept.pk])


class ClassEditView(OfClass, ModelServiceForm):
    permission = "training.change_trainingclass"
    template_name = "training/class_form.html"
    form_class = ClassForm

    def get_form_kwargs(self):
        instance = TrainingClass.objects.get(pk=self.training_class.pk)
        return {**super().get_form_kwargs(), "instance": instance}

    def get_context_data(self, **kwargs):
        return super().get_context_data(training_class=self.training_class, **kwargs)

    def carry_out(self, form):
        services.update_class(training_class=self.training_class, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, "Đã lưu lớp tập huấn.")
        return reverse("training:class", args=[self.training_class.pk])


class EnrolView(ClassView):
    """Posted from the page of the class; a refused choice shows that page again."""

    permission = "training.change_trainingclass"
    http_method_names = ["post"]

    def post(self, request, pk):
        form = EnrolForm(request.POST, training_class=self.training_class, user=request.user)
        if form.is_valid():
            try:
                persons = form.cleaned_data["persons"]
                added = services.enrol(training_class=self.training_class, persons=persons, by=request.user)
                messages.success(request, f"Đã ghi danh {added} người.")
                return redirect("training:class", pk)
            except DomainError as refusal:
                form.add_error("persons", refusal.message)
        return self.render_to_response(self.get_context_data(enrol_form=form))


class AttendanceView(OfClass, View):
    permission = "training.change_trainingclass"
    http_method_names = ["post"]

    def post(self, request, pk):
        sent = request.POST.getlist("present")
        present = [int(value) for value in sent if value.isdecimal() and len(value) <= LONGEST_ID]
        try:
            number = services.mark_attendance(
                training_class=self.training_class, present=present, by=request.user
            )
            messages.success(request, f"Đã lưu điểm danh: {number} người có mặt.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:class", pk)


class RegisterView(AllowedMixin, ListView):
    permission = "training.view_trainingclass"
    template_name = "training/register.html"
    paginate_by = PAGE_SIZE
    context_object_name = "persons"

    def get_queryset(self):
        return queries.register_for(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            may_add=self.request.user.has_perm("training.add_trainingclass"), **kwargs
        )


class PersonCreateView(ModelServiceForm):
    permission = "training.add_trainingclass"
    template_name = "training/person_form.html"
    form_class = PersonForm

    def carry_out(self, form):
        person = services.add_person(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm {person} vào danh sách.")
        return reverse("training:register")
