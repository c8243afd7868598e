"""From a written opinion to a meeting: dossiers on which the opinions differ are scored anew by the council.

Why the written sheets stay and how the new ones come about: docs/decisions/0010-from-opinion-to-meeting.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from core import audit
from core.exceptions import DomainError
from evaluation.enums import ItemState, SessionKind, SessionState
from evaluation.models import AgendaItem, Choice, ReScoring, Session, Sheet
from evaluation.services.guards import require
from evaluation.services.sessions import check_plan, locked_session


@transaction.atomic
def call_meeting(
    *,
    session: Session,
    items: Sequence[AgendaItem],
    name: str,
    held_on: date,
    reason: str,
    by: Any,
    place: str = "",
) -> Session:
    """Plan a meeting of the council with dossiers of a written opinion; all or none.

    The dossiers leave the written session. Every counted sheet stays readable and its member is asked for
    a new one, which starts as a copy. Raises DomainError without a reason or dossier, for a dossier that
    has its result or is of another session, and for a day the round does not allow.
    """
    require(by, "evaluation.keep_session", session)
    session = locked_session(session)
    if session.kind != SessionKind.WRITTEN or session.state not in SessionState.running:
        raise DomainError("Chỉ chuyển sang họp từ phiên lấy ý kiến bằng văn bản đang mở.")
    if not reason.strip():
        raise DomainError("Hãy ghi lý do chuyển sang họp.", field="reason")
    chosen = _locked_items(session, items)
    meeting = Session(council=session.council, round=session.round, name=name, held_on=held_on, place=place)
    check_plan(meeting)
    meeting.save()
    for position, item in enumerate(chosen, start=1):
        item.session, item.position = meeting, position
        item.state, item.state_reason = ItemState.SCORING, ""
        item.save(update_fields=["session", "position", "state", "state_reason"])
        for sheet in item.sheets.counted():
            _ask_again(sheet, reason.strip(), by)
    after = {"meeting": name, "dossiers": [str(item) for item in chosen]}
    audit.record(by=by, verb="session.call_meeting", obj=session, after=after, reason=reason.strip())
    audit.record(by=by, verb="session.create", obj=meeting, after={"held_on": held_on, "from": str(session)})
    return meeting


def _locked_items(session: Session, items: Sequence[AgendaItem]) -> list[AgendaItem]:
    wanted = {item.pk for item in items}
    rows = AgendaItem.objects.select_for_update(of=("self",)).select_related("version__dossier__product")
    found = list(rows.filter(session=session, pk__in=wanted).order_by("position"))
    if not wanted:
        raise DomainError("Hãy chọn ít nhất một hồ sơ.", field="items")
    if len(found) != len(wanted) or any(item.state not in ItemState.unfinished for item in found):
        raise DomainError("Có hồ sơ đã có kết quả hoặc không còn trong phiên; hãy chọn lại.", field="items")
    return found


def _ask_again(sheet: Sheet, reason: str, by: Any) -> None:
    """A new sheet of the member that starts as a copy; one that is being scored again already is left so."""
    later = Sheet.objects.filter(item=sheet.item_id, seat=sheet.seat_id, number__gt=sheet.number)
    # A request that was taken back has left a sheet, and asks nobody any more.
    if later.exclude(rescoring_of__withdrawn_at__isnull=False).exists():
        return
    new = Sheet.objects.create(
        item_id=sheet.item_id,
        seat_id=sheet.seat_id,
        criteria_set_id=sheet.criteria_set_id,
        number=(later.aggregate(last=Max("number"))["last"] or sheet.number) + 1,
        stopped_at_id=sheet.stopped_at_id,
        opinion=sheet.opinion,
    )
    columns = sheet.choices.values("criteria_set_id", "criterion_id", "option_id")
    Choice.objects.bulk_create(Choice(sheet=new, **row) for row in columns)
    ReScoring.objects.create(sheet=sheet, new_sheet=new, reason=reason, requested_by=by, for_meeting=True)
