"""Filters of the lists, kept in the address."""

import django_filters as filters
from django import forms
from django.db.models import QuerySet

from accounts.enums import Role
from products import queries
from products.enums import DossierState, LegalForm
from products.models import Dossier, Entity, Product, ProductSet
from products.queries import funnel

STARS = (("5", "5 sao"), ("4", "4 sao"), ("3", "3 sao"), ("0", "Chưa được công nhận"))
OVERDUE = (("1", "Đã quá hạn"),)
EVERYTHING = "Tất cả"


class _Filters(filters.FilterSet):
    """Search box first; the commune is asked only of people who look after several."""

    q = filters.CharFilter(label="Tìm", method="search")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Không cần gõ dấu"
        scope = self.request.user.scope
        if not scope.province_ids and len(scope.unit_ids(Role.COMMUNE_OFFICER)) <= 1:
            del self.form.fields["commune"]

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(self.matches(value))


def _communes(request):
    return queries.communes_of(request.user)


def _commune_filter() -> filters.ModelChoiceFilter:
    return filters.ModelChoiceFilter(label="Xã, phường", queryset=_communes, empty_label=EVERYTHING)


def _choice(label: str, choices, **kwargs) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=EVERYTHING, **kwargs)


def _set_filter(field_name: str) -> filters.ModelChoiceFilter:
    return filters.ModelChoiceFilter(
        label="Bộ sản phẩm", field_name=field_name, queryset=ProductSet.objects.all(), empty_label=EVERYTHING
    )


class EntityFilters(_Filters):
    legal_form = _choice("Loại hình", LegalForm.choices)
    commune = _commune_filter()
    matches = staticmethod(queries.entity_matches)

    class Meta:
        model = Entity
        fields = ["q", "legal_form", "commune"]


class ProductFilters(_Filters):
    product_set = _set_filter("product_set")
    star = _choice("Hạng sao", STARS, method="by_star")
    commune = _commune_filter()
    matches = staticmethod(queries.product_matches)

    class Meta:
        model = Product
        fields = ["q", "product_set", "star", "commune"]

    def by_star(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(star__isnull=True) if value == "0" else rows.filter(star=value)


class DossierFilters(_Filters):
    state = _choice("Trạng thái", DossierState.choices)
    product_set = _set_filter("product__product_set")
    year = filters.NumberFilter(
        label="Năm", widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "2026"})
    )
    commune = _commune_filter()
    age = _choice("Ở trạng thái này", funnel.AGE_CHOICES, method="by_age")
    overdue = _choice("Hạn xử lý", OVERDUE, method="only_overdue")
    matches = staticmethod(queries.dossier_matches)

    class Meta:
        model = Dossier
        fields = ["q", "state", "product_set", "year", "commune", "age", "overdue"]

    def by_age(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(funnel.of_age(value))

    def only_overdue(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(funnel.overdue_q())
