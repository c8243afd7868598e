"""Forms of products."""

from decimal import Decimal
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator

from accounts.enums import Role
from core.forms import SaidByService, VnDecimalField, pair
from products.enums import SalesChannel
from products.models import Entity, Product, ProductSet
from products.validators import check_legal_form

LONGEST_TEXT = 20_000
LONGEST_PRICE_DIGITS = 12


class MoneyField(VnDecimalField):
    """An amount in whole đồng, typed and shown as 85.000; "85.000 đ" and "85.000 đồng" are understood."""

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value).strip().lower() if value is not None else ""
        for word in ("đồng", "vnđ", "vnd", "đ", "₫"):
            text = text.removesuffix(word).strip()
        return super().to_python(text)


class ProductForm(SaidByService):
    # How a product counts in the plans is the officers' word, not the entity's.
    for_officers = ("origin", "is_flagship")

    price = MoneyField(
        label="Giá bán (đồng)",
        required=False,
        min_value=1,
        max_digits=LONGEST_PRICE_DIGITS,
        decimal_places=0,
        help_text="Ví dụ: 85.000. Để trống nếu chưa có giá.",
        error_messages={
            "invalid": "Hãy nhập số tiền, ví dụ 85.000.",
            "min_value": "Giá bán phải lớn hơn 0.",
            "max_decimal_places": "Giá bán tính bằng đồng, không có số lẻ.",
        },
    )
    sales_channels = forms.MultipleChoiceField(
        label="Kênh bán hàng",
        choices=SalesChannel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Product
        fields = [
            "name", "product_set", "status", "specification", "price", "price_unit", "sales_channels",
            "description", "story", "origin", "is_flagship",
        ]  # fmt: skip
        labels = {"name": "Tên sản phẩm"}
        help_texts = {
            "name": "Tên sẽ ghi trên hồ sơ và giấy chứng nhận.",
            "product_set": "Bộ sản phẩm quyết định bảng tiêu chí chấm điểm.",
            "story": "Nguồn gốc, người làm ra, nét riêng gắn với địa phương. Hồ sơ mới lấy sẵn phần này.",
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 4}),
            "story": forms.Textarea(attrs={"rows": 7}),
        }
        error_messages = {
            "name": {"required": "Hãy nhập tên sản phẩm."},
            "product_set": {"required": "Hãy chọn bộ sản phẩm."},
        }

    def __init__(self, *args: Any, entity: Entity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entity = entity
        self.fields["status"].required = False  # a new product is being made
        self.fields["product_set"].empty_label = "Chọn bộ sản phẩm"
        for name in ("description", "story"):
            self.fields[name].validators.append(
                MaxLengthValidator(LONGEST_TEXT, "Phần này dài quá 20.000 ký tự; hãy rút gọn.")
            )
        officer = self.user.has_role(Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER)
        if not officer:
            for name in self.for_officers:
                del self.fields[name]
        self.helper.layout = _layout(for_officers=self.for_officers if officer else ())

    def clean_status(self) -> str:
        return self.cleaned_data["status"] or self.instance.status

    def clean_product_set(self) -> ProductSet:
        chosen = self.cleaned_data["product_set"]
        check_legal_form(self.entity.legal_form, chosen.is_tourism)
        return chosen


def _layout(*, for_officers: tuple[str, ...]) -> Layout:
    parts = [
        Fieldset("Sản phẩm", "name", "product_set", pair("specification", "status")),
        Fieldset("Bán hàng", pair("price", "price_unit"), "sales_channels"),
        Fieldset("Giới thiệu", "description", "story"),
    ]
    if for_officers:
        parts.append(Fieldset("Theo kế hoạch (cán bộ ghi)", *for_officers))
    return Layout(*parts)
