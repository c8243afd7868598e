"""What happens to plans, targets, tasks and classes. Views, commands and the loader come in here.

Every verb asks the right of `by` and raises PermissionDenied without it; `by` None is the system itself.
"""

from training.services.actuals import decide_actual, record_actual
from training.services.budget import add_budget_line, remove_budget_line, update_budget_line
from training.services.classes import add_person, create_class, enrol, mark_attendance, update_class
from training.services.copying import Copied, copy_plan
from training.services.figures import correct_figures, decide_figures, freeze_figures
from training.services.files import load_plan_file
from training.services.grid import GridConflictError, GridError, save_grid
from training.services.plans import (
    add_legal_basis,
    create_plan,
    perform_plan_step,
    remove_legal_basis,
    update_plan,
)
from training.services.targets import (
    add_target,
    create_indicator,
    indicator_named,
    remove_target,
    sync_indicators,
    update_indicator,
    update_target,
)
from training.services.tasks import add_task, report_task, update_task

__all__ = [
    "Copied",
    "GridConflictError",
    "GridError",
    "add_budget_line",
    "add_legal_basis",
    "add_person",
    "add_target",
    "add_task",
    "copy_plan",
    "correct_figures",
    "create_class",
    "create_indicator",
    "create_plan",
    "decide_actual",
    "decide_figures",
    "enrol",
    "freeze_figures",
    "indicator_named",
    "load_plan_file",
    "mark_attendance",
    "perform_plan_step",
    "record_actual",
    "remove_budget_line",
    "remove_legal_basis",
    "remove_target",
    "report_task",
    "save_grid",
    "sync_indicators",
    "update_budget_line",
    "update_class",
    "update_indicator",
    "update_plan",
    "update_target",
    "update_task",
]
