"""Thu hồi giấy chứng nhận (Đ8 QĐ 26/2026): from a competent body's conclusion to the decision.

The 15 days are counted as calendar days from the day of the conclusion: a conclusion of 10/11/2026 is
decided on by 25/11/2026. The law says "ngày", not "ngày làm việc".
"""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.queries import people_with
from core import audit, notices
from core.enums import NoticeKind
from core.exceptions import DomainError
from core.numbers import format_date
from core.text import nfc
from evaluation.enums import RevocationState
from evaluation.models import Inspection, Revocation
from evaluation.services.certificates import MINISTRY_STAR, province_of
from evaluation.services.guards import require
from evaluation.validity import standing
from products.enums import RecognitionState
from products.models import Product, Recognition
from products.receivers import accounts_of
from products.services.common import lock_dossier, lock_product

MANAGE = "evaluation.manage_revocation"
DECIDED_WITHIN = timedelta(days=15)
MINISTER = "Bộ trưởng Bộ Nông nghiệp và Môi trường"


def due_of(concluded_on: date) -> date:
    """The last day for the decision: 15 calendar days after the conclusion (Đ8)."""
    return concluded_on + DECIDED_WITHIN


@transaction.atomic
def open_revocation(
    *,
    recognition: Recognition,
    ground: str,
    detail: str,
    concluded_by: str,
    conclusion_number: str,
    concluded_on: date,
    by: Any,
    inspection: Inspection | None = None,
) -> Revocation:
    """Open a revocation on one of the six grounds of Đ8, resting on a competent body's conclusion.

    Raises DomainError for a recognition not in force, one whose revocation is open already, a conclusion
    before the recognition or in the future, an inspection of another product, and empty words.
    """
    require(by, MANAGE, recognition)
    _lock(recognition)
    _check_open(recognition, concluded_on, inspection)
    row = Revocation(
        unit=province_of(recognition),
        recognition=recognition,
        ground=ground,
        detail=_text(detail, "Hãy ghi nội dung vi phạm.", "detail"),
        concluded_by=_line(concluded_by, "Hãy ghi cơ quan kết luận.", "concluded_by"),
        conclusion_number=_line(
            conclusion_number, "Hãy ghi số, ký hiệu văn bản kết luận.", "conclusion_number"
        ),
        concluded_on=concluded_on,
        due_on=due_of(concluded_on),
        inspection=inspection,
        opened_by=by,
    )
    row.save()
    after = {"ground": ground, "conclusion": row.conclusion_number, "due_on": row.due_on}
    audit.record(by=by, verb="revocation.open", obj=row, after=after)
    return row


@transaction.atomic
def revoke(
    *, revocation: Revocation, decision_number: str, decided_on: date, by: Any, late_reason: str = ""
) -> Revocation:
    """Enter the decision that revokes: the Chairman's for three and four stars, the Minister's for five.

    The recognition ends with it, and commune and entity are told. Raises DomainError when the revocation is
    not open any more, the recognition was replaced meanwhile, the decision has no number, comes before the
    conclusion or lies in the future, or is late without a reason (late is still possible).
    """
    row = _locked(revocation, by)
    number = _line(decision_number, "Hãy ghi số quyết định thu hồi.", "decision_number")
    _check_decided_on(row, decided_on)
    _check_late(row, decided_on, late_reason)
    recognition = row.recognition
    if recognition.state != RecognitionState.VALID:
        raise DomainError(
            "Kết quả công nhận này đã được thay bằng quyết định mới nên không thu hồi được; "
            "hãy khép việc với lý do đó, và mở thu hồi trên kết quả mới nếu cần."
        )
    row.state, row.decision_number, row.decided_on = RevocationState.REVOKED, number, decided_on
    row.decided_by, row.late_reason = decider_of(recognition), late_reason.strip()
    row.save()
    recognition.state = RecognitionState.REVOKED
    recognition.save(update_fields=["state"])
    after = {"decision_number": number, "decided_on": decided_on, "ground": row.ground}
    audit.record(by=by, verb="revocation.revoke", obj=row, after=after, reason=row.late_reason)
    audit.record(by=by, verb="product.revoke", obj=recognition.product, after=after)
    _tell(row, by=by)
    return row


