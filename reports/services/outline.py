"""The sections of a province's progress reports: kept, or put back to the usual."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import nfc
from reports.builders.progress.entered import SECTIONS
from reports.models import ReportSection
from reports.outline import Line, outline_of

MANAGE = "reports.manage_outline"
LONGEST_TITLE = 150


@transaction.atomic
def keep(*, unit: AdminUnit, lines: Sequence[Line], by: Any) -> None:
    """Keep the sections of reports made from now on, in the order given; reports made stay.

    Raises PermissionDenied, DomainError (field `title_<key>` or none) for a section without a title, one that
    is missing or twice, and an outline that shows nothing.
    """
    if not by.has_perm(MANAGE, unit):
        raise PermissionDenied
    tidy = [Line(line.key, " ".join(nfc(line.title).split()), line.is_shown) for line in lines]
    _check(tidy)
    AdminUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    before = _told(outline_of(unit))
    for position, line in enumerate(tidy, 1):
        values = {"position": position, "title": line.title, "is_shown": line.is_shown}
        ReportSection.objects.update_or_create(unit=unit, key=line.key, defaults=values)
    if before != _told(tidy):
        audit.record(
            by=by,
            verb="report_outline.keep",
            obj=unit,
            before={"sections": before},
            after={"sections": _told(tidy)},
        )


def _check(lines: Sequence[Line]) -> None:
    if sorted(line.key for line in lines) != sorted(SECTIONS):
        raise DomainError("Danh sách phần không đủ: hãy tải lại trang rồi sửa.")
    if not any(line.is_shown for line in lines):
        raise DomainError("Báo cáo cần ít nhất một phần: hãy đánh dấu một phần.")
    for line in lines:
        if not line.title:
            raise DomainError("Hãy ghi tên phần.", field=f"title_{line.key}")
        if len(line.title) > LONGEST_TITLE:
            raise DomainError(f"Tên phần không quá {LONGEST_TITLE} chữ.", field=f"title_{line.key}")


def _told(lines: Sequence[Line]) -> list[str]:
    return [f"{line.title}{'' if line.is_shown else ' (không in)'}" for line in lines]
