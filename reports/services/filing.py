"""Number and day of an issued Tờ trình are those of its record: written there, or taken from there."""

from typing import Any

from core.exceptions import DomainError
from core.numbers import format_date
from evaluation.enums import SubmissionState
from evaluation.models import Submission
from evaluation.services import submissions
from reports.document import as_data
from reports.enums import PaperKind
from reports.kinds import KINDS
from reports.letterhead import letterhead_of
from reports.models import Paper

# What a Tờ trình says beside its number, its day and who signs it.
SAID = ("subject", "addressee", "legal_bases", "opening", "sections", "closing")
# Of the record's fields, those of the form that issues the paper.
FIELDS = {"number": "number", "submitted_on": "issued_on"}


def hold_record(paper: Paper, *, by: Any) -> Submission | None:
    """Lock the record of a Tờ trình before any other row; None for other papers.

    A replacement leaves the record as it was filed (NĐ 30/2020 Đ18).
    """
    if paper.kind != PaperKind.SUBMISSION or paper.submission is None or paper.replaces_id is not None:
        return None
    return submissions.hold(submission=paper.submission, by=by)


def file_record(paper: Paper, record: Submission, *, is_numbered: bool, by: Any) -> None:
    """Write number and day of a paper being issued to its record, as the step "Ghi đã trình" does.

    `is_numbered`: the draft was made of the record as it was filed and bears its number. Raises DomainError,
    with the field, for a record that bears another number or day, one that is not to be filed, and one that
    was changed since it was drafted.
    """
    if record.state == SubmissionState.DRAFT:
        try:
            number, day = paper.number_text, paper.issued_on
            record = submissions.perform(
                submission=record, step="submit", by=by, number=number, submitted_on=day
            )
        except DomainError as refusal:
            raise DomainError(refusal.message, field=FIELDS.get(refusal.field or "")) from refusal
    else:
        _check_same(paper, record)
    if not is_numbered:
        _check_unchanged(paper, record)


def _check_same(paper: Paper, record: Submission) -> None:
    """Never overwritten: whoever typed the number by hand had a paper before them."""
    assert paper.issued_on is not None  # noqa: S101  a paper that was given its day
    printed = letterhead_of(record.unit, paper.issued_on).number("TTr", record.number)
    if printed == f"Số: {paper.number_text}" and record.submitted_on == paper.issued_on:
        return
    day = format_date(record.submitted_on) if record.submitted_on else ""
    raise DomainError(
        f"Hồ sơ tờ trình đã ghi số {record.number} ngày {day}, khác số {paper.number_text} ngày "
        f"{format_date(paper.issued_on)}: dùng số, ngày trong hồ sơ, hoặc lập lại văn bản theo hồ sơ.",
        field="number",
    )


def _check_unchanged(paper: Paper, record: Submission) -> None:
    """The draft was made while the record could still be changed."""
    assert paper.issued_on is not None  # noqa: S101  a paper that was given its day
    now = as_data(KINDS[paper.kind].document(record, paper.issued_on))
    if any(now[name] != (paper.data or {}).get(name) for name in SAID):
        raise DomainError("Tờ trình đã thay đổi sau khi lập dự thảo này: lập lại văn bản rồi phát hành.")
