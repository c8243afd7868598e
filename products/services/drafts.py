"""Dossiers before filing: begun, their registration changed, their draft saved."""

import unicodedata
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import ConflictError, DomainError
from products import completeness, kinds
from products.enums import DossierKind, DossierState
from products.models import Dossier, DossierVersion, Product
from products.services.common import allow, lock_dossier, save_row, update_row


@transaction.atomic
def create_dossier(
    *, product: Product, kind: str, by: Any, year: int | None = None, late_reason: str = ""
) -> Dossier:
    """Begin a dossier for the product with its first, empty version. `year` of evaluation: else this year."""
    allow(by, "products.add_dossier", product)
    check_kind(product, kind)
    dossier = Dossier(
        product=product,
        commune=product.commune,
        kind=kind,
        year=year or timezone.localdate().year,
        created_by=by,
        late_reason=_composed(late_reason.strip()) if kind == DossierKind.RE_RANKING else "",
    )
    save_row(dossier)
    # The product's own story is where the writer begins.
    DossierVersion.objects.create(dossier=dossier, number=1, story=product.story)
    audit.record(by=by, verb="dossier.create", obj=dossier, after={"kind": kind, "year": dossier.year})
    return dossier


@transaction.atomic
def update_registration(
    dossier: Dossier, *, by: Any, kind: str, year: int, late_reason: str | None = None
) -> Dossier:
    """Change kind and year of a dossier that was never filed, and why a re-ranking comes late (Đ7 k6a)."""
    locked = lock_dossier(dossier)
    allow(by, "products.change_dossier", locked)
    if locked.state != DossierState.DRAFT:
        raise DomainError("Hồ sơ đã nộp, không đổi được hình thức đăng ký và năm đánh giá.")
    check_kind(locked.product, kind)
    fields: dict[str, Any] = {"kind": kind, "year": year}
    if late_reason is not None:
        fields["late_reason"] = _composed(late_reason.strip()) if kind == DossierKind.RE_RANKING else ""
    return update_row(locked, "products.change_dossier", by=by, fields=fields)


def check_kind(product: Product, kind: str) -> None:
    """May the product begin a dossier of this kind today? Raises DomainError on `kind` (Đ6 k1, Đ7 k6a)."""
    if problem := kinds.kind_problem(product, kind):
        raise DomainError(problem, field="kind")


@transaction.atomic
def save_draft(version: DossierVersion, *, by: Any, data: dict[str, Any], revision: int) -> DossierVersion:
    """Store what was typed, however incomplete. Gives the version with its new revision.

    `data`: columns of `completeness.DRAFT_FIELDS`, any of them; `revision`: the one the writer had read.
    Raises ConflictError when somebody saved since, DomainError when the version is already filed. Row
    history keeps every value (pghistory); the log of acts is not filled with keystrokes.
    """
    if unknown := data.keys() - set(completeness.DRAFT_FIELDS):
        raise TypeError(f"not part of a draft: {sorted(unknown)}")
    dossier = lock_dossier(version.dossier)
    locked = DossierVersion.objects.select_for_update().get(pk=version.pk)
    locked.dossier = dossier
    allow(by, "products.change_dossier", dossier)
    if locked.is_frozen or not dossier.is_editable:
        raise DomainError("Hồ sơ đã nộp nên không sửa được; nội dung đã nộp được giữ nguyên.")
    if locked.revision != revision:
        raise ConflictError("Hồ sơ vừa được lưu từ một thẻ hoặc một người khác.")
    return _write(locked, {name: _composed(value) for name, value in data.items()})


def _write(version: DossierVersion, data: dict[str, Any]) -> DossierVersion:
    changed = {name: value for name, value in data.items() if getattr(version, name) != value}
    for name, value in changed.items():
        setattr(version, name, value)
    if changed:
        version.revision += 1
        save_row(version, update_fields=[*changed, "revision"])
    return version


def _composed(value: Any) -> Any:
    """Text in NFC with its paragraphs kept (TCVN 6909:2001)."""
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
