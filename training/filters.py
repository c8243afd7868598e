"""Filters of the lists of classes and of the register, kept in the address."""

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone

from core.filters import EVERYTHING, ListForm
from core.text import search_key
from training import persons
from training.enums import ClassLevel, ClassState, RegisterGroup
from training.models import RegisterPerson, TrainingClass
from training.queries import classes_pages

LEFT, EVERYBODY = "left", "all"
# Not a state: classes that are planned or open and not over yet.
TO_COME = "to_come"


def _choice(label: str, choices: Any, **kwargs: Any) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(label=label, choices=choices, empty_label=EVERYTHING, **kwargs)


class _Searched(filters.FilterSet):
    """Search box first, all filters in one row."""

    q = filters.CharFilter(label="Tìm", method="search")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer()
        self.form.everyday_names = tuple(self.form.fields)
        box = self.form.fields["q"].widget
        box.input_type = "search"
        box.attrs["placeholder"] = "Không cần gõ dấu"

    def _offer(self) -> None:
        """Fill in the choices that stand in the database."""


class ClassFilters(_Searched):
    state = _choice("Trạng thái", (*ClassState.choices, (TO_COME, "Sắp mở")), method="by_state")
    level = _choice("Cấp", ClassLevel.choices)
    nam = _choice("Năm", (), method="by_year")

    class Meta:
        model = TrainingClass
        form = ListForm
        fields = ["q", "nam", "state", "level"]

    def _offer(self) -> None:
        this_year = timezone.localdate().year
        self.filters["nam"].extra["choices"] = [
            (str(year), str(year)) for year in range(this_year + 1, this_year - 8, -1)
        ]

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        key = search_key(value)
        words = rows.values_list("pk", "title", "organiser")
        return rows.filter(pk__in=[pk for pk, *texts in words if key in search_key(" ".join(texts))])

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == TO_COME:
            return rows.filter(state__in=ClassState.to_come, ends_on__gte=timezone.localdate())
        return rows.filter(state=value)

    def by_year(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(starts_on__year=int(value))


class RegisterFilters(_Searched):
    group = _choice("Nhóm", RegisterGroup.choices)
    unit = _choice("Đơn vị", (), method="by_unit")
    trained = _choice("Tập huấn năm nay", (("1", "Đã dự đủ"), ("0", "Chưa dự đủ")), method="by_training")
    on = filters.ChoiceFilter(
        label="Danh sách",
        choices=((LEFT, "Đã ra"), (EVERYBODY, "Cả người đã ra")),
        empty_label="Đang trong danh sách",
        method="by_day",
    )

    class Meta:
        model = RegisterPerson
        form = ListForm
        fields = ["q", "group", "unit", "trained", "on"]

    def _offer(self) -> None:
        self.filters["unit"].extra["choices"] = classes_pages.unit_choices(self.request.user)

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(search_name__contains=search_key(value))

    def by_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(unit__counts_for=int(value))

    def by_day(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(left_on__lte=timezone.localdate()) if value == LEFT else rows

    def by_training(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        today = timezone.localdate()
        # As the line above the list counts: of classes that have ended.
        attended = persons.attended_in_full(today.replace(month=1, day=1), today)
        return rows.filter(attended if value == "1" else ~attended)
