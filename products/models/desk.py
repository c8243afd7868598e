"""What the desks write on a filed version: receipt, check by section, and the commune's report (Mẫu 03)."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import NFCCharField
from products.enums import Desk, Verdict
from products.models.dossiers import DossierVersion


@pghistory.track()
class DeskCheck(models.Model):
    """Receipt of a filed version by a desk, with the number the desk gave it."""

    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="checks")
    desk = models.CharField("nơi kiểm tra", max_length=8, choices=Desk)
    receipt_number = models.CharField("số tiếp nhận", max_length=60)
    received_on = models.DateField("ngày tiếp nhận")
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    samples_received = models.PositiveSmallIntegerField("số mẫu đã nhận", null=True, blank=True)

    class Meta:
        verbose_name = "tiếp nhận, kiểm tra hồ sơ"
        ordering = ["version__number", "desk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "desk"], name="desk_check_once_a_version"),
            models.UniqueConstraint(fields=["receipt_number"], name="receipt_number_unique"),
        ]

    def __str__(self) -> str:
        return self.receipt_number


@pghistory.track()
class SectionCheck(models.Model):
    """What a desk found on one section; a lacking one says why, and the entity reads it beside the fields."""

    check_of = models.ForeignKey(DeskCheck, on_delete=models.CASCADE, related_name="sections")
    # Slug of `completeness.SECTIONS`.
    section = models.CharField("phần", max_length=20)
    verdict = models.CharField("kết quả", max_length=8, choices=Verdict)
    note = models.TextField("nội dung cần bổ sung", blank=True)

    class Meta:
        verbose_name = "kiểm tra từng phần"
        constraints = [
            models.UniqueConstraint(fields=["check_of", "section"], name="section_checked_once"),
            models.CheckConstraint(condition=Q(verdict="ok") | ~Q(note=""), name="lacking_section_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.get_verdict_display()}"


@pghistory.track()
class CommuneReport(models.Model):
    """Mẫu 03: what the commune says of the product, in four assessments (Đ7 k2, Phụ lục III QĐ 26/2026)."""

    version = models.OneToOneField(DossierVersion, on_delete=models.PROTECT, related_name="commune_report")
    local_material = models.TextField("sử dụng nguyên liệu địa phương", blank=True)
    local_labour = models.TextField("sử dụng lao động địa phương", blank=True)
    idea_origin = models.TextField("nguồn gốc ý tưởng sản phẩm", blank=True)
    local_identity = models.TextField("bản sắc, trí tuệ địa phương", blank=True)
    conclusion = models.TextField("đề nghị của cấp xã", blank=True)
    signer_name = NFCCharField("người ký", max_length=150, blank=True)
    signer_position = NFCCharField("chức vụ người ký", max_length=150, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "báo cáo của cấp xã (Mẫu 03)"

    def __str__(self) -> str:
        return f"Mẫu 03: {self.version}"
