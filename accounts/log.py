"""The log of acts for the administrator: whose, what, on what, when, from where."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import queries
from core import acts
from core.days import day_of
from core.filters import EVERYTHING, ListForm
from core.forms import DATE
from core.models import AuditEntry
from core.tables import Column

CELLS = "accounts/log_cells.html"
# Without a day of its own the page shows the last days only: the log grows for years.
DAYS_SHOWN = 30
SUBJECTS = {
    "accounts.user": "Tài khoản",
    "products.entity": "Chủ thể",
    "products.product": "Sản phẩm",
    "products.dossier": "Hồ sơ",
    "evaluation.session": "Phiên họp",
    "evaluation.agendaitem": "Hồ sơ trong phiên họp",
    "evaluation.sheet": "Phiếu chấm",
    "evaluation.submission": "Tờ trình",
    "training.plan": "Kế hoạch",
    "training.trainingclass": "Lớp tập huấn",
    "reports.paper": "Văn bản",
}

COLUMNS = (
    Column("luc", "Lúc", lambda entry: entry.at, f"{CELLS}#at", order=("at",), width=18, fixed=True),
    Column("ai", "Người làm", lambda entry: entry.actor_name, f"{CELLS}#actor", width=28),
    Column("viec", "Việc", lambda entry: acts.label_of(entry.verb), width=36),
    Column("doi-tuong", "Đối tượng", lambda entry: entry.object_label, width=50),
    Column("ly-do", "Lý do", lambda entry: entry.reason, width=50),
    Column("ip", "Địa chỉ máy", lambda entry: entry.ip or "", width=18),
)


def entries_for(user: Any) -> QuerySet[AuditEntry]:
    """Acts of the people of the administrator's area, latest first; the system's own acts have no person."""
    people = queries.accounts_of(user).order_by().values("pk")
    return AuditEntry.objects.filter(actor__in=people).order_by("-at", "-pk")


class LogFilters(filters.FilterSet):
    q = filters.CharFilter(label="Tìm", method="search")
    since = filters.DateFilter(label="Từ ngày", method="from_day")
    until = filters.DateFilter(label="Đến ngày", method="to_day")
    subject = filters.ChoiceFilter(
        label="Về", choices=list(SUBJECTS.items()), empty_label=EVERYTHING, field_name="object_type"
    )

    class Meta:
        model = AuditEntry
        form = ListForm
        fields = ["q", "since", "until", "subject"]

    def __init__(self, data: Mapping[str, Any], *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        self.form.everyday_names = ("q", "since", "until", "subject")
        search = self.form.fields["q"].widget
        search.input_type = "search"
        search.attrs["placeholder"] = "Người, việc, đối tượng"
        for name in ("since", "until"):
            self.form.fields[name].widget.attrs.update(DATE)

    @property
    def is_dated(self) -> bool:
        """Did the person choose a day on which a record can lie?"""
        return any(day_of(self.data.get(name, "")) for name in ("since", "until"))

    @property
    def qs(self):
        rows = super().qs
        if self.is_dated:
            return rows
        return rows.filter(at__gte=_start(timezone.localdate() - timedelta(days=DAYS_SHOWN)))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(actor_name__icontains=value)
            | Q(object_label__icontains=value)
            | Q(verb__in=acts.verbs_like(value))
            | Q(ip__startswith=value)
        )

    def from_day(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(at__gte=_start(value)) if day_of(value.isoformat()) else rows

    def to_day(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows.filter(at__lt=_start(value + timedelta(days=1))) if day_of(value.isoformat()) else rows


def _start(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
