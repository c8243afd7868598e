"""Forms of plans, targets, tasks and classes: input to clean data."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Role
from core.forms import DATE, SaidByService, pair
from core.models import AdminUnit
from training import services
from training.enums import PlanLevel, PlanStatus
from training.models import (
    Actual,
    Indicator,
    LegalBasis,
    Plan,
    Target,
    Task,
)
from training.services.plans import ABOVE
from training.validators import RESERVED_CODES, actual_problems, target_problems


def day(**attrs: Any) -> forms.DateInput:
    return forms.DateInput(attrs=DATE | attrs)


def units_kept_by(user: Any) -> Any:
    """The provinces a provincial officer serves in and their communes of today."""
    own = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    return (
        AdminUnit.objects.current().filter(Q(pk__in=own) | Q(parent__in=own)).order_by("-level", "sort_name")
    )


class PlanForm(SaidByService):
    layout = Layout(
        "title",
        pair("code", "level", "parent"),
        pair("unit", "starts_on", "ends_on"),
        "objectives",
        "source",
        "is_reference",
    )

    class Meta:
        model = Plan
        fields = [
            "title", "code", "level", "parent", "unit", "starts_on", "ends_on", "objectives", "source",
            "is_reference",
        ]  # fmt: skip
        widgets = {"starts_on": day(), "ends_on": day(), "objectives": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"code": "Chữ thường không dấu, số và gạch nối, ví dụ ht-2027."}
        error_messages = {
            "code": {"unique": "Mã này đã có kế hoạch khác dùng.", "required": "Hãy nhập mã kế hoạch."},
            "title": {"required": "Hãy nhập tên kế hoạch."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_kept_by(self.user)
        self.fields["unit"].empty_label = "Chọn đơn vị"
        above = Plan.objects.filter(unit__in=units_kept_by(self.user), is_reference=False)
        self.fields["parent"].queryset = above.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = "Không thuộc kế hoạch nào"

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in RESERVED_CODES:
            raise forms.ValidationError("Mã này trùng với một địa chỉ của phần mềm, hãy chọn mã khác.")
        if Plan.objects.filter(code=code).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Mã này đã có kế hoạch khác dùng.")
        return code


class CommunePlanForm(PlanForm):
    """The yearly plan of a commune, written by the commune under a plan of its province."""

    layout = Layout("title", pair("code", "parent"), pair("unit", "starts_on", "ends_on"), "objectives")

    class Meta(PlanForm.Meta):
        fields = ["title", "code", "parent", "unit", "starts_on", "ends_on", "objectives"]
        help_texts = {
            "code": "Chữ thường không dấu, số và gạch nối, ví dụ cam-binh-2027.",
            "parent": "Kế hoạch của tỉnh mà kế hoạch xã thực hiện.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = AdminUnit.objects.current().filter(pk__in=self.user.scope.unit_ids(Role.COMMUNE_OFFICER))
        self.fields["unit"].queryset = own.order_by("sort_name")
        if len(own) == 1:
            self.fields["unit"].initial = own[0]
        self.fields["parent"].queryset = (
            Plan.objects.visible_to(self.user)
            .filter(level__in=ABOVE[PlanLevel.COMMUNE], is_reference=False)
            .exclude(status=PlanStatus.DRAFT)
            .exclude(pk=self.instance.pk)
        )
        self.fields["parent"].required = True
        self.fields["parent"].empty_label = "Chọn kế hoạch của tỉnh"

    def clean(self) -> dict[str, Any]:
        return {**(super().clean() or self.cleaned_data), "level": PlanLevel.COMMUNE}


class LegalBasisForm(SaidByService):
    layout = Layout(pair("kind", "number", "issued_on"), pair("issuer", "signer"), "subject")

    class Meta:
        model = LegalBasis
        fields = ["kind", "number", "issued_on", "issuer", "signer", "subject"]
        widgets = {"issued_on": day()}
        help_texts = {"kind": "Ví dụ: Quyết định, Kế hoạch, Hội nghị."}


class TargetForm(SaidByService):
    """One line of the plan; which value columns are asked depends on the kind of comparison."""

    new_indicator = forms.CharField(
        label="Hoặc chỉ tiêu chưa có trong danh mục",
        max_length=300,
        required=False,
        help_text="Chỉ tiêu mới do người dùng nhập kết quả, có nguồn và ngày.",
    )
    new_unit_name = forms.CharField(label="Đơn vị tính của chỉ tiêu mới", max_length=60, required=False)
    layout = Layout(
        Fieldset("Chỉ tiêu", "indicator", pair("new_indicator", "new_unit_name")),
        Fieldset("Phải đạt", pair("operator", "value", "value_to"), pair("due_on", "text")),
        Fieldset("Phạm vi", "unit", pair("per_unit", "units_count")),
        Fieldset("Quan hệ và nguồn", "part_of", "source"),
    )

    class Meta:
        model = Target
        fields = [
            "indicator", "operator", "value", "value_to", "text", "due_on", "unit", "per_unit", "units_count",
            "part_of", "source",
        ]  # fmt: skip
        localized_fields = ["value", "value_to"]
        widgets = {
            "due_on": day(),
            "value": forms.TextInput(attrs={"inputmode": "decimal"}),
            "value_to": forms.TextInput(attrs={"inputmode": "decimal"}),
        }
        help_texts = {
            "value": "Số phải đạt; tử số của tỷ số; số trước của khoảng.",
            "value_to": "Chỉ dùng cho khoảng (số sau) và tỷ số (mẫu số).",
            "due_on": "Bắt buộc khi phép so là “Trước ngày”.",
            "text": "Bắt buộc khi chỉ tiêu định tính.",
            "unit": "Để trống: chung cho cả địa bàn của kế hoạch.",
            "part_of": "Chọn khi đây là một phần của chỉ tiêu chung, ví dụ 25 = 20 + 5.",
        }

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        if self.user is not None and not self.user.has_perm("training.change_indicator"):
            self._choose_from_the_catalogue()
        self.fields["indicator"].required = False
        self.fields["indicator"].empty_label = "Chọn trong danh mục"
        known = Indicator.objects.for_province(plan.unit.province_id)
        self.fields["indicator"].queryset = known.order_by("-computed_by", "name")
        communes = AdminUnit.objects.current().filter(parent=plan.unit_id)
        self.fields["unit"].queryset = communes
        self.fields["unit"].empty_label = "Cả địa bàn"
        totals = plan.targets.filter(part_of=None).exclude(pk=self.instance.pk).select_related("indicator")
        self.fields["part_of"].queryset = totals
        self.fields["part_of"].empty_label = "Không phải một phần"
        self.fields["part_of"].label_from_instance = lambda target: target.indicator.name

    def _choose_from_the_catalogue(self) -> None:
        """The catalogue is the whole province's: a commune chooses from it and adds nothing."""
        del self.fields["new_indicator"], self.fields["new_unit_name"]
        self.fields["indicator"].help_text = "Cần chỉ tiêu chưa có ở đây, hãy đề nghị tỉnh thêm vào danh mục."
        self.helper.layout = Layout(Fieldset("Chỉ tiêu", "indicator"), *self.layout.fields[1:])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("indicator") and not values.get("new_indicator") and "indicator" not in self.errors:
            more = " hoặc ghi chỉ tiêu mới" if "new_indicator" in self.fields else ""
            self.add_error("indicator", f"Chọn một chỉ tiêu trong danh mục{more}.")
        if values.get("new_indicator") and not values.get("new_unit_name"):
            self.add_error("new_unit_name", "Ghi đơn vị tính, ví dụ: sản phẩm, lớp, %.")
        if values.get("operator"):
            for field, message in target_problems(self.plan, values, self.instance.pk).items():
                if field not in self.errors:
                    self.add_error(field, message)
        return values

    def columns(self) -> dict[str, Any]:
        """The clean columns of the target; a new indicator is put into the catalogue."""
        values = dict(self.cleaned_data)
        name, unit_name = values.pop("new_indicator", ""), values.pop("new_unit_name", "")
        if name:
            values["indicator"] = services.indicator_named(
                name=name, unit_name=unit_name, unit=self.plan.unit, by=self.user
            )
        return values


