"""Rounds: their dates by law (Đ5 QĐ 26/2026), and which dossier is assessed in which."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.numbers import format_date
from core.text import nfc
from evaluation.models import AgendaItem, Round, RoundEntry, Session
from evaluation.services.advisory import assign
from evaluation.services.guards import require
from products.enums import DossierState
from products.models import Dossier
from products.services import perform

# Đ5: files until / finished before, as (month, day), for the two rounds every year has at least.
LEGAL_ROUNDS = {1: ((4, 30), (6, 30)), 2: ((10, 30), (12, 30))}
ACCEPT = "products.accept_dossier"


class RowsRefused(DomainError):
    """Several dossiers were to be accepted at once and some cannot be: none was. `reasons`: by dossier id."""

    def __init__(self, reasons: dict[int, str]) -> None:
        self.reasons = reasons
        super().__init__(
            f"Chưa tiếp nhận hồ sơ nào: {len(reasons)} hồ sơ được chọn chưa tiếp nhận được. "
            "Lý do ghi ở từng hồ sơ; hãy bỏ chọn các hồ sơ đó rồi thử lại."
        )


def round_of_law(unit_id: int, year: int, number: int) -> Round:
    """The first or second round of a year with the dates of Đ5, not stored.

    Raises DomainError for another number: extra rounds have dates of their own.
    """
    if number not in LEGAL_ROUNDS:
        raise DomainError("Đợt bổ sung phải được lập với ngày riêng theo quy chế.", field="round")
    files_until, finish_until = LEGAL_ROUNDS[number]
    return Round(
        unit_id=unit_id,
        year=year,
        number=number,
        name=f"Đợt {number} năm {year}",
        files_until=date(year, *files_until),
        finish_until=date(year, *finish_until),
    )


def legal_round(*, unit: AdminUnit, year: int, number: int) -> Round:
    """The first or second round of a year, entered with the dates of Đ5 when it is not there yet.

    Raises DomainError for another number.
    """
    law = round_of_law(unit.pk, year, number)
    dates = {"name": law.name, "files_until": law.files_until, "finish_until": law.finish_until}
    found, _ = Round.objects.get_or_create(unit=unit, year=year, number=number, defaults=dates)
    return found


@transaction.atomic
def create_round(
    *,
    unit: AdminUnit,
    year: int,
    number: int,
    files_until: date,
    finish_until: date,
    by: Any,
    name: str = "",
    extra_basis: str = "",
) -> Round:
    """Enter a round of the province; from the third on with the basis that allows it.

    Raises DomainError when the year has a round of that number or a date breaks Đ5 (`_check_dates`).
    """
    new = Round(
        unit=unit,
        year=year,
        number=number,
        name=nfc(name) or f"Đợt {number} năm {year}",
        files_until=files_until,
        finish_until=finish_until,
        extra_basis=nfc(extra_basis),
    )
    require(by, "evaluation.manage_round", new)
    _check_dates(new)
    # One at a time: the look for the number and the insert must not interleave.
    AdminUnit.objects.select_for_update().get(pk=unit.pk)
    if Round.objects.filter(unit=unit, year=year, number=number).exists():
        raise DomainError(f"Năm {year} đã có đợt {number}; hãy sửa đợt đó hoặc chọn số khác.", field="number")
    new.save()
    audit.record(by=by, verb="round.create", obj=new, after=_columns(new))
    return new


@transaction.atomic
def update_round(
    *,
    evaluation_round: Round,
    files_until: date,
    finish_until: date,
    by: Any,
    name: str,
    extra_basis: str = "",
) -> Round:
    """Change name, dates and basis of a round.

    Raises DomainError when a session is held after the new last day, or a dossier taken as in time
    would become late.
    """
    stored = _locked(evaluation_round)
    require(by, "evaluation.manage_round", stored)
    before = _columns(stored)
    stored.files_until, stored.finish_until = files_until, finish_until
    stored.name, stored.extra_basis = nfc(name) or stored.name, nfc(extra_basis)
    _check_dates(stored)
    _check_sessions(stored)
    _check_entries(stored)
    after = _columns(stored)
    if changed := [column for column in after if after[column] != before[column]]:
        stored.save(update_fields=changed)
        audit.record(
            by=by,
            verb="round.update",
            obj=stored,
            before={column: before[column] for column in changed},
            after={column: after[column] for column in changed},
        )
    return stored


def _columns(row: Round) -> dict[str, Any]:
    return {column: getattr(row, column) for column in ("name", "files_until", "finish_until", "extra_basis")}


def _check_dates(row: Round) -> None:
    """Đ5: dates of the round's year and in order; the legal rounds end in time, extra ones have a basis."""
    if row.files_until.year != row.year:
        raise DomainError(f"Ngày nhận hồ sơ phải thuộc năm {row.year}.", field="files_until")
    if row.finish_until <= row.files_until:
        raise DomainError("Ngày hoàn thành phải sau ngày nhận hồ sơ.", field="finish_until")
    if row.number not in LEGAL_ROUNDS:
        if not row.extra_basis:
            raise DomainError(
                "Đợt bổ sung phải nêu căn cứ: quy chế hoạt động của Hội đồng hoặc văn bản cho phép.",
                field="extra_basis",
            )
        return
    law = round_of_law(row.unit_id, row.year, row.number)
    if row.finish_until > law.finish_until:
        day = format_date(law.finish_until)
        raise DomainError(f"Đợt {row.number} phải hoàn thành trước {day} (Điều 5).", field="finish_until")
    if row.files_until > law.files_until and not row.extra_basis:
        day = format_date(law.files_until)
        raise DomainError(
            f"Đợt {row.number} nhận hồ sơ đến {day} (Điều 5); nhận muộn hơn phải nêu căn cứ.",
            field="extra_basis",
        )


