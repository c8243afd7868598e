"""Writing what a checked row means, through the services of the app."""

import re
from typing import Any

from products import numbering
from products.imports.cells import Record
from products.imports.checking import Checker, Plan
from products.imports.registry import KnownEntity, KnownProduct
from products.models import Entity, Product, Recognition
from products.services.common import create_row
from products.services.entities import tell_apart, update_entity
from products.services.products import create_product, update_product
from products.services.recognitions import correct_recognition, record_recognition
from products.services.registry_rows import RegistryRows

# T-X-STT-YYYY: province, commune, running number, year.
_CODE = re.compile(r"^(\d{2})-(\d{5})-(\d{1,5})-(\d{4})$")


def gather(plan: Plan, checker: Checker, rows: RegistryRows) -> None:
    """Take up a row that only adds, to be stored with others. Raises DomainError when a rule refuses."""
    entity = _entity_to_name(plan, checker, rows)
    product = rows.products[plan.product.pk] if plan.product else _product_fields(plan.record)
    new = rows.add(entity=entity, product=product, recognition=_facts(plan.record))
    if used := _used_number(plan):
        rows.keep_number(plan.place, year=used[0], number=used[1])
    _remember(plan, checker, new.entity, new.product)


def only_adds(plan: Plan, checker: Checker, rows: RegistryRows) -> bool:
    """A good row that adds a recognition to a product that is new too, and changes nothing stored."""
    is_new = plan.product is None or plan.product.pk in rows.products
    is_here = plan.entity is None or checker.commune(plan.entity.commune_id) is not None
    changes = plan.entity_changes or plan.product_changes or plan.told_apart
    return bool(plan.outcome) and plan.recognition is None and is_new and is_here and not changes


def _entity_to_name(plan: Plan, checker: Checker, rows: RegistryRows) -> Entity:
    """The entity of the row: new, gathered before, or as the registry knows it to be stored."""
    known = plan.entity
    if known is None:
        return _new_entity(plan)
    if known.pk in rows.entities:
        return rows.entities[known.pk]
    commune = checker.commune(known.commune_id)
    return Entity(pk=known.pk, name=known.name, commune=commune, legal_form=known.legal_form)


def write(plan: Plan, checker: Checker, *, by: Any) -> None:
    """Write one good row and remember it for the later ones. Raises DomainError when a rule refuses.

    Call it in a savepoint: what the checker remembers is changed last, once everything is stored.
    """
    entity = _entity(plan, plan.entity, by)
    product = _product(plan, plan.product, entity, by)
    if used := _used_number(plan):
        numbering.keep_number(plan.place, kind=numbering.PRODUCT, year=used[0], number=used[1])
    if plan.recognition is None:
        record_recognition(product=product, by=by, **_facts(plan.record))
    elif plan.recognition_changes:
        _correct(Recognition.objects.select_related("product").get(pk=plan.recognition.pk), plan, by)
    _remember(plan, checker, entity, product)


def _remember(plan: Plan, checker: Checker, entity: Entity, product: Product) -> None:
    if plan.entity is None:
        checker.note_entity(plan, entity.pk)
    if plan.product is None:
        checker.note_product(plan, product.pk, entity.pk)
    if plan.recognition is None:
        checker.note_recognition(plan, product.pk)
    checker.note_changes(plan)


def _entity(plan: Plan, known: KnownEntity | None, by: Any) -> Entity:
    if known is None:
        return _create_entity(plan, by)
    entity = Entity.objects.select_related("commune").get(pk=known.pk)
    if plan.entity_changes:
        update_entity(entity, by=by, **plan.entity_changes)
    return entity


def _create_entity(plan: Plan, by: Any) -> Entity:
    """Without the search for like names of `create_entity`: the check has compared and asked."""
    entity = _new_entity(plan)
    create_row(entity, "products.add_entity", by=by)
    for other in Entity.objects.living().filter(pk__in=plan.told_apart):
        tell_apart(entity, other, by=by)
    return entity


def _new_entity(plan: Plan) -> Entity:
    record = plan.record
    return Entity(
        name=record.entity,
        legal_form=record.legal_form,
        legal_form_guessed=record.legal_form_guessed,
        tax_code=record.tax_code,
        commune=plan.unit,
        address=record.address,
    )


def _product(plan: Plan, known: KnownProduct | None, entity: Entity, by: Any) -> Product:
    if known is None:
        return create_product(entity=entity, by=by, **_product_fields(plan.record))
    product = Product.objects.with_names().get(pk=known.pk)
    if plan.product_changes:
        update_product(product, by=by, **plan.product_changes)
    return product


def _product_fields(record: Record) -> dict[str, Any]:
    return {
        "product_set": record.chosen_set,
        "name": record.product,
        "code": record.code,
        "set_guessed": record.set_guessed,
    }


def _used_number(plan: Plan) -> tuple[int, int] | None:
    """Year and running number in the commune that a code of the list uses up."""
    found = _CODE.match(plan.record.code)
    is_new = plan.product is None or "code" in plan.product_changes
    if found and is_new and plan.place.code == found[2]:
        return int(found[4]), int(found[3])
    return None


def _facts(record: Record) -> dict[str, Any]:
    return {
        "star": record.star,
        "decided_on": record.day,
        "year_only": record.year_only,
        "decision_number": record.decision_number,
        "decided_by": record.decided_by,
        "expires_on": record.expires_on,
        "note": record.note,
    }


def _correct(recognition: Recognition, plan: Plan, by: Any) -> None:
    """What the row knows better than the stored entry; everything else stays."""
    changes = plan.recognition_changes
    facts: dict[str, Any] = {
        "star": recognition.star,
        "decided_on": recognition.decided_on,
        "year_only": recognition.year_only,
        "decision_number": recognition.decision_number,
        "decided_by": recognition.decided_by,
        "expires_on": None if recognition.expiry_derived else recognition.expires_on,
        "legal_basis": recognition.legal_basis,
        "note": recognition.note,
    }
    if "decided_on" in changes:
        facts["year_only"] = False
    correct_recognition(recognition, by=by, **(facts | changes))
