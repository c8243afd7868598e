"""The data of a paper to HTML: the main text, and each annex for itself (their pages count from 1)."""

import re
from collections.abc import Callable
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


# A Biên bản differs from other papers by data alone.
TEMPLATES = {
    Layout.PAPER: "pdf/paper.html",
    Layout.MINUTES: "pdf/paper.html",
    Layout.FORM: "pdf/form.html",
    Layout.CERTIFICATE: "pdf/certificate.html",
}


def parts(data: Data) -> list[str]:
    """HTML texts of a paper from `reports.document.as_data`: the paper first, then its annexes in order.

    Data kept before a part of the form existed lacks its key and is laid out without it.
    """
    layout = data.get("layout", Layout.PAPER)
    sections = [{**section, "blocks": _blocks(section)} for section in data["sections"]]
    paper = {**data, "sections": sections, "subject_lines": words.balanced(data["subject"], SUBJECT_LINE)}
    context = {"paper": paper, "font": paper_font()}
    if layout == Layout.CERTIFICATE:
        context["qr"] = qr.svg_of(data["values"]["address"])
    main = render_to_string(TEMPLATES[layout], context)
    return [main, *(_annex(data, annex) for annex in data["annexes"])]


def _annex(data: Data, annex: Data) -> str:
    context = {"paper": data, "annex": {**annex, "blocks": _blocks(annex)}, "font": paper_font()}
    return render_to_string("pdf/annex.html", context)


def _blocks(holder: Data) -> list[Data]:
    """The blocks with what layout needs: drawn charts, and cells with alignment and width."""
    return [_LAYOUTS.get(block["kind"], dict)(block) for block in holder["blocks"]]


def _table(block: Data) -> Data:
    return {**block, "lines": [_line(row, block["columns"]) for row in block["rows"]]}


def _line(row: Data, columns: list[Data]) -> Data:
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
    return {**block, "svg": drawn(block)}


def drawn(block: Data) -> SafeString:
    """A chart block as SVG in the colours of paper."""
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
