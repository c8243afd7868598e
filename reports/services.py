"""Papers: requested, rendered once by a worker, kept for ever."""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs
from core.enums import JobState
from core.exceptions import DomainError
from core.models import Job
from core.numbers import format_date
from reports import html, pdf
from reports.builders import progress
from reports.document import as_data
from reports.enums import PaperKind, PaperState
from reports.models import Paper
from training.models import Plan

log = logging.getLogger(__name__)

JOB_KIND = "paper"

# Where the work stands when a step begins; laying out takes most of the time.
COLLECTING, LAYING_OUT, LAID_OUT, STORING = 5, 15, 85, 92


@dataclass(frozen=True)
class Draft:
    """A rendered paper that is not stored: what `render_report` writes into a file."""

    data: dict[str, Any]
    rendered: pdf.Rendered


def check_period(plan: Plan, period_to: date) -> None:
    """Raises DomainError when no report on the plan can be made as of that day."""
    if period_to < plan.starts_on:
        start = format_date(plan.starts_on)
        raise DomainError(f"Kế hoạch bắt đầu ngày {start}: hãy chọn ngày từ đó.", field="period_to")
    if period_to > timezone.localdate():
        today = format_date(timezone.localdate())
        raise DomainError(f"Chưa có số liệu cho ngày sau hôm nay ({today}).", field="period_to")


@transaction.atomic
def request_progress_report(*, plan: Plan, period_to: date, by: Any) -> Paper:
    """Ask for the progress report on a plan as of a day; a worker renders it.

    The same request while one is being rendered gives that one. Raises DomainError for a day before the
    plan or to come, and for a plan that is still a draft, PermissionDenied without the right to ask.
    """
    if not by.has_perm("reports.request_paper"):
        raise PermissionDenied
    check_period(plan, period_to)
    if plan.status == "draft":
        raise DomainError("Kế hoạch còn là dự thảo nên chưa lập được báo cáo.", field="plan")
    # Two clicks at once wait here for each other.
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    same = Paper.objects.filter(kind=PaperKind.PROGRESS, plan=plan, period_to=period_to)
    waiting = same.filter(job__state__in=JobState.active_states).first()
    return waiting or _new_paper(plan, period_to, by)


def _new_paper(plan: Plan, period_to: date, by: Any) -> Paper:
    title = f"Báo cáo tiến độ {plan.title} đến ngày {format_date(period_to)}"[:300]
    again = urlencode({"plan": plan.pk, "period_to": f"{period_to:%d/%m/%Y}"})
    params = {
        "plan": plan.code,
        "period_to": period_to,
        "list_url": reverse("reports:list"),
        "retry_url": f"{reverse('reports:request')}?{again}",
    }
    paper = Paper.objects.create(
        kind=PaperKind.PROGRESS,
        title=title,
        unit=plan.unit,
        plan=plan,
        period_from=plan.starts_on,
        period_to=period_to,
        job=jobs.request(kind=JOB_KIND, title=title, params=params, by=by),
        requested_by=by,
    )
    after = {"plan": plan.code, "period_to": str(period_to)}
    audit.record(by=by, verb="paper_requested", obj=paper, after=after)
    return paper


def render(job_id: Any) -> None:
    """Render the paper of a queued job; whatever goes wrong ends in the job as a reason people understand."""
    job = jobs.claim(job_id)
    if job is None:
        return
    paper = Paper.objects.select_related("plan__unit", "requested_by").get(job=job)
    try:
        _render_and_store(job, paper)
    except jobs.JobCancelled:
        _give_up(paper)
    except Exception as problem:
        log.exception("paper %s: rendering failed", paper.pk)
        _give_up(paper)
        jobs.fail(job, error=reason(problem))


def reason(problem: Exception) -> str:
    """Why a paper could not be made, for the person who asked for it."""
    if isinstance(problem, DomainError):
        return problem.message
    if isinstance(problem, SoftTimeLimitExceeded):
        return "Báo cáo quá lớn nên không lập kịp trong thời gian cho phép. Hãy báo quản trị hệ thống."
    if isinstance(problem, OSError):
        return "Không ghi được tệp vào kho lưu trữ. Hãy báo quản trị hệ thống rồi lập lại."
    return "Có lỗi khi lập báo cáo; lỗi đã được ghi lại. Hãy lập lại, nếu vẫn lỗi thì báo quản trị hệ thống."


def _render_and_store(job: Job, paper: Paper) -> None:
    if not paper.sha256:  # a worker lost after storing leaves only the job to close
        jobs.report(job, COLLECTING, "Đang tổng hợp số liệu")
        with transaction.atomic():
            data = collect(paper.plan, paper.period_to)
        jobs.report(job, LAYING_OUT, "Đang dàn trang phần chính")
        # Outside any transaction: laying out takes seconds.
        rendered = pdf.render(html.parts(data), on_part=_teller(job))
        jobs.report(job, STORING, f"Đang lưu tệp {rendered.pages} trang")
        _store(paper, Draft(data, rendered))
    jobs.finish(job, result_url=reverse("reports:detail", args=[paper.pk]))


def _teller(job: Job) -> pdf.OnPart:
    """Tells the job after each part: the next annex, or that the pages are being written."""

    def tell(done: int, total: int) -> None:
        percent = LAYING_OUT + (LAID_OUT - LAYING_OUT) * done // total
        message = f"Đang dàn trang phụ lục {done}/{total - 1}" if done < total else "Đang ghi tệp PDF"
        jobs.report(job, percent, message)

    return tell


def collect(plan: Plan, period_to: date) -> dict[str, Any]:
    """The data of the report as of now, as it is kept with the paper."""
    return as_data(progress.build(plan, period_to=period_to, today=timezone.localdate()))


def draft(plan: Plan, period_to: date) -> Draft:
    """The report rendered in the foreground and stored nowhere.

    Raises DomainError for a day before the plan. A day to come is reported as of today.
    """
    check_period(plan, min(period_to, timezone.localdate()))
    data = collect(plan, period_to)
    return Draft(data, pdf.render(html.parts(data)))


@transaction.atomic
def _store(paper: Paper, draft: Draft) -> None:
    """Write file and row together; the row is closed for ever by its trigger."""
    name = f"bao-cao-{paper.plan.code}-{paper.period_to:%Y%m%d}-{paper.pk}.pdf"
    paper.file.save(name, ContentFile(draft.rendered.content), save=False)
    paper.data = draft.data
    paper.title = draft.data["title"][:300]
    paper.template_version = progress.TEMPLATE_VERSION
    paper.state = PaperState.DRAFT
    paper.pages, paper.size = draft.rendered.pages, len(draft.rendered.content)
    paper.sha256 = draft.rendered.sha256
    paper.save()
    after = {"sha256": paper.sha256, "pages": paper.pages}
    audit.record(by=paper.requested_by, verb="paper_rendered", obj=paper, after=after)


def _give_up(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk, sha256="").update(state=PaperState.FAILED)
