"""Forms of entities, of their representative and of the accounts that act for them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.urls import reverse
from django.utils import timezone

from accounts.validators import LOWER_NAME
from core.forms import DATE, SaidByService, TidyCharField, VnDecimalField, pair
from core.models import AdminUnit
from core.numbers import format_date
from products import queries
from products.enums import LegalForm
from products.models import Entity, RepresentativeProfile
from products.services.merge import MERGE_FIELDS
from products.validators import normal_phone, normal_tax_code, validate_phone

YEARS_ASKED = 3
FORM_CHOICES = [
    ("", "Chọn loại hình"),
    *[(form.value, form.label) for form in LegalForm if form not in LegalForm.tourism_only],
    (
        "Chỉ cho dịch vụ du lịch (bộ 26)",
        [(form.value, form.label) for form in LegalForm if form in LegalForm.tourism_only],
    ),
]


class EntityForm(SaidByService):
    tax_code = TidyCharField(
        tidy=normal_tax_code, label="Mã số thuế", required=False,
        help_text="10 hoặc 13 chữ số; hộ kinh doanh: 12 chữ số.",
    )  # fmt: skip
    phone = TidyCharField(tidy=normal_phone, label="Điện thoại", required=False)
    is_another = forms.BooleanField(required=False, label="Đây là chủ thể khác")

    class Meta:
        model = Entity
        fields = [
            "name", "legal_form", "tax_code", "registration_number", "registered_on", "registered_by",
            "founded_on", "strengthened_on", "commune", "address", "phone", "email", "representative",
            "representative_position", "workers_total", "workers_local",
        ]  # fmt: skip
        labels = {
            "name": "Tên chủ thể",
            "registration_number": "Số đăng ký",
            "registered_on": "Ngày đăng ký",
            "registered_by": "Nơi đăng ký",
        }
        help_texts = {
            "name": "Ghi đúng theo giấy đăng ký.",
            "legal_form": "Hội, hiệp hội, trung tâm điều hành chỉ đăng ký được sản phẩm dịch vụ du lịch.",
            "registration_number": "Giấy đăng ký kinh doanh, đăng ký hợp tác xã, hợp đồng hợp tác.",
            "registered_by": "Ví dụ: Phòng Kinh tế xã Cẩm Bình.",
        }
        widgets = {
            "registered_on": forms.DateInput(attrs=DATE),
            "founded_on": forms.DateInput(attrs=DATE),
            "strengthened_on": forms.DateInput(attrs=DATE),
        }
        error_messages = {
            "name": {"required": "Hãy nhập tên chủ thể."},
            "legal_form": {"required": "Hãy chọn loại hình."},
            "commune": {"required": "Hãy chọn xã, phường."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = self._communes()
        self.fields["commune"].empty_label = "Chọn xã, phường"
        self._choose_the_only_commune()
        self.fields["legal_form"].choices = FORM_CHOICES
        self._add_years()
        if self.user.has_perm("products.add_entity"):
            self._ask_while_typing()
        self.helper.layout = self._layout()

    def columns(self) -> dict[str, Any]:
        """Clean columns of Entity."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}

    def figures(self) -> dict[int, tuple[Decimal | None, Decimal | None]]:
        """Clean revenue and profit by year."""
        data = self.cleaned_data
        return {year: (data[f"revenue_{year}"], data[f"profit_{year}"]) for year in self.years}

    def _communes(self):
        """The officer's communes; for the entity's own account the one it already has."""
        mine = queries.communes_of(self.user)
        if self.instance.commune_id:
            return mine | AdminUnit.objects.filter(pk=self.instance.commune_id)
        return mine

    def _choose_the_only_commune(self) -> None:
        """An officer of one commune is not asked which one."""
        communes = list(self.fields["commune"].queryset[:2]) if not self.instance.pk else []
        if len(communes) == 1:
            self.fields["commune"].initial = communes[0].pk

    def _add_years(self) -> None:
        now = timezone.localdate().year
        self.years = [now - back for back in range(1, YEARS_ASKED + 1)]
        known = {row.year: row for row in self.instance.years.all()} if self.instance.pk else {}
        for year in self.years:
            for name, label, least in (("revenue", "Doanh thu", Decimal(0)), ("profit", "Lợi nhuận", None)):
                self.fields[f"{name}_{year}"] = VnDecimalField(
                    label=f"{label} năm {year}",
                    required=False,
                    min_value=least,
                    max_digits=14,
                    decimal_places=3,
                    initial=getattr(known.get(year), name, None),
                )

    def _ask_while_typing(self) -> None:
        """Officers see entities with a like name as soon as name and commune are there."""
        attributes = {
            "hx-get": reverse("products:entity_lookalikes"),
            "hx-trigger": "change",
            "hx-target": "#lookalikes",
            "hx-include": "#id_name, #id_commune, #entity-itself",
        }
        for name in ("name", "commune"):
            self.fields[name].widget.attrs |= attributes

    def _layout(self) -> Layout:
        return Layout(
            Fieldset(
                "Chủ thể",
                "name",
                pair("legal_form", "tax_code"),
                pair("registration_number", "registered_on"),
                "registered_by",
                pair("founded_on", "strengthened_on"),
            ),
            Fieldset("Địa chỉ và liên hệ", pair("commune", "address"), pair("phone", "email")),
            Fieldset("Người đại diện theo pháp luật", pair("representative", "representative_position")),
            Fieldset("Lao động", pair("workers_total", "workers_local")),
            Fieldset(
                "Kết quả sản xuất, kinh doanh",
                HTML('<p class="text-moss">Đơn vị: triệu đồng. Lỗ thì ghi dấu trừ, ví dụ -12,5.</p>'),
                *(pair(f"revenue_{year}", f"profit_{year}") for year in self.years),
            ),
        )


