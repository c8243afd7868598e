"""What the pages and papers of a plan show: progress of its targets, its tasks and classes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from core.models import AdminUnit
from core.numbers import format_date, format_number
from training import indicators, progress
from training.enums import ClassLevel, Operator, TargetStatus, TaskStatus
from training.indicators import Counted, Period
from training.models import Actual, Enrolment, Plan, RegisterPerson, Target, Task, TrainingClass

# Shares of a population cannot be added.
ADDS_UP = (Operator.AT_LEAST, Operator.MORE_THAN, Operator.EXACTLY, Operator.RANGE)
NO_VALUE = "chưa có số liệu"
NOT_YET_DUE = "Chưa đến hạn"


@dataclass(frozen=True)
class TargetProgress:
    """One line of the plan's table: what is planned, what is reached, and how it stands on a day."""

    target_id: int
    label: str
    unit_name: str
    scope_text: str
    planned: Decimal | None
    planned_text: str
    actual: Decimal | None
    actual_text: str
    share: Fraction | None
    time_share: Fraction
    status: TargetStatus
    status_text: str
    forecast: Decimal | None
    computed: bool
    list_url: str | None
    source: str
    as_of: date | None
    is_part: bool
    level: int
    due_on: date | None
    note: str = ""
    computed_by: str = ""
    whole_plan: bool = True
    planned_for_one_unit: bool = False
    value_source: str = ""

    @property
    def has_forecast(self) -> bool:
        return self.forecast is not None and self.status != TargetStatus.DONE


@dataclass(frozen=True)
class TaskLine:
    """A task with how it stands on a day."""

    task_id: int
    title: str
    lead_unit: str
    supporting_units: str
    due_on: date | None
    status: TaskStatus
    status_text: str
    is_overdue: bool
    result: str
    done_on: date | None
    source: str


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


@dataclass(frozen=True)
class PlanProgress:
    """A plan as of a day. `totals`: every computed indicator that was counted, over the whole area."""

    plan: Plan
    as_of: date
    time_share: Fraction
    targets: tuple[TargetProgress, ...]
    tasks: tuple[TaskLine, ...]
    tasks_overdue: int
    tasks_done: int
    classes: tuple[ClassLine, ...]
    warnings: tuple[str, ...]
    totals: Mapping[str, Counted] = field(default_factory=dict)

    @cached_property
    def status_counts(self) -> dict[TargetStatus, int]:
        """How many targets stand in each status, parts included."""
        counts: dict[TargetStatus, int] = dict.fromkeys(TargetStatus, 0)
        for target in self.targets:
            counts[target.status] += 1
        return counts


@dataclass(frozen=True)
class Value:
    """What was reached: a number, words, or both, and where it comes from."""

    number: Decimal | None = None
    words: str = ""
    note: str = ""
    as_of: date | None = None
    source: str = ""


def plans_for(user: Any) -> QuerySet[Plan]:
    """Plans the user reads, live ones first, with their numbers of targets and overdue tasks."""
    overdue = Q(
        tasks__due_on__lt=timezone.localdate(),
        tasks__status__in=[TaskStatus.OPEN, TaskStatus.DOING],
        is_reference=False,
    )
    return (
        Plan.objects.filter(pk__in=Plan.objects.visible_to(user).values("pk"))
        .select_related("unit")
        .annotate(
            targets_count=Count("targets", distinct=True),
            tasks_count=Count("tasks", distinct=True),
            overdue_count=Count("tasks", filter=overdue, distinct=True),
        )
        .order_by("is_reference", "-starts_on", "code")
    )


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


def default_as_of(plan: Plan) -> date:
    """Today, or the last day of a plan that has ended."""
    return min(timezone.localdate(), plan.ends_on)


