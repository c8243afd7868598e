"""What happens to plans, targets, tasks and classes. Views, commands and the loader come in here.

Every verb asks the right of `by` and raises PermissionDenied without it; `by` None is the system itself.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from training import plan_files
from training.enums import TaskStatus
from training.indicators import REGISTRY
from training.models import (
    Actual,
    Enrolment,
    Indicator,
    LegalBasis,
    Plan,
    RegisterPerson,
    Target,
    Task,
    TrainingClass,
)
from training.queries import is_counted
from training.validators import actual_problems, target_problems

Row = TypeVar("Row", bound=models.Model)

# Both roles and area: who keeps plans, and who keeps classes with their register.
PLANS, CLASSES = "training.change_plan", "training.change_trainingclass"


def _allow(by: Any, permission: str, *objects: Any) -> None:
    if by is not None and not all(by.has_perm(permission, obj) for obj in objects):
        raise PermissionDenied


def _create(row: Row, *, by: Any, verb: str, **after: Any) -> Row:
    """Check and store a new row, and log it. Raises DomainError naming the field at fault."""
    _check(row)
    row.save()
    audit.record(by=by, verb=verb, obj=row, after=after)
    return row


def _change(row: Row, fields: dict[str, Any], *, by: Any, verb: str) -> Row:
    """Lock the row, set what differs, check, store and log before and after."""
    stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
    changed = {name for name, value in fields.items() if getattr(stored, name) != value}
    if not changed:
        return stored
    before = {name: _plain(getattr(stored, name)) for name in changed}
    for name in changed:
        setattr(stored, name, fields[name])
    _check(stored)
    stored.save()
    audit.record(
        by=by, verb=verb, obj=stored, before=before, after={name: _plain(fields[name]) for name in changed}
    )
    return stored


def _check(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise DomainError(messages[0], field=None if field == NON_FIELD_ERRORS else field) from error


def _check_days_in_order(fields: dict[str, Any]) -> None:
    start, end = fields.get("starts_on"), fields.get("ends_on")
    if start and end and end < start:
        raise DomainError("Ngày kết thúc phải sau ngày bắt đầu.", field="ends_on")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def _refuse(problems: dict[str, str]) -> None:
    for field, message in problems.items():
        raise DomainError(message, field=field)


# Plans


@transaction.atomic
def create_plan(*, by: Any, **fields: Any) -> Plan:
    """A new plan. Raises DomainError for a code already used or dates out of order."""
    _allow(by, PLANS, Plan(unit=fields["unit"]))
    _check_days_in_order(fields)
    return _create(Plan(**fields), by=by, verb="plan.create", code=fields["code"])


@transaction.atomic
def update_plan(*, plan: Plan, by: Any, **fields: Any) -> Plan:
    """Change a plan's head. Raises DomainError like `create_plan`."""
    _allow(by, PLANS, plan, Plan(unit=fields.get("unit", plan.unit)))
    _check_days_in_order(fields)
    return _change(plan, fields, by=by, verb="plan.update")


@transaction.atomic
def add_legal_basis(*, plan: Plan, by: Any, **fields: Any) -> LegalBasis:
    """A document the plan rests on, put after the others."""
    _allow(by, PLANS, plan)
    basis = LegalBasis(plan=plan, position=plan.legal_bases.count() + 1, **fields)
    return _create(basis, by=by, verb="plan.add_basis", plan=plan.code)


# Targets and what was reached


def indicator_named(*, name: str, unit_name: str) -> Indicator:
    """The catalogue's indicator of that name, made when it is not there: entered by hand."""
    found = Indicator.objects.filter(name__iexact=name.strip(), computed_by="").first()
    if found:
        return found
    number = Indicator.objects.count() + 1
    return Indicator.objects.create(code=f"nhap-tay-{number}", name=name, unit_name=unit_name)


def sync_indicators() -> None:
    """Put every indicator the system can count into the catalogue; running it again changes nothing."""
    for computed in REGISTRY.values():
        Indicator.objects.update_or_create(
            code=computed.name.replace("_", "-"),
            defaults={
                "name": computed.label,
                "unit_name": computed.unit_name,
                "definition": computed.definition,
                "computed_by": computed.name,
            },
        )


