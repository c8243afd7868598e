"""What happens to entities and their accounts."""

from typing import Any

from django.db import transaction

from core import audit
from products.models import Entity, EntityAccount
from products.services.common import allow, check, create_row, update_row
from products.validators import check_legal_form


@transaction.atomic
def create_entity(*, by: Any, **fields: Any) -> Entity:
    """A new entity in a commune of the officer's area; `fields` are columns of Entity."""
    return create_row(Entity(**fields), "products.add_entity", by=by)


@transaction.atomic
def update_entity(entity: Entity, *, by: Any, **fields: Any) -> Entity:
    """Change columns of an entity. Its legal form must suit the products it has (Đ2 k3)."""
    allow(by, "products.change_entity", entity)
    form = fields.get("legal_form", entity.legal_form)
    for product in entity.products.select_related("product_set"):
        check(check_legal_form, form, product.product_set.is_tourism, field="legal_form")
    return update_row(entity, "products.change_entity", by=by, fields=fields)


@transaction.atomic
def give_account(entity: Entity, *, user: Any, by: Any) -> EntityAccount:
    """Let a user act for the entity; officers of its area only. Giving it twice changes nothing."""
    allow(by, "products.add_entity", entity)
    account, created = EntityAccount.objects.get_or_create(entity=entity, user=user)
    if created:
        audit.record(by=by, verb="entity.give_account", obj=entity, after={"user": str(user)})
    return account
