"""Training classes, the register of persons who must be trained, and who came."""

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit, NamedModel
from products.models import Entity
from training.enums import ClassLevel, RegisterGroup
from training.models.plans import Plan


class ClassQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Classes of the own area, of the province above a commune, and of reference plans."""
        scope = user.scope
        condition = scope.unit_q("unit", Role.COMMUNE_OFFICER, *Role.province_wide)
        communes = scope.unit_ids(Role.COMMUNE_OFFICER)
        if communes:
            condition |= Q(unit__children__in=communes)
        if scope.has(Role.COMMUNE_OFFICER, *Role.province_wide):
            condition |= Q(plan__is_reference=True)
        return self.filter(condition).distinct()


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope.unit_q("unit", Role.COMMUNE_OFFICER, *Role.province_wide))


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A commune sees its own people, in whatever class."""
        return self.filter(person__in=RegisterPerson.objects.visible_to(user))


@pghistory.track()
class TrainingClass(models.Model):
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+", verbose_name="địa bàn")
    plan = models.ForeignKey(
        Plan,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="classes",
        verbose_name="kế hoạch",
    )
    title = NFCCharField("tên lớp", max_length=300)
    organiser = NFCCharField("đơn vị tổ chức", max_length=200)
    level = models.CharField("cấp", max_length=10, choices=ClassLevel, default=ClassLevel.PROVINCE)
    topics = models.TextField("nội dung", blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    place = NFCCharField("địa điểm", max_length=200, blank=True)
    planned_trainees = models.PositiveIntegerField("số học viên dự kiến", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)

    objects = ClassQuerySet.as_manager()

    class Meta:
        verbose_name = "lớp tập huấn"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="class_dates_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class RegisterPerson(NamedModel):
    """A person who must be trained: the denominator of "100 % trained" is this register, not heads."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    group = models.CharField("nhóm", max_length=15, choices=RegisterGroup)
    position = NFCCharField("chức vụ", max_length=150, blank=True)
    entity = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="register_persons"
    )
    listed_on = models.DateField("vào danh sách ngày")
    left_on = models.DateField("ra khỏi danh sách", null=True, blank=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "người phải tập huấn"
        ordering = ["sort_name", "pk"]


@pghistory.track()
class Enrolment(models.Model):
    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(RegisterPerson, on_delete=models.PROTECT, related_name="enrolments")
    attended = models.BooleanField("có mặt", default=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "học viên"
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="enrolment_once")]

    def __str__(self) -> str:
        return f"{self.person} - {self.training_class}"