@transaction.atomic
def add_target(*, plan: Plan, by: Any, **fields: Any) -> Target:
    """A new line of the plan. Raises DomainError naming the field that does not fit its kind."""
    _allow(by, PLANS, plan)
    _refuse(target_problems(plan, fields))
    fields.setdefault("position", plan.targets.count() + 1)
    return _create(Target(plan=plan, **fields), by=by, verb="target.add", plan=plan.code)


@transaction.atomic
def update_target(*, target: Target, by: Any, **fields: Any) -> Target:
    """Change a line of the plan. Raises DomainError like `add_target`."""
    _allow(by, PLANS, target.plan)
    _refuse(target_problems(target.plan, fields, target.pk))
    return _change(target, fields, by=by, verb="target.update")


@transaction.atomic
def remove_target(*, target: Target, by: Any) -> None:
    """Take a line with its parts out of the plan. Raises DomainError when a value was already entered."""
    _allow(by, PLANS, target.plan)
    with_parts = Target.objects.filter(pk=target.pk) | Target.objects.filter(part_of=target)
    if Actual.objects.filter(target__in=with_parts).exists():
        raise DomainError("Chỉ tiêu đã có kết quả nhập tay nên không xóa được.")
    audit.record(by=by, verb="target.remove", obj=target, before={"plan": target.plan.code})
    target.delete()


@transaction.atomic
def record_actual(
    *, target: Target, as_of: date, source: str, by: Any, value: Decimal | None = None, text: str = ""
) -> Actual:
    """Enter what was reached, with its source and day.

    Raises DomainError for a value the system counts itself, out of bounds, or of a later day.
    """
    _allow(by, PLANS, target.plan)
    if is_counted(target.plan, target):
        raise DomainError("Chỉ tiêu này hệ thống tự tính từ dữ liệu, không nhập tay.")
    fields = {"value": value, "text": text, "as_of": as_of, "source": source}
    _refuse(actual_problems(target, fields))
    actual = Actual(target=target, entered_by=by, **fields)
    return _create(actual, by=by, verb="target.record", **{name: _plain(v) for name, v in fields.items()})


# Tasks


@transaction.atomic
def add_task(*, plan: Plan, by: Any, **fields: Any) -> Task:
    """Assign a task under the plan. Raises DomainError for a deadline before the plan starts."""
    _allow(by, PLANS, plan)
    _check_due(plan, fields.get("due_on"))
    fields.setdefault("position", plan.tasks.count() + 1)
    return _create(Task(plan=plan, **fields), by=by, verb="task.add", plan=plan.code)


@transaction.atomic
def update_task(*, task: Task, by: Any, **fields: Any) -> Task:
    """Change who does what by when. Raises DomainError like `add_task`."""
    _allow(by, PLANS, task.plan)
    _check_due(task.plan, fields.get("due_on"))
    return _change(task, fields, by=by, verb="task.update")


def _check_due(plan: Plan, due_on: date | None) -> None:
    if due_on and due_on < plan.starts_on:
        raise DomainError(
            f"Hạn không được trước ngày bắt đầu kế hoạch ({plan.starts_on:%d/%m/%Y}).", field="due_on"
        )


@transaction.atomic
def report_task(*, task: Task, status: str, by: Any, result: str = "", done_on: date | None = None) -> Task:
    """Say how a task goes. A finished one needs its result and a day that is not in the future."""
    _allow(by, PLANS, task.plan)
    if status == TaskStatus.DONE:
        if not result:
            raise DomainError("Ghi kết quả thực hiện.", field="result")
        if done_on is None or done_on > timezone.localdate():
            raise DomainError("Nhập ngày xong, không sau hôm nay.", field="done_on")
    else:
        done_on = None
    fields = {"status": status, "result": result, "done_on": done_on}
    return _change(task, fields, by=by, verb="task.report")


# Training classes and the register


@transaction.atomic
def create_class(*, by: Any, **fields: Any) -> TrainingClass:
    """A new training class. Raises DomainError for dates out of order."""
    _allow(by, CLASSES, TrainingClass(unit=fields["unit"]))
    _check_days_in_order(fields)
    return _create(TrainingClass(**fields), by=by, verb="class.create", title=fields["title"])


@transaction.atomic
def update_class(*, training_class: TrainingClass, by: Any, **fields: Any) -> TrainingClass:
    """Change a class. Raises DomainError like `create_class`."""
    _allow(by, CLASSES, training_class, TrainingClass(unit=fields.get("unit", training_class.unit)))
    _check_days_in_order(fields)
    return _change(training_class, fields, by=by, verb="class.update")


