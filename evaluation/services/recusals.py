"""Conflict of interest: a member who does not score a dossier, and why."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.enums import RecusalGround, SessionState, SheetState
from evaluation.models import AgendaItem, Recusal, Seat, Sheet
from evaluation.services.guards import locked_item, require, require_unfinished
from evaluation.services.sessions import open_sheets


@transaction.atomic
def recuse(*, item: AgendaItem, seat: Seat, ground: str, reason: str, by: Any) -> Recusal:
    """Record that a member does not score a dossier: by the member, or by who keeps the minutes.

    A sheet that is begun is set aside and takes no more choices; a submitted one no longer counts.
    Raises PermissionDenied for another's seat, DomainError when it is recorded already, says too little,
    or the dossier has its result.
    """
    item = locked_item(item)
    require(by, "evaluation.declare_recusal", item)
    seat = Seat.objects.select_related("user").get(pk=seat.pk)
    own = seat.user_id == by.pk and seat.left_on is None
    if seat.council_id != item.session.council_id or not (own or _keeps_minutes(by, item)):
        raise PermissionDenied("Chỉ khai báo cho chính mình.")
    require_unfinished(item)
    if ground not in RecusalGround.values:
        raise DomainError("Hãy chọn căn cứ.", field="ground")
    if ground == RecusalGround.OTHER and not reason.strip():
        raise DomainError("Hãy ghi rõ lý do khác.", field="reason")
    if item.recusals.in_force().filter(seat=seat).exists():
        raise DomainError(f"Đã ghi {seat.user} không chấm hồ sơ này.")
    # The sheet of who left stays counted, so a conflict found afterwards must still take it out.
    if seat.left_on is not None and not item.sheets.filter(seat=seat, state=SheetState.SUBMITTED).exists():
        raise DomainError(f"{seat.user} đã thôi tham gia Hội đồng và không có phiếu nào ở hồ sơ này.")
    recusal = Recusal.objects.create(
        item=item, seat=seat, ground=ground, reason=reason.strip(), declared_by=by
    )
    Sheet.objects.filter(item=item, seat=seat, state=SheetState.DRAFT).update(state=SheetState.SET_ASIDE)
    after = {"person": str(seat.user), "ground": ground}
    audit.record(by=by, verb="item.recuse", obj=item, after=after, reason=reason.strip())
    return recusal


@transaction.atomic
def withdraw(*, recusal: Recusal, reason: str, by: Any) -> Recusal:
    """Take a recusal back before the result is closed; the member's sheet counts, or is written, again.

    The member takes back only what the member declared. Raises DomainError without a reason, a second
    time, or once the dossier has its result.
    """
    item = locked_item(recusal.item)
    recusal = Recusal.objects.select_for_update(of=("self",)).select_related("seat__user").get(pk=recusal.pk)
    if not may_withdraw(by, recusal, item):
        raise PermissionDenied("Chỉ rút khai báo của chính mình.")
    require_unfinished(item)
    if recusal.withdrawn_at is not None:
        raise DomainError("Khai báo này đã được rút.")
    if not reason.strip():
        raise DomainError("Hãy ghi lý do rút.", field="reason")
    recusal.withdrawn_by, recusal.withdrawn_at = by, timezone.now()
    recusal.withdraw_reason = reason.strip()
    recusal.save(update_fields=["withdrawn_by", "withdrawn_at", "withdraw_reason"])
    if item.session.state in SessionState.running:
        open_sheets(item.session)
    after = {"person": str(recusal.seat.user), "ground": recusal.ground}
    audit.record(by=by, verb="item.recusal_withdrawn", obj=item, before=after, reason=reason.strip())
    return recusal


def may_withdraw(by: Any, recusal: Recusal, item: AgendaItem) -> bool:
    """Who keeps the minutes, but not on one's own case; the member, what the member declared."""
    if recusal.seat.user_id == by.pk:
        return recusal.declared_by_id == by.pk and by.has_perm("evaluation.declare_recusal", item)
    return _keeps_minutes(by, item)


def _keeps_minutes(by: Any, item: AgendaItem) -> bool:
    return by.has_perm("evaluation.keep_session", item)
