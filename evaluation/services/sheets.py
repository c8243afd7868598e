"""The member's sheet: choices one by one, stop, opinion, submission.

A sheet is its member's alone. Whatever names another sheet, another table's criterion or another
criterion's option is refused with PermissionDenied, which the request middleware writes to the log.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.enums import SheetState
from evaluation.models import Choice, Criterion, Option, Sheet
from evaluation.queries.scoring_sets import StoredSet, scoring_set, stored_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.scoring import missing_leaves
from evaluation.services.guards import locked_item, require, require_scoring

LONGEST_OPINION = 5000


@transaction.atomic
def save_choice(*, sheet: Sheet, criterion_id: int, option_id: int | None, by: Any) -> None:
    """Keep the member's choice on one leaf; `option_id` None means "không đạt mức nào" (0 points).

    At most six queries. Raises PermissionDenied for a foreign sheet, criterion or option, and
    DomainError when the sheet is submitted, the item closed or the leaf stands after the stop.
    """
    sheet = _own_draft(sheet, by)
    criterion = _chosen_leaf(sheet, criterion_id, option_id)
    if sheet.stopped_at and criterion.position > sheet.stopped_at.position:
        raise DomainError(f"Phiếu đã dừng đánh giá ở tiêu chí {sheet.stopped_at.code}; bỏ dừng để chấm tiếp.")
    _keep(sheet, {criterion.pk: option_id})


def _chosen_leaf(sheet: Sheet, criterion_id: int, option_id: int | None) -> Criterion:
    """The leaf of the sheet's table that the choice is about, in one query."""
    of_leaf = {"pk": criterion_id, "criteria_set_id": sheet.criteria_set_id, "is_leaf": True}
    if option_id is None:
        found = Criterion.objects.filter(**of_leaf).first()
    else:
        of_option = {f"criterion__{name}": value for name, value in of_leaf.items()}
        option = Option.objects.select_related("criterion").filter(pk=option_id, **of_option).first()
        found = option.criterion if option else None
    if found is None:
        raise PermissionDenied("Mức được chọn không thuộc tiêu chí này.")
    return found


@transaction.atomic
def save_choices(*, sheet: Sheet, choices: Mapping[int, int | None], by: Any) -> None:
    """Keep several choices (criterion id -> option id) at once, all or none; refuses like `save_choice`."""
    sheet = _own_draft(sheet, by)
    table = stored_set(sheet.criteria_set_id)
    assessed = _codes_before_stop(table, sheet)
    for criterion_id, option_id in choices.items():
        code = table.code_of_criterion.get(criterion_id, "")
        position = table.position_of_option.get(option_id, 0) if option_id is not None else 0
        if not code or (option_id is not None and table.option_at.get((code, position)) != option_id):
            raise PermissionDenied("Mức được chọn không thuộc tiêu chí này.")
        if code not in assessed:
            raise DomainError(f"Phiếu đã dừng đánh giá trước tiêu chí {code}; bỏ dừng để chấm tiếp.")
    _keep(sheet, choices)


def _keep(sheet: Sheet, choices: Mapping[int, int | None]) -> None:
    """Insert or replace choices in one statement."""
    rows = [
        Choice(sheet=sheet, criteria_set_id=sheet.criteria_set_id, criterion_id=leaf, option_id=option)
        for leaf, option in choices.items()
    ]
    Choice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["option", "saved_at"],
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
    criterion = _chosen_leaf(sheet, criterion_id, None)
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


@transaction.atomic
def save_opinion(*, sheet: Sheet, opinion: str, by: Any) -> None:
    """Keep the member's opinion as a draft. Raises DomainError when it is longer than a page prints."""
    sheet = _own_draft(sheet, by)
    if len(opinion) > LONGEST_OPINION:
        raise DomainError("Ý kiến dài quá 5.000 ký tự; hãy rút gọn.", field="opinion")
    # Composed letters, lines kept; the database takes no NUL.
    sheet.opinion = unicodedata.normalize("NFC", opinion.replace("\x00", ""))
    sheet.save(update_fields=["opinion"])


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


def _own_draft(sheet: Sheet, by: Any) -> Sheet:
    """The sheet under a row lock, once it is sure that its member may still write on it."""
    found = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("item__session", "item__version__dossier__product", "seat__user", "stopped_at")
        .get(pk=sheet.pk)
    )
    require(by, "evaluation.score_sheet", found)
    if found.state != SheetState.DRAFT:
        raise DomainError("Phiếu đã nộp; không sửa được nữa.")
    if found.seat.left_on is not None:
        raise DomainError("Đồng chí đã thôi tham gia Hội đồng; không chấm tiếp được.")
    require_scoring(found.item)
    return found
