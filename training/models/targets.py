"""Indicators, the targets of plans, and the values entered by hand."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from products.models import StoredFile
from training.enums import ActualState, Direction, Operator
from training.models.plans import LineQuerySet, Plan


class IndicatorQuerySet(models.QuerySet):
    def for_province(self, province_id: int | None):
        """What a plan of the province may be made of: shared indicators and the province's own, if any."""
        return self.filter(Q(unit=None) | Q(unit=province_id))

    def visible_to(self, user):
        """Shared ones, and those of the provinces the user serves in or whose communes."""
        own = user.scope.unit_ids(Role.COMMUNE_OFFICER, *Role.province_wide)
        return self.filter(Q(unit=None) | Q(unit__in=own) | Q(unit__children__in=own)).distinct()


@pghistory.track()
class Indicator(models.Model):
    """What is counted. `computed_by` names a query of `training.indicators`; empty means entered by hand.

    `unit`: the province that added it for itself; without one it is shared by all provinces, and kept by the
    administrator.
    """

    code = models.SlugField("mã", unique=True)
    name = NFCCharField("tên chỉ tiêu", max_length=300)
    unit_name = NFCCharField("đơn vị tính", max_length=60)
    definition = models.TextField("cách tính", blank=True)
    direction = models.CharField("chiều tốt", max_length=6, choices=Direction, default=Direction.HIGHER)
    computed_by = models.CharField("tính từ dữ liệu", max_length=60, blank=True)
    is_promotion = models.BooleanField(
        "chỉ tiêu xúc tiến thương mại",
        default=False,
        help_text="Hội chợ, tuần hàng, điểm bán, kết nối tiêu thụ: hiện ở ô Xúc tiến thương mại của bảng "
        "điều hành.",
    )
    unit = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="của tỉnh"
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


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

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "mục tiêu của kế hoạch"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(operator__in=["ge", "gt", "le", "eq", "percent"]) | Q(value__isnull=False),
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

    def get_absolute_url(self) -> str:
        return reverse("training:target", args=[self.pk])


class ActualQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(target__in=Target.objects.visible_to(user))

    def counting(self):
        """What the province has approved."""
        return self.filter(state=ActualState.APPROVED)


@pgtrigger.register(
    pgtrigger.Trigger(
        name="decided_value_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=~pgtrigger.Q(old__state="waiting"),
        func="""
            IF (NEW.target_id, NEW.value, NEW.text, NEW.as_of, NEW.source, NEW.stored_id, NEW.state)
                IS DISTINCT FROM
                (OLD.target_id, OLD.value, OLD.text, OLD.as_of, OLD.source, OLD.stored_id, OLD.state) THEN
                RAISE EXCEPTION 'a value that was approved or refused cannot change'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )
)
@pghistory.track()
class Actual(models.Model):
    """A value entered by hand where the system cannot count; it counts once the province approves it."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="actuals")
    value = models.DecimalField("kết quả", max_digits=14, decimal_places=2, null=True, blank=True)
    text = NFCCharField("nội dung", max_length=400, blank=True)
    as_of = models.DateField("tính đến ngày")
    source = NFCCharField("nguồn", max_length=300)
    stored = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp kèm theo",
    )
    filename = NFCCharField("tên tệp", max_length=200, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=ActualState, default=ActualState.WAITING)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    decision_note = NFCCharField("lý do", max_length=400, blank=True)

    objects = ActualQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả nhập tay"
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_note=""),
                name="actual_refused_with_reason",
                violation_error_message="Ghi lý do không duyệt.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.text if self.value is None else self.value}"
