"""The data of a paper as DOCX, for officials who edit before signing: same content, same form as the PDF.

Pure: from the kept data to bytes. Tables are written as rows of plain XML, because python-docx looks for
every cell anew; charts are the pictures of the PDF.
"""

import io
from collections.abc import Iterable
from html import escape
from typing import Any

import pypdfium2
from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from weasyprint import HTML

from reports import html
from reports.pdf import PaperFetcher

Data = dict[str, Any]
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
# Inside the margins of the decree (20-25, 15-20, 20-25, 30-35 mm).
MARGINS = {"top_margin": 21, "bottom_margin": 21, "left_margin": 31, "right_margin": 16}
BODY_MM, TURNED_MM, HEAD_LEFT_MM = 163, 250, 57
ALIGNED = {"left": "left", "center": "center", "right": "right"}


def render(data: Data) -> bytes:
    """The paper and its annexes, each on turned pages counted from 1."""
    book = Document()
    _style(book)
    _page(book.sections[0])
    _head(book, data)
    _opening(book, data)
    for section in data["sections"]:
        if section["title"]:
            _text(book, section["title"], bold=True, keep=True)
        _blocks(book, section["blocks"], BODY_MM)
    if data["closing"]:
        _text(book, data["closing"])
    _ending(book, data)
    for annex in data["annexes"]:
        _annex(book, annex)
    book.core_properties.title, book.core_properties.language = data["title"], "vi-VN"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _style(book: Any) -> None:
    style = book.styles["Normal"]
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(14), RGBColor(0, 0, 0)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after, style.paragraph_format.space_before = Pt(0), Pt(0)


def _page(section: Any, *, turned: bool = False) -> None:
    """A4 with the decree's margins; number in the middle of the top margin, none on the first page."""
    section.page_width, section.page_height = (Mm(297), Mm(210)) if turned else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
    for name, size in MARGINS.items():
        setattr(section, name, Mm(size))
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    run = number.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)


def _text(book: Any, text: str, *, align: Any = ALIGN.JUSTIFY, keep: bool = False, **form: Any) -> Any:
    """A paragraph of the body: first line indented, 6 pt below."""
    paragraph = book.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_after, layout.line_spacing, layout.keep_with_next = Pt(6), 1.15, keep
    if align == ALIGN.JUSTIFY:
        layout.first_line_indent = Mm(12.7)
    _run(paragraph, text, **form)
    return paragraph


