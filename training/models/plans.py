"""Plans with their targets and tasks; indicators and what was reached."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from training.enums import Operator, PlanLevel, PlanStatus, TaskStatus


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The province's people see its plans and its communes'; a commune sees its own and the province's.

        Reference plans are read by everybody who reads plans, whatever province they belong to.
        """
        scope = user.scope
        condition = scope.unit_q("unit", Role.COMMUNE_OFFICER, *Role.province_wide)
        communes = scope.unit_ids(Role.COMMUNE_OFFICER)
        if communes:
            condition |= Q(unit__children__in=communes) & ~Q(status=PlanStatus.DRAFT)
        if scope.has(Role.COMMUNE_OFFICER, *Role.province_wide):
            condition |= Q(is_reference=True)
        return self.filter(condition).distinct()


@pghistory.track()
class Plan(models.Model):
    code = models.SlugField("mã kế hoạch", unique=True)
    title = NFCCharField("tên kế hoạch", max_length=300)
    level = models.CharField("cấp", max_length=10, choices=PlanLevel, default=PlanLevel.YEAR)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="plans", verbose_name="đơn vị")
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    objectives = models.TextField("mục đích, yêu cầu", blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT)
    source = models.CharField("nguồn số liệu", max_length=300, blank=True)
    is_reference = models.BooleanField(
        "tài liệu tham khảo",
        default=False,
        help_text="Kế hoạch cũ hoặc của nơi khác, để tra cứu: không tính từ dữ liệu, không nhắc hạn.",
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plan_dates_in_order",
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LegalBasis(models.Model):
    """Căn cứ of a plan: a numbered document."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="legal_bases")
    position = models.PositiveSmallIntegerField(default=1)
    kind = NFCCharField("loại văn bản", max_length=60)
    number = NFCCharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = NFCCharField("cơ quan ban hành", max_length=200, blank=True)
    subject = NFCCharField("trích yếu", max_length=400, blank=True)

    class Meta:
        verbose_name = "căn cứ"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.number)))


@pghistory.track()
class Indicator(models.Model):
    """What is counted. `computed_by` names a query of `training.indicators`; empty means entered by hand."""

    code = models.SlugField("mã", unique=True)
    name = NFCCharField("tên chỉ tiêu", max_length=300)
    unit_name = NFCCharField("đơn vị tính", max_length=60)
    definition = models.TextField("cách tính", blank=True)
    computed_by = models.CharField("tính từ dữ liệu", max_length=60, blank=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TargetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user))


@pghistory.track()
class Target(models.Model):
    """One row of a plan: an indicator, for the whole area or one unit, with what must be reached.

    Kinds seen in real plans: floor, range, value per lower unit, percentage, total with a split, date, words.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="targets", verbose_name="chỉ tiêu"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    unit = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="giao cho"
    )
    per_unit = NFCCharField(
        "mỗi đơn vị",
        max_length=100,
        blank=True,
        help_text='Ví dụ "mỗi huyện, thành phố"; để trống: toàn kế hoạch.',
    )
    units_count = models.PositiveSmallIntegerField(
        "số đơn vị", null=True, blank=True, help_text="Có bao nhiêu đơn vị được giao như nhau."
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="trong đó của",
    )
    operator = models.CharField("phép so", max_length=10, choices=Operator, default=Operator.AT_LEAST)
    value = models.DecimalField("giá trị", max_digits=14, decimal_places=2, null=True, blank=True)
    value_to = models.DecimalField("đến", max_digits=14, decimal_places=2, null=True, blank=True)
    text = NFCCharField("nội dung", max_length=400, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = "mục tiêu của kế hoạch"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(operator__in=["ge", "gt", "eq", "percent"]) | Q(value__isnull=False),
                name="target_counted_has_value",
                violation_error_message="Nhập giá trị phải đạt.",
            ),
            models.CheckConstraint(
                condition=~Q(operator="range") | Q(value__isnull=False, value_to__gte=F("value")),
                name="target_range_in_order",
                violation_error_message="Khoảng giá trị: số sau không được nhỏ hơn số trước.",
            ),
            models.CheckConstraint(
                condition=~Q(operator="ratio") | Q(value__isnull=False, value_to__gt=0),
                name="target_ratio_has_both",
                violation_error_message="Tỷ số cần cả tử số và mẫu số.",
            ),
            models.CheckConstraint(
                condition=~Q(operator="percent") | Q(value__lte=100),
                name="target_percent_at_most_100",
                violation_error_message="Tỷ lệ không được quá 100 %.",
            ),
            models.CheckConstraint(
                condition=~Q(operator="date") | Q(due_on__isnull=False),
                name="target_date_has_date",
                violation_error_message="Nhập ngày phải xong.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} ({self.plan.code})"


@pghistory.track()
class Actual(models.Model):
    """A value entered by hand for an indicator the system cannot count, with its source and date."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="actuals")
    value = models.DecimalField("kết quả", max_digits=14, decimal_places=2, null=True, blank=True)
    text = NFCCharField("nội dung", max_length=400, blank=True)
    as_of = models.DateField("tính đến ngày")
    source = NFCCharField("nguồn", max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "kết quả nhập tay"
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.target}: {self.text if self.value is None else self.value}"


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user))

    def overdue(self, day):
        return self.filter(due_on__lt=day, status__in=[TaskStatus.OPEN, TaskStatus.DOING])


@pghistory.track()
class Task(models.Model):
    """Nhiệm vụ giao: who owes what by when."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    title = NFCCharField("nhiệm vụ", max_length=400)
    lead_unit = NFCCharField("đơn vị chủ trì", max_length=200)
    supporting_units = NFCCharField("đơn vị phối hợp", max_length=400, blank=True)
    due_on = models.DateField("hạn", null=True, blank=True)
    status = models.CharField("tình trạng", max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    result = models.TextField("kết quả", blank=True)
    done_on = models.DateField("xong ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        ordering = ["plan", "position", "pk"]

    def __str__(self) -> str:
        return self.title
