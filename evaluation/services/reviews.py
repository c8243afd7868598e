"""An adviser's review of a dossier: notes and suggested levels saved one by one, texts, and its sending."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from evaluation.enums import ReviewState
from evaluation.models import AdvisoryAssignment, AdvisoryNote, AdvisoryReview
from evaluation.queries.advisory import filed_version
from evaluation.queries.scoring_sets import StoredSet, stored_set
from evaluation.services.guards import require
from evaluation.services.sessions import set_of
from products.enums import DossierState
from products.models import Dossier

TEXTS = ("summary", "site_survey", "extra_tests")
LONGEST_TEXT, LONGEST_COMMENT = 10_000, 2_000


class ReviewChangedError(DomainError):
    """Another window has saved the texts since; `review` is what is stored now."""

    def __init__(self, review: AdvisoryReview) -> None:
        self.review = review
        super().__init__("Nội dung vừa được lưu ở cửa sổ khác; hãy xem hai bản rồi lưu lại.")


@dataclass(frozen=True)
class Advice:
    """What the screen says of one criterion; `suggests` without an option is "không đạt mức nào"."""

    criterion_id: int
    suggests: bool
    option_id: int | None
    comment: str


@transaction.atomic
def save_notes(*, assignment: AdvisoryAssignment, notes: Iterable[Advice], by: Any) -> AdvisoryReview:
    """Keep notes on criteria, all or none; an empty one is taken away. The first one begins the review.

    Raises PermissionDenied for another's assignment or a criterion or option from elsewhere, DomainError
    when the review is sent, the dossier no longer waits for the council, or a comment is too long.
    """
    review = _own_draft(assignment, by)
    table = stored_set(review.criteria_set_id)
    checked = [_checked(table, note) for note in notes]
    empty = [note.criterion_id for note in checked if not note.suggests and not note.comment]
    review.notes.filter(criterion__in=empty).delete()
    rows = [
        AdvisoryNote(
            review=review,
            criteria_set_id=review.criteria_set_id,
            criterion_id=note.criterion_id,
            suggests=note.suggests,
            option_id=note.option_id,
            comment=note.comment,
        )
        for note in checked
        if note.suggests or note.comment
    ]
    AdvisoryNote.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["suggests", "option", "comment", "saved_at"],
    )
    return review


def _checked(table: StoredSet, note: Advice) -> Advice:
    code = table.code_of_criterion.get(note.criterion_id)
    position = table.position_of_option.get(note.option_id, 0) if note.option_id else 0
    if code is None or (note.option_id and table.option_at.get((code, position)) != note.option_id):
        raise PermissionDenied("Mức đề xuất không thuộc tiêu chí này.")
    comment = _clean(note.comment)
    if len(comment) > LONGEST_COMMENT:
        raise DomainError(f"Nhận xét của tiêu chí {code} dài quá 2.000 ký tự.", field="comment")
    return Advice(note.criterion_id, note.suggests, note.option_id if note.suggests else None, comment)


@transaction.atomic
def save_texts(
    *, assignment: AdvisoryAssignment, texts: Mapping[str, str], revision: int, by: Any
) -> AdvisoryReview:
    """Keep the summary, the site survey and the tests asked for (`TEXTS`).

    `revision`: of the texts the screen began with. Raises ReviewChangedError when another window has
    saved others since, and refuses like `save_notes`.
    """
    review = _own_draft(assignment, by)
    clean = {name: _clean(texts.get(name, "")) for name in TEXTS}
    if all(getattr(review, name) == text for name, text in clean.items()):
        return review
    if review.revision != revision:
        raise ReviewChangedError(review)
    for name, text in clean.items():
        if len(text) > LONGEST_TEXT:
            raise DomainError("Nội dung dài quá 10.000 ký tự; hãy rút gọn.", field=name)
        setattr(review, name, text)
    review.revision += 1
    review.save(update_fields=[*TEXTS, "revision"])
    return review


@transaction.atomic
def submit_review(*, assignment: AdvisoryAssignment, by: Any) -> AdvisoryReview:
    """Send the review to the council and lock it. Raises DomainError without a summary, or a second time."""
    review = _own_draft(assignment, by)
    if not review.summary:
        raise DomainError("Hãy viết nhận xét chung trước khi gửi Hội đồng.", field="summary")
    review.state, review.submitted_at = ReviewState.SUBMITTED, timezone.now()
    review.save(update_fields=["state", "submitted_at"])
    after = {"state": review.state, "notes": review.notes.count()}
    audit.record(by=by, verb="advisory.submit_review", obj=review, after=after)
    _tell_office(review)
    return review


def _tell_office(review: AdvisoryReview) -> None:
    assignment = review.assignment
    notices.send(
        [assignment.assigned_by],
        kind=NoticeKind.DOSSIER,
        title=f"Đã có báo cáo tham mưu: {assignment.dossier.product.name}",
        body=f"{assignment.member} đã gửi Hội đồng.",
        url=reverse("evaluation:advisers", args=[assignment.dossier_id]),
        key=f"review:{review.pk}",
    )


def _own_draft(assignment: AdvisoryAssignment, by: Any) -> AdvisoryReview:
    """The member's review under a lock, begun when there is none, while it may be written."""
    require(by, "evaluation.read_assigned")
    found = AdvisoryAssignment.objects.given_to(by).filter(pk=assignment.pk)
    # The lock of the assignment: two first notes begin one review.
    row = found.select_for_update(of=("self",)).select_related("dossier__product__product_set").first()
    if row is None:
        raise PermissionDenied("Hồ sơ này không được giao cho đồng chí.")
    if row.dossier.state not in DossierState.assessable:
        state = DossierState(row.dossier.state).label
        raise DomainError(f"Hồ sơ đang ở trạng thái “{state}” nên không sửa báo cáo tham mưu được nữa.")
    review = AdvisoryReview.objects.filter(assignment=row).first() or _begin(row, row.dossier)
    if review.state == ReviewState.SUBMITTED:
        raise DomainError("Báo cáo tham mưu đã gửi Hội đồng; không sửa được nữa.")
    review.assignment = row
    return review


def _begin(assignment: AdvisoryAssignment, dossier: Dossier) -> AdvisoryReview:
    version = filed_version(dossier)
    if version is None:
        raise DomainError("Hồ sơ chưa có bản đã nộp để tham mưu.")
    return AdvisoryReview.objects.create(
        assignment=assignment, version=version, criteria_set=set_of(version, dossier)
    )


def _clean(text: str) -> str:
    """Composed letters, one kind of line end; the database takes no NUL."""
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()
