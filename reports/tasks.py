"""Celery doors of the reports room, on a queue of their own, and how a paper's job is put on it."""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import jobs
from reports import services
from reports.services import batches

log = logging.getLogger(__name__)

# A batch of a thousand papers is rendered within this; a worker that hangs is ended by it.
SECONDS = 1800
LIMITS = {"time_limit": SECONDS + 60, "soft_time_limit": SECONDS}


@shared_task(name="reports.tasks.render_paper", **LIMITS)
def render_paper(job_id: str) -> None:
    """Render the paper of a job."""
    services.render(job_id)


@shared_task(name="reports.tasks.issue_paper")
def issue_paper(job_id: str) -> None:
    """Write the issued file of a job."""
    services.render_issued(job_id)


@shared_task(name="reports.tasks.help_batch", **LIMITS)
def help_batch(paper_id: int) -> None:
    """Render shares of a batch beside the worker that has its job."""
    batches.help_batch(paper_id)


@shared_task(name="reports.tasks.prepare_monthly")
def prepare_monthly() -> int:
    """Ask for the monthly drafts once figures have closed; run every morning by beat."""
    return services.prepare_monthly(timezone.localdate())


def ask_for_help(paper_id: int) -> None:
    """Put a helper of a batch on the queue; without a broker the batch is rendered by one worker."""
    try:
        help_batch.delay(paper_id)
    except OperationalError:
        log.exception("batch %s: the queue cannot be reached", paper_id)


def _starter(task: Task) -> Callable[[Any], None]:
    def start(job_id: Any) -> None:
        task.delay(str(job_id))

    return start


jobs.register_starter(services.JOB_KIND, _starter(render_paper))
jobs.register_starter(services.ISSUE_JOB, _starter(issue_paper))
