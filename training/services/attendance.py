"""Who is enrolled in a class, who came to which half-day, and how the test went."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from training.enums import ClassState, PresenceSource
from training.models import Enrolment, HalfDay, Presence, RegisterPerson, TrainingClass
from training.persons import Known
from training.services.common import CLASSES, allow

NOT_OF_CLASS = "Danh sách điểm danh có người không thuộc lớp này."
SIGN_IN_MARGIN = timedelta(minutes=30)
ENDED = "Lớp đã kết thúc nên điểm danh và điểm đã khóa; muốn sửa, hãy mở lại lớp."


def lock_class(training_class: TrainingClass) -> TrainingClass:
    """The class as it stands now, locked: acts on one class come one after another."""
    return (
        TrainingClass.objects.select_for_update(of=("self",)).select_related("unit").get(pk=training_class.pk)
    )


@transaction.atomic
def enrol(*, training_class: TrainingClass, persons: Iterable[RegisterPerson], by: Any) -> int:
    """Enrol persons of the register, each once whatever the groups; those already enrolled stay as they are.

    Returns how many were added.

    Raises DomainError for a person outside the class's area or no longer on the register, and when the class
    has ended.
    """
    allow(by, CLASSES, training_class)
    persons = list(persons)
    _check_open(lock_class(training_class))
    for person in persons:
        if training_class.unit_id not in (person.unit_id, person.unit.parent_id):
            raise DomainError(f"{person.name} không thuộc địa bàn của lớp.", field="persons")
        if person.left_on and person.left_on <= training_class.starts_on:
            raise DomainError(f"{person.name} đã ra khỏi danh sách.", field="persons")
    known = Known(RegisterPerson.objects.filter(enrolments__training_class=training_class))
    fresh = []
    for person in persons:
        if not known.holds(person):
            known.add(person)
            fresh.append(person)
    Enrolment.objects.bulk_create(
        [Enrolment(training_class=training_class, person=person) for person in fresh], ignore_conflicts=True
    )
    names = [person.name for person in fresh]
    if names:
        audit.record(by=by, verb="class.enrol", obj=training_class, after={"persons": names})
    return len(names)


@transaction.atomic
def cancel_enrolment(*, enrolment: Enrolment, by: Any) -> None:
    """Take somebody out of the class. Raises DomainError for a person who was there, or after the class."""
    kept = enrolment.training_class
    allow(by, CLASSES, kept)
    _check_open(lock_class(kept))
    if enrolment.presences.exists():
        raise DomainError(f"{enrolment.person} đã có buổi điểm danh nên không bỏ khỏi lớp được.")
    audit.record(by=by, verb="class.unenrol", obj=kept, before={"person": enrolment.person.name})
    enrolment.delete()


@dataclass(frozen=True)
class Mark:
    """A cell of the grid: somebody was at a half-day, or was not."""

    enrolment_id: int
    half_day_id: int
    present: bool


@transaction.atomic
def mark(
    *,
    training_class: TrainingClass,
    marks: Iterable[Mark],
    by: Any,
    source: PresenceSource = PresenceSource.HAND,
) -> int:
    """Record who came to which half-day, cell by cell; other cells stay. Returns how many cells changed.

    A cell that waits for confirmation counts as confirmed when it is marked present. Raises DomainError for a
    half-day to come, a stranger to the class, or a class that has ended.
    """
    allow(by, CLASSES, training_class)
    kept = lock_class(training_class)
    _check_open(kept)
    marks = list(marks)
    half_days = _half_days_of(kept, marks)
    enrolled = {row.pk: row for row in kept.enrolments.select_related("person")}
    if {cell.enrolment_id for cell in marks} - enrolled.keys():
        raise DomainError(NOT_OF_CLASS)
    changed = _write(marks, half_days, by=by, source=source)
    if changed:
        begin_if_waiting(kept)
        recount(kept, {cell.enrolment_id for cell in changed})
        said = {f"{enrolled[c.enrolment_id].person}, {half_days[c.half_day_id]}": c.present for c in changed}
        audit.record(by=by, verb="class.attendance", obj=kept, after=said)
    return len(changed)


def _half_days_of(kept: TrainingClass, marks: list[Mark]) -> dict[int, HalfDay]:
    wanted = {cell.half_day_id for cell in marks}
    half_days = {half.pk: half for half in kept.half_days.filter(pk__in=wanted)}
    if wanted - half_days.keys():
        raise DomainError("Buổi học này không còn trong lớp; hãy tải lại trang.")
    early = next((half for half in half_days.values() if half.day > timezone.localdate()), None)
    if early:
        raise DomainError(f"Buổi {early} chưa tới nên chưa điểm danh được.")
    return half_days


def _write(
    marks: list[Mark], half_days: Mapping[int, HalfDay], *, by: Any, source: PresenceSource
) -> list[Mark]:
    """Store the cells that differ; answers them."""
    found = Presence.objects.filter(half_day__in=half_days).only(
        "pk", "enrolment", "half_day", "confirmed_at"
    )
    stored = {(row.enrolment_id, row.half_day_id): row for row in found}
    now, fresh, confirmed, gone, changed = timezone.now(), [], [], [], []
    for cell in dict.fromkeys(marks):
        row = stored.get((cell.enrolment_id, cell.half_day_id))
        if cell.present and row is None:
            fresh.append(
                Presence(
                    enrolment_id=cell.enrolment_id,
                    half_day_id=cell.half_day_id,
                    source=source,
                    marked_by=by,
                    marked_at=now,
                    confirmed_at=now,
                )
            )
        elif cell.present and row is not None and row.confirmed_at is None:
            confirmed.append(row.pk)
        elif not cell.present and row is not None:
            gone.append(row.pk)
        else:
            continue
        changed.append(cell)
    Presence.objects.bulk_create(fresh)
    if confirmed:
        Presence.objects.filter(pk__in=confirmed).update(confirmed_at=now, marked_by=by)
    if gone:
        Presence.objects.filter(pk__in=gone).delete()
    return changed


@transaction.atomic
def mark_half_day(*, half_day: HalfDay, present: bool, by: Any) -> int:
    """Mark everybody present at a half-day, or nobody. Returns how many cells changed."""
    kept = half_day.training_class
    everybody = kept.enrolments.values_list("pk", flat=True)
    return mark(training_class=kept, marks=[Mark(pk, half_day.pk, present) for pk in everybody], by=by)


@transaction.atomic
def mark_attendance(*, training_class: TrainingClass, present: Iterable[tuple[int, int]], by: Any) -> int:
    """The whole grid at once: exactly the pairs (enrolment, half-day) in `present`, of half-days begun.

    Returns how many cells changed. Raises DomainError before the class begins, and like `mark`.
    """
    allow(by, CLASSES, training_class)
    wanted = set(present)
    begun = set(training_class.half_days.filter(day__lte=timezone.localdate()).values_list("pk", flat=True))
    if not begun:
        raise DomainError("Lớp chưa bắt đầu nên chưa điểm danh được.")
    grid = {(pk, half) for pk in training_class.enrolments.values_list("pk", flat=True) for half in begun}
    marks = [Mark(pk, half, (pk, half) in wanted) for pk, half in grid | wanted]
    return mark(training_class=training_class, marks=marks, by=by)


@transaction.atomic
def write_sheet(
    *,
    training_class: TrainingClass,
    half_days: Iterable[int],
    rows: Iterable[tuple[RegisterPerson, Iterable[int]]],
    blank_means_absent: bool,
    by: Any,
) -> tuple[int, int]:
    """Write a confirmed sheet: persons not yet in the class are enrolled, then their half-days are marked.

    An empty cell leaves what is there, unless `blank_means_absent`. Returns how many were enrolled and how
    many cells changed; the same sheet again gives 0 and 0. Raises DomainError like `enrol` and `mark`.
    """
    rows, wanted = list(rows), list(half_days)
    added = enrol(training_class=training_class, persons=[person for person, _ in rows], by=by)
    enrolled = dict(training_class.enrolments.values_list("person_id", "pk"))
    marks = []
    for person, there in rows:
        if person.pk not in enrolled:
            raise DomainError(f"{person.name} đã có trong lớp theo một nhóm khác: điểm danh ở dòng ấy.")
        present = set(there)
        cells = wanted if blank_means_absent else [half for half in wanted if half in present]
        marks += [Mark(enrolled[person.pk], half, half in present) for half in cells]
    changed = mark(training_class=training_class, marks=marks, by=by, source=PresenceSource.SHEET)
    return added, changed


def recount(kept: TrainingClass, enrolments: Iterable[int] | None = None) -> None:
    """Count again at how many half-days people were, and whether these are enough; of all when not said."""
    rows = kept.enrolments.all()
    if enrolments is not None:
        rows = rows.filter(pk__in=enrolments)
    counted = (
        Presence.objects.filter(enrolment=OuterRef("pk"), confirmed_at__isnull=False)
        .order_by()
        .values("enrolment")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows.update(present_halves=Coalesce(Subquery(counted), 0))
    needed = kept.halves_needed(kept.half_days.count())
    rows.filter(present_halves__gte=needed, attended=False).update(attended=True)
    rows.filter(present_halves__lt=needed, attended=True).update(attended=False)


# --- by QR on a phone ---


@transaction.atomic
def sign_in(*, half_day: HalfDay, enrolment: Enrolment, by: Any) -> Presence:
    """A trainee says to be here. With an account (`by`) it counts at once; by name it waits for the trainer.

    Signing in twice changes nothing. Raises DomainError outside the half-day or for a class that has ended.
    """
    kept = lock_class(half_day.training_class)
    if enrolment.training_class_id != kept.pk:
        raise DomainError(NOT_OF_CLASS)
    _check_open(kept)
    if not may_sign_in(half_day):
        raise DomainError("Chỉ điểm danh được trong giờ học. Hãy báo người phụ trách lớp.")
    now = timezone.now()
    presence, created = Presence.objects.get_or_create(
        enrolment=enrolment,
        half_day=half_day,
        defaults={
            "source": PresenceSource.ACCOUNT if by else PresenceSource.NAME,
            "marked_by": by,
            "marked_at": now,
            "confirmed_at": now if by else None,
        },
    )
    if not created and by and presence.confirmed_at is None:
        presence.source, presence.marked_by, presence.confirmed_at = PresenceSource.ACCOUNT, by, now
        presence.save()
    begin_if_waiting(kept)
    recount(kept, [enrolment.pk])
    after = {"person": enrolment.person.name, "half_day": str(half_day), "source": presence.source}
    if created:
        audit.record(by=by, verb="class.sign_in", obj=kept, after=after)
    return presence


def may_sign_in(half_day: HalfDay) -> bool:
    """Whether the half-day is on, with half an hour before and after."""
    begin, end = half_day.moments
    return begin - SIGN_IN_MARGIN <= timezone.now() <= end + SIGN_IN_MARGIN


@transaction.atomic
def settle_sign_ins(
    *, training_class: TrainingClass, confirmed: Iterable[int], refused: Iterable[int], by: Any
) -> int:
    """The trainer confirms sign-ins by name, or strikes them out. Returns how many were settled."""
    allow(by, CLASSES, training_class)
    kept = lock_class(training_class)
    _check_open(kept)
    waiting = Presence.objects.filter(half_day__training_class=kept, confirmed_at=None)
    good, bad = waiting.filter(pk__in=list(confirmed)), waiting.filter(pk__in=list(refused))
    names = {
        "confirmed": list(good.values_list("enrolment__person__name", flat=True)),
        "refused": list(bad.values_list("enrolment__person__name", flat=True)),
    }
    bad.delete()
    good.update(confirmed_at=timezone.now(), marked_by=by)
    recount(kept)
    if any(names.values()):
        audit.record(by=by, verb="class.sign_ins_settled", obj=kept, after=names)
    return sum(map(len, names.values()))


def begin_if_waiting(kept: TrainingClass) -> None:
    """The first person present starts the class."""
    if kept.state in ClassState.to_come:
        kept.state = ClassState.RUNNING
        kept.save(update_fields=["state"])


# --- the test ---


@transaction.atomic
def record_score(*, enrolment: Enrolment, score: Decimal | None, by: Any) -> Enrolment:
    """The score of the test, or none. Raises DomainError: no test, out of the scale, class ended."""
    kept = lock_class(enrolment.training_class)
    allow(by, CLASSES, kept)
    _check_open(kept)
    if not kept.has_test:
        raise DomainError("Lớp này không có bài kiểm tra.")
    if score is not None and not 0 <= score <= kept.max_score:
        words = f"{enrolment.person}: điểm từ 0 đến {kept.max_score.normalize():f}."
        raise DomainError(words, field="score")
    before = enrolment.score
    enrolment.score = score
    enrolment.save(update_fields=["score"])
    if before != score:
        audit.record(
            by=by,
            verb="class.score",
            obj=kept,
            before={"person": enrolment.person.name, "score": before and str(before)},
            after={"score": None if score is None else str(score)},
        )
    return enrolment


def _check_open(kept: TrainingClass) -> None:
    if kept.state == ClassState.CANCELLED:
        raise DomainError("Lớp đã hủy.")
    if kept.state not in ClassState.changeable:
        raise DomainError(ENDED)
