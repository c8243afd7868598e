"""Training classes and the register: their lines and who is enrolled."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from training.enums import ClassLevel
from training.models import Enrolment, RegisterPerson, TrainingClass


@dataclass(frozen=True)
class ClassLine:
    """A training class with its numbers of persons."""

    class_id: int
    title: str
    organiser: str
    level_text: str
    topics: str
    starts_on: date
    ends_on: date
    place: str
    planned_trainees: int | None
    enrolled: int
    attended: int
    source: str


def register_for(user: Any) -> QuerySet[RegisterPerson]:
    """Persons on the register today in the user's area, with how many classes they attended."""
    return (
        RegisterPerson.objects.visible_to(user)
        .filter(left_on=None)
        .select_related("unit")
        .annotate(attended=Count("enrolments", filter=Q(enrolments__attended=True)))
        .order_by("sort_name", "pk")
    )


def enrolments_of(training_class: TrainingClass, user: Any) -> QuerySet[Enrolment]:
    """Who of the user's area is enrolled, in Vietnamese order."""
    enrolled = Enrolment.objects.visible_to(user).filter(training_class=training_class)
    return enrolled.select_related("person__unit").order_by("person__sort_name", "pk")


def class_lines(classes: QuerySet[TrainingClass]) -> tuple[ClassLine, ...]:
    """Classes with the numbers of persons enrolled and present, in one query."""
    counted = classes.annotate(
        enrolled=Count("enrolments"), attended=Count("enrolments", filter=Q(enrolments__attended=True))
    )
    return tuple(
        ClassLine(
            class_id=row.pk,
            title=row.title,
            organiser=row.organiser,
            level_text=str(ClassLevel(row.level).label),
            topics=row.topics,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            place=row.place,
            planned_trainees=row.planned_trainees,
            enrolled=row.enrolled,
            attended=row.attended,
            source=row.source,
        )
        for row in counted
    )
