"""What the file of a paper is, told by its content and never by its name; refusals say what to do.

No database here: forms, services and imports may ask.
"""

import hashlib
import io
import re
import threading
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import puremagic
import pypdfium2
from PIL import Image

from core.exceptions import DomainError

# pdfium keeps state of its own and is not safe for threads: one page at a time in a process.
PDFIUM = threading.Lock()

PAGES_LIMIT = 500
PIXELS_LIMIT = 80_000_000
# An office file is a zip; what it may unfold to.
ZIP_ENTRIES_LIMIT = 5_000
ZIP_TOTAL_LIMIT = 300 * 1024 * 1024
ZIP_RATIO_LIMIT = 150
ZIP_RATIO_FROM = 10 * 1024 * 1024
NAME_LIMIT = 150
CUT_SHORT = "Ảnh bị hỏng hoặc tải chưa hết. Hãy mở thử ảnh trên máy rồi tải lại."
TOO_MANY_PIXELS = "Ảnh quá lớn, hơn 80 triệu điểm ảnh. Hãy giảm kích thước ảnh rồi tải lại."


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken as evidence."""

    content_type: str
    extension: str
    label: str

    @property
    def has_pictures(self) -> bool:
        """Whether its pages can be shown in the page."""
        return self.extension not in ("docx", "xlsx")


PDF = Kind("application/pdf", "pdf", "PDF")
JPEG = Kind("image/jpeg", "jpg", "ảnh JPEG")
PNG = Kind("image/png", "png", "ảnh PNG")
WEBP = Kind("image/webp", "webp", "ảnh WebP")
TIFF = Kind("image/tiff", "tif", "ảnh TIFF")
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word")
XLSX = Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel")
KINDS = {kind.content_type: kind for kind in (PDF, JPEG, PNG, WEBP, TIFF, DOCX, XLSX)}
PIL_FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", TIFF: "TIFF"}
# For the file chooser; the server asks the content.
ACCEPT = ".pdf,.jpg,.jpeg,.png,.webp,.tif,.tiff,.docx,.xlsx"
TAKEN = "PDF, ảnh (JPEG, PNG, WebP, TIFF), Word (.docx) hoặc Excel (.xlsx)"

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_NAMES = {".heic": ".jpg", ".heif": ".jpg"}


@dataclass(frozen=True)
class Inspected:
    """What is known of a file after reading it: its kind, its hash, its size and its pages."""

    kind: Kind
    sha256: str
    size: int
    pages: int | None


def inspect(file: Any) -> Inspected:
    """Read an uploaded file piece by piece and tell what it is. Raises DomainError for what is not taken."""
    if not file.size:
        raise DomainError("Tệp rỗng (0 byte). Hãy kiểm tra tệp trên máy rồi tải lại.")
    sha256 = _hash(file)
    stream = _stream(file)
    kind = kind_of(stream)
    return Inspected(kind, sha256, file.size, _pages(stream, kind))


def kind_of(stream: IO[bytes]) -> Kind:
    """The kind the first bytes (and, for office files, the entries) say. Raises DomainError."""
    stream.seek(0)
    head = stream.read(1024)
    for test, kind in _SIGNATURES:
        if test(head):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(stream)
    raise DomainError(_refusal(head))


# The PDF standard lets some bytes stand before its mark, but a page of HTML in front is no PDF to us.
_SIGNATURES = (
    (lambda head: head.lstrip(b"\xef\xbb\xbf \r\n\t\x00").startswith(b"%PDF-"), PDF),
    (lambda head: head.startswith(b"\xff\xd8\xff"), JPEG),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), PNG),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", WEBP),
    (lambda head: head[:4] in (b"II*\x00", b"MM\x00*"), TIFF),
)


def safe_filename(name: str, kind: Kind) -> str:
    """A name for screens and folders: no path, no signs that file systems refuse, the true extension."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Control and direction signs can make "fdp.exe" look like "exe.pdf".
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    clean = " ".join(re.sub(r'[<>:"|?*]', " ", visible).split())
    path = PurePosixPath(clean)
    stem = path.stem if re.fullmatch(r"\.[A-Za-z]\w{1,4}", path.suffix) else clean
    return f"{stem.strip('. ')[:NAME_LIMIT] or 'tep'}.{kind.extension}"


def _hash(file: Any) -> str:
    found = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()


def _stream(file: Any) -> IO[bytes]:
    """The open file behind Django's wrappers, which is what libraries want to seek in."""
    inner = getattr(file, "file", file)
    return inner if hasattr(inner, "seek") else file


