"""Imports of workbooks: uploaded, checked in the background, confirmed, written in the background."""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core import audit, jobs, notices
from core.enums import JobState, NoticeKind
from core.exceptions import ConflictError, DomainError
from core.models import AdminUnit, Job
from products.enums import ImportMode, ImportState
from products.imports import reading, result, running
from products.models import Import
from products.services.common import allow

log = logging.getLogger(__name__)

CHECK, APPLY = "import_check", "import_apply"


def request_import(*, unit: AdminUnit, file: Any, filename: str, by: Any) -> Import:
    """Keep an uploaded workbook and have it checked. Nothing is written to the registry yet.

    Raises PermissionDenied for another province, DomainError on `file` when it is no workbook at all.
    """
    imported = Import(unit=unit, filename=Path(filename).name[:200], created_by=by)
    allow(by, "products.import_registry", imported)
    with _copied(file) as path:
        try:
            reading.check_package(path)
        except DomainError as refusal:
            raise DomainError(refusal.message, field="file") from refusal
        imported.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with path.open("rb") as copy:
            imported.file.save(f"imports/{imported.pk}.xlsx", File(copy), save=False)
    return _queue(imported, by)


@transaction.atomic
def _queue(imported: Import, by: Any) -> Import:
    """Apart from reading the workbook, which takes seconds and needs no open transaction."""
    imported.job = _request(CHECK, imported, by)
    imported.save()
    audit.record(by=by, verb="import.upload", obj=imported, after={"sha256": imported.sha256})
    return imported


@transaction.atomic
def answer_questions(imported: Import, *, answers: dict[str, str], by: Any) -> Import:
    """Keep the answers to questions of the check, and check again with them.

    Answers that were not offered are passed over. Raises ConflictError when the import moved on meanwhile.
    """
    locked = _lock(imported, by, ImportState.CHECKED)
    offered = {
        question["key"]: {value for value, _ in question["options"]}
        for question in locked.findings.get("questions", [])
    }
    chosen = {key: value for key, value in answers.items() if value in offered.get(key, ())}
    if not chosen:
        raise DomainError("Hãy chọn ít nhất một câu trả lời.")
    locked.answers = {**locked.answers, **chosen}
    audit.record(by=by, verb="import.answer", obj=locked, after=chosen)
    return _start(locked, ImportState.CHECKING, CHECK, by)


@transaction.atomic
def check_again(imported: Import, *, by: Any) -> Import:
    """Check once more: after a broken job, or because the registry changed meanwhile."""
    locked = _lock(imported, by, ImportState.CHECKED, ImportState.CHECKING, ImportState.APPLYING)
    if locked.job is not None and not locked.job.is_finished:
        raise ConflictError("Tệp đang được xử lý; hãy chờ xong.")
    return _start(locked, ImportState.CHECKING, CHECK, by)


@transaction.atomic
def confirm_import(imported: Import, *, mode: str, by: Any) -> Import:
    """Have the workbook written in the chosen mode. Of two people who confirm, the second is told so.

    Raises DomainError when all or nothing is asked of a workbook with bad rows, ConflictError when it is
    not waiting for this.
    """
    if mode not in ImportMode.values:
        raise DomainError("Hãy chọn cách ghi.", field="mode")
    locked = _lock(imported, by, ImportState.CHECKED)
    counts = locked.findings.get("counts", {})
    bad = counts.get("error", 0) + counts.get("question", 0)
    if mode == ImportMode.ALL_OR_NOTHING and bad:
        raise DomainError(
            f"Còn {bad} dòng lỗi hoặc chờ trả lời. Hãy sửa tệp rồi tải lại, hoặc chọn chỉ ghi các dòng đúng.",
            field="mode",
        )
    locked.mode = mode
    audit.record(by=by, verb="import.confirm", obj=locked, after={"mode": mode})
    return _start(locked, ImportState.APPLYING, APPLY, by)


@transaction.atomic
def discard_import(imported: Import, *, by: Any) -> Import:
    """Give an import up before it is written; the workbook is kept with its history."""
    locked = _lock(imported, by, ImportState.CHECKING, ImportState.CHECKED)
    if locked.job is not None and not locked.job.is_finished:
        jobs.cancel(job=locked.job, by=by)
    locked.state, locked.finished_at = ImportState.DISCARDED, timezone.now()
    locked.save(update_fields=["state", "finished_at"])
    audit.record(by=by, verb="import.discard", obj=locked)
    return locked


def _lock(imported: Import, by: Any, *states: str) -> Import:
    locked = Import.objects.select_for_update(of=("self",)).select_related("unit", "job").get(pk=imported.pk)
    allow(by, "products.import_registry", locked)
    if locked.state not in states:
        label = ImportState(locked.state).label.lower()
        raise ConflictError(f"Lần nhập này đã chuyển sang “{label}”; hãy xem lại trang.")
    return locked


def _start(imported: Import, state: str, kind: str, by: Any) -> Import:
    imported.state, imported.error = state, ""
    imported.job = _request(kind, imported, by)
    imported.save(update_fields=["state", "error", "job", "answers", "mode"])
    return imported


def _request(kind: str, imported: Import, by: Any) -> Job:
    doing = "Kiểm tra" if kind == CHECK else "Ghi"
    page = reverse("products:import", args=[imported.pk])
    params = {"import": str(imported.pk), "list_url": reverse("products:imports"), "retry_url": page}
    return jobs.request(kind=kind, title=f"{doing} tệp {imported.filename}", params=params, by=by)


# --- carried out by a worker -----------------------------------------------------------------------------


def run_check(job_id: Any) -> None:
    """Check the workbook of a queued job; what it finds, or why it could not, is kept with the import."""
    _run(job_id, ImportState.CHECKING, _check)


