"""The register of certificates, what a certificate's page says, and what anybody may see of one."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core.numbers import format_date
from evaluation import validity
from evaluation.enums import CertificateState, RevocationState
from evaluation.models import Certificate, Revocation
from products.models import Product, Recognition
from products.queries.recognitions import Linked

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,43}")
# What a buyer is told of a certificate whose end is near, or extended: it is in force.
IN_FORCE = CertificateState.VALID.label
# How far ahead the list offers the months in which certificates end.
MONTHS_AHEAD = 36


def certificates_for(user: Any) -> QuerySet[Certificate]:
    """The register of a user's area, the latest first."""
    return Certificate.objects.visible_to(user).with_names()


def without_certificate(user: Any) -> QuerySet[Recognition]:
    """Recognitions in force that have no certificate here yet: those decided before this system."""
    rows = Recognition.objects.visible_to(user).valid_on(timezone.localdate()).filter(certificate=None)
    return rows.select_related("product__entity", "product__commune").order_by("decided_on", "pk")


def revocation_of(recognition: Recognition) -> Revocation | None:
    """The decision that revoked the recognition."""
    return recognition.revocations.filter(state=RevocationState.REVOKED).order_by("-decided_on").first()


def open_revocation_of(recognition: Recognition) -> Revocation | None:
    return recognition.revocations.filter(state=RevocationState.OPEN).first()


def links_of(product: Product) -> dict[int, Linked]:
    """The certificates of a product's recognitions, by recognition, for the page of the product."""
    rows = Certificate.objects.filter(recognition__product=product).select_related("recognition")
    return {row.recognition_id: _linked(row) for row in rows}


def _linked(row: Certificate) -> Linked:
    url = reverse("evaluation:certificate", args=[row.pk])
    return Linked(str(row), url, row.standing.word, row.standing.kind)


# --- what anybody may see ---


@dataclass(frozen=True)
class PublicFacts:
    """The whole of a public page: nothing of a person, no points, no words of the council."""

    product: str
    entity: str
    commune: str
    province: str
    star: int
    number: str
    state: CertificateState
    in_force: bool
    word: str
    until: str
    note: str
    decision: str
    decided_by: str
    last_day: str


def read_token(text: str) -> str:
    """The code in what somebody typed or pasted: itself, or the last part of a pasted address; else empty."""
    last = text.strip().rstrip("/").rpartition("/")[2]
    return last if TOKEN.fullmatch(last) else ""


def public_facts(token: str) -> PublicFacts | None:
    """What the public page of a certificate says today; None for a code nobody has.

    One query; a second one for a certificate that was revoked or replaced.
    """
    if not TOKEN.fullmatch(token):
        return None
    certificate = Certificate.objects.with_names().filter(token=token).first()
    return _facts(certificate) if certificate else None


def _facts(certificate: Certificate) -> PublicFacts:
    recognition = certificate.recognition
    product, standing = recognition.product, certificate.standing
    return PublicFacts(
        product=product.name,
        entity=product.entity.name,
        commune=product.commune.name,
        province=certificate.unit.name,
        star=recognition.star,
        number=certificate.number,
        state=standing.state,
        in_force=standing.in_force,
        word=(IN_FORCE if standing.in_force else standing.word).upper(),
        until=format_date(standing.last_day) if standing.in_force and standing.last_day else "",
        note=_note(recognition, standing),
        decision=_decision(recognition),
        decided_by=recognition.decided_by,
        last_day=format_date(recognition.expires_on) if recognition.expires_on else "",
    )


def _note(recognition: Recognition, standing: validity.Standing) -> str:
    """What the state means for who holds the product in the hand."""
    if standing.state == CertificateState.EXTENDED:
        return "Được gia hạn trong khi chờ kết quả đánh giá, phân hạng lại."
    if standing.state == CertificateState.EXPIRED:
        return f"Ngày cuối có hiệu lực: {format_date(standing.last_day)}."
    if standing.state == CertificateState.REVOKED:
        found = revocation_of(recognition)
        return f"Theo {_paper(found.decision_number, found.decided_on)}." if found else ""
    if standing.state == CertificateState.REPLACED:
        return _replaced(recognition)
    return ""


def _replaced(recognition: Recognition) -> str:
    today = timezone.localdate()
    newer = Recognition.objects.valid_on(today).filter(product=recognition.product_id).first()
    if newer is None:
        return "Sản phẩm hiện không có giấy chứng nhận nào còn hiệu lực."
    end = validity.last_day_of(newer)
    until = f", hiệu lực đến {format_date(end)}" if end else ""
    return f"Sản phẩm hiện được công nhận {newer.star} sao{until}. Hãy quét mã trên giấy chứng nhận mới."


def _paper(number: str, day: date | None) -> str:
    return f"Quyết định số {number} ngày {format_date(day)}"


def _decision(recognition: Recognition) -> str:
    number = recognition.decision_number or "không rõ số"
    return f"{number}, {'' if recognition.year_only else 'ngày '}{_day_or_year(recognition)}"


def _day_or_year(recognition: Recognition) -> str:
    if recognition.year_only:
        return f"năm {recognition.decided_on.year}"
    return format_date(recognition.decided_on)


# --- the calendar of ends ---


def coming_months(today: date) -> list[date]:
    """First days of this month and the following ones, as far as a recognition of today holds."""
    first = today.replace(day=1)
    months = first.year * 12 + first.month - 1
    return [date((months + n) // 12, (months + n) % 12 + 1, 1) for n in range(MONTHS_AHEAD + 1)]
