"""The sections of a province's progress reports: which, in what order, under which titles."""

import pghistory
from django.db import models

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit


class ReportSectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR))


@pghistory.track()
class ReportSection(models.Model):
    """One section as a unit has set it; `key` is one of `reports.builders.progress.entered.SECTIONS`."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="report_sections")
    key = models.CharField("phần", max_length=20)
    position = models.PositiveSmallIntegerField("thứ tự")
    title = NFCCharField("tên phần", max_length=150)
    is_shown = models.BooleanField("có trong báo cáo", default=True)

    objects = ReportSectionQuerySet.as_manager()

    class Meta:
        verbose_name = "phần của báo cáo"
        ordering = ["unit", "position"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="report_section_once"),
            models.UniqueConstraint(
                fields=["unit", "position"],
                name="report_section_in_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"
