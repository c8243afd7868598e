"""Celery door of the reports room, and how a paper's job is put on the queue."""

import logging
from typing import Any

from celery import shared_task
from kombu.exceptions import OperationalError

from core import jobs
from reports import services

log = logging.getLogger(__name__)


@shared_task(name="reports.tasks.render_paper")
def render_paper(job_id: str) -> None:
    """Render the paper of a job."""
    services.render(job_id)


def start(job_id: Any) -> None:
    """Put a paper's job on the queue; without a broker it waits for `core.jobs.recover_lost`."""
    try:
        render_paper.delay(str(job_id))
    except OperationalError:
        log.exception("job %s: the queue cannot be reached", job_id)


jobs.register_starter(services.JOB_KIND, start)
