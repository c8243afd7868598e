"""What forms say when an entry is wrong: plain words with an example instead of the framework's phrases."""

from django import forms
from django.core import validators

WORDS = {
    forms.Field: {"required": "Hãy nhập hoặc chọn mục này."},
    forms.DateField: {"invalid": "Hãy viết ngày như 05/11/2026."},
    forms.DateTimeField: {"invalid": "Hãy viết ngày giờ như 05/11/2026 14:30."},
    forms.IntegerField: {"invalid": "Hãy nhập một số nguyên, ví dụ 12."},
    forms.DecimalField: {"invalid": "Hãy nhập một số, ví dụ 12,5."},
    forms.FloatField: {"invalid": "Hãy nhập một số, ví dụ 12,5."},
}


def say_plainly() -> None:
    """Put the words into Django's form fields and checks; a form's own words still win."""
    for field, words in WORDS.items():
        field.default_error_messages = {**field.default_error_messages, **words}
    validators.validate_email.message = "Hãy viết địa chỉ thư như ten@example.com."
    validators.MinValueValidator.message = "Giá trị phải từ %(limit_value)s trở lên."
    validators.MaxValueValidator.message = "Giá trị không được quá %(limit_value)s."
