"""Products in force: by family and star, by commune, by month of expiry, by channel of sale."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, When
from django.db.models.functions import Cast, TruncMonth
from django.utils.safestring import SafeString

from core.models import AdminUnit
from core.text import sort_key
from products.enums import SalesChannel
from products.windows import CLOSES_BEFORE, OPENS_BEFORE
from reports import charts
from reports.dashboard.choice import Choice
from training import indicators
from training.queries import indicator_url, period_of

MONTHS_AHEAD = 12
# Drawn narrow, so that the letters stay readable on a telephone.
CHART_WIDTH = 380
VALID = "products_recognised_cumulative"
STARS = (5, 4, 3)


@dataclass(frozen=True)
class MonthOfExpiry:
    """A month with the certificates that end in it, and where the time to file for re-ranking stands."""

    month: date
    number: int
    share: Fraction
    url: str
    window: str
    is_open: bool


@dataclass(frozen=True)
class CommuneRow:
    """A commune with its products in force, all and by star; `order`: its place in Vietnamese order.

    `former`: the communes merged into it from which some of them come.
    """

    unit_id: int
    name: str
    order: int
    number: int
    stars: dict[int, int]
    share: Fraction
    url: str
    star_urls: dict[int, str]
    is_chosen: bool
    former: tuple[str, ...] = ()

    @property
    def width(self) -> str:
        """Of its bar, beside the largest."""
        return f"{float(self.share) * 100:.1f}%"

    @property
    def by_star(self) -> list[tuple[int, str]]:
        """Numbers and lists, five stars first."""
        return [(self.stars.get(star, 0), self.star_urls[star]) for star in STARS]


_ORDERS: dict[str, Callable[[CommuneRow], Any]] = {
    "": lambda row: (-row.number, row.order),
    "ten": lambda row: row.order,
    **{
        f"sao-{star}": lambda row, star=star: (-row.stars.get(star, 0), -row.number, row.order)
        for star in STARS
    },
}


@dataclass(frozen=True)
class ChannelRow:
    """A channel of sale with the products in force that are sold there."""

    label: str
    number: int
    share: Fraction
    url: str


@dataclass
class Valid:
    """Products in force on the day, added up in the ways the page shows.

    `by_commune` holds the whole province by star, `former` the merged communes that have products (by the
    commune they count for); everything else only the chosen commune.
    """

    total: int = 0
    families: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    by_commune: dict[int, dict[int, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    names: dict[int, str] = field(default_factory=dict)
    former: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    expiring: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    channels: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: int = 0
    """How many say at all where they are sold."""


def valid_products(choice: Choice, day: date) -> Valid:
    """One query, whatever is chosen."""
    rows = indicators.rows(VALID, choice.plan.unit, period_of(choice.plan, day))
    if choice.product_set:
        rows = rows.filter(product__product_set=choice.product_set.pk)
    elif choice.family:
        rows = rows.filter(product__product_set__family=choice.family)
    limit = months_later(day.replace(day=1), MONTHS_AHEAD)
    month = Case(
        When(expires_on__lt=limit, then=Cast(TruncMonth("expires_on"), DateField())), output_field=DateField()
    )
    sold = {
        channel: Count("pk", filter=Q(product__sales_channels__contains=[channel]))
        for channel in SalesChannel.values
    }
    groups = (
        rows.order_by()
        .annotate(month=month)
        .values(
            "star",
            "month",
            family=F("product__product_set__family"),
            commune=F("product__commune__counts_for"),
            name=F("product__commune__counts_for__name"),
            recorded=F("product__commune"),
        )
        .annotate(number=Count("pk"), told=Count("pk", filter=~Q(product__sales_channels=[])), **sold)
    )
    found = Valid()
    for group in groups:
        found.by_commune[group["commune"]][group["star"]] += group["number"]
        found.names[group["commune"]] = group["name"]
        if group["recorded"] != group["commune"]:
            found.former[group["commune"]].add(group["recorded"])
        if choice.commune is None or choice.commune.pk == group["commune"]:
            _add(found, group)
    return found


def _add(found: Valid, group: dict[str, Any]) -> None:
    found.total += group["number"]
    found.told += group["told"]
    found.families[group["family"]][group["star"]] += group["number"]
    for channel in SalesChannel.values:
        found.channels[channel] += group[channel]
    if group["month"]:
        found.expiring[group["month"]] += group["number"]


def list_url(choice: Choice, day: date, unit_id: int | None = None, **filters: str | int) -> str:
    """The list of products in force, of the chosen commune and group."""
    unit = AdminUnit(pk=unit_id) if unit_id else choice.commune
    return indicator_url(VALID, choice.plan, day, unit=unit, **choice.for_lists, **filters)


def stars_chart(choice: Choice, valid: Valid, day: date) -> SafeString | None:
    """Stars by family, the largest family first; None without products."""
    if not valid.families:
        return None
    filters = choice.for_lists
    rows = [
        charts.StarsRow(
            family,
            counts,
            {
                star: indicator_url(
                    VALID, choice.plan, day, unit=choice.commune, **{"family": family, **filters}, star=star
                )
                for star in counts
            },
        )
        for family, counts in sorted(
            valid.families.items(), key=lambda item: (-sum(item[1].values()), sort_key(item[0]))
        )
    ]
    return charts.stars_by_group(rows, title="Sản phẩm còn hiệu lực theo ngành", width=CHART_WIDTH)


def commune_rows(choice: Choice, valid: Valid, day: date) -> tuple[CommuneRow, ...]:
    """Every commune of the area, those without products too, in the chosen order."""
    places = {unit.pk: place for place, unit in enumerate(choice.beside.communes)}
    names = {unit.pk: unit.name for unit in choice.beside.current_communes} | valid.names
    formers = {
        pk: tuple(unit.short_name for unit in choice.beside.communes if unit.pk in ids)
        for pk, ids in valid.former.items()
    }
    most = max((sum(stars.values()) for stars in valid.by_commune.values()), default=1)
    rows = (
        replace(
            _commune_row(choice, day, pk, name, places.get(pk, 0), valid.by_commune.get(pk, {}), most),
            former=formers.get(pk, ()),
        )
        for pk, name in names.items()
    )
    return tuple(sorted(rows, key=_ORDERS[choice.order]))


def _commune_row(
    choice: Choice, day: date, pk: int, name: str, order: int, stars: dict[int, int], most: int
) -> CommuneRow:
    number, url = sum(stars.values()), list_url(choice, day, pk)
    return CommuneRow(
        unit_id=pk,
        name=name,
        order=order,
        number=number,
        stars=stars,
        share=Fraction(number, most),
        url=url,
        star_urls={star: f"{url}&star={star}" for star in STARS},
        is_chosen=choice.commune is not None and choice.commune.pk == pk,
    )


def channel_rows(choice: Choice, valid: Valid, day: date) -> tuple[ChannelRow, ...]:
    """Channels somebody sells through, the most used first."""
    used = ((channel, valid.channels[channel]) for channel in SalesChannel.values if valid.channels[channel])
    return tuple(
        ChannelRow(
            str(SalesChannel(channel).label),
            number,
            Fraction(number, valid.total),
            list_url(choice, day, channel=channel),
        )
        for channel, number in sorted(used, key=lambda item: -item[1])
    )


def expiring_months(choice: Choice, valid: Valid, day: date) -> tuple[MonthOfExpiry, ...]:
    """Certificates in force that end in each of the coming twelve months."""
    months = [months_later(day.replace(day=1), ahead) for ahead in range(MONTHS_AHEAD)]
    most = max([*valid.expiring.values(), 1])
    return tuple(_month(choice, day, month, valid.expiring.get(month, 0), most) for month in months)


def _month(choice: Choice, day: date, month: date, number: int, most: int) -> MonthOfExpiry:
    opens, closes = month - OPENS_BEFORE, months_later(month, 1) - CLOSES_BEFORE
    is_open = opens <= day < closes
    words = (
        "đang nhận hồ sơ" if is_open else ("đã qua hạn nộp" if day >= closes else f"mở từ {opens:%d/%m/%Y}")
    )
    return MonthOfExpiry(
        month, number, Fraction(number, most), list_url(choice, day, expires=f"{month:%Y-%m}"), words, is_open
    )


def months_later(first: date, months: int) -> date:
    """The first day of a month so many months later."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def chosen_place(rows: Iterable[CommuneRow]) -> int | None:
    """The place of the chosen commune in the order shown, from 1."""
    return next((place for place, row in enumerate(rows, start=1) if row.is_chosen), None)
