"""Finding products, entities and dossiers by what people type: without diacritics, typing errors forgiven.

Every condition is a union of small look-ups by index ("pk in (…)"), never an OR across tables, which only
a walk over all rows could answer.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from core.text import search_key
from products.models import Dossier, Entity, Product
from products.queries.lists import dossiers_for, entities_for, products_for

SEARCH_LIMIT = 10
SUGGESTION_LIMIT = 5
MOST_WORDS = 6
# Shorter words are alike too easily: trigrams would forgive everything.
SHORTEST_FORGIVEN = 4


@dataclass(frozen=True)
class Typed:
    """What stands in a search box: its search form, its words as typed, and how a number is written."""

    key: str
    words: tuple[str, ...]
    number: str

    @classmethod
    def read(cls, text: str) -> "Typed":
        """ "pdk" is read as "PĐK"; a text without a digit is no number."""
        words = text.replace("\x00", "").split()
        number = " ".join(words).upper().replace("PDK", "PĐK")
        has_digit = any(letter.isdigit() for letter in number)
        meaning = dict.fromkeys(word for word in words if search_key(word))
        return cls(search_key(" ".join(words)), tuple(meaning)[:MOST_WORDS], number if has_digit else "")

    def each_word(self) -> list["Typed"]:
        return [Typed.read(word) for word in self.words]


# --- keys of the rows that hold what was typed ---------------------------------------------------


def _keys(rows: QuerySet, name: str = "pk") -> QuerySet:
    return rows.order_by().values_list(name)


def entity_keys(typed: Typed) -> QuerySet:
    """Entities whose name, or tax code, holds the words as typed."""
    named = _keys(Entity.objects.filter(search_name__contains=typed.key))
    if not typed.number:
        return named
    return named.union(_keys(Entity.objects.filter(tax_code__icontains=typed.number)))


def product_keys(typed: Typed) -> QuerySet:
    """Products whose name or code, or whose entity's name, holds the words as typed."""
    entities = _keys(Entity.objects.filter(search_name__contains=typed.key))
    parts = [
        _keys(Product.objects.filter(search_name__contains=typed.key)),
        _keys(Product.objects.filter(entity__in=entities)),
    ]
    if typed.number:
        parts.append(_keys(Product.objects.filter(code__icontains=typed.number)))
    return parts[0].union(*parts[1:])


def dossier_keys(typed: Typed) -> QuerySet:
    """Dossiers of such products, and those whose number holds what was typed."""
    of_products = _keys(Dossier.objects.filter(product__in=product_keys(typed)))
    if not typed.number:
        return of_products
    return of_products.union(_keys(Dossier.objects.filter(number__icontains=typed.number)))


KEYS = {Entity: entity_keys, Product: product_keys, Dossier: dossier_keys}


def _phrase(model: type[Model], typed: Typed) -> Q:
    if model is Dossier and not typed.number:
        return Q(product__in=product_keys(typed))
    return Q(pk__in=KEYS[model](typed))


def _all_words(model: type[Model], typed: Typed) -> Q:
    """Every word is found somewhere: "banh cam binh" finds the bánh đa of HTX Cẩm Bình."""
    condition = Q()
    for word in typed.each_word():
        condition &= _phrase(model, word)
    return condition


def _alike(model: Any, typed: Typed) -> Q:
    """The name holds words like those typed ("bahn da"), by PostgreSQL's trigrams."""
    named: Any = Product if model is Dossier else model
    alike = _keys(named.objects.filter(search_name__trigram_word_similar=typed.key))
    return Q(product__in=alike) if model is Dossier else Q(pk__in=alike)


# --- lists -------------------------------------------------------------------------------------------


def matching(rows: QuerySet, text: str) -> QuerySet:
    """The rows of a list that hold the words as typed; if none does, all the words; if none, words alike.

    One query finds out which of the three it is.
    """
    typed = Typed.read(text)
    if not typed.words:
        return rows
    phrase, words = _phrase(rows.model, typed), _all_words(rows.model, typed)
    as_typed = (
        Case(When(phrase, then=Value(True)), default=Value(False)) if len(typed.words) > 1 else Value(True)
    )
    holding = rows.order_by().filter(words).annotate(as_typed=as_typed)
    best = holding.order_by("-as_typed").values_list("as_typed", flat=True).first()
    if best is None and len(typed.key) >= SHORTEST_FORGIVEN:
        return rows.filter(_alike(rows.model, typed))
    return rows.filter(phrase if best else words)


