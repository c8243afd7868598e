"""What the archive lists, and what can be made of a subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.enums import Role
from core.exceptions import DomainError
from reports.builders.progress.entered import TEXTS
from reports.enums import FileForm, PaperKind, PaperState
from reports.kinds import SUBJECTS, Kind, Subject, is_keeper, kinds_of
from reports.models import Paper, PaperFile
from training.enums import PeriodKind


def papers_for(user: Any) -> QuerySet[Paper]:
    """The papers a user may read, latest first, with what a list shows."""
    return Paper.objects.visible_to(user).with_people()


def waiting_papers(user: Any) -> QuerySet[Paper]:
    """Papers that wait for the user, oldest first: drafts of others to review, reviewed ones to issue, and
    own ones that were returned.

    A draft in whose place another was made since waits for nobody.
    """
    same = Q()
    for name in ("session", "submission", "dossier", "certificate"):
        same |= Q(**{name: OuterRef(name)})
    same |= Q(plan=OuterRef("plan"), period_to=OuterRef("period_to"), figure_set__isnull=False)
    later = Paper.objects.filter(same, kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    to_review = Q(state=PaperState.DRAFT) & ~Q(requested_by=user)
    to_issue = Q(
        state=PaperState.REVIEWED, issued_on=None, unit__in=user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    )
    to_make_anew = Q(state=PaperState.RETURNED, requested_by=user)
    return (
        papers_for(user)
        .filter(to_review | to_issue | to_make_anew, kind__in=PaperKind.sent_out)
        .exclude(kind=PaperKind.PROGRESS, figure_set=None)
        .exclude(Exists(later.exclude(state=PaperState.FAILED)))
        .order_by("requested_at", "pk")
    )


def files_of(paper: Paper) -> dict[str, PaperFile]:
    """The further files of a paper by their form."""
    return {file.form: file for file in paper.files.select_related("made_by")}


def entered_before(user: Any, asked: Mapping[str, str]) -> dict[str, str]:
    """What officers wrote the last time for the plan and period asked for, as a form shows it.

    Without a period: in the last working draft on the plan.
    """
    last = _last_report(user, asked)
    return {name: "\n".join(last.content.get(name, ())) for name in TEXTS} if last else {}


def returned_report(user: Any, asked: Mapping[str, str]) -> Paper | None:
    """The report for the plan and period asked for that was returned and not made anew yet."""
    last = _last_report(user, asked)
    return last if last is not None and last.is_returned else None


def _last_report(user: Any, asked: Mapping[str, str]) -> Paper | None:
    period = {name: asked[name] for name in ("kind", "year", "number") if asked.get(name)}
    of_period = {f"figure_set__period__{name}": value for name, value in period.items()}
    numbers = [asked.get("plan", ""), *(value for name, value in period.items() if name != "kind")]
    if period.get("kind", PeriodKind.MONTH) not in PeriodKind.values:
        return None
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers):
        return None
    papers = papers_for(user).filter(
        kind=PaperKind.PROGRESS, plan=int(numbers[0]), **(of_period or {"figure_set": None})
    )
    return papers.order_by("-pk").first()


def _made(paper: Paper) -> QuerySet[Paper]:
    """The papers made of the same thing: what came to nothing is left out."""
    return Paper.objects.same_as(paper).exclude(state=PaperState.FAILED).with_people()


def returned_before(paper: Paper) -> Paper | None:
    """The returned draft in whose place a paper was made."""
    last = _made(paper).filter(pk__lt=paper.pk).order_by("-pk").first()
    return last if last is not None and last.is_returned else None


def made_since(paper: Paper) -> Paper | None:
    """What was made after a returned draft."""
    return _made(paper).filter(pk__gt=paper.pk).order_by("pk").first() if paper.is_returned else None


def again_url(paper: Paper) -> str:
    """Where a paper is made anew: a replacement from the paper it replaces."""
    if paper.replaces_id is not None:
        return reverse("reports:replace", args=[paper.replaces_id])
    return str(paper.job.params.get("retry_url", "")) if paper.job else ""


def replacement_of(paper: Paper) -> Paper | None:
    """The paper that corrects an issued one, once it is issued itself; before, the one being made."""
    return getattr(paper, "replaced_by", None)


def origin_of(paper: Paper, user: Any) -> dict[str, str] | None:
    """What a paper was made of, and the page of all papers of it; none for reports and for other readers."""
    subject = SUBJECTS[PaperKind.subjects[paper.kind]]
    if subject.field == "plan" or not user.has_perm("reports.view_office_papers"):
        return None
    key = getattr(paper, f"{subject.field}_id")
    found = subject.rows(user).filter(pk=key).first()
    return found and {"name": str(found), "url": reverse("reports:subject", args=[subject.noun, key])}


def may_be_signed(paper: Paper, user: Any) -> bool:
    """Issued, and no signed file is there yet."""
    signed = paper.files.filter(form=FileForm.SIGNED)
    return paper.is_issued and user.has_perm("reports.issue_paper", paper) and not signed.exists()


@dataclass(frozen=True)
class Offer:
    """A kind of paper that can be made of a subject, or why it cannot be yet."""

    kind: Kind
    pk: int
    why_not: str


def subject_page(user: Any, subject: Subject, found: Any) -> dict[str, Any]:
    """What can be made of a subject, and its papers the user may read."""
    keeps = is_keeper(user, subject.unit(found))
    papers = list(papers_for(user).filter(_about(subject, found)))
    return {
        "subject": subject,
        "page": subject.page_of(found.pk),
        "archive_url": reverse("reports:list"),
        "found": found,
        "keeps": keeps,
        "offers": _offers(subject, found) if keeps else [],
        "papers": papers,
        "returned": _not_made_anew(papers),
    }


def _not_made_anew(papers: list[Paper]) -> list[Paper]:
    """Returned drafts after which nothing was made; `papers` come latest first."""
    latest: dict[tuple[str, int], Paper] = {}
    for paper in papers:
        if paper.state != PaperState.FAILED:
            latest.setdefault((paper.kind, paper.subject_id), paper)
    return [paper for paper in latest.values() if paper.is_returned]


def _offers(subject: Subject, found: Any) -> list[Offer]:
    """The kinds of the subject itself; of a dossier also the forms of what was filed last."""
    offers = [Offer(kind, found.pk, _why_not(kind, found)) for kind in kinds_of(subject.field)]
    filed = found.versions.exclude(submitted_at=None).last() if subject.field == "dossier" else None
    if filed is not None:
        offers += [Offer(kind, filed.pk, _why_not(kind, filed)) for kind in kinds_of("version")]
    return offers


def _about(subject: Subject, found: Any) -> Q:
    """The papers of a subject, and of what belongs to it."""
    condition = Q(**{subject.field: found})
    if subject.field == "dossier":
        condition |= Q(version__dossier=found)
    if subject.field == "session":
        condition |= Q(sheet__item__session=found)
    return condition


def _why_not(kind: Kind, found: Any) -> str:
    try:
        kind.ready(found)
    except DomainError as refusal:
        return refusal.message
    return ""
