"""Sessions: agenda, opening (everybody gets sheets) and ending."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.numbers import format_date
from evaluation.enums import ItemState, SeatRole, SessionState
from evaluation.models import AgendaItem, Council, CriteriaSet, Round, Session, Sheet
from evaluation.services.criteria import in_force_set
from evaluation.services.guards import require
from evaluation.services.rounds import locked_round, place_on_agenda
from evaluation.workflow import CLOSE, OPEN, SessionStep
from products.enums import DossierState
from products.models import Dossier, DossierVersion


@transaction.atomic
def create_session(
    *, council: Council, evaluation_round: Round, name: str, held_on: date, by: Any, place: str = ""
) -> Session:
    """Plan a session of a council within a round of the same province."""
    require(by, "evaluation.manage_session", council)
    if evaluation_round.unit_id != council.unit_id:
        raise DomainError("Đợt đánh giá không thuộc tỉnh của Hội đồng.", field="round")
    if held_on < council.decided_on:
        day = format_date(council.decided_on)
        raise DomainError(f"Ngày họp không thể trước ngày thành lập Hội đồng ({day}).", field="held_on")
    session = Session.objects.create(
        council=council, round=evaluation_round, name=name, held_on=held_on, place=place
    )
    audit.record(by=by, verb="session.create", obj=session, after={"held_on": held_on})
    return session


@transaction.atomic
def add_dossiers(*, session: Session, dossiers: Sequence[Dossier], by: Any) -> list[AgendaItem]:
    """Put accepted dossiers on the agenda, each with its latest filed version; all or none.

    In an open session the members get their sheets at once. A dossier of another round, or of none, comes
    into the session's round. Raises DomainError naming the dossier that is not accepted, is on an agenda
    already or is late for the round, or when the session is over.
    """
    require(by, "evaluation.manage_session", session)
    session = _locked(session)
    if session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không thêm hồ sơ được nữa.")
    if not dossiers:
        raise DomainError("Hãy chọn ít nhất một hồ sơ.", field="dossiers")
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    session.round = locked_round(session.round)
    items = [_add(session, dossier, last + number, by) for number, dossier in enumerate(dossiers, start=1)]
    if session.state == SessionState.OPEN:
        open_sheets(session)
    names = [str(dossier) for dossier in dossiers]
    audit.record(by=by, verb="session.add_dossiers", obj=session, after={"dossiers": names})
    return items


def _add(session: Session, dossier: Dossier, position: int, by: Any) -> AgendaItem:
    # The dossier row is locked: it can neither move on nor enter two agendas meanwhile.
    rows = Dossier.objects.select_for_update(of=("self",)).select_related("product__product_set", "commune")
    dossier = rows.get(pk=dossier.pk)
    if dossier.state not in DossierState.assessable:
        raise DomainError(f"{dossier}: chỉ đưa vào phiên họp hồ sơ đã được tỉnh tiếp nhận.", field="dossiers")
    version = dossier.versions.filter(submitted_at__isnull=False).order_by("-number").first()
    if version is None:
        raise DomainError(f"{dossier}: chưa có phiên bản đã nộp.", field="dossiers")
    if AgendaItem.objects.filter(version=version).exclude(state=ItemState.SENT_BACK).exists():
        raise DomainError(f"{dossier}: đã có trong một phiên họp.", field="dossiers")
    place_on_agenda(dossier=dossier, session=session, by=by)
    return AgendaItem.objects.create(
        session=session, version=version, criteria_set=_set_of(version, dossier), position=position
    )


def _set_of(version: DossierVersion, dossier: Dossier) -> CriteriaSet:
    """The table the dossier was filed under; without a self-assessment, the one in force."""
    assessment = getattr(version, "self_assessment", None)
    if assessment:
        return assessment.criteria_set
    return in_force_set(dossier.product.product_set, timezone.localdate())


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any) -> None:
    """Take a dossier off the agenda of a session that has not been opened. Raises DomainError later on."""
    require(by, "evaluation.manage_session", item.session)
    session = _locked(item.session)
    if session.state != SessionState.PLANNED:
        raise DomainError("Phiên họp đã mở; không bỏ hồ sơ khỏi phiên được nữa.")
    label = str(item)
    item.delete()
    audit.record(by=by, verb="session.remove_dossier", obj=session, after={"dossier": label})


@transaction.atomic
def open_session(*, session: Session, by: Any) -> Session:
    """Open a session: every seated member gets a sheet for every dossier of the agenda.

    Raises DomainError when the council has no chair or the agenda is empty.
    """
    require(by, "evaluation.manage_session", session)
    session = _locked(session)
    _require_source(session, OPEN)
    if not session.council.seats.active().filter(role=SeatRole.CHAIR).exists():
        raise DomainError("Hội đồng chưa có Chủ tịch; hãy bổ sung thành viên trước khi mở phiên.")
    if not session.items.exists():
        raise DomainError("Phiên họp chưa có hồ sơ; hãy thêm hồ sơ trước khi mở phiên.")
    session.regulation = session.council.regulation
    session.save(update_fields=["regulation"])
    _move(session, OPEN, by)
    open_sheets(session)
    return session


def open_sheets(session: Session) -> None:
    """Give every seated member of an open session the sheets still missing; safe to repeat."""
    # Seating (`add_seat`) holds the same lock: nobody is seated between the look and the sheets.
    Council.objects.select_for_update().get(pk=session.council_id)
    seats = session.council.seats.active().scoring()
    items = session.items.filter(state=ItemState.SCORING)
    Sheet.objects.bulk_create(
        (
            Sheet(item=item, seat=seat, criteria_set_id=item.criteria_set_id)
            for item in items
            for seat in seats
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def close_session(*, session: Session, by: Any) -> Session:
    """End a session. Raises DomainError naming the dossiers that have no result yet."""
    require(by, "evaluation.manage_session", session)
    session = _locked(session)
    _require_source(session, CLOSE)
    waiting = session.items.filter(state=ItemState.SCORING).select_related("version__dossier__product")
    if names := [str(item) for item in waiting]:
        raise DomainError(f"Còn {len(names)} hồ sơ chưa có kết quả: {', '.join(names)}.")
    _move(session, CLOSE, by)
    return session


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("council").get(pk=session.pk)


def _require_source(session: Session, step: SessionStep) -> None:
    if session.state != step.source:
        state = SessionState(session.state).label.lower()
        raise DomainError(f"Phiên họp đang ở trạng thái “{state}”, không thực hiện được “{step.label}”.")


def _move(session: Session, step: SessionStep, by: Any) -> None:
    before, session.state = session.state, step.target
    session.save(update_fields=["state"])
    after = {"state": session.state}
    audit.record(by=by, verb=f"session.{step.name}", obj=session, before={"state": before}, after=after)
