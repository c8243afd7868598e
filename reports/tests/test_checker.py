"""`check_paper`: a paper in order passes; each spoiled one fails at the point that was spoiled."""

import re
import unicodedata
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reports import html, pdf
from reports.checker import Kind, Report, check
from reports.checker.kinds import kind_of
from reports.checker.reading import read
from reports.document import (
    Annex,
    Column,
    Document,
    Head,
    Heading,
    Layout,
    Paragraph,
    Points,
    Row,
    Section,
    Signature,
    Table,
    as_data,
)

LONG = (
    "Trong kỳ báo cáo, các xã đã tiếp nhận, kiểm tra và đề nghị đánh giá nhiều sản phẩm; cơ quan tham mưu "
    "cấp tỉnh đã tổ chức Hội đồng đúng thời hạn, kết quả được công bố công khai tới chủ thể."
)
REPORT = Document(
    head=Head(
        ("ỦY BAN NHÂN DÂN", "TỈNH HÀ TĨNH"),
        ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"),
        "Số: 05/BC-SNNMT",
        "Hà Tĩnh, ngày 05 tháng 3 năm 2026",
    ),
    type_name="BÁO CÁO",
    subject="Kết quả thực hiện Chương trình OCOP quý I năm 2026",
    addressee="Ủy ban nhân dân tỉnh Hà Tĩnh",
    legal_bases=(
        "Căn cứ Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng về Bộ tiêu chí;",
        "Căn cứ Kế hoạch số 12/KH-UBND ngày 02 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh Hà Tĩnh.",
    ),
    opening=LONG,
    sections=(
        Section(
            "I. KẾT QUẢ",
            (
                Heading("1. Hồ sơ"),
                Paragraph(LONG),
                Points.lettered([LONG, "Hai;", "Ba;", "Bốn;", "Năm theo Phụ lục kèm theo."]),
                Heading("2. Kinh phí"),
                Paragraph(LONG),
            ),
        ),
    ),
    closing="Sở Nông nghiệp và Môi trường kính báo cáo Ủy ban nhân dân tỉnh./.",
    recipients=("Như trên;", "Các Phó Giám đốc Sở;", "Lưu: VT, PTNT."),
    signer_position=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signer_name="Nguyễn Văn Mẫu",
    annexes=(
        Annex(
            "Phụ lục",
            "DANH SÁCH SẢN PHẨM",
            "(Kèm theo Báo cáo số 05/BC-SNNMT ngày 05 tháng 3 năm 2026)",
            (Table("", (Column("TT", 10), Column("Sản phẩm", 90)), (Row(("1", "Bánh đa vừng")),)),),
        ),
    ),
)
MINUTES = replace(
    REPORT,
    head=replace(REPORT.head, number="Số: 05/BB-HĐOCOP", place_date=""),
    type_name="BIÊN BẢN",
    subject="Cuộc họp Hội đồng đánh giá",
    addressee="",
    legal_bases=(),
    opening="Thời gian bắt đầu: 07 giờ 30 phút, ngày 05 tháng 3 năm 2026.",
    closing="Cuộc họp kết thúc vào 17 giờ 00 phút, ngày 05 tháng 3 năm 2026./.",
    signatures=(Signature(("THƯ KÝ",), "Thư ký Một"), Signature(("CHỦ TỌA",), "Chủ tịch Một")),
    annexes=(),
    layout=Layout.MINUTES,
)


def printed(document, spoil=lambda text: text):
    """The bytes of a paper whose HTML texts were spoiled on the way."""
    return pdf.render([spoil(part) for part in html.parts(as_data(document))]).content


def points(content, kind=None):
    return {finding.point for finding in check(content, kind).findings}


@pytest.mark.parametrize("document", [REPORT, MINUTES], ids=["report", "minutes"])
def test_a_paper_in_order_passes(document):
    report = check(printed(document))
    assert [str(finding) for finding in report.findings] == []
    assert report.kind == (Kind.MINUTES if document is MINUTES else Kind.PAPER)


