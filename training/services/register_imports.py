"""A workbook for the register: kept, checked in the background, confirmed, written in the background."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs
from core.enums import JobState
from core.exceptions import ConflictError, DomainError
from core.models import AdminUnit, Job
from products.enums import ImportState
from products.imports.reading import MEGABYTE, MOST_MB
from training import register_sheet
from training.models import RegisterImport
from training.services.common import CLASSES, allow
from training.services.register import import_register

log = logging.getLogger(__name__)

CHECK, APPLY = "register_check", "register_apply"
# Part of the bar for reading the workbook, before its lines are counted.
READ, ALMOST = 5, 95
BROKEN = "Có lỗi khi xử lý tệp; lỗi đã được ghi lại. Hãy kiểm tra lại, hoặc báo quản trị."
NO_RIGHT = "Người tải tệp lên không còn quyền ghi vào danh sách của tỉnh."


def request_register_import(*, unit: AdminUnit, upload: Any, by: Any) -> RegisterImport:
    """Keep an uploaded workbook and have it checked. Nothing is written to the register yet.

    Raises PermissionDenied for another province, DomainError on `file` for one that is too large.
    """
    imported = RegisterImport(unit=unit, filename=Path(upload.name or "").name[:200], created_by=by)
    allow(by, CLASSES, imported)
    if upload.size > MOST_MB * MEGABYTE:
        raise DomainError(f"Tệp quá lớn: nhiều nhất {MOST_MB} MB.", field="file")
    content = upload.read()
    imported.sha256 = hashlib.sha256(content).hexdigest()
    imported.file.save(f"imports/{imported.pk}.xlsx", ContentFile(content), save=False)
    with transaction.atomic():
        imported.save()
        audit.record(by=by, verb="register.upload", obj=imported, after={"sha256": imported.sha256})
        return _start(imported, ImportState.CHECKING, by)


@transaction.atomic
def confirm_register_import(*, imported: RegisterImport, by: Any) -> RegisterImport:
    """Have the good lines written. Of two people who confirm, the second is told so.

    Raises ConflictError when it is not waiting for this, DomainError without a good line.
    """
    locked = _lock(imported, by, ImportState.CHECKED)
    if not locked.good:
        raise DomainError("Tệp chưa có dòng nào ghi được. Sửa trong Excel rồi tải lên lại.")
    audit.record(by=by, verb="register.confirm", obj=locked, after={"lines": locked.good})
    return _start(locked, ImportState.APPLYING, by)


@transaction.atomic
def check_register_import_again(*, imported: RegisterImport, by: Any) -> RegisterImport:
    """Check once more after a job that was stopped or broke. Raises ConflictError while one works on it."""
    locked = _lock(imported, by, ImportState.CHECKING, ImportState.APPLYING, ImportState.CHECKED)
    if locked.job is not None and not locked.job.is_finished:
        raise ConflictError("Tệp đang được xử lý; hãy chờ xong.")
    return _start(locked, ImportState.CHECKING, by)


@transaction.atomic
def discard_register_import(*, imported: RegisterImport, by: Any) -> RegisterImport:
    """Give an import up before it is written; the workbook is kept with its history."""
    locked = _lock(imported, by, ImportState.CHECKING, ImportState.CHECKED)
    if locked.job is not None and not locked.job.is_finished:
        jobs.cancel(job=locked.job, by=by)
    locked.state, locked.finished_at = ImportState.DISCARDED, timezone.now()
    locked.save(update_fields=["state", "finished_at"])
    audit.record(by=by, verb="register.discard", obj=locked)
    return locked


def _lock(imported: RegisterImport, by: Any, *states: str) -> RegisterImport:
    rows = RegisterImport.objects.select_for_update(of=("self",)).select_related("unit", "job")
    locked = rows.get(pk=imported.pk)
    allow(by, CLASSES, locked)
    if locked.state not in states:
        label = ImportState(locked.state).label.lower()
        raise ConflictError(f"Lần nhập này đã chuyển sang “{label}”; hãy xem lại trang.")
    return locked


def _start(imported: RegisterImport, state: str, by: Any) -> RegisterImport:
    """Inside a transaction: put the work of the state on the queue."""
    kind, doing = (CHECK, "Kiểm tra") if state == ImportState.CHECKING else (APPLY, "Ghi")
    page, title = imported.get_absolute_url(), f"{doing} danh sách tập huấn {imported.filename}"
    params = {
        "import": str(imported.pk),
        "list_url": reverse("training:register_imports"),
        "retry_url": page,
    }
    imported.state, imported.error = state, ""
    imported.job = jobs.request(kind=kind, title=title, params=params, by=by)
    imported.save(update_fields=["state", "error", "job"])
    return imported


# --- carried out by a worker -----------------------------------------------------------------------------


def run_register_check(job_id: Any) -> None:
    """Check the workbook of a queued job; what it finds, or why it could not, is kept with the import."""
    _run(job_id, ImportState.CHECKING, _check)


def run_register_apply(job_id: Any) -> None:
    """Write the lines of a queued job, all or none. After a lost worker it is written once."""
    _run(job_id, ImportState.APPLYING, _apply)


def _run(job_id: Any, state: str, carry_out: Callable[[RegisterImport, Job], None]) -> None:
    job = jobs.claim(job_id)
    if job is None:
        return
    imported = RegisterImport.objects.select_related("unit", "job__owner").get(pk=job.params["import"])
    try:
        if imported.state == state and imported.job_id == job.pk:
            with jobs.alive(job):
                carry_out(imported, job)
        jobs.finish(job, result_url=imported.get_absolute_url())
    except jobs.JobCancelled:
        _step_back(imported)
    except DomainError as refusal:
        _give_up(imported, job, refusal.message)
    except PermissionDenied:
        _give_up(imported, job, NO_RIGHT)
    except SoftTimeLimitExceeded:
        _give_up(imported, job, "Tệp quá lớn nên không kịp xử lý. Hãy chia thành nhiều tệp.")
    except Exception:
        log.exception("register import %s failed", imported.pk)
        _give_up(imported, job, BROKEN)


def _check(imported: RegisterImport, job: Job) -> None:
    with jobs.telling(job) as say, imported.file.open("rb") as file:
        lines = register_sheet.check(file, imported.unit, tell=_teller(say, "Đang kiểm tra"))
    _keep(imported, job, state=ImportState.CHECKED, findings={"lines": register_sheet.as_data(lines)})


def _apply(imported: RegisterImport, job: Job) -> None:
    rows = register_sheet.rows_of(imported.lines)
    with jobs.telling(job) as say, transaction.atomic():
        done = import_register(rows=rows, by=job.owner, tell=_teller(say, "Đang ghi"))
        findings = {**imported.findings, "counts": vars(done)}
        jobs.hold(job)
        _keep(imported, job, state=ImportState.DONE, findings=findings, finished_at=timezone.now())


def _keep(imported: RegisterImport, job: Job, **values: Any) -> None:
    """Raises JobCancelled when the import moved on meanwhile, so that nothing is written for it."""
    kept = RegisterImport.objects.filter(pk=imported.pk, state=imported.state, job=job)
    if kept.update(error="", **values) != 1:
        raise jobs.JobCancelled


def _teller(say: Callable[[int, str], None], doing: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        say(READ + (ALMOST - READ) * done // max(total, 1), f"{doing}: {done}/{total} dòng")

    return tell


def _step_back(imported: RegisterImport) -> None:
    """A cancelled writing wrote nothing and can be confirmed again."""
    stopped = RegisterImport.objects.filter(
        pk=imported.pk, state=ImportState.APPLYING, job=imported.job_id, job__state=JobState.CANCELLED
    )
    stopped.update(state=ImportState.CHECKED)


def _give_up(imported: RegisterImport, job: Job, reason: str) -> None:
    was_writing = imported.state == ImportState.APPLYING
    state = ImportState.CHECKED if was_writing else ImportState.FAILED
    mine = RegisterImport.objects.filter(pk=imported.pk, state=imported.state, job=job)
    mine.update(state=state, error=reason)
    jobs.fail(job, error=reason)