@transaction.atomic
def add_person(*, by: Any, **fields: Any) -> RegisterPerson:
    """Put a person on the register of those who must be trained.

    Raises DomainError when the same name of the same unit and group is on it already.
    """
    _allow(by, CLASSES, RegisterPerson(unit=fields["unit"]))
    person = RegisterPerson(**fields)
    person.fill_keys()
    twin = RegisterPerson.objects.filter(
        unit=person.unit, group=person.group, search_name=person.search_name, left_on=None
    )
    if twin.exists():
        raise DomainError("Người này đã có trong danh sách của đơn vị.", field="name")
    return _create(person, by=by, verb="register.add", name=person.name)


@transaction.atomic
def enrol(*, training_class: TrainingClass, persons: Iterable[RegisterPerson], by: Any) -> int:
    """Enrol persons of the register; those already enrolled stay as they are. Returns how many were added.

    Raises DomainError for a person outside the class's area or no longer on the register.
    """
    _allow(by, CLASSES, training_class)
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
    _allow(by, CLASSES, training_class)
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


# Plans kept as files


@transaction.atomic
def load_plan_file(path: Path, *, by: Any) -> Plan:
    """Bring a plan file into the database; running it again changes nothing and adds nothing.

    Rows are recognised by their place in the file; rows people added and values they entered stay.
    Raises DomainError for a file that does not hold together or units that are not loaded.
    """
    data = plan_files.read(path)
    sync_indicators()
    unit = _unit_of(data.unit)
    plan, created = Plan.objects.get_or_create(code=data.plan["code"], defaults={**data.plan, "unit": unit})
    for position, basis in enumerate(data.legal_bases, 1):
        LegalBasis.objects.get_or_create(plan=plan, position=position, defaults=basis)
    by_key = _load_targets(plan, data.targets)
    for key, actuals in data.actuals.items():
        for actual in actuals:
            Actual.objects.get_or_create(target=by_key[key], as_of=actual["as_of"], defaults=actual)
    for position, task in enumerate(data.tasks, 1):
        Task.objects.get_or_create(plan=plan, position=position, defaults=task)
    for training_class in data.classes:
        fields = {**training_class, "unit": unit}
        TrainingClass.objects.get_or_create(plan=plan, title=fields["title"], defaults=fields)
    if created:
        audit.record(by=by, verb="plan.load", obj=plan, after={"file": path.name})
    return plan


def _unit_of(wanted: dict[str, Any]) -> AdminUnit:
    """The plan's province: a current one that is loaded, or a former one, made when missing."""
    if "valid_to" not in wanted:
        unit = AdminUnit.objects.provinces().current().filter(code=wanted["code"]).first()
        if unit is None:
            raise DomainError(f"Chưa nạp đơn vị hành chính của tỉnh mã {wanted['code']}.")
        return unit
    successor = AdminUnit.objects.provinces().current().filter(code=wanted.get("merged_into")).first()
    unit, _ = AdminUnit.objects.get_or_create(
        code=wanted["code"],
        level="province",
        valid_to=wanted["valid_to"],
        defaults={
            "name": wanted["name"],
            "kind": "tinh",
            "valid_from": wanted["valid_from"],
            "merged_into": successor,
        },
    )
    if successor and unit.merged_into_id is None:
        unit.merged_into = successor
        unit.save(update_fields=["merged_into"])
    return unit


def _load_targets(plan: Plan, targets: list[dict[str, Any]]) -> dict[str, Target]:
    by_key: dict[str, Target] = {}
    for position, fields in enumerate(targets, 1):
        fields = dict(fields)
        key, indicator = fields.pop("key"), _indicator_of(fields.pop("indicator"))
        part_of = by_key.get(fields.pop("part_of", ""))
        values = {**fields, "indicator": indicator, "part_of": part_of}
        _refuse(target_problems(plan, values))
        target, _ = Target.objects.get_or_create(plan=plan, position=position, defaults=values)
        by_key[key] = target
    return by_key


def _indicator_of(wanted: dict[str, str]) -> Indicator:
    fields = {name: value for name, value in wanted.items() if name != "code"}
    if not fields:
        return Indicator.objects.get(code=wanted["code"])
    indicator, _ = Indicator.objects.get_or_create(code=wanted["code"], defaults=fields)
    return indicator
