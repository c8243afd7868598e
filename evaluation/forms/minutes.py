"""Input to the minutes of a dossier: reasons, discussion, dissent."""

from typing import Any

from django import forms

from evaluation.forms.base import OfficeForm
from evaluation.models import Seat


def words(label: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows, "data-limit": 5000}),
    )


class ReasonForm(OfficeForm):
    """Why something is asked for or taken back."""

    reason = words("Lý do", "Được giữ trong nhật ký và in trong biên bản.", rows=3)


class RescoringForm(OfficeForm):
    reason = words(
        "Lý do yêu cầu chấm lại",
        "Thành viên đọc được lý do này. Không ghi điểm của thành viên khác vào đây.",
        rows=3,
    )


class DiscussionForm(OfficeForm):
    text = words("Nội dung thảo luận", "Được in trong biên bản; đã ghi thì không sửa được.", rows=6)


class DissentForm(OfficeForm):
    """Whose dissent, for who keeps the minutes; a member's own otherwise."""

    seat = forms.ModelChoiceField(
        label="Thành viên", queryset=Seat.objects.none(), empty_label="Chọn thành viên"
    )
    text = words("Ý kiến bảo lưu", "Được in trong biên bản; đã ghi thì không sửa được.", rows=6)

    def __init__(self, *args: Any, seats: Any, own: Seat | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        if own is not None:
            del self.fields["seat"]
        else:
            self.fields["seat"].queryset = seats

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return {**data, "seat": self.own} if self.own else data
