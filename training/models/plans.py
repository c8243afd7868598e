"""Plans with what they rest on and the money they ask for."""

import pghistory
from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from core.fields import NFCCharField
from core.models import AdminUnit
from training.enums import FundSource, PlanLevel, PlanStatus


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

    def only_running(self, units, day):
        """The plan of these units carried out on the day, when there is just one: forms begin with it."""
        running = self.filter(unit__in=units, status=PlanStatus.IN_FORCE, is_reference=False)
        found = list(running.filter(starts_on__lte=day, ends_on__gte=day)[:2])
        return found[0] if len(found) == 1 else None


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

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="thuộc kế hoạch",
        help_text="Kế hoạch cấp trên: đề án của kế hoạch giai đoạn, kế hoạch năm của kế hoạch xã.",
    )
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="chép từ"
    )
    # Counts the savings of the allocation grid, so that two writers do not overwrite each other.
    revision = models.PositiveIntegerField("lần lưu bảng phân bổ", default=0)

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
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="plan_not_below_itself",
                violation_error_message="Kế hoạch không thể thuộc chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LineQuerySet(models.QuerySet):
    """Rows of a plan: whoever reads the plan reads them."""

    def visible_to(self, user):
        return self.filter(plan__in=Plan.objects.visible_to(user))


class LegalBasis(models.Model):
    """Căn cứ of a plan: a numbered document."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="legal_bases")
    position = models.PositiveSmallIntegerField(default=1)
    kind = NFCCharField("loại văn bản", max_length=60)
    number = NFCCharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = NFCCharField("cơ quan ban hành", max_length=200, blank=True)
    signer = NFCCharField("người ký", max_length=150, blank=True)
    subject = NFCCharField("trích yếu", max_length=400, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "căn cứ"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.number)))


@pghistory.track()
class BudgetLine(models.Model):
    """Money of a plan for one purpose from one source, in dong: planned, and spent up to a day."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="budget_lines")
    position = models.PositiveSmallIntegerField("thứ tự", default=1)
    purpose = NFCCharField("nội dung chi", max_length=300)
    fund = models.CharField("nguồn vốn", max_length=15, choices=FundSource, default=FundSource.PROVINCE)
    fund_note = NFCCharField("chi tiết nguồn", max_length=200, blank=True)
    planned = models.DecimalField("dự toán", max_digits=15, decimal_places=0)
    spent = models.DecimalField("đã chi", max_digits=15, decimal_places=0, null=True, blank=True)
    spent_on = models.DateField("đã chi tính đến ngày", null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng kinh phí"
        ordering = ["plan", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(spent=None) | Q(spent__gte=0)),
                name="budget_not_negative",
                violation_error_message="Số tiền không được âm.",
            ),
            models.CheckConstraint(
                condition=Q(spent=None) | Q(spent_on__isnull=False),
                name="budget_spent_has_day",
                violation_error_message="Ghi số đã chi tính đến ngày nào.",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose
