"""What is said into the minutes of a dossier before its result is closed: discussion and dissent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from evaluation.enums import MinuteKind
from evaluation.models import AgendaItem, MinuteEntry, Recusal, Seat
from evaluation.services.guards import locked_item, require, require_scoring
from evaluation.services.texts import clean_text


@transaction.atomic
def record_discussion(*, item: AgendaItem, text: str, by: Any) -> MinuteEntry:
    """Write down what the council discussed about a dossier; never changed afterwards.

    One written after the last submitted sheet answers a spread over the regulation's limit (see
    `services.closing`). Raises DomainError without words or when the dossier is not being scored.
    """
    item = locked_item(item)
    require(by, "evaluation.record_conclusion", item)
    require_scoring(item)
    text = clean_text(text, empty="Hãy ghi nội dung thảo luận.", field="text")
    entry = MinuteEntry.objects.create(item=item, kind=MinuteKind.DISCUSSION, text=text, recorded_by=by)
    audit.record(by=by, verb="item.discussion", obj=item, after={"text": text})
    return entry


@transaction.atomic
def record_dissent(*, item: AgendaItem, seat: Seat, text: str, by: Any) -> MinuteEntry:
    """Keep a member's dissent (ý kiến bảo lưu), given by the member or written down by who keeps the minutes.

    Raises PermissionDenied for a seat of another council or of another member, DomainError for a member who
    has left or is recused, without words, or when the dossier is not being scored.
    """
    item = locked_item(item)
    require(by, "evaluation.record_dissent", item)
    if seat.council_id != item.session.council_id:
        raise PermissionDenied("Thành viên không thuộc Hội đồng của hồ sơ này.")
    if seat.user_id != by.pk:
        require(by, "evaluation.record_conclusion", item)
    require_scoring(item)
    if seat.left_on is not None:
        raise DomainError(f"{seat.user} đã thôi tham gia Hội đồng.", field="seat")
    if Recusal.objects.in_force().filter(item=item, seat=seat).exists():
        raise DomainError(f"{seat.user} không tham gia hồ sơ này vì xung đột lợi ích.", field="seat")
    text = clean_text(text, empty="Hãy ghi ý kiến bảo lưu.", field="text")
    entry = MinuteEntry.objects.create(
        item=item, kind=MinuteKind.DISSENT, seat=seat, text=text, recorded_by=by
    )
    audit.record(by=by, verb="item.dissent", obj=item, after={"member": str(seat.user), "text": text})
    return entry
