"""The same paper for Word: its form, its words as they are, its annexes on turned pages and as workbooks."""

import io
from dataclasses import replace
from datetime import date

import docx as reader
import openpyxl
import pytest
from django.http import Http404
from docx.enum.section import WD_ORIENT

from reports import annexes, docx
from reports.builders import progress
from reports.document import Paragraph, Section, as_data
from reports.tests.factories import full_plan

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)


@pytest.fixture
def data():
    document = progress.build(full_plan(), period_to=DAY, today=DAY)
    strange = Section("VI. THÊM", (Paragraph("Giá < 5 & <b>đậm</b>"),))
    return as_data(replace(document, sections=(*document.sections, strange)))


def test_the_word_file_keeps_the_form_and_the_words_of_the_paper(data):
    book = reader.Document(io.BytesIO(docx.render(data)))
    main, *turned = book.sections
    assert (round(main.left_margin.mm), round(main.right_margin.mm), round(main.top_margin.mm)) == (
        31,
        16,
        21,
    )
    assert main.different_first_page_header_footer and "PAGE" in main.header._element.xml
    assert len(turned) == len(data["annexes"]) > 1
    assert {section.orientation for section in turned} == {WD_ORIENT.LANDSCAPE}
    words = [paragraph.text for paragraph in book.paragraphs]
    assert "Giá < 5 & <b>đậm</b>" in words and data["closing"] in words
    head = book.tables[0]
    assert "Độc lập - Tự do - Hạnh phúc" in head.cell(0, 1).text and "BC-SNNMT" in head.cell(1, 0).text
    rows = [block for section in data["sections"] for block in section["blocks"] if block["kind"] == "table"]
    grid = book.tables[1]
    assert len(grid.rows) == len(rows[0]["rows"]) + 1
    assert "w:tblHeader" in grid.rows[0]._tr.xml and "w:cantSplit" in grid.rows[1]._tr.xml
    assert len(book.inline_shapes) == sum(
        block["kind"] == "figure" for section in data["sections"] for block in section["blocks"]
    )


def test_an_annex_is_a_workbook_with_numbers(data):
    sheet = openpyxl.load_workbook(annexes.workbook(data, 1, "Cán bộ")).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heads = [column["title"] for column in data["annexes"][0]["blocks"][0]["columns"]]
    at = values.index(heads)
    assert values[at + 1][0] == 1
    assert len(values) - at - 1 == len(data["annexes"][0]["blocks"][0]["rows"])
    with pytest.raises(Http404):
        annexes.workbook(data, 9, "Cán bộ")
