"""Indicators the system counts from its own records.

Each one says which rows count in a period. Several indicators of one kind of record are counted by one
aggregated query, a group for each commune of today (`core.mergers`); the rows behind a number come from the
same conditions, so that the list always has as many lines as the number says.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from core.mergers import NOTHING_APART, Apart, units_within
from core.models import AdminUnit
from products.enums import DossierKind, DossierState, ProductOrigin, RecognitionState
from products.models import Dossier, Entity, Recognition
from training import persons
from training.enums import ClassState
from training.models import Enrolment, RegisterPerson, TrainingClass


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    start: date
    end: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The same as points in time: from the first midnight up to, not including, the last."""
        return _midnight(self.start), _midnight(self.end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Counted:
    """A number of rows; `of` is the population when the indicator is a share of it."""

    value: int
    of: int | None = None

    def __add__(self, other: "Counted") -> "Counted":
        of = None if self.of is None and other.of is None else (self.of or 0) + (other.of or 0)
        return Counted(self.value + other.value, of)

    @property
    def number(self) -> Decimal | None:
        """The indicator's value: the count, or the per cent of the population (None of nobody)."""
        if self.of is None:
            return Decimal(self.value)
        return Decimal(100 * self.value) / self.of if self.of else None


@dataclass(frozen=True)
class Source:
    """A kind of record: its rows, the column of its commune, and what counts once."""

    name: str
    rows: Callable[[], QuerySet]
    unit_path: str
    once_per: str = "pk"

    def within(self, area: AdminUnit, besides: Collection[int] = ()) -> QuerySet:
        """The rows of a province with its communes, or of one commune with those merged into it.

        `besides`: ids of units whose rows are left out.
        """
        path = self.unit_path
        rows = self.rows().filter(**{f"{path}__in": units_within(area)})
        return rows.exclude(**{f"{path}__in": besides}) if besides else rows


DOSSIERS = Source("dossiers", Dossier.objects.all, "product__commune", "product_id")
RECOGNITIONS = Source("recognitions", Recognition.objects.all, "product__commune", "product_id")
ENTITIES = Source("entities", Entity.objects.living, "commune")
PERSONS = Source("persons", RegisterPerson.objects.all, "unit")
CLASSES = Source("classes", TrainingClass.objects.all, "unit")
ENROLMENTS = Source("enrolments", Enrolment.objects.all, "training_class__unit")


@dataclass(frozen=True)
class Computed:
    """One indicator: which rows of its source count in a period.

    `population`: the rows it is a share of. `date_path`: the day a row began to count, for the series by
    month. `is_stock`: a standing number on the last day rather than a sum over the period. `counted_with`:
    another source whose query counts these rows too.
    """

    name: str
    label: str
    unit_name: str
    definition: str
    source: Source
    counts: Callable[[Period], Q]
    date_path: str = ""
    population: Callable[[Period], Q] | None = None
    is_stock: bool = False
    counted_with: "CountedWith | None" = None


@dataclass(frozen=True)
class CountedWith:
    """Counting rows as children of another source's, so that one query does for both."""

    source: Source
    child: str
    counts: Callable[[Period], Q]


def _filed(period: Period) -> Q:
    start, end = period.moments
    return Q(state__in=DossierState.joined, submitted_at__gte=start, submitted_at__lt=end)


def _decided(**conditions: Any) -> Callable[[Period], Q]:
    return lambda period: Q(decided_on__range=(period.start, period.end), **conditions)


def _in_force(period: Period) -> Q:
    """Decided by the last day, not expired, not revoked, and not yet replaced by a later decision."""
    later = Recognition.objects.filter(product=OuterRef("product"), decided_on__lte=period.end).filter(
        Q(decided_on__gt=OuterRef("decided_on")) | Q(decided_on=OuterRef("decided_on"), pk__gt=OuterRef("pk"))
    )
    unexpired = Q(expires_on=None) | Q(expires_on__gte=period.end)
    return Q(decided_on__lte=period.end) & unexpired & ~Q(state=RecognitionState.REVOKED) & ~Q(Exists(later))


# A class that never began was not held, though its days have passed; nor one that was cancelled.
HELD = Q(state__in=(ClassState.RUNNING, ClassState.FINISHED))


def _held(period: Period) -> Q:
    return HELD & Q(ends_on__range=(period.start, period.end))


def _came(period: Period) -> Q:
    ended = Q(training_class__ends_on__range=(period.start, period.end))
    held = Q(training_class__state__in=(ClassState.RUNNING, ClassState.FINISHED))
    return held & ended & Q(present_halves__gt=0)


def _on_register(period: Period) -> Q:
    return persons.to_be_trained(period.end)


def _trained(period: Period) -> Q:
    return _on_register(period) & Q(persons.attended_in_full(period.start, period.end))


def _dated(path: str, **conditions: Any) -> Callable[[Period], Q]:
    return lambda period: Q(**{f"{path}__range": (period.start, period.end)}, **conditions)


def _recognised(name: str, label: str, definition: str, **conditions: Any) -> Computed:
    """Products with a recognition decided in the period that also meets `conditions`."""
    return Computed(name, label, "sản phẩm", definition, RECOGNITIONS, _decided(**conditions), "decided_on")


_ALL = (
    Computed(
        "products_joined",
        "Sản phẩm tham gia",
        "sản phẩm",
        "Sản phẩm có hồ sơ nộp trong kỳ (lần đầu, nâng hạng, đánh giá lại), không kể hồ sơ đang trả lại.",
        DOSSIERS,
        _filed,
        "submitted_at",
    ),
    _recognised(
        "products_recognised",
        "Sản phẩm được công nhận từ 3 sao trở lên",
        "Sản phẩm có quyết định công nhận từ 3 sao ban hành trong kỳ; một sản phẩm tính một lần.",
        star__gte=3,
    ),
    _recognised("products_three_star", "Sản phẩm 3 sao", "Quyết định công nhận 3 sao trong kỳ.", star=3),
    _recognised("products_four_star", "Sản phẩm 4 sao", "Quyết định công nhận 4 sao trong kỳ.", star=4),
    _recognised("products_five_star", "Sản phẩm 5 sao", "Quyết định công nhận 5 sao trong kỳ.", star=5),
    Computed(
        "products_recognised_cumulative",
        "Sản phẩm OCOP còn hiệu lực (lũy kế)",
        "sản phẩm",
        "Sản phẩm có kết quả công nhận còn hiệu lực vào ngày chốt số liệu.",
        RECOGNITIONS,
        _in_force,
        is_stock=True,
    ),
    _recognised(
        "products_new",
        "Sản phẩm phát triển mới",
        "Sản phẩm phân loại phát triển mới, được công nhận trong kỳ.",
        product__origin=ProductOrigin.NEW,
    ),
    _recognised(
        "products_standardised",
        "Sản phẩm hoàn thiện, chuẩn hóa",
        "Sản phẩm đã có được hoàn thiện, chuẩn hóa và công nhận trong kỳ.",
        product__origin=ProductOrigin.UPGRADED,
    ),
    _recognised(
        "products_upgraded",
        "Sản phẩm chủ lực được nâng cấp",
        "Sản phẩm chủ lực đã có (không phải phát triển mới) được công nhận trong kỳ.",
        product__is_flagship=True,
        product__origin=ProductOrigin.UPGRADED,
    ),
    _recognised(
        "products_rank_raised",
        "Sản phẩm được nâng hạng",
        "Sản phẩm được công nhận trong kỳ từ hồ sơ nâng hạng.",
        dossier__kind=DossierKind.UPGRADE,
    ),
    _recognised(
        "products_re_ranked",
        "Sản phẩm được đánh giá, phân hạng lại",
        "Sản phẩm được công nhận trong kỳ từ hồ sơ đánh giá, phân hạng lại.",
        dossier__kind=DossierKind.RE_RANKING,
    ),
    Computed(
        "entities_new",
        "Tổ chức kinh tế thành lập mới",
        "tổ chức",
        "Chủ thể có ngày thành lập trong kỳ.",
        ENTITIES,
        _dated("founded_on"),
        "founded_on",
    ),
    Computed(
        "entities_strengthened",
        "Tổ chức kinh tế được củng cố, nâng cấp",
        "tổ chức",
        "Chủ thể có ngày được củng cố, nâng cấp trong kỳ.",
        ENTITIES,
        _dated("strengthened_on"),
        "strengthened_on",
    ),
    Computed(
        "persons_trained_share",
        "Tỷ lệ người được tập huấn",
        "%",
        "Số người dự đủ ít nhất một lớp kết thúc trong kỳ (có mặt từ tỷ lệ số buổi mà lớp quy định, "
        "thường là 80 %), trên số người trong danh sách vào ngày chốt số liệu; người đứng ở nhiều nhóm "
        "tính một lần.",
        PERSONS,
        _trained,
        population=_on_register,
    ),
    Computed(
        "classes_held",
        "Lớp tập huấn đã tổ chức",
        "lớp",
        "Lớp đã học và kết thúc trong kỳ; lớp còn dự kiến, đang ghi danh hoặc đã hủy không tính.",
        CLASSES,
        _held,
        "ends_on",
    ),
    Computed(
        "trainees",
        "Lượt học viên",
        "lượt người",
        "Lượt người có mặt ít nhất một buổi ở các lớp kết thúc trong kỳ.",
        ENROLMENTS,
        _came,
        "training_class__ends_on",
        counted_with=CountedWith(
            CLASSES, "enrolments", lambda period: _held(period) & Q(enrolments__present_halves__gt=0)
        ),
    ),
)
REGISTRY: dict[str, Computed] = {computed.name: computed for computed in _ALL}


def is_share(computed_by: str) -> bool:
    """Is it counted as a share of a population, in per cent whatever the kind of comparison?"""
    return computed_by in REGISTRY and REGISTRY[computed_by].population is not None


def choices() -> list[tuple[str, str]]:
    """Names and labels, for a form."""
    return [(computed.name, computed.label) for computed in _ALL]


def count(
    names: Iterable[str], area: AdminUnit, period: Period, apart: Apart = NOTHING_APART
) -> dict[str, dict[int, Counted]]:
    """Each indicator's numbers by the id of the unit of today; one query for every source the names need.

    `apart`: former units that are counted by themselves. Raises KeyError for a name that is not registered.
    """
    return count_by_unit([REGISTRY[name] for name in dict.fromkeys(names)], area, period, apart)


def count_by_unit(
    computed: Iterable[Computed], area: AdminUnit, period: Period, apart: Apart = NOTHING_APART
) -> dict[str, dict[int, Counted]]:
    """The same for indicators that need not be registered."""
    numbers: dict[str, dict[int, Counted]] = {}
    for source, wanted in _by_source(computed).items():
        columns, unit = _columns(wanted, period), apart.key(source.unit_path)
        groups = list(source.within(area).order_by().values(area=unit).annotate(**columns))
        for c in wanted:
            numbers[c.name] = {g["area"]: Counted(g[c.name], g.get(f"{c.name}_of")) for g in groups}
    return numbers


def count_by_period(
    computed: Iterable[Computed], area: AdminUnit, periods: Mapping[int, Period]
) -> dict[str, dict[int, Counted]]:
    """Each indicator's number in the whole area for every period; one query for every source."""
    numbers: dict[str, dict[int, Counted]] = {}
    for source, wanted in _by_source(computed).items():
        columns: dict[str, Count] = {}
        for place, period in enumerate(periods.values()):
            columns |= {f"{name}_{place}": number for name, number in _columns(wanted, period).items()}
        found = source.within(area).order_by().aggregate(**columns)
        for one in wanted:
            numbers[one.name] = {
                key: Counted(found[f"{one.name}_{place}"], found.get(f"{one.name}_of_{place}"))
                for place, key in enumerate(periods)
            }
    return numbers


def _by_source(computed: Iterable[Computed]) -> dict[Source, list[Computed]]:
    """The indicators by the source whose query counts them."""
    by_source: dict[Source, list[Computed]] = {}
    for one in computed:
        source = one.counted_with.source if one.counted_with else one.source
        by_source.setdefault(source, []).append(one)
    return by_source


def _columns(wanted: list[Computed], period: Period) -> dict[str, Count]:
    """The number of each indicator, and of those that are shares the population."""
    populations = {
        f"{c.name}_of": Count(c.source.once_per, filter=c.population(period), distinct=True)
        for c in wanted
        if c.population
    }
    return {c.name: _number(c, period) for c in wanted} | populations


def _number(computed: Computed, period: Period) -> Count:
    other = computed.counted_with
    if other:
        return Count(other.child, filter=other.counts(period), distinct=True)
    return Count(computed.source.once_per, filter=computed.counts(period), distinct=True)


def rows(name: str, area: AdminUnit, period: Period, besides: Collection[int] = ()) -> QuerySet:
    """The rows an indicator counts, each counted thing once (by its first row of the period).

    `besides`: ids of units of the area whose rows are left out.
    """
    return rows_of(REGISTRY[name], area, period, besides)


def rows_of(computed: Computed, area: AdminUnit, period: Period, besides: Collection[int] = ()) -> QuerySet:
    """The same for an indicator that need not be registered."""
    found = computed.source.within(area, besides).filter(computed.counts(period))
    may_repeat = computed.source.once_per != "pk" and computed.date_path
    return found.filter(~Q(Exists(_earlier(computed, period)))) if may_repeat else found


def _earlier(computed: Computed, period: Period) -> QuerySet:
    """A row of the same counted thing that counts too and came before."""
    once, day = computed.source.once_per, computed.date_path
    before = Q(**{f"{day}__lt": OuterRef(day)}) | Q(**{day: OuterRef(day), "pk__lt": OuterRef("pk")})
    same = computed.source.rows().filter(computed.counts(period), **{once: OuterRef(once)})
    return same.filter(before)


def by_month(name: str, area: AdminUnit, period: Period, besides: Collection[int] = ()) -> dict[date, int]:
    """How many began to count in each month (its first day) of the period; empty for standing numbers."""
    computed = REGISTRY[name]
    if not computed.date_path or computed.population:
        return {}
    found = rows(name, area, period, besides).order_by().annotate(month=TruncMonth(computed.date_path))
    counted = found.values("month").annotate(number=Count("pk")).values_list("month", "number")
    return {_as_date(month): number for month, number in counted}


def _as_date(moment: date) -> date:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
