"""Celery doors of the common rooms."""

from celery import shared_task

from core import jobs


@shared_task(name="core.tasks.recover_lost_jobs")
def recover_lost_jobs() -> int:
    """Find jobs whose worker was lost; run every minute by beat."""
    return jobs.recover_lost()
