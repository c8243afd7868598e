"""Reminders after recognition: decisions on revocations, mending after inspections, certificates that end.

Entity and commune hear of the window of re-ranking 30 and 7 days before it opens (`products.reminders`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.enums import Role
from accounts.queries import people_with
from core.enums import NoticeKind
from core.notices import Message
from core.numbers import format_date
from core.reminders import reminds
from evaluation.enums import RevocationState
from evaluation.models import Certificate, Inspection, Revocation
from evaluation.validity import ends_in_month
from products.reminders import Audience

DECISION_AHEAD = dt.timedelta(days=5)
MENDING_AHEAD = dt.timedelta(days=7)


class _Offices:
    """The officers of each province, looked up once a run."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[Any, ...]] = {}

    def __getitem__(self, unit_id: int) -> tuple[Any, ...]:
        if unit_id not in self._of:
            self._of[unit_id] = tuple(people_with(Role.PROVINCIAL_OFFICER, [unit_id]))
        return self._of[unit_id]


@reminds
def revocations_to_decide(day: dt.date) -> Iterator[Message]:
    """The office: five days left of the fifteen, or the last day has passed (Đ8)."""
    rows = Revocation.objects.filter(state=RevocationState.OPEN, due_on__lte=day + DECISION_AHEAD)
    offices = _Offices()
    for row in rows.with_names().order_by("pk"):
        late = row.due_on < day
        words = "Quá hạn quyết định thu hồi" if late else "Sắp hết hạn quyết định thu hồi"
        product = row.recognition.product
        yield Message(
            users=offices[row.unit_id],
            kind=NoticeKind.DEADLINE,
            title=f"{words} (hạn {format_date(row.due_on)}): {product.name}",
            body=f"{product.entity}, kết luận {row.conclusion_number}",
            url=reverse("evaluation:revocation", args=[row.pk]),
            key=f"revocation:{row.pk}:{row.due_on}:{'late' if late else 'soon'}",
        )


@reminds
def mending_after_inspections(day: dt.date) -> Iterator[Message]:
    """Entity, commune and office: a week left for mending, or its day has passed (Đ9)."""
    near = Inspection.objects.to_mend().filter(follow_up_due__lte=day + MENDING_AHEAD)
    rows, offices = list(near.with_names().order_by("pk")), _Offices()
    audience = Audience(
        entities=[row.product.entity_id for row in rows], communes=[row.product.commune for row in rows]
    )
    for row in rows:
        product = row.product
        late = row.follow_up_due < day
        words = "Quá hạn khắc phục sau kiểm tra" if late else "Sắp hết hạn khắc phục sau kiểm tra"
        yield Message(
            users=(
                *audience.of_entity(product.entity_id),
                *audience.of_commune(product.commune_id),
                *offices[row.unit_id],
            ),
            kind=NoticeKind.DEADLINE,
            title=f"{words} (hạn {format_date(row.follow_up_due)}): {product.name}",
            body=f"{product.entity}, {product.commune}",
            url=reverse("evaluation:inspection", args=[row.pk]),
            key=f"mending:{row.pk}:{row.follow_up_due}:{'late' if late else 'soon'}",
        )


@reminds
def certificates_of_the_month(day: dt.date) -> Iterator[Message]:
    """The office, once a month: how many certificates end in the month, with their list."""
    first = day.replace(day=1)
    ending = Certificate.objects.filter(ends_in_month(first, path="recognition"))
    offices = _Offices()
    for unit, count in Counter(ending.values_list("unit", flat=True)).items():
        yield Message(
            users=offices[unit],
            kind=NoticeKind.RECOGNITION,
            title=f"Tháng {first:%m/%Y}: {count} giấy chứng nhận hết hiệu lực",
            body="Danh sách đã lọc sẵn; tải được ra Excel.",
            url=f"{reverse('evaluation:certificates')}?expires={first:%Y-%m}",
            key=f"certificates-ending:{unit}:{first:%Y-%m}",
        )
