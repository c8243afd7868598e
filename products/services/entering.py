"""A dossier entered by the commune for an entity that has no account of its own."""

from typing import Any

from django.db import transaction

from core import audit
from core.exceptions import DomainError
from products.models import Dossier, Entity, Product, ProductSet
from products.services.common import allow
from products.services.drafts import create_dossier
from products.services.products import create_product


@transaction.atomic
def enter_dossier(
    *,
    entity: Entity,
    kind: str,
    year: int,
    by: Any,
    product: Product | None = None,
    name: str = "",
    product_set: ProductSet | None = None,
) -> Dossier:
    """Begin a dossier on behalf of the entity: for its `product`, or for a new one called `name`.

    Only an officer of the entity's commune. Raises PermissionDenied and the DomainErrors of the product
    and of the dossier; then nothing of it is stored.
    """
    allow(by, "products.check_dossier", entity)
    if product is None:
        if product_set is None:
            raise DomainError("Hãy chọn bộ sản phẩm.", field="product_set")
        product = create_product(entity=entity, product_set=product_set, by=by, name=name)
    dossier = create_dossier(product=product, kind=kind, year=year, by=by)
    audit.record(by=by, verb="dossier.enter_for_entity", obj=dossier, after={"entity": str(entity)})
    return dossier