@transaction.atomic
def drop(*, revocation: Revocation, reason: str, by: Any, late_reason: str = "") -> Revocation:
    """End a revocation without revoking, with the reason. Raises DomainError without one, when the
    revocation is not open any more, or after its last day without saying why so late.
    """
    row = _locked(revocation, by)
    today = timezone.localdate()
    reason = _text(reason, "Hãy ghi lý do không thu hồi.", "reason")
    _check_late(row, today, late_reason)
    row.state, row.drop_reason, row.decided_on = RevocationState.DROPPED, reason, today
    row.late_reason = late_reason.strip()
    row.save()
    audit.record(by=by, verb="revocation.drop", obj=row, reason=reason)
    return row


def decider_of(recognition: Recognition) -> str:
    """Who revokes (Đ8): the Minister five stars, the Chairman of the province three and four."""
    if recognition.star == MINISTRY_STAR:
        return MINISTER
    name = province_of(recognition).name
    return f"Chủ tịch Ủy ban nhân dân {name[:1].lower()}{name[1:]}"


# --- what both acts begin with ---


def _lock(recognition: Recognition) -> None:
    """Dossier, product, recognition: in this order as in `services.results`, so that hands take turns."""
    if recognition.dossier is not None:
        lock_dossier(recognition.dossier)
    lock_product(recognition.product)
    recognition.refresh_from_db(fields=["state", "star", "expires_on", "extended_until", "decided_on"])


def _locked(revocation: Revocation, by: Any) -> Revocation:
    row = Revocation.objects.with_names().get(pk=revocation.pk)
    require(by, MANAGE, row)
    _lock(row.recognition)
    Revocation.objects.select_for_update().only("pk").get(pk=row.pk)
    row.refresh_from_db(fields=["state"])
    if row.state != RevocationState.OPEN:
        state = RevocationState(row.state).label.lower()
        raise DomainError(f"Việc thu hồi này đã khép ({state}); hãy tải lại trang.")
    return row


def _check_open(recognition: Recognition, concluded_on: date, inspection: Inspection | None) -> None:
    today = timezone.localdate()
    if not standing(recognition, today).in_force:
        raise DomainError("Chỉ thu hồi giấy chứng nhận đang còn hiệu lực.")
    if Revocation.objects.filter(recognition=recognition, state=RevocationState.OPEN).exists():
        raise DomainError("Giấy chứng nhận này đang có một việc thu hồi chưa quyết định; hãy mở việc đó.")
    if concluded_on > today:
        raise DomainError("Ngày kết luận không thể ở tương lai.", field="concluded_on")
    if concluded_on < recognition.decided_on:
        day = format_date(recognition.decided_on)
        raise DomainError(
            f"Ngày kết luận không thể trước ngày quyết định công nhận ({day}).", field="concluded_on"
        )
    if inspection is not None and inspection.product_id != recognition.product_id:
        raise DomainError("Cuộc kiểm tra này là của sản phẩm khác.")


def _check_decided_on(row: Revocation, day: date) -> None:
    if day < row.concluded_on:
        raise DomainError(
            f"Ngày quyết định không thể trước ngày kết luận ({format_date(row.concluded_on)}).",
            field="decided_on",
        )
    if day > timezone.localdate():
        raise DomainError("Ngày quyết định không thể ở tương lai.", field="decided_on")


def _check_late(row: Revocation, day: date, reason: str) -> None:
    if day > row.due_on and not reason.strip():
        raise DomainError(
            f"Đã quá hạn {format_date(row.due_on)} (15 ngày kể từ ngày kết luận, Điều 8); "
            "vẫn quyết định được nhưng phải ghi lý do muộn.",
            field="late_reason",
        )


def _line(text: str, refusal: str, field: str) -> str:
    if not text.strip():
        raise DomainError(refusal, field=field)
    return nfc(text)


def _text(text: str, refusal: str, field: str) -> str:
    """Several lines, kept as they are."""
    if not text.strip():
        raise DomainError(refusal, field=field)
    return text.strip()


def _tell(row: Revocation, *, by: Any) -> None:
    """Commune and entity hear of the decision; the page they are led to says what it rests on."""
    product = row.recognition.product
    notices.send(
        [user for user in people_of(product) if user != by],
        kind=NoticeKind.RECOGNITION,
        title=f"Giấy chứng nhận OCOP đã bị thu hồi: {product.name}",
        body=f"Quyết định {row.decision_number} ngày {format_date(row.decided_on)} của {row.decided_by}",
        url=reverse("products:product", args=[product.pk]),
        key=f"revocation:{row.pk}:revoked",
    )


def people_of(product: Product) -> list[User]:
    """The entity's accounts and the officers of the product's commune."""
    return [*accounts_of(product.entity_id), *people_with(Role.COMMUNE_OFFICER, [product.commune_id])]
