from evaluation.models.assessments import CriterionEvidence, SelfAssessment, SelfChoice
from evaluation.models.councils import (
    AdvisoryAssignment,
    AgendaItem,
    Council,
    Regulation,
    Round,
    RoundEntry,
    Seat,
    Session,
)
from evaluation.models.criteria import CriteriaSet, CriteriaVersion, Criterion, Erratum, Option, Section
from evaluation.models.results import Conclusion, Exclusion, Result
from evaluation.models.sheets import Choice, Sheet

__all__ = [
    "AdvisoryAssignment",
    "AgendaItem",
    "Choice",
    "Conclusion",
    "Council",
    "CriteriaSet",
    "CriteriaVersion",
    "Criterion",
    "CriterionEvidence",
    "Erratum",
    "Exclusion",
    "Option",
    "Regulation",
    "Result",
    "Round",
    "RoundEntry",
    "Seat",
    "Section",
    "SelfAssessment",
    "SelfChoice",
    "Session",
    "Sheet",
]
