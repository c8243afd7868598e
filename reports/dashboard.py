"""What leadership sees on one page: one plan as of a day, and what stands behind every figure.

The page counts afresh on every visit; it asks the database a fixed number of questions, whatever the
number of products (a test holds the number).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.models import AdminUnit
from core.numbers import NOTHING, format_number
from products.enums import DossierState
from products.models import Dossier
from reports import charts
from training import indicators
from training.enums import PlanLevel, PlanStatus, TargetStatus
from training.indicators import Counted
from training.models import Plan
from training.queries import (
    PlanProgress,
    TargetProgress,
    TaskLine,
    default_as_of,
    indicator_url,
    period_of,
    plan_progress,
)

RANKED_COMMUNES = 10
MONTHS_AHEAD = 6
# Drawn narrow, so that the letters stay readable on a telephone.
CHART_WIDTH = 380
VALID, TRAINED = "products_recognised_cumulative", "persons_trained_share"
# The road of a dossier, in order, with the limit the law sets for the step.
ROAD = (
    (DossierState.DRAFT, ""),
    (DossierState.RETURNED, ""),
    (DossierState.SUBMITTED, "hạn 15 ngày làm việc"),
    (DossierState.PROPOSED, ""),
    (DossierState.ACCEPTED, ""),
    (DossierState.SCORED, ""),
    (DossierState.SENT_TO_MINISTRY, ""),
    (DossierState.RECOGNISED, ""),
    (DossierState.NOT_RECOGNISED, ""),
    (DossierState.EXCLUDED, ""),
)
MOVING = (*DossierState.editable, *DossierState.with_commune, *DossierState.with_province)


class Median(Aggregate):
    """PostgreSQL's median of a column."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Step:
    """Dossiers in one state: how many, how long half of them have waited there, the list."""

    label: str
    number: int
    share: Fraction
    days: int | None
    limit: str
    url: str


@dataclass(frozen=True)
class MonthOfExpiry:
    month: date
    number: int
    share: Fraction
    url: str


@dataclass(frozen=True)
class LateUnit:
    """A lead unit with the tasks it owes."""

    name: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class Coverage:
    """Persons trained, of those on the register."""

    trained: int
    total: int
    trained_url: str
    missing_url: str

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.trained, self.total) if self.total else None


@dataclass(frozen=True)
class Card:
    """A target with what its card says: "17" of "25", "65,2 %" of "100 %", "22/25"; its parts below it."""

    target: TargetProgress
    value: str
    planned: str = ""
    below: tuple["Card", ...] = ()

    @property
    def url(self) -> str:
        return self.target.list_url or reverse("training:target", args=[self.target.target_id])


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    plan: Plan
    plans: tuple[Plan, ...]
    progress: PlanProgress
    cards: tuple[Card, ...]
    burn_target: TargetProgress | None
    burn_choices: tuple[TargetProgress, ...]
    burn_chart: SafeString | None
    stars_chart: SafeString | None
    communes_chart: SafeString | None
    communes_more: int
    valid_total: int
    valid_url: str
    funnel: tuple[Step, ...]
    expiring: tuple[MonthOfExpiry, ...]
    late: tuple[LateUnit, ...]
    coverage: Coverage | None

    @property
    def card_columns(self) -> int:
        """Columns of the cards on a wide screen: the count that leaves fewest places empty, then the most."""
        return min((6, 5, 4), key=lambda columns: (-len(self.cards) % columns, -columns))


def plans_of(user: Any) -> list[Plan]:
    """The plans the switch offers: live ones of the latest period first, then reference ones."""
    visible = Plan.objects.visible_to(user).select_related("unit")
    return sorted(visible, key=lambda plan: (plan.is_reference, -plan.starts_on.toordinal(), plan.code))


def default_plan(plans: list[Plan], user: Any) -> Plan | None:
    """The yearly plan in force of the user's own province; else the first there is."""
    own = user.scope.province_ids
    for plan in plans:
        in_force = plan.status == PlanStatus.IN_FORCE and plan.level == PlanLevel.YEAR
        if in_force and plan.unit_id in own and not plan.is_reference:
            return plan
    return plans[0] if plans else None


