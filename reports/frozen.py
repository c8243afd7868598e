"""The dashboard as of a closed period: the figures as frozen and approved, nothing counted again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from core.models import AdminUnit
from core.text import sort_key
from reports import charts
from reports.dashboard.cards import Card, StatusCount, cards_of, status_counts
from reports.dashboard.in_force import MONTHS_AHEAD, months_later
from training.models import FigureSet, Plan
from training.queries import frozen_targets, indicator_url

VALID, TRAINED = "products_recognised_cumulative", "persons_trained_share"
STARS = (5, 4, 3)
CHART_WIDTH = 380


@dataclass(frozen=True)
class FrozenRow:
    """A commune or a month with its number of products; `share` of the largest."""

    label: str
    number: int
    share: Fraction
    url: str
    stars: tuple[int, ...] = ()


@dataclass(frozen=True)
class FrozenTask:
    """A task that was late; `is_kept`: it is still there to be opened."""

    title: str
    due_on: date
    task_id: int
    is_kept: bool


@dataclass(frozen=True)
class FrozenMoney:
    label: str
    planned: Decimal
    spent: Decimal

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.spent) / Fraction(self.planned) if self.planned else None


@dataclass(frozen=True)
class Standing:
    """What stood beside the targets, where the version keeps it."""

    stars_chart: SafeString | None
    families: tuple[tuple[str, Mapping[int, int]], ...]
    valid_total: int
    valid_url: str
    communes: tuple[FrozenRow, ...]
    expiring: tuple[FrozenRow, ...]
    late: tuple[tuple[str, tuple[FrozenTask, ...]], ...]
    trained: int
    register: int
    trained_url: str
    funds: tuple[FrozenMoney, ...]
    counted: Mapping[str, tuple[int, int | None]]

    @property
    def trained_share(self) -> Fraction | None:
        return Fraction(self.trained, self.register) if self.register else None


@dataclass(frozen=True)
class FrozenBoard:
    """Everything on the page. `standing` is None for versions from before it was kept."""

    figure_set: FigureSet
    plan: Plan
    cards: tuple[Card, ...]
    statuses: tuple[StatusCount, ...]
    time_share: Fraction
    tasks: int
    tasks_done: int
    tasks_overdue: int
    money: FrozenMoney
    standing: Standing | None

    @property
    def time_percent(self) -> int:
        return round(100 * self.time_share)

    @property
    def card_columns(self) -> int:
        """As on the dashboard of today."""
        return min((6, 5, 4), key=lambda columns: (-len(self.cards) % columns, -columns))


def frozen_board(figure_set: FigureSet) -> FrozenBoard:
    """The page of one approved version; at most two queries."""
    plan, summary = figure_set.plan, figure_set.summary
    cards = cards_of(frozen_targets(figure_set))
    kept = summary.get("standing")
    return FrozenBoard(
        figure_set=figure_set,
        plan=plan,
        cards=cards,
        statuses=status_counts(cards),
        time_share=Fraction(summary["time_share"]),
        tasks=summary["tasks"],
        tasks_done=summary["tasks_done"],
        tasks_overdue=summary["tasks_overdue"],
        money=_money("Kế hoạch", summary["planned"], summary["spent"]),
        standing=_standing(plan, figure_set.as_of, kept) if kept else None,
    )


def _money(label: str, planned: Any, spent: Any) -> FrozenMoney:
    return FrozenMoney(label, Decimal(str(planned)), Decimal(str(spent)))


def _standing(plan: Plan, day: date, kept: Mapping[str, Any]) -> Standing:
    families = tuple((name, _stars(stars)) for name, stars in kept["families"])
    counted = {name: (value, of) for name, (value, of) in kept["counted"].items()}
    trained, register = counted.get(TRAINED, (0, 0))
    return Standing(
        stars_chart=_stars_chart(plan, day, families),
        families=families,
        valid_total=sum(sum(stars.values()) for _, stars in families),
        valid_url=indicator_url(VALID, plan, day),
        communes=_communes(plan, day, kept["communes"]),
        expiring=_expiring(plan, day, kept["expiring"]),
        late=_late(plan, kept["late"]),
        trained=trained,
        register=register or 0,
        trained_url=indicator_url(TRAINED, plan, day),
        funds=tuple(_money(*fund) for fund in kept["funds"]),
        counted=counted,
    )


def _stars(stars: Mapping[str, int]) -> dict[int, int]:
    return {int(star): number for star, number in stars.items()}


def _stars_chart(
    plan: Plan, day: date, families: tuple[tuple[str, Mapping[int, int]], ...]
) -> SafeString | None:
    rows = [
        charts.StarsRow(
            name,
            stars,
            {star: indicator_url(VALID, plan, day, family=name, star=star) for star in stars},
        )
        for name, stars in sorted(families, key=lambda item: (-sum(item[1].values()), sort_key(item[0])))
    ]
    title = "Sản phẩm còn hiệu lực theo ngành"
    return charts.stars_by_group(rows, title=title, width=CHART_WIDTH) if rows else None


def _communes(plan: Plan, day: date, kept: list[Any]) -> tuple[FrozenRow, ...]:
    totals = [sum(stars.values()) for _, _, stars in kept]
    most = max(totals, default=1)
    return tuple(
        FrozenRow(
            name,
            total,
            Fraction(total, most),
            indicator_url(VALID, plan, day, unit=AdminUnit(pk=pk)),
            tuple(stars.get(str(star), 0) for star in STARS),
        )
        for (pk, name, stars), total in zip(kept, totals, strict=True)
    )


def _expiring(plan: Plan, day: date, kept: Mapping[str, int]) -> tuple[FrozenRow, ...]:
    months = [months_later(day.replace(day=1), ahead) for ahead in range(MONTHS_AHEAD)]
    numbers = {f"{month:%Y-%m}": kept.get(f"{month:%Y-%m}", 0) for month in months}
    most = max([*numbers.values(), 1])
    return tuple(
        FrozenRow(
            f"{month[5:]}/{month[:4]}",
            number,
            Fraction(number, most),
            indicator_url(VALID, plan, day, expires=month),
        )
        for month, number in numbers.items()
    )


def _late(plan: Plan, kept: list[Any]) -> tuple[tuple[str, tuple[FrozenTask, ...]], ...]:
    """Lead units with what they owed on the day, most first."""
    there = set(plan.tasks.values_list("pk", flat=True)) if kept else set()
    by_unit: dict[str, list[FrozenTask]] = {}
    for unit, title, due, task_id in kept:
        task = FrozenTask(title, date.fromisoformat(due), task_id, task_id in there)
        by_unit.setdefault(unit, []).append(task)
    ranked = sorted(by_unit.items(), key=lambda item: (-len(item[1]), sort_key(item[0])))
    return tuple((unit, tuple(tasks)) for unit, tasks in ranked)