def _check_sessions(row: Round) -> None:
    last = row.sessions.order_by("held_on").last()
    if last and row.finish_until < last.held_on:
        raise DomainError(
            f"{last.name} của đợt họp ngày {format_date(last.held_on)}, ngày hoàn thành không thể sớm hơn.",
            field="finish_until",
        )


def _check_entries(row: Round) -> None:
    later = row.entries.filter(late_reason="", dossier__proposed_on__gt=row.files_until).count()
    if later:
        raise DomainError(
            f"{later} hồ sơ tiếp nhận đúng hạn có công văn sau ngày này; hãy chuyển đợt các hồ sơ đó trước.",
            field="files_until",
        )


# --- dossiers in rounds ---


def is_late(dossier: Dossier, evaluation_round: Round) -> bool:
    """Did the commune propose the dossier after the round's last day for files?"""
    return dossier.proposed_on is not None and dossier.proposed_on > evaluation_round.files_until


@transaction.atomic
def accept_into_round(
    *,
    dossier: Dossier,
    evaluation_round: Round,
    by: Any,
    late_reason: str = "",
    advisers: Sequence[User] = (),
    due_on: date | None = None,
    note: str = "",
) -> RoundEntry:
    """Accept a proposed dossier into a round and give it to members of the advisory team, all or nothing.

    A legal round that is not stored yet is entered. Raises PermissionDenied; DomainError when the dossier
    is not waiting, the round is over, or the letter came after the round's last day and no reason is given.
    """
    chosen = _stored(evaluation_round)
    perform(dossier, "accept", by=by)
    entry = _enter(dossier, chosen, by=by, late_reason=late_reason)
    for person in advisers:
        assign(dossier=dossier, member=person, due_on=due_on, note=note, by=by)
    return entry


@transaction.atomic
def accept_many(*, dossiers: Sequence[Dossier], evaluation_round: Round, by: Any) -> list[RoundEntry]:
    """Accept several proposed dossiers into one round: all, or none with the reason for every refused one.

    Raises RowsRefused, PermissionDenied, DomainError when nothing was chosen.
    """
    if not dossiers:
        raise DomainError("Hãy chọn ít nhất một hồ sơ.", field="dossiers")
    chosen = _stored(evaluation_round)
    entries, reasons = [], {}
    for dossier in sorted(dossiers, key=lambda row: row.pk):  # one order of locks for everybody
        try:
            entries.append(accept_into_round(dossier=dossier, evaluation_round=chosen, by=by))
        except DomainError as refusal:
            reasons[dossier.pk] = refusal.message
    if reasons:
        raise RowsRefused(reasons)
    return entries


@transaction.atomic
def enter_round(*, dossier: Dossier, evaluation_round: Round, by: Any, late_reason: str = "") -> RoundEntry:
    """Put an accepted dossier that is in no round into one. Raises DomainError as `accept_into_round`."""
    chosen = _stored(evaluation_round)
    dossier = _locked_dossier(dossier)
    require(by, ACCEPT, dossier)
    _require_movable(dossier)
    if RoundEntry.objects.filter(dossier=dossier).exists():
        raise DomainError(f"{dossier}: đã được xếp vào một đợt.")
    return _enter(dossier, chosen, by=by, late_reason=late_reason)


@transaction.atomic
def move_entry(*, entry: RoundEntry, evaluation_round: Round, by: Any, late_reason: str = "") -> RoundEntry:
    """Move a dossier to another round while it is on no agenda. Raises DomainError otherwise."""
    chosen = _stored(evaluation_round)
    entry, dossier = _locked_entry(entry)
    require(by, "evaluation.manage_round", entry.round)
    _require_movable(dossier)
    if entry.round_id == chosen.pk:
        raise DomainError(f"Hồ sơ đang ở {chosen}; hãy chọn đợt khác.", field="round")
    _check_open(chosen)
    return _move(entry, dossier, chosen, by=by, late_reason=late_reason)