def run_apply(job_id: Any) -> None:
    """Write the workbook of a queued job. After a lost worker it finds what is written, and goes on."""
    _run(job_id, ImportState.APPLYING, _apply)


def _run(job_id: Any, state: str, carry_out: Callable[[Import, Job, Path], None]) -> None:
    job = jobs.claim(job_id)
    if job is None:
        return
    imported = Import.objects.select_related("unit", "created_by", "job__owner").get(pk=job.params["import"])
    try:
        if imported.state == state and imported.job_id == job.pk:
            with _copied(imported.file) as path:
                carry_out(imported, job, path)
        jobs.finish(job, result_url=reverse("products:import", args=[imported.pk]))
    except jobs.JobCancelled:
        _step_back(imported)
    except DomainError as refusal:
        _give_up(imported, job, refusal.message)
    except SoftTimeLimitExceeded:
        _give_up(imported, job, "Tệp quá lớn nên không kịp xử lý. Hãy chia thành nhiều tệp.")
    except Exception:
        log.exception("import %s failed", imported.pk)
        _give_up(
            imported, job, "Có lỗi khi xử lý tệp; lỗi đã được ghi lại. Hãy kiểm tra lại, hoặc báo quản trị."
        )


def _check(imported: Import, job: Job, path: Path) -> None:
    with _teller(job, imported, "Đang kiểm tra") as tell:
        sheet, report = running.check(path, imported.unit, answers=imported.answers, tell=tell)
    _keep(imported, job, path, sheet, report, ImportState.CHECKED)


def _apply(imported: Import, job: Job, path: Path) -> None:
    with _teller(job, imported, "Đang ghi") as tell:
        sheet, report = running.apply(
            path, imported.unit, mode=imported.mode, by=job.owner, answers=imported.answers, tell=tell
        )
    refused = imported.mode == ImportMode.ALL_OR_NOTHING and report.bad
    state = ImportState.CHECKED if refused else ImportState.DONE
    _keep(imported, job, path, sheet, report, state)


def _keep(
    imported: Import, job: Job, path: Path, sheet: reading.Sheet, report: running.Report, state: str
) -> None:
    """Store findings and the workbook that answers; the import waits, or is done."""
    answer = path.with_name("result.xlsx")
    result.build(sheet, report.lines, answer, lambda: jobs.report(job, 97, "Đang lập tệp kết quả"))
    name = f"imports/{imported.pk}-{'ket-qua' if state == ImportState.DONE else 'kiem-tra'}-{job.pk}.xlsx"
    with answer.open("rb") as file:
        stored = default_storage.save(name, File(file))
    findings = report.as_data(sheet)
    with transaction.atomic():
        values: dict[str, Any] = {"findings": findings, "result_file": stored, "state": state, "error": ""}
        if state == ImportState.DONE:
            values["finished_at"] = timezone.now()
            audit.record(by=job.owner, verb="import.apply", obj=imported, after=findings["counts"])
        elif imported.state == ImportState.APPLYING:
            values["error"] = "Dữ liệu trong hệ thống đã thay đổi từ lúc kiểm tra nên chưa ghi dòng nào."
        kept = Import.objects.filter(pk=imported.pk, state=imported.state, job=job).update(**values)
    if kept != 1:
        default_storage.delete(stored)
    else:
        _tell_owner(imported, job, report, state)


def _tell_owner(imported: Import, job: Job, report: running.Report, state: str) -> None:
    """A notice for who may have left the page."""
    done = state == ImportState.DONE
    title = f"{'Đã ghi' if done else 'Đã kiểm tra'} tệp {imported.filename}"
    body = f"{report.good} dòng đúng, {report.bad} dòng lỗi hoặc chờ trả lời."
    url = reverse("products:import", args=[imported.pk])
    notices.send([job.owner], kind=NoticeKind.JOB, title=title, url=url, key=f"import:{job.pk}", body=body)


def _step_back(imported: Import) -> None:
    """A cancelled writing can be confirmed again; what was written stays, and will be found."""
    Import.objects.filter(pk=imported.pk, state=ImportState.APPLYING, job=imported.job_id).filter(
        job__state=JobState.CANCELLED
    ).update(state=ImportState.CHECKED)


def _give_up(imported: Import, job: Job, reason: str) -> None:
    was_writing = imported.state == ImportState.APPLYING
    state = ImportState.CHECKED if was_writing else ImportState.FAILED
    Import.objects.filter(pk=imported.pk, state=imported.state, job=job).update(state=state, error=reason)
    jobs.fail(job, error=reason)


@contextmanager
def _copied(source: Any) -> Iterator[Path]:
    """The bytes of an upload or a stored file as a file of our own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ocop-import-") as folder:
        path = Path(folder) / "source.xlsx"
        with path.open("wb") as copy:
            if not hasattr(source, "chunks"):
                source = File(source)
            source.open("rb")
            size = 0
            for chunk in source.chunks():
                size += len(chunk)
                if size > (reading.MOST_MB + 1) * reading.MEGABYTE:
                    break
                copy.write(chunk)
        yield path


@contextmanager
def _teller(job: Job, imported: Import, doing: str) -> Iterator[running.Tell]:
    """Reports how many rows are done, of those the check counted."""
    total = max(1, imported.findings.get("rows") or 0)
    with jobs.telling(job) as say:

        def tell(done: int) -> None:
            share = min(95, 5 + 90 * done // max(total, done + 1)) if total > 1 else 5
            say(share, f"{doing}: {done} dòng" + (f"/{total}" if total >= done > 0 else ""))

        yield tell


__all__ = [
    "answer_questions",
    "check_again",
    "confirm_import",
    "discard_import",
    "request_import",
    "run_apply",
    "run_check",
]
