"""Many papers in one job: shares rendered by every worker that is free, then one PDF and one ZIP.

The worker that has the job renders share after share; for as many as there are cores others are asked to help
(`reports.tasks.help_batch`). A share belongs to who claimed it for LEASE; a helper that is killed loses it to
the others, and the batch never waits for one that is gone.
"""

import io
import zipfile
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.text import slugify

from core import audit, jobs
from core.enums import JobState
from core.exceptions import DomainError
from core.models import Job
from core.text import search_key
from reports import html, pdf
from reports.document import as_data
from reports.enums import FileForm, PaperState
from reports.joining import Joined
from reports.kinds import KINDS, Kind
from reports.models import BatchShare, Paper, PaperFile

SHARE = 10
MOST_PAPERS = 1000
LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 2
POLL = 0.3
COLLECTED, RENDERED = 10, 85


def render(job: Job, paper: Paper) -> None:
    """Render all papers of a batch and store them; what is rendered already is kept after a lost worker."""
    _drop_dead()
    if not paper.data:
        _collect(job, paper)
    if not paper.shares.exists():
        _divide(paper)
    _ask_for_help(paper)
    while _next_share_is_done(job, paper):
        pass
    jobs.report(job, RENDERED, "Đang ghép tệp")
    _store(job, paper, _Merged(paper))


def help_batch(paper_id: int) -> None:
    """Render shares of a batch until none is left to be claimed, or its job is over."""
    paper = Paper.objects.select_related("job").get(pk=paper_id)
    while _is_running(paper):
        try:
            share = _claim(paper)
        except DomainError:
            return  # the worker that has the job says so to who asked
        if share is None:
            return
        _render_share(paper, share)


def _is_running(paper: Paper) -> bool:
    return Job.objects.filter(paper=paper, state=JobState.RUNNING).exists()


def _collect(job: Job, paper: Paper) -> None:
    """The data of all papers as of now: the snapshot, whatever happens while they are rendered."""
    kind, today = KINDS[paper.kind], timezone.localdate()
    single = KINDS[kind.one_of]
    members = list(_members(kind, paper.subject))
    documents = []
    # In no transaction: it would hide the progress and hold the job against who cancels it.
    for place, member in enumerate(members, 1):
        documents.append(as_data(single.document(member, today)))
        if place % SHARE == 0:
            share = COLLECTED * place // len(members)
            jobs.report(job, share, f"Đang tổng hợp số liệu {place}/{len(members)}")
    paper.data = {"title": paper.title, "papers": documents}
    paper.save(update_fields=["data"])


def _members(kind: Kind, subject: Any) -> list[Any]:
    members = list(kind.members(subject)) if kind.members else []
    if not members:
        raise DomainError("Không có văn bản nào để in trong tập này.")
    if len(members) > MOST_PAPERS:
        raise DomainError(f"Tập có {len(members)} văn bản, nhiều hơn {MOST_PAPERS}: hãy in từng phần.")
    return members


def _documents(paper: Paper) -> list[dict[str, Any]]:
    """The data of the papers of a batch, once they are collected."""
    documents: list[dict[str, Any]] = (paper.data or {})["papers"]
    return documents


def _divide(paper: Paper) -> None:
    count = len(_documents(paper))
    BatchShare.objects.bulk_create(
        BatchShare(paper=paper, first=first, last=min(first + SHARE, count) - 1)
        for first in range(0, count, SHARE)
    )


def _ask_for_help(paper: Paper) -> None:
    from reports.tasks import ask_for_help

    left = paper.shares.filter(file="").count()
    for _ in range(min(left, settings.OCOP_PAPER_WORKERS) - 1):
        ask_for_help(paper.pk)


def _next_share_is_done(job: Job, paper: Paper) -> bool:
    """Render one more share, or wait for the helpers' ones; False when all are done."""
    share = _claim(paper)
    if share is not None:
        _render_share(paper, share, job)
        return True
    until = monotonic() + LEASE.total_seconds()
    while monotonic() < until:
        left = paper.shares.filter(file="")
        if not left.exists():
            return False
        _tell(job, paper)
        if left.filter(claimed_at__lt=timezone.now() - LEASE).exists():
            return True
        sleep(POLL)
    return True


