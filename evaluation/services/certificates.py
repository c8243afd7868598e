"""Giấy chứng nhận: one a recognition, numbered by the province without gaps (Đ4 k3 QĐ 26/2026)."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import nfc
from evaluation.models import Certificate
from evaluation.services.guards import require
from products import numbering
from products.enums import RecognitionState
from products.models import Product, Recognition
from products.services.common import lock_product

ISSUE = "evaluation.issue_certificate"
MINISTRY_STAR = 5
MOST_AT_ONCE = 500


@transaction.atomic
def issue_certificate(*, recognition: Recognition, by: Any, number: str = "") -> Certificate:
    """Give an earlier recognition in force its certificate; the one it has already is answered again.

    `number`: as printed on the paper that was handed out then; else the next of the province's register.
    Raises PermissionDenied, DomainError for a recognition not in force or a number that is taken.
    """
    require(by, ISSUE, recognition)
    lock_product(recognition.product)
    recognition.refresh_from_db(fields=["state", "expires_on", "extended_until", "decided_on"])
    if found := Certificate.objects.filter(recognition=recognition).first():
        return found
    _check_in_force(recognition)
    return issue_for(recognition, by=by, number=number)


def issue_for(recognition: Recognition, *, by: Any, number: str = "") -> Certificate:
    """The certificate of a recognition just entered, in the act that enters it; its product is locked."""
    unit = province_of(recognition)
    number = nfc(number)
    if number:
        _check_free(unit, number)
    else:
        number = _next_numbers(unit, recognition.decided_on.year, 1)[0]
    certificate = Certificate.objects.create(
        recognition=recognition, unit=unit, number=number, issued_on=recognition.decided_on, issued_by=by
    )
    audit.record(by=by, verb="certificate.issue", obj=certificate, after=_told(certificate))
    return certificate


@transaction.atomic
def issue_many(*, recognitions: Iterable[Recognition], by: Any) -> list[Certificate]:
    """Certificates for many earlier recognitions at once, numbered in the order of their decisions.

    What has one already, or is no longer in force, is left out: somebody else was quicker. Raises
    PermissionDenied for a recognition of another province, DomainError for none or more than 500.
    """
    chosen = list(recognitions)
    if not chosen:
        raise DomainError("Hãy chọn ít nhất một sản phẩm.")
    if len(chosen) > MOST_AT_ONCE:
        raise DomainError(f"Mỗi lần cấp tối đa {MOST_AT_ONCE} giấy chứng nhận; hãy chọn ít hơn.")
    for recognition in chosen:
        require(by, ISSUE, recognition)
    rows = _locked_without_certificate([recognition.pk for recognition in chosen])
    made = Certificate.objects.bulk_create(_numbered(rows, by))
    audit.record_all(
        [audit.entry(by=by, verb="certificate.issue", obj=row, after=_told(row)) for row in made]
    )
    return made


def _locked_without_certificate(ids: Sequence[int]) -> list[Recognition]:
    """In the order of their numbers. Products are locked in the order of their ids: two hands take turns."""
    products = Product.objects.filter(recognitions__in=ids).order_by("pk").values("pk")
    list(Product.objects.select_for_update().filter(pk__in=products).order_by("pk").only("pk"))
    return list(
        Recognition.objects.valid_on(timezone.localdate())
        .filter(pk__in=ids, certificate=None)
        .select_related("product__commune__parent")
        .order_by("product__commune__parent", "decided_on", "pk")
    )


def _numbered(rows: Iterable[Recognition], by: Any) -> Iterable[Certificate]:
    def register(row: Recognition) -> tuple[int, int]:
        return province_of(row).pk, row.decided_on.year

    for (_, year), group in groupby(rows, key=register):
        together = list(group)
        unit = province_of(together[0])
        for row, number in zip(together, _next_numbers(unit, year, len(together)), strict=True):
            yield Certificate(
                recognition=row, unit=unit, number=number, issued_on=row.decided_on, issued_by=by
            )


def _next_numbers(unit: AdminUnit, year: int, count: int) -> list[str]:
    """Running numbers; one that somebody typed by hand before is passed over."""
    _lock_register(unit)
    numbers: list[str] = []
    while len(numbers) < count:
        fresh = numbering.certificate_numbers(unit, year=year, count=count - len(numbers))
        typed = Certificate.objects.filter(unit=unit, number__in=fresh).values_list("number", flat=True)
        taken = set(typed)
        numbers += [number for number in fresh if number not in taken]
    return numbers


def _lock_register(unit: AdminUnit) -> None:
    """Running and typed numbers of a province take turns; rows that only point to it go on being written."""
    AdminUnit.objects.select_for_update(no_key=True).only("pk").get(pk=unit.pk)


def _check_free(unit: AdminUnit, number: str) -> None:
    _lock_register(unit)
    if len(number) > 60:
        raise DomainError("Số giấy chứng nhận dài tối đa 60 ký tự.", field="number")
    if Certificate.objects.filter(unit=unit, number=number).exists():
        raise DomainError(f"Số {number} đã cấp cho một giấy chứng nhận khác của tỉnh.", field="number")


def _check_in_force(recognition: Recognition) -> None:
    in_force = Recognition.objects.valid_on(timezone.localdate()).filter(pk=recognition.pk).exists()
    if not in_force or recognition.state != RecognitionState.VALID:
        raise DomainError("Chỉ cấp giấy chứng nhận cho kết quả công nhận đang còn hiệu lực.")


def province_of(recognition: Recognition) -> AdminUnit:
    """Whose register the certificate is in."""
    commune = recognition.product.commune
    return commune.parent or commune


def _told(certificate: Certificate) -> dict[str, Any]:
    # Not the token: whoever reads the log needs no address of the public page.
    return {"number": certificate.number, "recognition": certificate.recognition_id}
