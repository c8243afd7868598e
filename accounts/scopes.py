"""The area a user may see: roles with their units, and filters built from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from core.enums import UnitLevel
from core.models import AdminUnit

if TYPE_CHECKING:
    from accounts.models import Membership


@dataclass(frozen=True)
class Scope:
    """Units by role, as of today. `units[role]`: ids of the units it is held in and of those merged in."""

    units: dict[str, frozenset[int]] = field(default_factory=dict)
    province_ids: frozenset[int] = frozenset()
    unit_names: tuple[str, ...] = ()

    @classmethod
    def of(cls, memberships: Iterable["Membership"]) -> "Scope":
        units: dict[str, set[int]] = {}
        provinces: set[int] = set()
        names: dict[str, None] = {}
        for membership in memberships:
            # What was merged into a unit is looked after by its people: rights and duties passed on.
            inherited = {unit for unit in getattr(membership, "inherited", ()) if unit is not None}
            units.setdefault(membership.role, set()).update({membership.unit_id, *inherited})
            names[membership.unit.name] = None
            if membership.unit.level == UnitLevel.PROVINCE:
                provinces.add(membership.unit_id)
        frozen = {role: frozenset(ids) for role, ids in units.items()}
        return cls(frozen, frozenset(provinces), tuple(names))

    def has(self, *roles: str) -> bool:
        """Does the user hold at least one of the roles?"""
        return any(role in self.units for role in roles)

    def unit_ids(self, *roles: str) -> frozenset[int]:
        """Ids of the units in which at least one of the roles is held."""
        return frozenset().union(*(self.units.get(role, frozenset()) for role in roles))

    def commune_q(self, path: str, *roles: str) -> Q:
        """Filter on a commune column `path`: own communes, and every commune of own provinces.

        An empty path filters the units themselves. Without any of the roles it matches nothing.
        """
        ids = self.unit_ids(*roles)
        if not ids:
            return Q(pk__in=[])
        provinces = ids & self.province_ids
        condition = Q(**{f"{path or 'pk'}__in": ids - provinces})
        if provinces:
            condition |= Q(**{f"{path}__parent__in" if path else "parent__in": provinces})
        return condition

    def unit_q(self, path: str, *roles: str) -> Q:
        """Filter on a column that holds a province or a commune: the own units and the communes below."""
        ids = self.unit_ids(*roles)
        if not ids:
            return Q(pk__in=[])
        provinces = ids & self.province_ids
        if not provinces:
            return Q(**{f"{path}__in": ids})
        # Found by the index of the column: an "or" over two tables is tried on every row there is.
        return Q(**{f"{path}__in": AdminUnit.objects.filter(Q(pk__in=ids) | Q(parent__in=provinces))})
