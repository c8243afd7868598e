"""A workbook of persons for the register: uploaded, checked, confirmed, written; kept with its result."""

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.enums import Role
from core.models import AdminUnit, Job
from products.enums import ImportState
from products.models.imports import BADGE_KINDS


class RegisterImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Provincial officers see the imports of their province, whoever began them."""
        return self.filter(user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER))


@pghistory.track(exclude=["findings"])
class RegisterImport(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField("tên tệp", max_length=200)
    file = models.FileField("tệp gốc", max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField("trạng thái", max_length=10, choices=ImportState, default=ImportState.CHECKING)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Every filled line with its cells and what is wrong beside them, and the row of a good one; once written,
    # how many were added.
    findings = models.JSONField(default=dict)
    error = models.TextField("lỗi", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập danh sách tập huấn"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("training:register_import", args=[self.pk])

    @property
    def badge_kind(self) -> str:
        """Kind of `status_badge` that shows this state."""
        return BADGE_KINDS[ImportState(self.state)]

    @property
    def is_under_way(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def is_working(self) -> bool:
        """A worker has the job or will take it."""
        return self.is_under_way and self.job is not None and not self.job.is_finished

    @property
    def is_stuck(self) -> bool:
        """The job ended without an end of the import: cancelled, or its worker was lost twice."""
        return self.is_under_way and not self.is_working

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.findings.get("lines", [])

    @property
    def good(self) -> int:
        """How many lines can be written."""
        return sum(line["row"] is not None for line in self.lines)

    @property
    def bad(self) -> int:
        return len(self.lines) - self.good
