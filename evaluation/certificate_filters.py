"""Filters of certificates, revocations and inspections, kept in the address."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from core.filters import ListForm
from evaluation import validity
from evaluation.enums import (
    CertificateState,
    InspectionKind,
    InspectionState,
    InspectionVerdict,
    RevocationState,
)
from evaluation.models import Certificate, Inspection, Revocation
from evaluation.queries.certificates import coming_months
from products import queries
from products.filters import COUNTS_FOR
from products.models import Product
from products.windows import OPENS_BEFORE

EVERYTHING = "Tất cả"
STARS = (("5", "5 sao"), ("4", "4 sao"), ("3", "3 sao"))


def _choice(label: str, choices, **kwargs) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=EVERYTHING, **kwargs)


class OfProducts(filters.FilterSet):
    """Rows that hang on a product: the search box, and the commune for people who look after several."""

    product_path = "product"
    number_columns: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()

    q = filters.CharFilter(label="Tìm", method="search")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scope = self.request.user.scope
        several = bool(scope.province_ids) or len(scope.unit_ids(Role.COMMUNE_OFFICER)) > 1
        if several:
            self.filters["commune"].extra["choices"] = queries.commune_choices(self.request.user)
        self.form.everyday_names = self.everyday
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Không cần gõ dấu"
        if not several:
            del self.form.fields["commune"]

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        found = queries.matching(Product.objects.visible_to(self.request.user), value)
        condition = Q(**{f"{self.product_path}__in": found.order_by().values("pk")})
        for column in self.number_columns:
            condition |= Q(**{f"{column}__icontains": value})
        return rows.filter(condition)


class CertificateFilters(OfProducts):
    state = _choice("Tình trạng", CertificateState.choices, method="by_state")
    star = _choice("Hạng sao", STARS, field_name="recognition__star")
    commune = _choice("Xã, phường", (), field_name=f"recognition__product__{COUNTS_FOR}")
    expires = _choice("Hết hiệu lực trong tháng", (), method="by_month")

    product_path = "recognition__product"
    number_columns = ("number", "recognition__decision_number")
    everyday = ("q", "state", "star", "commune", "expires")

    class Meta:
        model = Certificate
        form = ListForm
        fields = ["q", "state", "star", "commune", "expires"]

    def __init__(self, *args, **kwargs):
        self.months = {f"{first:%Y-%m}": first for first in coming_months(timezone.localdate())}
        self.base_filters["expires"].extra["choices"] = [
            (key, f"{first:%m/%Y}") for key, first in self.months.items()
        ]
        super().__init__(*args, **kwargs)

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.in_state(value, timezone.localdate())

    def by_month(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(validity.ends_in_month(self.months[value], path="recognition"))


class RevocationFilters(OfProducts):
    state = _choice("Trạng thái", RevocationState.choices)
    commune = _choice("Xã, phường", (), field_name=f"recognition__product__{COUNTS_FOR}")

    product_path = "recognition__product"
    number_columns = ("decision_number", "conclusion_number")
    everyday = ("q", "state", "commune")

    class Meta:
        model = Revocation
        form = ListForm
        fields = ["q", "state", "commune"]


class InspectionFilters(OfProducts):
    state = _choice("Trạng thái", InspectionState.choices)
    verdict = _choice("Kết luận", InspectionVerdict.choices, method="by_verdict")
    kind = _choice("Hình thức", InspectionKind.choices)
    commune = _choice("Xã, phường", (), field_name=f"product__{COUNTS_FOR}")

    everyday = ("q", "state", "verdict", "kind", "commune")

    class Meta:
        model = Inspection
        form = ListForm
        fields = ["q", "state", "verdict", "kind", "commune"]

    def by_verdict(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(verdict=value)


ENDS = (("soon", "Hết hạn trong 180 ngày tới"), ("later", "Còn hạn trên 180 ngày"))
INSPECTED = (("never", "Chưa kiểm tra lần nào"), ("year", "Chưa kiểm tra trong năm nay"))


class ToInspectFilters(OfProducts):
    """Products to choose from for an inspection."""

    star = _choice("Hạng sao", STARS, method="by_star")
    commune = _choice("Xã, phường", (), field_name=COUNTS_FOR)
    expiry = _choice("Hiệu lực", ENDS, method="by_end")
    rest = _choice("Lần kiểm tra trước", INSPECTED, method="by_last")

    everyday = ("q", "star", "commune", "expiry", "rest")

    class Meta:
        model = Product
        form = ListForm
        fields = ["q", "star", "commune", "expiry", "rest"]

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return queries.matching(rows, value)

    def by_star(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(star=value)

    def by_end(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        edge = timezone.localdate() + OPENS_BEFORE
        return rows.filter(valid_until__lte=edge) if value == "soon" else rows.exclude(valid_until__lte=edge)

    def by_last(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "never":
            return rows.filter(last_inspected=None)
        this_year = timezone.localdate().replace(month=1, day=1)
        return rows.exclude(last_inspected__gte=this_year)
