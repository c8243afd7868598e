"""What the pages and papers of a plan show: progress of its targets, its tasks and classes."""

from training.queries.actuals import catalogue, targets_to_report, waiting_actuals
from training.queries.apart import apart_of
from training.queries.budget import Budget, budget_from, budget_of
from training.queries.classes import ClassLine, class_lines
from training.queries.communes import CommuneLine
from training.queries.frozen import (
    closed_until,
    figure_sets_for,
    figure_sets_to_approve,
    frozen_days,
    frozen_targets,
    standing_on,
    versions_of,
)
from training.queries.plans import PlanProgress, default_as_of, plan_progress, plans_for
from training.queries.series import Month, months_of
from training.queries.targets import (
    AS_GIVEN,
    NO_VALUE,
    NOT_YET_DUE,
    TargetProgress,
    Value,
    indicator_url,
    is_counted,
    period_of,
    planned_text,
    scope_text,
)
from training.queries.tasks import TaskLine, overdue_tasks, tasks_by_unit, tasks_due, tasks_for
from training.validators import ADDS_UP

__all__ = [
    "Budget",
    "budget_from",
    "budget_of",
    "catalogue",
    "targets_to_report",
    "waiting_actuals",
    "closed_until",
    "figure_sets_for",
    "figure_sets_to_approve",
    "frozen_days",
    "frozen_targets",
    "standing_on",
    "versions_of",
    "Month",
    "months_of",
    "tasks_by_unit",
    "tasks_for",
    "tasks_due",
    "ADDS_UP",
    "AS_GIVEN",
    "NOT_YET_DUE",
    "NO_VALUE",
    "ClassLine",
    "CommuneLine",
    "PlanProgress",
    "TargetProgress",
    "TaskLine",
    "Value",
    "apart_of",
    "class_lines",
    "default_as_of",
    "indicator_url",
    "is_counted",
    "overdue_tasks",
    "period_of",
    "plan_progress",
    "planned_text",
    "plans_for",
    "scope_text",
]
