"""The register from a workbook: template and upload, what the check found, written."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.pages import ServiceForm
from core import workbooks
from core.exceptions import DomainError
from core.models import AdminUnit
from training import register_sheet, services
from training.forms_classes import SheetForm
from training.models import RegisterImport

PERMISSION = "training.add_trainingclass"
# Buttons of an import's page, by the word in their address.
ACTS = {
    "confirm": services.confirm_register_import,
    "recheck": services.check_register_import_again,
    "discard": services.discard_register_import,
}
LATEST = 20
LINES_A_PAGE = 100


class _OfProvince(AllowedMixin):
    permission = PERMISSION

    def province(self) -> AdminUnit:
        own = self.request.user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
        return get_object_or_404(AdminUnit.objects.provinces().filter(pk__in=own).order_by("pk")[:1])


class RegisterTemplate(_OfProvince, View):
    def get(self, request):
        province = self.province()
        example = {
            "name": "Nguyễn Văn Ví Dụ",
            "group": "Cán bộ quản lý OCOP",
            "unit": province.name,
            "position": "Chuyên viên",
        }
        file = workbooks.write_list(
            title="Người thuộc diện tập huấn",
            notes=[*register_sheet.NOTES, "Dòng đầu là ví dụ: hãy xóa trước khi tải lên."],
            columns=register_sheet.TEMPLATE,
            rows=[example],
        )
        name = "mau-danh-sach-tap-huan.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=workbooks.CONTENT_TYPE)


class RegisterImportsView(_OfProvince, ServiceForm):
    """Takes a workbook, and goes to its page, where the check is on its way; the imports so far."""

    template_name = "training/register_imports.html"
    form_class = SheetForm

    def get_context_data(self, **kwargs):
        rows = RegisterImport.objects.visible_to(self.request.user).defer("findings")
        return super().get_context_data(imports=rows.select_related("created_by")[:LATEST], **kwargs)

    def carry_out(self, form):
        imported = services.request_register_import(
            unit=self.province(), upload=form.cleaned_data["file"], by=self.request.user
        )
        return imported.get_absolute_url()


class RegisterImportView(AllowedMixin, View):
    """One import: where it stands, what the check found; for htmx the progress alone, until it is done."""

    permission = PERMISSION

    def get(self, request, pk):
        rows = RegisterImport.objects.select_related("unit", "job", "created_by")
        imported = self.fetch(rows.defer("findings") if request.htmx else rows, pk=pk)
        if request.htmx and imported.is_working:
            return render(request, "training/register_import_progress.html", {"import": imported})
        if request.htmx:
            # Done: the whole page is to be looked at.
            return HttpResponse(headers={"HX-Refresh": "true"})
        page = Paginator(imported.lines, LINES_A_PAGE).get_page(request.GET.get("page"))
        shown = {"import": imported, "page_obj": page, "heads": register_sheet.HEADS}
        return render(request, "training/register_import.html", shown)


class RegisterImportActView(AllowedMixin, View):
    """A button of an import's page: one service call, then its page again."""

    permission = PERMISSION
    http_method_names = ["post"]

    def post(self, request, pk, act):
        imported = self.fetch(RegisterImport.objects.select_related("unit", "job"), pk=pk)
        if act not in ACTS:
            raise Http404
        try:
            ACTS[act](imported=imported, by=request.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(imported)
