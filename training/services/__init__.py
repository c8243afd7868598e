"""What happens to plans, targets, tasks and classes. Views, commands and the loader come in here.

Every verb asks the right of `by` and raises PermissionDenied without it; `by` None is the system itself.
"""

from training.services.actuals import decide_actual, record_actual, take_over_reported
from training.services.attendance import (
    Mark,
    cancel_enrolment,
    enrol,
    mark,
    mark_attendance,
    mark_half_day,
    may_sign_in,
    record_score,
    settle_sign_ins,
    sign_in,
    write_sheet,
)
from training.services.budget import add_budget_line, remove_budget_line, update_budget_line
from training.services.class_papers import add_material, invite, issue_certificates, remove_material
from training.services.classes import (
    add_half_day,
    create_class,
    give_usual_half_days,
    move_class,
    remove_half_day,
    update_class,
)
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
from training.services.register import (
    Imported,
    add_person,
    add_suggested,
    import_register,
    update_person,
)
from training.services.register_imports import (
    check_register_import_again,
    confirm_register_import,
    discard_register_import,
    request_register_import,
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
    "Imported",
    "Mark",
    "add_budget_line",
    "add_half_day",
    "add_legal_basis",
    "add_material",
    "add_person",
    "add_suggested",
    "add_target",
    "add_task",
    "cancel_enrolment",
    "copy_plan",
    "correct_figures",
    "create_class",
    "create_indicator",
    "create_plan",
    "decide_actual",
    "decide_figures",
    "enrol",
    "freeze_figures",
    "give_usual_half_days",
    "import_register",
    "request_register_import",
    "discard_register_import",
    "confirm_register_import",
    "check_register_import_again",
    "indicator_named",
    "invite",
    "issue_certificates",
    "load_plan_file",
    "mark",
    "mark_attendance",
    "mark_half_day",
    "may_sign_in",
    "move_class",
    "perform_plan_step",
    "record_actual",
    "record_score",
    "remove_budget_line",
    "remove_half_day",
    "remove_legal_basis",
    "remove_material",
    "remove_target",
    "report_task",
    "save_grid",
    "settle_sign_ins",
    "sign_in",
    "sync_indicators",
    "take_over_reported",
    "update_budget_line",
    "update_class",
    "update_indicator",
    "update_person",
    "update_plan",
    "update_target",
    "update_task",
    "write_sheet",
]
