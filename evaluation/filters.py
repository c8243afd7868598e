"""Filters of the province's desk, kept in the address."""

import django_filters as filters
from django.db.models import QuerySet

from evaluation.queries.rounds import key_of
from products import queries
from products.enums import DossierKind
from products.filters import COUNTS_FOR
from products.models import Dossier, ProductSet

EVERYTHING = "Tất cả"


class DeskFilters(filters.FilterSet):
    """What waits at the desk; `rounds` are those the officer may choose from."""

    q = filters.CharFilter(label="Tìm", method="search")
    commune = filters.ModelChoiceFilter(
        label="Xã, phường",
        field_name=COUNTS_FOR,
        queryset=lambda request: queries.communes_of(request.user),
        empty_label=EVERYTHING,
    )
    product_set = filters.ModelChoiceFilter(
        label="Bộ sản phẩm",
        field_name="product__product_set",
        queryset=ProductSet.objects.all(),
        empty_label=EVERYTHING,
    )
    kind = filters.ChoiceFilter(label="Hình thức", choices=DossierKind.choices, empty_label=EVERYTHING)
    round = filters.ChoiceFilter(label="Kịp đợt", method="in_time_for", empty_label=EVERYTHING)

    class Meta:
        model = Dossier
        fields = ["q", "commune", "product_set", "kind", "round"]

    def __init__(self, *args, rounds=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.rounds = {key_of(row): row for row in rounds}
        self.filters["round"].extra["choices"] = [(key, row.name) for key, row in self.rounds.items()]
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Không cần gõ dấu"

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return queries.matching(rows, value)

    def in_time_for(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Dossiers whose letter came in time for the round and too late for every earlier one."""
        chosen = self.rounds[value]
        days = [row.files_until for row in self.rounds.values() if row.files_until < chosen.files_until]
        rows = rows.filter(proposed_on__lte=chosen.files_until)
        return rows.filter(proposed_on__gt=max(days)) if days else rows
