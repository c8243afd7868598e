"""What happens to plans, targets, tasks and classes. Views, commands and the loader come in here.

Every verb asks the right of `by` and raises PermissionDenied without it; `by` None is the system itself.
"""

from training.services.classes import add_person, create_class, enrol, mark_attendance, update_class
from training.services.files import load_plan_file
from training.services.plans import add_legal_basis, create_plan, update_plan
from training.services.targets import (
    add_target,
    indicator_named,
    record_actual,
    remove_target,
    sync_indicators,
    update_target,
)
from training.services.tasks import add_task, report_task, update_task

__all__ = [
    "add_legal_basis",
    "add_person",
    "add_target",
    "add_task",
    "create_class",
    "create_plan",
    "enrol",
    "indicator_named",
    "load_plan_file",
    "mark_attendance",
    "record_actual",
    "remove_target",
    "report_task",
    "sync_indicators",
    "update_class",
    "update_plan",
    "update_target",
    "update_task",
]
