"""Kinds of papers by the rules they keep, told from the words of page 1."""

from collections.abc import Sequence

from django.db import models

from reports.checker.reading import Page


class Kind(models.TextChoices):
    """`PAPER` has every box of the decree; the others have a form of their own."""

    PAPER = "paper", "Văn bản hành chính"
    MINUTES = "minutes", "Biên bản"
    FORM = "form", "Biểu mẫu, danh sách, bảng"
    CERTIFICATE = "certificate", "Giấy chứng nhận"


_FORM_BEGINS = ("PHIẾU", "BẢNG", "DANH SÁCH", "BÁO CÁO TỰ ĐÁNH GIÁ")


def kind_of(pages: Sequence[Page]) -> Kind:
    """The kind as page 1 says it in lines of capitals."""
    words = [line.text.strip() for line in pages[0].lines]
    if any(word.startswith("Mẫu số") for word in words[:3]):
        return Kind.FORM
    for word in words:
        if word == "BIÊN BẢN":
            return Kind.MINUTES
        if word == "GIẤY CHỨNG NHẬN":
            return Kind.CERTIFICATE
        if word.isupper() and word.startswith(_FORM_BEGINS):
            return Kind.FORM
    return Kind.PAPER
