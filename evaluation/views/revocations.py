"""The register of revocations, and what the office does with each (Đ8)."""

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.access import AllowedMixin
from accounts.pages import FilteredList, ListWorkbook, ServiceForm
from evaluation import tables
from evaluation.certificate_filters import RevocationFilters
from evaluation.enums import RevocationGround, RevocationState
from evaluation.forms.certificates import DropForm, RevocationForm, RevokeForm
from evaluation.models import Inspection, Revocation
from evaluation.queries import inspections as queries
from evaluation.services import revocations as services
from evaluation.views.certificates import OfRecognition


class RevocationListView(FilteredList):
    permission = "evaluation.view_revocation"
    template_name = "evaluation/revocations.html"
    filters = RevocationFilters
    columns = tables.REVOCATIONS
    title = "Việc thu hồi giấy chứng nhận"
    workbook = "evaluation:revocations_workbook"

    def rows(self):
        return queries.revocations_for(self.request.user)


class RevocationWorkbookView(ListWorkbook, RevocationListView):
    pass


class RevocationView(AllowedMixin, TemplateView):
    permission = "evaluation.view_revocation"
    template_name = "evaluation/revocation.html"

    def get_context_data(self, pk, **kwargs):
        row = self.fetch(Revocation.objects.with_names().select_related("inspection", "opened_by"), pk=pk)
        manages = self.request.user.has_perm("evaluation.manage_revocation", row)
        return super().get_context_data(
            revocation=row,
            recognition=row.recognition,
            product=row.recognition.product,
            certificate=getattr(row.recognition, "certificate", None),
            decider=services.decider_of(row.recognition),
            may_decide=manages and row.state == RevocationState.OPEN,
            today=timezone.localdate(),
            **kwargs,
        )


class RevocationOpenView(OfRecognition, ServiceForm):
    """Open one on a conclusion (pk: recognition); `?kiem-tra=` fills in what an inspection proposed."""

    permission = "evaluation.manage_revocation"
    template_name = "evaluation/certificate_form.html"
    form_class = RevocationForm

    @cached_property
    def inspection(self):
        asked = self.request.GET.get("kiem-tra", "")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
            return None
        own = Inspection.objects.visible_to(self.request.user).filter(product=self.recognition.product)
        return own.filter(pk=asked).first()

    def get_initial(self):
        if self.inspection is None:
            return {}
        return {
            "ground": RevocationGround.OTHER_CONCLUSION,
            "detail": self.inspection.findings,
            "concluded_by": "Đoàn kiểm tra sản phẩm OCOP",
            "concluded_on": self.inspection.done_on,
        }

    def get_context_data(self, **kwargs):
        back = (
            reverse("evaluation:inspection", args=[self.inspection.pk])
            if self.inspection
            else reverse("products:product", args=[self.recognition.product_id])
        )
        return super().get_context_data(
            title="Mở việc thu hồi giấy chứng nhận",
            line=str(self.recognition),
            back=back,
            note="Dựa trên kết luận của cơ quan có thẩm quyền. Quyết định trong 15 ngày kể từ ngày kết luận, "
            "tính theo ngày lịch (Điều 8).",
            submit="Mở việc thu hồi",
            **kwargs,
        )

    def carry_out(self, form):
        row = services.open_revocation(
            recognition=self.recognition,
            inspection=self.inspection,
            by=self.request.user,
            **form.cleaned_data,
        )
        messages.success(self.request, f"Đã mở việc thu hồi; hạn quyết định {row.due_on:%d/%m/%Y}.")
        return reverse("evaluation:revocation", args=[row.pk])


class _Decide(ServiceForm):
    """What ends an open revocation (pk: revocation)."""

    permission = "evaluation.manage_revocation"
    template_name = "evaluation/certificate_form.html"
    words: dict[str, str] = {}

    @cached_property
    def revocation(self):
        return self.fetch(Revocation.objects.with_names(), pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "revocation": self.revocation}

    def get_context_data(self, **kwargs):
        row = self.revocation
        return super().get_context_data(
            line=str(row.recognition),
            back=reverse("evaluation:revocation", args=[row.pk]),
            note=self.note,
            warning=f"Đã quá hạn {row.due_on:%d/%m/%Y}: vẫn ghi được, kèm lý do muộn."
            if row.is_overdue
            else "",
            **self.words,
            **kwargs,
        )

    @property
    def note(self):
        return ""

    def done(self, words: str) -> str:
        messages.success(self.request, words)
        return reverse("evaluation:revocation", args=[self.revocation.pk])


class RevokeView(_Decide):
    form_class = RevokeForm
    words = {"title": "Ghi quyết định thu hồi", "submit": "Ghi quyết định thu hồi", "submit_kind": "danger"}

    @property
    def note(self):
        who = services.decider_of(self.revocation.recognition)
        return f"{who} quyết định. Từ khi ghi, giấy chứng nhận hết hiệu lực; trang tra cứu công khai nói rõ."

    def carry_out(self, form):
        services.revoke(revocation=self.revocation, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi quyết định thu hồi; xã và chủ thể được thông báo.")


class DropView(_Decide):
    form_class = DropForm
    words = {"title": "Không thu hồi", "submit": "Ghi không thu hồi"}

    def carry_out(self, form):
        services.drop(revocation=self.revocation, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi: không thu hồi giấy chứng nhận.")
