"""The signed file of an issued paper: checked, and kept as the paper that is in force."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.text import search_key
from reports import signatures
from reports.enums import FileForm, PaperState
from reports.models import Paper, PaperFile
from reports.services.rendering import file_name
from reports.signatures import Signature


def attach_signed(*, paper: Paper, upload: Any, by: Any, other_signer: bool = False) -> PaperFile:
    """Keep a signed PDF as the paper in force, once it is shown to be this paper, unchanged since signing.

    `other_signer`: the person has seen that the certificate bears another name than the paper. Raises
    DomainError, with what to do, for a broken file, one without a signature, a changed one, another paper,
    a certificate that is not trusted, and a signer of another name.
    """
    issued = _issued_file(paper, by)
    content = _read(upload)
    found = signatures.read_signatures(content)
    _check_signatures(found)
    same = _same_paper(issued, content)
    if not other_signer and not any(_is_named(signature, paper.signer_name) for signature in found):
        names = ", ".join(signature.signer for signature in found)
        raise DomainError(
            f"Chữ ký số là của {names}, không phải {paper.signer_name} như ghi trên văn bản. "
            "Nếu đúng là chữ ký cần nhận, hãy đánh dấu xác nhận rồi tải lại.",
            field="other_signer",
        )
    return _keep(paper, content, found, same, by)


def sign(*, paper: Paper, by: Any) -> PaperFile:
    """Sign an issued paper with the installation's own certificate, for provinces without a token.

    Raises DomainError when the installation has none that is valid today, PermissionDenied without the right
    to issue.
    """
    issued = _issued_file(paper, by)
    content = signatures.sign(_bytes(issued), reason="Ban hành văn bản", place=paper.unit.short_name)
    found = signatures.read_signatures(content)
    # Our own certificate need not lead to the roots uploads are judged by.
    _check_signatures([replace(signature, trusted=None) for signature in found])
    return _keep(paper, content, found, "bytes", by)


def _issued_file(paper: Paper, by: Any) -> PaperFile:
    if not by.has_perm("reports.issue_paper", paper):
        raise PermissionDenied
    if paper.state != PaperState.ISSUED:
        raise DomainError("Chỉ nhận bản ký số của văn bản đã phát hành.", field="upload")
    if paper.files.filter(form=FileForm.SIGNED).exists():
        raise DomainError("Văn bản này đã có bản ký số; cần sửa thì lập văn bản thay thế.", field="upload")
    found: PaperFile = paper.files.get(form=FileForm.ISSUED)
    return found


def _read(upload: Any) -> bytes:
    limit = settings.EVIDENCE_MAX_FILE_MB
    if upload.size > limit * 1024 * 1024:
        raise DomainError(f"Tệp lớn hơn {limit} MB.", field="upload")
    content: bytes = upload.read()
    if not content.startswith(b"%PDF-"):
        raise DomainError(signatures.BROKEN, field="upload")
    return content


def _check_signatures(found: list[Signature]) -> None:
    if not found:
        raise DomainError("Tệp không có chữ ký số: hãy tải lên tệp đã ký.", field="upload")
    for signature in found:
        if not signature.intact:
            raise DomainError(
                f"Tệp đã bị thay đổi sau khi {signature.signer} ký, hoặc chữ ký không hợp lệ. "
                "Hãy ký lại tệp phát hành tải từ hệ thống.",
                field="upload",
            )
        if not signature.whole:
            raise DomainError(
                f"Chữ ký của {signature.signer} không bao trùm toàn bộ tệp: có phần được thêm sau khi ký. "
                "Hãy ký lại tệp phát hành tải từ hệ thống.",
                field="upload",
            )
        if not signature.in_date:
            raise DomainError(
                f"Chứng thư của {signature.signer} không còn hoặc chưa có hiệu lực lúc ký: hãy ký lại bằng "
                "chứng thư còn hiệu lực.",
                field="upload",
            )
        if signature.trusted is False:
            raise DomainError(
                f"Chứng thư của {signature.signer} (do {signature.issuer or 'nơi không rõ'} cấp) không thuộc "
                "các tổ chức chứng thực mà hệ thống tin cậy.",
                field="upload",
            )


def _same_paper(issued: PaperFile, content: bytes) -> str:
    """ "bytes" when the file begins with ours, "text" when software wrote it anew; else it is another paper.

    Beginning with ours proves nothing: what is appended before signing may put other pages in their place.
    """
    ours = _bytes(issued)
    if not signatures.same_text(ours, content) or not signatures.same_look(ours, content):
        raise DomainError(
            "Nội dung tệp khác bản phát hành của văn bản này. Hãy ký đúng tệp phát hành tải từ hệ thống.",
            field="upload",
        )
    if foreign := signatures.foreign_parts(content):
        raise DomainError(
            f"Tệp có thêm {', '.join(sorted(foreign))}: hãy ký đúng tệp phát hành tải từ hệ thống.",
            field="upload",
        )
    return "bytes" if content.startswith(ours) else "text"


def _bytes(file: PaperFile) -> bytes:
    with file.file.open() as stored:
        content: bytes = stored.read()
    return content


def _is_named(signature: Signature, name: str) -> bool:
    return search_key(name) in search_key(signature.signer)


@transaction.atomic
def _keep(paper: Paper, content: bytes, found: list[Signature], same: str, by: Any) -> PaperFile:
    # Two uploads at once wait here for each other.
    Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if paper.files.filter(form=FileForm.SIGNED).exists():
        raise DomainError("Văn bản này vừa có bản ký số.", field="upload")
    stored = PaperFile(paper=paper, form=FileForm.SIGNED, made_by=by)
    stored.file.save(file_name(paper, "da-ky"), ContentFile(content), save=False)
    stored.sha256, stored.size = signatures.sha256(content), len(content)
    stored.details = {"signatures": [signature.as_row() for signature in found], "same": same}
    stored.save()
    after = {"sha256": stored.sha256, "signers": [signature.signer for signature in found]}
    audit.record(by=by, verb="paper_signed", obj=paper, after=after)
    return stored
