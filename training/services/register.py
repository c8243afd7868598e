"""The register of persons who must be trained: by hand, from a workbook, from the system's own records."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import name_key
from training.models import RegisterPerson
from training.register_rows import RegisterRow, Suggestion
from training.register_sheet import Tell, silent
from training.services.common import CLASSES, allow, change, create

TWIN = "Người này đã có trong danh sách của đơn vị."


@transaction.atomic
def add_person(*, by: Any, **fields: Any) -> RegisterPerson:
    """Put a person on the register of those who must be trained.

    Raises DomainError when the same name of the same unit and group is on it already.
    """
    allow(by, CLASSES, RegisterPerson(unit=fields["unit"]))
    person = RegisterPerson(**fields)
    if twin_of(person):
        raise DomainError(TWIN, field="name")
    return create(person, by=by, verb="register.add", name=person.name)


def twin_of(person: RegisterPerson) -> RegisterPerson | None:
    """Who is on the register under the same name, unit and group.

    The key without accents finds, the name decides: Hoa and Hòa are two persons.
    """
    person.fill_keys()
    alike = RegisterPerson.objects.filter(
        unit=person.unit, group=person.group, search_name=person.search_name, left_on=None
    )
    name = name_key(person.name)
    return next((row for row in alike.exclude(pk=person.pk) if name_key(row.name) == name), None)


@transaction.atomic
def update_person(*, person: RegisterPerson, by: Any, **fields: Any) -> RegisterPerson:
    """Change what is kept of a person, also that (and when) the person left the register.

    Raises DomainError for dates out of order, a name already there, an account of somebody else.
    """
    allow(by, CLASSES, person, RegisterPerson(unit=fields.get("unit", person.unit)))
    listed, left = fields.get("listed_on", person.listed_on), fields.get("left_on", person.left_on)
    if left and left < listed:
        raise DomainError("Ngày ra khỏi danh sách phải sau ngày vào.", field="left_on")
    as_it_will_be = RegisterPerson(
        pk=person.pk,
        name=fields.get("name", person.name),
        unit=fields.get("unit", person.unit),
        group=fields.get("group", person.group),
    )
    if left is None and twin_of(as_it_will_be):
        raise DomainError(TWIN, field="name")
    return change(person, fields, by=by, verb="register.update")


@transaction.atomic
def add_suggested(*, suggestions: Iterable[Suggestion], by: Any) -> int:
    """Put suggested persons on the register as of today; one who is there by name is linked to the account.

    Left as they are: a namesake who stands there for another entity or account is not made somebody else.
    Returns how many were added or linked.
    """
    today, number = timezone.localdate(), 0
    for row in suggestions:
        fields = {
            "name": row.name,
            "unit": row.unit,
            "group": row.group,
            "position": row.position[:150],
            "user": row.user,
            "entity": row.entity,
        }
        person = twin_of(RegisterPerson(**fields))
        if person is None:
            add_person(by=by, listed_on=today, **fields)
        else:
            links = {name: fields[name] for name in ("user", "entity") if fields[name] is not None}
            if any(getattr(person, name) not in (None, link) for name, link in links.items()):
                continue
            update_person(person=person, by=by, **links)
        number += 1
    return number


@dataclass
class Imported:
    """What became of the rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@transaction.atomic
def import_register(*, rows: Iterable[RegisterRow], by: Any, tell: Tell = silent) -> Imported:
    """Write the checked rows of a workbook; the same file again changes nothing.

    A person is known by name, unit and group. Position and leave come from the file, the first day stays.
    Two workbooks of one province are written one after the other.
    """
    rows, done = list(rows), Imported()
    units = AdminUnit.objects.select_related("parent").in_bulk({row.unit_id for row in rows})
    for unit in units.values():
        allow(by, CLASSES, RegisterPerson(unit=unit))
    provinces = {unit.parent_id or unit.pk for unit in units.values()}
    list(AdminUnit.objects.select_for_update(no_key=True).filter(pk__in=provinces).order_by("pk"))
    known = _known_in(units)
    for number, row in enumerate(rows):
        tell(number, len(rows))
        person = RegisterPerson(name=row.name, unit=units[row.unit_id], group=row.group)
        same = (person.unit_id, person.group, name_key(person.name))
        # Who left on the day the row says is written already.
        found = known.get((*same, None)) or (known.get((*same, row.left_on)) if row.left_on else None)
        if found is None:
            person.position, person.listed_on, person.left_on = row.position, row.listed_on, row.left_on
            create(person, by=by, verb="register.add", name=row.name)
            done.created += 1
            continue
        wanted = {"position": row.position or found.position, "left_on": row.left_on or found.left_on}
        if all(getattr(found, name) == value for name, value in wanted.items()):
            done.unchanged += 1
        else:
            update_person(person=found, by=by, **wanted)
            done.updated += 1
    audit.record(by=by, verb="register.import", after=vars(done))
    return done


def _known_in(units: Iterable[int]) -> dict[tuple, RegisterPerson]:
    """Persons of the units by unit, group, name and the day they left."""
    persons = RegisterPerson.objects.filter(unit__in=list(units)).select_related("unit")
    return {(p.unit_id, p.group, name_key(p.name), p.left_on): p for p in persons}
