"""What a sign-in name looks like."""

from django.core.validators import RegexValidator

LOWER_NAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,49}$", "Dùng 3 đến 50 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối."
)
