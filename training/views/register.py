"""The register of persons who must be trained: list, new, edit, from the records."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ListWorkbook, ModelServiceForm
from core.exceptions import DomainError
from training import services, tables
from training.filters import RegisterFilters
from training.forms_classes import PersonForm
from training.models import RegisterPerson
from training.queries import classes_pages

NAMESAKES = (
    "Đơn vị đã có người cùng tên gắn với tài khoản hoặc chủ thể khác: nếu là hai người, hãy thêm tay và ghi "
    "dấu phân biệt sau tên, ví dụ “Nguyễn Văn An (HTX Cẩm Bình)”."
)


class RegisterView(FilteredList):
    permission = "training.view_trainingclass"
    template_name = "training/register.html"
    filters = RegisterFilters
    columns = tables.REGISTER
    title = "Người thuộc diện tập huấn"
    workbook = "training:register_workbook"

    def rows(self):
        return classes_pages.register_rows(self.request.user)

    def get_queryset(self):
        """Without a choice: who is on the register today."""
        rows = super().get_queryset()
        chosen = self.filterset.form.cleaned_data.get("on") if self.filterset.is_valid() else ""
        return rows if chosen else rows.on(timezone.localdate())

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        return super().get_context_data(
            may_add=self.request.user.has_perm("training.add_trainingclass"),
            coverage=classes_pages.coverage(self.request.user, today),
            **kwargs,
        )


class RegisterWorkbook(ListWorkbook, RegisterView):
    pass


class PersonCreateView(ModelServiceForm):
    permission = "training.add_trainingclass"
    template_name = "training/person_form.html"
    form_class = PersonForm

    def carry_out(self, form):
        person = services.add_person(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã thêm {person} vào danh sách.")
        return reverse("training:register")


class PersonEditView(ModelServiceForm):
    permission = "training.change_trainingclass"
    template_name = "training/person_form.html"
    form_class = PersonForm

    @cached_property
    def person(self) -> RegisterPerson:
        return self.fetch(RegisterPerson.objects.select_related("unit"), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        instance = RegisterPerson.objects.get(pk=self.person.pk)
        return {**super().get_form_kwargs(), "instance": instance}

    def get_context_data(self, **kwargs):
        enrolments = self.person.enrolments.select_related("training_class").order_by(
            "-training_class__starts_on", "pk"
        )
        return super().get_context_data(person=self.person, enrolments=enrolments, **kwargs)

    def carry_out(self, form):
        person = services.update_person(person=self.person, by=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Đã lưu {person}.")
        return reverse("training:register")


class SuggestionsView(AllowedMixin, TemplateView):
    """Whom the system's own records suggest; one click adds a line, or all that are shown."""

    permission = "training.add_trainingclass"
    template_name = "training/suggestions.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            suggestions=classes_pages.suggestions(self.request.user),
            most=classes_pages.MOST_SUGGESTED,
            **kwargs,
        )

    def post(self, request):
        wanted = set(request.POST.getlist("key"))
        chosen = [row for row in classes_pages.suggestions(request.user) if row.key in wanted]
        try:
            number = services.add_suggested(suggestions=chosen, by=request.user)
            messages.success(request, f"Đã thêm {number} người vào danh sách.")
            if number < len(chosen):
                messages.warning(request, f"{len(chosen) - number} người chưa thêm. {NAMESAKES}")
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("training:register_suggestions")
