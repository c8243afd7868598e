"""After the council: results on their way to the Chairman, and the file for the Ministry."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from evaluation.enums import PackagePaperKind, SubmissionState
from evaluation.models.councils import AgendaItem
from products.models import StoredFile


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the provinces a person works or reads for."""
        return self.filter(user.scope.unit_q("unit", *Role.province_wide))


@pghistory.track()
class Submission(models.Model):
    """Tờ trình: closed results before the Chairman, who approves them by a decision or sends them back."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="submissions")
    title = NFCCharField("trích yếu", max_length=300)
    number = NFCCharField("số tờ trình", max_length=60, blank=True)
    submitted_on = models.DateField("ngày trình", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT
    )
    decision_number = NFCCharField("số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    sent_back_reason = models.TextField("lý do trả lại", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "tờ trình kết quả"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(submitted_on__isnull=False) & ~Q(number="")),
                name="submission_filed_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_on__isnull=False) & ~Q(decision_number="")),
                name="submission_approved_has_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent_back") | ~Q(sent_back_reason=""), name="submission_back_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class SubmissionLine(models.Model):
    """One result of a submission."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="submission_lines")
    # Sent back alone while the others were approved.
    sent_back_reason = models.TextField("lý do trả lại", blank=True)

    class Meta:
        verbose_name = "kết quả trong tờ trình"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "item"], name="submission_line_once")]

    def __str__(self) -> str:
        return f"{self.item} - {self.submission}"


@pghistory.track()
class PackagePaper(models.Model):
    """A paper the province adds to the file of a potential five-star product for the Ministry (Đ6 k3)."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="package_papers")
    kind = models.CharField("loại giấy tờ", max_length=16, choices=PackagePaperKind)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = NFCCharField("tên giấy tờ", max_length=200)
    number = NFCCharField("số, ký hiệu", max_length=60, blank=True)
    dated_on = models.DateField("ngày", null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "giấy tờ trình Bộ"
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "kind", "stored"], name="package_paper_once")]

    def __str__(self) -> str:
        return self.title