def plan_progress(
    plan: Plan, *, as_of: date | None = None, with_classes: bool = True, also: Iterable[str] = ()
) -> PlanProgress:
    """The whole plan as of a day (today, or its end when it is over).

    `also`: names of computed indicators wanted in `totals` although no target asks for them.
    Values the system can count are counted now from records up to that day; others are the last one
    entered with a date up to it. At most eleven queries, whatever the number of rows.
    """
    day = as_of or default_as_of(plan)
    targets = list(_targets_with_last_actual(plan, day))
    numbers = _count_all(plan, targets, also, day)
    lines = tuple(_line(plan, target, numbers, day) for target in _parts_under_totals(targets))
    tasks = tuple(_task_line(plan, task, day) for task in plan.tasks.all())
    return PlanProgress(
        plan=plan,
        as_of=day,
        time_share=progress.time_share(plan.starts_on, plan.ends_on, day),
        targets=lines,
        tasks=tasks,
        tasks_overdue=sum(task.is_overdue for task in tasks),
        tasks_done=sum(task.status == TaskStatus.DONE for task in tasks),
        classes=class_lines(plan.classes.order_by("starts_on", "pk")) if with_classes else (),
        warnings=tuple(_sums_that_differ(targets)),
        totals={name: _sum_of(name, by_unit.values()) for name, by_unit in numbers.items()},
    )


def _targets_with_last_actual(plan: Plan, day: date) -> QuerySet[Target]:
    last = Actual.objects.filter(target=OuterRef("pk"), as_of__lte=day).order_by("-as_of", "-pk")
    fields = JSONObject(value="value", text="text", as_of="as_of", source="source")
    return (
        plan.targets.select_related("indicator", "unit")
        .annotate(last_actual=Subquery(last.values(data=fields)[:1]))
        .order_by("position", "pk")
    )


def _parts_under_totals(targets: list[Target]) -> list[Target]:
    """Each total followed by its parts, in the order of the plan."""
    parts = defaultdict(list)
    for target in targets:
        parts[target.part_of_id].append(target)
    return [line for total in parts[None] for line in (total, *parts[total.pk])]


def is_counted(plan: Plan, target: Target) -> bool:
    """Is the value counted from the system's records (never of a reference plan)?"""
    return not plan.is_reference and target.indicator.computed_by in indicators.REGISTRY


def _count_all(
    plan: Plan, targets: list[Target], also: Iterable[str], day: date
) -> dict[str, dict[int, Counted]]:
    names = {target.indicator.computed_by for target in targets if is_counted(plan, target)} | {*also}
    return indicators.count(sorted(names), plan.unit, period_of(plan, day)) if names else {}


def period_of(plan: Plan, day: date) -> Period:
    """From the plan's first day to `day`, at most its last."""
    return Period(plan.starts_on, min(day, plan.ends_on))


def _line(
    plan: Plan, target: Target, numbers: Mapping[str, Mapping[int, Counted]], day: date
) -> TargetProgress:
    computed = is_counted(plan, target)
    by_unit = numbers.get(target.indicator.computed_by, {}) if computed else {}
    planned = _planned(plan, target, computed)
    value = _computed_value(plan, target, by_unit, day) if computed else _entered_value(target)
    due = target.due_on or plan.ends_on
    time_passed = progress.time_share(plan.starts_on, max(due, plan.starts_on), day)
    share = progress.share_of(planned, value.number)
    # A plan read as of its last day, after it: what it did not reach is no longer merely "behind".
    past_due = day > due or day == due == plan.ends_on < timezone.localdate()
    status, words = _status(plan, target, value, planned, share, time_passed, past_due)
    return TargetProgress(
        target_id=target.pk,
        label=target.indicator.name,
        unit_name=target.indicator.unit_name,
        scope_text=scope_text(plan, target),
        planned=planned,
        planned_text=planned_text(target),
        actual=value.number,
        actual_text=value.words or NO_VALUE,
        share=share,
        time_share=time_passed,
        status=status,
        status_text=words,
        forecast=_forecast(plan, target, value, computed),
        computed=computed,
        list_url=_list_url(plan, target, day) if computed else None,
        source=target.source,
        as_of=value.as_of,
        is_part=target.part_of_id is not None,
        level=0 if target.part_of_id is None else 1,
        due_on=target.due_on,
        note=value.note,
        computed_by=target.indicator.computed_by if computed else "",
        whole_plan=target.unit_id is None and not target.per_unit,
        planned_for_one_unit=target.unit_id is not None,
        value_source=value.source,
    )


def scope_text(plan: Plan, target: Target) -> str:
    """Whom the target is for: one unit, each unit of a kind, or the whole area."""
    if target.unit is not None:
        return target.unit.name
    if target.per_unit:
        return target.per_unit
    for kind in ("tỉnh", "thành phố", "xã", "phường", "đặc khu"):
        if plan.unit.name.lower().startswith(f"{kind} "):
            return f"Toàn {kind}"
    return plan.unit.name


