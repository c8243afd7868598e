"""Checks written once and used by forms, imports and services."""

from django.core.exceptions import ValidationError
from vn_ident import is_valid_cccd, is_valid_mst

from core.phones import BETWEEN, normal_phone, validate_phone
from products.enums import LegalForm

__all__ = ["check_legal_form", "normal_phone", "normal_tax_code", "validate_phone", "validate_tax_code"]


def normal_tax_code(value: str) -> str:
    """One way to write a tax code: "0100 109 106.001" gives "0100109106-001"; what is none stays as typed."""
    figures = BETWEEN.sub("", value)
    if not figures.isascii() or not figures.isdigit():
        return value.strip()
    return f"{figures[:10]}-{figures[10:]}" if len(figures) == 13 else figures


def validate_tax_code(value: str) -> None:
    """Mã số thuế: 10 or 13 digits with a right check digit.

    Households and household businesses use the owner's 12-digit personal number instead since 1/7/2025
    (Thông tư 86/2024/TT-BTC).
    """
    if not (is_valid_mst(value) or (len(value) == 12 and is_valid_cccd(value))):
        raise ValidationError(
            "Mã số thuế không đúng: cần 10 hoặc 13 chữ số (hộ kinh doanh: 12 chữ số), kiểm tra lại từng số."
        )


def check_legal_form(legal_form: str, set_is_tourism: bool) -> None:
    """Associations, managing centres and the like are entities for tourism (set 26) only (Đ2 k3)."""
    if legal_form in LegalForm.tourism_only and not set_is_tourism:
        label = LegalForm(legal_form).label
        raise ValidationError(
            f"Chủ thể loại hình “{label}” chỉ đăng ký được sản phẩm dịch vụ du lịch (bộ 26)."
        )
