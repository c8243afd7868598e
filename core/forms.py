"""What forms of every room share. Rules are said by the services."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

from core.enums import MailChoice
from core.numbers import format_number, parse_number

DATE = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off"}


def pair(*names: str) -> Row:
    """Fields side by side on a wide screen, one under another on a phone."""
    return Row(*(Column(name, css_class="col-md") for name in names))


class TidyCharField(forms.CharField):
    """Text brought to its one form (`tidy`) before it is checked: codes and numbers with blanks between."""

    def __init__(self, *, tidy: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.tidy = tidy

    def to_python(self, value: Any) -> str:
        return self.tidy(super().to_python(value))


class VnDecimalField(forms.DecimalField):
    """A number typed and shown as 1.234,5."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        try:
            return parse_number(str(value))
        except ValueError:
            raise ValidationError("Hãy nhập một số, ví dụ 1.234,5.", code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return format_number(value, _places(value)).replace("−", "-") if isinstance(value, Decimal) else value


def _places(value: Decimal) -> int:
    """Decimals of a number without its trailing zeros."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class SaidByService(forms.ModelForm):
    """A model form whose database constraints are put into words by the service, beside the field."""

    layout: Layout | None = None

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        if self.layout is not None:
            self.helper.layout = self.layout

    def _post_clean(self) -> None:
        # As Django does, but database constraints are left to the service: it names the field and says why.
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        exclude = self._get_validation_exclusions()
        try:
            self.instance.full_clean(exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)


class NoticePreferenceForm(forms.Form):
    """How a person wants letters."""

    mail = forms.ChoiceField(label="Thư điện tử", choices=MailChoice.choices, widget=forms.RadioSelect)
