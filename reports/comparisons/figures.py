"""What the comparisons count, beside the plan's indicators, and the address of the list behind a number."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from core.models import AdminUnit
from core.numbers import format_number
from products.enums import DossierState
from products.models import Dossier
from products.windows import OPENS_BEFORE
from training.indicators import RECOGNITIONS, REGISTRY, Computed, Period, Source

STARS = (5, 4, 3)
VALID, EXPIRING = "products_recognised_cumulative", "products_expiring"
JOINED, RECOGNISED = "products_joined", "products_recognised"
TRAINED, CLASSES = "persons_trained_share", "classes_held"
# A dossier each, where the plan's indicator counts a product once however often it was filed.
DOSSIERS = Source("dossiers", Dossier.objects.all, "commune")
_NOT_GRANTED = (DossierState.NOT_RECOGNISED, DossierState.EXCLUDED)
_DECIDED = (DossierState.RECOGNISED, *_NOT_GRANTED)


def _valid(**conditions: Any) -> Callable[[Period], Q]:
    return lambda period: REGISTRY[VALID].counts(period) & Q(**conditions)


def _soon(period: Period) -> Q:
    return REGISTRY[VALID].counts(period) & Q(expires_on__lte=period.end + OPENS_BEFORE)


def _filed(states: tuple[str, ...] = DossierState.joined) -> Callable[[Period], Q]:
    def counts(period: Period) -> Q:
        start, end = period.moments
        return Q(state__in=states, submitted_at__gte=start, submitted_at__lt=end)

    return counts


def _dossiers(name: str, label: str, definition: str, states: tuple[str, ...]) -> Computed:
    return Computed(name, label, "hồ sơ", definition, DOSSIERS, _filed(states), "submitted_at")


_MORE = (
    *(
        Computed(
            f"valid_{star}",
            f"Sản phẩm {star} sao còn hiệu lực",
            "sản phẩm",
            f"Sản phẩm có kết quả công nhận {star} sao còn hiệu lực vào ngày lấy số liệu.",
            RECOGNITIONS,
            _valid(star=star),
            is_stock=True,
        )
        for star in STARS
    ),
    Computed(
        EXPIRING,
        "Sản phẩm hết hạn trong 180 ngày",
        "sản phẩm",
        "Sản phẩm còn hiệu lực vào ngày lấy số liệu, hết hạn trong 180 ngày kể từ ngày đó (từ lúc mở kỳ nộp "
        "hồ sơ đánh giá lại).",
        RECOGNITIONS,
        _soon,
        is_stock=True,
    ),
    _dossiers(
        "dossiers_filed",
        "Hồ sơ nộp",
        "Hồ sơ nộp trong kỳ (mỗi lần nộp một hồ sơ), không kể hồ sơ đang trả lại hoặc đã rút.",
        DossierState.joined,
    ),
    _dossiers(
        "dossiers_recognised",
        "Hồ sơ đã công nhận",
        "Trong số hồ sơ nộp trong kỳ, đến nay đã được công nhận.",
        (DossierState.RECOGNISED,),
    ),
    _dossiers(
        "dossiers_not_granted",
        "Hồ sơ không được công nhận",
        "Trong số hồ sơ nộp trong kỳ, đến nay không được công nhận hoặc bị loại.",
        _NOT_GRANTED,
    ),
    _dossiers(
        "dossiers_under_way",
        "Hồ sơ đang giải quyết",
        "Trong số hồ sơ nộp trong kỳ, đến nay chưa có kết quả.",
        tuple(state for state in DossierState.joined if state not in _DECIDED),
    ),
)
FIGURES: dict[str, Computed] = REGISTRY | {computed.name: computed for computed in _MORE}


def percent_text(number: Decimal) -> str:
    """A share as the cards print it: cut, never rounded up to a whole that was not reached."""
    return f"{format_number(cut(number))} %"


def cut(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), rounding=ROUND_DOWN)


def figure_url(
    name: str,
    period: Period,
    *,
    unit: AdminUnit | None = None,
    province: AdminUnit | None = None,
    **more: Any,
) -> str:
    """The address of the list behind a number of a period, of the province or one commune."""
    query: dict[str, Any] = {"tu": period.start.isoformat(), "den": period.end.isoformat()}
    if province is not None:
        query["tinh"] = province.pk
    if unit is not None:
        query["xa"] = unit.pk
    return f"{reverse('reports:figures', args=[name])}?{urlencode(query | more)}"


def year_until(day: date) -> Period:
    """From the first day of the year to the day."""
    return Period(date(day.year, 1, 1), day)


def day_in(year: int, day: date) -> date:
    """The same day of another year; 29 February becomes 28 February."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
