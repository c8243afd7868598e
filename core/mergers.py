"""The commune a record counts for today: a merged commune is followed to the one that stands now.

Records stay where they were made; only counting goes by `AdminUnit.counts_for`, which the database keeps
(docs/decisions/0016-former-communes-counted.md). A commune that was parted has no single successor and
counts for itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When

from core.models import AdminUnit


def of_unit(path: str, unit: AdminUnit) -> Q:
    """Rows whose column `path` holds the unit or one that counts for it; an empty path filters units.

    A former unit named by itself has its own rows and those of the units merged into it.
    """
    if unit.valid_to is None:
        return Q(**{f"{path}__counts_for" if path else "counts_for": unit.pk})
    return Q(**{f"{path or 'pk'}__in": parts_by_unit([unit.pk])[unit.pk]})


def units_within(area: AdminUnit) -> QuerySet[AdminUnit]:
    """The units whose rows belong to the area: a province with its communes, or one commune with those merged
    into it.

    Asked as `commune__in=units_within(area)` rows are found by the index of their commune; "its commune
    counts for the area, or lies in it" would be tried on the rows of the whole country.
    """
    return AdminUnit.objects.filter(of_unit("", area) | Q(parent=area))


def parts_by_unit(ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Each of the units with those merged into it, step by step up to the next unit of `ids`.

    One query a step of the longest chain; none without ids.
    """
    return _chains(ids)[0]


def _chains(ids: Iterable[int]) -> tuple[dict[int, frozenset[int]], dict[int, int]]:
    """The parts of each unit, and of a unit whose chain leads to another of them, that other."""
    lead, leads_to = {pk: pk for pk in ids}, {}
    edge = set(lead)
    while edge:
        steps = list(AdminUnit.objects.filter(merged_into__in=edge).values_list("pk", "merged_into_id"))
        leads_to |= {pk: lead[into] for pk, into in steps if lead.get(pk) == pk}
        new = {pk: lead[into] for pk, into in steps if pk not in lead}
        lead |= new
        edge = set(new)
    parts = {unit: frozenset(pk for pk, own in lead.items() if own == unit) for unit in set(lead.values())}
    return parts, leads_to


@dataclass(frozen=True)
class Apart:
    """Former units that are counted by themselves, because a plan gave them something of their own.

    `units`: by id; `parts`: for each, the units whose rows are its own; `leads_to`: for one that became part
    of another of them, that other.
    """

    units: Mapping[int, AdminUnit] = field(default_factory=dict)
    parts: Mapping[int, frozenset[int]] = field(default_factory=dict)
    leads_to: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[AdminUnit | None]) -> "Apart":
        """The former ones among the units, as they stand in the database."""
        former = {unit.pk: unit for unit in units if unit and unit.counts_for_id != unit.pk}
        return cls(former, *_chains(former)) if former else cls()

    def key(self, path: str) -> Any:
        """The unit a row counts for, by its column `path`: one of those apart, else the one of today."""
        own = [When(**{f"{path}__in": ids}, then=Value(unit)) for unit, ids in self.parts.items()]
        today = F(f"{path}__counts_for")
        return Case(*own, default=today, output_field=BigIntegerField()) if own else today

    def leaving(self, unit: int) -> list[AdminUnit]:
        """Those that would count for the unit if they did not stand apart."""
        return [former for former in self.units.values() if former.counts_for_id == unit]

    def concerns(self, unit: int) -> bool:
        """Does the unit stand apart, or leave something to one that does?"""
        return unit in self.units or bool(self.leaving(unit))

    def besides(self, unit: int | None) -> frozenset[int]:
        """The units whose rows the unit leaves to those that stand apart."""
        others = [ids for other, ids in self.parts.items() if other != unit]
        return frozenset().union(*others)

    def together(self, numbers: Mapping[int, Any], but: Collection[int] = ()) -> dict[int, Any]:
        """Numbers by unit with those apart, except `but`, added to the units they lead to."""
        found: dict[int, Any] = {}
        for pk, number in numbers.items():
            home = self._home(pk, but)
            found[home] = found[home] + number if home in found else number
        return found

    def _home(self, pk: int, but: Collection[int]) -> int:
        seen: set[int] = set()
        while pk in self.units and pk not in but and pk not in seen:
            seen.add(pk)
            pk = self.leads_to.get(pk) or self.units[pk].counts_for_id or pk
        return pk


NOTHING_APART = Apart()
