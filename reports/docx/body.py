"""The sections of a paper and their blocks: paragraphs, points, tables, charts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from reports.docx import pictures
from reports.docx.frame import Page, Paper
from reports.docx.parts import Element, cell, node, paragraph, row, run, table
from reports.html import line

Data = dict[str, Any]
FIGURE_WIDTH = 120
PADDING = 1
# Indent of a row that is a part of the row above.
PART_INDENT = "240"
_CELLS = {"left": "CellLeft", "center": "CellCenter", "right": "CellRight"}
_BOLD = ("group", "total", "chosen")


def elements(sections: Iterable[Data], page: Page, paper: Paper) -> Iterator[Element]:
    """All sections, each with its title."""
    for section in sections:
        if section["title"]:
            yield paragraph("Heading1", section["title"])
        yield from blocks(section["blocks"], page, paper)


def blocks(found: Iterable[Data], page: Page, paper: Paper) -> Iterator[Element]:
    """The elements of the blocks; a kind of block only forms have is left out."""
    for block in found:
        if block["kind"] == "table":
            yield from _table(block, page)
        elif block["kind"] == "figure":
            yield from _figure(block, paper)
        elif block["kind"] in _TEXTS:
            yield from _TEXTS[block["kind"]](block)


def _points(block: Data) -> list[Element]:
    return [paragraph("Body", f"{mark} {text}") for mark, text in block["items"]]


def _article(block: Data) -> list[Element]:
    return [paragraph("Body", run(f"{block['mark']} ", bold=True), block["text"])]


def _centered(block: Data) -> list[Element]:
    words = run(block["text"], bold=block["style"] == "bold", italic=block["style"] == "italic")
    return [paragraph("Centered", words)]


_TEXTS: dict[str, Callable[[Data], list[Element]]] = {
    "paragraph": lambda block: [paragraph("Body", block["text"])],
    "heading": lambda block: [paragraph("Heading2", block["text"])],
    "points": _points,
    "article": _article,
    "centered": _centered,
}


def _figure(block: Data, paper: Paper) -> Iterator[Element]:
    picture = pictures.drawn(block)
    yield paragraph("Figure", paper.picture(picture.content, FIGURE_WIDTH, picture.words))
    yield paragraph("FigureCaption", block["caption"])


def _table(block: Data, page: Page) -> Iterator[Element]:
    """The caption, kept with the head, and the rows; in place of an empty table what says so."""
    if not block["rows"]:
        yield paragraph("Body", block["empty"])
        return
    if block["caption"]:
        yield paragraph("Caption", block["caption"])
    widths = _widths(block["columns"], page.room)
    rows = [_head(block["columns"], widths), *_rows(block, widths)]
    yield table(widths, rows, lines=True, padding=PADDING)
    yield paragraph("CellLeft")


def _rows(block: Data, widths: list[float]) -> Iterator[Element]:
    """No single row at the foot or the head of a page, and no group without its rows."""
    before_last = len(block["rows"]) - 2
    for place, one in enumerate(block["rows"]):
        stays = place in (0, before_last) or one["style"] == "group"
        yield _row(line(one, block["columns"]), widths, stays=stays)


def _widths(columns: list[Data], room: float) -> list[float]:
    """Widths in mm in the proportions given, which need not add up to 100."""
    whole = sum(column["width"] for column in columns)
    return [room * column["width"] / whole for column in columns]


def _head(columns: list[Data], widths: list[float]) -> Element:
    titles = (
        paragraph("CellCenter", run(column["title"], bold=True), extra=(node("keepNext"),))
        for column in columns
    )
    return row(
        *(cell(width, title, top=False) for width, title in zip(widths, titles, strict=True)), is_head=True
    )


def _row(laid: Data, widths: list[float], *, stays: bool) -> Element:
    style, cells, place = laid["style"], [], 0
    for one in laid["cells"]:
        width = sum(widths[place : place + one["span"]])
        extra = [node("keepNext")] if stays else []
        if style == "part" and place == 1:
            extra.append(node("ind", left=PART_INDENT))
        words = run(one["text"], bold=style in _BOLD, italic=style == "part")
        text = paragraph(_CELLS[one["align"]], words, extra=extra)
        cells.append(cell(width, text, span=one["span"], top=False))
        place += one["span"]
    return row(*cells)
