"""The half-days of a class, who was there, its materials, and the certificates of attendance."""

from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import NFCCharField
from core.models import AdminUnit
from products.models import StoredFile
from training.enums import DayPart, PresenceSource
from training.models.classes import Enrolment, TrainingClass


@pghistory.track()
class HalfDay(models.Model):
    """A morning or an afternoon of a class."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="half_days")
    day = models.DateField("ngày")
    part = models.CharField("buổi", max_length=2, choices=DayPart)
    starts_at = models.TimeField("từ giờ")
    ends_at = models.TimeField("đến giờ")

    class Meta:
        verbose_name = "buổi học"
        # "am" stands before "pm".
        ordering = ["day", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "day", "part"],
                name="half_day_once",
                violation_error_message="Buổi này đã có trong lớp.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="half_day_times_in_order",
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.day:%d/%m/%Y}"

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins and ends."""
        return (
            timezone.make_aware(datetime.combine(self.day, self.starts_at)),
            timezone.make_aware(datetime.combine(self.day, self.ends_at)),
        )


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Presence(models.Model):
    """Somebody was there; who came by name alone is `confirmed_at` only when the trainer says so."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="presences")
    half_day = models.ForeignKey(HalfDay, on_delete=models.PROTECT, related_name="presences")
    source = models.CharField("cách ghi", max_length=8, choices=PresenceSource)
    marked_at = models.DateTimeField("ghi lúc", default=timezone.now)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)

    class Meta:
        verbose_name = "có mặt"
        constraints = [models.UniqueConstraint(fields=["enrolment", "half_day"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.enrolment}, {self.half_day}"


class MaterialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Readers of the class, and those enrolled in it."""
        classes = TrainingClass.objects.all()
        return self.filter(
            Q(training_class__in=classes.visible_to(user)) | Q(training_class__in=classes.joined_by(user))
        )


class ClassMaterial(models.Model):
    """A file handed out in a class."""

    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="materials")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    title = NFCCharField("tên tài liệu", max_length=200)
    filename = models.CharField("tên tệp", max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "stored"],
                name="material_once_a_class",
                violation_error_message="Tệp này đã có trong tài liệu của lớp.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AttendanceCertificateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Readers of the area's people, and the person oneself."""
        everybody = Enrolment.objects.all()
        return self.filter(
            Q(enrolment__in=everybody.visible_to(user)) | Q(enrolment__in=everybody.of_account(user))
        )


@pghistory.track()
class AttendanceCertificate(models.Model):
    """Somebody attended a class in full; numbered in a row within a unit and a year, without gaps."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    issued_on = models.DateField("ngày cấp")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AttendanceCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "giấy chứng nhận tập huấn"
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "number"], name="attendance_certificate_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:03d}/{self.year}/CN-TH"
