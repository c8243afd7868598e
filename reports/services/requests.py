"""Asking for a paper: the same request while one is being rendered is the same paper and job."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs
from core.enums import JobState
from core.exceptions import DomainError
from core.models import AdminUnit
from core.numbers import format_date, format_number
from core.text import nfc, search_key
from reports.builders.progress.entered import SECTIONS, TEXTS
from reports.enums import PaperKind, PaperState
from reports.kinds import KINDS, Kind, is_keeper
from reports.models import Paper
from reports.outline import outline_of
from training import periods
from training.models import FigureSet, Plan, ReportingPeriod

JOB_KIND = "paper"
# Characters of one text of the officers.
LONGEST_TEXT = 10_000


def check_period(plan: Plan, period_to: date) -> None:
    """Raises DomainError when no report on the plan can be made as of that day."""
    if period_to < plan.starts_on:
        start = format_date(plan.starts_on)
        raise DomainError(f"Kế hoạch bắt đầu ngày {start}: hãy chọn ngày từ đó.", field="period_to")
    if period_to > timezone.localdate():
        today = format_date(timezone.localdate())
        raise DomainError(f"Chưa có số liệu cho ngày sau hôm nay ({today}).", field="period_to")


@dataclass(frozen=True)
class Request:
    """What is asked for, before it is a row."""

    kind: str
    subject: Any
    title: str
    unit: AdminUnit
    year: int
    params: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    words: str = ""

    @property
    def key(self) -> str:
        """The same for the same request: other words of the officers are another paper."""
        words = json.dumps(self.columns.get("content", {}), sort_keys=True).encode()
        period = self.columns.get("period_to") or ""
        figures = self.columns["figure_set"].pk if self.columns.get("figure_set") else ""
        return f"{self.kind}:{self.subject.pk}:{period}:{figures}:{hashlib.sha256(words).hexdigest()[:16]}"


@transaction.atomic
def request_progress_report(
    *, plan: Plan, period_to: date, by: Any, content: dict[str, Any] | None = None
) -> Paper:
    """Ask for a working draft of the progress report as of a day: it says DỰ THẢO and is never issued.

    The same request while one is being rendered gives that one. Raises DomainError for a day before the
    plan or to come, and for a plan that is still a draft, PermissionDenied without the right to ask.
    """
    _allow(by, plan.unit)
    check_period(plan, period_to)
    _refuse_draft_plan(plan)
    return ask(draft_request(plan, period_to, clean_content(content or {}, plan.unit)), by)


def draft_request(plan: Plan, period_to: date, content: dict[str, Any]) -> Request:
    """The working draft on a plan as of a day."""
    again = urlencode({"plan": plan.pk, "period_to": f"{period_to:%d/%m/%Y}"})
    return Request(
        kind=PaperKind.PROGRESS,
        subject=plan,
        title=f"Bản nháp báo cáo tiến độ {plan.title} đến ngày {format_date(period_to)}",
        unit=plan.unit,
        year=period_to.year,
        params={
            "plan": plan.code,
            "period_to": period_to,
            "retry_url": f"{reverse('reports:request_draft')}?{again}",
        },
        columns={"period_from": plan.starts_on, "period_to": period_to, "content": content},
    )


@transaction.atomic
def request_report(
    *, plan: Plan, kind: str, year: int, number: int, by: Any, content: dict[str, Any] | None = None
) -> Paper:
    """Ask for the progress report of a period whose figures are frozen and approved.

    `content` is what officers entered (`clean_content`). Raises DomainError for a period that is not
    closed, saying what to do, PermissionDenied without the right to ask.
    """
    _allow(by, plan.unit)
    _refuse_draft_plan(plan)
    figures = closed_figures(plan, kind, year, number)
    return ask(report_request(figures, clean_content(content or {}, plan.unit)), by)


def report_request(figures: FigureSet, content: dict[str, Any]) -> Request:
    """The report on a version of frozen figures."""
    plan, period = figures.plan, figures.period
    again = urlencode({"plan": plan.pk, "kind": period.kind, "year": period.year, "number": period.number})
    return Request(
        kind=PaperKind.PROGRESS,
        subject=plan,
        title=f"Báo cáo {str(period).lower()} {plan.title}",
        unit=plan.unit,
        year=period.year,
        params={"plan": plan.code, "retry_url": f"{reverse('reports:request')}?{again}"},
        columns={
            "figure_set": figures,
            "period_from": max(period.starts_on, plan.starts_on),
            "period_to": figures.as_of,
            "content": content,
        },
        words=str(period),
    )


def closed_figures(plan: Plan, kind: str, year: int, number: int) -> FigureSet:
    """The newest approved version of a period; raises DomainError with the next step when there is none."""
    try:
        _, end = periods.span(kind, year, number, settings.OCOP_CUT_OFF_DAY)
    except ValueError:
        raise DomainError("Năm không có tháng hoặc quý này.", field="number") from None
    named = ReportingPeriod(kind=kind, year=year, number=number)
    if end >= timezone.localdate():
        raise DomainError(
            f"{named} chốt hết ngày {format_date(end)}, chưa đến ngày chốt. Cần xem trước thì lập bản nháp "
            "theo số liệu đến hôm nay.",
            field="number",
        )
    same = {"plan": plan, "period__kind": kind, "period__year": year, "period__number": number}
    found = FigureSet.objects.approved().filter(**same).select_related("plan__unit", "period")
    newest = found.order_by("-number").first()
    if newest is None:
        waits = FigureSet.objects.filter(state="waiting", **same).exists()
        step = "đang chờ duyệt: duyệt bản chốt" if waits else "chưa chốt: vào kế hoạch, chốt số liệu và duyệt"
        raise DomainError(f"Số liệu {str(named).lower()} {step} rồi lập báo cáo.", field="number")
    return newest


def clean_content(content: dict[str, Any], unit: AdminUnit) -> dict[str, Any]:
    """What officers entered, tidied, under the sections as the unit has set them.

    Raises DomainError with the field for a text that is too long and for no section at all.
    """
    kept = [line for line in outline_of(unit) if line.key in content.get("sections", SECTIONS)]
    lines = kept if "sections" in content else [line for line in kept if line.is_shown]
    if not lines:
        raise DomainError("Chọn ít nhất một phần của báo cáo.", field="sections")
    titles = {line.key: line.title for line in lines if line.title != SECTIONS[line.key]}
    texts = {name: _points(name, content.get(name, ())) for name in TEXTS}
    return {"sections": [line.key for line in lines], "titles": titles, **texts}


def _points(name: str, lines: Iterable[str]) -> list[str]:
    """One point a line, in NFC, blank lines left out."""
    points = [point for line in lines if (point := " ".join(nfc(line).split()))]
    length = sum(map(len, points))
    if length > LONGEST_TEXT:
        longest, found = format_number(LONGEST_TEXT), format_number(length)
        raise DomainError(f"Dài {found} chữ: nhiều nhất {longest} chữ, hãy rút gọn.", field=name)
    return points


@transaction.atomic
def request_paper(*, kind: str, subject: Any, by: Any) -> Paper:
    """Ask for a paper of another kind than the progress report on its subject.

    The same request while one is being rendered gives that one. Raises DomainError while the paper cannot
    be made yet, PermissionDenied without the right to ask in that province.
    """
    wanted = KINDS[kind]
    unit = wanted.subject.unit(subject)
    _allow(by, unit)
    wanted.ready(subject)
    return ask(_on(wanted, subject, unit), by)


def _on(kind: Kind, subject: Any, unit: AdminUnit) -> Request:
    if kind.name == PaperKind.CERTIFICATES:  # whichever certificate of the decision was open
        subject = min(kind.members(subject), key=lambda certificate: certificate.pk)  # type: ignore[misc]
    page = reverse("reports:subject", args=[kind.subject.noun, subject.pk])
    return Request(
        kind=kind.name,
        subject=subject,
        title=f"{kind.label}: {title_of(kind, subject)}",
        unit=unit,
        year=kind.subject.year(subject),
        params={"retry_url": page},
    )


def title_of(kind: Kind, subject: Any) -> str:
    """What a paper's name says of its subject."""
    match kind.name:
        case PaperKind.SHEET:
            return f"{subject.item.version.dossier.product}, {subject.seat.user}"
        case PaperKind.FORM_01 | PaperKind.FORM_02 | PaperKind.FORM_03:
            return f"{subject.dossier.product}, lần nộp {subject.number}"
        case PaperKind.RESULT:
            return str(subject.product)
        case PaperKind.CERTIFICATE:
            return f"số {subject.number}, {subject.recognition.product}"
        case PaperKind.CERTIFICATES:
            decision = subject.recognition
            return f"{decision.decision_number} ngày {format_date(decision.decided_on)}"
    return str(subject)


