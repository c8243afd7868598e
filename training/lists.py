"""The list behind a computed number: its heads and its lines."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from core.models import AdminUnit
from core.numbers import format_date, format_money
from training import indicators
from training.asked import Facts
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
    # What a closed list keeps beside the line, for the filters of its address.
    facts: Callable[[Any], Facts] | None = None
    related_kept: tuple[str, ...] = ()


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


def _facts(row: Any) -> Facts:
    product = row.product
    return Facts(
        star=row.star,
        family=product.product_set.family if product.product_set else "",
        number=product.product_set.number if product.product_set else None,
        channels=tuple(product.sales_channels),
        expires=f"{row.expires_on:%Y-%m}" if row.expires_on else "",
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


def _task(row: Any) -> Line:
    status = row.get_status_display()
    cells = (row.lead_unit, format_date(row.due_on) if row.due_on else "", status)
    return Line(row.title, reverse("training:task", args=[row.pk]), cells)


def _money(row: Any) -> Line:
    return Line(
        row.purpose,
        f"{reverse('training:plan', args=[row.plan.code])}#kinh-phi",
        (
            row.get_fund_display(),
            format_money(row.planned),
            "" if row.spent is None else format_money(row.spent),
            format_date(row.spent_on) if row.spent_on else "",
        ),
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
        facts=_facts,
        related_kept=("product__product_set",),
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
    # Of a plan itself; only closed figures have these as lists of their own.
    "tasks": ListKind(("Nhiệm vụ", "Đơn vị chủ trì", "Hạn", "Tình trạng"), (), ("position", "pk"), _task),
    "money": ListKind(
        ("Nội dung chi", "Nguồn vốn", "Dự toán", "Đã chi", "Tính đến"), ("plan",), ("position", "pk"), _money
    ),
}


def unit_of(record: Any, path: str) -> AdminUnit:
    """The commune (or province) a record belongs to, along the path of its source."""
    for step in path.split("__"):
        record = getattr(record, step)
    return record


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
