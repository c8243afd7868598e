"""The member's sheet: choices one by one, stop, opinion, submission.

A sheet is its member's alone. Whatever names another sheet, another table's criterion or another
criterion's option is refused with PermissionDenied, which the request middleware writes to the log.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import ConflictError, DomainError
from core.numbers import format_date
from evaluation.enums import SessionKind, SheetState
from evaluation.models import Choice, Criterion, Session, Sheet
from evaluation.queries.scoring_sets import StoredSet, scoring_set, stored_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.scoring import missing_leaves
from evaluation.services.guards import locked_item, require, require_scoring

LONGEST_OPINION = 5000


class Kept(NamedTuple):
    """A choice as it is stored."""

    criterion_id: int
    option_id: int | None
    revision: int
    key: UUID | None
    saved_at: datetime


@dataclass(frozen=True)
class Saved:
    """What the sheet holds after a choice was kept: the leaf's revision, every leaf's position by code."""

    criteria_set: int
    revision: int
    saved_at: datetime
    choices: dict[str, int]
    stopped_at: str | None


class ChoiceConflict(ConflictError):
    """Another tab or device has saved another level on the leaf meanwhile (`stored`)."""

    def __init__(self, stored: Kept) -> None:
        super().__init__("Tiêu chí này vừa được lưu một mức khác ở nơi khác; hãy chọn mức giữ lại.")
        self.stored = stored


@transaction.atomic
def save_choice(
    *,
    sheet: Sheet,
    criterion_id: int,
    option_id: int | None,
    by: Any,
    base: int | None = None,
    key: UUID | None = None,
) -> Saved:
    """Keep the member's choice on one leaf; `option_id` None means "không đạt mức nào" (0 points).

    `base` is the revision of the leaf that the device knew when the member chose (0: none), `key` names the
    act on the device: the same act sent again is answered as saved and not written twice. Without both the
    choice simply replaces what is there.

    At most six queries. Raises PermissionDenied for a foreign sheet, criterion or option; ChoiceConflict when
    `base` is not the stored revision and another level stands there; DomainError when the sheet is submitted
    or set aside, the scoring paused or closed, or the leaf stands after the stop.
    """
    sheet = _own_draft(sheet, by)
    table = stored_set(sheet.criteria_set_id)
    code = _code_of(table, criterion_id, option_id)
    stop = sheet.stopped_at
    if stop is not None and code not in _codes_before_stop(table, sheet):
        raise DomainError(f"Phiếu đã dừng đánh giá ở tiêu chí {stop.code}; bỏ dừng để chấm tiếp.")
    rows = Choice.objects.filter(sheet=sheet).values_list(*Kept._fields)
    kept = {row.criterion_id: row for row in map(Kept._make, rows)}
    before = kept.get(criterion_id)
    if before is None or not _is_known(before, option_id, base, key):
        revision = before.revision + 1 if before else 1
        [written] = _keep(sheet, {criterion_id: (option_id, revision)}, key=key)
        kept[criterion_id] = Kept(criterion_id, option_id, revision, key, written.saved_at)
    return _saved(sheet, table, kept, criterion_id)


def _is_known(stored: Kept, option_id: int | None, base: int | None, key: UUID | None) -> bool:
    """Is the choice there already? Raises ChoiceConflict when it would replace one the device never saw."""
    if key is not None and stored.key == key:
        return True
    if base is None:
        return False
    if stored.option_id == option_id:
        return True
    if base != stored.revision:
        raise ChoiceConflict(stored)
    return False


def _saved(sheet: Sheet, table: StoredSet, kept: Mapping[int, Kept], criterion_id: int) -> Saved:
    positions = {
        table.code_of_criterion[leaf]: table.position_of_option[choice.option_id] if choice.option_id else 0
        for leaf, choice in kept.items()
    }
    stopped_at = sheet.stopped_at.code if sheet.stopped_at else None
    last = kept[criterion_id]
    return Saved(sheet.criteria_set_id, last.revision, last.saved_at, positions, stopped_at)


def _code_of(table: StoredSet, criterion_id: int, option_id: int | None) -> str:
    """The code of the leaf that the choice is about, once it is sure that the option belongs to it."""
    code = table.code_of_criterion.get(criterion_id, "")
    position = table.position_of_option.get(option_id, 0) if option_id is not None else 0
    if not code or (option_id is not None and table.option_at.get((code, position)) != option_id):
        raise PermissionDenied("Mức được chọn không thuộc tiêu chí này.")
    return code


@transaction.atomic
def save_choices(*, sheet: Sheet, choices: Mapping[int, int | None], by: Any) -> None:
    """Keep several choices (criterion id -> option id) at once, all or none; refuses like `save_choice`."""
    sheet = _own_draft(sheet, by)
    table = stored_set(sheet.criteria_set_id)
    assessed = _codes_before_stop(table, sheet)
    for criterion_id, option_id in choices.items():
        code = _code_of(table, criterion_id, option_id)
        if code not in assessed:
            raise DomainError(f"Phiếu đã dừng đánh giá trước tiêu chí {code}; bỏ dừng để chấm tiếp.")
    revisions = dict(Choice.objects.filter(sheet=sheet).values_list("criterion_id", "revision"))
    _keep(sheet, {leaf: (option, revisions.get(leaf, 0) + 1) for leaf, option in choices.items()})


def _keep(
    sheet: Sheet, choices: Mapping[int, tuple[int | None, int]], *, key: UUID | None = None
) -> list[Choice]:
    """Insert or replace choices (criterion id -> option id, revision) in one statement."""
    rows = [
        Choice(
            sheet=sheet,
            criteria_set_id=sheet.criteria_set_id,
            criterion_id=leaf,
            option_id=option,
            revision=revision,
            key=key,
        )
        for leaf, (option, revision) in choices.items()
    ]
    return Choice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["option", "revision", "key", "saved_at"],
    )


def _codes_before_stop(table: StoredSet, sheet: Sheet) -> set[str]:
    """Leaves the member still assesses: all, or up to the one where the sheet stopped."""
    codes = [leaf.code for leaf in table.scoring.leaves]
    return set(codes[: codes.index(sheet.stopped_at.code) + 1] if sheet.stopped_at else codes)


@transaction.atomic
def stop(*, sheet: Sheet, criterion_id: int, by: Any) -> None:
    """Stop the evaluation at a leaf whose note allows it: later leaves are not assessed and count 0.

    Raises DomainError when the table has no stop note there, or the sheet cannot change any more.
    """
    sheet = _own_draft(sheet, by)
    leaves = Criterion.objects.filter(criteria_set_id=sheet.criteria_set_id, is_leaf=True)
    criterion = leaves.filter(pk=criterion_id).first()
    if criterion is None:
        raise PermissionDenied("Tiêu chí không thuộc bộ tiêu chí của phiếu.")
    if not criterion.stop:
        raise DomainError(f"Tiêu chí {criterion.code} không có căn cứ dừng đánh giá.")
    _set_stop(sheet, criterion, by)


@transaction.atomic
def resume(*, sheet: Sheet, by: Any) -> None:
    """Undo a stop; choices made before on later leaves count again."""
    sheet = _own_draft(sheet, by)
    if sheet.stopped_at is not None:
        _set_stop(sheet, None, by)


def _set_stop(sheet: Sheet, criterion: Criterion | None, by: Any) -> None:
    before, sheet.stopped_at = sheet.stopped_at, criterion
    sheet.save(update_fields=["stopped_at"])
    audit.record(
        by=by,
        verb="sheet.stop" if criterion else "sheet.resume",
        obj=sheet,
        before={"stopped_at": before.code if before else None},
        after={"stopped_at": criterion.code if criterion else None},
    )


class OpinionConflict(ConflictError):
    """Another tab or device has saved another text meanwhile (`stored`: the sheet as it is)."""

    def __init__(self, stored: Sheet) -> None:
        super().__init__("Ý kiến vừa được lưu ở nơi khác; hãy chọn bản giữ lại.")
        self.stored = stored


@transaction.atomic
def save_opinion(*, sheet: Sheet, opinion: str, by: Any, base: int | None = None) -> int:
    """Keep the member's opinion as a draft; returns its revision.

    `base` is the revision the device began with; without it the text replaces what is there. Raises
    DomainError when it is longer than a page prints, OpinionConflict when another text was saved since.
    """
    sheet = _own_draft(sheet, by)
    if len(opinion) > LONGEST_OPINION:
        raise DomainError("Ý kiến dài quá 5.000 ký tự; hãy rút gọn.", field="opinion")
    # Composed letters, lines kept; the database takes no NUL.
    opinion = unicodedata.normalize("NFC", opinion.replace("\x00", "").replace("\r\n", "\n"))
    if opinion == sheet.opinion:
        return sheet.opinion_revision
    if base is not None and base != sheet.opinion_revision:
        raise OpinionConflict(sheet)
    sheet.opinion = opinion
    sheet.opinion_revision += 1
    sheet.save(update_fields=["opinion", "opinion_revision"])
    return sheet.opinion_revision


@transaction.atomic
def submit(*, sheet: Sheet, by: Any) -> Sheet:
    """Lock the sheet for good. Raises DomainError naming the leaves that are not answered yet."""
    # The item first: a submission and the closing of its result take turns.
    locked_item(sheet.item)
    sheet = _own_draft(sheet, by)
    [sheet_input] = sheet_inputs([sheet])
    missing = missing_leaves(scoring_set(sheet.criteria_set_id), sheet_input)
    if missing:
        raise DomainError(f"Còn {len(missing)} tiêu chí chưa chấm: {', '.join(missing)}.")
    sheet.state = SheetState.SUBMITTED
    sheet.submitted_at = timezone.now()
    sheet.save(update_fields=["state", "submitted_at"])
    audit.record(by=by, verb="sheet.submit", obj=sheet, after={"state": sheet.state})
    return sheet


@transaction.atomic
def record_refusal(*, sheet: Sheet, reason: str, by: Any, key: UUID | None = None) -> None:
    """Write into the log that an act on a sheet was refused, after its own transaction was given up.

    The same act of a device (`key`), sent again and refused again, is written once.
    """
    act = str(key) if key else ""
    sheet = Sheet.objects.select_related("seat__user", "item__version__dossier__product").get(pk=sheet.pk)
    written = audit.history_of(sheet).filter(verb="sheet.refused", after__key=act)
    if not act or not written.exists():
        audit.record(by=by, verb="sheet.refused", obj=sheet, after={"key": act}, reason=reason)


def _own_draft(sheet: Sheet, by: Any) -> Sheet:
    """The sheet under a row lock, once it is sure that its member may still write on it."""
    found = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("item__session", "seat", "stopped_at")
        .get(pk=sheet.pk)
    )
    require(by, "evaluation.score_sheet", found)
    if refusal := why_closed(found):
        raise refusal
    return found


def why_closed(sheet: Sheet) -> DomainError | None:
    """Why nothing can be written on the sheet (now); None while its member may score."""
    if sheet.state == SheetState.SUBMITTED:
        return DomainError("Phiếu đã nộp; không sửa được nữa.")
    if sheet.state == SheetState.SET_ASIDE:
        return DomainError("Phiếu này không tính nữa; không sửa được.")
    if sheet.seat.left_on is not None:
        return DomainError("Đồng chí đã thôi tham gia Hội đồng; không chấm tiếp được.")
    try:
        require_scoring(sheet.item)
    except DomainError as refusal:
        return refusal
    return _too_late(sheet.item.session)


def _too_late(session: Session) -> DomainError | None:
    """Written opinions are taken until their day (Đ7 k6d); the server's day, whatever the device says."""
    until = session.opinions_until
    if session.kind != SessionKind.WRITTEN or until is None or timezone.localdate() <= until:
        return None
    return DomainError(
        f"Đã quá hạn gửi ý kiến bằng văn bản ({format_date(until)}); đề nghị cán bộ tỉnh gia hạn."
    )
