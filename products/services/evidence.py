"""Evidence papers of a dossier being written: taken in, described, taken out, carried to the next version."""

import logging
from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import Exists, ManyToOneRel, Max, OuterRef, QuerySet, Sum
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from products import evidence_files, evidence_pictures
from products.enums import EvidenceGroup
from products.evidence_files import Inspected
from products.evidence_rules import guessed_group
from products.models import Dossier, DossierVersion, Evidence, StoredFile
from products.services.common import allow, lock_current_version, lock_dossier, save_row

log = logging.getLogger(__name__)

MB = 1024 * 1024
FIELDS = ("group", "title", "number", "issuer", "issued_on", "expires_on")
_COPIED = (*FIELDS, "filename", "stored_id", "position", "uploaded_by_id")
FROZEN = "Hồ sơ đã nộp nên không thêm, sửa hay bỏ minh chứng được. Muốn bổ sung, cần được trả lại trước."


class AlreadyThereError(DomainError):
    """The same bytes are a paper of the version already: `evidence`."""

    def __init__(self, message: str, evidence: Evidence) -> None:
        self.evidence = evidence
        super().__init__(message)


def add_evidence(*, dossier: Dossier, upload: Any, by: Any, group: str = "") -> Evidence:
    """Take a file in as a paper of the version being written; an empty group is guessed from its name.

    Raises PermissionDenied, DomainError: filed, not a type that is taken, too large, in the version already.
    """
    # Asked before the file is read; asked again under the lock.
    allow(by, "products.change_dossier", dossier)
    found = inspect_upload(upload)
    return _add(dossier, upload, found, by=by, group=group)


@transaction.atomic
def _add(dossier: Dossier, upload: Any, found: Inspected, *, by: Any, group: str) -> Evidence:
    version = _lock_editable(dossier, by)
    stored = store_upload(upload, found)
    _check_not_there(version, stored)
    _check_total(version, found.size)
    last = version.evidences.aggregate(last=Max("position"))["last"] or 0
    evidence = Evidence(
        version=version,
        stored=stored,
        filename=evidence_files.safe_filename(upload.name or "", found.kind),
        group=group or guessed_group(upload.name or ""),
        position=last + 1,
        uploaded_by=by,
    )
    save_row(evidence)
    after = {"filename": evidence.filename, "sha256": stored.sha256, "size": stored.size}
    audit.record(by=by, verb="evidence.add", obj=dossier, after=after)
    return evidence


@transaction.atomic
def update_evidence(evidence: Evidence, *, by: Any, data: dict[str, Any]) -> Evidence:
    """Keep what is typed about a paper, however incomplete: columns of `FIELDS`.

    Row history keeps every value; the log of acts is not filled with keystrokes. Raises DomainError when
    filed or when the dates are out of order.
    """
    if unknown := data.keys() - set(FIELDS):
        raise TypeError(f"not a description of a paper: {sorted(unknown)}")
    _lock_editable(evidence.version.dossier, by, of=evidence)
    changed = [name for name, value in data.items() if getattr(evidence, name) != value]
    for name in changed:
        setattr(evidence, name, data[name])
    if changed:
        _check_dates(evidence)
        save_row(evidence, update_fields=changed)
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: Any) -> None:
    """Take a paper out of the version being written; the bytes stay until `prune_files`."""
    dossier = evidence.version.dossier
    _lock_editable(dossier, by, of=evidence)
    before = {"filename": evidence.filename, "title": evidence.title, "sha256": evidence.stored.sha256}
    evidence.delete()
    audit.record(by=by, verb="evidence.remove", obj=dossier, before=before)


def copy_evidence(*, old: DossierVersion, new: DossierVersion) -> None:
    """Give a newly opened version the papers of the one before it; the bytes are not copied."""
    rows = [Evidence(version=new, **row) for row in old.evidences.values(*_COPIED)]
    Evidence.objects.bulk_create(rows)


def record_download(version: DossierVersion, *, by: Any) -> None:
    """Write down that somebody took the whole dossier away (personal data leaves the system)."""
    after = {"version": version.number, "papers": version.evidences.count()}
    audit.record(by=by, verb="dossier.download", obj=version.dossier, after=after)


