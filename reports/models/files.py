"""Further files of a paper, and the shares of a batch while it is being rendered."""

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from reports.enums import FileForm
from reports.models.papers import Paper


@pgtrigger.register(pgtrigger.Protect(name="paper_file_stays", operation=pgtrigger.Update | pgtrigger.Delete))
class PaperFile(models.Model):
    """A file of a paper beside the draft: written once, never changed."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="files")
    form = models.CharField("dạng", max_length=8, choices=FileForm)
    file = models.FileField("tệp", upload_to="papers/%Y/%m")
    sha256 = models.CharField("mã băm", max_length=64, db_index=True)
    size = models.PositiveIntegerField("dung lượng")
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)
    # Of a signed file: what its signatures say (`reports.signatures`).
    details = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "tệp của văn bản"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paper", "form"], name="paper_file_once_a_form")]

    def __str__(self) -> str:
        return f"{self.paper}: {self.get_form_display()}"


class BatchShare(models.Model):
    """Papers `first` to `last` of a batch, rendered together by one worker into one ZIP; gone once merged."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="shares")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    # How often a worker began it: one that kills its worker must not go on for ever.
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    # How many of its papers are rendered so far.
    rendered = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="papers/shares/%Y/%m", blank=True)

    class Meta:
        verbose_name = "phần của tập văn bản"
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "first"], name="batch_share_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="batch_share_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.first}-{self.last}"

    @property
    def size(self) -> int:
        return self.last - self.first + 1
