"""Draft, reviewed, issued: read by another person, given a number, a day and a signer, once."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs
from core.exceptions import DomainError
from core.models import AdminUnit, Job
from core.text import nfc, search_key
from reports import docx, pdf, words
from reports.builders.common import referring
from reports.enums import FileForm, PaperKind, PaperState
from reports.kinds import KINDS
from reports.models import Paper, PaperFile
from reports.services import filing, issuable, letterheads, rendering

ISSUE_JOB = "paper_issue"
LONGEST_NUMBER = 99_999


def locked(paper: Paper) -> Paper:
    """The paper read again under a row lock, with its unit, job and maker."""
    rows = Paper.objects.select_for_update(of=("self",)).select_related("unit", "job", "requested_by")
    return rows.get(pk=paper.pk)


@transaction.atomic
def review(*, paper: Paper, by: Any) -> Paper:
    """Say that a draft was read and is right; another person than who asked for it says so.

    Raises DomainError for a working draft, a batch and what is not a draft.
    """
    if not by.has_perm("reports.review_paper", paper):
        raise PermissionDenied
    stored = locked(paper)
    if stored.is_working_draft:
        raise DomainError(
            "Bản nháp theo số liệu chưa chốt không phát hành: chốt số liệu của kỳ rồi lập báo cáo."
        )
    if KINDS[stored.kind].is_batch:
        raise DomainError("Tập in không phát hành; phát hành từng văn bản.")
    if stored.state != PaperState.DRAFT:
        raise DomainError(f"Chỉ soát dự thảo; văn bản này: {stored.state_now[0].lower()}.")
    if stored.requested_by_id == by.pk:
        raise DomainError("Người lập không tự soát: lãnh đạo hoặc cán bộ khác của tỉnh soát.")
    stored.state, stored.reviewed_by, stored.reviewed_at = PaperState.REVIEWED, by, timezone.now()
    stored.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    audit.record(by=by, verb="paper_reviewed", obj=stored, after={"sha256": stored.sha256})
    return stored


def symbol_of(paper: Paper) -> str:
    """Ký hiệu as the draft bears it ("BC-SNNMT"); "" for papers without a number of the series."""
    if not KINDS[paper.kind].is_numbered:
        return ""
    printed = (paper.data or {}).get("head", {}).get("number", "")
    return printed.partition("/")[2].rpartition("/")[2].strip() or KINDS[paper.kind].symbol


def printed_number(paper: Paper) -> int | None:
    """The number the draft bears already, as the decision of an approved submission does."""
    printed = re.search(r"(\d+)\s*/", (paper.data or {}).get("head", {}).get("number", ""))
    return int(printed[1]) if printed and len(printed[1]) < 6 else None


def known_number(paper: Paper) -> int | None:
    """The number the draft bears; of a Tờ trình drafted before it was filed, the one on record since."""
    printed = printed_number(paper)
    if printed is not None or paper.kind != PaperKind.SUBMISSION or paper.submission is None:
        return printed
    recorded = paper.submission.number.partition("/")[0].strip()
    return int(recorded) if recorded.isascii() and recorded.isdigit() and len(recorded) < 6 else None


def next_number(paper: Paper, year: int) -> int:
    """The number after the highest of the paper's series in the year (NĐ 30/2020 Đ15: from 01 each year)."""
    series = Paper.objects.filter(unit=paper.unit, symbol=symbol_of(paper), issued_on__year=year)
    return int(series.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def issue(
    *,
    paper: Paper,
    issued_on: date,
    signer_name: str,
    by: Any,
    number: int | None = None,
    signer_position: str = "",
) -> Paper:
    """Give a reviewed paper its number, day and signer; a worker then writes the file that is signed.

    Without a number the next of the series is taken. A Tờ trình that is not filed yet is filed with them.
    Raises DomainError, with the field, for a number that is taken and for what `issuable.check` and
    `filing.file_record` refuse.
    """
    if not by.has_perm("reports.issue_paper", paper):
        raise PermissionDenied
    stored = locked(paper)
    if stored.state != PaperState.REVIEWED or stored.is_being_issued:
        raise DomainError(f"Chỉ phát hành văn bản đã soát; văn bản này: {stored.state_now[0].lower()}.")
    record = filing.hold_record(stored, by=by)
    # Two clerks at once wait here for each other.
    AdminUnit.objects.select_for_update(no_key=True).get(pk=stored.unit_id)
    printed = known_number(stored)
    letterheads.check_signer(signer_name, position_lines(signer_position))
    issuable.check(stored, issued_on=issued_on, signer_name=signer_name, number=number, printed=printed)
    stored.symbol = symbol_of(stored)
    stored.number = _number(stored, issued_on.year, number) if stored.symbol else None
    stored.issued_on, stored.issued_by = issued_on, by
    stored.signer_name, stored.signer_position = signer_name.strip(), signer_position.strip()
    if record is not None:
        filing.file_record(stored, record, is_numbered=printed_number(stored) is not None, by=by)
    page = reverse("reports:detail", args=[stored.pk])
    params = {"list_url": reverse("reports:list"), "retry_url": page}
    stored.job = jobs.request(kind=ISSUE_JOB, title=f"Phát hành: {stored.title}", params=params, by=by)
    stored.request_key = f"issue:{stored.pk}"
    stored.search_text = f"{stored.search_text.partition(' | ')[0]} | {search_key(stored.number_text)}"
    _save_number(stored)
    after = {"number": stored.number_text, "issued_on": str(issued_on), "signer": stored.signer_name}
    audit.record(by=by, verb="paper_numbered", obj=stored, after=after)
    return stored


def _number(paper: Paper, year: int, wanted: int | None) -> int:
    following = next_number(paper, year)
    # Of an attempt that failed; a number of the year before is none of this one.
    kept = paper.number if paper.issued_on and paper.issued_on.year == year else None
    number = wanted or kept or known_number(paper) or following
    if not 1 <= number <= LONGEST_NUMBER:
        raise DomainError("Số văn bản là số nguyên từ 1.", field="number")
    taken = Paper.objects.filter(
        unit=paper.unit, symbol=paper.symbol, issued_on__year=year, number=number
    ).exclude(pk=paper.pk)
    if taken.exists():
        raise DomainError(
            f"Số {number:02d}/{paper.symbol} năm {year} đã cấp; số tiếp theo là {following:02d}.",
            field="number",
        )
    return number


def _save_number(paper: Paper) -> None:
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:
        raise DomainError("Số này vừa được cấp cho văn bản khác: hãy chọn số khác.", field="number") from None


def render_issued(job_id: Any) -> None:
    """Write the issued file of a queued job: the draft's own data with number, day and signer."""
    rendering.run(job_id, _render_issued, _keep_reviewed)


def _render_issued(job: Job, paper: Paper) -> None:
    if paper.state != PaperState.ISSUED:  # a worker lost after storing leaves only the job to close
        jobs.report(job, rendering.LAYING_OUT, "Đang dàn trang bản phát hành")
        data = stamped(paper)
        rendered = rendering.lay_out(job, data)
        jobs.report(job, rendering.STORING, f"Đang lưu tệp {rendered.pages} trang")
        _store_issued(job, paper, rendered, docx.render(data) if docx.is_possible(data) else b"")
    jobs.finish(job, result_url=reverse("reports:detail", args=[paper.pk]))


def stamped(paper: Paper) -> dict[str, Any]:
    """The kept data with the number, day and signer of the issued paper; nothing is read anew."""
    assert paper.data is not None and paper.issued_on is not None  # noqa: S101  a numbered paper is rendered
    data = {**paper.data, "signer_name": paper.signer_name, "label": _final_label(paper.data)}
    position = position_lines(paper.signer_position)
    if position and "signer_position" in data:
        data["signer_position"] = position
    if data.get("signatures"):
        *others, last = data["signatures"]
        of_the_office = position if paper.kind in PaperKind.signed_by_the_office else []
        signs = {"name": paper.signer_name, "position": of_the_office or last["position"]}
        data["signatures"] = [*others, {**last, **signs}]
    head = data.get("head")
    if head and paper.number:
        place, comma, _ = head["place_date"].rpartition(",")
        dated = f"{place}, {words.formal_date(paper.issued_on)}" if comma else head["place_date"]
        data["head"] = {**head, "number": f"Số: {paper.number_text}", "place_date": dated}
        data["annexes"] = [
            {**annex, "reference": referring(annex["reference"], paper.number_text, paper.issued_on)}
            for annex in data["annexes"]
        ]
    return data


def position_lines(text: str) -> list[str]:
    """The lines of a position as it is typed, in capitals (NĐ 30/2020, Phụ lục I, mục V, ô 7a)."""
    return [line.strip().upper() for line in nfc(text).split(";") if line.strip()]


def _final_label(data: dict[str, Any]) -> str:
    """A form keeps the name of its specimen; nothing issued says that it is a draft."""
    label: str = data.get("label", "")
    return "" if label == rendering.DRAFT_MARK else label


@transaction.atomic
def _store_issued(job: Job, paper: Paper, rendered: pdf.Rendered, word: bytes) -> None:
    # Cancelled at this moment the paper may be given another number: that one must be on its file.
    jobs.hold(job)
    stored = PaperFile(paper=paper, form=FileForm.ISSUED, made_by=paper.issued_by)
    stored.file.save(rendering.file_name(paper, "phat-hanh"), ContentFile(rendered.content), save=False)
    stored.sha256, stored.size, stored.pages = rendered.sha256, len(rendered.content), rendered.pages
    stored.save()
    if word:
        name = f"{Path(rendering.file_name(paper, 'phat-hanh')).stem}.docx"
        rendering.store_form(paper, FileForm.WORD, word, name=name, by=paper.issued_by)
    paper.state, paper.issued_at, paper.request_key = PaperState.ISSUED, timezone.now(), None
    paper.save(update_fields=["state", "issued_at", "request_key"])
    after = {"sha256": stored.sha256, "number": paper.number_text}
    audit.record(by=paper.issued_by, verb="paper_issued", obj=paper, after=after)


def _keep_reviewed(paper: Paper) -> None:
    """The paper stays reviewed with its number, to be issued again."""
    Paper.objects.filter(pk=paper.pk, state=PaperState.REVIEWED).update(request_key=None)
