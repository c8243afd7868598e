"""What happens to a self-assessment (Mẫu 02): choices saved one by one, copied when a version opens."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.models import CriteriaSet, CriterionEvidence, SelfAssessment, SelfChoice
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.services.criteria import in_force_set
from products.models import DossierVersion, Evidence
from products.services import AlreadyThereError, add_evidence

CHANGE = "products.change_dossier"
FROZEN = "Hồ sơ đã nộp nên bản tự đánh giá không sửa được nữa. Muốn sửa, cần được trả lại để bổ sung."
NOTE_LIMIT = 2000


class UnknownChoice(ObjectDoesNotExist):
    """The criterion or option is not of the dossier's set: the request was tampered with."""


@dataclass(frozen=True)
class Answer:
    """One choice as it comes from the screen: ids of rows; no option is "none of the options" (0 points)."""

    criterion_id: int
    option_id: int | None
    note: str = ""


def save_choice(
    *, version: DossierVersion, criterion_id: int, option_id: int | None, note: str = "", by: Any
) -> SelfAssessment:
    """Keep one choice with its note; the first one opens the assessment and pins the set in force.

    Raises PermissionDenied, DomainError when the version is frozen, UnknownChoice for a criterion
    or option of another set or criterion.
    """
    return save_answers(version=version, answers=[Answer(criterion_id, option_id, note)], by=by)


@transaction.atomic
def save_answers(*, version: DossierVersion, answers: Iterable[Answer], by: Any) -> SelfAssessment:
    """Keep several choices at once, all or none; see `save_choice`."""
    locked = _lock(version)
    _check_may_change(locked, by)
    assessment = _open(locked, by)
    table = stored_set(assessment.criteria_set_id)
    _write(assessment, [_checked(table, answer) for answer in answers])
    return assessment


@transaction.atomic
def start_again(*, version: DossierVersion, by: Any) -> SelfAssessment:
    """Empty the assessment and pin the set in force, after the product moved to another product set.

    Choices of one set mean nothing in another; the history tables keep what was there.
    """
    locked = _lock(version)
    _check_may_change(locked, by)
    assessment = _open(locked, by)
    new_set = set_for(locked)
    before = {"criteria_set": assessment.criteria_set.code, "choices": assessment.choices.count()}
    assessment.choices.all().delete()
    assessment.paper_links.all().delete()
    assessment.criteria_set = new_set
    assessment.save(update_fields=["criteria_set"])
    after = {"criteria_set": new_set.code}
    audit.record(by=by, verb="self_assessment.start_again", obj=assessment, before=before, after=after)
    return assessment


@transaction.atomic
def copy_to(*, old: DossierVersion, new: DossierVersion) -> SelfAssessment | None:
    """Give a newly opened version the choices of the one before it; None when there was no assessment."""
    source = SelfAssessment.objects.filter(version=old).first()
    if source is None:
        return None
    copy = SelfAssessment.objects.create(version=new, criteria_set_id=source.criteria_set_id)
    columns = source.choices.values("criteria_set_id", "criterion_id", "option_id", "note")
    SelfChoice.objects.bulk_create(SelfChoice(assessment=copy, **row) for row in columns)
    _copy_papers(source, copy)
    return copy


def _copy_papers(source: SelfAssessment, copy: SelfAssessment) -> None:
    """The new version's papers are rows of their own; the bytes tell which is which."""
    present = dict(copy.version.evidences.values_list("stored_id", "pk"))
    links = source.paper_links.values("criteria_set_id", "criterion_id", "evidence__stored_id")
    CriterionEvidence.objects.bulk_create(
        CriterionEvidence(
            assessment=copy,
            criteria_set_id=link["criteria_set_id"],
            criterion_id=link["criterion_id"],
            evidence_id=present[link["evidence__stored_id"]],
        )
        for link in links
        if link["evidence__stored_id"] in present
    )


@transaction.atomic
def set_papers(
    *,
    version: DossierVersion,
    criterion_id: int,
    evidence_ids: Iterable[int],
    among: Iterable[int],
    by: Any,
) -> SelfAssessment:
    """Of the papers `among` (those the page listed), let exactly these prove the criterion.

    Papers attached meanwhile in another tab stay. Raises PermissionDenied, DomainError when frozen,
    UnknownChoice for a criterion or paper from elsewhere.
    """
    locked = _lock(version)
    _check_may_change(locked, by)
    assessment = _open(locked, by)
    _check_leaf(assessment, criterion_id)
    wanted = set(evidence_ids)
    if wanted - set(locked.evidences.values_list("pk", flat=True)):
        raise UnknownChoice("paper of another version")
    there = assessment.paper_links.filter(criterion_id=criterion_id)
    there.filter(evidence__in=set(among) - wanted).delete()
    _link(assessment, criterion_id, wanted - set(there.values_list("evidence", flat=True)))
    return assessment


