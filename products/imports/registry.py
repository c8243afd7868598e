"""What the province already has, held in the memory in a compact form while a list is checked or written."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from core.models import AdminUnit
from core.text import search_key
from products.likeness import similarity, trigrams
from products.models import Entity, Product, Recognition
from products.names import match_name


@dataclass
class KnownEntity:
    """`pk` is negative while the entity is only planned by an earlier row of the same file."""

    pk: int
    name: str
    match: str
    tax_code: str
    commune_id: int
    legal_form: str
    guessed: bool
    address: str
    row: int = 0

    @property
    def trigrams(self) -> frozenset[str]:
        return trigrams(self.match)


@dataclass
class KnownProduct:
    pk: int
    name: str
    code: str
    entity_id: int
    set_id: int
    set_guessed: bool
    row: int = 0


@dataclass
class KnownRecognition:
    """`row`: of the same file, when it comes from there."""

    pk: int
    star: int
    decided_on: dt.date
    year_only: bool
    number: str
    decided_by: str = ""
    note: str = ""
    expires_on: dt.date | None = None
    derived: bool = False
    from_dossier: bool = False
    row: int = 0


@dataclass
class Registry:
    """Entities, products and recognitions of one province, found by the keys an import knows them by."""

    province: AdminUnit
    entities: dict[int, KnownEntity] = field(default_factory=dict)
    products: dict[int, KnownProduct] = field(default_factory=dict)
    by_tax: dict[str, int] = field(default_factory=dict)
    by_name: dict[tuple[str, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    by_commune: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_match: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_code: dict[str, int] = field(default_factory=dict)
    by_product: dict[tuple[int, str], int] = field(default_factory=dict)
    recognitions: dict[int, list[KnownRecognition]] = field(default_factory=lambda: defaultdict(list))
    # Tax codes and product codes that are taken in another province: the database allows each once.
    foreign_tax: frozenset[str] = frozenset()
    foreign_codes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, province: AdminUnit, tell: Callable[[], None] = lambda: None) -> "Registry":
        """Everything the province has now; `tell` is called now and then, for who waits."""
        registry = cls(province)
        registry._load_entities()
        tell()
        registry._load_products()
        tell()
        registry._load_recognitions()
        return registry

    def _load_entities(self) -> None:
        rows = Entity.objects.filter(commune__parent=self.province).order_by("pk")
        columns = ("pk", "name", "match_name", "tax_code", "commune_id", "legal_form", "legal_form_guessed",
                   "address", "merged_into_id")  # fmt: skip
        merged: list[tuple[KnownEntity, int]] = []
        for *known, into in rows.values_list(*columns).iterator(chunk_size=2000):
            entity = KnownEntity(*known)
            if into:
                merged.append((entity, into))
            else:
                self.add_entity(entity)
        chain = {entity.pk: into for entity, into in merged}
        for entity, into in merged:
            self._add_merged(entity, into, chain)
        foreign = Entity.objects.exclude(commune__parent=self.province).exclude(tax_code="")
        self.foreign_tax = frozenset(foreign.values_list("tax_code", flat=True))

    def _add_merged(self, entity: KnownEntity, into: int, chain: dict[int, int]) -> None:
        """A merged entity's name and tax code lead to the one it was merged into."""
        seen = {entity.pk}
        while into in chain and into not in seen:
            seen.add(into)
            into = chain[into]
        if into in self.entities:
            if entity.tax_code:
                self.by_tax.setdefault(entity.tax_code, into)
            if into not in self.by_name[entity.match, entity.commune_id]:
                self.by_name[entity.match, entity.commune_id].append(into)

    def _load_products(self) -> None:
        rows = Product.objects.filter(entity__commune__parent=self.province).order_by("pk")
        columns = ("pk", "name", "code", "entity_id", "product_set_id", "set_guessed")
        for values in rows.values_list(*columns).iterator(chunk_size=2000):
            self.add_product(KnownProduct(*values))
        foreign = Product.objects.exclude(entity__commune__parent=self.province).exclude(code="")
        self.foreign_codes = frozenset(foreign.values_list("code", flat=True))

    def _load_recognitions(self) -> None:
        rows = Recognition.objects.filter(product__entity__commune__parent=self.province).order_by("pk")
        columns = (
            "product_id", "pk", "star", "decided_on", "year_only", "decision_number", "decided_by", "note",
            "expires_on", "expiry_derived", "dossier_id",
        )  # fmt: skip
        for product, *values, dossier in rows.values_list(*columns).iterator(chunk_size=2000):
            known = KnownRecognition(*values)
            known.from_dossier = bool(dossier)
            self.recognitions[product].append(known)

    def add_entity(self, entity: KnownEntity) -> None:
        self.entities[entity.pk] = entity
        if entity.tax_code:
            self.by_tax[entity.tax_code] = entity.pk
        self.by_name[entity.match, entity.commune_id].append(entity.pk)
        self.by_commune[entity.commune_id].append(entity.pk)
        self.by_match[entity.match].append(entity.pk)

    def add_product(self, product: KnownProduct) -> None:
        self.products[product.pk] = product
        if product.code:
            self.by_code[product.code] = product.pk
        self.by_product.setdefault((product.entity_id, search_key(product.name)), product.pk)

    def keep_rows(self, other: "Registry") -> None:
        """What `other` knew to come from a row of the file being written is still known to."""
        for pk, entity in self.entities.items():
            entity.row = other.entities[pk].row if pk in other.entities else 0
        for pk, product in self.products.items():
            product.row = other.products[pk].row if pk in other.products else 0

    def lookalikes(self, name: str, commune_id: int, alike: float) -> list[KnownEntity]:
        """Entities of the commune with a like name, the likest first; figures must be the same.

        Those of the same file are not among them: who wrote it wrote both.
        """
        own, figures = trigrams(name), _figures(name)
        found = []
        for pk in self.by_commune.get(commune_id, ()):
            entity = self.entities[pk]
            if not entity.row and entity.match != name and _figures(entity.match) == figures:
                likeness = similarity(own, entity.trigrams)
                if likeness >= alike:
                    found.append((-likeness, pk, entity))
        return [entity for _, _, entity in sorted(found, key=lambda one: one[:2])]


def known_name(name: str) -> str:
    """The key entities are compared by, cut as the column is."""
    return match_name(name)[:300]


def _figures(text: str) -> tuple[str, ...]:
    """Numbers in a name: "tổ hợp tác số 1" and "số 2" are not the same one miswritten."""
    return tuple(word for word in text.split() if any(letter.isdigit() for letter in word))
