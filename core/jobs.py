"""Long work: request, run, report progress, finish, recover. See `core.models.Job`."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from core import notices
from core.enums import JobState, NoticeKind
from core.exceptions import DomainError
from core.models import Job

# A worker touches its job at least this often; a job silent for longer lost its worker.
LOST_AFTER = timedelta(minutes=2)
# How often `alive` touches it, whatever the work is doing meanwhile.
HEARTBEAT = timedelta(seconds=20)
MAX_ATTEMPTS = 2
SECONDS_BETWEEN_REPORTS = 1.0
# A job that no worker took so long after it was sent is taken for lost by the queue. If it only waited its
# turn the second message does no harm: `claim` lets one worker take it.
SENT_LONG_AGO = timedelta(minutes=15)

log = logging.getLogger(__name__)

_starters: dict[str, Callable[[Any], None]] = {}


class JobCancelled(Exception):
    """The owner cancelled the job while it ran, or it was given to another worker."""


def register_starter(kind: str, starter: Callable[[Any], None]) -> None:
    """Say how a job of this kind is put on the queue: `starter(job_id)`, called after commit.

    It raises kombu's OperationalError when the queue cannot be reached: the job waits for `recover_lost`.
    """
    _starters[kind] = starter


@contextmanager
def without_workers() -> Iterator[None]:
    """No job asked for inside is put on a queue: who asks does the work on the spot.

    For commands that run before any worker stands by.
    """
    known = dict(_starters)
    _starters.update(dict.fromkeys(known, lambda job_id: None))
    try:
        yield
    finally:
        _starters.update(known)


def request(*, kind: str, title: str, params: dict, by: Any) -> Job:
    """Store a job and put it on the queue once the transaction commits."""
    job = Job.objects.create(kind=kind, title=title[:300], params=params, owner=by)
    transaction.on_commit(lambda: _send(job))
    return job


def claim(job_id: Any) -> Job | None:
    """Take a queued job for running. None when it is not there to be taken (done, cancelled, taken)."""
    now = timezone.now()
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken == 1 else None


def _this_run(job: Job) -> QuerySet[Job]:
    """The job while the worker that claimed it still has it; a silent one may have lost it to another."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def report(job: Job, progress: int, message: str) -> None:
    """Tell how far the job is (0-100) and what it does now; raises JobCancelled when it is no longer ours."""
    updated = _this_run(job).update(progress=progress, message=message[:300], heartbeat_at=timezone.now())
    if updated != 1:
        raise JobCancelled


def hold(job: Job) -> None:
    """Inside a transaction: keep the job ours until it ends, so that nobody cancels what is being stored.

    Raises JobCancelled when it is no longer ours.
    """
    if _this_run(job).select_for_update().first() is None:
        raise JobCancelled


def is_with_another(job: Job) -> bool:
    """Whether a run after ours has the job or will take it: what there is of it belongs to that one."""
    going_on = Job.objects.filter(pk=job.pk, state__in=JobState.active_states)
    return going_on.exclude(state=JobState.RUNNING, attempts=job.attempts).exists()