def dashboard_of(plan: Plan, plans: Iterable[Plan], *, burn_target_id: int | None = None) -> Dashboard:
    """The page of one plan as of today, or of its last day when it is over.

    `burn_target_id`: the target whose growth is drawn; else the first that can be.
    """
    day = default_as_of(plan)
    records = not plan.is_reference
    progress = plan_progress(plan, as_of=day, with_classes=False, also=[TRAINED] if records else [])
    drawable = tuple(target for target in progress.targets if _can_be_drawn(target))
    chosen = next((target for target in drawable if target.target_id == burn_target_id), None)
    burn_target = chosen or _first_to_draw(drawable)
    valid = _valid_products(plan, day) if records else _Valid()
    return Dashboard(
        plan=plan,
        plans=tuple(plans),
        progress=progress,
        cards=_cards(progress.targets),
        burn_target=burn_target,
        burn_choices=drawable,
        burn_chart=_burn_chart(plan, burn_target, day) if burn_target else None,
        stars_chart=_stars_chart(_star_rows(valid.families, plan, day)),
        communes_chart=_communes_chart(_commune_bars(valid.communes, plan, day)),
        communes_more=max(len(valid.communes) - RANKED_COMMUNES, 0),
        valid_total=valid.total,
        valid_url=indicator_url(VALID, plan, day),
        funnel=_funnel(plan) if records else (),
        expiring=_expiring(plan, day, valid.expiring) if records else (),
        late=_late_units(progress.tasks),
        coverage=_coverage(plan, day, progress.totals[TRAINED]) if records else None,
    )


def _can_be_drawn(target: TargetProgress) -> bool:
    """A number for the whole plan that grows month by month."""
    computed = indicators.REGISTRY.get(target.computed_by)
    return bool(
        target.whole_plan and target.planned and computed and computed.date_path and not computed.population
    )


def _first_to_draw(drawable: tuple[TargetProgress, ...]) -> TargetProgress | None:
    """Recognised products when the plan has them, else whatever comes first."""
    recognised = (target for target in drawable if target.computed_by == "products_recognised")
    return next(recognised, drawable[0] if drawable else None)


def _burn_chart(plan: Plan, target: TargetProgress, day: date) -> SafeString | None:
    if plan.ends_on <= plan.starts_on or day < plan.starts_on:
        return None
    by_month = indicators.by_month(target.computed_by, plan.unit, period_of(plan, day))
    return charts.burn_up(
        charts.cumulate(by_month, plan.starts_on, day),
        target.planned or Decimal(0),
        start=plan.starts_on,
        end=plan.ends_on,
        as_of=day,
        title=target.label,
        forecast=target.forecast,
        width=CHART_WIDTH,
    )


@dataclass
class _Valid:
    """Products in force on the day, added up in the three ways the page shows."""

    families: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    communes: dict[tuple[str, int, str], int] = field(default_factory=lambda: defaultdict(int))
    expiring: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.communes.values())


def _valid_products(plan: Plan, day: date) -> _Valid:
    """Products in force by family and star, by commune, by coming month of expiry: one query for all."""
    limit = _months_later(day.replace(day=1), MONTHS_AHEAD)
    first_of_month = Cast(TruncMonth("expires_on"), DateField())
    month = Case(When(expires_on__lt=limit, then=first_of_month), output_field=DateField())
    groups = (
        indicators.rows(VALID, plan.unit, period_of(plan, day))
        .order_by()
        .annotate(month=month)
        .values(
            "star",
            "month",
            family=F("product__product_set__family"),
            commune=F("product__commune"),
            name=F("product__commune__name"),
            order=F("product__commune__sort_name"),
        )
        .annotate(number=Count("pk"))
    )
    found = _Valid()
    for group in groups:
        found.families[group["family"]][group["star"]] += group["number"]
        found.communes[group["order"], group["commune"], group["name"]] += group["number"]
        if group["month"]:
            found.expiring[group["month"]] += group["number"]
    return found


