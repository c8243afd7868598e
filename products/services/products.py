"""What happens to products."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import nfc
from products.enums import DossierState
from products.models import Entity, Product, ProductSet
from products.services.common import allow, check, create_row, lock_product, update_row
from products.services.entities import require_living
from products.validators import check_legal_form


@transaction.atomic
def create_product(
    *, entity: Entity, product_set: ProductSet, by: Any, commune: AdminUnit | None = None, **fields: Any
) -> Product:
    """A new product of an entity, in the entity's commune unless another one is given."""
    require_living(entity)
    check(check_legal_form, entity.legal_form, product_set.is_tourism, field="product_set")
    product = Product(entity=entity, product_set=product_set, commune=commune or entity.commune, **fields)
    return create_row(product, "products.add_product", by=by)


@transaction.atomic
def update_product(product: Product, *, by: Any, **fields: Any) -> Product:
    """Change columns of a product; what a filed dossier or a code rests on stays.

    Name and set stay while a dossier is under assessment (a returned one may be put right) and, but for
    a provincial officer, while a recognition is in force; the commune once it is part of the code.
    """
    lock_product(product)
    allow(by, "products.change_product", product)
    if "product_set" in fields:
        fields.setdefault("set_guessed", False)
    chosen = fields.get("product_set", product.product_set)
    check(check_legal_form, product.entity.legal_form, chosen.is_tourism, field="product_set")
    if nfc(fields.get("name", product.name)) != product.name:
        _check_identity_free(product, "tên", field="name", by=by)
    if chosen != product.product_set:
        _check_identity_free(product, "bộ sản phẩm", field="product_set", by=by)
    if product.code and fields.get("commune", product.commune) != product.commune:
        raise DomainError("Mã số sản phẩm đã cấp theo xã, không đổi xã được.", field="commune")
    return update_row(product, "products.change_product", by=by, fields=fields)


def _check_identity_free(product: Product, word: str, *, field: str, by: Any) -> None:
    """Name or set (`word`) may change: no filed dossier rests on it, no certificate in force names it."""
    if product.dossiers.open().exclude(state__in=DossierState.editable).exists():
        raise DomainError(f"Sản phẩm đang có hồ sơ đã nộp, chưa đổi được {word}.", field=field)
    recognised = product.recognitions.valid_on(timezone.localdate()).exists()
    if recognised and not by.has_perm("products.rename_recognised_product", product):
        raise DomainError(
            f"Giấy chứng nhận còn hiệu lực ghi {word} này; chỉ cán bộ OCOP cấp tỉnh đổi được.", field=field
        )