def prune_files(*, older_than_days: int, dry_run: bool = False) -> list[str]:
    """Remove bytes that nothing has used for a while, papers of versions or of other rooms. Gives hashes."""
    before = timezone.now() - timedelta(days=older_than_days)
    unused = _unused().filter(stored_at__lt=before)
    hashes = list(unused.order_by("pk").values_list("sha256", flat=True))
    return hashes if dry_run else [sha256 for sha256 in hashes if _prune(sha256)]


def _unused() -> QuerySet[StoredFile]:
    """Files no row of any app points to; higher apps keep papers here too. Row history holds nothing back."""
    files = StoredFile.objects.all()
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and getattr(relation.field, "db_constraint", True):
            column = relation.field
            users = column.model._default_manager.filter(**{column.name: OuterRef("pk")})
            files = files.exclude(Exists(users))
    return files


def _prune(sha256: str) -> bool:
    # One transaction a file: the unique hash keeps a new upload of the same bytes waiting until it is gone.
    with transaction.atomic():
        stored = StoredFile.objects.select_for_update().filter(sha256=sha256).first()
        if stored is None or not _unused().filter(pk=stored.pk).exists():
            return False
        with pgtrigger.ignore("products.StoredFile:stored_file_never_changes"):
            stored.delete()
        evidence_pictures.forget(stored)
        default_storage.delete(str(stored.file.name))
    return True


def _lock_editable(dossier: Dossier, by: Any, *, of: Evidence | None = None) -> DossierVersion:
    """The version being written, locked; `of`: a paper that must be one of it."""
    lock_dossier(dossier)
    allow(by, "products.change_dossier", dossier)
    version = lock_current_version(dossier)
    if version.is_frozen or not dossier.is_editable or (of and of.version_id != version.pk):
        raise DomainError(FROZEN)
    return version


def inspect_upload(upload: Any) -> Inspected:
    """What an uploaded file is. Raises DomainError: too large, not a type that is taken, broken."""
    _check_size(upload.size)
    return evidence_files.inspect(upload)


def store_upload(upload: Any, found: Inspected) -> StoredFile:
    """The bytes, kept once: whoever comes second waits for the first and uses its row."""
    stored = _existing(found)
    if stored is not None:
        return stored
    name = f"evidence/{found.sha256[:2]}/{found.sha256}.{found.kind.extension}"
    try:
        with transaction.atomic():
            stored = StoredFile.objects.create(
                sha256=found.sha256,
                file=name,
                size=found.size,
                content_type=found.kind.content_type,
                pages=found.pages,
            )
            _write(name, upload)
            return stored
    except IntegrityError:
        return StoredFile.objects.select_for_update().get(sha256=found.sha256)


def _existing(found: Inspected) -> StoredFile | None:
    # Locked, so that `prune_files` does not take it away under our hands.
    return StoredFile.objects.select_for_update().filter(sha256=found.sha256).first()


def _write(name: str, upload: Any) -> None:
    # What stands there without a row was left by an upload that broke off: nobody uses it.
    if default_storage.exists(name):
        default_storage.delete(name)
    upload.seek(0)
    kept = default_storage.save(name, upload)
    if kept != name:
        default_storage.delete(kept)
        raise OSError(f"the storage kept {kept} instead of {name}")


def _check_size(size: int) -> None:
    limit = settings.EVIDENCE_MAX_FILE_MB
    if size > limit * MB:
        raise DomainError(
            f"Tệp lớn hơn {limit} MB. Hãy quét ở 150-200 dpi, nén ảnh hoặc tách thành nhiều tệp rồi tải lại."
        )


def _check_total(version: DossierVersion, size: int) -> None:
    limit = settings.EVIDENCE_MAX_DOSSIER_MB
    used = version.evidences.aggregate(used=Sum("stored__size"))["used"] or 0
    if used + size > limit * MB:
        raise DomainError(
            f"Minh chứng của hồ sơ đã gần {limit} MB, không thêm được tệp này. "
            "Hãy bỏ bớt hoặc nén các tệp lớn."
        )


def _check_not_there(version: DossierVersion, stored: StoredFile) -> None:
    if there := version.evidences.filter(stored=stored).first():
        group = EvidenceGroup(there.group).label
        text = f"Tệp này đã có trong hồ sơ: “{there}” (nhóm {group}). Không cần tải lại."
        raise AlreadyThereError(text, there)


def _check_dates(evidence: Evidence) -> None:
    if evidence.issued_on and evidence.expires_on and evidence.expires_on <= evidence.issued_on:
        raise DomainError("Ngày hết hạn phải sau ngày cấp.", field="expires_on")
