"""Training classes, the register of persons who must be trained, and who came."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit, NamedModel
from products.models import Entity
from training.enums import ClassLevel, ClassMethod, ClassState, RegisterGroup
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

    def joined_by(self, user):
        """Classes the user is enrolled in, as oneself or for one's entity."""
        return self.filter(enrolments__person__in=RegisterPerson.objects.of_account(user)).distinct()


class RegisterQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope.unit_q("unit", Role.COMMUNE_OFFICER, *Role.province_wide))

    def of_account(self, user):
        """Whom the account stands for: the person linked to it, and the leaders of its entity."""
        return self.filter(Q(user=user) | Q(entity__accounts__user=user))

    def on(self, day):
        """Who is on the register on a day."""
        return self.filter(Q(listed_on__lte=day), Q(left_on=None) | Q(left_on__gt=day))


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A commune sees its own people, in whatever class."""
        return self.filter(person__in=RegisterPerson.objects.visible_to(user))

    def of_account(self, user):
        return self.filter(person__in=RegisterPerson.objects.of_account(user))


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
    online_link = models.URLField("liên kết học trực tuyến", max_length=300, blank=True)
    method = models.CharField("hình thức", max_length=10, choices=ClassMethod, default=ClassMethod.LECTURE)
    legal_basis = NFCCharField("căn cứ", max_length=300, blank=True)
    target_groups = ArrayField(
        models.CharField(max_length=15, choices=RegisterGroup),
        verbose_name="đối tượng",
        default=list,
        blank=True,
    )
    budget = models.DecimalField(
        "kinh phí (đồng)",
        max_digits=14,
        decimal_places=0,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    state = models.CharField("trạng thái", max_length=10, choices=ClassState, default=ClassState.PLANNED)
    cancel_reason = NFCCharField("lý do hủy", max_length=500, blank=True)
    # The share of the half-days a person must be there for to have attended the class.
    attendance_share = models.PositiveSmallIntegerField(
        "dự từ (% số buổi)", default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_score = models.DecimalField(
        "thang điểm bài kiểm tra",
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=[MinValueValidator(Decimal(1))],
    )
    # Empty: the class has no test.
    pass_mark = models.DecimalField(
        "điểm đạt",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
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
            models.CheckConstraint(
                condition=Q(attendance_share__range=(1, 100)),
                name="class_attendance_share_is_a_share",
                violation_error_message="Ghi tỷ lệ từ 1 đến 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(pass_mark=None) | Q(pass_mark__lte=F("max_score")),
                name="class_pass_mark_within_scale",
                violation_error_message="Điểm đạt không được cao hơn thang điểm.",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="class_cancelled_with_reason",
                violation_error_message="Ghi lý do hủy lớp.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_test(self) -> bool:
        return self.pass_mark is not None

    @property
    def groups_text(self) -> str:
        """The target groups in words."""
        return ", ".join(str(RegisterGroup(group).label) for group in self.target_groups)

    def halves_needed(self, total: int) -> int:
        """How many of `total` half-days make a full attendance: the share, rounded up, at least one."""
        return max(1, -(-total * self.attendance_share // 100))


@pghistory.track()
class RegisterPerson(NamedModel):
    """A person who must be trained: the denominator of "100 % trained" is this register, not heads."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    group = models.CharField("nhóm", max_length=15, choices=RegisterGroup)
    position = NFCCharField("chức vụ", max_length=150, blank=True)
    entity = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="register_persons"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="register_persons",
        verbose_name="tài khoản",
    )
    listed_on = models.DateField("vào danh sách ngày")
    left_on = models.DateField("ra khỏi danh sách", null=True, blank=True)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = "người phải tập huấn"
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                condition=Q(left_on=None) & Q(user__isnull=False),
                name="register_account_once_a_group",
                violation_error_message="Tài khoản này đã gắn với một người trong danh sách.",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("listed_on")),
                name="register_dates_in_order",
                violation_error_message="Ngày ra khỏi danh sách phải sau ngày vào.",
            ),
        ]


@pghistory.track()
class Enrolment(models.Model):
    training_class = models.ForeignKey(TrainingClass, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(RegisterPerson, on_delete=models.PROTECT, related_name="enrolments")
    # Both follow from the presences (`services.attendance` counts them again after every change): how many
    # half-days the person was there for, and whether these are enough by the rule of the class.
    present_halves = models.PositiveSmallIntegerField("số buổi có mặt", default=0)
    attended = models.BooleanField("dự đủ", default=False)
    score = models.DecimalField("điểm kiểm tra", max_digits=5, decimal_places=2, null=True, blank=True)
    invited_at = models.DateTimeField("mời lúc", null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "học viên"
        constraints = [models.UniqueConstraint(fields=["training_class", "person"], name="enrolment_once")]

    def __str__(self) -> str:
        return f"{self.person} - {self.training_class}"

    @property
    def passed(self) -> bool | None:
        """Whether the test was passed; None without a test or a score."""
        mark = self.training_class.pass_mark
        return None if mark is None or self.score is None else self.score >= mark
