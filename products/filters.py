"""Filters of the lists, kept in the address."""

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.enums import Role
from core.filters import EVERYTHING, ListForm
from products import queries
from products.enums import DossierKind, DossierState, LegalForm, ProductOrigin, ProductStatus
from products.models import Dossier, Entity, Product, ProductSet, Recognition
from products.queries import funnel, steps
from products.windows import CLOSES_BEFORE, OPENS_BEFORE

STARS = (("5", "5 sao"), ("4", "4 sao"), ("3", "3 sao"), ("0", "Chưa được công nhận"))
EXPIRY = (
    ("valid", "Còn hiệu lực"),
    ("soon", "Hết hạn trong 180 ngày tới"),
    ("window", "Đang trong thời hạn nộp đánh giá lại"),
    ("expired", "Đã hết hạn"),
)
YES_NO = (("1", "Sản phẩm chủ lực"), ("0", "Không phải chủ lực"))
OVERDUE = (("1", "Đã quá hạn"),)
# A row stands under the commune it counts for today, as the numbers that lead to the list do.
COUNTS_FOR = "commune__counts_for"


class _Filters(filters.FilterSet):
    """Search box first; the commune is asked only of people who look after several.

    Communes and product sets are read once each, whatever is chosen.
    """

    q = filters.CharFilter(label="Tìm", method="search")
    everyday: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer()
        self.form.everyday_names = self.everyday
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Không cần gõ dấu"
        if not self._asks_commune:
            del self.form.fields["commune"]

    def _offer(self) -> None:
        """Fill in the choices that stand in the database."""
        if self._asks_commune:
            self.filters["commune"].extra["choices"] = queries.commune_choices(self.request.user)
        if "product_set" in self.filters:
            sets = list(ProductSet.objects.all())
            self.filters["product_set"].extra["choices"] = [(row.pk, str(row)) for row in sets]
            families = dict.fromkeys(row.family for row in sets)
            self.filters["family"].extra["choices"] = [(name, name) for name in families]

    @property
    def _asks_commune(self) -> bool:
        scope = self.request.user.scope
        return bool(scope.province_ids) or len(scope.unit_ids(Role.COMMUNE_OFFICER)) > 1

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return queries.matching(rows, value)


def _choice(label: str, choices, **kwargs) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=EVERYTHING, **kwargs)


class EntityFilters(_Filters):
    legal_form = _choice("Loại hình", LegalForm.choices)
    commune = _choice("Xã, phường", (), field_name=COUNTS_FOR)
    products = _choice("Sản phẩm", (("1", "Có sản phẩm"), ("0", "Chưa có sản phẩm")), method="by_products")
    guessed = _choice("Loại hình do hệ thống đoán", (("1", "Cần xác nhận"),), method="by_guess")
    everyday = ("q", "legal_form", "commune")

    class Meta:
        model = Entity
        form = ListForm
        fields = ["q", "legal_form", "commune", "products", "guessed"]

    def by_products(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        some = Exists(Product.objects.filter(entity=OuterRef("pk")))
        return rows.filter(some if value == "1" else ~some)

    def by_guess(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(legal_form_guessed=True)


class ProductFilters(_Filters):
    product_set = _choice("Bộ sản phẩm", ())
    star = _choice("Hạng sao", STARS, method="by_star")
    commune = _choice("Xã, phường", (), field_name=COUNTS_FOR)
    expiry = _choice("Hiệu lực công nhận", EXPIRY, method="by_expiry")
    family = _choice("Ngành", (), field_name="product_set__family")
    flagship = _choice("Chủ lực", YES_NO, method="by_flagship")
    origin = _choice("Phân loại theo kế hoạch", ProductOrigin.choices)
    status = _choice("Tình trạng", ProductStatus.choices)
    everyday = ("q", "product_set", "star", "commune")

    class Meta:
        model = Product
        form = ListForm
        fields = ["q", "product_set", "star", "commune", "expiry", "family", "flagship", "origin", "status"]

    def by_star(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        valid = _recognised().valid_on(timezone.localdate())
        return rows.filter(~Exists(valid) if value == "0" else Exists(valid.filter(star=value)))

    def by_expiry(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        valid = _recognised().valid_on(today)
        if value == "soon":
            return rows.filter(Exists(valid.filter(expires_on__range=(today, today + OPENS_BEFORE))))
        if value == "window":
            window = (today + CLOSES_BEFORE, today + OPENS_BEFORE)
            return rows.filter(Exists(valid.filter(expires_on__range=window)))
        if value == "expired":
            return rows.filter(Exists(_recognised().filter(expires_on__lt=today)), ~Exists(valid))
        return rows.filter(Exists(valid))

    def by_flagship(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(is_flagship=value == "1")


def _recognised():
    return Recognition.objects.filter(product=OuterRef("pk"))


_YEAR = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "2026"})


# Not a state: accepted and not decided yet, scored or not.
UNDER_DECISION = "under_decision"


class DossierFilters(_Filters):
    state = _choice("Trạng thái", (*DossierState.choices, (UNDER_DECISION, "Đang xét")), method="by_state")
    product_set = _choice("Bộ sản phẩm", (), field_name="product__product_set")
    year = filters.NumberFilter(label="Năm", widget=_YEAR)
    commune = _choice("Xã, phường", (), field_name=COUNTS_FOR)
    kind = _choice("Hình thức", DossierKind.choices)
    family = _choice("Ngành", (), field_name="product__product_set__family")
    age = _choice("Ở trạng thái này", funnel.AGE_CHOICES, method="by_age")
    overdue = _choice("Hạn xử lý", OVERDUE, method="only_overdue")
    from_year = filters.NumberFilter(label="Từ năm", field_name="year", lookup_expr="gte", widget=_YEAR)
    to_year = filters.NumberFilter(label="Đến năm", field_name="year", lookup_expr="lte", widget=_YEAR)
    everyday = ("q", "state", "product_set", "year", "commune")

    class Meta:
        model = Dossier
        form = ListForm
        fields = [
            "q",
            "state",
            "product_set",
            "year",
            "commune",
            "kind",
            "family",
            "age",
            "overdue",
            "from_year",
            "to_year",
        ]

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(state__in=steps.UNDER_DECISION if value == UNDER_DECISION else [value])

    def by_age(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(funnel.of_age(value))

    def only_overdue(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(funnel.overdue_q())

    @property
    def qs(self) -> QuerySet:
        """Dossiers that were given up are left out unless their state is asked for."""
        rows = super().qs
        return rows if self.shows_withdrawn else rows.exclude(state=DossierState.WITHDRAWN)

    @property
    def shows_withdrawn(self) -> bool:
        return self.data.get("state") == DossierState.WITHDRAWN
