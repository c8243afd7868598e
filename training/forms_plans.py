"""Forms of a plan's money, steps, copies, indicators and frozen figures."""

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.utils import timezone

from core.forms import SaidByService, VnDecimalField, pair
from training import periods
from training.enums import PeriodKind
from training.forms import day
from training.models import BudgetLine, FigureSet, Indicator, Plan
from training.periods import IN_A_YEAR
from training.validators import RESERVED_CODES


class _PlainForm(forms.Form):
    """A form of its own fields, drawn like the others."""

    layout: Layout | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if self.layout is not None:
            self.helper.layout = self.layout


class BudgetLineForm(SaidByService):
    planned = VnDecimalField(
        label="Dự toán (đồng)",
        max_digits=15,
        decimal_places=0,
        min_value=0,
        error_messages={"required": "Nhập số tiền dự toán."},
    )
    spent = VnDecimalField(
        label="Đã chi (đồng)", max_digits=15, decimal_places=0, min_value=0, required=False
    )
    layout = Layout("purpose", pair("fund", "fund_note"), pair("planned", "spent", "spent_on"))

    class Meta:
        model = BudgetLine
        fields = ["purpose", "fund", "fund_note", "planned", "spent", "spent_on"]
        widgets = {"spent_on": day()}
        help_texts = {"spent_on": "Bắt buộc khi có số đã chi."}
        error_messages = {"purpose": {"required": "Ghi nội dung chi."}}


class IndicatorForm(SaidByService):
    layout = Layout("name", pair("code", "unit_name", "direction"), "definition", "is_promotion")

    class Meta:
        model = Indicator
        fields = ["name", "code", "unit_name", "direction", "definition", "is_promotion"]
        widgets = {"definition": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "code": "Chữ thường không dấu, số và gạch nối, ví dụ lang-nghe-ocop.",
            "unit_name": "Ví dụ: sản phẩm, lớp, %.",
            "direction": "Càng thấp càng tốt: chỉ tiêu là mức không được vượt.",
        }

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Indicator.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Mã này đã có chỉ tiêu khác dùng.")
        return code


class CopyForm(_PlainForm):
    title = forms.CharField(label="Tên kế hoạch mới", max_length=300)
    code = forms.SlugField(label="Mã kế hoạch mới", max_length=50, help_text="Ví dụ ht-2027.")
    layout = Layout("title", "code")

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED_CODES or Plan.objects.filter(code=code).exists():
            raise forms.ValidationError("Mã này đã dùng, hãy chọn mã khác.")
        return code


class StepForm(_PlainForm):
    note = forms.CharField(label="Lý do", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class FreezeForm(_PlainForm):
    """Which period of the plan is closed."""

    kind = forms.ChoiceField(label="Loại kỳ", choices=PeriodKind.choices, initial=PeriodKind.MONTH)
    number = forms.IntegerField(
        label="Tháng hoặc quý",
        min_value=1,
        max_value=12,
        required=False,
        help_text="Chỉ cần cho kỳ tháng (1-12) và quý (1-4).",
    )
    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    layout = Layout(pair("kind", "number", "year"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["year"].initial = min(max(today.year, plan.starts_on.year), plan.ends_on.year)
        last = periods.last_closed_month(min(today, plan.ends_on), settings.OCOP_CUT_OFF_DAY)
        self.fields["number"].initial = last[1] if last[0] == self.fields["year"].initial else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("kind") in IN_A_YEAR and not values.get("number") and "number" not in self.errors:
            self.add_error("number", "Nhập tháng hoặc quý.")
        if values.get("kind") not in IN_A_YEAR:
            values["number"] = 1
        return values


class CorrectForm(_PlainForm):
    """Each frozen figure with a field for its corrected value; an empty one stays as it was."""

    reason = forms.CharField(
        label="Lý do đính chính",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi lý do đính chính."},
    )

    def __init__(self, *args: Any, figure_set: FigureSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figures = list(figure_set.figures.exclude(value=None))
        for figure in self.figures:
            self.fields[f"v-{figure.target_id}"] = VnDecimalField(
                label=f"{figure.line['label']}, {figure.line['scope_text']}",
                required=False,
                min_value=0,
                max_digits=14,
                decimal_places=2,
                widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """Each figure with its field."""
        return [(figure, self[f"v-{figure.target_id}"]) for figure in self.figures]

    @property
    def values(self) -> dict[int, Decimal]:
        """The corrected values by target."""
        typed = {figure.target_id: self.cleaned_data[f"v-{figure.target_id}"] for figure in self.figures}
        return {target: value for target, value in typed.items() if value is not None}