@transaction.atomic
def replace_paper(*, paper: Paper, reason: str, by: Any) -> Paper:
    """Ask for the paper that corrects an issued one: made anew of the present records, it names the old one.

    Asked for again before that one is issued, the new draft takes its place. Raises DomainError for a paper
    that is not issued or is replaced already, and without a reason.
    """
    _allow(by, paper.unit)
    if not reason.strip():
        raise DomainError("Ghi lý do thay thế văn bản đã phát hành.", field="reason")
    stored = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if stored.state != PaperState.ISSUED:
        raise DomainError("Chỉ thay thế văn bản đã phát hành; dự thảo thì lập lại.")
    _free_failed(Q(replaces=stored))
    drafts = Paper.objects.filter(replaces=stored, issued_on=None).exclude(sha256="")
    drafts.update(replaces=None)
    if Paper.objects.filter(replaces=stored).exists():
        raise DomainError("Văn bản này đã có bản thay thế.")
    kind = KINDS[stored.kind]
    if stored.figure_set is not None:
        period = stored.figure_set.period
        figures = closed_figures(stored.figure_set.plan, period.kind, period.year, period.number)
        wanted = report_request(figures, stored.content)
    else:
        kind.ready(stored.subject)
        wanted = _on(kind, stored.subject, stored.unit)
    wanted.columns.update(replaces=stored, replace_reason=reason.strip())
    return ask(wanted, by)


