"""Products in force: by family and star, by commune, by month of expiry."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Case, Count, DateField, F, When
from django.db.models.functions import Cast, TruncMonth
from django.utils.safestring import SafeString

from core.models import AdminUnit
from reports import charts
from training import indicators
from training.models import Plan
from training.queries import indicator_url, period_of

RANKED_COMMUNES = 10
MONTHS_AHEAD = 6
# Drawn narrow, so that the letters stay readable on a telephone.
CHART_WIDTH = 380
VALID = "products_recognised_cumulative"


@dataclass(frozen=True)
class MonthOfExpiry:
    month: date
    number: int
    share: Fraction
    url: str


@dataclass
class Valid:
    """Products in force on the day, added up in the three ways the page shows."""

    families: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    communes: dict[tuple[str, int, str], int] = field(default_factory=lambda: defaultdict(int))
    expiring: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.communes.values())


def valid_products(plan: Plan, day: date) -> Valid:
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
    found = Valid()
    for group in groups:
        found.families[group["family"]][group["star"]] += group["number"]
        found.communes[group["order"], group["commune"], group["name"]] += group["number"]
        if group["month"]:
            found.expiring[group["month"]] += group["number"]
    return found


def star_rows(families: dict[str, dict[int, int]], plan: Plan, day: date) -> list[charts.StarsRow]:
    return [
        charts.StarsRow(
            family,
            counts,
            {star: indicator_url(VALID, plan, day, family=family, star=star) for star in counts},
        )
        for family, counts in sorted(families.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    ]


def commune_bars(communes: dict[tuple[str, int, str], int], plan: Plan, day: date) -> list[charts.Bar]:
    """Most products first, equals in Vietnamese order."""
    ranked = sorted(communes.items(), key=lambda item: (-item[1], item[0][0]))
    return [
        charts.Bar(name, number, indicator_url(VALID, plan, day, unit=AdminUnit(pk=commune)))
        for (_, commune, name), number in ranked
    ]


def stars_chart(rows: list[charts.StarsRow]) -> SafeString | None:
    title = "Sản phẩm còn hiệu lực theo ngành"
    return charts.stars_by_group(rows, title=title, width=CHART_WIDTH) if rows else None


def communes_chart(communes: list[charts.Bar]) -> SafeString | None:
    shown = communes[:RANKED_COMMUNES]
    title = "Sản phẩm còn hiệu lực theo xã, phường"
    return charts.bars(shown, title=title, width=320, label_width=140) if shown else None


def expiring(plan: Plan, day: date, found: dict[date, int]) -> tuple[MonthOfExpiry, ...]:
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
