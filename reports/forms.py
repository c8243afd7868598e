"""Asking for papers, issuing and replacing them."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from core.exceptions import DomainError
from core.forms import DATE, pair
from reports import services
from reports.outline import USUAL, outline_of, own_provinces
from training.enums import PeriodKind, PlanStatus
from training.models import Plan
from training.periods import IN_A_YEAR, last_closed_month


def day(label: str, **kwargs: Any) -> forms.DateField:
    """A day typed as 14/11/2026."""
    return forms.DateField(
        label=label,
        error_messages={"invalid": "Nhập ngày theo dạng 14/11/2026."},
        widget=forms.DateInput(attrs=DATE),
        **kwargs,
    )


class _OfPlan(forms.Form):
    """A form that begins with one of the plans in force of the user's province."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label="Kế hoạch",
        empty_label="Chọn kế hoạch",
        error_messages={"invalid_choice": "Hãy chọn một kế hoạch trong danh sách."},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
        plans = Plan.objects.visible_to(user).filter(unit__in=own).exclude(status=PlanStatus.DRAFT)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]
        self.fields["plan"].initial = plans.only_running(own, timezone.localdate())
        self.helper = FormHelper()


# What officers write for a section, and what stands there without it.
ADDED_BELOW = "Mỗi ý một dòng, in tiếp sau các ý hệ thống nêu theo số liệu."
ALONE = "Mỗi ý một dòng. Để trống thì báo cáo không có phần này."
WRITTEN = {
    "shortcomings": ADDED_BELOW,
    "difficulties": ALONE,
    "causes": ALONE,
    "coming": ADDED_BELOW,
    "proposals": ALONE,
}


def written(label: str, help_text: str) -> forms.CharField:
    """A text of several lines; the service says when it is too long, a browser would cut it silently."""
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text
    )


class _Written(_OfPlan):
    """A form with what officers write, under the titles of their province, in its order."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.province = own_provinces(user).first()
        self.lines = outline_of(self.province) if self.province else USUAL
        self.written = [line.key for line in self.lines if line.key in WRITTEN]
        for line in self.lines:
            if line.key in WRITTEN:
                self.fields[line.key] = written(line.title, WRITTEN[line.key])
        self.helper.attrs = {"data-guard": "", "novalidate": ""}

    @property
    def texts(self) -> dict[str, list[str]]:
        """Points by section, one a line."""
        return {name: self.cleaned_data[name].splitlines() for name in WRITTEN}


class ReportForm(_Written):
    """The report on a closed period: which one, what is in it, and what officers add in words."""

    kind = forms.ChoiceField(label="Loại kỳ", choices=PeriodKind.choices, initial=PeriodKind.MONTH)
    number = forms.IntegerField(
        label="Tháng hoặc quý",
        min_value=1,
        max_value=12,
        required=False,
        help_text="Chỉ cần cho kỳ tháng (1-12) và quý (1-4).",
    )
    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    sections = forms.MultipleChoiceField(
        label="Các phần của báo cáo",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một phần của báo cáo."},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["year"].initial = timezone.localdate().year
        if "kind" not in self.initial:
            last = last_closed_month(timezone.localdate(), settings.OCOP_CUT_OFF_DAY)
            self.fields["year"].initial, self.fields["number"].initial = last
        self.fields["sections"].choices = [(line.key, line.title) for line in self.lines]  # type: ignore[attr-defined]
        self.fields["sections"].initial = [line.key for line in self.lines if line.is_shown]
        self.helper.layout = Layout(
            Fieldset("Kỳ báo cáo", "plan", pair("kind", "number", "year")),
            Fieldset("Nội dung do cán bộ nhập", *self.written, "sections"),
        )
        self.helper.add_input(Submit("", "Lập báo cáo", css_class="btn-primary"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("kind") not in IN_A_YEAR:
            values["number"] = 1
        elif not values.get("number") and "number" not in self.errors:
            self.add_error("number", "Nhập tháng hoặc quý.")
        return values

    @property
    def request(self) -> dict[str, Any]:
        """What the service is asked for."""
        values = self.cleaned_data
        content = {"sections": values["sections"], **self.texts}
        return {name: values[name] for name in ("plan", "kind", "year", "number")} | {"content": content}


class ProgressReportForm(_Written):
    """A working draft as of a day, with the officers' words as they are so far."""

    period_to = day(
        "Số liệu đến hết ngày",
        help_text="Ví dụ 14/11/2026. Báo cáo tính từ ngày đầu của kế hoạch đến hết ngày này.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period_to"].initial = timezone.localdate
        self.helper.layout = Layout(
            Fieldset("Số liệu", "plan", "period_to"), Fieldset("Nội dung do cán bộ nhập", *self.written)
        )
        self.helper.add_input(Submit("", "Lập bản nháp", css_class="btn-primary"))

    def clean(self) -> dict[str, Any]:
        """Refuse, beside the field, a day that the service would refuse."""
        data = super().clean() or self.cleaned_data
        plan, period_to = data.get("plan"), data.get("period_to")
        if plan and period_to:
            try:
                services.check_period(plan, period_to)
            except DomainError as refusal:
                self.add_error(refusal.field, refusal.message)
        return data

    @property
    def request(self) -> dict[str, Any]:
        """What the service is asked for."""
        values = self.cleaned_data
        return {"plan": values["plan"], "period_to": values["period_to"], "content": self.texts}


class IssueForm(forms.Form):
    """Number, day and signer of a reviewed paper."""

    number = forms.IntegerField(
        label="Số văn bản",
        min_value=1,
        max_value=99_999,
        required=False,
        help_text="Để trống: số tiếp theo của loại văn bản này trong năm.",
    )
    issued_on = day("Ngày ban hành")
    signer_name = forms.CharField(
        label="Họ và tên người ký",
        max_length=100,
        help_text="Không ghi học hàm, học vị trước tên.",
        error_messages={"required": "Ghi họ và tên người ký."},
    )
    signer_position = forms.CharField(
        label="Quyền hạn, chức vụ",
        max_length=200,
        required=False,
        help_text="Chỉ ghi khi khác dự thảo; dòng cách nhau bằng dấu chấm phẩy: KT. GIÁM ĐỐC; PHÓ GIÁM ĐỐC.",
    )

    def __init__(self, *args: Any, numbered: bool, following: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issued_on"].initial = timezone.localdate
        if numbered:
            self.fields["number"].widget.attrs["placeholder"] = f"{following:02d}"
        else:
            del self.fields["number"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ReasonForm(forms.Form):
    """Why an issued paper is replaced."""

    reason = forms.CharField(
        label="Lý do thay thế",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi lý do thay thế văn bản đã phát hành."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ReturnForm(ReasonForm):
    """Why a draft is returned."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label = "Lý do trả lại"
        reason.help_text = "Người lập đọc lý do này khi lập lại: ghi rõ phần nào, cần sửa thế nào."
        reason.error_messages["required"] = "Ghi lý do trả lại để người lập biết cần sửa gì."


class SignedForm(forms.Form):
    """The signed file of an issued paper."""

    upload = forms.FileField(
        label="Tệp PDF đã ký số",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Chọn tệp PDF đã ký số.", "empty": "Tệp rỗng."},
    )
    other_signer = forms.BooleanField(
        label="Tên trên chứng thư khác tên người ký ghi trên văn bản; tôi đã kiểm tra đây là chữ ký cần nhận",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
