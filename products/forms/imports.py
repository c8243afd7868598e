"""Input of the import pages."""

from django import forms

from products.enums import ImportMode

MIME = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportUploadForm(forms.Form):
    """Which workbook, and of which of the officer's provinces."""

    file = forms.FileField(
        label="Tệp Excel (.xlsx)",
        help_text="Nhiều nhất 20 MB và 50.000 dòng. Tải lên chỉ để kiểm tra, chưa ghi gì vào hệ thống.",
        widget=forms.FileInput(attrs={"accept": MIME}),
        error_messages={"required": "Hãy chọn tệp Excel.", "empty": "Tệp rỗng, không có gì bên trong."},
    )
    unit = forms.ModelChoiceField(label="Tỉnh", queryset=None, empty_label=None)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        first = units.first()
        if units.count() == 1:
            self.fields["unit"].widget = forms.HiddenInput()
        self.fields["unit"].initial = first and first.pk


class ImportModeForm(forms.Form):
    """What happens to the good rows when others are bad."""

    mode = forms.ChoiceField(
        choices=ImportMode.choices, error_messages={"required": "Hãy chọn cách ghi dữ liệu."}
    )
