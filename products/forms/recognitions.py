"""Forms of recognitions: one of an earlier year, and an extension under Đ12 k3."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from core.forms import DATE, SaidByService, pair
from products import legal_bases, windows
from products.models import Recognition
from products.services.recognitions import RECOGNISED_STARS

FIRST_YEAR = 2013
_DAY_WORDS = {"invalid": "Ngày không đúng; viết như 05/11/2026."}


class RecognitionForm(SaidByService):
    """A decision of an earlier year: the day, or the year when only that is known."""

    layout = Layout(
        "star",
        pair("decision_number", "decided_by"),
        pair("decided_on", "year"),
        pair("expires_on", "legal_basis"),
        "note",
    )

    star = forms.TypedChoiceField(
        label="Hạng sao",
        coerce=int,
        choices=[(star, f"{star} sao") for star in RECOGNISED_STARS],
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn hạng sao."},
    )
    decided_on = forms.DateField(
        label="Ngày quyết định", required=False, widget=forms.DateInput(attrs=DATE), error_messages=_DAY_WORDS
    )
    year = forms.IntegerField(
        label="Hoặc chỉ biết năm",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "ví dụ 2021"}),
        help_text="Chỉ điền khi không tìm được ngày quyết định.",
        error_messages={"invalid": "Hãy ghi năm bằng bốn chữ số."},
    )
    expires_on = forms.DateField(
        label="Ngày hết hạn",
        required=False,
        widget=forms.DateInput(attrs=DATE),
        help_text="Để trống: hệ thống tính 36 tháng từ ngày quyết định.",
        error_messages=_DAY_WORDS,
    )
    legal_basis = forms.ChoiceField(
        label="Căn cứ",
        required=False,
        choices=[("", "Tự xác định theo ngày quyết định"), *legal_bases.CHOICES],
    )

    class Meta:
        model = Recognition
        fields = ["star", "decision_number", "decided_on", "decided_by", "expires_on", "legal_basis", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "decision_number": "Ví dụ: 2147/QĐ-UBND.",
            "decided_by": "Ví dụ: Chủ tịch UBND tỉnh; UBND huyện Cẩm Xuyên (trước 01/7/2025).",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        if stored.pk and stored.year_only:
            self.initial |= {"decided_on": None, "year": stored.decided_on.year}
        if stored.pk and stored.expiry_derived:
            self.initial["expires_on"] = None

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year is not None and not FIRST_YEAR <= year <= timezone.localdate().year:
            raise forms.ValidationError(f"Năm từ {FIRST_YEAR} đến {timezone.localdate().year}.")
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "decided_on" in self.errors or "year" in self.errors:
            return data
        if not data.get("decided_on") and not data.get("year"):
            self.add_error("decided_on", "Hãy nhập ngày quyết định, hoặc năm nếu không biết ngày.")
        return data

    def _post_clean(self) -> None:
        """Nothing is put on the row here: the service derives the end and the basis, and refuses."""

    @property
    def facts(self) -> dict[str, Any]:
        """What `services.record_recognition` is told."""
        data = {**self.cleaned_data}
        year = data.pop("year")
        data["year_only"] = data["decided_on"] is None
        data["decided_on"] = data["decided_on"] or dt.date(year, 12, 31)
        return data


class ExtensionForm(forms.Form):
    """Until when a recognition is kept while its late re-ranking is decided (Đ12 k3)."""

    until = forms.DateField(
        label="Gia hạn đến",
        widget=forms.DateInput(attrs=DATE),
        error_messages={"required": "Hãy nhập ngày gia hạn đến.", **_DAY_WORDS},
    )
    reason = forms.CharField(
        label="Lý do gia hạn",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Vì sao nộp muộn, số văn bản cho gia hạn nếu có.",
        error_messages={"required": "Hãy ghi lý do gia hạn."},
    )

    def __init__(self, *args: Any, recognition: Recognition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = windows.latest_extension(recognition)
        if latest:
            self.fields["until"].help_text = f"Muộn nhất {latest:%d/%m/%Y} (180 ngày sau ngày hết hạn)."
