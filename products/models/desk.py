"""What the desks write on a filed version: receipt, check by section, and the commune's report (Mẫu 03)."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import NFCCharField
from products.enums import Desk, Verdict
from products.models.dossiers import DossierVersion


def only_while_at_the_desk(version: str, desk: str, *, owner: str) -> pgtrigger.Trigger:
    """Rows are written only while the newest version of the dossier lies at the desk they belong to.

    `version`, `desk`: SQL for the version's id and the desk, of the row `kept`; `owner`: the column that
    ties the row to them, which never changes.
    """
    return pgtrigger.Trigger(
        name="only_while_at_the_desk",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("kept", "RECORD"), ("found", "TEXT")],
        func=f"""
            IF TG_OP = 'DELETE' THEN kept := OLD; ELSE kept := NEW; END IF;
            SELECT d.state INTO found
            FROM products_dossierversion v JOIN products_dossier d ON d.id = v.dossier_id
            WHERE v.id = {version} AND NOT EXISTS (
                SELECT 1 FROM products_dossierversion w
                WHERE w.dossier_id = v.dossier_id AND w.number > v.number)
            FOR SHARE OF d;
            IF found IS DISTINCT FROM (CASE {desk} WHEN 'commune' THEN 'submitted' ELSE 'proposed' END)
                OR (TG_OP = 'UPDATE' AND NEW.{owner} <> OLD.{owner})
            THEN
                RAISE EXCEPTION 'what a desk wrote on a dossier cannot change once it has left the desk'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN kept;
        """,  # noqa: S608  no value from outside: columns named in this file
    )


@pgtrigger.register(only_while_at_the_desk("kept.version_id", "kept.desk", owner="version_id"))
@pghistory.track()
class DeskCheck(models.Model):
    """Receipt of a filed version by a desk, with the number the desk gave it."""

    version = models.ForeignKey(DossierVersion, on_delete=models.PROTECT, related_name="checks")
    desk = models.CharField("nơi kiểm tra", max_length=8, choices=Desk)
    receipt_number = models.CharField("số tiếp nhận", max_length=60)
    received_on = models.DateField("ngày tiếp nhận")
    # An electronic filing is received by the system the moment it is filed: nobody's name then.
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
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


@pgtrigger.register(
    only_while_at_the_desk(
        "(SELECT c.version_id FROM products_deskcheck c WHERE c.id = kept.check_of_id)",
        "(SELECT c.desk FROM products_deskcheck c WHERE c.id = kept.check_of_id)",
        owner="check_of_id",
    )
)
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


@pgtrigger.register(only_while_at_the_desk("kept.version_id", "'commune'", owner="version_id"))
@pghistory.track()
class CommuneReport(models.Model):
    """Mẫu 03: what the commune says of the product, in four assessments (Đ7 k2, Phụ lục III QĐ 26/2026)."""

    version = models.OneToOneField(DossierVersion, on_delete=models.PROTECT, related_name="commune_report")
    local_material = models.TextField("sử dụng nguyên liệu địa phương", blank=True)
    local_labour = models.TextField("sử dụng lao động địa phương", blank=True)
    idea_origin = models.TextField("nguồn gốc ý tưởng sản phẩm", blank=True)
    local_identity = models.TextField("bản sắc, trí tuệ địa phương", blank=True)
    conclusion = models.TextField("đề nghị của cấp xã", blank=True)
    # As the commune's office gave it, "15/BC-UBND"; a report that has none yet is complete without.
    number = NFCCharField("số, ký hiệu", max_length=60, blank=True)
    signer_name = NFCCharField("người ký", max_length=150, blank=True)
    signer_position = NFCCharField("chức vụ người ký", max_length=150, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "báo cáo của cấp xã (Mẫu 03)"

    def __str__(self) -> str:
        return f"Mẫu 03: {self.version}"

    @property
    def gaps(self) -> list[str]:
        """Names of what is still empty; Mẫu 03 is complete when there is none."""
        needed = [name for name in REPORT_FIELDS if name != "number"]
        names = [name for name in needed if not getattr(self, name)]
        return [str(self._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


REPORT_FIELDS = (
    "local_material", "local_labour", "idea_origin", "local_identity", "conclusion", "signer_name",
    "signer_position", "number",
)  # fmt: skip