def add_paper(*, version: DossierVersion, criterion_id: int, upload: Any, by: Any) -> Evidence:
    """Take a file in and let it prove the criterion; one that the version holds already is only attached."""
    try:
        paper = add_evidence(dossier=version.dossier, upload=upload, by=by)
    except AlreadyThereError as there:
        paper = there.evidence
    attach_paper(version=version, criterion_id=criterion_id, evidence=paper, by=by)
    return paper


@transaction.atomic
def attach_paper(*, version: DossierVersion, criterion_id: int, evidence: Evidence, by: Any) -> None:
    """Let one more paper of the version prove the criterion."""
    locked = _lock(version)
    _check_may_change(locked, by)
    assessment = _open(locked, by)
    _check_leaf(assessment, criterion_id)
    _link(assessment, criterion_id, {evidence.pk})


def _check_leaf(assessment: SelfAssessment, criterion_id: int) -> None:
    if criterion_id not in stored_set(assessment.criteria_set_id).code_of_criterion:
        raise UnknownChoice("criterion of another set")


def _link(assessment: SelfAssessment, criterion_id: int, evidence_ids: Iterable[int]) -> None:
    rows = [
        CriterionEvidence(
            assessment=assessment,
            criteria_set_id=assessment.criteria_set_id,
            criterion_id=criterion_id,
            evidence_id=pk,
        )
        for pk in evidence_ids
    ]
    CriterionEvidence.objects.bulk_create(rows, ignore_conflicts=True)


def set_for(version: DossierVersion) -> CriteriaSet:
    """The set in force today for the version's product. Raises DomainError when there is none."""
    return in_force_set(version.dossier.product.product_set, timezone.localdate())


def _lock(version: DossierVersion) -> DossierVersion:
    """The version as it is now, kept from being submitted while a choice is written."""
    found = DossierVersion.objects.select_for_update(of=("self",)).select_related(
        "dossier__product__product_set", "dossier__commune"
    )
    return found.get(pk=version.pk)


def _check_may_change(version: DossierVersion, by: Any) -> None:
    if version.is_frozen or not version.dossier.is_editable:
        raise DomainError(FROZEN)
    if not by.has_perm(CHANGE, version.dossier):
        raise PermissionDenied


def _open(version: DossierVersion, by: Any) -> SelfAssessment:
    found = SelfAssessment.objects.filter(version=version).select_related("criteria_set").first()
    if found is not None:
        return found
    assessment = SelfAssessment.objects.create(version=version, criteria_set=set_for(version))
    after = {"criteria_set": assessment.criteria_set.code}
    audit.record(by=by, verb="self_assessment.open", obj=version, after=after)
    return assessment


def _checked(table: StoredSet, answer: Answer) -> Answer:
    """The answer when its criterion is a leaf of the table and its option one of that leaf."""
    code = table.code_of_criterion.get(answer.criterion_id)
    if code is None:
        raise UnknownChoice("criterion of another set")
    if answer.option_id is not None:
        position = table.position_of_option.get(answer.option_id)
        if position is None or table.option_at.get((code, position)) != answer.option_id:
            raise UnknownChoice("option of another criterion")
    if len(answer.note) > NOTE_LIMIT:
        raise DomainError(f"Thuyết minh của tiêu chí {code} dài quá {NOTE_LIMIT} ký tự.", field="note")
    return answer


def _clean(note: str) -> str:
    """Composed letters, lines kept; the database takes no NUL."""
    return unicodedata.normalize("NFC", note.replace("\x00", "")).strip()


def _write(assessment: SelfAssessment, answers: Iterable[Answer]) -> None:
    rows = {
        answer.criterion_id: SelfChoice(
            assessment=assessment,
            criteria_set_id=assessment.criteria_set_id,
            criterion_id=answer.criterion_id,
            option_id=answer.option_id,
            note=_clean(answer.note),
        )
        for answer in answers
    }
    # One statement, so that two tabs saving the same leaf end with the later choice and not with an error.
    SelfChoice.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["option", "note", "saved_at"],
    )
