"""Which sections the progress reports of a unit have, in what order, under which titles."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Role
from core.models import AdminUnit
from reports.builders.progress.entered import SECTIONS
from reports.models import ReportSection


@dataclass(frozen=True)
class Line:
    """One section of the outline."""

    key: str
    title: str
    is_shown: bool = True

    @property
    def usual_title(self) -> str:
        return SECTIONS[self.key]


def own_provinces(user: Any) -> QuerySet[AdminUnit]:
    """The provinces whose papers the user's office makes."""
    ids = user.scope.unit_ids(Role.PROVINCIAL_OFFICER, Role.ADMINISTRATOR)
    return AdminUnit.objects.provinces().filter(pk__in=ids)  # type: ignore[attr-defined,no-any-return]


USUAL = tuple(Line(key, title) for key, title in SECTIONS.items())


def outline_of(unit: AdminUnit) -> tuple[Line, ...]:
    """All sections in the unit's order, those it leaves out too; the end has those newer than its outline."""
    rows = ReportSection.objects.filter(unit=unit, key__in=SECTIONS).order_by("position")
    kept = [Line(row.key, row.title, row.is_shown) for row in rows]
    known = {line.key for line in kept}
    return (*kept, *(line for line in USUAL if line.key not in known))
