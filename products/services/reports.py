"""What happens to the commune's report on a dossier (Mẫu 03)."""

import unicodedata
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import ConflictError, DomainError
from products.enums import DossierState
from products.models import CommuneReport, Dossier
from products.models.desk import REPORT_FIELDS
from products.services.common import allow, lock_current_version, lock_dossier, save_row

FROZEN = "Hồ sơ không còn ở bước xã kiểm tra nên Mẫu 03 không sửa được nữa."


@transaction.atomic
def save_commune_report(dossier: Dossier, *, by: Any, data: dict[str, Any], revision: int) -> CommuneReport:
    """Store what was typed of Mẫu 03, however incomplete (Đ7 k2 QĐ 26/2026). Gives it with its new revision.

    `data`: columns of REPORT_FIELDS, any of them; `revision`: the one the writer had read, 0 at first. Raises
    ConflictError when somebody saved since, DomainError when the dossier has left the commune.
    """
    if unknown := data.keys() - set(REPORT_FIELDS):
        raise TypeError(f"not part of Mẫu 03: {sorted(unknown)}")
    locked = lock_dossier(dossier)
    allow(by, "products.check_dossier", locked)
    if locked.state not in DossierState.with_commune:
        raise DomainError(FROZEN)
    version = lock_current_version(locked)
    report = CommuneReport.objects.filter(version=version).first() or CommuneReport(version=version)
    if report.revision != revision:
        raise ConflictError("Mẫu 03 vừa được lưu từ một thẻ hoặc một người khác.")
    return _write(report, {name: _composed(value) for name, value in data.items()}, by=by)


def _write(report: CommuneReport, data: dict[str, str], *, by: Any) -> CommuneReport:
    is_new = report.pk is None
    changed = [name for name, value in data.items() if getattr(report, name) != value]
    if not changed:
        return report
    for name in changed:
        setattr(report, name, data[name])
    report.revision += 1
    report.written_by = by
    save_row(report)
    if is_new:
        audit.record(by=by, verb="dossier.begin_report", obj=report.version.dossier)
    return report


def _composed(value: str) -> str:
    """Text in NFC with its paragraphs kept (TCVN 6909:2001); the database takes no NUL."""
    return unicodedata.normalize("NFC", value.replace("\x00", ""))