class RepresentativeForm(SaidByService):
    layout = Layout(pair("gender", "ethnicity"), pair("has_disability", "permanent_address"))

    class Meta:
        model = RepresentativeProfile
        fields = ["gender", "ethnicity", "has_disability", "permanent_address"]
        help_texts = {"ethnicity": "Ví dụ: Kinh, Mường, Chứt."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["has_disability"].widget.choices = [
            ("unknown", "Chưa ghi nhận"),
            ("true", "Có"),
            ("false", "Không"),
        ]


class _PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class EntityAccountForm(_PlainForm):
    full_name = forms.CharField(label="Họ và tên người dùng", max_length=150)
    username = forms.CharField(
        label="Tên đăng nhập", max_length=50, validators=[LOWER_NAME], help_text="Ví dụ: htx.camtrang."
    )
    phone = TidyCharField(tidy=normal_phone, label="Điện thoại", required=False, validators=[validate_phone])
    email = forms.EmailField(
        label="Thư điện tử", required=False, help_text="Có thư thì tự lấy lại được mật khẩu khi quên."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(pair("full_name", "username"), pair("phone", "email"))


class AttachAccountForm(_PlainForm):
    username = forms.CharField(
        label="Tên đăng nhập đã có",
        max_length=150,
        help_text="Người này đã có tài khoản của một chủ thể khác và sẽ làm việc cho cả hai.",
    )


class MergeForm(_PlainForm):
    """Which value stays where the two differ, and why they are merged."""

    reason = forms.CharField(
        label="Lý do gộp",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ví dụ: cùng một hợp tác xã, nhập hai lần năm 2025. Lý do được ghi vào nhật ký.",
    )

    def __init__(self, *args: Any, keep: Entity, drop: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(_differences(keep, drop))
        for name, _, mine, theirs in self.rows:
            self.fields[f"take_{name}"] = forms.ChoiceField(
                choices=[("keep", mine), ("drop", theirs)], initial="keep" if mine else "drop"
            )

    def taken(self) -> list[str]:
        """Lines whose value comes from the entity that is merged away."""
        return [name for name, *_ in self.rows if self.cleaned_data[f"take_{name}"] == "drop"]

    def choices(self) -> Iterator[dict[str, Any]]:
        """The differing lines with the chosen side, for the table of the page."""
        for name, label, mine, theirs in self.rows:
            field = self[f"take_{name}"]
            chosen = {"name": field.html_name, "chosen": field.value()}
            yield {"label": label, "keep": mine, "drop": theirs, **chosen}


def _differences(keep: Entity, drop: Entity) -> Iterator[tuple[str, str, str, str]]:
    for line in MERGE_FIELDS:
        mine, theirs = _words(keep, line), _words(drop, line)
        if mine != theirs:
            label = str(Entity._meta.get_field(line[0]).verbose_name)
            yield line[0], label[:1].upper() + label[1:], mine, theirs


def _words(entity: Entity, line: tuple[str, ...]) -> str:
    """The values of a line as the page shows them."""
    return ", ".join(filter(None, (_word(entity, name) for name in line)))


def _word(entity: Entity, name: str) -> str:
    value = getattr(entity, name)
    if value is None or value == "":
        return ""
    if name == "legal_form":
        return entity.get_legal_form_display()
    if name in ("workers_total", "workers_local"):
        return f"{'tổng' if name == 'workers_total' else 'địa phương'} {value}"
    return format_date(value) if hasattr(value, "strftime") else str(value)
