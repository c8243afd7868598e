"""Before closing: asking a member to score again, discussion, dissent, a conclusion taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from accounts.pages import ServiceForm
from evaluation.enums import SheetState
from evaluation.forms.minutes import DiscussionForm, DissentForm, ReasonForm, RescoringForm
from evaluation.models import AgendaItem, Conclusion, ReScoring, Seat, Sheet
from evaluation.queries.results import readable_items
from evaluation.queries.sheet_versions import readable_seats, sheet_versions
from evaluation.queries.sight import sight_of
from evaluation.services import minutes, rescoring, results
from evaluation.views.results import ItemMixin


class SayingView(ItemMixin, ServiceForm):
    """A short form about a dossier: `words` are its title, what it means, and its button."""

    template_name = "evaluation/say.html"
    title = ""
    line = ""
    button = ""
    notice = ""

    def get_context_data(self, **kwargs):
        words = {"title": self.title, "line": self.line, "button": self.button, "notice": self.notice}
        return super().get_context_data(item=self.item, words=words, back=self.result_url, **kwargs)

    def done(self, sentence: str) -> str:
        messages.success(self.request, sentence)
        return self.result_url


class RescoringView(SayingView):
    permission = "evaluation.request_rescoring"
    form_class = RescoringForm
    title = "Yêu cầu chấm lại"
    button = "Gửi yêu cầu"
    notice = (
        "Thành viên nhận phiếu mới, chép từ phiếu đã nộp, và được báo ngay. Cả hai phiếu đều được giữ; "
        "phiếu nộp sau được tính. Chưa nộp lại thì chưa đóng được kết quả."
    )

    @cached_property
    def sheet(self) -> Sheet:
        sheets = Sheet.objects.select_related("item", "seat__user").filter(state=SheetState.SUBMITTED)
        found = sheets.filter(item=self.item, seat=self.kwargs["seat"]).order_by("-number").first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs):
        self.line = f"{self.sheet.seat.user} · {self.item}"
        return super().get_context_data(**kwargs)

    def carry_out(self, form):
        rescoring.request_rescoring(sheet=self.sheet, by=self.request.user, **form.cleaned_data)
        return self.done(f"Đã yêu cầu {self.sheet.seat.user} chấm lại.")


class _OfItem(SayingView):
    """The address names a row that hangs on an item."""

    def found(self) -> Any:
        raise NotImplementedError

    @cached_property
    def row(self) -> Any:
        return self.found()

    @cached_property
    def item(self) -> AgendaItem:
        item = get_object_or_404(readable_items(self.request.user), pk=self.item_id)
        if not self.request.user.has_perm(self.permission, item):
            raise PermissionDenied
        return item

    @property
    def item_id(self) -> int:
        return self.row.item_id


class RescoringWithdrawView(_OfItem):
    permission = "evaluation.request_rescoring"
    form_class = ReasonForm
    title = "Rút yêu cầu chấm lại"
    button = "Rút yêu cầu"
    notice = "Phiếu đang chấm lại không được tính nữa; phiếu đã nộp trước đó được tính."

    def found(self):
        return get_object_or_404(ReScoring.objects.select_related("sheet__seat__user"), pk=self.kwargs["pk"])

    @property
    def item_id(self) -> int:
        return self.row.sheet.item_id

    def get_context_data(self, **kwargs):
        self.line = f"{self.row.sheet.seat.user} · {self.item}"
        return super().get_context_data(**kwargs)

    def carry_out(self, form):
        rescoring.withdraw_rescoring(rescoring=self.row, by=self.request.user, **form.cleaned_data)
        return self.done("Đã rút yêu cầu chấm lại.")


class ConclusionWithdrawView(_OfItem):
    permission = "evaluation.record_conclusion"
    form_class = ReasonForm
    title = "Rút kết luận"
    button = "Rút kết luận"
    notice = "Điều kiện tối thiểu của tiêu chí này lại xét theo các phiếu."

    def found(self):
        return get_object_or_404(Conclusion.objects.select_related("criterion"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs):
        self.line = f"Tiêu chí {self.row.criterion.code} {self.row.criterion.title} · {self.item}"
        return super().get_context_data(**kwargs)

    def carry_out(self, form):
        code = self.row.criterion.code
        results.withdraw_conclusion(conclusion=self.row, by=self.request.user, **form.cleaned_data)
        return self.done(f"Đã rút kết luận ở tiêu chí {code}.")


class DiscussionView(SayingView):
    permission = "evaluation.record_conclusion"
    form_class = DiscussionForm
    title = "Ghi nội dung thảo luận"
    button = "Ghi vào biên bản"

    def get_context_data(self, **kwargs):
        self.line = str(self.item)
        return super().get_context_data(**kwargs)

    def carry_out(self, form):
        minutes.record_discussion(item=self.item, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi nội dung thảo luận.")


class DissentView(SayingView):
    """A member's own; who keeps the minutes chooses the member."""

    permission = "evaluation.record_dissent"
    form_class = DissentForm
    title = "Ghi ý kiến bảo lưu"
    button = "Ghi vào biên bản"

    def get_form_kwargs(self):
        user, seats = self.request.user, self.item.session.council.seats.active().select_related("user")
        keeps = user.has_perm("evaluation.record_conclusion", self.item)
        own = None if keeps else seats.filter(user=user).first()
        return {**super().get_form_kwargs(), "seats": seats.in_order(), "own": own}

    def get_context_data(self, **kwargs):
        self.line = str(self.item)
        return super().get_context_data(**kwargs)

    def carry_out(self, form):
        minutes.record_dissent(item=self.item, by=self.request.user, **form.cleaned_data)
        return self.done("Đã ghi ý kiến bảo lưu.")


class SheetVersionsView(ItemMixin, TemplateView):
    """A member's sheets side by side: after closing, or one's own."""

    permission = "evaluation.view_session"
    template_name = "evaluation/sheet_versions.html"

    def get_context_data(self, **kwargs):
        user, item = self.request.user, self.item
        seats = Seat.objects.select_related("user").filter(readable_seats(item, user, sight_of(user, item)))
        seat = get_object_or_404(seats, pk=self.kwargs["seat"], council=item.session.council_id)
        versions = sheet_versions(item, seat)
        if not versions.columns:
            raise Http404
        return super().get_context_data(item=item, versions=versions, **kwargs)
