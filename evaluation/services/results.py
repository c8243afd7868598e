"""From submitted sheets to the frozen result, and from the result to the decision."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from evaluation.enums import ItemState, SubmissionState
from evaluation.models import (
    AgendaItem,
    Conclusion,
    Criterion,
    Exclusion,
    Option,
    Result,
    Sheet,
    Submission,
)
from evaluation.queries.councils import quorum_of
from evaluation.queries.package import missing
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import sheet_inputs
from evaluation.scoring import FIRST_RECOGNISED_STAR, Rating, rate
from evaluation.services import certificates
from evaluation.services.closing import require_no_rescoring, require_quorum, require_settled
from evaluation.services.guards import locked_item, require, require_scoring
from evaluation.services.result_detail import detail_of
from evaluation.services.texts import clean_text
from products.enums import RecognitionState
from products.kinds import kept_against
from products.models import Dossier, Recognition
from products.services import perform
from products.services.common import lock_dossier, lock_product

# Đ4 k3: a recognition holds for 36 months.
VALID_YEARS = 3

MINISTRY = "Bộ Nông nghiệp và Môi trường"
MINISTRY_STAR = 5


@transaction.atomic
def conclude(
    *, item: AgendaItem, criterion: Criterion, option: Option | None, reason: str, by: Any
) -> Conclusion:
    """Record the council's conclusion on a criterion; it prevails over the members' choices there.

    `option` None concludes "không đạt mức nào". A later conclusion on the same criterion replaces the
    earlier one (both stay in the history). Raises DomainError without a reason or after closing,
    PermissionDenied for a criterion of another table or an option of another criterion.
    """
    item = locked_item(item)
    require(by, "evaluation.record_conclusion", item)
    require_scoring(item)
    foreign = criterion.criteria_set_id != item.criteria_set_id or not criterion.is_leaf
    if foreign or (option is not None and option.criterion_id != criterion.pk):
        raise PermissionDenied("Kết luận không thuộc bộ tiêu chí của hồ sơ này.")
    if not reason.strip():
        raise DomainError("Hãy ghi lý do; lý do được in trong biên bản.", field="reason")
    conclusion, _ = Conclusion.objects.update_or_create(
        item=item,
        criterion=criterion,
        defaults={
            "criteria_set_id": item.criteria_set_id,
            "option": option,
            "reason": reason.strip(),
            "recorded_by": by,
        },
    )
    audit.record(
        by=by,
        verb="item.conclude",
        obj=item,
        after={"criterion": criterion.code, "position": option.position if option else 0},
        reason=reason,
    )
    return conclusion


@transaction.atomic
def withdraw_conclusion(*, conclusion: Conclusion, reason: str, by: Any) -> None:
    """Take a conclusion back before closing: the members' choices decide again; the log keeps both.

    Raises DomainError without a reason, after closing, or when another hand has taken it back.
    """
    item = locked_item(conclusion.item)
    require(by, "evaluation.record_conclusion", item)
    require_scoring(item)
    reason = clean_text(reason, empty="Hãy ghi lý do rút kết luận.", field="reason")
    found = item.conclusions.select_related("criterion", "option").filter(pk=conclusion.pk).first()
    if found is None:
        raise DomainError("Kết luận này đã được rút.")
    before = {
        "criterion": found.criterion.code,
        "position": found.option.position if found.option else 0,
        "reason": found.reason,
    }
    found.delete()
    audit.record(by=by, verb="item.withdraw_conclusion", obj=item, before=before, reason=reason)


@transaction.atomic
def exclude(*, item: AgendaItem, ground: str, evidence: str, by: Any) -> Exclusion:
    """Record the council's decision to exclude the dossier: no star then.

    Written once. Raises DomainError without ground or evidence, when already excluded, or after closing.
    """
    item = locked_item(item)
    require(by, "evaluation.record_conclusion", item)
    require_scoring(item)
    if not ground.strip():
        raise DomainError("Hãy chọn hoặc ghi căn cứ loại hồ sơ.", field="ground")
    if not evidence.strip():
        raise DomainError("Hãy ghi chứng cứ của việc loại hồ sơ.", field="evidence")
    if Exclusion.objects.filter(item=item).exists():
        raise DomainError("Hồ sơ đã bị loại; quyết định loại không ghi lần thứ hai.")
    ground, evidence = ground.strip(), evidence.strip()
    exclusion = Exclusion.objects.create(item=item, ground=ground, evidence=evidence, decided_by=by)
    audit.record(by=by, verb="item.exclude", obj=item, after={"ground": ground}, reason=evidence)
    return exclusion


@transaction.atomic
def close_item(*, item: AgendaItem, by: Any) -> Result:
    """Count the submitted sheets, freeze the result and move the dossier to "scored"; once for ever.

    Drafts are not counted. Raises DomainError without quorum (naming the numbers), while a member was asked
    to score again, while sheets are too far apart and it was not discussed, or when another hand has closed
    the item first.
    """
    item = locked_item(item)
    require(by, "evaluation.close_item", item)
    require_scoring(item)
    require_quorum(item)
    require_no_rescoring(item)
    sheets = submitted_in_order(item)
    conclusions = list(item.conclusions.select_related("criterion", "option", "recorded_by"))
    exclusion = Exclusion.objects.filter(item=item).select_related("decided_by").first()
    rating = rate(
        scoring_set(item.criteria_set_id),
        sheet_inputs(sheets),
        gate_rule=item.session.regulation_in_use.gate_rule,
        conclusions={c.criterion.code: c.option.position if c.option else 0 for c in conclusions},
        excluded=exclusion.ground if exclusion else None,
    )
    require_settled(item, sheets, rating)
    detail = detail_of(item, rating, sheets, conclusions, exclusion, quorum_of(item))
    result = _freeze(item, rating, detail, by)
    item.state = ItemState.CLOSED
    item.save(update_fields=["state"])
    audit.record(by=by, verb="item.close", obj=item, after={"star": result.star, "sheets": len(sheets)})
    perform(_dossier(item), "close_scoring", by=by)
    return result


def submitted_in_order(item: AgendaItem) -> list[Sheet]:
    """The sheets that count: the chair's, the secretary's, then the members'."""
    return list(item.sheets.counted().select_related("seat__user", "stopped_at"))


