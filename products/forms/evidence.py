"""What is typed about a paper, in its row of the list."""

from typing import Any

from django import forms

from core.forms import DATE, SaidByService
from products.models import Evidence
from products.services.evidence import FIELDS

SMALL = {"class": "form-control form-control-sm"}


class PaperForm(SaidByService):
    """Group, name, number, issuer and dates of a paper. Nothing is demanded: a draft may be empty."""

    class Meta:
        model = Evidence
        fields = list(FIELDS)
        widgets = {
            "group": forms.Select(attrs={"class": "form-select form-select-sm"}),
            "title": forms.TextInput(attrs={**SMALL, "placeholder": "Như ghi trên giấy"}),
            "number": forms.TextInput(attrs={**SMALL, "placeholder": "Như ghi trên giấy"}),
            "issuer": forms.TextInput(attrs=SMALL),
            "issued_on": forms.DateInput(attrs={**DATE, **SMALL}),
            "expires_on": forms.DateInput(attrs={**DATE, **SMALL}),
        }
        error_messages = {
            name: {"invalid": "Ngày không đúng; viết như 05/11/2026."} for name in ("issued_on", "expires_on")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        paper = kwargs["instance"]
        # One page holds many of these forms.
        super().__init__(*args, prefix=f"giay-{paper.pk}", auto_id="id_%s", **kwargs)
