"""Input about certificates, revocations and inspections. Rules live in the services."""

from typing import Any

from django import forms
from django.utils import timezone

from evaluation.enums import InspectionKind, InspectionVerdict, RevocationGround
from evaluation.forms.base import DateInput, LineField, OfficeForm
from evaluation.models import Inspection, Revocation

LONGEST_TEXT = 5000


def _text(label: str, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class IssueForm(OfficeForm):
    """The certificate of an earlier recognition."""

    number = LineField(
        label="Số giấy chứng nhận",
        max_length=60,
        required=False,
        help_text="Như ghi trên giấy đã cấp; để trống thì hệ thống đánh số tiếp theo của tỉnh.",
    )


class RevocationForm(OfficeForm):
    """The conclusion that asks for the revocation (Đ8)."""

    ground = forms.ChoiceField(
        label="Căn cứ thu hồi (Điều 8)", choices=RevocationGround.choices, widget=forms.RadioSelect
    )
    detail = _text("Nội dung vi phạm", rows=4)
    concluded_by = LineField(
        label="Cơ quan kết luận",
        max_length=200,
        help_text="Ví dụ: Chi cục Quản lý chất lượng, Đoàn kiểm tra.",
    )
    conclusion_number = LineField(label="Số, ký hiệu văn bản kết luận", max_length=60)
    concluded_on = forms.DateField(label="Ngày kết luận", widget=DateInput())


class _Decision(OfficeForm):
    """Asks why so late only once the last day has passed."""

    late_reason = _text("Lý do quyết định muộn", rows=2, required=False)

    def __init__(self, *args: Any, revocation: Revocation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if revocation.due_on >= timezone.localdate():
            del self.fields["late_reason"]


class RevokeForm(_Decision):
    """The decision that revokes."""

    decision_number = LineField(label="Số quyết định thu hồi", max_length=60)
    decided_on = forms.DateField(label="Ngày quyết định", widget=DateInput())
    field_order = ["decision_number", "decided_on", "late_reason"]


class DropForm(_Decision):
    """No revocation, and why."""

    reason = _text("Lý do không thu hồi", rows=4)
    field_order = ["reason", "late_reason"]


class PlanForm(OfficeForm):
    """What an inspection of one or several products rests on."""

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=InspectionKind.choices,
        widget=forms.RadioSelect,
        initial=InspectionKind.PERIODIC,
    )
    basis = LineField(
        label="Quyết định, kế hoạch kiểm tra",
        max_length=300,
        help_text="Ví dụ: Kế hoạch số 15/KH-VPĐP ngày 05/01/2026.",
    )
    planned_on = forms.DateField(label="Ngày dự kiến", widget=DateInput())
    contents = _text("Nội dung kiểm tra", required=False)
    team = _text("Đoàn kiểm tra", rows=2, required=False, help_text="Cơ quan tham gia; mỗi dòng một cơ quan.")


class ResultForm(OfficeForm):
    """What was found, and what follows."""

    done_on = forms.DateField(label="Ngày kiểm tra", widget=DateInput())
    team = _text("Đoàn kiểm tra", rows=2, required=False, help_text="Cơ quan tham gia; mỗi dòng một cơ quan.")
    findings = _text("Kết quả kiểm tra", rows=6)
    verdict = forms.ChoiceField(label="Kết luận", choices=InspectionVerdict.choices, widget=forms.RadioSelect)
    follow_up = _text(
        "Yêu cầu khắc phục",
        required=False,
        help_text="Bắt buộc khi kết luận là yêu cầu khắc phục: phải làm gì.",
    )
    follow_up_due = forms.DateField(label="Hạn khắc phục", widget=DateInput(), required=False)

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        names = ("done_on", "team", "findings", "verdict", "follow_up", "follow_up_due")
        kwargs["initial"] = {name: getattr(inspection, name) for name in names}
        super().__init__(*args, **kwargs)


class FollowUpForm(OfficeForm):
    """What was asked is mended."""

    followed_up_on = forms.DateField(label="Ngày khắc phục xong", widget=DateInput())
    result = _text("Kết quả khắc phục", rows=4)


class CancelForm(OfficeForm):
    reason = _text("Lý do không thực hiện")
