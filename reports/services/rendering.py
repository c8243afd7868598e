"""From a queued job to a stored paper, once; what goes wrong ends in the job in words of people."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs
from core.exceptions import DomainError
from core.models import Job
from reports import docx, html, pdf, workbook
from reports.builders import progress
from reports.builders.progress.entered import Entered
from reports.document import as_data
from reports.enums import FileForm, PaperKind, PaperState
from reports.kinds import KINDS
from reports.models import Paper, PaperFile
from reports.pages import PageTeller, telling_pages
from reports.services import batches
from reports.services.requests import check_period
from training.models import FigureSet, Plan

log = logging.getLogger(__name__)

# Where the work stands when a step begins; laying out takes most of the time.
COLLECTING, LAYING_OUT, LAID_OUT, STORING = 5, 15, 85, 92
# What a working draft bears, so that nobody takes it for a report of a closed period.
DRAFT_MARK = "DỰ THẢO"


@dataclass(frozen=True)
class Draft:
    """A rendered paper that is not stored: what `render_report` writes into a file."""

    data: dict[str, Any]
    rendered: pdf.Rendered
    # The same content to edit and to count with, by form.
    others: dict[str, bytes] = field(default_factory=dict)


def render(job_id: Any) -> None:
    """Render the paper of a queued job and store it."""
    run(job_id, _render_and_store, _give_up)


def run(job_id: Any, work: Callable[[Job, Paper], None], give_up: Callable[[Paper], None]) -> None:
    """Claim a paper's job and do its work while the job is told to be alive; a failure ends in the job."""
    job = jobs.claim(job_id)
    if job is None:
        return
    paper = Paper.objects.select_related("plan__unit", "unit", "requested_by", "figure_set").get(job=job)
    try:
        with jobs.alive(job):
            work(job, paper)
    except jobs.JobCancelled:
        _leave(job, paper, give_up)
    except Exception as problem:
        log.exception("paper %s: rendering failed", paper.pk)
        _leave(job, paper, give_up)
        jobs.fail(job, error=reason(problem))


def _leave(job: Job, paper: Paper, give_up: Callable[[Paper], None]) -> None:
    """A worker that was taken for lost and comes back takes nothing away from the one after it."""
    if not jobs.is_with_another(job):
        give_up(paper)


def reason(problem: Exception) -> str:
    """Why a paper could not be made, for the person who asked for it."""
    if isinstance(problem, DomainError):
        return problem.message
    if isinstance(problem, SoftTimeLimitExceeded):
        return "Văn bản quá lớn nên không lập kịp trong thời gian cho phép. Hãy báo quản trị hệ thống."
    if isinstance(problem, MemoryError):
        return "Văn bản quá lớn so với bộ nhớ của máy xử lý. Hãy báo quản trị hệ thống."
    if isinstance(problem, OSError):
        return "Không ghi được tệp vào kho lưu trữ. Hãy báo quản trị hệ thống rồi lập lại."
    return "Có lỗi khi lập văn bản; lỗi đã được ghi lại. Hãy lập lại, nếu vẫn lỗi thì báo quản trị hệ thống."


def _render_and_store(job: Job, paper: Paper) -> None:
    if not paper.sha256:  # a worker lost after storing leaves only the job to close
        jobs.report(job, COLLECTING, "Đang tổng hợp số liệu")
        if KINDS[paper.kind].is_batch:
            batches.render(job, paper)
        else:
            _render_one(job, paper)
    jobs.finish(job, result_url=reverse("reports:detail", args=[paper.pk]))


def _render_one(job: Job, paper: Paper) -> None:
    with transaction.atomic():
        data = data_of(paper)
    jobs.report(job, LAYING_OUT, "Đang dàn trang phần chính")
    # Outside any transaction: laying out takes seconds.
    rendered = lay_out(job, data)
    jobs.report(job, STORING, f"Đang lưu tệp {rendered.pages} trang")
    _store(job, paper, Draft(data, rendered, other_forms(data)))


