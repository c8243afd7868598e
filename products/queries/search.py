"""Finding products, entities and dossiers by what people type."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.text import search_key
from products.models import Dossier, Entity, Product
from products.queries.lists import dossiers_for, entities_for, products_for

SEARCH_LIMIT = 10


@dataclass(frozen=True)
class Found:
    """What the search box found, at most `SEARCH_LIMIT` of each."""

    products: list[Product]
    entities: list[Entity]
    dossiers: list[Dossier]

    @property
    def is_empty(self) -> bool:
        return not (self.products or self.entities or self.dossiers)


def name_contains(text: str, *paths: str) -> Q:
    """Names holding the words of `text` as typed, without regard to case, diacritics or đ/d."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__contains": search_key(text)})
    return condition


def number_contains(text: str, *paths: str) -> Q:
    """Numbers and codes holding `text`; "PDK" is read as "PĐK"."""
    typed = text.strip().lower().replace("pdk", "pđk")
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{path}__icontains": typed})
    return condition


def dossier_matches(text: str) -> Q:
    """A dossier by its product, entity, number or the product's code."""
    return name_contains(text, "product__search_name", "product__entity__search_name") | number_contains(
        text, "number", "product__code"
    )


def product_matches(text: str) -> Q:
    """A product by its name, its entity's name or its code."""
    return name_contains(text, "search_name", "entity__search_name") | number_contains(text, "code")


def entity_matches(text: str) -> Q:
    """An entity by its name or tax code."""
    return name_contains(text, "search_name") | number_contains(text, "tax_code")


def search(user: Any, text: str) -> Found:
    """Products, entities and dossiers of the user's area that match the words."""
    return Found(
        products=list(products_for(user).filter(product_matches(text))[:SEARCH_LIMIT]),
        entities=list(entities_for(user).filter(entity_matches(text))[:SEARCH_LIMIT]),
        dossiers=list(dossiers_for(user).filter(dossier_matches(text))[:SEARCH_LIMIT]),
    )
