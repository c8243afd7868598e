"""Re-scoring: the chair or the secretary asks a member to score a dossier again; both sheets are kept."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from evaluation.enums import SheetState
from evaluation.models import AgendaItem, Choice, Recusal, ReScoring, Sheet
from evaluation.services.guards import locked_item, require, require_scoring
from evaluation.services.texts import clean_text

PERMISSION = "evaluation.request_rescoring"


@transaction.atomic
def request_rescoring(*, sheet: Sheet, reason: str, by: Any) -> ReScoring:
    """Ask the member of a submitted sheet to score again; the new sheet begins as a copy of it.

    The submitted sheet stays as it is and counts until the new one is submitted; until then the result
    cannot be closed. The member is told. Raises DomainError without a reason, for a sheet that is not the
    one that counts, a member who has left, scores no more or is recused, and once the dossier cannot be
    scored any more.
    """
    item = locked_item(sheet.item)
    require(by, PERMISSION, item)
    require_scoring(item)
    reason = clean_text(reason, empty="Hãy ghi lý do yêu cầu chấm lại.", field="reason")
    sheet = Sheet.objects.select_related("seat__user", "criteria_set").get(pk=sheet.pk)
    _check_counts(sheet)
    again = _copy(sheet)
    rescoring = ReScoring.objects.create(sheet=sheet, new_sheet=again, reason=reason, requested_by=by)
    after = {"member": str(sheet.seat.user), "number": again.number}
    audit.record(by=by, verb="sheet.rescoring_request", obj=item, after=after, reason=reason)
    _tell(rescoring, item, f"Được yêu cầu chấm lại: {item}", f"Lý do: {reason}", "asked")
    return rescoring


def _check_counts(sheet: Sheet) -> None:
    """The sheet is the latest of a member who still scores the dossier."""
    name = sheet.seat.user
    if sheet.seat.left_on is not None:
        raise DomainError(f"{name} đã thôi tham gia Hội đồng; không yêu cầu chấm lại được.")
    if not sheet.seat.scores:
        raise DomainError(f"{name} không chấm điểm nữa; phiếu đã nộp vẫn được tính.")
    if Recusal.objects.in_force().filter(item=sheet.item_id, seat=sheet.seat_id).exists():
        raise DomainError(f"{name} không chấm hồ sơ này vì xung đột lợi ích.")
    others = Sheet.objects.filter(item=sheet.item_id, seat=sheet.seat_id).exclude(pk=sheet.pk)
    if sheet.state == SheetState.DRAFT or others.filter(state=SheetState.DRAFT).exists():
        raise DomainError(f"{name} đang chấm; chờ nộp phiếu rồi mới yêu cầu chấm lại được.")
    if sheet.state != SheetState.SUBMITTED or others.submitted().filter(number__gt=sheet.number).exists():
        raise DomainError("Phiếu này không còn là phiếu được tính; hãy tải lại trang.")


def _copy(sheet: Sheet) -> Sheet:
    """A draft with the next number and the same choices, stop and opinion."""
    same = Sheet.objects.filter(item=sheet.item_id, seat=sheet.seat_id)
    again = Sheet.objects.create(
        item_id=sheet.item_id,
        seat=sheet.seat,
        criteria_set_id=sheet.criteria_set_id,
        number=same.aggregate(last=Max("number"))["last"] + 1,
        stopped_at_id=sheet.stopped_at_id,
        opinion=sheet.opinion,
    )
    Choice.objects.bulk_create(
        Choice(
            sheet=again,
            criteria_set_id=choice.criteria_set_id,
            criterion_id=choice.criterion_id,
            option_id=choice.option_id,
        )
        for choice in sheet.choices.all()
    )
    return again


@transaction.atomic
def withdraw_rescoring(*, rescoring: ReScoring, reason: str, by: Any) -> ReScoring:
    """Take a request back before it is answered: the new sheet is set aside, the earlier one counts.

    Raises DomainError without a reason, when the member has submitted meanwhile, or when the request was
    taken back already.
    """
    item = locked_item(rescoring.sheet.item)
    require(by, PERMISSION, item)
    require_scoring(item)
    reason = clean_text(reason, empty="Hãy ghi lý do rút yêu cầu chấm lại.", field="reason")
    found = ReScoring.objects.select_related("sheet__seat__user", "new_sheet").get(pk=rescoring.pk)
    again = Sheet.objects.select_for_update(of=("self",)).get(pk=found.new_sheet_id)
    if found.withdrawn_at is not None:
        raise DomainError("Yêu cầu chấm lại này đã được rút.")
    if again.state == SheetState.SUBMITTED:
        raise DomainError(f"{found.sheet.seat.user} đã nộp phiếu chấm lại; không rút yêu cầu được nữa.")
    again.state = SheetState.SET_ASIDE
    again.save(update_fields=["state"])
    found.withdrawn_by, found.withdrawn_at, found.withdraw_reason = by, timezone.now(), reason
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdraw_reason"])
    after = {"member": str(found.sheet.seat.user), "number": again.number}
    audit.record(by=by, verb="sheet.rescoring_withdraw", obj=item, after=after, reason=reason)
    title = f"Không phải chấm lại nữa: {item}"
    _tell(found, item, title, f"Phiếu đã nộp lần trước được tính. Lý do: {reason}", "withdrawn")
    return found


def _tell(rescoring: ReScoring, item: AgendaItem, title: str, body: str, what: str) -> None:
    """The member hears of it, with the way to the sheet; nothing of anybody's points."""
    counts = rescoring.new_sheet_id if what == "asked" else rescoring.sheet_id
    notices.send(
        [rescoring.sheet.seat.user],
        kind=NoticeKind.DOSSIER,
        title=title,
        body=body,
        url=reverse("evaluation:sheet", args=[counts]),
        key=f"rescoring:{rescoring.pk}:{what}",
    )
