"""The data of a paper to HTML: the main text, and each annex for itself (their pages count from 1).

An annex of many rows is a `LongAnnex`: its HTML is made portion by portion, as it is laid out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from evaluation import qr
from reports import charts, words
from reports.document import Layout
from reports.typeface import paper_font

Data = dict[str, Any]
# Letters of trích yếu that fit on one line.
SUBJECT_LINE = 64
# A table of an annex with more rows is laid out in portions.
MANY_ROWS = 250
# Rows of a table laid out in portions are found again by their names.
ROW = "row-"


# A Biên bản differs from other papers by data alone.
TEMPLATES = {
    Layout.PAPER: "pdf/paper.html",
    Layout.MINUTES: "pdf/paper.html",
    Layout.FORM: "pdf/form.html",
    Layout.CERTIFICATE: "pdf/certificate.html",
}


@dataclass(frozen=True)
class LongAnnex:
    """An annex with a table of many rows.

    `table` is its place among the blocks, `limit` how many rows are laid out at first, when nobody knows yet
    how many fill a page.
    """

    paper: Data
    annex: Data
    table: int
    limit: int

    @property
    def rows(self) -> int:
        return len(self._rows)

    @property
    def _rows(self) -> list[Data]:
        rows: list[Data] = self.annex["blocks"][self.table]["rows"]
        return rows

    def portion(self, first: int, last: int, page: int) -> str:
        """HTML with the rows from `first` up to `last` from page `page` on; row n is named `ROW` and n.

        What stands before the table comes with the first row, what stands after it with the last.
        """
        blocks = self.annex["blocks"]
        place = {"first_row": first, "is_continued": first > 0, "goes_on": last < self.rows}
        table = {**blocks[self.table], **place, "rows": self._rows[first:last]}
        before = [] if first else blocks[: self.table]
        after = blocks[self.table + 1 :] if last >= self.rows else []
        annex = {**self.annex, "blocks": [*before, table, *after], "page": page}
        return _annex(self.paper, annex)


Part = str | LongAnnex


def parts(data: Data, *, many_rows: int = MANY_ROWS) -> list[Part]:
    """The paper of `reports.document.as_data` as HTML: the main text first, then its annexes in order.

    A table of an annex with more than `many_rows` rows makes it a `LongAnnex`. Data kept before
    a part of the form existed lacks its key and is laid out without it.
    """
    layout = data.get("layout", Layout.PAPER)
    sections = [{**section, "blocks": _blocks(section)} for section in data["sections"]]
    paper = {**data, "sections": sections, "subject_lines": words.balanced(data["subject"], SUBJECT_LINE)}
    context = {"paper": paper, "font": paper_font()}
    if layout == Layout.CERTIFICATE:
        context["qr"] = qr.svg_of(data["values"]["address"])
    main = render_to_string(TEMPLATES[layout], context)
    return [main, *(_long(data, annex, many_rows) or _annex(data, annex) for annex in data["annexes"])]


def _long(data: Data, annex: Data, limit: int) -> LongAnnex | None:
    sizes = [len(block["rows"]) if block["kind"] == "table" else 0 for block in annex["blocks"]]
    longest = max(sizes, default=0)
    return LongAnnex(data, annex, sizes.index(longest), limit) if longest > limit else None


def _annex(data: Data, annex: Data) -> str:
    context = {"paper": data, "annex": {**annex, "blocks": _blocks(annex)}, "font": paper_font()}
    return render_to_string("pdf/annex.html", context)


def _blocks(holder: Data) -> list[Data]:
    """The blocks with what layout needs: drawn charts, and cells with alignment and width."""
    return [_LAYOUTS.get(block["kind"], dict)(block) for block in holder["blocks"]]


def _table(block: Data) -> Data:
    lines = [line(row, block["columns"]) for row in block["rows"]]
    if "first_row" in block:
        for number, one in enumerate(lines, block["first_row"]):
            one["name"] = f"{ROW}{number}"
    return {**block, "lines": lines}


def line(row: Data, columns: list[Data]) -> Data:
    """A row whose last cell spans the columns left over, so that a group line fills the table."""
    last = len(row["cells"]) - 1
    cells = [
        {"text": text, "align": columns[i]["align"], "span": len(columns) - last if i == last else 1}
        for i, text in enumerate(row["cells"])
    ]
    if len(cells) < len(columns):
        cells[last]["align"] = "left"
    return {"style": row["style"], "cells": cells}


def _figure(block: Data) -> Data:
    return {**block, "svg": drawing(block)}


def drawing(block: Data) -> SafeString:
    """The chart of a figure block as SVG, in the font of papers and its text in black."""
    svg = _CHARTS[block["chart"]](block["caption"], block["values"], paper_font().family)
    # Our own chart functions escape every text they are given.
    return mark_safe(_TEXT_COLOUR.sub(r"\1#000000", svg))  # noqa: S308


def _growth(title: str, values: Data, font: str) -> str:
    return charts.burn_up(
        [(date.fromisoformat(day), value) for day, value in values["points"]],
        Decimal(values["planned"]),
        start=date.fromisoformat(values["start"]),
        end=date.fromisoformat(values["end"]),
        as_of=date.fromisoformat(values["as_of"]),
        title=title,
        forecast=values["forecast"] and Decimal(values["forecast"]),
        font=font,
    )


def _stars(title: str, values: Data, font: str) -> str:
    rows = [
        charts.StarsRow(label, {int(k): v for k, v in counts.items()}) for label, counts in values["rows"]
    ]
    return charts.stars_by_group(rows, title=title, font=font)


def _ranking(title: str, values: Data, font: str) -> str:
    rows = [charts.Bar(label, value) for label, value in values["rows"]]
    return charts.bars(rows, title=title, font=font)


# Everything written on a paper is black (NĐ 30/2020).
_TEXT_COLOUR = re.compile(r'(<text\b[^>]*?\bfill=")#[0-9A-Fa-f]{6}')
_CHARTS: dict[str, Callable[[str, Data, str], str]] = {
    "growth": _growth,
    "stars": _stars,
    "ranking": _ranking,
}
_LAYOUTS: dict[str, Callable[[Data], Data]] = {"table": _table, "figure": _figure}
