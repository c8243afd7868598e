from evaluation.models.advice import AdvisoryNote, AdvisoryReview
from evaluation.models.assessments import CriterionEvidence, SelfAssessment, SelfChoice
from evaluation.models.catalogue import CatalogueEntry
from evaluation.models.certificates import Certificate, Inspection, InspectionPhoto, Revocation
from evaluation.models.councils import (
    AdvisoryAssignment,
    AgendaItem,
    Council,
    Regulation,
    Round,
    RoundEntry,
    Seat,
    Session,
    TeamSeat,
)
from evaluation.models.criteria import CriteriaSet, CriteriaVersion, Criterion, Erratum, Option, Section
from evaluation.models.decisions import PackagePaper, Submission, SubmissionLine
from evaluation.models.meetings import Attendance, MinuteEntry, Recusal, ReScoring
from evaluation.models.results import Conclusion, Exclusion, Result
from evaluation.models.sheets import Choice, Sheet

__all__ = [
    "AdvisoryAssignment",
    "AdvisoryNote",
    "AdvisoryReview",
    "AgendaItem",
    "Attendance",
    "CatalogueEntry",
    "Certificate",
    "Choice",
    "Conclusion",
    "Council",
    "CriteriaSet",
    "CriteriaVersion",
    "Criterion",
    "CriterionEvidence",
    "Erratum",
    "Exclusion",
    "Inspection",
    "InspectionPhoto",
    "MinuteEntry",
    "Option",
    "PackagePaper",
    "ReScoring",
    "Recusal",
    "Regulation",
    "Result",
    "Revocation",
    "Round",
    "RoundEntry",
    "Seat",
    "Section",
    "SelfAssessment",
    "SelfChoice",
    "Session",
    "Sheet",
    "Submission",
    "SubmissionLine",
    "TeamSeat",
]
