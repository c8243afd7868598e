"""What every form of the evaluation room is made of. Rules live in the services."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from core.text import nfc


class DateInput(forms.DateInput):
    """A date typed as Vietnamese offices write it; the browser's own picker shows other orders."""

    def __init__(self, **attrs: Any) -> None:
        hints = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric"}
        super().__init__(attrs={**hints, **attrs}, format="%d/%m/%Y")


class TimeField(forms.TimeField):
    """An hour and minute as people type them, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        hints = {"placeholder": "giờ:phút", "inputmode": "numeric"}
        widget = forms.TimeInput(attrs=hints, format="%H:%M")
        said = {"invalid": "Ghi giờ và phút, ví dụ 08:30."}
        formats = ["%H:%M", "%Hh%M", "%H giờ %M"]
        super().__init__(input_formats=formats, widget=widget, required=False, error_messages=said, **kwargs)


class LineField(forms.CharField):
    """One line of text in NFC, so that its length is the length that is stored."""

    def to_python(self, value: Any) -> str:
        return nfc(super().to_python(value))


class OfficeForm(forms.Form):
    """A crispy form whose frame and buttons are the template's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
