"""Values entered by hand: entered by the unit, decided by the province before they count."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.enums import NoticeKind
from core.exceptions import DomainError
from core.notices import send
from core.numbers import format_number
from training.enums import ActualState, PlanStatus
from training.models import Actual, Plan, Target
from training.queries import is_counted, plan_progress
from training.queries.frozen import closed_until
from training.services.common import PLANS, allow, create, keep_file, plain, refuse
from training.validators import actual_problems

RECORD = "training.record_actual"


@transaction.atomic
def record_actual(
    *,
    target: Target,
    as_of: date,
    source: str,
    by: Any,
    value: Decimal | None = None,
    text: str = "",
    file: Any = None,
) -> Actual:
    """Enter what was reached, with its source and day, and perhaps the paper it rests on.

    What the province's officer enters is approved by that; what a commune enters waits. Raises DomainError
    for a value the system counts itself, out of bounds, of a later day, or of a closed period.
    """
    allow(by, RECORD, target)
    if is_counted(target.plan, target):
        raise DomainError("Chỉ tiêu này hệ thống tự tính từ dữ liệu, không nhập tay.")
    fields: dict[str, Any] = {"value": value, "text": text, "as_of": as_of, "source": source}
    refuse(actual_problems(target, fields))
    _refuse_closed_period(target, as_of)
    actual = Actual(target=target, entered_by=by, **fields)
    if file is not None:
        actual.stored, actual.filename = keep_file(file)
    if by is None or by.has_perm(PLANS, target.plan):
        actual.state, actual.decided_by, actual.decided_at = ActualState.APPROVED, by, timezone.now()
    elif target.plan.status != PlanStatus.IN_FORCE:
        raise DomainError("Kế hoạch không ở tình trạng đang thực hiện nên chưa nhận kết quả.")
    after = {name: plain(value) for name, value in fields.items()} | {"state": actual.state}
    return create(actual, by=by, verb="target.record", **after)


@transaction.atomic
def decide_actual(*, actual: Actual, approve: bool, by: Any, note: str = "") -> Actual:
    """Approve a value, so that it counts, or refuse it with a reason; the unit is told.

    Raises DomainError when it was decided already, without a reason for refusing, and for approving a value
    of a period closed meanwhile.
    """
    waiting = Actual.objects.select_for_update(of=("self",)).select_related(
        "target__plan__unit", "entered_by"
    )
    stored = waiting.get(pk=actual.pk)
    allow(by, PLANS, stored.target.plan)
    if stored.state != ActualState.WAITING:
        raise DomainError(f"Kết quả này đã được xử lý: {stored.get_state_display().lower()}.")
    if approve:
        _refuse_closed_period(stored.target, stored.as_of)
    elif not note.strip():
        raise DomainError("Ghi lý do không duyệt để đơn vị sửa.", field="note")
    stored.state = ActualState.APPROVED if approve else ActualState.REFUSED
    stored.decided_by, stored.decided_at, stored.decision_note = by, timezone.now(), note.strip()[:400]
    stored.save()
    audit.record(
        by=by, verb="actual.approve" if approve else "actual.refuse", obj=stored, reason=stored.decision_note
    )
    _tell(stored)
    return stored


@transaction.atomic
def take_over_reported(*, target: Target, total: Decimal, by: Any) -> Actual:
    """Enter the sum of what the communes reported as the province's value, with that as its source.

    `total`: the sum that was looked at. Raises DomainError when the sum is another meanwhile, when nobody
    reported, when the province has the number or a later one, and for what `record_actual` refuses.
    """
    allow(by, PLANS, target.plan)
    Plan.objects.select_for_update(no_key=True).get(pk=target.plan_id)
    shown = plan_progress(target.plan, with_classes=False)
    reported = shown.reported.get(target.pk)
    if reported is None or reported.as_of is None:
        raise DomainError("Chưa xã, phường nào có kết quả được duyệt cho chỉ tiêu này.")
    if reported.total != total:
        now, seen = format_number(reported.total), format_number(total)
        raise DomainError(f"Tổng các xã đã báo nay là {now}, không còn là {seen}: hãy xem lại rồi lấy.")
    if not reported.is_news_to(next(line for line in shown.targets if line.target_id == target.pk)):
        raise DomainError("Tỉnh đã có kết quả bằng số này, hoặc mới hơn các xã đã báo.")
    units = f"{reported.said}/{len(reported.units)} xã, phường"
    return record_actual(
        target=target,
        value=reported.total,
        text=f"cộng từ {units} đã báo",
        as_of=reported.as_of,
        source=f"Tổng hợp kết quả đã duyệt của {units}",
        by=by,
    )


def _tell(actual: Actual) -> None:
    if actual.entered_by is None:
        return
    send(
        [actual.entered_by],
        kind=NoticeKind.DEADLINE,
        title=f"Kết quả chỉ tiêu {actual.get_state_display().lower()}: {actual.target.indicator.name}",
        body=actual.decision_note,
        url=actual.target.get_absolute_url(),
        key=f"actual:{actual.pk}:{actual.state}",
    )


def _refuse_closed_period(target: Target, as_of: date) -> None:
    """Closing and entering wait for each other by the plan's row."""
    Plan.objects.select_for_update(no_key=True).get(pk=target.plan_id)
    closed = closed_until(target.plan)
    if closed is not None and as_of <= closed:
        raise DomainError(
            f"Số liệu của kế hoạch đã chốt và duyệt đến hết {closed:%d/%m/%Y}. "
            "Nhập vào kỳ sau, hoặc lập bản đính chính của kỳ đã chốt.",
            field="as_of",
        )