def swap(old, new):
    """Every text spoiled the same way; what is to be spoiled must be there somewhere."""
    return lambda text: text.replace(old, new)


# Point, and how the paper is spoiled there.
SPOILED = {
    "left_margin_20": (2, swap("margin: 21mm 16mm 21mm 31mm", "margin: 21mm 16mm 21mm 20mm")),
    "left_margin_40": (2, swap("margin: 21mm 16mm 21mm 31mm", "margin: 21mm 16mm 21mm 40mm")),
    "nfd_text": (4, lambda text: text.replace(LONG, unicodedata.normalize("NFD", LONG))),
    "nation_misspelt": (7, swap("CỘNG HÒA XÃ", "CỘNG HOÀ XÃ")),
    "motto_line_short": (9, swap(".line-whole::after { width: 100%", ".line-whole::after { width: 50%")),
    "number_without_zero": (12, swap("Số: 05/BC", "Số: 5/BC")),
    "day_without_zero": (13, swap("ngày 05 tháng 3 năm 2026</p>", "ngày 5 tháng 3 năm 2026</p>")),
    "month_with_zero": (13, swap("ngày 05 tháng 3 năm 2026</p>", "ngày 05 tháng 03 năm 2026</p>")),
    "basis_without_semicolon": (16, swap("Bộ tiêu chí;", "Bộ tiêu chí,")),
    "ragged_right": (17, swap(".text { text-align: justify;", ".text { text-align: left;")),
    "no_closing_sign": (19, swap("nhân dân tỉnh./.", "nhân dân tỉnh.")),
    "no_archive": (20, swap("- Lưu: VT, PTNT.", "- Các xã, phường.")),
}
# Slips that do not hide each other, in one paper.
TOGETHER = {
    5: swap('<p class="text">Trong', '<p class="text" style="color: #B4472B">Trong'),
    6: swap("content: counter(page);", "content: none;"),
    8: swap(".motto { font-size: 14pt", ".motto { font-size: 16pt"),
    10: swap("width: 36%; margin: 2pt auto 0", "width: 80%; margin: 2pt auto 0"),
    11: swap(".issuing { font-size: 13pt; font-weight: bold; }", ".issuing { font-size: 13pt; }"),
    18: swap("d) Bốn", "e) Bốn"),
    21: swap("Nguyễn Văn Mẫu", "TS. Nguyễn Văn Mẫu"),
    22: swap("<p>PHÓ GIÁM ĐỐC</p>", ""),
    23: swap('class="annex-number"', 'class="annex-title" style="font-size: 12pt"'),
    24: swap("Độc lập - Tự do", "Độc lập – Tự do"),
    25: swap('<p class="addressee">Kính gửi: Ủy ban nhân dân tỉnh Hà Tĩnh</p>', ""),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_paper_fails_at_its_point_and_no_other(name):
    point, spoil = SPOILED[name]
    assert points(printed(replace(REPORT, annexes=()), spoil)) == {point}


def test_every_slip_of_a_paper_is_found_at_once():
    def spoil(text):
        for one in TOGETHER.values():
            text = one(text)
        return text

    assert points(printed(REPORT, spoil)) == set(TOGETHER)


def test_a_number_on_page_1_and_a_line_past_the_margin_are_found():
    def spoil(text):
        text = text.replace("@page :first { @top-center { content: none; } }", "")
        return text.replace('<p class="text">Trong', '<p class="text" style="white-space: nowrap">Trong')

    assert {2, 6, 17} <= points(printed(REPORT, spoil))


def test_another_font_or_size_of_paper_is_found():
    def spoil(text):
        text = re.sub(r"html { font-family: [^;]+;", "html { font-family: sans-serif;", text)
        return text.replace("size: A4;", "size: Letter;")

    assert {1, 3} <= points(printed(REPORT, spoil))


def test_names_of_800_letters_html_and_addresses_in_text_keep_the_form():
    name = ("Bánh đa vừng <b>Cẩm Bình</b> http://127.0.0.1/a.png " * 20)[:800].strip()
    table = Table("", (Column("TT", 10), Column("Sản phẩm", 90)), (Row(("1", name)), Row(("2", "x" * 800))))
    section = Section("II. TÊN DÀI", (Paragraph(name + "."), table, Table("", table.columns, ())))
    long = printed(replace(REPORT, sections=(*REPORT.sections, section)))
    assert [str(finding) for finding in check(long).findings] == []
    assert any("<b>Cẩm Bình</b>" in line.text for page in read(long) for line in page.lines)


def test_a_certificate_of_the_longest_names_stays_on_one_sheet():
    values = {
        "issuer": "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh",
        "product": "Mật ong hoa rừng " * 47,
        "entity": "Hợp tác xã Nông nghiệp " * 34,
        "place": "Xã Cẩm Bình, tỉnh Hà Tĩnh",
        "star": 5,
        "stars": [0, 1, 2, 3, 4],
        "number": "05/GCN-42-2026",
        "decision": "Quyết định số 15/QĐ-UBND ngày 10 tháng 7 năm 2026",
        "validity": "Có giá trị đến hết ngày 10 tháng 7 năm 2029",
        "address": "https://example.com/gcn/" + "a" * 22,
    }
    signed = (Signature(("CHỦ TỊCH",), "Nguyễn Văn Mẫu", place_date=REPORT.head.place_date),)
    certificate = Document(
        Head(), "GIẤY CHỨNG NHẬN", signatures=signed, layout=Layout.CERTIFICATE, landscape=True, values=values
    )
    content = printed(certificate)
    (page,) = read(content)
    assert check(content) == Report(Kind.CERTIFICATE, ())
    last_name = min(line.baseline for line in page.lines if "Hợp tác xã" in line.text)
    assert last_name > max(line.baseline for line in page.lines if "Hà Tĩnh, ngày" in line.text)


def test_data_kept_before_forms_and_signatures_existed_is_laid_out_as_before():
    data = as_data(REPORT)
    known = {
        "title", "head", "type_name", "subject", "addressee", "legal_bases", "opening", "sections", "closing",
        "recipients", "signer_position", "signer_name", "annexes",
    }  # fmt: skip
    assert html.parts({name: value for name, value in data.items() if name in known}) == html.parts(data)


def test_minutes_without_the_chairs_signature_or_an_end_fail():
    lone = replace(MINUTES, signatures=MINUTES.signatures[:1], closing="Biên bản lập xong./.")
    assert points(printed(lone)) == {26}


def test_a_broken_file_is_told_in_words():
    report = check(b"%PDF-1.7 broken")
    assert [finding.point for finding in report.findings] == [4]
    assert "Không đọc được tệp" in report.findings[0].message


def test_a_form_is_told_by_its_label():
    form = replace(
        REPORT, head=Head(), label="Mẫu số 01", type_name="PHIẾU ĐĂNG KÝ", layout=Layout.FORM, annexes=()
    )
    assert kind_of(read(printed(form))) == Kind.FORM


def test_the_command_names_page_and_point_and_fails(tmp_path):
    file, out = tmp_path / "paper.pdf", StringIO()
    file.write_bytes(printed(REPORT, SPOILED["number_without_zero"][1]))
    with pytest.raises(CommandError, match="1 chỗ chưa đúng") as refused:
        call_command("check_paper", str(file), stdout=out)
    assert refused.value.returncode == 1
    assert "Trang 1, điểm 12: số, ký hiệu ghi “Số: 5/BC-SNNMT”" in out.getvalue()


def test_the_command_is_content_with_a_paper_in_order(tmp_path):
    file, out = tmp_path / "paper.pdf", StringIO()
    file.write_bytes(printed(MINUTES))
    call_command("check_paper", str(file), stdout=out)
    assert "(Biên bản): đúng thể thức." in out.getvalue()
