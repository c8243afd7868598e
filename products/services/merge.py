"""Two rows that are one entity become one; the other is kept for its history."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.text import search_key
from products import signals
from products.enums import DossierState
from products.models import Dossier, Entity, RepresentativeProfile
from products.services.common import allow, check, column_label, save_row
from products.validators import check_legal_form

# What a person chooses where the two differ. Columns of one line belong together and are taken together.
MERGE_FIELDS: tuple[tuple[str, ...], ...] = (
    ("name",),
    ("legal_form",),
    ("tax_code",),
    ("registration_number", "registered_on", "registered_by"),
    ("founded_on",),
    ("commune",),
    ("address",),
    ("representative", "representative_position"),
    ("phone",),
    ("email",),
    ("workers_total", "workers_local"),
    ("strengthened_on",),
)


@transaction.atomic
def merge_entities(
    keep: Entity, drop: Entity, *, by: Any, reason: str, taken: Collection[str] = ()
) -> Entity:
    """Merge `drop` into `keep`: products (with dossiers and recognitions), accounts and years move over.

    `taken`: first columns of the lines of MERGE_FIELDS whose values come from `drop`. What was filed stays
    as it was filed. Raises DomainError when one was merged already, when a product's name would stand
    twice, or while a filed dossier of `drop` is on its road: its papers name that entity.
    """
    _lock(keep, drop)
    for one in (keep, drop):
        allow(by, "products.merge_entity", one)
    _check_may_merge(keep, drop, reason)
    columns = [name for line in MERGE_FIELDS if line[0] in taken for name in line]
    before = {"keep": _columns(keep), "drop": _columns(drop)}
    # Before the columns change: whose data the profile holds is told by the names as they are.
    _settle_profile(keep, drop, is_taken="representative" in taken)
    values = {name: getattr(drop, name) for name in columns}
    _retire(drop, keep, gives_tax_code="tax_code" in values)
    _take(keep, values)
    moved = {
        "products": _move_products(keep, drop),
        "accounts": _move_accounts(keep, drop),
        "years": _move_years(keep, drop),
    }
    signals.entities_merged.send(sender=Entity, keep=keep, drop=drop)
    after = {"keep": _columns(keep), "moved": moved, "merged": drop.pk}
    audit.record(by=by, verb="entity.merge", obj=keep, before=before, after=after, reason=reason)
    audit.record(by=by, verb="entity.merged_away", obj=drop, after={"into": keep.pk}, reason=reason)
    return keep


def _lock(keep: Entity, drop: Entity) -> None:
    """Both rows, always in the same order, so that two merges at once wait instead of blocking each other.

    With the products that move: a dossier being filed at this moment holds its product, and is seen as filed.
    """
    list(Entity.objects.select_for_update().filter(pk__in=[keep.pk, drop.pk]).order_by("pk").values("pk"))
    list(drop.products.select_for_update().order_by("pk").values("pk"))
    for one in (keep, drop):
        one.refresh_from_db()


def _check_may_merge(keep: Entity, drop: Entity, reason: str) -> None:
    if keep == drop:
        raise DomainError("Hãy chọn hai chủ thể khác nhau.")
    if merged := next((one for one in (keep, drop) if one.merged_into_id), None):
        raise DomainError(f"Chủ thể “{merged}” đã được gộp vào chủ thể khác.")
    if not reason.strip():
        raise DomainError("Hãy ghi lý do gộp.", field="reason")
    filed = Dossier.objects.filter(product__entity=drop).open().exclude(state__in=DossierState.editable)
    if dossier := filed.first():
        raise DomainError(
            f"“{drop}” đang có hồ sơ đã nộp ({dossier}) ghi tên chủ thể này. Hãy giữ lại chủ thể này và gộp "
            "chủ thể kia vào, hoặc chờ hồ sơ có kết quả."
        )


def _take(keep: Entity, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(keep, name, value)
    if "legal_form" in values:
        keep.legal_form_guessed = False
    if values:
        save_row(keep, update_fields=[*values, "legal_form_guessed"])


def _retire(drop: Entity, keep: Entity, *, gives_tax_code: bool) -> None:
    drop.merged_into, drop.merged_at = keep, timezone.now()
    if gives_tax_code:
        drop.tax_code = ""
    drop.save(update_fields=["merged_into", "merged_at", "tax_code"])


def _move_products(keep: Entity, drop: Entity) -> list[str]:
    names = set(keep.products.values_list("name", flat=True))
    moving = list(drop.products.select_for_update(of=("self",)).select_related("product_set"))
    if twice := [product.name for product in moving if product.name in names]:
        raise DomainError(
            f"Cả hai chủ thể đều có sản phẩm tên: {', '.join(twice)}. Hãy sửa tên cho khác nhau rồi gộp."
        )
    for product in [*moving, *keep.products.select_related("product_set")]:
        check(check_legal_form, keep.legal_form, product.product_set.is_tourism, field="legal_form")
    drop.products.update(entity=keep)
    return [product.name for product in moving]


def _move_accounts(keep: Entity, drop: Entity) -> list[str]:
    people = [str(account.user) for account in drop.accounts.select_related("user")]
    drop.accounts.exclude(user__in=keep.accounts.values("user")).update(entity=keep)
    drop.accounts.all().delete()
    return people


def _move_years(keep: Entity, drop: Entity) -> list[int]:
    """Years the kept one has no figures of; where both have, its own stand."""
    moving = drop.years.exclude(year__in=list(keep.years.values_list("year", flat=True)))
    years = list(moving.values_list("year", flat=True))
    moving.update(entity=keep)
    return years


def _settle_profile(keep: Entity, drop: Entity, *, is_taken: bool) -> None:
    """Sensitive data follow the person they describe: never one's data under another's name."""
    mine, theirs = (RepresentativeProfile.objects.filter(entity=one).first() for one in (keep, drop))
    is_same = search_key(keep.representative) == search_key(drop.representative)
    if not is_taken and (mine or not is_same):
        return
    if mine and (theirs or not is_same):
        mine.delete()
    if theirs:
        theirs.entity = keep
        theirs.save(update_fields=["entity"])


def _columns(entity: Entity) -> dict[str, str]:
    """What the log keeps of an entity: its columns in words, by their label."""
    return {
        column_label(entity, name): str(getattr(entity, name) or "") for line in MERGE_FIELDS for name in line
    }
