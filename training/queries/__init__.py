"""What the pages and papers of a plan show: progress of its targets, its tasks and classes."""

from training.queries.classes import ClassLine, class_lines, enrolments_of, register_for
from training.queries.plans import PlanProgress, default_as_of, plan_progress, plans_for
from training.queries.targets import (
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
from training.queries.tasks import TaskLine, overdue_tasks
from training.validators import ADDS_UP

__all__ = [
    "ADDS_UP",
    "NOT_YET_DUE",
    "NO_VALUE",
    "ClassLine",
    "PlanProgress",
    "TargetProgress",
    "TaskLine",
    "Value",
    "class_lines",
    "default_as_of",
    "enrolments_of",
    "indicator_url",
    "is_counted",
    "overdue_tasks",
    "period_of",
    "plan_progress",
    "planned_text",
    "plans_for",
    "register_for",
    "scope_text",
]