def _pages(stream: IO[bytes], kind: Kind) -> int | None:
    stream.seek(0)
    if kind == PDF:
        return _pdf_pages(stream)
    if kind in PIL_FORMATS:
        return _image_pages(stream, kind)
    return None


def _pdf_pages(stream: IO[bytes]) -> int:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(stream)
        except pypdfium2.PdfiumError as error:
            raise DomainError(_pdf_refusal(error)) from error
        try:
            pages = len(document)
        finally:
            document.close()
    if not pages:
        raise DomainError("Tệp PDF không có trang nào. Hãy lưu lại thành PDF rồi tải lại.")
    return _within_limit(pages)


def _pdf_refusal(error: Exception) -> str:
    if "password" in str(error).lower():
        return (
            "Tệp PDF đặt mật khẩu nên hệ thống và Hội đồng không đọc được. Hãy mở tệp trên máy, chọn In rồi "
            "Lưu thành PDF (bản không mật khẩu) và tải bản đó lên."
        )
    return "Tệp PDF bị hỏng, không mở được. Hãy mở thử trên máy, lưu lại thành PDF rồi tải lại."


def _within_limit(pages: int) -> int:
    if pages > PAGES_LIMIT:
        raise DomainError(f"Tệp có {pages} trang, nhiều hơn {PAGES_LIMIT} trang. Hãy tách thành nhiều tệp.")
    return pages


def _image_pages(stream: IO[bytes], kind: Kind) -> int:
    """Frames of a picture that can be read to its end."""
    _check_end(stream, kind)
    try:
        with Image.open(stream, formats=[PIL_FORMATS[kind]]) as image:
            _check_pixels(image.width, image.height)
            pages = getattr(image, "n_frames", 1)
            # A JPEG is read at an eighth: quick, and a file cut short still shows.
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
    except Image.DecompressionBombError as error:
        raise DomainError(TOO_MANY_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError):
        raise DomainError(CUT_SHORT) from None
    # Frames of an animation are not pages.
    return _within_limit(pages) if kind == TIFF else 1


# A libraries' switch to read pictures cut short may be on (WeasyPrint sets it): the end mark is asked for.
_ENDS = {JPEG: b"\xff\xd9", PNG: b"IEND"}
_TAIL = 64 * 1024


def _check_end(stream: IO[bytes], kind: Kind) -> None:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    if _ENDS.get(kind, b"") not in stream.read():
        raise DomainError(CUT_SHORT)
    stream.seek(0)


def _check_pixels(width: int, height: int) -> None:
    if width * height > PIXELS_LIMIT:
        raise DomainError(TOO_MANY_PIXELS)


def _office_kind(stream: IO[bytes]) -> Kind:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DomainError("Tệp bị hỏng, không mở được. Hãy mở thử trên máy rồi lưu lại.") from error
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        raise DomainError(f"Không nhận tệp nén. Hãy giải nén và tải từng tệp {TAKEN}.")
    _check_bomb(entries)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DomainError("Tệp có macro nên không nhận. Hãy lưu thành .docx, .xlsx hoặc PDF rồi tải lại.")
    if "word/document.xml" in names:
        return DOCX
    if "xl/workbook.xml" in names:
        return XLSX
    raise DomainError(f"Loại tệp này chưa được nhận. Hãy lưu thành {TAKEN}.")


def _check_bomb(entries: list[zipfile.ZipInfo]) -> None:
    """A small file that unfolds to a huge one is an attack, or of no use on anybody's machine."""
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    steep = total > ZIP_RATIO_FROM and total / packed > ZIP_RATIO_LIMIT
    if len(entries) > ZIP_ENTRIES_LIMIT or total > ZIP_TOTAL_LIMIT or steep:
        raise DomainError("Tệp nén bất thường, mở ra quá lớn nên không nhận. Hãy lưu thành PDF rồi tải lại.")


def _refusal(head: bytes) -> str:
    if head.startswith(OLD_OFFICE):
        return (
            "Tệp Word, Excel kiểu cũ (.doc, .xls) hoặc có mật khẩu không nhận được. Hãy lưu thành PDF, "
            ".docx hoặc .xlsx rồi tải lại."
        )
    true_name = _guess(head)
    if true_name in OTHER_NAMES:
        return "Ảnh HEIC của điện thoại chưa nhận được. Hãy chuyển sang JPEG rồi tải lại."
    what = f" (nội dung là {true_name})" if true_name else ""
    return f"Nội dung tệp không phải loại được nhận{what}, dù tên tệp là gì. Chỉ nhận {TAKEN}."


def _guess(head: bytes) -> str:
    """What an unknown file seems to be, for the words of the refusal."""
    if head.startswith(b"MZ"):
        return ".exe"
    try:
        return puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        return ""
