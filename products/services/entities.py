"""What happens to entities."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.text import nfc
from products.models import DistinctPair, Entity, EntityYear
from products.queries import duplicates
from products.services.common import allow, check, create_row, save_row, update_row
from products.validators import check_legal_form, normal_phone, normal_tax_code

# Revenue and profit of a year, in million đồng.
Figures = tuple[Decimal | None, Decimal | None]

NORMAL = {"tax_code": normal_tax_code, "phone": normal_phone, "name": nfc}


class LookalikeError(DomainError):
    """Entities with a like name exist; whoever enters this one must say that it is another."""

    def __init__(self, found: list[Entity]) -> None:
        super().__init__(
            "Đã có chủ thể tên giống hoặc gần giống. Hãy so sánh; nếu đúng là chủ thể khác, hãy đánh dấu "
            "“Đây là chủ thể khác” rồi lưu lại."
        )
        self.found = found


@transaction.atomic
def create_entity(
    *, by: Any, is_another: bool = False, years: dict[int, Figures] | None = None, **fields: Any
) -> Entity:
    """A new entity in a commune of the officer's area; `fields` are columns of Entity.

    Raises LookalikeError when the province has an entity with a like name, unless `is_another` says that
    this one is different. `years`: revenue and profit by year.
    """
    entity = Entity(**_normal(fields))
    allow(by, "products.add_entity", entity)
    _refuse_taken_tax_code(entity.tax_code)
    found = duplicates.lookalikes(entity.name, entity.commune)
    if found and not is_another:
        raise LookalikeError(found)
    create_row(entity, "products.add_entity", by=by)
    for other in found:
        _tell_apart(entity, other, by=by)
    _save_years(entity, years or {}, by=by)
    return entity


@transaction.atomic
def update_entity(
    entity: Entity,
    *,
    by: Any,
    is_another: bool = False,
    years: dict[int, Figures] | None = None,
    **fields: Any,
) -> Entity:
    """Change columns of an entity, and its figures by year. Its legal form must suit its products (Đ2 k3).

    A new name is compared with others as on entering, when an officer writes it: the entity's own account
    is not shown other entities. A legal form saved by a person is no longer a guess.
    """
    require_living(entity)
    allow(by, "products.change_entity", entity)
    fields = _normal(fields)
    form = fields.get("legal_form", entity.legal_form)
    for product in entity.products.select_related("product_set"):
        check(check_legal_form, form, product.product_set.is_tourism, field="legal_form")
    if "legal_form" in fields:
        fields.setdefault("legal_form_guessed", False)
    if fields.get("tax_code", entity.tax_code) != entity.tax_code:
        _refuse_taken_tax_code(fields["tax_code"], besides=entity)
    found = _new_lookalikes(entity, fields, by=by)
    if found and not is_another:
        raise LookalikeError(found)
    update_row(entity, "products.change_entity", by=by, fields=fields)
    for other in found:
        _tell_apart(entity, other, by=by)
    _save_years(entity, years or {}, by=by)
    return entity


@transaction.atomic
def tell_apart(entity: Entity, other: Entity, *, by: Any) -> None:
    """Say of two entities with like names that they are not the same; they are not asked about again."""
    for one in (entity, other):
        allow(by, "products.merge_entity", one)
        require_living(one)
    if entity == other:
        raise DomainError("Hãy chọn hai chủ thể khác nhau.")
    _tell_apart(entity, other, by=by)


def require_living(entity: Entity) -> None:
    """Locked against a merge until the transaction ends. Raises DomainError when it was merged already."""
    row = Entity.objects.select_for_update(no_key=True).filter(pk=entity.pk).only("merged_into").first()
    if row is not None and row.merged_into_id is not None:
        raise DomainError(f"Chủ thể “{entity}” đã được gộp vào chủ thể khác; hãy làm việc với chủ thể đó.")


def _normal(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: NORMAL[name](value) if name in NORMAL else value for name, value in fields.items()}


def _refuse_taken_tax_code(tax_code: str, *, besides: Entity | None = None) -> None:
    if duplicates.with_tax_code(tax_code, besides=besides):
        raise DomainError("Mã số thuế này đã thuộc một chủ thể khác trong hệ thống.", field="tax_code")


def _new_lookalikes(entity: Entity, fields: dict[str, Any], *, by: Any) -> list[Entity]:
    name, commune = fields.get("name", entity.name), fields.get("commune", entity.commune)
    unchanged = name == entity.name and commune.parent_id == entity.commune.parent_id
    if unchanged or not by.has_perm("products.merge_entity", entity):
        return []
    return duplicates.lookalikes(name, commune, besides=entity)


def _tell_apart(entity: Entity, other: Entity, *, by: Any) -> None:
    first, second = sorted((entity, other), key=lambda one: one.pk)
    _, created = DistinctPair.objects.get_or_create(first=first, second=second, defaults={"said_by": by})
    if created:
        after = {"other": f"{other} ({other.commune})", "other_id": other.pk}
        audit.record(by=by, verb="entity.tell_apart", obj=entity, after=after)


def _save_years(entity: Entity, years: dict[int, Figures], *, by: Any) -> None:
    """Write the years that differ; a year without figures has no row."""
    kept = {row.year: row for row in entity.years.filter(year__in=years)}
    before, after = {}, {}
    for year, figures in years.items():
        row = kept.get(year) or EntityYear(entity=entity, year=year)
        old = (row.revenue, row.profit)
        if figures != old:
            before[str(year)], after[str(year)] = _plain(old), _plain(figures)
            _save_year(row, figures)
    if after:
        audit.record(by=by, verb="entity.years", obj=entity, before=before, after=after)


def _save_year(row: EntityYear, figures: Figures) -> None:
    row.revenue, row.profit = figures
    if figures != (None, None):
        save_row(row)
    elif row.pk:
        row.delete()


def _plain(figures: Figures) -> dict[str, str | None]:
    return {
        name: None if value is None else str(value)
        for name, value in zip(("revenue", "profit"), figures, strict=True)
    }