def planned_text(target: Target) -> str:
    """The planned value as the plan prints it."""
    return progress.planned_words(target.operator, target.value, target.value_to, target.due_on, target.text)


def _planned(plan: Plan, target: Target, computed: bool) -> Decimal | None:
    """The number to reach; for "each commune at least 1" it is the number of communes."""
    if target.operator not in Operator.counted:
        return None
    if target.per_unit and computed:
        return Decimal(target.units_count or plan.unit.children.filter(valid_to=None).count())
    return target.value


def _computed_value(plan: Plan, target: Target, by_unit: Mapping[int, Counted], day: date) -> Value:
    source, as_of = "Hệ thống", period_of(plan, day).end
    if target.per_unit:
        reaching = _units_that_reach(target.value or Decimal(0), by_unit, plan)
        return Value(Decimal(reaching), f"{reaching} đơn vị đạt", "", as_of, source)
    wanted = by_unit.values() if target.unit_id in (None, plan.unit_id) else [by_unit.get(target.unit_id)]
    share = indicators.REGISTRY[target.indicator.computed_by].population is not None
    total = _sum_of(target.indicator.computed_by, wanted)
    if total.number is None:
        return Value(None, "", "Danh sách người thuộc diện tập huấn còn trống.", as_of, source)
    note = f"{total.value}/{total.of} người" if total.of else ""
    words = progress.actual_words("percent" if share else target.operator, total.number, target.value_to)
    return Value(total.number, words, note, as_of, source)


def _sum_of(name: str, by_unit: Iterable[Counted | None]) -> Counted:
    """One number of many; of a share the persons are added, not the per cents."""
    nothing = Counted(0, 0 if indicators.REGISTRY[name].population else None)
    return sum((counted for counted in by_unit if counted), nothing)


def _units_that_reach(low: Decimal, by_unit: Mapping[int, Counted], plan: Plan) -> int:
    """How many units below the plan's own have at least `low`."""
    return sum((counted.number or 0) >= low for unit, counted in by_unit.items() if unit != plan.unit_id)


def _entered_value(target: Target) -> Value:
    entered = target.last_actual  # type: ignore[attr-defined]
    if entered is None:
        return Value()
    as_of = date.fromisoformat(entered["as_of"])
    number = None if entered["value"] is None else Decimal(str(entered["value"]))
    if number is not None:
        words = progress.actual_words(target.operator, number, target.value_to)
        return Value(number, words, entered["text"], as_of, entered["source"])
    words = f"xong {format_date(as_of)}" if target.operator == Operator.BY_DATE else entered["text"]
    return Value(None, words, entered["text"], as_of, entered["source"])


def _status(
    plan: Plan,
    target: Target,
    value: Value,
    planned: Decimal | None,
    share: Fraction | None,
    time_passed: Fraction,
    past_due: bool,
) -> tuple[TargetStatus, str]:
    """The status and its word; a day and words are reached by any report."""
    if target.operator in Operator.counted:
        has_value = value.number is not None
        reached = progress.is_reached("ge" if target.per_unit else target.operator, planned, value.number)
    else:
        reached = value.as_of is not None
        # A live plan whose day has passed without a report is overdue, not merely unknown.
        has_value = reached or (past_due and not plan.is_reference and target.operator == Operator.BY_DATE)
    status = progress.status_of(
        has_value=has_value, reached=reached, share=share, time_passed=time_passed, past_due=past_due
    )
    return status, _status_words(target, value, status, past_due)


def _status_words(target: Target, value: Value, status: TargetStatus, past_due: bool) -> str:
    if target.operator == Operator.BY_DATE and target.due_on:
        if status == TargetStatus.NO_DATA and not past_due:
            return NOT_YET_DUE
        if status == TargetStatus.DONE and value.as_of and value.as_of > target.due_on:
            return "Xong, trễ hạn"
    return str(status.label)


def _forecast(plan: Plan, target: Target, value: Value, computed: bool) -> Decimal | None:
    """Only of sums that grow from nothing over the period: standing numbers have no straight line."""
    if target.per_unit or target.operator not in Operator.counted or value.as_of is None:
        return None
    if computed and indicators.REGISTRY[target.indicator.computed_by].is_stock:
        return None
    time_passed = progress.time_share(plan.starts_on, plan.ends_on, value.as_of)
    limit = {Operator.PERCENT: Decimal(100), Operator.RATIO: target.value_to}.get(Operator(target.operator))
    return progress.forecast_of(value.number, time_passed, limit=limit)


