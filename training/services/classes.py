"""Training classes, the register of persons who must be trained, enrolment and attendance."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from training.models import Enrolment, RegisterPerson, TrainingClass
from training.services.common import CLASSES, allow, change, check_days_in_order, create


@transaction.atomic
def create_class(*, by: Any, **fields: Any) -> TrainingClass:
    """A new training class. Raises DomainError for dates out of order."""
    allow(by, CLASSES, TrainingClass(unit=fields["unit"]))
    check_days_in_order(fields)
    return create(TrainingClass(**fields), by=by, verb="class.create", title=fields["title"])


@transaction.atomic
def update_class(*, training_class: TrainingClass, by: Any, **fields: Any) -> TrainingClass:
    """Change a class. Raises DomainError like `create_class`."""
    allow(by, CLASSES, training_class, TrainingClass(unit=fields.get("unit", training_class.unit)))
    check_days_in_order(fields)
    return change(training_class, fields, by=by, verb="class.update")


@transaction.atomic
def add_person(*, by: Any, **fields: Any) -> RegisterPerson:
    """Put a person on the register of those who must be trained.

    Raises DomainError when the same name of the same unit and group is on it already.
    """
    allow(by, CLASSES, RegisterPerson(unit=fields["unit"]))
    person = RegisterPerson(**fields)
    person.fill_keys()
    twin = RegisterPerson.objects.filter(
        unit=person.unit, group=person.group, search_name=person.search_name, left_on=None
    )
    if twin.exists():
        raise DomainError("Người này đã có trong danh sách của đơn vị.", field="name")
    return create(person, by=by, verb="register.add", name=person.name)


@transaction.atomic
def enrol(*, training_class: TrainingClass, persons: Iterable[RegisterPerson], by: Any) -> int:
    """Enrol persons of the register; those already enrolled stay as they are. Returns how many were added.

    Raises DomainError for a person outside the class's area or no longer on the register.
    """
    allow(by, CLASSES, training_class)
    persons = list(persons)
    for person in persons:
        if training_class.unit_id not in (person.unit_id, person.unit.parent_id):
            raise DomainError(f"{person.name} không thuộc địa bàn của lớp.", field="persons")
        if person.left_on and person.left_on <= training_class.starts_on:
            raise DomainError(f"{person.name} đã ra khỏi danh sách.", field="persons")
    before = training_class.enrolments.count()
    Enrolment.objects.bulk_create(
        [Enrolment(training_class=training_class, person=person) for person in persons], ignore_conflicts=True
    )
    added = training_class.enrolments.count() - before
    names = [person.name for person in persons]
    audit.record(by=by, verb="class.enrol", obj=training_class, after={"persons": names})
    return added


@transaction.atomic
def mark_attendance(*, training_class: TrainingClass, present: Iterable[int], by: Any) -> int:
    """Record who came: exactly the enrolments whose ids are in `present`. Returns how many are present.

    Raises DomainError before the class begins and for an enrolment of another class.
    """
    allow(by, CLASSES, training_class)
    if training_class.starts_on > timezone.localdate():
        raise DomainError("Lớp chưa bắt đầu nên chưa điểm danh được.")
    wanted = set(present)
    enrolments = training_class.enrolments.select_for_update()
    if wanted - {enrolment.pk for enrolment in enrolments}:
        raise DomainError("Danh sách điểm danh có người không thuộc lớp này.")
    training_class.enrolments.filter(pk__in=wanted).update(attended=True)
    training_class.enrolments.exclude(pk__in=wanted).update(attended=False)
    audit.record(by=by, verb="class.attendance", obj=training_class, after={"present": len(wanted)})
    return len(wanted)
