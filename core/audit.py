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
    info = request_info.current.get()
    known = by is not None and by.is_authenticated
    return AuditEntry.objects.create(
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
