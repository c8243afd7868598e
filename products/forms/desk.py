"""Forms of the desks: verdicts, samples, the commune's report, a dossier entered for an entity."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from core.forms import SaidByService, pair
from products import queries
from products.enums import DossierKind, Verdict
from products.models import CommuneReport, DeskCheck, Entity, ProductSet
from products.models.desk import REPORT_FIELDS

LONGEST_TEXT = 20_000


class SectionForm(forms.Form):
    """A verdict on one section; what is lacking is the service's question."""

    verdict = forms.ChoiceField(
        choices=Verdict.choices, error_messages={"required": "Hãy chọn Đạt hoặc Cần bổ sung."}
    )
    note = forms.CharField(required=False, max_length=5000)


class SamplesForm(forms.ModelForm):
    class Meta:
        model = DeskCheck
        fields = ["samples_received"]
        labels = {"samples_received": "Số mẫu đã nhận"}
        error_messages = {
            "samples_received": {
                "invalid": "Hãy ghi số mẫu bằng chữ số, ví dụ 5.",
                "min_value": "Không được âm.",
            }
        }


REPORT_PROMPTS = {
    "local_material": "Nguyên liệu chính là gì, bao nhiêu phần trăm lấy trong xã, trong tỉnh; vùng nguyên "
    "liệu, hợp đồng thu mua; chủ thể có tự chủ được không.",
    "local_labour": "Bao nhiêu lao động, trong đó bao nhiêu người địa phương (tỷ lệ %); việc làm thường "
    "xuyên hay thời vụ; thu nhập bình quân.",
    "idea_origin": "Ý tưởng của chủ thể, của cộng đồng hay học từ nơi khác; bắt đầu từ năm nào; điểm khác "
    "với sản phẩm cùng loại đã có.",
    "local_identity": "Bí quyết, nghề truyền thống, giống cây con bản địa, câu chuyện, danh thắng gắn với "
    "sản phẩm; cộng đồng tham gia và hưởng lợi ra sao.",
    "conclusion": "Ví dụ: UBND xã xác nhận các nội dung trên là đúng, đề nghị cơ quan tham mưu OCOP cấp "
    "tỉnh tiếp nhận, tổ chức đánh giá, phân hạng.",
}


class CommuneReportForm(SaidByService):
    """Mẫu 03. Saved while people type, however incomplete; completeness is asked at the proposal."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    layout = Layout(
        Fieldset(
            "Đánh giá của UBND cấp xã", "local_material", "local_labour", "idea_origin", "local_identity"
        ),
        Fieldset("Đề nghị", "conclusion", pair("signer_name", "signer_position"), "number"),
    )

    class Meta:
        model = CommuneReport
        fields = list(REPORT_FIELDS)
        labels = {
            "local_material": "1. Sử dụng nguyên liệu địa phương",
            "local_labour": "2. Sử dụng lao động địa phương",
            "idea_origin": "3. Nguồn gốc ý tưởng sản phẩm",
            "local_identity": "4. Bản sắc, trí tuệ địa phương",
            "conclusion": "Kết luận, đề nghị",
            "signer_name": "Người ký",
            "signer_position": "Chức vụ",
            "number": "Số, ký hiệu báo cáo",
        }
        help_texts = {
            **REPORT_PROMPTS,
            "signer_position": "Ví dụ: Chủ tịch UBND xã; KT. Chủ tịch, Phó Chủ tịch.",
            "number": "Số văn thư xã cấp, ví dụ 15/BC-UBND; được in trên Mẫu 03. Để trống nếu chưa cấp.",
        }
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in REPORT_PROMPTS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REPORT_PROMPTS:
            self.fields[name].validators.append(
                MaxLengthValidator(LONGEST_TEXT, "Phần này dài quá 20.000 ký tự; hãy rút gọn.")
            )

    @property
    def report(self) -> dict[str, Any]:
        """The clean columns of Mẫu 03, without the revision."""
        return {name: self.cleaned_data[name] for name in REPORT_FIELDS}


NEW_PRODUCT = "moi"


class EnterDossierForm(forms.Form):
    """What an officer tells to begin a dossier for an entity: the product, or a new one, and the kind."""

    product = forms.ChoiceField(
        label="Sản phẩm",
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn sản phẩm, hoặc chọn thêm sản phẩm mới."},
    )
    name = forms.CharField(
        label="Tên sản phẩm mới",
        max_length=300,
        required=False,
        help_text="Tên sẽ ghi trên hồ sơ và giấy chứng nhận.",
    )
    product_set = forms.ModelChoiceField(
        ProductSet.objects.all(),
        label="Bộ sản phẩm",
        required=False,
        empty_label="Chọn bộ sản phẩm",
        help_text="Quyết định bảng tiêu chí chấm điểm.",
    )
    kind = forms.ChoiceField(
        label="Hình thức đăng ký",
        choices=DossierKind.choices,
        initial=DossierKind.FIRST,
        widget=forms.RadioSelect,
    )
    year = forms.TypedChoiceField(label="Năm đánh giá", coerce=int)

    def __init__(self, *args: Any, entity: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["year"].choices = [(year, year) for year in (this_year, this_year + 1)]
        self.products = {str(product.pk): product for product in queries.free_products(entity)}
        known = [(key, f"{product} ({product.product_set})") for key, product in self.products.items()]
        self.fields["product"].choices = [*known, (NEW_PRODUCT, "Sản phẩm mới, chưa có trong danh sách")]
        if not known:
            self.fields["product"].initial = NEW_PRODUCT

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("product") == NEW_PRODUCT:
            for name, words in (("name", "Hãy nhập tên sản phẩm."), ("product_set", "Hãy chọn bộ sản phẩm.")):
                if not data.get(name):
                    self.add_error(name, words)
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """Arguments of `services.enter_dossier`, but for the entity and the person."""
        data = self.cleaned_data
        shared = {"kind": data["kind"], "year": data["year"]}
        if data["product"] == NEW_PRODUCT:
            return {**shared, "name": data["name"], "product_set": data["product_set"]}
        return {**shared, "product": self.products[data["product"]]}
