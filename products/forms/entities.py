"""Forms of entities."""

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms

from core.forms import DATE, SaidByService, pair
from core.models import AdminUnit
from products import queries
from products.enums import LegalForm
from products.models import Entity


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
