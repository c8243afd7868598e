"""Celery doors of the products room, and how its jobs are put on the queue."""

from collections.abc import Callable
from typing import Any

from celery import Task, shared_task

from core import jobs
from products.services import imports

# The largest workbook allowed (50,000 rows) is written in well under an hour.
IMPORT_SECONDS = 3300


@shared_task(
    name="products.tasks.check_import", time_limit=IMPORT_SECONDS + 60, soft_time_limit=IMPORT_SECONDS
)
def check_import(job_id: str) -> None:
    """Check the workbook of a job."""
    imports.run_check(job_id)


@shared_task(
    name="products.tasks.apply_import", time_limit=IMPORT_SECONDS + 60, soft_time_limit=IMPORT_SECONDS
)
def apply_import(job_id: str) -> None:
    """Write the workbook of a job."""
    imports.run_apply(job_id)


def _starter(task: Task) -> Callable[[Any], None]:
    def start(job_id: Any) -> None:
        task.delay(str(job_id))

    return start


jobs.register_starter(imports.CHECK, _starter(check_import))
jobs.register_starter(imports.APPLY, _starter(apply_import))
