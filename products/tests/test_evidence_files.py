"""Files are taken by their content; every refusal is in words."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.exceptions import DomainError
from products import evidence_files
from products.evidence_files import DOCX, JPEG, PDF, PNG, TIFF, XLSX, inspect, safe_filename
from products.tests.factories import make_pdf

# A whole PDF of one page that asks for a password (RC4, user password "x").
ENCRYPTED = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    b"4 0 obj\n<< /Filter /Standard /V 1 /R 2 /P -4 /Length 40 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32
    + b"> >>\nendobj\ntrailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00><00>] >>\n%%EOF\n"
)  # fmt: skip


def file_of(content: bytes, name: str = "giay.pdf"):
    return SimpleUploadedFile(name, content)


def image_of(format: str, size=(40, 30), **options) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, format, **options)
    return content.getvalue()


def office_of(main: str, **more: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<x/>")
        for name, data in more.items():
            archive.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    "content, kind, pages",
    [
        (make_pdf(pages=3), PDF, 3),
        (image_of("JPEG"), JPEG, 1),
        (image_of("PNG"), PNG, 1),
        (image_of("TIFF", save_all=True, append_images=[Image.new("RGB", (9, 9))]), TIFF, 2),
        (office_of("word/document.xml"), DOCX, None),
        (office_of("xl/workbook.xml"), XLSX, None),
    ],
)
def test_the_content_says_what_a_file_is(content, kind, pages):
    found = inspect(file_of(content, "ten-gi-cung-duoc.bin"))
    assert (found.kind, found.pages, found.size) == (kind, pages, len(content))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "nội dung là .exe"),
        (b"<html><script>alert(1)</script></html>", "không phải loại được nhận"),
        (b"<html></html>\n%PDF-1.4", "không phải loại được nhận"),
        (b"", "Tệp rỗng"),
        (b"%PDF-1.4\nkhong phai pdf", "PDF bị hỏng"),
        (make_pdf()[:60], "PDF bị hỏng"),
        (ENCRYPTED, "đặt mật khẩu"),
        (image_of("JPEG", (400, 300))[:900], "Ảnh bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "kiểu cũ"),
        (b"PK\x03\x04 va gi do", "bị hỏng"),
        (office_of("word/document.xml", **{"word/vbaProject.bin": b"x"}), "macro"),
        (office_of("ppt/presentation.xml"), "chưa được nhận"),
    ],
)
def test_what_is_not_taken_is_refused_in_words_whatever_its_name(content, words):
    with pytest.raises(DomainError, match=words):
        inspect(file_of(content, "giay-chung-nhan.pdf"))


def test_a_plain_zip_is_no_office_file():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.pdf", make_pdf())
    with pytest.raises(DomainError, match="giải nén"):
        inspect(file_of(content.getvalue(), "ho-so.docx"))


def test_a_zip_bomb_is_refused_unopened():
    # 40 MB of zeros in about 40 KB.
    bomb = office_of("word/document.xml", **{"word/media.bin": b"\x00" * (40 * 1024 * 1024)})
    assert len(bomb) < 100_000
    with pytest.raises(DomainError, match="bất thường"):
        inspect(file_of(bomb, "bao-cao.docx"))


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(evidence_files, "PIXELS_LIMIT", 1000)
    with pytest.raises(DomainError, match="Ảnh quá lớn"):
        inspect(file_of(image_of("PNG")))


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(evidence_files, "PAGES_LIMIT", 2)
    with pytest.raises(DomainError, match="3 trang"):
        inspect(file_of(make_pdf(pages=3)))


@pytest.mark.parametrize(
    "name, kind, safe",
    [
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("C:\\ho so\\giay.pdf", PDF, "giay.pdf"),
        ("anh.PDF", JPEG, "anh.jpg"),
        ("gia\u0300y \u202efdp.exe", PDF, "giày fdp.pdf"),
        ('a<b>:"c"|?*.pdf', PDF, "a b c.pdf"),
        ("so 12.2026", PDF, "so 12.2026.pdf"),
        ("...", PDF, "tep.pdf"),
        ("", PNG, "tep.png"),
        ("x" * 400 + ".pdf", PDF, "x" * 150 + ".pdf"),
    ],
)
def test_names_lose_paths_signs_and_false_extensions(name, kind, safe):
    assert safe_filename(name, kind) == safe
