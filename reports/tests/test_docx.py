"""The same paper as .docx and its tables as .xlsx: the words, the decree's form, typed cells."""

import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from reports import docx, html, workbook
from reports.document import (
    Annex,
    Column,
    Document,
    Figure,
    Head,
    Heading,
    Paragraph,
    Points,
    Row,
    Section,
    Table,
    as_data,
)
from reports.docx.measure import width_of

# What people type: markup, an address, a letter and its mark apart, a control character, a very long name.
TYPED = "Chè <b>Tân Cương</b> & “ngon” http://127.0.0.1/x.png " + unicodedata.normalize("NFD", "Hà Tĩnh")
LONG = "Mật ong hoa rừng " * 47 + "x"  # 800 letters
COLUMNS = (
    Column("TT", 10, "center", "number"),
    Column("Sản phẩm", 50),
    Column("Tỷ lệ", 20, "center", "percent"),
    Column("Ngày", 20, "center", "date"),
)
ROWS = (
    Row(("Xã Cẩm Bình",), "group"),
    Row(("1", LONG, "68,5%", "01/09/2026")),
    Row(("2", "=1+1", "chưa có số liệu", "")),
    Row(("", "Tổng cộng", "100%"), "total"),
)
CHART = Figure("Biểu đồ 1. Xã", "ranking", {"rows": [["Xã Cẩm Bình", 3], ["Xã <b>Lạ</b>", 2]]})
REPORT = Document(
    head=Head(
        ("ỦY BAN NHÂN DÂN", "TỈNH HÀ TĨNH"),
        ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"),
        "Số:           /BC-SNNMT",
        "Hà Tĩnh, ngày 05 tháng 3 năm 2026",
    ),
    type_name="BÁO CÁO",
    subject="Kết quả thực hiện Chương trình OCOP năm 2026",
    addressee="Ủy ban nhân dân tỉnh Hà Tĩnh",
    legal_bases=("Căn cứ Luật Tổ chức chính quyền địa phương.",),
    opening=f"Báo cáo \x0b{TYPED} như sau:",
    sections=(
        Section(
            "I. TÌNH HÌNH CHUNG", (Heading("1. Mục"), Paragraph("Câu."), Points((("a)", "Điểm."),)), CHART)
        ),
        Section("II. BẢNG", (Table("Bảng 1. Rỗng", COLUMNS, ()),)),
    ),
    closing="Trên đây là báo cáo./.",
    recipients=("Như trên;", "Lưu: VT, PTNT."),
    signer_position=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    annexes=(
        Annex("Phụ lục", "DANH MỤC", "(Kèm theo Báo cáo)", (Table("", COLUMNS, ROWS, groups="Xã, phường"),)),
    ),
)


@pytest.fixture(scope="module")
def written():
    return python_docx.Document(BytesIO(docx.render(as_data(REPORT))))


def words_of(document):
    """All text of the file, tables too, in its order."""
    return "".join(found.text or "" for found in document.element.body.iter(qn("w:t")))


def paragraph_of(document, start):
    """The paragraph that begins so, wherever it stands."""
    found = (python_docx.text.paragraph.Paragraph(p, document) for p in document.element.body.iter(qn("w:p")))
    return next(paragraph for paragraph in found if paragraph.text.startswith(start))


def test_the_docx_has_every_word_as_it_was_typed(written):
    told = words_of(written)
    expected = unicodedata.normalize("NFC", TYPED)
    assert f"Báo cáo {expected} như sau:" in told
    for words in ("ỦY BAN NHÂN DÂN", "Độc lập - Tự do - Hạnh phúc", "1. Mục", "a) Điểm.", LONG, "=1+1"):
        assert words in told
    for words in ("Không có số liệu trong kỳ.", "- Lưu: VT, PTNT.", "PHÓ GIÁM ĐỐC", "(Kèm theo Báo cáo)"):
        assert words in told
    assert told.index("Trên đây là báo cáo./.") < told.index("Nơi nhận:") < told.index("DANH MỤC")
    assert unicodedata.is_normalized("NFC", told)
    assert written.core_properties.title == "Báo cáo kết quả thực hiện Chương trình OCOP năm 2026"
    assert written.core_properties.language == "vi-VN"