@transaction.atomic
def leave_round(*, entry: RoundEntry, by: Any, reason: str) -> None:
    """Take a dossier out of its round while it is on no agenda; it stays accepted and waits for a round."""
    entry, dossier = _locked_entry(entry)
    require(by, "evaluation.manage_round", entry.round)
    _require_movable(dossier)
    if not reason.strip():
        raise DomainError("Cần ghi lý do đưa hồ sơ ra khỏi đợt.", field="reason")
    left = entry.round
    entry.delete()
    audit.record(by=by, verb="round.leave", obj=left, after={"dossier": str(dossier)}, reason=reason.strip())


def place_on_agenda(*, dossier: Dossier, session: Session, by: Any) -> None:
    """A dossier on an agenda belongs to the session's round: enter it there or move it, as one act with it.

    The caller holds the locks of the round and of the dossier. Being called is the reason for a late one that
    was in no round; one accepted into another round raises DomainError when it is late for this one.
    """
    evaluation_round = session.round
    entry = RoundEntry.objects.select_related("round").filter(dossier=dossier).first()
    if entry is None:
        _enter_unasked(dossier, evaluation_round, by=by, late_reason=f"Đưa vào {session.name}.")
    elif entry.round_id != evaluation_round.pk:
        _move(entry, dossier, evaluation_round, by=by, late_reason=entry.late_reason)


def locked_round(evaluation_round: Round) -> Round:
    """The round read again under a lock. Rounds are locked before dossiers everywhere."""
    return _locked(evaluation_round)


def _locked(row: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)


def _stored(row: Round) -> Round:
    if row.pk is None:
        row = legal_round(unit=row.unit, year=row.year, number=row.number)
    return _locked(row)


def _locked_dossier(dossier: Dossier) -> Dossier:
    return Dossier.objects.with_names().select_for_update(of=("self",)).get(pk=dossier.pk)


def _locked_entry(entry: RoundEntry) -> tuple[RoundEntry, Dossier]:
    dossier = _locked_dossier(Dossier(pk=entry.dossier_id))
    found = RoundEntry.objects.select_related("round__unit").filter(pk=entry.pk).first()
    if found is None:
        raise DomainError("Hồ sơ vừa được đưa ra khỏi đợt.")
    return found, dossier


def _require_movable(dossier: Dossier) -> None:
    if dossier.state not in DossierState.assessable:
        state = DossierState(dossier.state).label
        raise DomainError(f"Hồ sơ đang ở trạng thái “{state}” nên không xếp lại đợt được.")
    if AgendaItem.objects.filter(version__dossier=dossier).exists():
        raise DomainError("Hồ sơ đã có trong phiên họp; bỏ khỏi phiên rồi mới xếp lại đợt được.")


def _enter(dossier: Dossier, target: Round, *, by: Any, late_reason: str) -> RoundEntry:
    _check_open(target)
    return _enter_unasked(dossier, target, by=by, late_reason=late_reason)


def _enter_unasked(dossier: Dossier, target: Round, *, by: Any, late_reason: str) -> RoundEntry:
    reason = _late_reason(dossier, target, late_reason)
    entry = RoundEntry.objects.create(round=target, dossier=dossier, late_reason=reason, entered_by=by)
    audit.record(by=by, verb="round.enter", obj=target, after={"dossier": str(dossier)}, reason=reason)
    return entry


def _move(entry: RoundEntry, dossier: Dossier, target: Round, *, by: Any, late_reason: str) -> RoundEntry:
    reason = _late_reason(dossier, target, late_reason)
    before, entry.round, entry.late_reason = entry.round, target, reason
    entry.save(update_fields=["round", "late_reason"])
    audit.record(
        by=by,
        verb="round.move",
        obj=target,
        before={"round": str(before)},
        after={"round": str(target), "dossier": str(dossier)},
        reason=reason,
    )
    return entry


def _check_open(target: Round) -> None:
    if target.finish_until < timezone.localdate():
        day = format_date(target.finish_until)
        raise DomainError(f"{target} đã kết thúc ngày {day}; hãy chọn đợt khác.", field="round")


def _late_reason(dossier: Dossier, target: Round, reason: str) -> str:
    """The reason to keep: none when in time. Raises DomainError for another province, or late without one."""
    if target.unit_id != dossier.commune.parent_id:
        raise DomainError("Đợt đánh giá không thuộc tỉnh của hồ sơ.", field="round")
    if not is_late(dossier, target):
        return ""
    if not reason.strip():
        raise DomainError(
            f"Công văn đề nghị ngày {format_date(dossier.proposed_on)}, sau hạn nhận hồ sơ của {target} "
            f"({format_date(target.files_until)}): ghi lý do tiếp nhận sau hạn hoặc chọn đợt sau.",
            field="late_reason",
        )
    return reason.strip()
