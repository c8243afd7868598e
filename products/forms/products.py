"""Forms of products."""

from typing import Any

from django import forms

from accounts.enums import Role
from core.forms import SaidByService
from products.models import Entity, Product, ProductSet
from products.validators import check_legal_form


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
