"""Years of a province side by side."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Min, Prefetch
from django.urls import reverse

from core.models import AdminUnit
from core.numbers import format_date, format_money, format_number
from reports.comparisons.figures import (
    CLASSES,
    EXPIRING,
    FIGURES,
    STARS,
    TRAINED,
    VALID,
    day_in,
    figure_url,
    percent_text,
)
from training import indicators
from training.enums import PlanLevel, PlanStatus
from training.indicators import Counted, Period
from training.models import Plan, Target
from training.queries import Budget, budget_of, planned_text

FEWEST, USUAL, MOST = 2, 3, 5
# Years before the records began are not offered, nor more than this many.
LONGEST_AGO = 10
BLOCKS = (
    ("Sản phẩm còn hiệu lực", (VALID, *(f"valid_{star}" for star in STARS), EXPIRING)),
    (
        "Công nhận trong năm",
        (
            "products_joined",
            "products_recognised",
            "products_five_star",
            "products_four_star",
            "products_three_star",
            "products_new",
            "products_standardised",
            "products_upgraded",
            "products_rank_raised",
            "products_re_ranked",
        ),
    ),
    ("Hồ sơ", ("dossiers_filed", "dossiers_recognised", "dossiers_not_granted", "dossiers_under_way")),
    ("Chủ thể", ("entities_new", "entities_strengthened")),
    ("Tập huấn", (CLASSES, "trainees", TRAINED)),
)
COUNTED = tuple(name for _, names in BLOCKS for name in names)


@dataclass(frozen=True)
class Year:
    """A column: the year up to a day, and its plan when there is one."""

    year: int
    period: Period
    plan: Plan | None

    @property
    def is_whole(self) -> bool:
        return (self.period.end.month, self.period.end.day) == (12, 31)

    @property
    def until(self) -> str:
        return f"đến {format_date(self.period.end)}"


@dataclass(frozen=True)
class Cell:
    """A number of one year; `share` of the largest in the line; `change` from the year before, in words."""

    year: int
    value: Decimal | None
    text: str
    url: str = ""
    note: str = ""
    planned: str = ""
    change: str = ""
    share: Fraction = Fraction(0)


@dataclass(frozen=True)
class Line:
    label: str
    unit_name: str
    cells: tuple[Cell, ...]
    definition: str = ""


@dataclass(frozen=True)
class Block:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class YearComparison:
    """Everything on the page. `same_day`: every year up to the same day, else up to its last."""

    province: AdminUnit
    years: tuple[Year, ...]
    blocks: tuple[Block, ...]
    same_day: bool
    entered_later: tuple[int, ...] = ()
    """Years whose recognitions were entered from older lists: of their dossiers there is nothing to count."""

    @property
    def columns(self) -> int:
        """Columns of the table: the names, and one a year."""
        return 1 + len(self.years)

    @property
    def without_plan(self) -> str:
        return ", ".join(str(year.year) for year in self.years if year.plan is None)

    @property
    def without_dossiers(self) -> str:
        return ", ".join(map(str, self.entered_later))


def years_on_offer(province: AdminUnit, today: date) -> list[int]:
    """The years of which there are records, the latest first."""
    first = (
        indicators.RECOGNITIONS.within(province).order_by().aggregate(first=Min("decided_on"))["first"]
        or today
    )
    return list(range(today.year, max(min(first.year, today.year - 1), today.year - LONGEST_AGO) - 1, -1))


def compare_years(
    province: AdminUnit, years: Iterable[int], *, today: date, same_day: date | None = None
) -> YearComparison:
    """The years as they stood at their end (this one: today), or each on the same day as `same_day`.

    Nine queries, whatever the number of years.
    """
    wanted = sorted(years)
    plans = _plans(province, wanted)
    columns = tuple(Year(year, _period(year, today, same_day), plans.get(year)) for year in wanted)
    periods = {column.year: column.period for column in columns}
    found = indicators.count_by_period([FIGURES[name] for name in COUNTED], province, periods)
    blocks = [
        Block(title, tuple(_line(name, columns, found[name], province) for name in names))
        for title, names in BLOCKS
    ]
    money = _money(columns)
    filed, recognised = found["dossiers_filed"], found["products_recognised"]
    return YearComparison(
        province,
        columns,
        (*blocks, *([money] if money else [])),
        same_day is not None,
        tuple(year for year in wanted if recognised[year].number and not filed[year].number),
    )


def _period(year: int, today: date, same_day: date | None) -> Period:
    last = day_in(year, same_day) if same_day else date(year, 12, 31)
    return Period(date(year, 1, 1), min(last, today))


def _plans(province: AdminUnit, years: list[int]) -> dict[int, Plan]:
    """The yearly plan of each year, with its targets for the whole province and its money."""
    wholes = Target.objects.filter(unit=None, per_unit="").select_related("indicator")
    rows = (
        Plan.objects.filter(
            unit=province, level=PlanLevel.YEAR, is_reference=False, starts_on__year__in=years
        )
        .exclude(status=PlanStatus.DRAFT)
        .prefetch_related(Prefetch("targets", wholes.order_by("position", "pk")), "budget_lines")
        .order_by("pk")
    )
    return {plan.starts_on.year: plan for plan in rows}


def _line(name: str, years: tuple[Year, ...], found: Mapping[int, Counted], province: AdminUnit) -> Line:
    computed = FIGURES[name]
    cells: list[Cell] = []
    numbers = [found[year.year].number for year in years]
    is_share = computed.population is not None
    most = Decimal(100) if is_share else max((n for n in numbers if n is not None), default=Decimal(0))
    for place, year in enumerate(years):
        number, counted = numbers[place], found[year.year]
        cells.append(
            Cell(
                year=year.year,
                value=number,
                text=_text(number, is_share),
                url=figure_url(name, year.period, province=province),
                note=f"{format_number(counted.value)}/{format_number(counted.of)} người"
                if counted.of
                else "",
                planned=_planned(year.plan, name),
                change=_change(years, numbers, place, is_share, is_flow=not computed.is_stock),
                share=Fraction(number) / Fraction(most) if number and most else Fraction(0),
            )
        )
    return Line(computed.label, computed.unit_name, tuple(cells), computed.definition)


def _text(number: Decimal | None, is_share: bool) -> str:
    if number is None:
        return ""
    return percent_text(number) if is_share else format_number(number)


def _planned(plan: Plan | None, name: str) -> str:
    """What the year's plan asks for, when it has a target of the indicator."""
    if plan is None:
        return ""
    targets = (target for target in plan.targets.all() if target.indicator.computed_by == name)
    return next((planned_text(target) for target in targets), "")


