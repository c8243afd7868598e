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
            self.fields[f"position_{line.key}"] = forms.IntegerField(
                label=f"Thứ tự của phần {line.usual_title}", min_value=1, max_value=99, initial=place
            )
            self.fields[f"title_{line.key}"] = forms.CharField(
                label=f"Tên phần {line.usual_title}", max_length=150, initial=line.title
            )
            self.fields[f"shown_{line.key}"] = forms.BooleanField(
                label=f"In phần {line.usual_title}", required=False, initial=line.is_shown
            )

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
