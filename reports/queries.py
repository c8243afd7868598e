"""What the papers count and list: dossiers filed and products recognised in a period."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.models import AdminUnit
from core.text import sort_key
from products.models import Dossier, Recognition
from reports import charts
from training import indicators
from training.queries.targets import sum_of

STARS = (3, 4, 5)


@dataclass(frozen=True)
class Tally:
    """A line of a summary: dossiers filed, and products recognised by star."""

    label: str
    dossiers: int
    stars: dict[int, int]
    family: str = ""

    @property
    def recognised(self) -> int:
        return sum(self.stars.values())


@dataclass(frozen=True)
class Results:
    """Dossiers and recognitions of a period, one row a product, as the plan's indicators count them."""

    dossiers: tuple[Dossier, ...]
    recognitions: tuple[Recognition, ...]
    valid_by_star: dict[int, int]

    @property
    def stars(self) -> dict[int, int]:
        return _stars(self.recognitions)

    def by_group(self) -> list[Tally]:
        """A line for each product group that has a dossier or a recognition, in the order of the sets."""
        return self._tallies(_group_of, lambda product: (product.product_set.number,))

    def by_commune(self) -> list[Tally]:
        """A line for each commune of today that has one: most recognised, most dossiers, then by name."""
        tallies = self._tallies(lambda p: ("", place_of(p).name), lambda p: (place_of(p).sort_name,))
        return sorted(tallies, key=lambda tally: (-tally.recognised, -tally.dossiers))

    def _tallies(self, key: Callable[[Any], tuple[str, str]], order: Callable[[Any], tuple]) -> list[Tally]:
        """One pass over the rows: an annex has thousands of them."""
        filed = Counter(key(row.product) for row in self.dossiers)
        stars: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        places: dict[tuple[str, str], tuple] = {}
        for row in self.recognitions:
            stars[key(row.product)][row.star] += 1
        for product in (row.product for rows in (self.dossiers, self.recognitions) for row in rows):
            place, rank = key(product), order(product)
            places[place] = min(places.get(place, rank), rank)
        return [
            Tally(label, filed[family, label], _of_each(stars[family, label]), family=family)
            for family, label in sorted(places, key=places.__getitem__)
        ]


def place_of(product: Any) -> AdminUnit:
    """The commune of today a product counts for."""
    return product.commune.counts_for


def _group_of(product: Any) -> tuple[str, str]:
    return product.product_set.family, product.product_set.group


def _stars(rows: Iterable[Recognition]) -> dict[int, int]:
    return _of_each(Counter(row.star for row in rows))


def _of_each(counted: Mapping[int, int]) -> dict[int, int]:
    return {star: counted.get(star, 0) for star in STARS}


def results_of(area: AdminUnit, start: date, end: date) -> Results:
    """Dossiers filed and products recognised in the area from `start` to `end`; three queries."""
    period = indicators.Period(start, end)
    names = ("product__entity", "product__product_set", "product__commune__counts_for")
    filed = indicators.rows("products_joined", area, period).select_related(*names)
    recognised = indicators.rows("products_recognised", area, period).select_related(*names)
    valid = indicators.rows("products_recognised_cumulative", area, period).order_by()
    return Results(
        dossiers=tuple(filed),
        recognitions=tuple(sorted(recognised, key=_by_commune_and_name)),
        valid_by_star=_count_valid(valid.values_list("star", flat=True)),
    )


def a_year_earlier(names: Iterable[str], area: AdminUnit, start: date, end: date) -> dict[str, int]:
    """The same indicators over the same days a year before (cùng kỳ); one query a kind of record."""
    period = indicators.Period(_year_before(start), _year_before(end))
    counted = indicators.count(names, area, period)
    return {name: sum_of(name, by_unit.values()).value for name, by_unit in counted.items()}


def _year_before(day: date) -> date:
    """The 29th of February falls on the 28th."""
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))


def growth_of(name: str, area: AdminUnit, start: date, end: date) -> tuple[tuple[date, int], ...]:
    """The running total of an indicator at the end of each month from `start`, the last one on `end`."""
    by_month = indicators.by_month(name, area, indicators.Period(start, end))
    return tuple((day, int(value)) for day, value in charts.cumulate(by_month, start, end))


def _by_commune_and_name(row: Recognition) -> tuple[str, str, int]:
    return sort_key(place_of(row.product).name), row.product.sort_name, row.pk


def _count_valid(stars: Iterable[int]) -> dict[int, int]:
    return _of_each(Counter(stars))
