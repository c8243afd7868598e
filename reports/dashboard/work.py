"""The work on a plan: tasks that are late, persons trained, trade promotion, money."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from core.numbers import format_number, whole_percent
from core.text import sort_key
from reports.dashboard.cards import Card
from reports.dashboard.choice import Choice
from reports.dashboard.in_force import ChannelRow
from training.enums import PlanStatus, TaskStatus
from training.filters import TO_COME
from training.indicators import Counted
from training.models import Plan
from training.progress import AT_RISK_FROM
from training.queries import (
    Budget,
    PlanProgress,
    TargetProgress,
    TaskLine,
    budget_from,
    indicator_url,
)

TRAINED, HELD, TRAINEES = "persons_trained_share", "classes_held", "trainees"
SOON = timedelta(days=30)
MILLION = 1_000_000


@dataclass(frozen=True)
class LateUnit:
    """A lead unit with the tasks it owes, and its own list of them."""

    name: str
    tasks: tuple[TaskLine, ...]
    url: str


@dataclass(frozen=True)
class Coverage:
    """Persons trained, of those on the register; classes held, planned and to come."""

    trained: int
    total: int
    trained_url: str
    missing_url: str
    held: int
    held_url: str
    trainees: int
    trainees_url: str
    classes_planned: TargetProgress | None = None
    to_come: int = 0
    to_come_url: str = ""

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.trained, self.total) if self.total else None

    @property
    def missing(self) -> int:
        return self.total - self.trained


@dataclass(frozen=True)
class Promotion:
    """Trade promotion: where products are sold, as their entities say, and what the plan asks for."""

    channels: tuple[ChannelRow, ...]
    told: int
    total: int
    targets: tuple[Card, ...]


@dataclass(frozen=True)
class FundShare:
    """What one source of money gives, in words of millions."""

    label: str
    planned: str
    spent: str
    share: Fraction | None


@dataclass(frozen=True)
class Money:
    """The plan's money beside the share of time passed."""

    budget: Budget
    planned: str
    spent: str
    share: Fraction | None
    is_slow: bool
    funds: tuple[FundShare, ...]
    told_until: date | None
    untold: int
    """Lines of which no spending was reported."""
    time_share: Fraction

    @property
    def percent(self) -> str:
        return whole_percent(self.share) if self.share is not None else ""

    @property
    def time_percent(self) -> str:
        return format_number(self.time_share * 100, 0)


def late_units(tasks: Iterable[TaskLine], plan: Plan) -> tuple[LateUnit, ...]:
    """Lead units with overdue tasks, those who owe most first."""
    by_unit: dict[str, list[TaskLine]] = defaultdict(list)
    for task in tasks:
        if task.is_overdue:
            by_unit[task.lead_unit].append(task)
    ranked = sorted(by_unit.items(), key=lambda item: (-len(item[1]), sort_key(item[0])))
    return tuple(LateUnit(name, tuple(owed), _tasks_url(name, plan)) for name, owed in ranked)


def _tasks_url(unit: str, plan: Plan) -> str:
    """The list of tasks holds plans in force; what another plan owes stands on its own page."""
    if plan.status != PlanStatus.IN_FORCE:
        return f"{reverse('training:plan', args=[plan.code])}#nhiem-vu"
    query = {"lead": unit, "overdue": 1, "plan": plan.code}
    return f"{reverse('training:tasks')}?{urlencode(query)}"


def due_soon(tasks: Iterable[TaskLine], day: date) -> tuple[TaskLine, ...]:
    """Unfinished tasks due within thirty days, the nearest first."""
    coming = [
        (task.due_on, task)
        for task in tasks
        if task.status in TaskStatus.unfinished and task.due_on and day <= task.due_on <= day + SOON
    ]
    return tuple(task for _, task in sorted(coming, key=lambda item: (item[0], item[1].task_id)))


def tasks_of(choice: Choice, progress: PlanProgress) -> tuple[TaskLine, ...]:
    """The plan's tasks, or those the chosen commune leads, with what the communes merged into it led."""
    if choice.commune is None:
        return progress.tasks
    return tuple(task for task in progress.tasks if task.lead_unit_id in choice.commune_parts)


def coverage(choice: Choice, progress: PlanProgress) -> Coverage:
    """Persons of the register and classes, of the whole area or of the chosen commune."""
    trained, held = _counted(choice, progress, TRAINED), _counted(choice, progress, HELD)
    url = _url(choice, progress, TRAINED)
    planned = (t for t in progress.targets if t.computed_by == HELD and t.whole_plan and not choice.commune)
    year = progress.plan.starts_on.year
    return Coverage(
        trained.value,
        trained.of or 0,
        url,
        f"{url}&rest=1",
        held.value,
        _url(choice, progress, HELD),
        _counted(choice, progress, TRAINEES).value,
        _url(choice, progress, TRAINEES),
        next(planned, None),
        0 if choice.commune else choice.beside.classes_to_come,
        # The list of classes is the province's; it knows no single commune.
        f"{reverse('training:classes')}?{urlencode({'nam': year, 'state': TO_COME})}"
        if progress.plan.unit.is_province
        else "",
    )


def _counted(choice: Choice, progress: PlanProgress, name: str) -> Counted:
    if choice.commune is None:
        return progress.totals[name]
    return progress.numbers[name].get(choice.commune.pk, Counted(0))


def _url(choice: Choice, progress: PlanProgress, name: str) -> str:
    return indicator_url(name, progress.plan, progress.as_of, unit=choice.commune)


def promotion_targets(targets: Iterable[TargetProgress]) -> tuple[TargetProgress, ...]:
    """The plan's targets of trade promotion for the whole area."""
    return tuple(target for target in targets if target.is_promotion and target.whole_plan)


def money_of(choice: Choice, progress: PlanProgress) -> Money | None:
    """The plan's money as of the page's day; None where the plan has none."""
    if not choice.beside.money:
        return None
    budget = budget_from(choice.beside.money, progress.as_of)
    share = _share(budget.spent, budget.planned)
    days = [line.spent_on for line in budget.lines if line.spent_on]
    return Money(
        budget=budget,
        planned=millions(budget.planned),
        spent=millions(budget.spent),
        share=share,
        is_slow=share is not None and share < AT_RISK_FROM * progress.time_share,
        funds=tuple(
            FundShare(
                fund.label, millions(fund.planned), millions(fund.spent), _share(fund.spent, fund.planned)
            )
            for fund in budget.funds
        ),
        told_until=max(days, default=None),
        untold=sum(line.spent is None for line in budget.lines),
        time_share=progress.time_share,
    )


def _share(spent: Decimal, planned: Decimal) -> Fraction | None:
    return Fraction(spent) / Fraction(planned) if planned else None


def millions(amount: Decimal) -> str:
    """An amount of dong in millions, as leaders read it: 3.690; with one decimal below a hundred."""
    value = Decimal(amount) / MILLION
    return (
        format_number(value, 0) if value >= 100 or value == value.to_integral() else format_number(value, 1)
    )
