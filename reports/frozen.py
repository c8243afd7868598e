"""The dashboard as of a closed period: the figures as frozen and approved, nothing counted again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString

from core.text import sort_key
from products.enums import DossierState, SalesChannel
from products.queries.steps import RE_RANKING, StepTimes, Waits
from reports import charts
from reports.dashboard.cards import Card, StatusCount, cards_of, status_counts
from reports.dashboard.in_force import MONTHS_AHEAD, ChannelRow, months_later
from reports.dashboard.road import Links, Road, road_from, years_of
from reports.dashboard.work import Promotion
from training.kept import DONE, LATE, MONEY, REST, TASKS, step_part
from training.models import FigureSet, Plan
from training.queries import frozen_targets
from training.queries.frozen import list_url
from training.queries.kept import has_list, kept_url

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
    stars: tuple[tuple[int, str], ...] = ()
    """Of five, four and three stars, each with its list."""


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
    rest_url: str
    """Who was not trained; empty where the version keeps no lists."""
    promotion: Promotion | None
    """None, as the road, for versions from before it was kept."""
    road: Road | None
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
    has_lists: bool
    """Does a number open the records kept with the version?"""
    task_urls: tuple[str, str, str] | None
    """The lists of all tasks, those done and those overdue; None, as of the money, where none are kept."""
    money_url: str

    @property
    def road(self) -> Road | None:
        return self.standing.road if self.standing else None

    @property
    def promotion(self) -> Promotion | None:
        return self.standing.promotion if self.standing else None

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
        standing=_standing(figure_set, cards, kept) if kept else None,
        has_lists=bool(summary.get("lists")),
        task_urls=_task_urls(figure_set),
        money_url=kept_url(figure_set, MONEY) if has_list(figure_set, MONEY) else "",
    )


def _task_urls(made: FigureSet) -> tuple[str, str, str] | None:
    if not has_list(made, TASKS):
        return None
    return kept_url(made, TASKS), kept_url(made, DONE), kept_url(made, LATE)


def _money(label: str, planned: Any, spent: Any) -> FrozenMoney:
    return FrozenMoney(label, Decimal(str(planned)), Decimal(str(spent)))


def _standing(made: FigureSet, cards: tuple[Card, ...], kept: Mapping[str, Any]) -> Standing:
    families = tuple((name, _stars(stars)) for name, stars in kept["families"])
    counted = {name: (value, of) for name, (value, of) in kept["counted"].items()}
    trained, register = counted.get(TRAINED, (0, 0))
    total = sum(sum(stars.values()) for _, stars in families)
    return Standing(
        stars_chart=_stars_chart(made, families),
        families=families,
        valid_total=total,
        valid_url=list_url(made, VALID),
        communes=_communes(made, kept["communes"]),
        expiring=_expiring(made, kept["expiring"]),
        late=_late(made.plan, kept["late"]),
        trained=trained,
        register=register or 0,
        trained_url=list_url(made, TRAINED),
        rest_url=kept_url(made, f"{TRAINED}{REST}") if has_list(made, f"{TRAINED}{REST}") else "",
        promotion=_promotion(made, cards, kept, total) if "channels" in kept else None,
        road=_road(made, kept["road"]) if "road" in kept else None,
        funds=tuple(_money(*fund) for fund in kept["funds"]),
        counted=counted,
    )


def _promotion(made: FigureSet, cards: tuple[Card, ...], kept: Mapping[str, Any], total: int) -> Promotion:
    used = sorted(kept["channels"].items(), key=lambda item: -item[1])
    return Promotion(
        channels=tuple(
            ChannelRow(
                str(SalesChannel(channel).label) if channel in SalesChannel else channel,
                number,
                Fraction(number, total or 1),
                list_url(made, VALID, channel=channel),
            )
            for channel, number in used
        ),
        told=kept["told"],
        total=total,
        targets=tuple(card for card in cards if card.target.is_promotion and card.target.whole_plan),
    )


def _road(made: FigureSet, kept: Mapping[str, Any]) -> Road:
    """Nobody stands at a step any more: all its numbers lead to the lists of that day."""
    times: dict[str, StepTimes] = {}
    for step in (*DossierState, RE_RANKING):
        now, left = (Waits(*kept[step_part(step, waiting=there).name]) for there in (True, False))
        if now.number or left.number or step != RE_RANKING:
            times[step] = StepTimes(now, left)
    return road_from(times, years_of(made.plan), lambda step: _links(made, step))


def _links(made: FigureSet, step: str) -> Links:
    there, gone = (kept_url(made, step_part(step, waiting=waiting).name) for waiting in (True, False))
    return Links(there, there, there, gone)


def _stars(stars: Mapping[str, int]) -> dict[int, int]:
    return {int(star): number for star, number in stars.items()}


def _stars_chart(made: FigureSet, families: tuple[tuple[str, Mapping[int, int]], ...]) -> SafeString | None:
    rows = [
        charts.StarsRow(
            name,
            stars,
            {star: list_url(made, VALID, family=name, star=star) for star in stars},
        )
        for name, stars in sorted(families, key=lambda item: (-sum(item[1].values()), sort_key(item[0])))
    ]
    title = "Sản phẩm còn hiệu lực theo ngành"
    return charts.stars_by_group(rows, title=title, width=CHART_WIDTH) if rows else None


def _communes(made: FigureSet, kept: list[Any]) -> tuple[FrozenRow, ...]:
    totals = [sum(stars.values()) for _, _, stars in kept]
    most = max(totals, default=1)
    return tuple(
        FrozenRow(
            name,
            total,
            Fraction(total, most),
            list_url(made, VALID, unit=pk),
            tuple((stars.get(str(star), 0), list_url(made, VALID, unit=pk, star=star)) for star in STARS),
        )
        for (pk, name, stars), total in zip(kept, totals, strict=True)
    )


def _expiring(made: FigureSet, kept: Mapping[str, int]) -> tuple[FrozenRow, ...]:
    first = made.as_of.replace(day=1)
    months = [f"{months_later(first, ahead):%Y-%m}" for ahead in range(MONTHS_AHEAD)]
    numbers = {month: kept.get(month, 0) for month in months}
    most = max([*numbers.values(), 1])
    return tuple(
        FrozenRow(
            f"{month[5:]}/{month[:4]}",
            number,
            Fraction(number, most),
            list_url(made, VALID, expires=month),
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
