"""Celery doors of the training room, and how its jobs are put on the queue."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

from core import jobs
from training.services import register_imports


@shared_task(name="training.tasks.check_register")
def check_register(job_id: str) -> None:
    """Check the workbook of a job."""
    register_imports.run_register_check(job_id)


@shared_task(name="training.tasks.apply_register")
def apply_register(job_id: str) -> None:
    """Write the workbook of a job."""
    register_imports.run_register_apply(job_id)


def _starter(task: Task) -> Callable[[Any], None]:
    def start(job_id: Any) -> None:
        task.delay(str(job_id))

    return start


jobs.register_starter(register_imports.CHECK, _starter(check_register))
jobs.register_starter(register_imports.APPLY, _starter(apply_register))
