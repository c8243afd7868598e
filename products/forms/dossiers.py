"""Forms of a dossier being written: its registration and its guided steps."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from core.forms import SaidByService
from products import completeness
from products.enums import DossierKind
from products.models import Dossier, DossierVersion

LONGEST_TEXT = 20_000
LONGEST_REASON = 2_000


class RegistrationForm(SaidByService):
    """Kind and year of a dossier: Mẫu 01, asked before anything is written."""

    year = forms.TypedChoiceField(label="Năm đánh giá", coerce=int)

    class Meta:
        model = Dossier
        fields = ["kind", "year", "late_reason"]
        labels = {"late_reason": "Lý do nộp muộn"}
        help_texts = {
            "late_reason": "Chỉ cho đánh giá, phân hạng lại khi cửa sổ nộp đã đóng (Đ7 k6). "
            "Cán bộ xã và tỉnh đọc phần này."
        }
        widgets = {"kind": forms.RadioSelect, "late_reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, late: bool = False, **kwargs: Any) -> None:
        """`late`: the product's window has closed, so a reason is asked."""
        super().__init__(*args, **kwargs)
        if late:
            self.fields["late_reason"].validators.append(
                MaxLengthValidator(LONGEST_REASON, "Lý do dài quá 2.000 ký tự; hãy viết gọn lại.")
            )
        else:
            del self.fields["late_reason"]
        this_year = timezone.localdate().year
        self.fields["kind"].choices = DossierKind.choices
        self.fields["year"].choices = [(year, year) for year in (this_year, this_year + 1)]
        self.fields["year"].initial = this_year


DRAFT_HELP = {
    "samples": "Số sản phẩm mẫu gửi kèm hồ sơ; cần ít nhất 5.",
    "changes_since": "Nguyên liệu, công nghệ, bao bì, nhãn, công bố chất lượng, thị trường, doanh thu.",
    "story": "Nguồn gốc, người làm ra, nét riêng gắn với địa phương. Viết như kể cho khách hàng.",
    "materials": "Nguyên liệu chính, lấy từ đâu, tỷ lệ trong xã và trong tỉnh; hợp đồng liên kết nếu có.",
    "production": "Các bước làm ra sản phẩm, nhà xưởng, thiết bị, công suất một năm.",
    "market": "Bán ở đâu, cho ai, qua kênh nào; khu vực phân phối.",
    "results": "Sản lượng, doanh thu, lợi nhuận hai năm gần nhất.",
    "plan_ahead": "Sản lượng, thị trường, chất lượng dự kiến và việc cần hỗ trợ.",
}


class DraftForm(SaidByService):
    """One step of the guided form. Never demands anything: a draft may be empty."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = DossierVersion
        fields = list(completeness.DRAFT_FIELDS)
        help_texts = DRAFT_HELP
        widgets = {
            name: forms.Textarea(attrs={"rows": 9}) for name in completeness.DRAFT_FIELDS if name != "samples"
        }
        error_messages = {
            "samples": {
                "invalid": "Hãy ghi số mẫu bằng chữ số, ví dụ 5.",
                "min_value": "Số mẫu không được âm.",
            }
        }

    def __init__(self, *args: Any, step: completeness.Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = completeness.fields_of(step, self.instance.dossier)
        for name in completeness.DRAFT_FIELDS:
            if name not in asked:
                del self.fields[name]
        for name in asked:
            self._make_lenient(name)
        self.helper.layout = Layout(*asked)
        self.draft_names = asked

    def _make_lenient(self, name: str) -> None:
        field = self.fields[name]
        field.required = False
        if name == "samples":
            field.empty_value = 0
        else:
            field.validators.append(
                MaxLengthValidator(
                    LONGEST_TEXT, "Phần này dài quá 20.000 ký tự; hãy rút gọn hoặc đưa vào phụ lục."
                )
            )

    def clean_samples(self) -> int:
        return self.cleaned_data.get("samples") or 0

    @property
    def draft(self) -> dict[str, Any]:
        """The clean columns of the draft, without the revision."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}
