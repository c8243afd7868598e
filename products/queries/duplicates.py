"""Entities that may be one and the same: by name without diacritics and words of the legal form."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, F, Q, QuerySet

from core import audit
from core.models import AdminUnit, AuditEntry
from products.likeness import like_pairs
from products.models import DistinctPair, Entity
from products.names import match_name
from products.queries.search import entity_matches

# From this likeness on (0 to 1, pg_trgm) two names are worth a person's look.
ALIKE = 0.6
MOST_LOOKALIKES = 8
# More than anybody looks through before the first ones are settled.
MOST_PAIRS = 1000

# Keys of two entities, the smaller first, and their likeness.
FoundPair = tuple[int, int, float]


def lookalikes(
    name: str, commune: AdminUnit, *, besides: Entity | None = None, limit: int = MOST_LOOKALIKES
) -> list[Entity]:
    """Living entities of the commune's province whose name is like `name`, the likest first.

    `besides`: the entity that bears the name, with those it was already said to differ from.
    """
    key = match_name(name)
    if not key:
        return []
    # The operator `%` behind `trigram_similar` uses the index; the bound of `ALIKE` is ours.
    rows = (
        Entity.objects.living()
        .filter(commune__parent=commune.parent_id, match_name__trigram_similar=key)
        .annotate(likeness=TrigramSimilarity("match_name", key))
        .filter(likeness__gte=ALIKE)
    )
    if besides is not None and besides.pk:
        rows = rows.exclude(pk=besides.pk).exclude(pk__in=_told_apart(besides))
    return list(rows.select_related("commune").order_by("-likeness", "sort_name", "pk")[:limit])


def _told_apart(entity: Entity) -> list[int]:
    pairs = DistinctPair.objects.filter(Q(first=entity) | Q(second=entity)).values_list("first", "second")
    return [other for pair in pairs for other in pair if other != entity.pk]


def with_tax_code(tax_code: str, *, besides: Entity | None = None) -> Entity | None:
    """The entity that has this tax code already, merged ones too."""
    if not tax_code:
        return None
    rows = Entity.objects.filter(tax_code=tax_code)
    return (rows.exclude(pk=besides.pk) if besides else rows).first()


@dataclass(frozen=True)
class Pair:
    """Two entities that may be one; `likeness` 0 to 1."""

    first: Entity
    second: Entity
    likeness: float

    @property
    def sides(self) -> tuple[Entity, Entity]:
        return self.first, self.second

    @property
    def is_same_name(self) -> bool:
        return self.first.match_name == self.second.match_name

    @property
    def likeness_words(self) -> str:
        return f"Giống {self.likeness * 100:.0f}%"


class PossiblePairs:
    """Pairs of an area as something Django's Paginator can slice; at most `MOST_PAIRS`, the likest first.

    The same name anywhere in the area, or a like one in the same commune of today; like names of different
    communes are shown when an entity is entered.
    """

    def __init__(self, communes: Collection[int]) -> None:
        self.communes = list(communes)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, part: slice) -> list[Pair]:
        rows = self._rows[part]
        ids = {pk for first, second, _ in rows for pk in (first, second)}
        entities = for_comparison(Entity.objects.filter(pk__in=ids)).in_bulk()
        return [Pair(entities[first], entities[second], likeness) for first, second, likeness in rows]

    @cached_property
    def _rows(self) -> list[FoundPair]:
        area = Entity.objects.living().filter(commune__in=self.communes)
        told = set(DistinctPair.objects.filter(first__in=area).values_list("first", "second"))
        names = {
            pk: (name, commune)
            for pk, name, commune in area.order_by("sort_name", "pk").values_list(
                "pk", "match_name", "commune__counts_for"
            )
        }
        place = {pk: number for number, pk in enumerate(names)}
        same = islice((pair for pair in _same_names(names) if pair[:2] not in told), MOST_PAIRS)
        like = (pair for pair in _like_names(names) if pair[:2] not in told)
        found = sorted([*same, *like], key=lambda pair: (-pair[2], place[pair[0]], pair[1]))
        return found[:MOST_PAIRS]


def _same_names(names: dict[int, tuple[str, int]]) -> Iterator[FoundPair]:
    """Entities of one name, by the Vietnamese order of `names`."""
    bearers = defaultdict(list)
    for pk, (name, _) in names.items():
        if name:
            bearers[name].append(pk)
    for keys in bearers.values():
        for first, second in combinations(sorted(keys), 2):
            yield first, second, 1.0


def _like_names(names: dict[int, tuple[str, int]]) -> Iterator[FoundPair]:
    communes: dict[int, dict[int, str]] = defaultdict(dict)
    for pk, (name, commune) in names.items():
        communes[commune][pk] = name
    for known in communes.values():
        yield from like_pairs(known, ALIKE)


def for_comparison(rows: QuerySet[Entity]) -> QuerySet[Entity]:
    """Entities with what is shown of them side by side."""
    return rows.select_related("commune").annotate(product_count=Count("products", distinct=True))


def merge_partners(entity: Entity, user: Any, text: str) -> QuerySet[Entity]:
    """Other living entities of the user's area to merge with: by words of the name, or else the likest."""
    rows = for_comparison(Entity.objects.visible_to(user).living().exclude(pk=entity.pk))
    if text:
        return rows.filter(entity_matches(text))[:MOST_LOOKALIKES]
    like = rows.annotate(likeness=TrigramSimilarity("match_name", entity.match_name))
    return like.filter(likeness__gte=ALIKE / 2).order_by(F("likeness").desc(), "pk")[:MOST_LOOKALIKES]


@dataclass(frozen=True)
class Moves:
    """What a merge would move from the one to the other, and what keeps it from being done."""

    products: list[str]
    accounts: list[str]
    years: list[int]
    years_left: list[int]
    twice: list[str]


def what_moves(keep: Entity, drop: Entity) -> Moves:
    """The preview of merging `drop` into `keep`."""
    names = list(drop.products.values_list("name", flat=True))
    known = set(keep.products.values_list("name", flat=True))
    years, kept = (set(one.years.values_list("year", flat=True)) for one in (drop, keep))
    return Moves(
        products=names,
        accounts=[str(account.user) for account in drop.accounts.select_related("user")],
        years=sorted(years - kept),
        years_left=sorted(years & kept),
        twice=[name for name in names if name in known],
    )


def readings_of_representative(entity: Entity) -> QuerySet[AuditEntry]:
    """Who read or changed the sensitive data of an entity's representative, the latest first."""
    return audit.history_of(entity).filter(verb__startswith="representative.")
