"""Training classes: kept, carried from one state to the next, cut into half-days."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from training import half_days
from training.class_workflow import STEPS
from training.enums import ClassState
from training.models import AttendanceCertificate, HalfDay, Presence, TrainingClass
from training.services.attendance import lock_class, recount
from training.services.common import CLASSES, allow, change, check_days_in_order, create

# What a result of the class rests on.
LOCKED = ("unit", "starts_on", "ends_on", "attendance_share", "max_score", "pass_mark")
ENDED = "Lớp đã kết thúc hoặc đã hủy nên không sửa được nữa."


@transaction.atomic
def create_class(*, by: Any, **fields: Any) -> TrainingClass:
    """A new training class with its usual half-days. Raises DomainError for dates out of order."""
    allow(by, CLASSES, TrainingClass(unit=fields["unit"]))
    check_days_in_order(fields)
    kept = create(TrainingClass(**fields), by=by, verb="class.create", title=fields["title"])
    give_usual_half_days(kept)
    return kept


@transaction.atomic
def update_class(*, training_class: TrainingClass, by: Any, **fields: Any) -> TrainingClass:
    """Change a class. While nobody was marked present, its half-days follow its dates.

    Raises DomainError like `create_class`, for half-days that would lie outside the new dates, and for what
    decides who attended in full, and when, once the class has ended.
    """
    allow(by, CLASSES, training_class, TrainingClass(unit=fields.get("unit", training_class.unit)))
    check_days_in_order(fields)
    before = lock_class(training_class)
    if before.state not in ClassState.changeable and any(
        name in fields and fields[name] != getattr(before, name) for name in LOCKED
    ):
        raise DomainError(
            "Lớp đã kết thúc hoặc đã hủy nên không đổi ngày, địa bàn, mức dự đủ, điểm đạt; "
            "muốn sửa, hãy mở lại lớp."
        )
    kept = change(training_class, fields, by=by, verb="class.update")
    if (before.starts_on, before.ends_on) != (kept.starts_on, kept.ends_on):
        _move_half_days(kept)
    if before.attendance_share != kept.attendance_share:
        _refuse_with_certificates(kept)
        recount(kept)
    return kept


def _move_half_days(kept: TrainingClass) -> None:
    if not Presence.objects.filter(half_day__training_class=kept).exists():
        kept.half_days.all().delete()
        give_usual_half_days(kept)
        return
    outside = kept.half_days.exclude(day__range=(kept.starts_on, kept.ends_on)).first()
    if outside:
        raise DomainError(f"Đã điểm danh buổi {outside}, ngoài thời gian mới của lớp.", field="starts_on")


def give_usual_half_days(kept: TrainingClass) -> None:
    """Morning and afternoon of each day of a class without half-days; nothing for a long series."""
    rows = half_days.usual(kept.starts_on, kept.ends_on)
    HalfDay.objects.bulk_create(HalfDay(training_class=kept, **row) for row in rows)


@transaction.atomic
def add_half_day(*, training_class: TrainingClass, by: Any, **fields: Any) -> HalfDay:
    """One more morning or afternoon. Raises DomainError outside the class's days or when it is there."""
    allow(by, CLASSES, training_class)
    kept = lock_class(training_class)
    if kept.state not in ClassState.changeable:
        raise DomainError(ENDED)
    if not kept.starts_on <= fields["day"] <= kept.ends_on:
        days = f"{kept.starts_on:%d/%m/%Y} đến {kept.ends_on:%d/%m/%Y}"
        raise DomainError(f"Lớp học từ {days}; hãy chọn một ngày trong đó.", field="day")
    half = create(
        HalfDay(training_class=kept, **fields), by=by, verb="class.half_day_add", day=str(fields["day"])
    )
    recount(kept)
    return half


@transaction.atomic
def remove_half_day(*, half_day: HalfDay, by: Any) -> None:
    """Take out a half-day that was not taught. Raises DomainError when somebody was present at it."""
    allow(by, CLASSES, half_day.training_class)
    kept = lock_class(half_day.training_class)
    if kept.state not in ClassState.changeable:
        raise DomainError(ENDED)
    if half_day.presences.exists():
        raise DomainError(f"Buổi {half_day} đã có người điểm danh nên không bỏ được.")
    audit.record(by=by, verb="class.half_day_remove", obj=kept, before={"half_day": str(half_day)})
    half_day.delete()
    recount(kept)


@transaction.atomic
def move_class(*, training_class: TrainingClass, step: str, by: Any, reason: str = "") -> TrainingClass:
    """Carry a class along its road (`class_workflow`).

    Raises DomainError: not from this state, without the reason asked for, finished before its last day or
    with sign-ins nobody confirmed, reopened after certificates were issued.
    """
    allow(by, CLASSES, training_class)
    wanted, kept = STEPS[step], lock_class(training_class)
    if kept.state not in wanted.sources:
        state = ClassState(kept.state).label.lower()
        raise DomainError(f"Lớp {state} nên không làm bước “{wanted.label}” được.")
    reason = reason.strip()
    if wanted.asks_reason and not reason:
        raise DomainError("Hãy ghi lý do.", field="reason")
    _check_step(kept, step)
    before = kept.state
    kept.state = wanted.target
    kept.cancel_reason = reason[:500] if step == "cancel" else ""
    kept.save(update_fields=["state", "cancel_reason"])
    audit.record(
        by=by,
        verb=f"class.{step}",
        obj=kept,
        before={"state": before},
        after={"state": kept.state},
        reason=reason,
    )
    return kept


def _check_step(kept: TrainingClass, step: str) -> None:
    if step == "reopen":
        _refuse_with_certificates(kept)
    if step == "cancel" and Presence.objects.filter(half_day__training_class=kept).exists():
        raise DomainError("Lớp đã có người dự nên không hủy được; hãy kết thúc lớp.")
    if step == "finish":
        _check_finish(kept)


def _check_finish(kept: TrainingClass) -> None:
    if kept.ends_on > timezone.localdate():
        raise DomainError(f"Lớp học đến {kept.ends_on:%d/%m/%Y}; kết thúc từ ngày đó.")
    waiting = Presence.objects.filter(half_day__training_class=kept, confirmed_at=None).count()
    if waiting:
        raise DomainError(f"Còn {waiting} lượt điểm danh bằng tên chờ xác nhận; hãy xác nhận trước.")


def _refuse_with_certificates(kept: TrainingClass) -> None:
    if AttendanceCertificate.objects.filter(enrolment__training_class=kept).exists():
        raise DomainError("Đã cấp giấy chứng nhận theo kết quả của lớp nên không đổi được nữa.")
