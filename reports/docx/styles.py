"""The styles of a paper in Word, in the sizes of NĐ 30/2020 (13/14/14): what is edited keeps its form."""

from dataclasses import dataclass
from typing import Any

from docx.document import Document

from reports.docx.parts import Element, node, twips
from reports.typeface import TIMES

LANGUAGE = "vi-VN"
INDENT = 12.7
# 1,15 lines, in 240ths.
LEADING, SINGLE = 276, 240


@dataclass(frozen=True)
class Style:
    """One style: sizes and gaps in points, indent of the first line in mm; `level` makes it a heading."""

    key: str
    name: str
    size: float = 14
    bold: bool = False
    italic: bool = False
    align: str = "both"
    indent: float = 0
    before: float = 0
    after: float = 0
    leading: int = LEADING
    stays: bool = False
    level: int | None = None


STYLES = (
    Style("Header", "header", 13, align="center", leading=SINGLE),
    Style("Governing", "Cơ quan chủ quản", 13, align="center", leading=SINGLE),
    Style("Issuing", "Cơ quan ban hành", 13, bold=True, align="center", leading=SINGLE),
    Style("Nation", "Quốc hiệu", 13, bold=True, align="center", leading=SINGLE),
    Style("Motto", "Tiêu ngữ", 14, bold=True, align="center", leading=SINGLE),
    Style("Number", "Số, ký hiệu", 13, align="center", before=8, leading=SINGLE),
    Style("PlaceDate", "Địa danh, ngày", 14, italic=True, align="center", before=7, leading=SINGLE),
    Style("Label", "Dấu dự thảo", 13, bold=True, align="center", before=4, leading=SINGLE),
    Style("Line", "Kẻ", 1, leading=SINGLE),
    Style("TypeName", "Tên loại", 14, bold=True, align="center", before=16, stays=True),
    Style("Subject", "Trích yếu", 14, bold=True, align="center", stays=True),
    Style("Authority", "Thẩm quyền", 14, bold=True, align="center", after=12),
    Style("Addressee", "Kính gửi", 14, align="center", after=12),
    Style("Addressees", "Nơi kính gửi", 14, align="left"),
    Style("Basis", "Căn cứ", 14, italic=True, indent=INDENT, after=6),
    Style("Body", "Lời văn", 14, indent=INDENT, after=6),
    Style("Closing", "Lời kết", 14, indent=INDENT, after=6, stays=True),
    Style("Heading1", "heading 1", 14, bold=True, indent=INDENT, before=6, after=6, stays=True, level=0),
    Style("Heading2", "heading 2", 14, bold=True, indent=INDENT, after=6, stays=True, level=1),
    Style("Centered", "Dòng giữa", 14, align="center", before=6, after=6, stays=True),
    Style("Caption", "caption", 13, bold=True, align="center", before=6, after=4, stays=True),
    Style("FigureCaption", "Tên biểu đồ", 13, bold=True, align="center", before=4, after=10),
    Style("Figure", "Biểu đồ", 14, align="center", before=6, leading=SINGLE, stays=True),
    Style("CellLeft", "Ô trái", 12, align="left", leading=SINGLE),
    Style("CellCenter", "Ô giữa", 12, align="center", leading=SINGLE),
    Style("CellRight", "Ô phải", 12, align="right", leading=SINGLE),
    Style("RecipientsTitle", "Nơi nhận", 12, bold=True, italic=True, align="left", leading=SINGLE),
    Style("Recipient", "Tên nơi nhận", 11, align="left", leading=SINGLE),
    Style("Position", "Chức vụ", 14, bold=True, align="center", leading=SINGLE, stays=True),
    Style("SignatureNote", "Ghi chú chữ ký", 12, italic=True, align="center", leading=SINGLE, stays=True),
    Style("Signer", "Họ tên người ký", 14, bold=True, align="center", before=74, leading=SINGLE),
    Style("AnnexNumber", "Số phụ lục", 14, bold=True, align="center", stays=True),
    Style("AnnexTitle", "Tên phụ lục", 14, bold=True, align="center", stays=True, level=0),
    Style("AnnexReference", "Kèm theo", 14, italic=True, align="center", after=10),
)


def put(document: Document) -> None:
    """The styles of a paper in place of the template's, whose fonts and colours are Word's own."""
    sheet: Any = document.styles.element
    for old in list(sheet):
        sheet.remove(old)
    fonts = node("rFonts", ascii=TIMES, hAnsi=TIMES, cs=TIMES, eastAsia=TIMES)
    black = node("color", val="000000")
    language = node("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA")
    letters = node("rPr", fonts, black, *_size(14), language)
    sheet.append(node("docDefaults", node("rPrDefault", letters), node("pPrDefault", node("pPr"))))
    name = (node("name", val="Normal"), node("qFormat"))
    sheet.append(node("style", *name, type="paragraph", styleId="Normal", default="1"))
    for style in STYLES:
        sheet.append(_element(style))


def _element(style: Style) -> Element:
    return node(
        "style",
        node("name", val=style.name),
        node("basedOn", val="Normal"),
        node("qFormat"),
        node("pPr", *_layout(style)),
        node("rPr", *[node("b")] * style.bold, *[node("i")] * style.italic, *_size(style.size)),
        type="paragraph",
        styleId=style.key,
    )


def _layout(style: Style) -> list[Element]:
    """In the order the schema asks for."""
    before, after = (str(round(gap * 20)) for gap in (style.before, style.after))
    return [
        *[node("keepNext")] * style.stays,
        node("widowControl"),
        node("spacing", before=before, after=after, line=str(style.leading), lineRule="auto"),
        *([node("ind", firstLine=twips(style.indent))] if style.indent else []),
        node("jc", val=style.align),
        *([node("outlineLvl", val=str(style.level))] if style.level is not None else []),
    ]


def _size(points: float) -> list[Element]:
    half = str(round(points * 2))
    return [node("sz", val=half), node("szCs", val=half)]
