"""Forms of entities, products and dossiers: input to clean data. Rules are said by the services."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from accounts.enums import Role
from core.forms import DATE, SaidByService, pair
from core.models import AdminUnit
from products import completeness, queries
from products.enums import DossierKind, LegalForm
from products.models import Dossier, DossierVersion, Entity, Product, ProductSet
from products.validators import check_legal_form

LONGEST_TEXT = 20_000


class EntityForm(SaidByService):
    layout = Layout(
        Fieldset(
            "Chủ thể", "name", pair("legal_form", "tax_code"), pair("registration_number", "founded_on")
        ),
        Fieldset("Địa chỉ và liên hệ", pair("commune", "address"), pair("phone", "email")),
        Fieldset("Người đại diện", pair("representative", "representative_position")),
        Fieldset("Lao động", pair("workers_total", "workers_local")),
    )

    class Meta:
        model = Entity
        fields = [
            "name", "legal_form", "tax_code", "registration_number", "founded_on", "commune", "address",
            "phone", "email", "representative", "representative_position", "workers_total", "workers_local",
        ]  # fmt: skip
        labels = {"name": "Tên chủ thể", "registration_number": "Số đăng ký kinh doanh"}
        help_texts = {"name": "Ghi đúng theo giấy đăng ký."}
        widgets = {"founded_on": forms.DateInput(attrs=DATE)}
        error_messages = {
            "name": {"required": "Hãy nhập tên chủ thể."},
            "legal_form": {"required": "Hãy chọn loại hình."},
            "commune": {"required": "Hãy chọn xã, phường."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = self._communes()
        self.fields["commune"].empty_label = "Chọn xã, phường"
        self.fields["legal_form"].choices = [("", "Chọn loại hình"), *LegalForm.choices]

    def _communes(self):
        """The officer's communes; for the entity's own account the one it already has."""
        mine = queries.communes_of(self.user)
        if self.instance.commune_id:
            return mine | AdminUnit.objects.filter(pk=self.instance.commune_id)
        return mine


class ProductForm(SaidByService):
    # How a product counts in the plans is the officers' word, not the entity's.
    for_officers = ("origin", "is_flagship")

    class Meta:
        model = Product
        fields = ["name", "product_set", "specification", "description", "origin", "is_flagship"]
        labels = {"name": "Tên sản phẩm"}
        help_texts = {
            "name": "Tên sẽ ghi trên hồ sơ và giấy chứng nhận.",
            "product_set": "Bộ sản phẩm quyết định bảng tiêu chí chấm điểm.",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        error_messages = {
            "name": {"required": "Hãy nhập tên sản phẩm."},
            "product_set": {"required": "Hãy chọn bộ sản phẩm."},
        }

    def __init__(self, *args: Any, entity: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity = entity
        self.fields["product_set"].empty_label = "Chọn bộ sản phẩm"
        if not self.user.has_role(Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER):
            for name in self.for_officers:
                del self.fields[name]

    def clean_product_set(self) -> ProductSet:
        chosen = self.cleaned_data["product_set"]
        check_legal_form(self.entity.legal_form, chosen.is_tourism)
        return chosen


class RegistrationForm(SaidByService):
    """Kind and year of a dossier: Mẫu 01, asked before anything is written."""

    year = forms.TypedChoiceField(label="Năm đánh giá", coerce=int)

    class Meta:
        model = Dossier
        fields = ["kind", "year"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


class ReasonForm(forms.Form):
    """A return needs its reasons; a proposal its letter. Built from what the step asks."""

    note = forms.CharField(
        label="Lý do trả lại",
        help_text="Nêu từng phần cần bổ sung; chủ thể sẽ thấy nguyên văn.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        error_messages={"required": "Hãy ghi lý do trả lại để chủ thể biết phải bổ sung gì."},
    )
    proposal_number = forms.CharField(
        label="Số công văn đề nghị",
        max_length=60,
        help_text="Ví dụ: 125/UBND-KT.",
        error_messages={"required": "Hãy nhập số công văn đề nghị."},
    )
    proposed_on = forms.DateField(
        label="Ngày công văn",
        widget=forms.DateInput(attrs=DATE),
        error_messages={
            "required": "Hãy nhập ngày công văn.",
            "invalid": "Ngày không đúng; viết như 05/11/2026.",
        },
    )

    def __init__(self, *args: Any, transition: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {*transition.needs, *(["note"] if transition.needs_note else [])}
        for name in set(self.fields) - asked:
            del self.fields[name]
