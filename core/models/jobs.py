"""Long work: one row a job, carried out by Celery, watched by a page."""

import uuid

import pghistory
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.enums import JobState


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People see the jobs they asked for."""
        return self.filter(owner=user)

    def active(self):
        return self.filter(state__in=JobState.active_states)


@pghistory.track(exclude=["sent_at", "heartbeat_at", "progress", "message"])
class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("loại việc", max_length=40)
    title = models.CharField("tên việc", max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField("trạng thái", max_length=10, choices=JobState, default=JobState.QUEUED)
    progress = models.PositiveSmallIntegerField("phần trăm", default=0)
    message = models.CharField("đang làm", max_length=300, blank=True)
    error = models.TextField("lỗi", blank=True)
    result_url = models.CharField("kết quả", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    created_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    # When it was put on the queue last; empty while it waits for the queue to be reached.
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField("kết thúc lúc", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chạy nền"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="job_lost_lookup")]
        constraints = [
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_at_most_100"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.pk])

    @property
    def share(self) -> float:
        """How far it is, 0 to 1, for a progress bar."""
        return self.progress / 100

    @property
    def is_finished(self) -> bool:
        return self.state in JobState.finished_states
