from training.models.classes import Enrolment, RegisterPerson, TrainingClass
from training.models.plans import Actual, Indicator, LegalBasis, Plan, Target, Task

__all__ = [
    "Actual",
    "Enrolment",
    "Indicator",
    "LegalBasis",
    "Plan",
    "RegisterPerson",
    "Target",
    "Task",
    "TrainingClass",
]