def _star_rows(families: dict[str, dict[int, int]], plan: Plan, day: date) -> list[charts.StarsRow]:
    return [
        charts.StarsRow(
            family,
            counts,
            {star: indicator_url(VALID, plan, day, family=family, star=star) for star in counts},
        )
        for family, counts in sorted(families.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]


def _commune_bars(communes: dict[tuple[str, int, str], int], plan: Plan, day: date) -> list[charts.Bar]:
    """Most products first, equals in Vietnamese order."""
    ranked = sorted(communes.items(), key=lambda item: (-item[1], item[0][0]))
    return [
        charts.Bar(name, number, indicator_url(VALID, plan, day, unit=AdminUnit(pk=commune)))
        for (_, commune, name), number in ranked
    ]


def _stars_chart(rows: list[charts.StarsRow]) -> SafeString | None:
    title = "Sản phẩm còn hiệu lực theo ngành"
    return charts.stars_by_group(rows, title=title, width=CHART_WIDTH) if rows else None


def _communes_chart(communes: list[charts.Bar]) -> SafeString | None:
    shown = communes[:RANKED_COMMUNES]
    title = "Sản phẩm còn hiệu lực theo xã, phường"
    return charts.bars(shown, title=title, width=320, label_width=140) if shown else None


def _funnel(plan: Plan) -> tuple[Step, ...]:
    """Dossiers of the plan's years by state, with the median days they have been in it."""
    years = (plan.starts_on.year, plan.ends_on.year)
    waited = ExpressionWrapper(Value(timezone.now()) - F("state_since"), output_field=DurationField())
    found = (
        Dossier.objects.filter(Q(commune=plan.unit) | Q(commune__parent=plan.unit), year__range=years)
        .order_by()
        .values("state")
        .annotate(number=Count("pk"), waited=Median(waited))
    )
    by_state: dict[str, Any] = {row["state"]: row for row in found}
    most = max((row["number"] for row in by_state.values()), default=1)
    return tuple(_step(state, limit, by_state.get(state), most, years) for state, limit in ROAD)


def _step(
    state: DossierState, limit: str, row: dict[str, Any] | None, most: int, years: tuple[int, int]
) -> Step:
    number = row["number"] if row else 0
    waited: timedelta | None = row["waited"] if row and state in MOVING else None
    query = {"state": str(state)} | ({"year": years[0]} if years[0] == years[1] else {})
    return Step(
        label=str(state.label),
        number=number,
        share=Fraction(number, most),
        days=waited.days if waited is not None else None,
        limit=limit if number else "",
        url=f"{reverse('products:dossiers')}?{urlencode(query)}",
    )


def _expiring(plan: Plan, day: date, found: dict[date, int]) -> tuple[MonthOfExpiry, ...]:
    """Certificates in force that end in each of the coming months."""
    months = [_months_later(day.replace(day=1), ahead) for ahead in range(MONTHS_AHEAD)]
    most = max([*found.values(), 1])
    return tuple(
        MonthOfExpiry(
            month,
            found.get(month, 0),
            Fraction(found.get(month, 0), most),
            indicator_url(VALID, plan, day, expires=f"{month:%Y-%m}"),
        )
        for month in months
    )


def _months_later(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _late_units(tasks: Iterable[TaskLine]) -> tuple[LateUnit, ...]:
    """Lead units with overdue tasks, those who owe most first."""
    by_unit: dict[str, list[TaskLine]] = defaultdict(list)
    for task in tasks:
        if task.is_overdue:
            by_unit[task.lead_unit].append(task)
    ranked = sorted(by_unit.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(LateUnit(name, tuple(owed)) for name, owed in ranked)


def _coverage(plan: Plan, day: date, counted: Counted) -> Coverage:
    url = indicator_url(TRAINED, plan, day)
    return Coverage(counted.value, counted.of or 0, url, f"{url}&rest=1")


def _cards(targets: Iterable[TargetProgress]) -> tuple[Card, ...]:
    """One card a total, with its parts and the same indicator "for each unit" below it.

    What one unit was given stays on the plan's page.
    """
    cards: list[Card] = []
    for target in targets:
        if not target.whole_plan and target.planned_for_one_unit:
            continue
        card = _card(target)
        above = cards[-1] if cards else None
        if above and (target.is_part or (not target.whole_plan and target.label == above.target.label)):
            cards[-1] = replace(above, below=(*above.below, card))
        else:
            cards.append(card)
    return tuple(cards)


def _card(target: TargetProgress) -> Card:
    """The value large, the plan small beside it; ratios and words say both in one."""
    if target.status == TargetStatus.NO_DATA and target.actual is None:
        return Card(target, NOTHING, target.planned_text if target.planned is not None else "")
    if target.share is None or target.actual is None or "/" in target.planned_text:
        return Card(target, target.actual_text)
    if target.computed and not target.whole_plan:
        return Card(target, format_number(target.actual), f"{format_number(target.planned)} đơn vị")
    plan = target.planned_text.lstrip("≥> ")
    if "%" in plan:
        return Card(
            target, f"{format_number(target.actual.quantize(Decimal('0.1'), rounding=ROUND_DOWN))} %", plan
        )
    return Card(target, format_number(target.actual), plan)
