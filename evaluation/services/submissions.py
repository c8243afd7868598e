"""From closed results to the Chairman's decision: drafted, filed, approved or sent back (Đ7 k3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from evaluation.enums import ItemState, SubmissionState
from evaluation.models import AgendaItem, Submission, SubmissionLine
from evaluation.queries.results import outcome_of
from evaluation.queries.submissions import approved
from evaluation.services import results
from evaluation.services.guards import require
from evaluation.services.news import tell_of_approval
from evaluation.workflow import SUBMISSION_STEPS, SubmissionStep
from products.enums import DossierState
from products.models import Product
from products.services import perform as move_dossier
from products.services.common import lock_dossier

PERMISSION = "evaluation.manage_submission"


@transaction.atomic
def create_submission(*, unit: AdminUnit, title: str, items: Sequence[AgendaItem], by: Any) -> Submission:
    """Draft a submission of closed results of one province.

    Raises PermissionDenied outside the own province, DomainError without title or results, and for a result
    that is not closed, decided already, of another province, or in another submission under way.
    """
    submission = Submission(unit=unit, created_by=by)
    require(by, PERMISSION, submission)
    submission.title = _title(title)
    submission.save()
    _put_lines(submission, items)
    audit.record(by=by, verb="submission.create", obj=submission, after={"results": len(items)})
    return submission


@transaction.atomic
def change_submission(
    *, submission: Submission, title: str, items: Sequence[AgendaItem], by: Any
) -> Submission:
    """Give a draft another title and other results; refusals as of `create_submission`."""
    submission = _locked(submission, by)
    _require_draft(submission)
    before = {"title": submission.title, "results": submission.lines.count()}
    submission.title = _title(title)
    submission.save(update_fields=["title"])
    submission.lines.exclude(item__in=[item.pk for item in items]).delete()
    _put_lines(submission, items)
    after = {"title": submission.title, "results": len(items)}
    audit.record(by=by, verb="submission.change", obj=submission, before=before, after=after)
    return submission


@transaction.atomic
def discard(*, submission: Submission, by: Any) -> None:
    """Drop a draft; its results may join another. Raises DomainError once it was filed."""
    submission = _locked(submission, by)
    _require_draft(submission)
    audit.record(by=by, verb="submission.discard", obj=submission, before={"title": submission.title})
    submission.delete()


@transaction.atomic
def perform(
    *,
    submission: Submission,
    step: str,
    by: Any,
    back: Mapping[int, str] | None = None,
    **data: Any,
) -> Submission:
    """Take one step of `workflow.SUBMISSION_STEPS`; `data`: the columns the step needs.

    "approve" carries out every outcome at once (recognition, no recognition, exclusion, approval of a
    potential five-star result), each once, all or nothing; `back`: ids of lines with the reason they alone
    go back to the council. "send_back" sends all of them back. Raises PermissionDenied, or DomainError:
    taken already, data missing, a date out of order, or what a single result refuses, with its name.
    """
    found = SUBMISSION_STEPS[step]
    submission = _locked(submission, by)
    _check_state(submission, found)
    for name in found.needs:
        value = data[name]
        setattr(submission, name, value.strip() if isinstance(value, str) else value)
        if not getattr(submission, name):
            raise DomainError(f"Cần nhập {_label(name)}.", field=name)
    EFFECTS[step](submission, back or {}, by)
    submission.state = found.target
    submission.save(update_fields=[*found.needs, "state"])
    after = {name: str(getattr(submission, name)) for name in found.needs}
    audit.record(by=by, verb=f"submission.{step}", obj=submission, after=after)
    return submission


def hold(*, submission: Submission, by: Any) -> Submission:
    """Lock a submission, its dossiers and products, for who locks other rows before a step is taken.

    Raises PermissionDenied outside the own province.
    """
    locked = _locked(submission, by)
    _lines(locked)
    return locked


def _locked(submission: Submission, by: Any) -> Submission:
    locked = Submission.objects.select_for_update(of=("self",)).select_related("unit").get(pk=submission.pk)
    require(by, PERMISSION, locked)
    return locked


def _title(text: str) -> str:
    if not text.strip():
        raise DomainError("Hãy ghi trích yếu của tờ trình.", field="title")
    return text.strip()


def _require_draft(submission: Submission) -> None:
    if submission.state != SubmissionState.DRAFT:
        raise DomainError("Tờ trình đã ghi số, ngày trình nên không sửa được nữa.")


def _check_state(submission: Submission, step: SubmissionStep) -> None:
    if submission.state != step.source:
        state = SubmissionState(submission.state).label.lower()
        raise DomainError(f"Tờ trình đang ở trạng thái “{state}”; không thể thực hiện: {step.label}.")


def _label(column: str) -> str:
    return str(getattr(Submission._meta.get_field(column), "verbose_name", column))


def _put_lines(submission: Submission, items: Sequence[AgendaItem]) -> None:
    """The results as lines; the items are locked, so that of two drafts only one takes a result."""
    if not items:
        raise DomainError("Hãy chọn ít nhất một kết quả.", field="items")
    locked = AgendaItem.objects.select_for_update(of=("self",)).filter(pk__in=[item.pk for item in items])
    rows = locked.select_related("session__council", "version__dossier__product").order_by("pk")
    taken = {
        line.item_id: line.submission.title
        for line in SubmissionLine.objects.filter(
            item__in=list(rows), submission__state__in=SubmissionState.open_states
        )
        .exclude(submission=submission)
        .select_related("submission")
    }
    # A potential five-star result stays "scored" until the letter to the Ministry.
    decided = set(
        AgendaItem.objects.filter(approved(), pk__in=[item.pk for item in rows]).values_list("pk", flat=True)
    )
    present = set(submission.lines.values_list("item", flat=True))
    for item in rows:
        _check_result(item, submission)
        if item.pk in taken:
            raise DomainError(f"{item}: kết quả này đã có trong “{taken[item.pk]}”.", field="items")
        if item.pk in decided:
            raise DomainError(f"{item}: kết quả này đã được phê duyệt, không trình nữa.", field="items")
        if item.pk not in present:
            SubmissionLine.objects.create(submission=submission, item=item)


def _check_result(item: AgendaItem, submission: Submission) -> None:
    if item.session.council.unit_id != submission.unit_id:
        raise DomainError(f"{item}: kết quả của tỉnh khác.", field="items")
    if item.state != ItemState.CLOSED:
        raise DomainError(f"{item}: Hội đồng chưa có kết quả.", field="items")
    if item.version.dossier.state != DossierState.SCORED:
        raise DomainError(f"{item}: đã ghi quyết định, không trình nữa.", field="items")


def _lines(submission: Submission) -> list[SubmissionLine]:
    """The lines, their dossiers locked in one order: no decision is entered beside the submission.

    All their products too, before the register of certificates is: who issues many at once does the same.
    """
    lines = submission.lines.select_related(
        "item__session__council__unit",
        "item__result",
        "item__exclusion",
        "item__criteria_set__version",
        "item__version__dossier__product",
        "item__version__dossier__commune",
    ).order_by("item__version__dossier")
    rows = list(lines)
    for line in rows:
        lock_dossier(line.item.version.dossier)
    products = sorted(line.item.version.dossier.product_id for line in rows)
    list(Product.objects.select_for_update().filter(pk__in=products).order_by("pk").values_list("pk"))
    return rows


def _file(submission: Submission, back: Mapping[int, str], by: Any) -> None:
    """Filed: every result still waits for its decision, and the day is not before the meeting."""
    lines = _lines(submission)
    if not lines:
        raise DomainError("Tờ trình chưa có kết quả nào.")
    for line in lines:
        _check_result(line.item, submission)
    _check_day(submission.submitted_on, _last_meeting(lines), "họp Hội đồng", field="submitted_on")


def _approve(submission: Submission, back: Mapping[int, str], by: Any) -> None:
    lines = _lines(submission)
    _check_day(submission.decided_on, submission.submitted_on, "trình", field="decided_on")
    if unknown := back.keys() - {line.pk for line in lines}:
        raise DomainError(f"Dòng {min(unknown)} không thuộc tờ trình này.")
    if len(back) == len(lines):
        raise DomainError("Mọi kết quả đều bị trả lại: hãy dùng “Trả lại cả tờ trình”.")
    for line in lines:
        if line.pk in back:
            _send_line_back(line, back[line.pk], by)
        else:
            _decide(line.item, submission, by)


def _decide(item: AgendaItem, submission: Submission, by: Any) -> None:
    """What the decision means for one result; a refusal is told with the product's name."""
    outcome = outcome_of(item)
    if outcome is None:
        raise DomainError(f"{item}: đã ghi quyết định ở nơi khác. Hãy tải lại trang.")
    # `_approve` has checked the day.
    number, day = submission.decision_number, cast(date, submission.decided_on)
    try:
        if outcome.name == "recognise":
            results.recognise(item=item, decision_number=number, decided_on=day, by=by, within=submission)
        elif outcome.name == "reject":
            results.reject(item=item, by=by, within=submission)
        elif outcome.name == "exclude":
            results.confirm_exclusion(item=item, by=by, within=submission)
        else:
            # Approved; the letter to the Ministry is an act of its own, with the whole file (Đ7 k3e).
            tell_of_approval(item, by=by)
    except DomainError as refusal:
        raise DomainError(f"{item}: {refusal.message}", field=refusal.field) from refusal


