"""Digital signatures in PDF files: what each says, whether the file is unchanged since, and making one.

Reads bytes nobody vouches for and needs no network: revocation lists are not fetched.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime

from core.exceptions import DomainError

BROKEN = "Không đọc được tệp PDF này: tệp hỏng, có mật khẩu hoặc không phải PDF. Hãy xuất lại rồi tải lên."


@dataclass(frozen=True)
class Signature:
    """One signature: who, when, by whose word, and whether the file is as it was signed.

    `intact`: the signed bytes are unchanged. `whole`: nothing but further signatures came after it.
    `trusted`: its certificate leads to one of the roots in the settings; None when there are none.
    `in_date`: the certificate was valid when it was signed.
    """

    signer: str
    organisation: str
    issuer: str
    signed_at: datetime | None
    has_timestamp: bool
    intact: bool
    whole: bool
    trusted: bool | None
    # Signatures kept before this was asked lack it.
    in_date: bool = True

    @property
    def is_good(self) -> bool:
        return self.intact and self.whole and self.in_date and self.trusted is not False

    def as_row(self) -> dict[str, Any]:
        """As it is stored with a file."""
        return {**asdict(self), "signed_at": self.signed_at.isoformat() if self.signed_at else ""}


def sha256(content: bytes) -> str:
    """The hash papers are known by."""
    return hashlib.sha256(content).hexdigest()


def read_signatures(content: bytes) -> list[Signature]:
    """The signatures of a file in their order; raises DomainError for a file that cannot be read."""
    from reports import pades

    try:
        return pades.read(content)
    # A hostile file makes the library stumble in any way.
    except Exception as problem:
        raise DomainError(BROKEN, field="upload") from problem


def kept(rows: Iterable[Mapping[str, Any]]) -> list[Signature]:
    """Signatures as they were stored with a file."""
    return [Signature(**{**row, "signed_at": parse_datetime(row["signed_at"])}) for row in rows]


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two files say the same, page by page, whatever blanks stand between the words."""
    try:
        return _texts(one) == _texts(other)
    except Exception as problem:
        raise DomainError(BROKEN, field="upload") from problem


def _texts(content: bytes) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as document:
        pages = (document[place] for place in range(len(document)))
        return ["".join(page.get_textpage().get_text_range().split()) for page in pages]


def same_look(one: bytes, other: bytes) -> bool:
    """Whether the pages of two files are drawn alike, dot by dot; signatures and notes on them left out.

    Letters can be drawn over, and read otherwise than they are drawn: equal text alone proves little.
    """
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(one) as ours, pypdfium2.PdfDocument(other) as theirs:
            if len(ours) != len(theirs):
                return False
            return all(_drawn_alike(ours[place], theirs[place]) for place in range(len(ours)))
    except Exception as problem:
        raise DomainError(BROKEN, field="upload") from problem


def _drawn_alike(one: Any, other: Any) -> bool:
    # First the size: a page as large as a field would fill the memory.
    return bool(one.get_size() == other.get_size() and _dots(one) == _dots(other))


def _dots(page: Any) -> bytes:
    bitmap = page.render(scale=1, grayscale=True, draw_annots=False, may_draw_forms=False)
    return bytes(bitmap.buffer)


def foreign_parts(content: bytes) -> set[str]:
    """What no paper of ours has: scripts, programs to start, files inside, notes over the text."""
    try:
        return _foreign_in(content)
    except Exception as problem:
        raise DomainError(BROKEN, field="upload") from problem


# Keys and kinds of objects; what lies behind the others never acts and is only drawn.
_FOREIGN = {
    "/JS": "mã lệnh",
    "/JavaScript": "mã lệnh",
    "/Launch": "lệnh mở chương trình",
    "/EmbeddedFiles": "tệp đính kèm",
    "/FileAttachment": "tệp đính kèm",
    "/XFA": "biểu mẫu động",
}
_NOTES = frozenset(("/Widget", "/Link"))
_PASSIVE = frozenset(("/StructTreeRoot", "/Contents", "/Resources", "/Metadata", "/Parent", "/P", "/Prev"))
_PASSIVE_OF_SIGNATURES = frozenset(("/V", "/DSS", "/AP"))


def _foreign_in(content: bytes) -> set[str]:
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [PdfReader(io.BytesIO(content)).trailer["/Root"]]
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, ArrayObject):
            waiting.extend(item)
        elif isinstance(item, DictionaryObject):
            found |= _foreign_of(item)
            passed = _PASSIVE | _PASSIVE_OF_SIGNATURES
            waiting.extend(item.raw_get(key) for key in item if key not in passed)
    return found


def _foreign_of(item: Any) -> set[str]:
    """Of one object."""
    marks = [*item, item.get("/S"), item.get("/Subtype")]
    found = {_FOREIGN[mark] for mark in marks if isinstance(mark, str) and mark in _FOREIGN}
    for note in item.get("/Annots") or ():
        if note.get_object().get("/Subtype") not in _NOTES:
            found.add("ghi chú hoặc hình chèn lên trang")
    return found


def can_sign() -> bool:
    """Whether the installation has a certificate of its own to sign with."""
    return bool(settings.OCOP_SIGN_P12)


def sign(content: bytes, *, reason: str, place: str) -> bytes:
    """The file with a PAdES signature of the installation's certificate appended; the bytes before stay.

    Raises DomainError when there is no certificate or its file cannot be opened.
    """
    if not can_sign():
        raise DomainError("Hệ thống chưa có chứng thư để ký: hãy ký bằng phần mềm ký số rồi tải tệp lên.")
    from reports import pades

    return pades.sign(content, reason=reason, place=place)
