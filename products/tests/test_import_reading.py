"""Workbooks that are none, that are made to harm, or that offices make: a clear answer, and little memory."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from core.exceptions import DomainError
from products.imports import reading, result
from products.imports.result import Line
from products.tests.import_files import TITLES, line, save


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.xlsx"


def refusal(path):
    with pytest.raises(DomainError) as error:
        reading.open_sheet(path)
    return error.value.message


def repack(path: Path, **parts: str) -> None:
    """Replace parts of the package, by the name before ".xml"."""
    with zipfile.ZipFile(path) as archive:
        kept = {info.filename: archive.read(info) for info in archive.infolist()}
    for name, text in parts.items():
        kept[next(full for full in kept if full.endswith(f"{name}.xml"))] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in kept.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Ten san pham,Sao\nBanh,3\n", ".csv"),
        (b"%PDF-1.7\n", "không phải sổ Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "kiểu cũ (.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "mật khẩu"),
        (b"PK\x03\x04" + b"\0" * 50, "không phải sổ Excel"),
        (b"", "không phải sổ Excel"),
    ],
)
def test_other_files_are_refused_in_words(path, content, words):
    path.write_bytes(content)
    assert words in refusal(path)


def test_a_package_that_is_no_workbook_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "không phải sổ Excel" in refusal(path)


def test_a_zip_bomb_is_not_unpacked(path):
    save(path, line())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/nothing.bin", b"\0" * 60_000_000)
    assert path.stat().st_size < 100_000
    assert "bung ra lớn bất thường" in refusal(path)


def test_thousands_of_entries_are_refused(path):
    save(path, line())
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(reading.MOST_ENTRIES):
            archive.writestr(f"xl/x{number}", "")
    assert "bung ra lớn bất thường" in refusal(path)


def test_entities_declared_in_the_xml_are_refused(path):
    save(path, line())
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    )
    repack(path, sheet1=bomb)
    assert refusal(path) == reading.BROKEN


def test_a_broken_sheet_is_refused(path):
    save(path, line())
    repack(path, sheet1="<worksheet><sheetData><row r='1'>")
    assert refusal(path) == reading.BROKEN


def test_one_sign_in_a_far_cell_does_not_fill_the_memory(path):
    save(path, line())
    book = load_workbook(path)
    book.active["XFD1048576"] = "x"
    book.save(path)
    assert "XFD1048576" in refusal(path)


def test_blank_lines_with_a_format_are_passed_over(path):
    book = Workbook()
    sheet = book.active
    sheet.append(TITLES)
    sheet.append(line())
    for number in range(3, 3000):
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 2, "   ")
    book.save(path)
    assert [row.number for row in reading.open_sheet(path).rows()] == [2]


def test_the_head_is_found_below_a_title_and_under_merged_cells(path):
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "DANH SÁCH SẢN PHẨM OCOP NĂM 2023"
    sheet.merge_cells("A1:F1")
    heads = ["TT", "Tên sản phẩm", "Chủ thể", "Xã", "Hạng sao", "Quyết định công nhận"]
    for place, words in enumerate(heads, start=1):
        sheet.cell(3, place, words)
    sheet.merge_cells("F3:G3")
    for column in "ABCDE":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet["F4"], sheet["G4"] = "Số QĐ", "Ngày QĐ"
    for place, value in enumerate([1, "Bánh đa", "HTX A", "Cẩm Bình", 3, "12/QĐ", date(2023, 5, 6)], start=1):
        sheet.cell(5, place, value)
    book.save(path)
    found = reading.open_sheet(path)
    assert (found.head_row, found.unknown) == (4, ["TT"])
    (row,) = found.rows()
    assert row.number == 5
    assert row.cells == {
        "product": "Bánh đa",
        "entity": "HTX A",
        "commune": "Cẩm Bình",
        "star": 3,
        "decision_number": "12/QĐ",
        "decided_on": date(2023, 5, 6),
    }


def test_the_sheet_with_our_columns_is_taken_wherever_it_stands(path):
    book = Workbook()
    book.active.append(["Ghi chép linh tinh"])
    sheet = book.create_sheet("Dữ liệu")
    sheet["C2"] = "x"
    for place, words in enumerate(TITLES, start=3):
        sheet.cell(4, place, words)
    for place, value in enumerate(line(), start=3):
        sheet.cell(5, place, value)
    book.save(path)
    found = reading.open_sheet(path)
    assert (found.name, found.head_row) == ("Dữ liệu", 4)
    (row,) = found.rows()
    assert (row.number, row.cells["product"], row.cells["star"]) == (5, "Bánh đa vừng", 3)


def test_formulas_without_a_result_and_error_values_are_known(path):
    save(path, line(star="=1+2", note="=A1"))
    book = load_workbook(path)
    book.active["C2"] = "#REF!"
    book.active["C2"].data_type = "e"
    book.save(path)
    (row,) = reading.open_sheet(path).rows()
    assert row.broken == {"star": "", "note": "", "entity": "#REF!"}


def test_a_formula_with_a_stored_result_is_that_result(path):
    save(path, line(star="=1+2"))
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    repack(
        path,
        sheet1=xml.replace("<f>1+2</f><v></v>", "<f>1+2</f><v>3</v>").replace(
            "<f>1+2</f><v />", "<f>1+2</f><v>3</v>"
        ),
    )
    (row,) = reading.open_sheet(path).rows()
    assert (row.cells["star"], row.broken) == (3, {})


def test_too_many_rows_are_refused(path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    save(path, line(), line(), line())
    assert "3 dòng, nhiều hơn 2" in refusal(path)


def test_a_file_too_large_is_refused_before_it_is_opened(path):
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate((reading.MOST_MB + 1) * reading.MEGABYTE)
    assert "lớn hơn 20 MB" in refusal(path)


def test_the_result_keeps_what_was_written_and_makes_no_formula_of_text(path, tmp_path):
    save(path, line(note="'=HYPERLINK(1)", tax_code="0100109106"))
    sheet = reading.open_sheet(path)
    answer = tmp_path / "answer.xlsx"
    result.build(sheet, {2: Line("Lỗi", "=Sai", "error", ("star",))}, answer)
    rows = list(load_workbook(answer).active.iter_rows())
    assert [cell.value for cell in rows[0]] == [*TITLES, "Kết quả", "Lý do"]
    assert [cell.value for cell in rows[1]][4:5] == ["0100109106"]
    assert rows[1][-1].data_type == "s"
    assert rows[1][10].fill.fgColor.rgb.endswith("F6DAD3")
