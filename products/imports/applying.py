"""Writing what a checked row means, through the services of the app."""

import re
from typing import Any

from products import numbering
from products.imports.checking import Checker, Plan
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
    entity_id = plan.entity.pk if plan.entity else 0
    entity = _change_entity(plan, by) if plan.entity else _create_entity(plan, by)
    if plan.product:
        product = _change_product(plan, by)
    else:
        product = _create_product(plan, entity or Entity.objects.select_related("commune").get(pk=entity_id), by)
    _keep_counter(plan)
    if plan.recognition is None or plan.recognition_changes:
        _write_recognition(plan, product or _product(plan), by)
    _remember(plan, checker, entity, product)


def _remember(plan: Plan, checker: Checker, entity: Entity | None, product: Product | None) -> None:
    entity_pk = plan.entity.pk if plan.entity else checker.note_entity(plan, _pk(entity)).pk
    product_pk = plan.product.pk if plan.product else checker.note_product(plan, _pk(product), entity_pk).pk
    if plan.recognition is None:
        checker.note_recognition(plan, product_pk)
    checker.note_changes(plan)


def _pk(row: Any) -> int:
    return int(row.pk)


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


def _change_entity(plan: Plan, by: Any) -> Entity | None:
    if not plan.entity_changes or plan.entity is None:
        return None
    entity = Entity.objects.select_related("commune").get(pk=plan.entity.pk)
    update_entity(entity, by=by, **plan.entity_changes)
    return entity


def _create_product(plan: Plan, entity: Entity, by: Any) -> Product:
    record = plan.record
    assert record.product_set is not None
    return create_product(
        entity=entity,
        product_set=record.product_set,
        by=by,
        name=record.product,
        code=record.code,
        set_guessed=record.set_guessed,
    )


def _product(plan: Plan) -> Product:
    assert plan.product is not None
    return Product.objects.with_names().get(pk=plan.product.pk)


def _change_product(plan: Plan, by: Any) -> Product | None:
    if not plan.product_changes:
        return None
    product = _product(plan)
    update_product(product, by=by, **plan.product_changes)
    return product


def _keep_counter(plan: Plan) -> None:
    """A code that came with the list uses up its running number in the commune."""
    found = _CODE.match(plan.record.code)
    unit = plan.unit
    if found and unit is not None and unit.code == found[2] and (plan.product is None or plan.product_changes):
        numbering.keep_number(unit, kind=numbering.PRODUCT, year=int(found[4]), number=int(found[3]))


def _write_recognition(plan: Plan, product: Product, by: Any) -> None:
    record = plan.record
    facts = {
        "star": record.star,
        "decided_on": record.decided_on,
        "year_only": record.year_only,
        "decision_number": record.decision_number,
        "decided_by": record.decided_by,
        "expires_on": record.expires_on,
        "note": record.note,
    }
    if plan.recognition is None:
        record_recognition(product=product, by=by, **facts)
    else:
        _correct(Recognition.objects.select_related("product").get(pk=plan.recognition.pk), plan, by)


def _correct(recognition: Recognition, plan: Plan, by: Any) -> None:
    """What the row knows better than the stored entry; everything else stays."""
    changes = dict(plan.recognition_changes)
    facts = {
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