def entity_matches(text: str) -> Q:
    """An entity by its name or tax code."""
    return _phrase(Entity, Typed.read(text))


def product_matches(text: str) -> Q:
    """A product by its name, its entity's name or its code."""
    return _phrase(Product, Typed.read(text))


def dossier_matches(text: str) -> Q:
    """A dossier by its product, entity, number or the product's code."""
    return _phrase(Dossier, Typed.read(text))


# --- the search box ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What the search box found, the best first; `alike`: nothing holds the words, these come near."""

    products: list[Product]
    entities: list[Entity]
    dossiers: list[Dossier]
    alike: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.products or self.entities or self.dossiers)


# How well a row answers, the best first: its number, the beginning of its name, of a word, else.
NUMBER, BEGINS, WORD_BEGINS, HOLDS, ELSEWHERE = range(5)


@dataclass(frozen=True)
class _Kind:
    """Where a kind of row keeps its name and its numbers."""

    model: type[Model]
    name: str
    number: str
    order: str


PRODUCTS = _Kind(Product, "search_name", "code", "sort_name")
ENTITIES = _Kind(Entity, "search_name", "tax_code", "sort_name")
DOSSIERS = _Kind(Dossier, "product__search_name", "number", "product__sort_name")


def _rank(kind: _Kind, typed: Typed) -> Case:
    whens = [
        When(**{f"{kind.name}__startswith": typed.key}, then=Value(BEGINS)),
        When(**{f"{kind.name}__contains": f" {typed.key}"}, then=Value(WORD_BEGINS)),
        When(**{f"{kind.name}__contains": typed.key}, then=Value(HOLDS)),
    ]
    if typed.number:
        whens.insert(0, When(**{f"{kind.number}__icontains": typed.number}, then=Value(NUMBER)))
    return Case(*whens, default=Value(ELSEWHERE), output_field=IntegerField())


def _best(kind: _Kind, rows: QuerySet, typed: Typed, limit: int) -> list[Any]:
    """The rows that hold all the words, the best first."""
    return _first(kind, rows, _all_words(kind.model, typed), _rank(kind, typed), limit)


def _nearest(kind: _Kind, rows: QuerySet, typed: Typed, limit: int) -> list[Any]:
    """The rows whose names come nearest to what was typed."""
    unlikeness = Value(1.0) - TrigramWordSimilarity(typed.key, kind.name)
    return _first(kind, rows, _alike(kind.model, typed), unlikeness, limit)


def _first(kind: _Kind, rows: QuerySet, condition: Q, rank: Any, limit: int) -> list[Any]:
    """The first rows by rank: their keys are found in the indexes alone, then the few rows; one query."""
    found = rows.filter(condition).annotate(rank=rank)
    keys = found.order_by("rank", kind.name, "pk").values("pk")[:limit]
    return list(rows.filter(pk__in=keys).annotate(rank=rank).order_by("rank", kind.order, "pk"))


def search(user: Any, text: str, limit: int = SEARCH_LIMIT) -> Found:
    """Products, entities and dossiers of the user's area that answer what was typed, one query a kind.

    When none holds the words, those with names alike are given (a second query a kind).
    """
    typed = Typed.read(text)
    if not typed.words:
        return Found([], [], [])
    sources = (
        (PRODUCTS, products_for(user)),
        (ENTITIES, entities_for(user)),
        (DOSSIERS, dossiers_for(user)),
    )
    products, entities, dossiers = (_best(kind, rows, typed, limit) for kind, rows in sources)
    found = Found(products, entities, dossiers)
    if not found.is_empty or len(typed.key) < SHORTEST_FORGIVEN:
        return found
    products, entities, dossiers = (_nearest(kind, rows, typed, limit) for kind, rows in sources)
    return Found(products, entities, dossiers, alike=True)