def _run(paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _line(cell: Any, text: str, *, first: bool = False, **form: Any) -> Any:
    """A centred line of the head or of the ending."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    _run(paragraph, text, **form)
    return paragraph


def _rule(paragraph: Any, width: float, share: float) -> None:
    """The line under a text: a border below an empty narrow paragraph, as long as the share of `width` mm."""
    layout = paragraph.paragraph_format
    side = Mm(width * (1 - share) / 2)
    layout.left_indent = layout.right_indent = side
    layout.space_after, layout.line_spacing = Pt(0), Pt(4)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().append(border)


def _head(book: Any, data: Data) -> None:
    head = data["head"]
    table = book.add_table(rows=2, cols=2)
    table.autofit = False
    for place, width in enumerate((HEAD_LEFT_MM, BODY_MM - HEAD_LEFT_MM)):
        table.columns[place].width = Mm(width)
        for cell in table.columns[place].cells:
            cell.width = Mm(width)
    left, right = table.rows[0].cells
    lines = [(line, False) for line in head["governing_body"]] + [
        (line, True) for line in head["issuing_body"]
    ]
    for place, (line, bold) in enumerate(lines):
        _line(left, line, first=place == 0, size=13, bold=bold)
    _rule(left.add_paragraph(), 61, 0.36)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", first=True, size=13, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=14, bold=True)
    _rule(right.add_paragraph(), 94, 0.67)
    left, right = table.rows[1].cells
    _line(left, head["number"], first=True, size=13)
    _line(right, head["place_date"], first=True, size=14, italic=True)
    if data["label"]:
        _line(left, data["label"], size=13, bold=True)


def _opening(book: Any, data: Data) -> None:
    kind = _text(book, data["type_name"], align=ALIGN.CENTER, bold=True)
    kind.paragraph_format.space_before, kind.paragraph_format.space_after = Pt(16), Pt(0)
    if data["subject"]:
        _text(book, data["subject"], align=ALIGN.CENTER, bold=True).paragraph_format.space_after = Pt(2)
        _rule(book.add_paragraph(), BODY_MM, 0.3)
    for line in filter(None, [data["authority"]]):
        _text(book, line, align=ALIGN.CENTER, bold=True)
    addressees = [data["addressee"]] if data["addressee"] else data["addressees"]
    if len(addressees) == 1:
        _text(book, f"Kính gửi: {addressees[0]}", align=ALIGN.CENTER).paragraph_format.space_before = Pt(12)
    elif addressees:
        _text(book, "Kính gửi:", align=ALIGN.CENTER)
        for name in addressees:
            _text(book, f"- {name}{'.' if name == addressees[-1] else ';'}", align=ALIGN.CENTER)
    for basis in data["legal_bases"]:
        _text(book, basis, italic=True)
    if data["order"]:
        _text(book, data["order"], align=ALIGN.CENTER, bold=True)
    if data["opening"]:
        _text(book, data["opening"])


def _blocks(book: Any, blocks: Iterable[Data], width: float) -> None:
    for block in blocks:
        match block["kind"]:
            case "paragraph":
                _text(book, block["text"])
            case "heading":
                _text(book, block["text"], bold=True, keep=True)
            case "points":
                for mark, text in block["items"]:
                    _text(book, f"{mark} {text}")
            case "article":
                _run(_text(book, f"{block['mark']} ", bold=True), block["text"])
            case "centered":
                style = block["style"]
                _text(book, block["text"], align=ALIGN.CENTER, bold=style == "bold", italic=style == "italic")
            case "table":
                _table(book, block, width)
            case "figure":
                _figure(book, block)


def _table(book: Any, block: Data, width: float) -> None:
    """Caption and grid; the head repeats on every page and no row breaks."""
    if block["caption"]:
        _text(book, block["caption"], align=ALIGN.CENTER, keep=True, size=13, bold=True)
    if not block["rows"]:
        _text(book, block["empty"], italic=True)
        return
    columns = block["columns"]
    total = sum(column["width"] for column in columns) or 1
    widths = [round(column["width"] / total * width * 56.7) for column in columns]
    head = [(column["title"], "center", 1) for column in columns]
    rows = [_row(head, widths, bold=True, head=True)]
    rows += [_row(_cells(row, columns), widths, **_row_form(row)) for row in block["rows"]]
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in widths)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    book.element.body.insert_element_before(table, "w:sectPr")
    book.add_paragraph().paragraph_format.space_after = Pt(4)


def _row_form(row: Data) -> dict[str, bool]:
    return {"bold": row["style"] in ("group", "total", "chosen"), "italic": row["style"] == "part"}


def _cells(row: Data, columns: list[Data]) -> list[tuple[str, str, int]]:
    """(text, alignment, columns spanned); the last cell fills what is left of the row."""
    last = len(row["cells"]) - 1
    short = len(columns) - last - 1
    return [
        (text, "left" if place == last and short else columns[place]["align"], 1 + short * (place == last))
        for place, text in enumerate(row["cells"])
    ]


def _row(
    cells: list[tuple[str, str, int]], widths: list[int], *, bold: bool = False, italic: bool = False,
    head: bool = False,
) -> str:  # fmt: skip
    form = f"{'<w:b/>' * bold}{'<w:i/>' * italic}<w:sz w:val='24'/>"
    parts, place = [], 0
    for text, align, span in cells:
        size = sum(widths[place : place + span])
        place += span
        spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        lines = "<w:br/>".join(
            f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _clean(text).split("\n")
        )
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:jc w:val="{ALIGNED[align]}"/></w:pPr>'
            f"<w:r><w:rPr>{form}</w:rPr>{lines}</w:r></w:p></w:tc>"
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(parts)}</w:tr>"


def _clean(text: str) -> str:
    """Without the control signs XML does not know."""
    return "".join(sign for sign in str(text) if sign >= " " or sign in "\n\t")


def _figure(book: Any, block: Data) -> None:
    """The chart as a picture, drawn by the hand that draws it on the PDF."""
    book.add_picture(io.BytesIO(_picture(html.drawn(block))), width=Mm(120))
    book.paragraphs[-1].alignment = ALIGN.CENTER
    _text(book, block["caption"], align=ALIGN.CENTER, size=13, bold=True)


def _picture(svg: str) -> bytes:
    page = "<style>@page { size: 120mm 90mm; margin: 0 } svg { width: 120mm; max-height: 90mm }</style>"
    drawn = HTML(string=page + svg, url_fetcher=PaperFetcher()).write_pdf()
    with pypdfium2.PdfDocument(drawn) as file:
        image = file[0].render(scale=3).to_pil()
    box = image.convert("L").point(lambda shade: 255 * (shade < 250)).getbbox()
    out = io.BytesIO()
    image.crop(box).save(out, "PNG") if box else image.save(out, "PNG")
    return out.getvalue()


def _ending(book: Any, data: Data) -> None:
    """Recipients at the left, level with the signer's position at the right; Biên bản have two signatures."""
    blocks = data["signatures"]
    if blocks:
        table = book.add_table(rows=1, cols=len(blocks))
        for cell, block in zip(table.rows[0].cells, blocks, strict=True):
            _signature(cell, block["position"], block["name"])
    if not data["recipients"] and blocks:
        return
    table = book.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    _run(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for line in data["recipients"]:
        _run(left.add_paragraph(), f"- {line}", size=11)
    if not blocks:
        _signature(right, data["signer_position"], data["signer_name"])


def _signature(cell: Any, position: Iterable[str], name: str) -> None:
    for place, line in enumerate(position):
        _line(cell, line, first=place == 0, bold=True)
    for _ in range(4):
        cell.add_paragraph()
    _line(cell, name, bold=True)


def _annex(book: Any, annex: Data) -> None:
    _page(book.add_section(WD_SECTION.NEW_PAGE), turned=True)
    for line in (annex["number"], annex["title"]):
        _text(book, line, align=ALIGN.CENTER, bold=True).paragraph_format.space_after = Pt(0)
    _text(book, annex["reference"], align=ALIGN.CENTER, italic=True)
    _blocks(book, annex["blocks"], TURNED_MM)