@transaction.atomic
def _claim(paper: Paper) -> BatchShare | None:
    """The next share nobody works on; raises DomainError for one that has ended its worker too often."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - LEASE)
    rows = BatchShare.objects.select_for_update(skip_locked=True).filter(free, paper=paper, file="")
    share = rows.order_by("first").first()
    if share is None:
        return None
    if share.attempts >= MOST_ATTEMPTS:
        raise DomainError(
            f"Văn bản thứ {share.first + 1} đến {share.last + 1} làm máy xử lý dừng. "
            "Hãy báo quản trị hệ thống."
        )
    share.claimed_at, share.attempts, share.rendered = timezone.now(), share.attempts + 1, 0
    share.save(update_fields=["claimed_at", "attempts", "rendered"])
    return share


def _render_share(paper: Paper, share: BatchShare, job: Job | None = None) -> None:
    """Render the papers of a share into one ZIP; the job, when it is ours, is told after each paper."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for place in range(share.first, share.last + 1):
            rendered = pdf.render(html.parts(_documents(paper)[place]))
            archive.writestr(f"{place}.pdf", rendered.content)
            BatchShare.objects.filter(pk=share.pk).update(
                rendered=F("rendered") + 1, claimed_at=timezone.now()
            )
            if job is not None:
                _tell(job, paper)
            elif not _is_running(paper):
                return
    share.file.save(f"{paper.pk}-{share.first}.zip", ContentFile(content.getvalue()), save=False)
    if not BatchShare.objects.filter(pk=share.pk, file="").update(file=share.file.name):
        default_storage.delete(str(share.file.name))  # the batch was given up, or another was faster


def _tell(job: Job, paper: Paper) -> None:
    """How many papers are rendered by all who work on the batch."""
    done, total = paper.shares.aggregate(done=Sum("rendered"))["done"], len(_documents(paper))
    percent = COLLECTED + (RENDERED - COLLECTED) * done // total
    jobs.report(job, percent, f"Đã lập {done}/{total} văn bản")


class _Merged:
    """All papers of the shares: one PDF with a part and a bookmark a paper, and a ZIP with a file a paper."""

    def __init__(self, paper: Paper) -> None:
        titles = [data["title"] for data in _documents(paper)]
        joined, bundle = Joined(paper.title), io.BytesIO()
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for place, content in _rendered(paper):
                joined.add(content, titles[place])
                archive.writestr(member_name(place, titles[place]), content)
        self.rendered = pdf.Rendered(joined.close(), joined.pages)
        self.bundle = pdf.Rendered(bundle.getvalue(), len(titles))


def _rendered(paper: Paper) -> Any:
    """(place, bytes) of every paper in order, read share by share."""
    for share in paper.shares.order_by("first"):
        with share.file.open() as file, zipfile.ZipFile(file) as archive:
            for place in range(share.first, share.last + 1):
                yield place, archive.read(f"{place}.pdf")


def member_name(place: int, title: str) -> str:
    """ "001-giay-chung-nhan-….pdf": in order in any folder, readable on any system."""
    return f"{place + 1:03d}-{slugify(search_key(title))[:80]}.pdf"


def _drop_dead() -> None:
    """Shares of batches whose workers were lost for good: nobody was left to drop them."""
    over = Paper.objects.filter(shares__isnull=False, job__state__in=JobState.finished_states)
    for paper in over.only("pk").distinct():
        drop_shares(paper)


@transaction.atomic
def drop_shares(paper: Paper) -> None:
    """The shares of a batch that is merged, or will not be finished."""
    names = [str(share.file.name) for share in paper.shares.exclude(file="")]
    paper.shares.all().delete()
    transaction.on_commit(lambda: _drop_files(names))


@transaction.atomic
def _store(job: Job, paper: Paper, merged: _Merged) -> None:
    """PDF, ZIP and row together; the shares are gone."""
    jobs.hold(job)
    name = f"{paper.kind}-{paper.year}-{paper.pk}"
    bundle = PaperFile(paper=paper, form=FileForm.BUNDLE, made_by=paper.requested_by)
    bundle.file.save(f"{name}.zip", ContentFile(merged.bundle.content), save=False)
    bundle.sha256, bundle.size = merged.bundle.sha256, len(merged.bundle.content)
    bundle.save()
    paper.file.save(f"{name}.pdf", ContentFile(merged.rendered.content), save=False)
    paper.template_version = KINDS[paper.kind].template_version
    paper.state, paper.request_key = PaperState.DRAFT, None
    paper.pages, paper.size = merged.rendered.pages, len(merged.rendered.content)
    paper.sha256 = merged.rendered.sha256
    paper.save()
    drop_shares(paper)
    after = {"sha256": paper.sha256, "pages": paper.pages, "papers": len(_documents(paper))}
    audit.record(by=paper.requested_by, verb="paper_rendered", obj=paper, after=after)


def _drop_files(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)
