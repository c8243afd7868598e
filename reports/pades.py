"""PAdES signatures read and made with pyHanko. Large: loaded only when a signed file is at hand."""

import io
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.exceptions import DomainError
from reports.signatures import Signature

MOST_SIGNATURES = 20
# A certificate for signing papers says one of these of its key.
USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def read(content: bytes) -> list[Signature]:
    """The signatures of a file; raises whatever the library raises for a broken one."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    return [_read(signature) for signature in list(reader.embedded_regular_signatures)[:MOST_SIGNATURES]]


def _read(signature: EmbeddedPdfSignature) -> Signature:
    certificate = signature.signer_cert
    roots = trusted_roots()
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(signature, context, key_usage_settings=USAGE)
    subject = certificate.subject.native if certificate else {}
    stamped = status.timestamp_validity
    return Signature(
        signer=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(certificate.issuer.native.get("common_name")) if certificate else "",
        signed_at=stamped.timestamp if stamped else status.signer_reported_dt,
        has_timestamp=bool(stamped and stamped.intact and stamped.valid),
        intact=bool(status.intact and status.valid),
        whole=_is_whole(status),
        trusted=bool(status.trusted) if roots else None,
        in_date=_is_in_date(certificate, stamped.timestamp if stamped else status.signer_reported_dt),
    )


def _is_in_date(certificate: x509.Certificate | None, signed_at: datetime | None) -> bool:
    """Whether the certificate was valid at that time; without a time, and for one to come, now."""
    now = timezone.now()
    at = min(signed_at or now, now)
    return certificate is None or certificate.not_valid_before <= at <= certificate.not_valid_after


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _is_whole(status: PdfSignatureStatus) -> bool:
    """Covers the file, or all of it but later signatures and what belongs to them."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return True
    level = status.modification_level
    return (
        status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        and level is not None
        and level <= ModificationLevel.FORM_FILLING
        and bool(status.docmdp_ok)
    )


@cache
def _roots_in(folder: str) -> tuple[x509.Certificate, ...]:
    roots: list[x509.Certificate] = []
    for file in sorted(Path(folder).iterdir()):
        if file.suffix.lower() in (".pem", ".crt", ".cer", ".der"):
            content = file.read_bytes()
            blocks = (
                [der for _, _, der in pem.unarmor(content, multiple=True)]
                if pem.detect(content)
                else [content]
            )
            roots += [x509.Certificate.load(der) for der in blocks]
    return tuple(roots)


def trusted_roots() -> tuple[x509.Certificate, ...]:
    """The root certificates an installation trusts (OCOP_SIGNATURE_ROOTS); none: trust is not judged."""
    return _roots_in(settings.OCOP_SIGNATURE_ROOTS) if settings.OCOP_SIGNATURE_ROOTS else ()


def sign(content: bytes, *, reason: str, place: str) -> bytes:
    """The file with a signature of the certificate in the settings appended."""
    password = settings.OCOP_SIGN_P12_PASSWORD.encode() or None
    signer = signers.SimpleSigner.load_pkcs12(settings.OCOP_SIGN_P12, passphrase=password)
    if signer is None:
        raise DomainError("Không mở được tệp chứng thư của hệ thống. Hãy báo quản trị hệ thống.")
    meta = signers.PdfSignatureMetadata(
        field_name=f"ChuKy{timezone.now():%Y%m%d%H%M%S}",
        reason=reason,
        location=place,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return signers.sign_pdf(writer, meta, signer=signer).getvalue()
