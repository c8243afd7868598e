"""Once figures close for a month, the system prepares the draft of the monthly report by itself."""

import logging
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from core import notices
from core.enums import JobState, NoticeKind, UnitLevel
from core.numbers import format_date
from reports.enums import PaperKind
from reports.kinds import keepers_of
from reports.models import Paper
from reports.services import requests
from training import periods
from training.enums import PeriodKind, PlanStatus
from training.models import FigureSet, Plan

log = logging.getLogger(__name__)
# A machine that was off on the day catches up within so many days.
CATCH_UP = timedelta(days=7)


def closed_month(today: date) -> tuple[int, int, date] | None:
    """Year, number and cut-off of the month whose figures closed last, if that is not long ago."""
    for day in (today, today.replace(day=1) - timedelta(days=1)):
        _, end = periods.span(PeriodKind.MONTH, day.year, day.month, settings.OCOP_CUT_OFF_DAY)
        if end < today:
            return (day.year, day.month, end) if today - end <= CATCH_UP else None
    return None


def prepare_monthly(today: date) -> int:
    """Ask for the monthly draft of every province's running plan, once a plan and month; how many were new.

    On frozen figures it is the report itself, before that a working draft; the province's officers are told.
    """
    month = closed_month(today)
    if month is None:
        return 0
    plans = Plan.objects.filter(
        status=PlanStatus.IN_FORCE,
        is_reference=False,
        unit__level=UnitLevel.PROVINCE,
        starts_on__lte=month[2],
        ends_on__gte=month[2],
    )
    return sum(_prepare(plan, *month) for plan in plans.select_related("unit"))


def _prepare(plan: Plan, year: int, number: int, end: date) -> bool:
    prepared = Paper.objects.filter(plan=plan, period_to=end, prepared=True)
    # One that came to nothing is prepared again the next morning.
    prepared.filter(sha256="", job__state=JobState.FAILED).update(prepared=False, request_key=None)
    if prepared.exists():
        return False
    officers = list(keepers_of(plan.unit))
    if not officers:
        log.warning("plan %s: no officer to prepare the monthly report for", plan.code)
        return False
    figures = _figures(plan, year, number)
    try:
        with transaction.atomic():
            paper = _ask(plan, end, figures, officers[0])
    except IntegrityError:  # another process prepared it at this moment
        return False
    step = "soát và phát hành" if figures else "chốt số liệu của kỳ rồi lập báo cáo chính thức"
    notices.send(
        officers,
        kind=NoticeKind.DEADLINE,
        title=f"Đã lập dự thảo báo cáo tháng {number}/{year}",
        body=f"Số liệu {plan.title} đến hết ngày {format_date(end)}. Việc tiếp theo: {step}.",
        url=paper.get_absolute_url(),
        key=f"monthly:{plan.pk}:{end}",
    )
    return True


def _figures(plan: Plan, year: int, number: int) -> FigureSet | None:
    same = {"period__kind": PeriodKind.MONTH, "period__year": year, "period__number": number}
    approved = FigureSet.objects.approved().filter(plan=plan, **same)
    newest: FigureSet | None = approved.select_related("plan__unit", "period").order_by("-number").first()
    return newest


def _ask(plan: Plan, end: date, figures: FigureSet | None, by: User) -> Paper:
    if figures is not None:
        wanted = requests.report_request(figures, requests.clean_content({}, plan.unit))
    else:
        wanted = requests.draft_request(plan, end, requests.clean_content({}, plan.unit))
    wanted.columns["prepared"] = True
    paper = requests.ask(wanted, by)
    if not paper.prepared:  # somebody asked for the same at this moment
        Paper.objects.filter(pk=paper.pk, kind=PaperKind.PROGRESS, sha256="").update(prepared=True)
    return paper
