"""Giấy chứng nhận sản phẩm OCOP: landscape A4, with the QR code of its public check page."""

from datetime import date

from core.exceptions import DomainError
from core.text import lower_first
from evaluation.enums import CertificateState
from evaluation.models import Certificate
from evaluation.qr import public_address
from evaluation.services.certificates import MINISTRY_STAR
from reports import words
from reports.document import Document, Head, Layout, Signature
from reports.enums import Issuer
from reports.letterhead import letterhead_of

# After these the paper would say what no longer counts (Đ8); an expired one tells its last day itself.
ENDED = (CertificateState.REVOKED, CertificateState.REPLACED)


def check(certificate: Certificate) -> None:
    """Raises DomainError for a certificate that the Ministry issues, and for one that was taken back."""
    _check_issuer(certificate)
    standing = certificate.standing
    if standing.state in ENDED:
        raise DomainError(f"Giấy chứng nhận {lower_first(standing.word)} nên không in, không phát hành.")


def _check_issuer(certificate: Certificate) -> None:
    if certificate.recognition.star == MINISTRY_STAR:
        raise DomainError("Giấy chứng nhận 5 sao do Bộ Nông nghiệp và Môi trường cấp: tỉnh không in.")


def build(certificate: Certificate, *, today: date) -> Document:
    """The certificate of a recognition; dated the day it was issued.

    Raises DomainError for five stars: recognised by the Minister (Đ4), the Ministry's paper is not ours.
    """
    recognition = certificate.recognition
    _check_issuer(certificate)
    product = recognition.product
    head = letterhead_of(certificate.unit, certificate.issued_on, Issuer.COMMITTEE)
    decided_by = recognition.decided_by or f"Chủ tịch Ủy ban nhân dân {lower_first(certificate.unit.name)}"
    number = f"số {recognition.decision_number} " if recognition.decision_number else ""
    last_day = recognition.expires_on
    return Document(
        head=Head(),
        type_name="GIẤY CHỨNG NHẬN",
        subject=f"Sản phẩm OCOP {recognition.star} sao",
        signatures=(
            Signature(
                head.signer_position, head.signer_name, place_date=head.place_date(certificate.issued_on)
            ),
        ),
        layout=Layout.CERTIFICATE,
        landscape=True,
        values={
            "issuer": decided_by,
            "product": product.name,
            "entity": product.entity.name,
            "place": f"{product.commune.name}, {lower_first(certificate.unit.name)}",
            "star": recognition.star,
            "stars": list(range(recognition.star)),
            "number": certificate.number,
            "decision": f"Quyết định {number}{words.formal_date(recognition.decided_on)} của {decided_by}",
            "validity": f"Có giá trị đến hết {words.formal_date(last_day)}" if last_day else "",
            "address": public_address(certificate.token),
        },
    )