def other_forms(data: dict[str, Any]) -> dict[str, bytes]:
    """The paper as .docx and its tables as .xlsx, as far as it is a text and has tables."""
    forms: dict[str, bytes] = {}
    if docx.is_possible(data):
        forms[FileForm.DOCX] = docx.render(data)
    if docx.is_possible(data) and workbook.is_possible(data):
        forms[FileForm.XLSX] = workbook.write(data).read()
    return forms


def lay_out(job: Job, data: dict[str, Any]) -> pdf.Rendered:
    """The data as PDF, the job told of every annex and page; a cancelled job stops after a few more."""
    texts = html.parts(data)
    teller = PageTeller(job, len(texts), LAYING_OUT, LAID_OUT)
    with telling_pages(teller.page):
        return pdf.render(texts, on_part=teller.part, on_portion=teller.portion)


def data_of(paper: Paper) -> dict[str, Any]:
    """The data of the paper as of now, as it is kept with it."""
    today = timezone.localdate()
    if paper.kind != PaperKind.PROGRESS:
        return as_data(KINDS[paper.kind].document(paper.subject, today))
    assert paper.plan is not None  # noqa: S101  a constraint of the database
    return collect(
        paper.plan, paper.period_to, figure_set=paper.figure_set, entered=Entered.of(paper.content)
    )


def collect(
    plan: Plan, period_to: Any, *, figure_set: FigureSet | None = None, entered: Entered | None = None
) -> dict[str, Any]:
    """The progress report as data; on figures that are not frozen it bears DỰ THẢO."""
    today, entered = timezone.localdate(), entered or Entered()
    document = progress.build(plan, period_to=period_to, today=today, figure_set=figure_set, entered=entered)
    label = {} if figure_set else {"label": DRAFT_MARK}
    return {**as_data(document), **label}


def draft(plan: Plan, period_to: Any) -> Draft:
    """The report rendered in the foreground and stored nowhere.

    Raises DomainError for a day before the plan. A day to come is reported as of today.
    """
    check_period(plan, min(period_to, timezone.localdate()))
    data = collect(plan, period_to)
    return Draft(data, pdf.render(html.parts(data)))


@transaction.atomic
def _store(job: Job, paper: Paper, draft: Draft) -> None:
    """Write file and row together; the row is closed for ever by its trigger."""
    jobs.hold(job)
    kind = KINDS[paper.kind]
    paper.file.save(file_name(paper), ContentFile(draft.rendered.content), save=False)
    paper.data = draft.data
    if paper.kind == PaperKind.PROGRESS:
        paper.title = draft.data["title"][:300]
    paper.template_version = kind.template_version
    paper.state, paper.request_key = PaperState.DRAFT, None
    paper.pages, paper.size = draft.rendered.pages, len(draft.rendered.content)
    paper.sha256 = draft.rendered.sha256
    paper.save()
    for form, content in draft.others.items():
        store_form(paper, form, content, name=f"{Path(file_name(paper)).stem}.{form}", by=paper.requested_by)
    after = {"sha256": paper.sha256, "pages": paper.pages}
    audit.record(by=paper.requested_by, verb="paper_rendered", obj=paper, after=after)


def store_form(paper: Paper, form: str, content: bytes, *, name: str, by: Any) -> None:
    """Keep a further file of a paper with its hash, inside the transaction that stores the paper."""
    stored = PaperFile(paper=paper, form=form, made_by=by, size=len(content))
    stored.file.save(name, ContentFile(content), save=False)
    stored.sha256 = hashlib.sha256(content).hexdigest()
    stored.save()


def file_name(paper: Paper, form: str = "") -> str:
    """Name in the storage: kind, subject or plan and day, key."""
    about = f"{paper.plan.code}-{paper.period_to:%Y%m%d}" if paper.plan and paper.period_to else paper.year
    kind = "bao-cao" if paper.kind == PaperKind.PROGRESS else paper.kind.replace("_", "-")
    return f"{kind}-{about}-{paper.pk}{f'-{form}' if form else ''}.pdf"


def _give_up(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk, sha256="").update(state=PaperState.FAILED, request_key=None)
    batches.drop_shares(paper)
