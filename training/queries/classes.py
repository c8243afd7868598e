"""Training classes as a plan and its papers list them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from training.enums import ClassLevel, ClassState
from training.models import TrainingClass


@dataclass(frozen=True)
class ClassLine:
    """A class with its numbers of persons: `came` to a half-day or more, `attended` as many as it asks."""

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
    came: int
    attended: int
    source: str


def class_lines(classes: QuerySet[TrainingClass]) -> tuple[ClassLine, ...]:
    """Classes that were not cancelled with their numbers of persons, in one query."""
    counted = classes.exclude(state=ClassState.CANCELLED).annotate(
        enrolled=Count("enrolments"),
        came=Count("enrolments", filter=Q(enrolments__present_halves__gt=0)),
        attended=Count("enrolments", filter=Q(enrolments__attended=True)),
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
            came=row.came,
            attended=row.attended,
            source=row.source,
        )
        for row in counted
    )