def _list_url(plan: Plan, target: Target, day: date) -> str:
    return indicator_url(
        target.indicator.computed_by, plan, day, unit=target.unit if target.unit_id != plan.unit_id else None
    )


def indicator_url(
    name: str, plan: Plan, day: date, *, unit: AdminUnit | None = None, **filters: str | int
) -> str:
    """The address of the list behind a number counted for a plan as of a day."""
    query: dict[str, Any] = {"plan": plan.code, "to": day.isoformat()}
    if unit is not None:
        query["unit"] = unit.pk
    return f"{reverse('training:indicator_list', args=[name])}?{urlencode(query | filters)}"


def _task_line(plan: Plan, task: Task, day: date) -> TaskLine:
    """The task as it stood on the day: what was done later was not done yet, and had no result."""
    later = task.done_on is not None and task.done_on > day
    status = TaskStatus.DOING if later else TaskStatus(task.status)
    overdue = (
        not plan.is_reference
        and task.due_on is not None
        and task.due_on < day
        and status in (TaskStatus.OPEN, TaskStatus.DOING)
    )
    words = "Chưa xong" if later else status.label
    if plan.is_reference and status == TaskStatus.OPEN:
        words = "Nguồn không ghi kết quả"
    return TaskLine(
        task_id=task.pk,
        title=task.title,
        lead_unit=task.lead_unit,
        supporting_units=task.supporting_units,
        due_on=task.due_on,
        status=status,
        status_text="Quá hạn" if overdue else str(words),
        is_overdue=overdue,
        result="" if later else task.result,
        done_on=None if later else task.done_on,
        source=task.source,
    )


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


def _sums_that_differ(targets: list[Target]) -> Iterable[str]:
    """Sentences on totals that their parts or units do not add up to."""
    counted = [target for target in targets if target.operator in ADDS_UP]
    for total in counted:
        parts = [t for t in counted if t.part_of_id == total.pk]
        if parts and total.value is not None and (found := _sum(parts)) != total.value:
            yield (
                f"“{total.indicator.name}”: các phần cộng lại {format_number(found)}, "
                f"tổng giao {planned_text(total)}."
            )
    wholes = {t.indicator_id: t for t in counted if t.unit_id is None and not t.per_unit}
    yield from _units_that_differ(counted, wholes)
    yield from _per_unit_that_differ(counted, wholes)


def _sum(targets: Iterable[Target]) -> Decimal:
    return sum((target.value or Decimal(0) for target in targets), Decimal(0))


def _units_that_differ(counted: list[Target], wholes: dict[int, Target]) -> Iterable[str]:
    by_indicator = defaultdict(list)
    for target in counted:
        if target.unit_id is not None:
            by_indicator[target.indicator_id].append(target)
    for indicator_id, allocated in by_indicator.items():
        whole = wholes.get(indicator_id)
        if whole and (found := _sum(allocated)) != whole.value:
            yield (
                f"“{whole.indicator.name}”: giao cho {len(allocated)} đơn vị, cộng {format_number(found)}, "
                f"chỉ tiêu chung {planned_text(whole)}."
            )


def _per_unit_that_differ(counted: list[Target], wholes: dict[int, Target]) -> Iterable[str]:
    for target in counted:
        whole = wholes.get(target.indicator_id)
        if not (target.per_unit and target.units_count and whole and target.value and whole.value):
            continue
        low = target.value * target.units_count
        high = (target.value_to or target.value) * target.units_count
        is_open = target.operator in (Operator.AT_LEAST, Operator.MORE_THAN)
        if low > whole.value or (high < whole.value and not is_open):
            total = format_number(low) if low == high else f"{format_number(low)}-{format_number(high)}"
            yield (
                f"“{whole.indicator.name}”: {target.per_unit} {planned_text(target)}, "
                f"{target.units_count} đơn vị cộng lại {total}, chỉ tiêu chung {planned_text(whole)}."
            )


def overdue_tasks(user: Any, day: date) -> QuerySet[Task]:
    """Tasks of the user's live plans whose day has passed, the oldest first."""
    return (
        Task.objects.visible_to(user)
        .filter(plan__is_reference=False, plan__status="in_force")
        .overdue(day)
        .select_related("plan")
        .order_by(F("due_on").asc(), "pk")
    )
