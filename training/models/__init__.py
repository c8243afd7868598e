from training.models.classes import Enrolment, RegisterPerson, TrainingClass
from training.models.periods import Figure, FigureSet, ReportingPeriod
from training.models.plans import BudgetLine, LegalBasis, Plan
from training.models.targets import Actual, Indicator, Target
from training.models.tasks import Task, TaskNote

__all__ = [
    "Actual",
    "BudgetLine",
    "Enrolment",
    "Figure",
    "FigureSet",
    "Indicator",
    "LegalBasis",
    "Plan",
    "RegisterPerson",
    "ReportingPeriod",
    "Target",
    "Task",
    "TaskNote",
    "TrainingClass",
]
