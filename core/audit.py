"""Writing the log of acts."""

from typing import Any

from django.db.models import Model

from core import request_info
from core.models import AuditEntry


def record(
    *,
    by: Any,
    verb: str,
    obj: Model | None = None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one act to the log: who (`by`, may be anonymous or None), what, on which object.

    `before` and `after` hold only the columns the act changed. Returns the stored entry.
    """
    written = entry(by=by, verb=verb, obj=obj, before=before, after=after, reason=reason)
    written.save()
    return written


def record_all(entries: list[AuditEntry]) -> None:
    """Append acts made by `entry`, many at once."""
    AuditEntry.objects.bulk_create(entries)


def entry(
    *,
    by: Any,
    verb: str,
    obj: Model | None = None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> AuditEntry:
    """An act as `record` would log it, not yet stored."""
    info = request_info.current.get()
    known = by is not None and by.is_authenticated
    return AuditEntry(
        actor=by if known else None,
        actor_name=str(by) if known else "",
        verb=verb,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=str(obj)[:300] if obj is not None else "",
        before=before or {},
        after=after or {},
        reason=reason,
        ip=info.ip,
        path=info.path,
    )


def history_of(obj: Model):
    """The acts on one object, latest first."""
    return AuditEntry.objects.filter(object_type=obj._meta.label_lower, object_id=str(obj.pk))