class ActualForm(SaidByService):
    file = forms.FileField(label="Tệp kèm theo", required=False, help_text="PDF, ảnh, Word hoặc Excel.")
    layout = Layout(pair("value", "as_of"), "text", "source", "file")

    class Meta:
        model = Actual
        fields = ["value", "as_of", "text", "source"]
        localized_fields = ["value"]
        widgets = {"as_of": day(), "value": forms.TextInput(attrs={"inputmode": "decimal"})}
        help_texts = {"source": "Báo cáo, văn bản hoặc người cung cấp số liệu."}
        error_messages = {"source": {"required": "Ghi nguồn của số liệu."}}

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["as_of"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for field, message in actual_problems(self.target, values).items():
            if field not in self.errors:
                self.add_error(field, message)
        return values


class TaskForm(SaidByService):
    layout = Layout(
        "title",
        Fieldset(
            "Ai làm", pair("lead_unit", "lead_admin_unit"), "supporting_units", "supporting_admin_units"
        ),
        pair("due_on", "source"),
        Fieldset(
            "Giao tại kết luận hội nghị (nếu có)",
            "conclusion",
            pair("conclusion_number", "conclusion_on"),
        ),
    )

    class Meta:
        model = Task
        fields = [
            "title", "lead_unit", "lead_admin_unit", "supporting_units", "supporting_admin_units", "due_on",
            "source", "conclusion", "conclusion_number", "conclusion_on",
        ]  # fmt: skip
        widgets = {
            "due_on": day(),
            "conclusion_on": day(),
            "supporting_admin_units": forms.SelectMultiple(attrs={"size": 6}),
        }
        help_texts = {
            "source": "Chỗ giao việc trong kế hoạch, ví dụ mục III.2.",
            "lead_unit": "Sở, cơ quan, tổ chức; để trống khi xã, phường chủ trì.",
            "conclusion": "Ví dụ: Hội nghị triển khai Chương trình OCOP.",
            "supporting_admin_units": "Giữ phím Ctrl để chọn nhiều.",
        }
        error_messages = {"title": {"required": "Hãy ghi nhiệm vụ."}}

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].required = False
        communes = AdminUnit.objects.current().filter(Q(parent=plan.unit_id) | Q(pk=plan.unit_id))
        communes = communes.communes()
        self.fields["lead_admin_unit"].queryset = communes
        self.fields["lead_admin_unit"].empty_label = "Không phải xã, phường"
        self.fields["supporting_admin_units"].queryset = communes

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("lead_unit") and not values.get("lead_admin_unit"):
            self.add_error("lead_unit", "Ghi đơn vị chủ trì hoặc chọn xã, phường chủ trì.")
        return values


class TaskReportForm(SaidByService):
    note = forms.CharField(
        label="Tiến độ đến hôm nay",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi thêm vào nhật ký của nhiệm vụ; đã ghi thì không sửa.",
    )
    file = forms.FileField(label="Báo cáo kèm theo", required=False, help_text="PDF, ảnh, Word hoặc Excel.")
    layout = Layout(pair("status", "done_on"), "note", "result", "file")

    class Meta:
        model = Task
        fields = ["status", "done_on", "result"]
        widgets = {"done_on": day(), "result": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"done_on": "Nhập khi đã xong.", "result": "Bắt buộc khi đã xong."}
