"""An import of a workbook: uploaded, checked, confirmed, written; kept with its result."""

import uuid

import pghistory
from django.conf import settings
from django.db import models

from accounts.enums import Role
from core.models import AdminUnit, Job
from products.enums import ImportMode, ImportState

BADGE_KINDS = {
    ImportState.CHECKING: "waiting",
    ImportState.CHECKED: "info",
    ImportState.APPLYING: "waiting",
    ImportState.DONE: "good",
    ImportState.FAILED: "danger",
    ImportState.DISCARDED: "neutral",
}


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Provincial officers see the imports of their province, whoever began them."""
        return self.filter(user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER))


@pghistory.track(exclude=["findings"])
class Import(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField("tên tệp", max_length=200)
    file = models.FileField("tệp gốc", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=ImportState, default=ImportState.CHECKING)
    mode = models.CharField("cách ghi", max_length=14, choices=ImportMode, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Answers to what the program must not guess (an ambiguous commune, a possible duplicate).
    answers = models.JSONField(default=dict)
    # Counts and, for each row with something to say, its errors, warnings and questions.
    findings = models.JSONField(default=dict)
    result_file = models.FileField("tệp kết quả", max_length=200, blank=True)
    error = models.TextField("lỗi", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập dữ liệu"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename

    @property
    def badge_kind(self) -> str:
        """Kind of `status_badge` that shows this state."""
        return BADGE_KINDS[self.state]