def _send_back(submission: Submission, back: Mapping[int, str], by: Any) -> None:
    for line in _lines(submission):
        _send_line_back(line, submission.sent_back_reason, by)


def _send_line_back(line: SubmissionLine, reason: str, by: Any) -> None:
    """The result stays readable; the dossier waits for another meeting."""
    if not reason.strip():
        raise DomainError(f"{line.item}: hãy ghi lý do trả lại.", field="back")
    line.sent_back_reason = reason.strip()
    line.save(update_fields=["sent_back_reason"])
    item = line.item
    item.state, item.state_reason = ItemState.SENT_BACK, line.sent_back_reason
    item.save(update_fields=["state", "state_reason"])
    # The dossier's page is read by the entity too: the reason belongs to the council's room.
    note = "Kết quả chấm được trả lại để Hội đồng xem xét lại tại phiên họp khác."
    move_dossier(item.version.dossier, "send_back_to_council", by=by, note=note)
    audit.record(by=by, verb="item.send_back", obj=item, reason=line.sent_back_reason)


def _last_meeting(lines: Sequence[SubmissionLine]) -> date:
    return max(line.item.session.held_on for line in lines)


def _check_day(day: date | None, earliest: date | None, what: str, *, field: str) -> None:
    if day is None or day > timezone.localdate():
        raise DomainError("Ngày văn bản không thể ở tương lai.", field=field)
    if earliest is not None and day < earliest:
        raise DomainError(f"Ngày văn bản không thể trước ngày {what} ({earliest:%d/%m/%Y}).", field=field)


EFFECTS: dict[str, Callable[[Submission, Mapping[int, str], Any], None]] = {
    "submit": _file,
    "approve": _approve,
    "send_back": _send_back,
}
