from training.models.attendance import AttendanceCertificate, ClassMaterial, HalfDay, Presence
from training.models.classes import Enrolment, RegisterPerson, TrainingClass
from training.models.periods import Figure, FigureSet, KeptList, ReportingPeriod
from training.models.plans import BudgetLine, LegalBasis, Plan
from training.models.register_imports import RegisterImport
from training.models.targets import Actual, Indicator, Target
from training.models.tasks import Task, TaskNote

__all__ = [
    "Actual",
    "AttendanceCertificate",
    "BudgetLine",
    "ClassMaterial",
    "Enrolment",
    "Figure",
    "FigureSet",
    "HalfDay",
    "Indicator",
    "KeptList",
    "LegalBasis",
    "Plan",
    "Presence",
    "RegisterImport",
    "RegisterPerson",
    "ReportingPeriod",
    "Target",
    "Task",
    "TaskNote",
    "TrainingClass",
]
