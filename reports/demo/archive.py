"""A few papers in the archive: a report and minutes issued, a notice that was read, a printed batch.

Rendering takes seconds, so they are made apart from the province, by `seed_demo --papers`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from core import jobs
from core.enums import JobState
from core.exceptions import DomainError
from core.models import Job
from evaluation.models import Certificate, Session, Submission
from products.models import Dossier
from reports import services
from reports.demo import data_files
from reports.demo.clock import standing_on
from reports.enums import PaperKind
from reports.models import Paper
from reports.services import issuable
from training.models import FigureSet


def is_empty() -> bool:
    """Was no paper ever asked for?"""
    return not Paper.objects.exists()


@transaction.atomic
def fill(today: date) -> None:
    """Every paper of the data file, up to a day. Raises DomainError when a service refuses one."""
    data = data_files.read("archive")
    users = {user.username: user for user in User.objects.filter(username__in=("vanphong", "lanhdao"))}
    with jobs.without_workers():
        for row in data["papers"]:
            if row["asked_on"] <= today:
                _make(users["vanphong"], users["lanhdao"], data["signer"], today, **row)


def _make(
    officer: User,
    leader: User,
    signer: str,
    today: date,
    *,
    kind: str,
    asked_on: date,
    about: Any = "",
    reviewed_on: date = date.max,
    issued_on: date = date.max,
) -> None:
    with standing_on(asked_on, 14):
        paper = ask(kind, about, officer)
        _carry_out(paper, services.render)
    if reviewed_on <= today:
        with standing_on(reviewed_on, 15):
            paper = services.review(paper=paper, by=leader)
    if issued_on <= today:
        with standing_on(issued_on, 16):
            name = issuable.named_signer(paper) or signer
            issued = services.issue(paper=paper, issued_on=issued_on, signer_name=name, by=officer)
            _carry_out(issued, services.render_issued)


def _carry_out(paper: Paper, work: Callable[[Any], None]) -> None:
    """Do a paper's job here and now. Raises DomainError with what the job would tell its owner."""
    work(paper.job_id)
    job = Job.objects.get(pk=paper.job_id)
    if job.state != JobState.DONE:
        raise DomainError(f"{paper.title}: {job.error}")


def ask(kind: str, about: Any, officer: User) -> Paper:
    """A paper of the data file asked for, not rendered yet."""
    if kind == PaperKind.PROGRESS:
        closed = FigureSet.objects.approved().select_related("plan__unit", "period").earliest("decided_at")
        period = closed.period
        return services.request_report(
            plan=closed.plan, kind=period.kind, year=period.year, number=period.number, by=officer
        )
    return services.request_paper(kind=kind, subject=_subject(kind, about), by=officer)


def _subject(kind: str, about: Any) -> Any:
    match kind:
        case PaperKind.MINUTES:
            return Session.objects.select_related("council__unit").get(held_on=about)
        case PaperKind.SUBMISSION:
            return Submission.objects.select_related("unit").get(number=about)
        case PaperKind.RESULT:
            dossiers = Dossier.objects.with_names().select_related("commune__parent")
            return dossiers.get(product__name__startswith=about)
        case PaperKind.CERTIFICATES:
            of_decision = Certificate.objects.with_names().filter(recognition__decision_number=about)
            return of_decision.earliest("pk")
    raise ValueError(kind)
