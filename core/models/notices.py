"""Notices: what happened or comes near that a person should know of, and how the person wants letters."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.enums import MailChoice, NoticeKind
from core.fields import NFCCharField


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """People see their own notices."""
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at=None)

    def unmailed(self):
        """Not sent by mail yet; what was read on the page needs no letter."""
        return self.filter(mailed_at=None, read_at=None)


class Notice(models.Model):
    """One thing told to one person, once: `key` says what it is about and never comes twice for a person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField("loại", max_length=12, choices=NoticeKind)
    key = models.CharField(max_length=200)
    title = NFCCharField("nội dung", max_length=300)
    body = models.TextField("chi tiết", blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField("lúc", auto_now_add=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)
    mailed_at = models.DateTimeField("gửi thư lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once_per_person")]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_latest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_icon(self) -> str:
        return NoticeKind(self.kind).icon


class NoticePreference(models.Model):
    """How a person wants letters; without a row: one a day (`MailChoice.DAILY`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    mail = models.CharField("thư điện tử", max_length=8, choices=MailChoice, default=MailChoice.DAILY)
    last_digest_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "tùy chọn thông báo"

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mail_display()}"
