"""Checking, storing and logging, as every verb of the room does it."""

from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models

from core import audit
from core.days import FIRST_YEAR, LAST_YEAR
from core.exceptions import DomainError
from products.evidence_files import safe_filename
from products.models import StoredFile
from products.services.evidence import inspect_upload, store_upload
from training.enums import PlanStatus
from training.models import Plan

Row = TypeVar("Row", bound=models.Model)

# Both roles and area: who keeps plans, and who keeps classes with their register.
PLANS, CLASSES = "training.change_plan", "training.change_trainingclass"


def allow(by: Any, permission: str, *objects: Any) -> None:
    """Raise PermissionDenied unless `by` holds the right on every object; None is the system itself."""
    if by is not None and not all(by.has_perm(permission, obj) for obj in objects or (None,)):
        raise PermissionDenied


def create(row: Row, *, by: Any, verb: str, **after: Any) -> Row:
    """Check and store a new row, and log it. Raises DomainError naming the field at fault."""
    _check(row)
    row.save()
    audit.record(by=by, verb=verb, obj=row, after=after)
    return row


def change(row: Row, fields: dict[str, Any], *, by: Any, verb: str) -> Row:
    """Lock the row, set what differs, check, store and log before and after."""
    stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
    changed = {name for name, value in fields.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    before = {name: plain(getattr(stored, name)) for name in changed}
    for name in changed:
        setattr(stored, name, fields[name])
    _check(stored)
    stored.save()
    audit.record(
        by=by, verb=verb, obj=stored, before=before, after={name: plain(fields[name]) for name in changed}
    )
    return stored


def _check(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from error


def check_days_in_order(fields: dict[str, Any]) -> None:
    """Raise DomainError when the last day lies before the first, or one in a year nobody can mean."""
    start, end = fields.get("starts_on"), fields.get("ends_on")
    for name, day in (("starts_on", start), ("ends_on", end)):
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise DomainError(f"Xem lại năm: ghi từ {FIRST_YEAR} đến {LAST_YEAR}.", field=name)
    if start and end and end < start:
        raise DomainError("Ngày kết thúc phải sau ngày bắt đầu.", field="ends_on")


def refuse_closed(plan: Plan) -> None:
    """Raise DomainError when a plan is over: nothing is assigned under it any more. Its row stays locked."""
    stored = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if stored.status == PlanStatus.CLOSED and not stored.is_reference:
        raise DomainError("Kế hoạch đã kết thúc. Muốn giao thêm hoặc sửa, hãy mở lại kế hoạch trước.")


def keep_file(upload: Any) -> tuple[StoredFile, str]:
    """The bytes of an uploaded file, kept by the rules of evidence, and a safe name for it.

    Raises DomainError: not a type that is taken, too large. Call it inside the transaction of the act.
    """
    found = inspect_upload(upload)
    return store_upload(upload, found), safe_filename(upload.name or "", found.kind)


def plain(value: Any) -> Any:
    """A value as the log keeps it: of a row its name."""
    return str(value) if isinstance(value, models.Model) else value


def refuse(problems: dict[str, str]) -> None:
    """Raise DomainError for the first problem found, by field."""
    for field, message in problems.items():
        raise DomainError(message, field=field)