def test_the_docx_has_the_decrees_page_and_turned_annexes(written):
    paper, annex = written.sections
    sizes = [(round(page.page_width.mm), round(page.page_height.mm)) for page in (paper, annex)]
    assert sizes == [(210, 297), (297, 210)]
    for section in (paper, annex):
        margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert [round(margin.mm) for margin in margins] == [20, 15, 20, 30]
        assert section.different_first_page_header_footer
        assert section.first_page_header.is_linked_to_previous  # no number on its first page
    assert "PAGE" in paper.header._element.xml and paper.header.paragraphs[0].style.name == "Header"
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    settings = [setting.tag for setting in annex._sectPr]
    in_order = [qn(f"w:{name}") for name in ("pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid")]
    assert [tag for tag in settings if tag in in_order] == in_order
    sizes = {
        name: paragraph_of(written, name).style.font for name in ("CỘNG", "Độc lập", "Căn cứ", "Nơi nhận")
    }
    assert [font.size.pt for font in sizes.values()] == [13, 14, 14, 12]
    assert [bool(font.bold) for font in sizes.values()] == [True, True, False, True]
    assert [bool(font.italic) for font in sizes.values()] == [False, False, True, True]
    fonts = written.styles.element.find(qn("w:docDefaults")).iter(qn("w:rFonts"))
    assert {font.get(qn("w:ascii")) for font in fonts} == {"Times New Roman"}


def test_lines_stand_below_motto_issuer_and_subject_in_their_lengths(written):
    def length(paragraph, room):
        indent = paragraph.getnext().pPr.find(qn("w:ind"))
        return room - 2 * int(indent.get(qn("w:left"))) / 1440 * 25.4

    motto = paragraph_of(written, "Độc lập")
    assert length(motto._p, 99) == pytest.approx(width_of(motto.text, 14), abs=0.2)
    issuing, subject = paragraph_of(written, "VÀ MÔI"), paragraph_of(written, "Kết quả")
    longest = max(width_of(line, 13) for line in REPORT.head.issuing_body)
    assert 1 / 3 <= length(issuing._p, 66) / longest <= 1 / 2
    longest = max(width_of(line, 14) for line in subject.text.splitlines())
    assert 1 / 3 <= length(subject._p, 165) / longest <= 1 / 2


def test_tables_repeat_their_head_and_charts_say_what_they_show(written):
    table = written.tables[-1]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True] + [False] * 4
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert len({cell._tc for cell in table.rows[1].cells}) == 1  # the line of a group fills the table
    pictures = list(written.element.body.iter(qn("wp:docPr")))
    assert [picture.get("descr") for picture in pictures] == ["Biểu đồ 1. Xã: Xã Cẩm Bình 3; Xã <b>Lạ</b> 2"]
    assert len(written.inline_shapes) == 1 and written.inline_shapes[0].width == Mm(120)


def test_the_workbook_has_numbers_days_and_groups_as_such():
    book = load_workbook(workbook.write(as_data(REPORT)))
    assert book.sheetnames == ["Phụ lục"]
    sheet = book["Phụ lục"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert lines[0] == ["Xã, phường", "TT", "Sản phẩm", "Tỷ lệ (%)", "Ngày"]
    assert lines[1][:2] + lines[1][3:4] == ["Xã Cẩm Bình", 1, 68.5]
    assert lines[1][4].date() == date(2026, 9, 1)
    assert lines[2] == ["Xã Cẩm Bình", 2, "=1+1", "chưa có số liệu", None]
    assert sheet.cell(7, 3).data_type == "s" and sheet.cell(7, 3).quotePrefix
    assert lines[3] == [None, None, "Tổng cộng", 100, None]


@pytest.mark.parametrize(
    "spoiled",
    [
        replace(REPORT, subject=LONG),
        replace(REPORT, subject="W" * 300, signer_name="", sections=(), annexes=()),
        replace(REPORT, closing=TYPED, opening="<script>alert(1)</script>\x00", annexes=()),
    ],
    ids=["800 letters", "no sections", "markup"],
)
def test_bad_input_is_printed_as_text_in_html_and_docx(spoiled):
    data = as_data(replace(spoiled, sections=spoiled.sections[1:]))
    told = words_of(python_docx.Document(BytesIO(docx.render(data))))
    page = html.parts(data)[0]
    assert "<script>" not in page and "<b>" not in page
    assert spoiled.subject[:40] in told and spoiled.closing[:20] in told
    assert "\x00" not in told