def _freeze(item: AgendaItem, rating: Rating, detail: dict[str, Any], by: Any) -> Result:
    return Result.objects.create(
        item=item,
        total_numerator=rating.total.numerator,
        total_denominator=rating.total.denominator,
        star_by_score=rating.star_by_score,
        star=rating.star,
        excluded=rating.excluded,
        recognisable=rating.recognisable,
        potential_five=rating.potential_five,
        gate_rule=detail["settings"]["gate_rule"],
        sheets_counted=len(rating.sheets),
        detail=detail,
        closed_by=by,
    )


@transaction.atomic
def recognise(
    *,
    item: AgendaItem,
    decision_number: str,
    decided_on: date,
    by: Any,
    within: Submission | None = None,
) -> Recognition:
    """Enter the Chairman's decision on three or four stars: valid 36 months (Đ4 k3).

    The product's valid recognition, if any, is marked replaced. `within`: the submission the decision
    approves. Raises DomainError for another result, a result that waits in another submission, a decision
    without number, before the session or in the future, and for an upgrade with fewer stars than the
    product holds today (that one is entered by `reject`).
    """
    require(by, "evaluation.decide_item", item)
    result = _result_of(item)
    _lock(item)
    _require_free(item, within)
    if not result.recognisable or result.potential_five or result.star is None:
        raise DomainError("Chỉ công nhận kết quả 3 sao hoặc 4 sao của Hội đồng cấp tỉnh.")
    _check_decision(item, decision_number, decided_on)
    if kept := kept_against(_dossier(item), result.star):
        raise DomainError(
            f"Kết quả nâng hạng {result.star} sao thấp hơn {_in_force(kept)} nên không thay kết quả đó. "
            "Hãy ghi không công nhận; sản phẩm giữ hạng hiện có."
        )
    perform(_dossier(item), "recognise", by=by, note=_decision_words(decision_number, decided_on))
    return _enter_recognition(
        item, result.star, decision_number, decided_on, decided_by=_chairman_of(item), by=by
    )


