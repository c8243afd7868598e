"""Papers the system renders: the data they rest on, the bytes, and their hash."""

import pghistory
import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.enums import Role
from core.enums import JobState
from core.models import AdminUnit, Job
from reports.enums import PaperKind, PaperState
from training.models import Plan


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user.scope.unit_q("unit", *Role.province_wide))

    def with_people(self):
        """With what a list or a page of papers shows, in one query; the snapshot stays in the database."""
        return self.select_related("plan", "unit", "requested_by", "job").defer("data")


@pgtrigger.register(
    pgtrigger.Protect(
        name="rendered_stays",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=~pgtrigger.Q(old__sha256=""),
    )
)
@pghistory.track(exclude=["data"])
class Paper(models.Model):
    """One paper. Once it has bytes it never changes: printed again it is the same file."""

    kind = models.CharField("loại", max_length=20, choices=PaperKind, default=PaperKind.PROGRESS)
    title = models.CharField("tên", max_length=300)
    unit = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="papers")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="papers", verbose_name="kế hoạch")
    period_from = models.DateField("từ ngày")
    period_to = models.DateField("đến ngày")
    state = models.CharField("trạng thái", max_length=10, choices=PaperState, default=PaperState.RENDERING)
    job = models.OneToOneField(Job, on_delete=models.SET_NULL, null=True, related_name="paper")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    data = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    template_version = models.CharField(max_length=20, blank=True)
    file = models.FileField("tệp", upload_to="papers/%Y/%m", blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    size = models.PositiveIntegerField("dung lượng", null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="paper_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:detail", args=[self.pk])

    @property
    def is_rendered(self) -> bool:
        return bool(self.sha256)

    @property
    def is_waiting(self) -> bool:
        """A worker has it or will take it."""
        return not self.is_rendered and self.job is not None and not self.job.is_finished

    @property
    def state_now(self) -> tuple[str, str]:
        """Word and badge kind; a paper without a file stands where its job stands."""
        if self.is_rendered:
            return PaperState(self.state).label, "info"
        if self.is_waiting:
            return PaperState.RENDERING.label, "waiting"
        if self.job is not None and self.job.state == JobState.CANCELLED:
            return JobState.CANCELLED.label, "neutral"
        return PaperState.FAILED.label, "danger"