def _change(
    years: tuple[Year, ...], numbers: list[Decimal | None], place: int, is_share: bool, *, is_flow: bool
) -> str:
    """ "tăng 5 (20 %)"; a year that is not over is not measured against a whole one."""
    if place == 0:
        return ""
    before, now = numbers[place - 1], numbers[place]
    if before is None or now is None:
        return ""
    if is_flow and years[place - 1].is_whole and not years[place].is_whole:
        return ""
    return change_words(before, now, is_share=is_share)


def change_words(before: Decimal, now: Decimal, *, is_share: bool = False) -> str:
    """The change from one number to the next in words; shares in points, numbers also in per cent."""
    if now == before:
        return "không đổi" if now else ""
    word, size = ("tăng", now - before) if now > before else ("giảm", before - now)
    if is_share:
        return f"{word} {format_number(size.quantize(Decimal('0.1')))} điểm %"
    part = f" ({format_number(100 * size / before, 0)} %)" if before else ""
    return f"{word} {format_number(size)}{part}"


def _money(years: tuple[Year, ...]) -> Block | None:
    """What the plans gave and what was spent up to the day."""
    budgets = [budget_of(year.plan, year.period.end) if year.plan else None for year in years]
    if not any(budget and budget.planned for budget in budgets):
        return None
    planned = [budget.planned if budget else None for budget in budgets]
    spent = [budget.spent if budget else None for budget in budgets]
    lines = (
        _money_line("Kinh phí kế hoạch", years, planned),
        _money_line("Đã chi", years, spent),
        Line("Tỷ lệ đã chi", "%", tuple(map(_spent_share, years, budgets))),
    )
    return Block("Kinh phí", lines)


def _money_line(label: str, years: tuple[Year, ...], amounts: list[Decimal | None]) -> Line:
    most = max((amount for amount in amounts if amount), default=Decimal(0))
    cells = [
        Cell(
            year.year,
            amount,
            "" if amount is None else format_money(amount),
            url=_money_url(year),
            share=Fraction(amount) / Fraction(most) if amount and most else Fraction(0),
        )
        for year, amount in zip(years, amounts, strict=True)
    ]
    return Line(label, "đồng", tuple(cells))


def _spent_share(year: Year, budget: Budget | None) -> Cell:
    if budget is None or not budget.planned:
        return Cell(year.year, None, "")
    share = 100 * budget.spent / budget.planned
    return Cell(year.year, share, _text(share, True), _money_url(year), share=Fraction(share) / 100)


def _money_url(year: Year) -> str:
    return f"{reverse('training:plan', args=[year.plan.code])}#kinh-phi" if year.plan else ""
