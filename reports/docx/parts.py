"""Elements of WordprocessingML: runs, paragraphs, borders, tables; lengths are given in millimetres."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

Element = Any
# Control characters XML does not know.
_UNKNOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Twentieths of a point, eighths of a point for lines.
TWIPS_A_MM = 1440 / 25.4
LINE = "6"
GRID_LINE = "4"
# Between a text and the line below it.
ABOVE_LINE = "40"


def twips(mm: float) -> str:
    return str(round(mm * TWIPS_A_MM))


def node(tag: str, *children: Element, **attributes: str) -> Element:
    """An element of the `w` namespace with its children and attributes."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    element.extend(children)
    return element


def clean(text: str) -> str:
    """The text in NFC, without what XML cannot hold."""
    return _UNKNOWN.sub("", unicodedata.normalize("NFC", text))


def run(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """A piece of text; its line breaks stay."""
    styles = [node("b")] * bold + [node("i")] * italic
    pieces: list[Element] = [node("rPr", *styles)] if styles else []
    for place, line in enumerate(clean(text).splitlines()):
        if place:
            pieces.append(node("br"))
        words = node("t")
        words.text = line
        words.set(qn("xml:space"), "preserve")
        pieces.append(words)
    return node("r", *pieces)


def paragraph(style: str, *content: Element | str, extra: Iterable[Element] = ()) -> Element:
    """A paragraph in one of the styles of `reports.docx.styles`; `extra` overrules some of them."""
    runs = [run(piece) if isinstance(piece, str) else piece for piece in content]
    return node("p", node("pPr", node("pStyle", val=style), *extra), *runs)


def line_below(width: float, room: float, *, after: float = 0) -> Element:
    """A solid line of `width` mm centred in a column of `room` mm: the border of a paragraph without text.

    `after` is the gap below it, in points.
    """
    side = twips(max((room - width) / 2, 0))
    border = node("pBdr", node("top", val="single", sz=LINE, space="1", color="000000"))
    gaps = node("spacing", before=ABOVE_LINE, after=str(round(after * 20)))
    return paragraph("Line", extra=(border, gaps, node("ind", left=side, right=side)))


def end_mark() -> Element:
    """What must follow a table at the end of a cell or section: a paragraph as small as it goes."""
    return paragraph("Line")


def cell(width: float, *content: Element, span: int = 1, top: bool = True) -> Element:
    """A cell with its paragraphs."""
    settings = [node("tcW", w=twips(width), type="dxa")]
    if span > 1:
        settings.append(node("gridSpan", val=str(span)))
    settings.append(node("vAlign", val="top" if top else "center"))
    return node("tc", node("tcPr", *settings), *content)


def row(*cells: Element, is_head: bool = False) -> Element:
    """A row that no page breaks; as a head it is repeated on every page."""
    settings = [node("cantSplit")] + [node("tblHeader")] * is_head
    return node("tr", node("trPr", *settings), *cells)


def table(widths: Sequence[float], rows: Iterable[Element], *, lines: bool, padding: float = 0) -> Element:
    """A table of fixed widths (mm), with or without lines."""
    settings = [
        node("tblW", w=twips(sum(widths)), type="dxa"),
        node("tblInd", w="0", type="dxa"),
        *([_grid_lines()] if lines else []),
        node("tblLayout", type="fixed"),
        node(
            "tblCellMar",
            *(
                node(side, w=twips(padding if side in ("left", "right") else padding * 0.6), type="dxa")
                for side in ("top", "left", "bottom", "right")
            ),
        ),
    ]
    grid = node("tblGrid", *(node("gridCol", w=twips(width)) for width in widths))
    return node("tbl", node("tblPr", *settings), grid, *rows)


def _grid_lines() -> Element:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return node(
        "tblBorders", *(node(side, val="single", sz=GRID_LINE, space="0", color="000000") for side in sides)
    )