def _lock(item: AgendaItem) -> None:
    """Dossier and product, in this order as everywhere: of two hands on a recognition one waits."""
    lock_dossier(_dossier(item))
    lock_product(_dossier(item).product)


def _in_force(recognition: Recognition) -> str:
    until = recognition.extended_until or recognition.expires_on
    return f"{recognition.star} sao đang có hiệu lực" + (f" đến {until:%d/%m/%Y}" if until else "")


def _enter_recognition(
    item: AgendaItem,
    star: int,
    decision_number: str,
    decided_on: date,
    *,
    decided_by: str,
    by: Any,
    certificate_number: str = "",
) -> Recognition:
    """Store the recognition of the item's product for 36 months, with its certificate; an earlier valid
    recognition is replaced.
    """
    dossier = _dossier(item)
    product = dossier.product
    valid = Recognition.objects.filter(product=product, state=RecognitionState.VALID)
    valid.update(state=RecognitionState.REPLACED)
    recognition = Recognition.objects.create(
        product=product,
        dossier=dossier,
        star=star,
        decision_number=decision_number,
        decided_on=decided_on,
        decided_by=decided_by,
        expires_on=years_later(decided_on, VALID_YEARS),
        legal_basis=item.criteria_set.version.legal_basis,
    )
    after = {"star": star, "decision_number": decision_number}
    audit.record(by=by, verb="product.recognise", obj=product, after=after)
    certificates.issue_for(recognition, by=by, number=certificate_number)
    return recognition


@transaction.atomic
def send_to_ministry(
    *, item: AgendaItem, letter_number: str, sent_on: date, by: Any, override: str = ""
) -> None:
    """Enter that the whole file of a potential five-star dossier went to the Ministry (Đ6 k3, Đ7 k3e).

    Raises DomainError for another result, and while papers of the file are missing, naming them, unless
    `override` says why it goes without.
    """
    require(by, "evaluation.decide_item", item)
    if not _result_of(item).potential_five:
        raise DomainError("Chỉ trình Bộ hồ sơ tiềm năng 5 sao.")
    # The dossier first, as where a result is sent back to the council: of the two one waits.
    _lock(item)
    item = locked_item(item)
    lacking = [demand.kind.label for demand in missing(item)]
    if lacking and not override.strip():
        raise DomainError(
            f"Hồ sơ trình Bộ còn thiếu: {', '.join(lacking)}. Hãy bổ sung, hoặc ghi lý do trình khi chưa đủ.",
            field="override",
        )
    _require_free(item, None)
    _check_decision(item, letter_number, sent_on)
    perform(
        _dossier(item), "send_to_ministry", by=by, note=f"Văn bản {letter_number} ngày {sent_on:%d/%m/%Y}"
    )
    if lacking:
        after = {"missing": lacking}
        audit.record(by=by, verb="package.sent_incomplete", obj=item, after=after, reason=override)


@transaction.atomic
def record_ministry_answer(
    *,
    item: AgendaItem,
    star: int,
    decision_number: str,
    decided_on: date,
    by: Any,
    certificate_number: str = "",
) -> Recognition | None:
    """Enter what became of a dossier sent to the Ministry (Đ7 k3e); valid 36 months as every recognition.

    Five stars: the Ministry's decision. Three or four: the Ministry found less than five and sent the file
    back, and the Chairman recognises on its result. None for an upgrade that comes back with fewer stars
    than the product holds: that recognition stays. Raises DomainError for another star, a dossier
    that is not with the Ministry, a decision without number, before the session or in the future.
    `certificate_number`: as the Ministry printed it on a certificate of five stars; else the province's next.
    """
    require(by, "evaluation.decide_item", item)
    _result_of(item)
    _lock(item)
    if certificate_number.strip() and star != MINISTRY_STAR:
        raise DomainError(
            "Giấy chứng nhận 3 sao, 4 sao do tỉnh cấp, số do hệ thống đánh; hãy để trống ô này.",
            field="certificate_number",
        )
    if not FIRST_RECOGNISED_STAR <= star <= MINISTRY_STAR:
        raise DomainError("Kết quả của Bộ là 3 sao, 4 sao hoặc 5 sao.", field="star")
    _check_decision(item, decision_number, decided_on)
    if kept := kept_against(_dossier(item), star):
        words = f"{_decision_words(decision_number, decided_on)}: {star} sao, thấp hơn {_in_force(kept)}"
        perform(_dossier(item), "ministry_keep", by=by, note=words)
        return None
    by_ministry = star == MINISTRY_STAR
    step = "ministry_recognise" if by_ministry else "ministry_return"
    perform(_dossier(item), step, by=by, note=_decision_words(decision_number, decided_on))
    decided_by = MINISTRY if by_ministry else _chairman_of(item)
    return _enter_recognition(
        item,
        star,
        decision_number,
        decided_on,
        decided_by=decided_by,
        by=by,
        certificate_number=certificate_number,
    )


