"""Recognitions: earlier ones entered by hand or by an import, put right, extended under Đ12 k3.

A recognition that comes from a dossier's result is entered by `evaluation` and never changed here.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.text import nfc
from products import legal_bases, windows
from products.enums import DossierKind, RecognitionState
from products.models import Dossier, Product, Recognition
from products.services.common import allow, lock_product, save_row

RECOGNISED_STARS = (3, 4, 5)


@transaction.atomic
def record_recognition(
    *,
    product: Product,
    star: int,
    decided_on: date,
    by: Any,
    year_only: bool = False,
    decision_number: str = "",
    decided_by: str = "",
    expires_on: date | None = None,
    legal_basis: str = "",
    note: str = "",
) -> tuple[Recognition, bool]:
    """Enter a recognition decided outside this system. Gives it, and whether it is new.

    `year_only`: only the year of `decided_on` is known. Without `expires_on` it holds 36 months (Đ4 k3)
    and is marked as derived; without `legal_basis` the one in force on the day is taken. The same decision
    entered again changes nothing, but words that were empty are filled. The newest decision is valid,
    earlier ones are replaced. `by` None: the system itself (an import from the shell). Raises
    PermissionDenied, DomainError on a field.
    """
    if by is not None:
        allow(by, "products.record_recognition", product)
    lock_product(product)
    facts = recognition_facts(
        star=star,
        decided_on=decided_on,
        year_only=year_only,
        decision_number=decision_number,
        decided_by=decided_by,
        expires_on=expires_on,
        legal_basis=legal_basis,
        note=note,
    )
    if same := find_recognition(product, **{name: facts[name] for name in _IDENTITY}):
        _fill_blanks(same, facts, by=by)
        return same, False
    recognition = Recognition(product=product, state=RecognitionState.REPLACED, **facts)
    save_row(recognition)
    _settle_states(product)
    recognition.refresh_from_db()
    audit.record(by=by, verb="product.record_recognition", obj=product, after=told_of(recognition))
    return recognition, True


_WORDS = ("decision_number", "decided_by", "note")
_IDENTITY = ("star", "decided_on", "year_only", "decision_number")


def find_recognition(
    product: Product, *, star: int, decided_on: date, year_only: bool = False, decision_number: str = ""
) -> Recognition | None:
    """The stored recognition that tells of the same decision: same product, star, number and day.

    Where either knows the year alone, the year decides; where either lacks the number, the day does.
    """
    same_day = Q(decided_on=decided_on) | Q(year_only=True, decided_on__year=decided_on.year)
    if year_only:
        same_day |= Q(decided_on__year=decided_on.year)
    found = product.recognitions.filter(same_day, star=star)
    if decision_number:
        number = nfc(decision_number)
        found = found.filter(Q(decision_number__iexact=number) | Q(decision_number=""))
        return found.order_by("-decision_number").first()
    return found.first()


def _fill_blanks(recognition: Recognition, facts: dict[str, Any], *, by: Any) -> None:
    """Words an earlier entry left empty; a result of a dossier is complete and stays."""
    if recognition.dossier_id:
        return
    blank = {name: facts[name] for name in _WORDS if facts[name] and not getattr(recognition, name)}
    for name, value in blank.items():
        setattr(recognition, name, value)
    if blank:
        save_row(recognition, update_fields=[*blank])
        _record_correction(recognition.product, dict.fromkeys(blank, ""), blank, by=by)


@transaction.atomic
def correct_recognition(
    recognition: Recognition,
    *,
    by: Any,
    star: int,
    decided_on: date,
    year_only: bool = False,
    decision_number: str = "",
    decided_by: str = "",
    expires_on: date | None = None,
    legal_basis: str = "",
    note: str = "",
) -> Recognition:
    """Put right a recognition entered by hand or imported; which one is valid is settled again.

    Raises DomainError when it came from a dossier's result, or was revoked: that one stays as decided.
    """
    product = recognition.product
    allow(by, "products.record_recognition", product)
    lock_product(product)
    recognition.refresh_from_db()
    if recognition.dossier_id:
        raise DomainError("Kết quả này đến từ hồ sơ đã đánh giá trên hệ thống nên không sửa tay được.")
    if recognition.state == RecognitionState.REVOKED:
        # Its decision is what the revocation names, and a later day would let an earlier one stand again.
        raise DomainError("Kết quả này đã bị thu hồi nên không sửa được nữa.")
    before = told_of(recognition)
    facts = recognition_facts(
        star=star,
        decided_on=decided_on,
        year_only=year_only,
        decision_number=decision_number,
        decided_by=decided_by,
        expires_on=expires_on,
        legal_basis=legal_basis,
        note=note,
    )
    same = find_recognition(product, **{name: facts[name] for name in _IDENTITY})
    if same is not None and same.pk != recognition.pk:
        raise DomainError("Quyết định này đã có trong lịch sử công nhận của sản phẩm.")
    _check_extension_kept(recognition, facts["expires_on"])
    for name, value in facts.items():
        setattr(recognition, name, value)
    save_row(recognition, update_fields=[*facts])
    _settle_states(product)
    recognition.refresh_from_db()
    _record_correction(product, before, told_of(recognition), by=by)
    return recognition


@transaction.atomic
def extend_recognition(recognition: Recognition, *, until: date, reason: str, by: Any) -> Recognition:
    """Đ12 k3: a missed window keeps the recognition until the new result, at most 180 days.

    Asks for a re-ranking dossier that is filed and still open, and filed after the window closed. Raises
    PermissionDenied, DomainError on `until` or `reason`.
    """
    product = recognition.product
    allow(by, "products.record_recognition", product)
    lock_product(product)
    recognition.refresh_from_db()
    _check_extension(recognition, until, reason)
    before = recognition.extended_until
    recognition.extended_until, recognition.extension_reason = until, reason.strip()
    save_row(recognition, update_fields=["extended_until", "extension_reason"])
    audit.record(
        by=by,
        verb="product.extend_recognition",
        obj=product,
        before={"extended_until": before},
        after={"extended_until": until},
        reason=reason.strip(),
    )
    return recognition


def late_re_ranking(recognition: Recognition) -> Dossier | None:
    """The open dossier for re-ranking that was filed after the window of the recognition had closed."""
    window = windows.window_of(recognition)
    filed = Dossier.objects.open().filter(
        product_id=recognition.product_id, kind=DossierKind.RE_RANKING, submitted_at__isnull=False
    )
    dossier = filed.first()
    if window is None or dossier is None or dossier.submitted_at is None:
        return None
    return dossier if timezone.localdate(dossier.submitted_at) > window.closes_on else None


def _check_extension(recognition: Recognition, until: date, reason: str) -> None:
    latest = windows.latest_extension(recognition)
    if recognition.state != RecognitionState.VALID or recognition.expires_on is None or latest is None:
        raise DomainError("Chỉ gia hạn kết quả công nhận còn hiệu lực và có ngày hết hạn.")
    if late_re_ranking(recognition) is None:
        raise DomainError(
            "Chỉ gia hạn khi sản phẩm đã nộp hồ sơ đánh giá lại sau khi cửa sổ nộp đã đóng (Đ12 k3)."
        )
    if not recognition.expires_on < until <= latest:
        raise DomainError(
            f"Ngày gia hạn phải sau {recognition.expires_on:%d/%m/%Y} và không quá {latest:%d/%m/%Y} "
            "(180 ngày sau ngày hết hạn).",
            field="until",
        )
    if not reason.strip():
        raise DomainError("Hãy ghi lý do gia hạn.", field="reason")


def recognition_facts(
    *, star: int, decided_on: date, year_only: bool, expires_on: date | None, legal_basis: str, **words: str
) -> dict[str, Any]:
    """The columns of a recognition from what was told, or a DomainError on the field that is wrong."""
    today = timezone.localdate()
    if star not in RECOGNISED_STARS:
        raise DomainError("Chỉ 3 sao, 4 sao và 5 sao có quyết định công nhận.", field="star")
    if year_only and decided_on.year <= today.year:
        decided_on = min(date(decided_on.year, 12, 31), today)
    if decided_on > today:
        raise DomainError("Ngày quyết định không được sau hôm nay.", field="decided_on")
    if expires_on is not None and expires_on <= decided_on:
        raise DomainError("Ngày hết hạn phải sau ngày quyết định.", field="expires_on")
    return {
        "star": star,
        "decided_on": decided_on,
        "year_only": year_only,
        "expires_on": expires_on or windows.expiry_of(decided_on),
        "expiry_derived": expires_on is None,
        "legal_basis": legal_basis.strip() or legal_bases.proposed_for(decided_on),
        **{name: nfc(text) for name, text in words.items()},
    }


def _check_extension_kept(recognition: Recognition, expires_on: date) -> None:
    until = recognition.extended_until
    if until and not expires_on < until <= expires_on + windows.LONGEST_EXTENSION:
        raise DomainError(
            f"Kết quả đã được gia hạn đến {until:%d/%m/%Y}; ngày hết hạn mới không khớp với gia hạn đó.",
            field="expires_on",
        )


def _settle_states(product: Product) -> None:
    """The newest decision is valid and the earlier ones replaced; what was revoked stays revoked."""
    newest, *others = product.recognitions.order_by("-decided_on", "-pk")
    # The old one first: the database allows one valid recognition a product at any moment.
    for recognition in others:
        _put_in(recognition, RecognitionState.REPLACED)
    _put_in(newest, RecognitionState.VALID)


def _put_in(recognition: Recognition, state: str) -> None:
    if recognition.state not in (state, RecognitionState.REVOKED):
        recognition.state = state
        recognition.save(update_fields=["state"])


_TOLD = (
    "star", "decision_number", "decided_on", "year_only", "decided_by", "expires_on", "expiry_derived",
    "legal_basis", "note", "state",
)  # fmt: skip


def told_of(recognition: Recognition) -> dict[str, Any]:
    """What the log tells of a recognition."""
    return {name: getattr(recognition, name) for name in _TOLD}


def _record_correction(product: Product, before: dict[str, Any], after: dict[str, Any], *, by: Any) -> None:
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        audit.record(
            by=by,
            verb="product.correct_recognition",
            obj=product,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
