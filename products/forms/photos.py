"""Forms of a product's pictures."""

from typing import Any

from django import forms

from products.models import ProductPhoto

ACCEPTED = ".jpg,.jpeg,.png,.webp,image/jpeg,image/png,image/webp"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of one input; each is looked at by the service, not here."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, (list, tuple)) else [data]) if file]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class PhotosForm(forms.Form):
    photos = ManyFilesField(
        label="Chọn ảnh",
        help_text="Chọn được nhiều ảnh một lúc. JPEG, PNG hoặc WebP, mỗi ảnh tối đa 15 MB.",
        widget=ManyFiles(attrs={"accept": ACCEPTED}),
        error_messages={"required": "Hãy chọn ít nhất một ảnh."},
    )


class CaptionForm(forms.ModelForm):
    class Meta:
        model = ProductPhoto
        fields = ["caption"]
