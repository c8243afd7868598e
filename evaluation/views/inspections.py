"""Inspections: the list, planning several at once, the result, photos, what was mended (Đ9)."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import parse_etags
from django.views import View
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.enums import Role
from accounts.pages import FilteredList, ListWorkbook, ServiceForm, say_refusal
from core.exceptions import DomainError
from evaluation import tables
from evaluation.certificate_filters import InspectionFilters, ToInspectFilters
from evaluation.enums import InspectionState, InspectionVerdict
from evaluation.forms.certificates import CancelForm, FollowUpForm, PlanForm, ResultForm
from evaluation.models import Inspection, InspectionPhoto
from evaluation.queries import inspections as queries
from evaluation.services import inspections as services
from evaluation.views.acts import ActView, whole_number
from products.forms import PhotosForm
from products.kinds import current_recognition

# Kept by the person's own browser only, and asked again each time: an account may lose its area.
PRIVATE = "private, no-cache"
PLANNED_A_PAGE = 200


class InspectionListView(FilteredList):
    permission = "evaluation.view_inspection"
    template_name = "evaluation/inspections.html"
    filters = InspectionFilters
    columns = tables.INSPECTIONS
    title = "Cuộc kiểm tra sản phẩm"
    workbook = "evaluation:inspections_workbook"

    def rows(self):
        return queries.inspections_for(self.request.user)


class InspectionWorkbookView(ListWorkbook, InspectionListView):
    pass


class InspectionPlanView(FilteredList):
    """Recognised products to choose from; POST plans the chosen ones on one paper and day, all or none."""

    permission = "evaluation.manage_inspection"
    template_name = "evaluation/inspection_plan.html"
    filters = ToInspectFilters
    form: PlanForm | None = None
    chosen: frozenset[int] = frozenset()

    def rows(self):
        return queries.products_to_inspect(self.request.user)

    def get_paginate_by(self, queryset):
        """Long pages: what is chosen on one page is not kept on the next."""
        return PLANNED_A_PAGE

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "form": self.form or PlanForm(), "chosen": self.chosen}

    def post(self, request, *args, **kwargs):
        self.form = PlanForm(request.POST)
        self.chosen = frozenset(whole_number(pk) for pk in request.POST.getlist("products"))
        if self.form.is_valid():
            products = list(self.rows().filter(pk__in=self.chosen))
            try:
                made = services.plan(products=products, by=request.user, **self.form.cleaned_data)
            except DomainError as refusal:
                say_refusal(self.form, refusal)
            else:
                messages.success(request, f"Đã lập {len(made)} cuộc kiểm tra.")
                return redirect("evaluation:inspections")
        return self.get(request, *args, **kwargs)


class InspectionView(AllowedMixin, TemplateView):
    permission = "evaluation.view_inspection"
    template_name = "evaluation/inspection.html"

    def get_context_data(self, pk, **kwargs):
        user = self.request.user
        row = self.fetch(Inspection.objects.with_names(), pk=pk)
        manages = user.has_perm("evaluation.manage_inspection", row)
        revocations = list(row.revocations.all()) if user.has_perm("evaluation.view_revocation") else []
        return super().get_context_data(
            inspection=row,
            photos=list(row.photos.all()),
            manages=manages,
            # Whoever was inspected reads what was found, not who of which office came.
            shows_team=user.has_role(Role.COMMUNE_OFFICER, *Role.province_wide),
            may_tell=manages and row.state != InspectionState.CANCELLED and not row.followed_up_on,
            revocations=revocations,
            recognition=self._to_revoke(row) if manages and not revocations else None,
            photo_form=PhotosForm() if manages and row.state != InspectionState.CANCELLED else None,
            today=timezone.localdate(),
            **kwargs,
        )

    def _to_revoke(self, row):
        """The recognition a revocation may be opened on: the inspection proposes it, or mending failed."""
        asks = row.verdict == InspectionVerdict.REVOKE or (
            row.waits_for_mending and row.follow_up_due < timezone.localdate()
        )
        return current_recognition(row.product) if asks else None


class OfInspection:
    """A view on an inspection (pk) that the office keeps."""

    permission = "evaluation.manage_inspection"

    @cached_property
    def inspection(self):
        return self.fetch(Inspection.objects.with_names(), pk=self.kwargs["pk"])

    @property
    def page(self):
        return reverse("evaluation:inspection", args=[self.inspection.pk])


class _InspectionForm(OfInspection, ServiceForm):
    template_name = "evaluation/certificate_form.html"
    words: dict[str, str] = {}

    def get_context_data(self, **kwargs):
        line = f"{self.inspection.product}, {self.inspection.product.entity}"
        return super().get_context_data(line=line, back=self.page, **self.words, **kwargs)

    def done(self, words: str) -> str:
        messages.success(self.request, words)
        return self.page


class ResultView(_InspectionForm):
    form_class = ResultForm
    words = {"title": "Ghi kết quả kiểm tra", "submit": "Lưu kết quả"}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "inspection": self.inspection}

    def carry_out(self, form):
        services.carry_out(inspection=self.inspection, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi kết quả kiểm tra; xã và chủ thể được thông báo.")


class FollowUpView(_InspectionForm):
    form_class = FollowUpForm
    words = {"title": "Ghi kết quả khắc phục", "submit": "Lưu kết quả"}

    def carry_out(self, form):
        services.record_follow_up(inspection=self.inspection, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi kết quả khắc phục.")


class CancelView(_InspectionForm):
    form_class = CancelForm
    words = {"title": "Hủy cuộc kiểm tra", "submit": "Hủy cuộc kiểm tra", "submit_kind": "danger"}

    def carry_out(self, form):
        services.cancel(inspection=self.inspection, by=self.request.user, **form.cleaned_data)
        return self.done("Đã hủy cuộc kiểm tra.")


# --- photos ---


class PhotoAddView(OfInspection, AllowedMixin, View):
    """Several pictures at once: the good ones are kept, each of the others says why not."""

    http_method_names = ["post"]

    def post(self, request, pk):
        inspection, form = self.inspection, PhotosForm(request.POST, request.FILES)
        if not form.is_valid():
            messages.error(request, "Hãy chọn ít nhất một ảnh.")
            return redirect(self.page)
        added = 0
        for upload in form.cleaned_data["photos"]:
            try:
                services.add_photo(inspection=inspection, upload=upload, name=upload.name, by=request.user)
                added += 1
            except DomainError as refusal:
                messages.error(request, refusal.message)
        if added:
            messages.success(request, f"Đã thêm {added} ảnh.")
        return redirect(self.page)


class OnePhoto(AllowedMixin):
    """A picture (pk) of an inspection in the user's area."""

    @cached_property
    def photo(self):
        inspection = self.fetch(Inspection.objects.with_names(), photos=self.kwargs["pk"])
        photo = get_object_or_404(InspectionPhoto.objects.select_related("stored"), pk=self.kwargs["pk"])
        photo.inspection = inspection
        return photo


class PhotoView(OnePhoto, View):
    permission = "evaluation.view_inspection"

    def get(self, request, pk):
        photo = self.photo
        etag = f'"{photo.stored.sha256}"'
        known = parse_etags(request.headers.get("If-None-Match", ""))
        response = HttpResponseNotModified() if etag in known else self.stream(photo)
        response["ETag"], response["Cache-Control"] = etag, PRIVATE
        return response

    def stream(self, photo):
        try:
            response = FileResponse(photo.stored.file.open(), content_type=photo.stored.content_type)
        except FileNotFoundError as gone:
            raise Http404 from gone
        response["Content-Disposition"] = "inline"
        return response


class PhotoRemoveView(OnePhoto, ActView):
    permission = "evaluation.manage_inspection"

    def find(self):
        return self.photo

    def act(self, target):
        services.remove_photo(photo=target, by=self.request.user)
        return "Đã xóa ảnh."

    def back(self, target):
        return reverse("evaluation:inspection", args=[target.inspection_id])
