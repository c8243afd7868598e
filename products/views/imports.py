"""Import of a workbook in three steps: template and upload, check, written."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import ListView

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.pages import ServiceForm
from core.exceptions import DomainError
from core.models import AdminUnit
from products import services
from products.forms.imports import ImportModeForm, ImportUploadForm
from products.imports import template
from products.imports.page import ImportPage
from products.models import Import

PERMISSION = "products.import_registry"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 25


def provinces_of(user):
    """The provinces the user is an officer of."""
    return AdminUnit.objects.filter(pk__in=user.scope.unit_ids(Role.PROVINCIAL_OFFICER)).order_by("code")


class ImportListView(AllowedMixin, ListView):
    """Template, upload, and the imports so far."""

    permission = PERMISSION
    template_name = "products/imports.html"
    paginate_by = PAGE_SIZE

    def get_queryset(self):
        rows = Import.objects.visible_to(self.request.user).defer("findings", "answers")
        return rows.select_related("created_by", "job", "unit")

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs):
        form = ImportUploadForm(units=provinces_of(self.request.user))
        return super().get_context_data(form=form, steps=ImportPage.steps_of(None), **kwargs)


class ImportUploadView(ServiceForm):
    """Takes the workbook and goes to its page, where the check is on its way."""

    permission = PERMISSION
    template_name = "products/import_upload.html"
    form_class = ImportUploadForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": provinces_of(self.request.user)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(steps=ImportPage.steps_of(None), **kwargs)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def carry_out(self, form):
        file = form.cleaned_data["file"]
        imported = services.request_import(
            unit=form.cleaned_data["unit"], file=file, filename=file.name, by=self.request.user
        )
        return reverse("products:import", args=[imported.pk])


class ImportTemplateView(AllowedMixin, View):
    """The workbook to fill in, with the communes of the officer's province."""

    permission = PERMISSION

    def get(self, request):
        province = provinces_of(request.user).first()
        if province is None:
            raise Http404
        answer = HttpResponse(template.build(province), content_type=XLSX)
        answer["Content-Disposition"] = 'attachment; filename="mau-nhap-san-pham-ocop.xlsx"'
        return answer


class ImportView(AllowedMixin, View):
    """One import: where it stands, what the check found; for htmx the progress alone, until it is done."""

    permission = PERMISSION

    def get(self, request, pk):
        rows = Import.objects.select_related("unit", "job", "created_by")
        if request.htmx:
            imported = self.fetch(rows.defer("findings", "answers"), pk=pk)
            return self._progress(imported)
        return show(request, self.fetch(rows, pk=pk))

    def _progress(self, imported):
        page = ImportPage(imported, self.request)
        if page.is_working:
            return render(self.request, "products/import_progress.html", {"import": imported, "page": page})
        # Done: the whole page is to be looked at.
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer


def show(request, imported, *, mode_form=None, status=200):
    """The page of an import, perhaps with a refused choice."""
    page = ImportPage(imported, request)
    shown = Paginator(page.items, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"import": imported, "page": page, "items": shown, "page_obj": shown, "mode_form": mode_form}
    return render(request, "products/import.html", context, status=status)


class ImportActView(AllowedMixin, View):
    """Base of what is done to an import by a button: one service call, then its page again."""

    permission = PERMISSION
    http_method_names = ["post"]
    done = ""

    def post(self, request, pk):
        imported = self.fetch(Import.objects.select_related("unit", "job"), pk=pk)
        try:
            self.act(imported)
            if self.done:
                messages.success(request, self.done)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("products:import", pk=pk)

    def act(self, imported):
        raise NotImplementedError


class ImportAnswerView(ImportActView):
    """Answers to the questions of the check: `q<number>` is the place of the question."""

    def act(self, imported):
        questions = imported.findings.get("questions", [])
        answers = {
            question["key"]: self.request.POST.get(f"q{place}", "")
            for place, question in enumerate(questions)
            if self.request.POST.get(f"q{place}")
        }
        services.answer_questions(imported, answers=answers, by=self.request.user)


class ImportConfirmView(ImportActView):
    """Writes, in the mode that was chosen."""

    def act(self, imported):
        form = ImportModeForm(self.request.POST)
        if not form.is_valid():
            raise DomainError(form.errors["mode"][0])
        services.confirm_import(imported, mode=form.cleaned_data["mode"], by=self.request.user)


class ImportRecheckView(ImportActView):
    def act(self, imported):
        services.check_again(imported, by=self.request.user)


class ImportDiscardView(ImportActView):
    done = "Đã bỏ lần nhập này; không có gì được ghi."

    def act(self, imported):
        services.discard_import(imported, by=self.request.user)


class ImportResultView(AllowedMixin, View):
    """The workbook with the outcome and the reasons beside every row."""

    permission = PERMISSION

    def get(self, request, pk):
        imported = self.fetch(Import.objects.defer("findings"), pk=pk)
        if not imported.result_file:
            raise Http404
        stem = imported.filename.rsplit(".", 1)[0]
        return FileResponse(
            imported.result_file.open(),
            as_attachment=True,
            filename=f"{stem} - kết quả.xlsx",
            content_type=XLSX,
        )