def _allow(by: Any, unit: AdminUnit) -> None:
    if not by.has_perm("reports.request_paper") or not is_keeper(by, unit):
        raise PermissionDenied


def _refuse_draft_plan(plan: Plan) -> None:
    if plan.status == "draft":
        raise DomainError("Kế hoạch còn là dự thảo nên chưa lập được báo cáo.", field="plan")


def _free_failed(same: Q) -> None:
    """A request that failed or was cancelled stands in nobody's way."""
    over = Q(job__state__in=JobState.finished_states) | Q(job=None)
    Paper.objects.filter(same, over, sha256="").update(
        request_key=None, replaces=None, prepared=False, state=PaperState.FAILED
    )


def ask(wanted: Request, by: Any) -> Paper:
    """The paper that is being rendered for the same request, or a new one; decided by a unique column."""
    _free_failed(Q(request_key=wanted.key))
    if "replaces" not in wanted.columns and (waiting := Paper.objects.filter(request_key=wanted.key).first()):
        return waiting
    try:
        with transaction.atomic():
            return _create(wanted, by)
    except IntegrityError:
        # Somebody asked for the same at this moment: that paper is ours.
        same = Paper.objects.filter(request_key=wanted.key).first()
        if same is None:
            raise
        if "replaces" in wanted.columns:
            raise DomainError("Văn bản này đang được lập: chờ lập xong rồi lập văn bản thay thế.") from None
        return same


def _create(wanted: Request, by: Any) -> Paper:
    title = wanted.title[:300]
    params = {"list_url": reverse("reports:list"), **wanted.params}
    subject_words = title_of(KINDS[wanted.kind], wanted.subject)
    paper = Paper.objects.create(
        kind=wanted.kind,
        title=title,
        unit=wanted.unit,
        year=wanted.year,
        request_key=wanted.key,
        search_text=search_key(f"{title} {subject_words} {wanted.words} {wanted.unit.name}"),
        requested_by=by,
        **{PaperKind.subjects[wanted.kind]: wanted.subject},
        **wanted.columns,
    )
    paper.job = jobs.request(kind=JOB_KIND, title=title, params=params, by=by)
    paper.save(update_fields=["job"])
    after = {"kind": wanted.kind, "key": wanted.key}
    audit.record(by=by, verb="paper_requested", obj=paper, after=after)
    return paper
