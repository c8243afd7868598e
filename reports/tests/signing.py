"""Certificates and signed files for tests."""

import io
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers


def certificate_file(folder, name="Nguyễn Văn Ký", password=b"mat-khau", days=365):
    """A self-signed certificate with its key as a PKCS#12 file; and the certificate as PEM beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở Nông nghiệp và Môi trường"),
        ]
    )
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
         "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1000))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{len(list(folder.iterdir()))}.p12"
    encrypted = BestAvailableEncryption(password)
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"ky", key, certificate, None, encrypted))
    return file


def signed(content, file, password=b"mat-khau", field="ChuKy1"):
    """The PDF as signing software returns it: a PAdES signature appended."""
    signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=password)
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    return signers.sign_pdf(writer, meta, signer=signer).getvalue()
