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
from evaluation.enums import ItemState, SeatRole, SessionKind, SessionState, SheetState
from evaluation.models import AgendaItem, Council, CriteriaSet, Recusal, Round, Session, Sheet
from evaluation.queries.quorum import counts_attendance, quorum_of_meeting
from evaluation.services.criteria import in_force_set
from evaluation.services.guards import require
from evaluation.services.rounds import locked_round, place_on_agenda
from evaluation.workflow import CLOSE, OPEN, SessionStep
from products.enums import DossierKind, DossierState
from products.models import Dossier, DossierVersion

COLUMNS = ("name", "held_on", "place", "kind", "opinions_until")


@transaction.atomic
def create_session(
    *,
    council: Council,
    evaluation_round: Round,
    name: str,
    held_on: date,
    by: Any,
    place: str = "",
    kind: str = SessionKind.MEETING,
    opinions_until: date | None = None,
) -> Session:
    """Plan a session of a council within a round of the same province: a meeting, or a written opinion.

    Raises DomainError for another province's round, a day before the council or after the round's last
    one, and a written opinion that the regulation does not allow or that has no day for the answers.
    """
    require(by, "evaluation.manage_session", council)
    if evaluation_round.unit_id != council.unit_id:
        raise DomainError("Đợt đánh giá không thuộc tỉnh của Hội đồng.", field="round")
    session = Session(
        council=council,
        round=evaluation_round,
        name=name,
        held_on=held_on,
        place=place,
        kind=kind,
        opinions_until=opinions_until if kind == SessionKind.WRITTEN else None,
    )
    check_plan(session)
    session.save()
    audit.record(by=by, verb="session.create", obj=session, after={"held_on": held_on, "kind": kind})
    return session


@transaction.atomic
def update_session(
    *,
    session: Session,
    name: str,
    held_on: date,
    by: Any,
    place: str = "",
    kind: str = SessionKind.MEETING,
    opinions_until: date | None = None,
) -> Session:
    """Change a session that has not been opened; of an open written opinion its last day may be put off.

    Refuses like `create_session`, and anything else once it is open.
    """
    require(by, "evaluation.manage_session", session)
    session = locked_session(session)
    before = {column: getattr(session, column) for column in COLUMNS}
    session.name, session.held_on, session.place, session.kind = name, held_on, place, kind
    session.opinions_until = opinions_until if kind == SessionKind.WRITTEN else None
    if session.state != SessionState.PLANNED:
        _check_put_off(session, before)
    check_plan(session)
    _check_written(session)
    session.save(update_fields=list(COLUMNS))
    after = {column: getattr(session, column) for column in COLUMNS}
    changed = [column for column in COLUMNS if after[column] != before[column]]
    audit.record(
        by=by,
        verb="session.update",
        obj=session,
        before={column: before[column] for column in changed},
        after={column: after[column] for column in changed},
    )
    return session


def _check_put_off(session: Session, before: dict[str, Any]) -> None:
    """Raise DomainError unless nothing changes but a later last day of written opinions under way."""
    if session.state not in SessionState.running or before["kind"] != SessionKind.WRITTEN:
        raise DomainError("Phiên họp đã mở; không sửa thông tin phiên được nữa.")
    if any(getattr(session, column) != before[column] for column in COLUMNS[:-1]) or (
        session.opinions_until is None or session.opinions_until <= before["opinions_until"]
    ):
        raise DomainError(
            "Đang lấy ý kiến: chỉ gia hạn gửi ý kiến được, đến ngày muộn hơn.", field="opinions_until"
        )


def check_plan(session: Session) -> None:
    """Raise DomainError unless the session's day, kind and days for answers may be so."""
    founded, last = session.council.decided_on, session.round.finish_until
    if session.held_on < founded:
        day = format_date(founded)
        raise DomainError(f"Ngày họp không thể trước ngày thành lập Hội đồng ({day}).", field="held_on")
    if session.held_on > last:
        raise DomainError(
            f"{session.round} phải hoàn thành trước {format_date(last)}; hãy chọn ngày họp sớm hơn.",
            field="held_on",
        )
    if session.kind != SessionKind.WRITTEN:
        return
    if not session.council.regulation.allows_written:
        raise DomainError("Quy chế của Hội đồng không cho lấy ý kiến bằng văn bản.", field="kind")
    if session.opinions_until is None:
        raise DomainError("Hãy ghi hạn gửi ý kiến bằng văn bản.", field="opinions_until")
    if not session.held_on <= session.opinions_until <= last:
        raise DomainError(
            f"Hạn gửi ý kiến phải từ ngày lấy ý kiến đến {format_date(last)}.", field="opinions_until"
        )


