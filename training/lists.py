"""The list behind a computed number: its heads, its lines, and the filters an address may carry."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.numbers import format_date
from products.enums import SalesChannel
from training import indicators
from training.indicators import Computed, Period


@dataclass(frozen=True)
class Line:
    """One row: the name people say aloud, where it leads, and the other cells."""

    title: str
    url: str | None
    cells: tuple[str, ...]
    heads: tuple[str, ...] = ()
    """The table's column heads, so that each cell can name its column on a phone."""

    @property
    def named_cells(self) -> list[tuple[str, str]]:
        return list(zip(self.heads[1:], self.cells, strict=True))


@dataclass(frozen=True)
class ListKind:
    """How the rows of a source are shown."""

    heads: tuple[str, ...]
    related: tuple[str, ...]
    order: tuple[str, ...]
    line: Callable[[Any], Line]


def _dossier(row: Any) -> Line:
    product = row.product
    return Line(
        product.name,
        reverse("products:dossier", args=[row.pk]),
        (
            product.entity.name,
            product.commune.dated_name,
            row.get_kind_display(),
            format_date(row.submitted_at),
            row.get_state_display(),
        ),
    )


def _recognition(row: Any) -> Line:
    product = row.product
    return Line(
        product.name,
        reverse("products:product", args=[product.pk]),
        (
            product.entity.name,
            product.commune.dated_name,
            f"{row.star} sao",
            row.decision_number,
            format_date(row.decided_on),
            format_date(row.expires_on),
        ),
    )


def _entity(row: Any) -> Line:
    return Line(
        row.name,
        reverse("products:entity", args=[row.pk]),
        (
            row.get_legal_form_display(),
            row.commune.dated_name,
            format_date(row.founded_on),
            format_date(row.strengthened_on),
        ),
    )


def _person(row: Any) -> Line:
    return Line(
        row.name,
        None,
        (row.get_group_display(), row.position, row.unit.dated_name, format_date(row.listed_on)),
    )


def _class(row: Any) -> Line:
    return Line(
        row.title,
        reverse("training:class", args=[row.pk]),
        (row.organiser, format_date(row.starts_on), format_date(row.ends_on), row.place),
    )


def _enrolment(row: Any) -> Line:
    held = row.training_class
    return Line(
        row.person.name,
        reverse("training:class", args=[held.pk]),
        (row.person.unit.dated_name, held.title, format_date(held.ends_on)),
    )


_PRODUCT = ("product__entity", "product__commune")
KINDS = {
    "dossiers": ListKind(
        ("Sản phẩm", "Chủ thể", "Xã, phường", "Hình thức", "Nộp ngày", "Trạng thái"),
        _PRODUCT,
        ("product__sort_name", "pk"),
        _dossier,
    ),
    "recognitions": ListKind(
        ("Sản phẩm", "Chủ thể", "Xã, phường", "Hạng", "Quyết định", "Ngày", "Hết hạn"),
        _PRODUCT,
        ("product__sort_name", "pk"),
        _recognition,
    ),
    "entities": ListKind(
        ("Chủ thể", "Loại hình", "Xã, phường", "Thành lập", "Củng cố, nâng cấp"),
        ("commune",),
        ("sort_name", "pk"),
        _entity,
    ),
    "persons": ListKind(
        ("Họ và tên", "Nhóm", "Chức vụ", "Đơn vị", "Vào danh sách"), ("unit",), ("sort_name", "pk"), _person
    ),
    "classes": ListKind(
        ("Lớp", "Đơn vị tổ chức", "Từ ngày", "Đến ngày", "Địa điểm"), (), ("starts_on", "pk"), _class
    ),
    "enrolments": ListKind(
        ("Học viên", "Đơn vị", "Lớp", "Ngày"),
        ("person__unit", "training_class"),
        ("training_class__starts_on", "person__sort_name", "pk"),
        _enrolment,
    ),
}


def kind_of(computed: Computed) -> ListKind:
    """How the list behind an indicator looks."""
    return KINDS[computed.source.name]


def rows_behind(
    name: str, area: Any, period: Period, *, rest: bool = False, besides: Collection[int] = ()
) -> QuerySet:
    """The rows a registered indicator counts, in the order of the list (see `counted_rows`)."""
    return counted_rows(indicators.REGISTRY[name], area, period, rest=rest, besides=besides)


def counted_rows(
    computed: Computed, area: Any, period: Period, *, rest: bool = False, besides: Collection[int] = ()
) -> QuerySet:
    """The counted rows in the order of the list; `rest`: those of the population that do not count.

    `besides`: ids of units whose rows are left out.
    """
    kind = kind_of(computed)
    found = indicators.rows_of(computed, area, period, besides)
    if rest and computed.population:
        population = computed.source.within(area, besides).filter(computed.population(period))
        found = population.exclude(pk__in=found.values("pk"))
    return found.select_related(*kind.related).order_by(*kind.order)


def seen_by(rows: QuerySet, user: Any) -> QuerySet:
    """The rows of the user's own area."""
    return rows.filter(pk__in=rows.model.objects.visible_to(user).values("pk"))


def address_filters(computed: Computed, query: Mapping[str, str]) -> tuple[Q, list[str]]:
    """Filters of recognitions in the address (stars, family, set, channel, month of expiry) and their words.

    What does not make sense is ignored: an address is typed by people too.
    """
    condition = Q()
    words: list[str] = []
    if computed.source.name != "recognitions":
        return condition, words
    star, family, month = query.get("star", ""), query.get("family", ""), _month(query.get("expires", ""))
    if star in ("3", "4", "5"):
        condition &= Q(star=int(star))
        words.append(f"{star} sao")
    if family:
        condition &= Q(product__product_set__family=family)
        words.append(f"ngành {family}")
    number, channel = query.get("set", ""), query.get("channel", "")
    if number.isdecimal() and len(number) <= 3:
        condition &= Q(product__product_set__number=int(number))
        words.append(f"bộ {int(number)}")
    if channel in SalesChannel:
        condition &= Q(product__sales_channels__contains=[channel])
        words.append(f"bán qua kênh: {SalesChannel(channel).label.lower()}")
    if month:
        condition &= Q(expires_on__year=month.year, expires_on__month=month.month)
        words.append(f"hết hạn tháng {month:%m/%Y}")
    return condition, words


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