@transaction.atomic
def reject(*, item: AgendaItem, by: Any, within: Submission | None = None) -> None:
    """Enter that a result of one or two stars brings no recognition (Đ4 k1a), nor an upgrade with fewer
    stars than the product holds today: that recognition stays.
    """
    require(by, "evaluation.decide_item", item)
    result = _result_of(item)
    _lock(item)
    _require_free(item, within)
    words = f"Hội đồng xếp {result.star} sao"
    if result.star is None or result.potential_five:
        raise DomainError("Chỉ kết quả 1 sao hoặc 2 sao là không được công nhận.")
    if result.star >= FIRST_RECOGNISED_STAR:
        kept = kept_against(_dossier(item), result.star)
        if kept is None:
            raise DomainError("Chỉ kết quả 1 sao hoặc 2 sao là không được công nhận.")
        words += f", thấp hơn {_in_force(kept)}"
    perform(_dossier(item), "reject", by=by, note=words)


@transaction.atomic
def confirm_exclusion(*, item: AgendaItem, by: Any, within: Submission | None = None) -> None:
    """End the road of a dossier the council excluded. Raises DomainError when it was not."""
    require(by, "evaluation.decide_item", item)
    if not _result_of(item).excluded:
        raise DomainError("Hội đồng không loại hồ sơ này.")
    _lock(item)
    _require_free(item, within)
    perform(_dossier(item), "exclude", by=by, note=item.exclusion.ground)


def _result_of(item: AgendaItem) -> Result:
    """The frozen result a decision may rest on: one sent back to the council decides nothing any more."""
    result = Result.objects.filter(item=item).select_related("item").first()
    if result is None:
        raise DomainError("Hồ sơ chưa có kết quả của Hội đồng.")
    if result.item.state == ItemState.SENT_BACK:
        raise DomainError("Kết quả này đã bị trả lại để Hội đồng xem xét lại; không ghi quyết định được nữa.")
    return result


def _require_free(item: AgendaItem, within: Submission | None) -> None:
    """A result before the Chairman is decided with its whole submission, never beside it."""
    waiting = Submission.objects.filter(lines__item=item, state=SubmissionState.SUBMITTED)
    if within is not None:
        waiting = waiting.exclude(pk=within.pk)
    if other := waiting.first():
        raise DomainError(
            f"Kết quả này đang nằm trong Tờ trình {other.number}; hãy ghi quyết định tại tờ trình đó."
        )


def _check_decision(item: AgendaItem, number: str, day: date) -> None:
    if not number.strip():
        raise DomainError("Hãy ghi số, ký hiệu văn bản.", field="number")
    if day < item.session.held_on:
        raise DomainError("Ngày văn bản không thể trước ngày họp Hội đồng.", field="day")
    if day > timezone.localdate():
        raise DomainError("Ngày văn bản không thể ở tương lai.", field="day")


def _decision_words(number: str, day: date) -> str:
    return f"Quyết định {number} ngày {day:%d/%m/%Y}"


def _dossier(item: AgendaItem) -> Dossier:
    return item.version.dossier


def _chairman_of(item: AgendaItem) -> str:
    province = item.session.council.unit.name
    return f"Chủ tịch Ủy ban nhân dân {province[:1].lower()}{province[1:]}"


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
