"""Celery doors of the common rooms."""

from celery import shared_task
from django.utils import timezone

from core import jobs, notice_mail, notices, reminders


@shared_task(name="core.tasks.recover_lost_jobs")
def recover_lost_jobs() -> int:
    """Find jobs whose worker was lost; run every minute by beat."""
    return jobs.recover_lost()


@shared_task(name="core.tasks.mail_waiting_notices")
def mail_waiting_notices() -> int:
    """Letters wanted at once: asked for after each act, and by beat for those that could not leave."""
    return notice_mail.mail_waiting()


@shared_task(name="core.tasks.mail_digests")
def mail_digests() -> int:
    """The daily letter; run a few times after seven so that a failed one leaves later."""
    return notice_mail.mail_digests(timezone.localdate())


@shared_task(name="core.tasks.send_reminders")
def send_reminders() -> int:
    """Notices of windows that open and deadlines that pass; run every morning by beat."""
    return sum(reminders.send_all(timezone.localdate()).values())


@shared_task(name="core.tasks.prune_notices")
def prune_notices() -> int:
    """Drop old notices; run every night by beat."""
    return notices.prune()
