"""Checks written once and used by forms, imports and services."""

from django.core.exceptions import ValidationError
from vn_ident import is_valid_mst, is_valid_phone

from products.enums import LegalForm


def validate_tax_code(value: str) -> None:
    """Mã số thuế: 10 or 13 digits with a right check digit (Thông tư 105/2020/TT-BTC)."""
    if not is_valid_mst(value):
        raise ValidationError("Mã số thuế không đúng: cần 10 hoặc 13 chữ số, kiểm tra lại từng số.")


def validate_phone(value: str) -> None:
    """A Vietnamese number in national or +84 form."""
    if not is_valid_phone(value):
        raise ValidationError("Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678.")


def check_legal_form(legal_form: str, set_is_tourism: bool) -> None:
    """Associations, managing centres and the like are entities for tourism (set 26) only (Đ2 k3)."""
    if legal_form in LegalForm.tourism_only and not set_is_tourism:
        label = LegalForm(legal_form).label
        raise ValidationError(
            f"Chủ thể loại hình “{label}” chỉ đăng ký được sản phẩm dịch vụ du lịch (bộ 26)."
        )
