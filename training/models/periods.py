"""Reporting periods and the figures frozen at their cut-off."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from core.models import AdminUnit
from training.enums import FigureSetState, PeriodKind, TargetStatus
from training.models.plans import LineQuerySet, Plan
from training.models.targets import Target


class ReportingPeriod(models.Model):
    """Kỳ báo cáo: from one day to its cut-off; `number` is the month or quarter of the year, else 1."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    kind = models.CharField("loại kỳ", max_length=8, choices=PeriodKind)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("tháng, quý", default=1)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("chốt đến hết ngày")

    class Meta:
        verbose_name = "kỳ báo cáo"
        ordering = ["-ends_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "number"], name="period_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="period_dates_in_order"),
        ]

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"Tháng {self.number}/{self.year}"
            case PeriodKind.QUARTER:
                return f"Quý {self.number}/{self.year}"
        return f"{PeriodKind(self.kind).label} {self.year}"


class FigureSetQuerySet(LineQuerySet):
    def approved(self):
        return self.filter(state=FigureSetState.APPROVED)


@pgtrigger.register(
    pgtrigger.Protect(name="figure_set_stays", operation=pgtrigger.Delete),
    pgtrigger.Trigger(
        name="figure_set_decided_once",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF OLD.state <> 'waiting' OR
                (NEW.period_id, NEW.plan_id, NEW.number, NEW.as_of, NEW.reason, NEW.summary, NEW.frozen_by_id,
                 NEW.frozen_at)
                IS DISTINCT FROM
                (OLD.period_id, OLD.plan_id, OLD.number, OLD.as_of, OLD.reason, OLD.summary, OLD.frozen_by_id,
                 OLD.frozen_at) THEN
                RAISE EXCEPTION 'frozen figures cannot change; a correction is a new version'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    ),
)
class FigureSet(models.Model):
    """One version of a plan's figures of a period: never recomputed; a correction is the next version."""

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="figure_sets")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="figure_sets")
    number = models.PositiveSmallIntegerField("bản")
    as_of = models.DateField("số liệu đến ngày")
    reason = models.TextField("lý do đính chính", blank=True)
    # Sums of tasks and money, the share of time passed, and what the dashboard shows beside the targets
    # (`training.queries.standing`; versions frozen before it was kept have none).
    summary = models.JSONField(encoder=DjangoJSONEncoder, default=dict)
    state = models.CharField(
        "tình trạng", max_length=10, choices=FigureSetState, default=FigureSetState.WAITING
    )
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    frozen_at = models.DateTimeField("chốt lúc", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    decision_note = models.TextField("ý kiến", blank=True)

    objects = FigureSetQuerySet.as_manager()

    class Meta:
        verbose_name = "bản chốt số liệu"
        ordering = ["-period__ends_on", "plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "plan", "number"], name="figure_set_number_once"),
            models.UniqueConstraint(
                fields=["period", "plan"],
                condition=Q(state="waiting"),
                name="figure_set_one_waiting",
                violation_error_message="Đang có một bản chờ duyệt của kỳ này.",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="figure_set_correction_has_reason",
                violation_error_message="Ghi lý do đính chính.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="figure_set_decision_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, bản {self.number}"


# What is kept with a version joins it before it is decided.
_ONLY_WHILE_WAITING = """
            SELECT state INTO found FROM training_figureset WHERE id = NEW.figure_set_id FOR SHARE;
            IF found <> 'waiting' THEN
                RAISE EXCEPTION 'no figure joins a decided version'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """


@pgtrigger.register(
    pgtrigger.Protect(name="figure_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="figure_only_while_waiting",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("found", "TEXT")],
        func=_ONLY_WHILE_WAITING,
    ),
)
class Figure(models.Model):
    """A target's frozen line: its value, how long the list behind it was, and its status."""

    figure_set = models.ForeignKey(FigureSet, on_delete=models.PROTECT, related_name="figures")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="figures")
    position = models.PositiveSmallIntegerField()
    value = models.DecimalField("lũy kế", max_digits=14, decimal_places=2, null=True)
    in_period = models.IntegerField("trong kỳ", null=True)
    list_size = models.PositiveIntegerField("số dòng của danh sách", null=True)
    status = models.CharField(max_length=10, choices=TargetStatus)
    corrected = models.BooleanField("đính chính", default=False)
    # The line as the page shows it (`training.queries.frozen`).
    line = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = "số liệu đã chốt"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["figure_set", "target"], name="figure_once_per_target"),
        ]

    def __str__(self) -> str:
        return f"{self.figure_set}: {self.target}"


@pgtrigger.register(
    pgtrigger.Protect(name="kept_list_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="kept_list_only_while_waiting",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("found", "TEXT")],
        func=_ONLY_WHILE_WAITING,
    ),
)
class KeptList(models.Model):
    """The records of one kind that stood behind a version's figures, as they were when it was frozen.

    One row for all of them: the database packs it, and a version of 20.000 products stays a handful of rows.
    """

    figure_set = models.ForeignKey(FigureSet, on_delete=models.PROTECT, related_name="lists")
    name = models.CharField(max_length=40)
    # The figures it stands behind, each with its words of then (`training.kept.Part`), in the order of the
    # bits by which a row says which of them counted it.
    parts = models.JSONField()
    heads = models.JSONField()
    # `training.kept.KeptRow`, in the order of the list.
    rows = models.JSONField()

    class Meta:
        verbose_name = "danh sách đã chốt"
        constraints = [
            models.UniqueConstraint(fields=["figure_set", "name"], name="kept_list_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.figure_set}: {self.name}"
