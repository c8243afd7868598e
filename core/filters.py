"""What the filters of every list share."""

from django import forms

EVERYTHING = "Tất cả"


class ListForm(forms.Form):
    """The filters of a list: those of every day in a row, the others behind a button."""

    everyday_names: tuple[str, ...] = ()

    @property
    def everyday(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in self.everyday_names]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.everyday_names]

    @property
    def uses_more(self) -> bool:
        return any(field.value() for field in self.more)
