"""The province a comparison is about, and its communes: those of today stand for those merged into them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.models import AdminUnit, UnitAlias
from core.text import search_key
from core.unit_matching import UnitMatcher


def own_province(user: Any, asked: str = "") -> AdminUnit | None:
    """The province the address names, if it is the user's own; else the first of the user's own."""
    own = AdminUnit.objects.provinces().filter(pk__in=user.scope.province_ids).order_by("pk")
    provinces = list(own)
    if asked:
        return next((province for province in provinces if str(province.pk) == asked), None)
    return provinces[0] if provinces else None


@dataclass(frozen=True)
class Communes:
    """The communes of a province, read once."""

    province: AdminUnit
    rows: tuple[AdminUnit, ...]

    @cached_property
    def current(self) -> tuple[AdminUnit, ...]:
        return tuple(unit for unit in self.rows if unit.valid_to is None)

    @cached_property
    def now(self) -> Mapping[int, AdminUnit]:
        """For each commune that ever was, the one of today; without those whose successor is not known."""
        today = {unit.pk: unit for unit in self.current}
        return {unit.pk: today[unit.counts_for_id] for unit in self.rows if unit.counts_for_id in today}

    def chosen(self, ids: Iterable[str], most: int) -> list[AdminUnit]:
        """Communes named by their ids, in the order given; a former one is its successor, others are None.

        Raises KeyError for an id that is not of this province.
        """
        found = [self.now[int(text)] for text in ids if text.isdecimal() and len(text) <= 18]
        return list({unit.pk: unit for unit in found}.values())[:most]

    def search(self, text: str) -> tuple[set[int], str]:
        """Ids of the communes the words mean, and a remark when they are a former or another name.

        By part of today's name, of an alias, or of a merged commune; else by the commune of before
        1 July 2025, as lists are read.
        """
        key = search_key(text)
        named = {unit.pk for unit in self.current if key in unit.search_name}
        if named:
            return named, ""
        former = {unit.pk for unit in self.rows if unit.valid_to is not None and key in unit.search_name}
        aliases = UnitAlias.objects.filter(unit__parent=self.province, search_name__contains=key)
        former |= set(aliases.values_list("unit_id", flat=True))
        found = {self.now[pk].pk for pk in former if pk in self.now}
        if found:
            return found, f"“{text}” là tên cũ hoặc tên gọi khác."
        match = UnitMatcher(self.province).match(text)
        units = [match.unit] if match.unit else list(match.candidates)
        return {unit.pk for unit in units}, f"“{text}”: {match.note}." if match.note else ""


def communes_of(province: AdminUnit) -> Communes:
    return Communes(province, tuple(AdminUnit.objects.filter(parent=province).order_by("sort_name")))