def _check_written(session: Session) -> None:
    """By written opinion only a re-ranking is decided (Đ7 k6)."""
    if session.kind != SessionKind.WRITTEN:
        return
    others = session.items.exclude(version__dossier__kind=DossierKind.RE_RANKING)
    if names := [str(item) for item in others.select_related("version__dossier__product")]:
        raise DomainError(f"Chỉ lấy ý kiến bằng văn bản khi đánh giá lại; không phải: {', '.join(names)}.")


@transaction.atomic
def add_dossiers(*, session: Session, dossiers: Sequence[Dossier], by: Any) -> list[AgendaItem]:
    """Put accepted dossiers on the agenda, each with its latest filed version; all or none.

    In an open session the members get their sheets at once. A dossier of another round, or of none, comes
    into the session's round. Raises DomainError naming the dossier that is not accepted, is on an agenda
    already or is late for the round, or when the session is over.
    """
    require(by, "evaluation.manage_session", session)
    session = locked_session(session)
    if session.state == SessionState.CLOSED:
        raise DomainError("Phiên họp đã kết thúc; không thêm hồ sơ được nữa.")
    if not dossiers:
        raise DomainError("Hãy chọn ít nhất một hồ sơ.", field="dossiers")
    last = session.items.aggregate(last=Max("position"))["last"] or 0
    session.round = locked_round(session.round)
    items = [_add(session, dossier, last + number, by) for number, dossier in enumerate(dossiers, start=1)]
    if session.state in SessionState.running:
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
    if session.kind == SessionKind.WRITTEN and dossier.kind != DossierKind.RE_RANKING:
        raise DomainError(f"{dossier}: chỉ lấy ý kiến bằng văn bản khi đánh giá lại.", field="dossiers")
    version = dossier.versions.filter(submitted_at__isnull=False).order_by("-number").first()
    if version is None:
        raise DomainError(f"{dossier}: chưa có phiên bản đã nộp.", field="dossiers")
    if AgendaItem.objects.filter(version=version).exclude(state=ItemState.SENT_BACK).exists():
        raise DomainError(f"{dossier}: đã có trong một phiên họp.", field="dossiers")
    place_on_agenda(dossier=dossier, session=session, by=by)
    return AgendaItem.objects.create(
        session=session, version=version, criteria_set=set_of(version, dossier), position=position
    )


def set_of(version: DossierVersion, dossier: Dossier) -> CriteriaSet:
    """The table the dossier was filed under; without a self-assessment, the one in force."""
    assessment = getattr(version, "self_assessment", None)
    if assessment:
        return assessment.criteria_set
    return in_force_set(dossier.product.product_set, timezone.localdate())


@transaction.atomic
def remove_item(*, item: AgendaItem, by: Any) -> None:
    """Take a dossier off the agenda of a session that has not been opened. Raises DomainError later on."""
    require(by, "evaluation.manage_session", item.session)
    session = locked_session(item.session)
    if session.state != SessionState.PLANNED:
        raise DomainError("Phiên họp đã mở; không bỏ hồ sơ khỏi phiên được nữa.")
    if item.recusals.exists() or item.sheets.exists():
        raise DomainError("Hồ sơ đã có phiếu hoặc khai báo xung đột lợi ích; không bỏ khỏi phiên được nữa.")
    label = str(item)
    item.delete()
    audit.record(by=by, verb="session.remove_dossier", obj=session, after={"dossier": label})


