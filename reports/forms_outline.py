"""The sections of a province's progress reports as a form: order, title, shown."""

from collections.abc import Sequence
from typing import Any

from django import forms

from reports.outline import Line


class OutlineForm(forms.Form):
    """A row of three fields for each section; sections with the same number keep the order they had."""

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for place, line in enumerate(lines, 1):
            self.fields |= self._fields_of(line, place)

    def _fields_of(self, line: Line, place: int) -> dict[str, forms.Field]:
        usual, box = line.usual_title, {"class": "form-control"}
        position = forms.IntegerField(
            label=f"Thứ tự của phần {usual}",
            min_value=1,
            max_value=99,
            initial=place,
            widget=forms.NumberInput(attrs=box),
        )
        title = forms.CharField(
            label=f"Tên phần {usual}",
            max_length=150,
            initial=line.title,
            widget=forms.TextInput(attrs=box),
        )
        shown = forms.BooleanField(
            label=f"In phần {usual}",
            required=False,
            initial=line.is_shown,
            widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        )
        return {f"position_{line.key}": position, f"title_{line.key}": title, f"shown_{line.key}": shown}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each section side by side."""
        names = ("position", "title", "shown")
        return [{"line": line, **{name: self[f"{name}_{line.key}"] for name in names}} for line in self.lines]

    @property
    def outline(self) -> list[Line]:
        """The sections as they were entered, in their new order."""
        values = self.cleaned_data
        ordered = sorted(self.lines, key=lambda line: values[f"position_{line.key}"])
        return [Line(line.key, values[f"title_{line.key}"], values[f"shown_{line.key}"]) for line in ordered]
