"""Plans: the list, and the whole of one as of a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from core.models import AdminUnit
from training import indicators, progress
from training.enums import TargetStatus, TaskStatus
from training.indicators import Counted
from training.models import Actual, Plan, Target
from training.queries.apart import GivenApart, given_apart
from training.queries.classes import ClassLine, class_lines
from training.queries.communes import CommuneLine, commune_lines
from training.queries.reported import Reported, reported_by_units
from training.queries.sums import sums_that_differ
from training.queries.targets import (
    TargetProgress,
    is_counted,
    period_of,
    sum_of,
    target_line,
)
from training.queries.tasks import TaskLine, task_line


@dataclass(frozen=True)
class PlanProgress:
    """A plan as of a day.

    `totals`: every computed indicator that was counted, over the whole area; `numbers`: the same by the id of
    the unit of today; `apart`: former communes some targets count by themselves, since the plan named them.
    `reported`: by target id, what the communes reported on a figure of the province entered by hand.
    `in_commune`: its targets seen from one commune, when that was asked for.
    """

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
    reported: Mapping[int, Reported] = field(default_factory=dict)
    numbers: Mapping[str, Mapping[int, Counted]] = field(default_factory=dict)
    apart: GivenApart = GivenApart()
    in_commune: tuple[CommuneLine, ...] = ()

    @cached_property
    def status_counts(self) -> dict[TargetStatus, int]:
        """How many targets stand in each status, parts included."""
        counts: dict[TargetStatus, int] = dict.fromkeys(TargetStatus, 0)
        for target in self.targets:
            counts[target.status] += 1
        return counts


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


def default_as_of(plan: Plan) -> date:
    """Today, or the last day of a plan that has ended."""
    return min(timezone.localdate(), plan.ends_on)


def plan_progress(
    plan: Plan,
    *,
    as_of: date | None = None,
    with_classes: bool = True,
    also: Iterable[str] = (),
    commune: AdminUnit | None = None,
) -> PlanProgress:
    """The whole plan as of a day (today, or its end when it is over).

    `also`: names of computed indicators wanted in `totals` although no target asks for them.
    `commune`: also see the targets from this unit of the plan's area; that asks nothing more.
    Values the system can count are counted now from records up to that day; others are the last one
    entered with a date up to it. At most eleven queries, whatever the number of rows (one or two more where
    the plan names former communes).
    """
    day = as_of or default_as_of(plan)
    targets = list(_targets_with_last_actual(plan, day))
    apart = given_apart(targets)
    counted = _count_all(plan, targets, also, day, apart)
    numbers, parted = apart.together(counted), apart.parted(counted)
    in_order = _parts_under_totals(targets)
    lines = tuple(
        target_line(plan, target, parted, day, apart.of(target.indicator.computed_by)) for target in in_order
    )
    tasks = tuple(
        task_line(plan, task, day)
        for task in plan.tasks.annotate(notes_count=Count("notes")).order_by("position", "pk")
    )
    return PlanProgress(
        plan=plan,
        as_of=day,
        time_share=progress.time_share(plan.starts_on, plan.ends_on, day),
        targets=lines,
        tasks=tasks,
        tasks_overdue=sum(task.is_overdue for task in tasks),
        tasks_done=sum(task.status == TaskStatus.DONE for task in tasks),
        classes=class_lines(plan.classes.order_by("starts_on", "pk")) if with_classes else (),
        warnings=tuple(sums_that_differ(targets)),
        totals={name: sum_of(name, by_unit.values()) for name, by_unit in numbers.items()},
        reported=reported_by_units(plan, targets),
        numbers=numbers,
        apart=apart,
        in_commune=commune_lines(plan, zip(in_order, lines, strict=True), numbers, commune, day)
        if commune
        else (),
    )


def _targets_with_last_actual(plan: Plan, day: date) -> QuerySet[Target]:
    last = Actual.objects.counting().filter(target=OuterRef("pk"), as_of__lte=day).order_by("-as_of", "-pk")
    fields = JSONObject(value="value", text="text", as_of="as_of", source="source")
    return (
        plan.targets.select_related("indicator", "unit__counts_for")
        .annotate(last_actual=Subquery(last.values(data=fields)[:1]))
        .order_by("position", "pk")
    )


def _parts_under_totals(targets: list[Target]) -> list[Target]:
    """Each total followed by its parts, in the order of the plan."""
    parts = defaultdict(list)
    for target in targets:
        parts[target.part_of_id].append(target)
    return [line for total in parts[None] for line in (total, *parts[total.pk])]


def _count_all(
    plan: Plan, targets: list[Target], also: Iterable[str], day: date, apart: GivenApart
) -> dict[str, dict[int, Counted]]:
    names = {target.indicator.computed_by for target in targets if is_counted(plan, target)} | {*also}
    return indicators.count(sorted(names), plan.unit, period_of(plan, day), apart.every) if names else {}
