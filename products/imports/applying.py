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

# T-X-STT-YYYY: province, commune, running number, year.
_CODE = re.compile(r"^(\d{2})-(\d{5})-(\d{1,5})-(\d{4})$")


def write(plan: Plan, checker: Checker, *, by: Any) -> None:
    """Write one good row and remember it for the later ones. Raises DomainError when a rule refuses.

    Call it in a savepoint: what the checker remembers is changed last, once everything is stored.
    """
    entity = _entity(plan, plan.entity, by)
    product = _product(plan, plan.product, entity, by)
    _keep_counter(plan)
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
    record = plan.record
    entity = Entity(
        name=record.entity,
        legal_form=record.legal_form,
        legal_form_guessed=record.legal_form_guessed,
        tax_code=record.tax_code,
        commune=plan.unit,
        address=record.address,
    )
    create_row(entity, "products.add_entity", by=by)
    for other in Entity.objects.living().filter(pk__in=plan.told_apart):
        tell_apart(entity, other, by=by)
    return entity


def _product(plan: Plan, known: KnownProduct | None, entity: Entity, by: Any) -> Product:
    if known is None:
        return _create_product(plan.record, entity, by)
    product = Product.objects.with_names().get(pk=known.pk)
    if plan.product_changes:
        update_product(product, by=by, **plan.product_changes)
    return product


def _create_product(record: Record, entity: Entity, by: Any) -> Product:
    return create_product(
        entity=entity,
        product_set=record.chosen_set,
        by=by,
        name=record.product,
        code=record.code,
        set_guessed=record.set_guessed,
    )


def _keep_counter(plan: Plan) -> None:
    """A code that came with the list uses up its running number in the commune."""
    found = _CODE.match(plan.record.code)
    is_new = plan.product is None or "code" in plan.product_changes
    if found and is_new and plan.place.code == found[2]:
        numbering.keep_number(plan.place, kind=numbering.PRODUCT, year=int(found[4]), number=int(found[3]))


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
