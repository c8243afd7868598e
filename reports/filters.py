"""Filters of the archive, kept in the address."""

import django_filters as filters
from django.db.models import QuerySet

from core.filters import EVERYTHING, ListForm
from core.models import AdminUnit
from core.text import search_key
from reports.enums import PaperKind, PaperState
from reports.models import Paper

STATES = [(state.value, state.label) for state in PaperState if state != PaperState.RENDERING]
REPLACED = (("1", "Đã có bản thay thế"), ("0", "Đang dùng"))


def _choice(label: str, choices, **kwargs) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=EVERYTHING, **kwargs)


class PaperFilters(filters.FilterSet):
    """Words of number, title, product, session; kind, state, year, and the unit for whoever has several."""

    q = filters.CharFilter(label="Tìm", method="search")
    kind = _choice("Loại văn bản", PaperKind.choices)
    state = _choice("Trạng thái", STATES)
    year = _choice("Năm", ())
    unit = _choice("Đơn vị", ())
    replaced = _choice("Thay thế", REPLACED, method="by_replaced")
    everyday = ("q", "kind", "state", "year")

    class Meta:
        model = Paper
        form = ListForm
        fields = ["q", "kind", "state", "year", "unit", "replaced"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seen = Paper.objects.visible_to(self.request.user).order_by()
        years = sorted(set(seen.values_list("year", flat=True).distinct()), reverse=True)
        self.filters["year"].extra["choices"] = [(year, str(year)) for year in years]
        units = AdminUnit.objects.filter(pk__in=seen.values("unit"))
        self.filters["unit"].extra["choices"] = [(unit.pk, unit.name) for unit in units]
        self.form.everyday_names = self.everyday
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Số, tên, sản phẩm, phiên họp"

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word as typed, with or without marks."""
        for word in search_key(value.replace("\x00", "")).split():
            rows = rows.filter(search_text__contains=word)
        return rows

    def by_replaced(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(replaced_by__isnull=value == "0")