@contextmanager
def alive(job: Job) -> Iterator[None]:
    """While the block runs a thread touches the job, so that a long step is not taken for a lost worker.

    Only a worker that is gone stops touching; one that hangs is ended by its time limit.
    """
    done = Event()
    beating = Thread(target=_beat, args=(job, done), daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def _beat(job: Job, done: Event) -> None:
    try:
        while not done.wait(HEARTBEAT.total_seconds()):
            try:
                _this_run(job).update(heartbeat_at=timezone.now())
            except DatabaseError:
                # The next beat may find the database again; the work itself will say what it cannot do.
                log.exception("job %s: heartbeat failed", job.pk)
                connection.close()
    finally:
        connection.close()


@contextmanager
def telling(job: Job) -> Iterator[Callable[[int, str], None]]:
    """Gives what reports like `report`, at most once a second, by a thread with a connection of its own.

    Told inside a long transaction nobody would see it, and the job would be taken for lost. Inside another
    transaction (a test) the job is told directly.
    """
    pool = ThreadPoolExecutor(max_workers=1) if not connection.in_atomic_block else None
    last = time.monotonic()

    def tell(progress: int, message: str) -> None:
        nonlocal last
        if time.monotonic() - last < SECONDS_BETWEEN_REPORTS:
            return
        last = time.monotonic()
        if pool is None:
            report(job, progress, message)
        else:
            pool.submit(report, job, progress, message).result()

    try:
        yield tell
    finally:
        if pool is not None:
            # In the thread: the proxy stands for another connection there.
            pool.submit(lambda: connection.close()).result()
            pool.shutdown()


def finish(job: Job, *, result_url: str) -> None:
    """Close a running job with the address of its result."""
    updated = _this_run(job).update(
        state=JobState.DONE, progress=100, message="", result_url=result_url, finished_at=timezone.now()
    )
    if updated == 1:
        _tell(job, f"Đã xong: {job.title}", result_url)


def fail(job: Job, *, error: str) -> None:
    """Close a job with a reason people understand."""
    active = Job.objects.filter(pk=job.pk, attempts=job.attempts, state__in=JobState.active_states)
    if active.update(state=JobState.FAILED, error=error, message="", finished_at=timezone.now()) == 1:
        _tell(job, f"Không thực hiện được: {job.title}", job.get_absolute_url(), error)


def _tell(job: Job, title: str, url: str, body: str = "") -> None:
    """The owner need not stay on the job's page: a notice comes."""
    notices.send([job.owner], kind=NoticeKind.JOB, title=title, url=url, body=body, key=f"job:{job.pk}")


def cancel(*, job: Job, by: Any) -> None:
    """Stop a job that is not finished. Raises DomainError when it already is."""
    updated = Job.objects.filter(pk=job.pk, state__in=JobState.active_states).update(
        state=JobState.CANCELLED, message="", finished_at=timezone.now()
    )
    if updated != 1:
        raise DomainError("Việc này đã kết thúc nên không hủy được.")


def recover_lost() -> int:
    """Queue again, once, the jobs whose worker fell silent; fail the others. Returns how many were found.

    Of the jobs still queued those are sent that never were, because the queue could not be reached, and those
    sent long ago, which the queue may have lost.
    """
    now = timezone.now()
    lost = list(Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - LOST_AFTER))
    for job in lost:
        _requeue_or_fail(job)
    # One that was asked for just now is sent by who asked.
    unsent = Q(sent_at=None, created_at__lt=now - LOST_AFTER)
    queued = Job.objects.filter(unsent | Q(sent_at__lt=now - SENT_LONG_AGO), state=JobState.QUEUED)
    stuck = list(queued.order_by("created_at"))
    for job in stuck:
        _send(job)
    return len(lost) + len(stuck)


def _requeue_or_fail(job: Job) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        fail(job, error="Máy xử lý dừng giữa chừng hai lần. Hãy thử lại; nếu vẫn lỗi, báo quản trị hệ thống.")
        return
    requeued = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, heartbeat_at=job.heartbeat_at).update(
        state=JobState.QUEUED, sent_at=None, message="Chạy lại sau khi máy xử lý dừng đột ngột."
    )
    if requeued == 1:
        job.sent_at = None
        _send(job)


def _send(job: Job) -> None:
    """Put a queued job on the queue, unless another process has sent it since it was read.

    One of a kind that this release no longer knows fails, and stops no other.
    """
    now = timezone.now()
    queued = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    # Noted before it is sent: of two that look for lost jobs at once one sends it.
    if queued.filter(sent_at=job.sent_at).update(sent_at=now) != 1:
        return
    starter = _starters.get(job.kind)
    if starter is None:
        fail(job, error="Phiên bản hiện tại không còn loại việc này. Hãy yêu cầu lại.")
        return
    try:
        starter(job.pk)
    except OperationalError:
        log.exception("job %s: the queue cannot be reached", job.pk)
        queued.filter(sent_at=now).update(sent_at=None)
