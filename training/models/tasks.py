"""Tasks: who owes what by when, and how it goes."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.fields import NFCCharField
from core.models import AdminUnit
from products.models import StoredFile
from training.enums import TaskStatus
from training.models.plans import LineQuerySet, Plan


class TaskQuerySet(LineQuerySet):
    def overdue(self, day):
        return self.filter(due_on__lt=day, status__in=TaskStatus.unfinished)

    def of_units(self, units):
        """Led or supported by one of the units."""
        return self.filter(Q(lead_admin_unit__in=units) | Q(supporting_admin_units__in=units)).distinct()


@pghistory.track()
class Task(models.Model):
    """Nhiệm vụ giao: who owes what by when."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    title = NFCCharField("nhiệm vụ", max_length=400)
    lead_unit = NFCCharField("đơn vị chủ trì", max_length=200)
    lead_admin_unit = models.ForeignKey(
        AdminUnit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="xã, phường chủ trì",
        help_text="Chọn khi UBND cấp xã chủ trì: cán bộ xã tự báo tiến độ.",
    )
    supporting_units = NFCCharField("đơn vị phối hợp", max_length=400, blank=True)
    supporting_admin_units = models.ManyToManyField(
        AdminUnit, blank=True, related_name="+", verbose_name="xã, phường phối hợp"
    )
    due_on = models.DateField("hạn", null=True, blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    result = models.TextField("kết quả", blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    report = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="báo cáo"
    )
    report_name = NFCCharField("tên tệp báo cáo", max_length=200, blank=True)
    # Where it was assigned, when not in the plan itself.
    conclusion = NFCCharField("kết luận hội nghị", max_length=300, blank=True)
    conclusion_number = NFCCharField("số văn bản", max_length=60, blank=True)
    conclusion_on = models.DateField("ngày kết luận", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        ordering = ["plan", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:task", args=[self.pk])

    def is_late(self, day) -> bool:
        """Its day has passed and it is not done."""
        return self.due_on is not None and self.due_on < day and self.status in TaskStatus.unfinished


@pgtrigger.register(
    pgtrigger.Protect(name="note_written_once", operation=pgtrigger.Update | pgtrigger.Delete)
)
class TaskNote(models.Model):
    """How a task goes, as its lead unit says it; written once."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField("tiến độ")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField("ghi lúc", auto_now_add=True)

    class Meta:
        verbose_name = "ghi chép tiến độ"
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.task}: {self.text[:80]}"
