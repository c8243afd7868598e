"""Filters of the list of accounts, kept in the address."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import queries
from accounts.enums import Role
from accounts.models import Membership, User
from core.filters import EVERYTHING, ListForm

STATES = (
    ("open", "Đang dùng"),
    ("new", "Chưa đổi mật khẩu đầu tiên"),
    ("idle", f"{queries.IDLE_DAYS} ngày chưa đăng nhập"),
    ("bare", "Không còn vai trò"),
    ("locked", "Đã khóa"),
)


class AccountFilters(filters.FilterSet):
    q = filters.CharFilter(label="Tìm", method="search")
    role = filters.ChoiceFilter(
        label="Vai trò", choices=Role.choices, empty_label=EVERYTHING, method="by_role"
    )
    unit = filters.ChoiceFilter(label="Đơn vị", choices=(), empty_label=EVERYTHING, method="by_unit")
    state = filters.ChoiceFilter(
        label="Tình trạng", choices=STATES, empty_label=EVERYTHING, method="by_state"
    )

    class Meta:
        model = User
        form = ListForm
        fields = ["q", "role", "unit", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        units = queries.units_administered(self.request.user).values_list("pk", "name")
        self.filters["unit"].extra["choices"] = list(units)
        self.form.everyday_names = ("q", "role", "unit", "state")
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Tên, tên đăng nhập, đơn vị"

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return queries.matching(rows, value)

    def by_role(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(_held_today(role=value))

    def by_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(_held_today(unit=value))

    def by_state(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "idle":
            return queries.idle(rows)
        if value == "bare":
            return queries.without_role(rows)
        return rows.filter(
            {
                "open": Q(is_active=True),
                "new": Q(is_active=True, must_change_password=True),
                "locked": Q(is_active=False),
            }[value]
        )


def _held_today(**what) -> Exists:
    today = timezone.localdate()
    return Exists(Membership.objects.on(today).filter(user=OuterRef("pk"), **what))
