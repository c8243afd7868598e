"""What forms of every room share. Rules are said by the services."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance

DATE = {"placeholder": "ngày/tháng/năm", "inputmode": "numeric", "autocomplete": "off"}


def pair(*names: str) -> Row:
    """Fields side by side on a wide screen, one under another on a phone."""
    return Row(*(Column(name, css_class="col-md") for name in names))


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