@transaction.atomic
def open_session(*, session: Session, by: Any) -> Session:
    """Open a session: every seated member who scores gets a sheet for every dossier of the agenda.

    From now on the session keeps the present version of the regulation. Raises DomainError when the
    council has no chair, the agenda is empty, the round is over, too few attend (where attendance makes
    the quorum), or a written opinion has a dossier that is no re-ranking.
    """
    require(by, "evaluation.manage_session", session)
    session = locked_session(session)
    require_source(session, OPEN)
    if not session.council.seats.active().filter(role=SeatRole.CHAIR).exists():
        raise DomainError("Hội đồng chưa có Chủ tịch; hãy bổ sung thành viên trước khi mở phiên.")
    if not session.items.exists():
        raise DomainError("Phiên họp chưa có hồ sơ; hãy thêm hồ sơ trước khi mở phiên.")
    if session.round.finish_until < timezone.localdate():
        day = format_date(session.round.finish_until)
        raise DomainError(f"{session.round} đã kết thúc ngày {day}; không mở phiên được nữa.")
    session.regulation = session.council.regulation
    check_plan(session)
    _check_written(session)
    _check_attendance(session)
    if session.opinions_until and session.opinions_until < timezone.localdate():
        raise DomainError("Hạn gửi ý kiến đã qua; hãy sửa thông tin phiên trước khi mở.")
    session.save(update_fields=["regulation"])
    move(session, OPEN, by)
    open_sheets(session)
    return session


def _check_attendance(session: Session) -> None:
    if not counts_attendance(session):
        return
    quorum = quorum_of_meeting(session)
    if not quorum.has_people:
        raise DomainError(quorum.refusal)


def open_sheets(session: Session) -> None:
    """Give every member who scores in a running session the sheets still missing; safe to repeat.

    Sheets set aside come back to who scores again. Who is recused gets none.
    """
    # Seating (`add_seat`) holds the same lock: nobody is seated between the look and the sheets.
    Council.objects.select_for_update(no_key=True).get(pk=session.council_id)
    seats = list(session.council.seats.active().scoring())
    items = list(session.items.filter(state__in=ItemState.unfinished))
    recused = set(Recusal.objects.in_force().filter(item__in=items).values_list("item", "seat"))
    pairs = [(item, seat) for item in items for seat in seats if (item.pk, seat.pk) not in recused]
    aside = Sheet.objects.filter(item__in=items, state=SheetState.SET_ASIDE)
    # A re-scoring that was taken back stays aside: the earlier sheet counts again.
    aside = aside.exclude(rescoring_of__withdrawn_at__isnull=False)
    wanted = {(item.pk, seat.pk) for item, seat in pairs}
    back = [pk for pk, *pair in aside.values_list("pk", "item", "seat") if tuple(pair) in wanted]
    Sheet.objects.filter(pk__in=back).update(state=SheetState.DRAFT)
    Sheet.objects.bulk_create(
        (Sheet(item=item, seat=seat, criteria_set_id=item.criteria_set_id) for item, seat in pairs),
        ignore_conflicts=True,
    )


@transaction.atomic
def close_session(*, session: Session, by: Any, reason: str = "") -> Session:
    """End a session. Raises DomainError naming the dossiers that have no result yet, or when it is over."""
    require(by, "evaluation.manage_session", session)
    session = locked_session(session)
    require_source(session, CLOSE)
    waiting = session.items.filter(state__in=ItemState.unfinished)
    if names := [str(item) for item in waiting.select_related("version__dossier__product")]:
        raise DomainError(f"Còn {len(names)} hồ sơ chưa có kết quả: {', '.join(names)}.")
    move(session, CLOSE, by, reason=reason)
    return session


def locked_session(session: Session) -> Session:
    """The session read again under a row lock, with its council, regulations and round."""
    # Locked first and joined after: the regulation is pinned while another hand waits.
    Session.objects.select_for_update().get(pk=session.pk)
    rows = Session.objects.select_related("council__regulation", "regulation", "round")
    return rows.get(pk=session.pk)


def require_source(session: Session, step: SessionStep) -> None:
    """Raise DomainError unless the step leads on from where the session stands."""
    if session.state != step.source:
        state = SessionState(session.state).label.lower()
        raise DomainError(f"Phiên họp đang ở trạng thái “{state}”, không thực hiện được “{step.label}”.")


def move(session: Session, step: SessionStep, by: Any, *, reason: str = "") -> None:
    """Take the step on a locked session and write it to the log."""
    before, session.state = session.state, step.target
    session.save(update_fields=["state"])
    after = {"state": session.state}
    audit.record(
        by=by,
        verb=f"session.{step.name}",
        obj=session,
        before={"state": before},
        after=after,
        reason=reason.strip(),
    )
