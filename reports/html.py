"""The data of a paper to HTML: the main text, and each annex for itself (their pages count from 1)."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reports.typeface import paper_font

Data = dict[str, Any]

CHARTS: dict[str, Callable[..., str]] = {"shares": lambda **v: "", "stars": lambda **v: ""}


def parts(data: Data) -> list[str]:
    """HTML texts of a paper from `reports.document.as_data`: the paper first, then its annexes in order."""
    sections = [{**section, "blocks": _blocks(section)} for section in data["sections"]]
    main = render_to_string("pdf/paper.html", {"paper": {**data, "sections": sections}, "font": paper_font()})
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
    return {**block, "svg": _drawn(block)}


def _drawn(block: Data) -> SafeString:
    # Our own chart functions escape every text they are given.
    return mark_safe(CHARTS[block["chart"]](**block["values"]))  # noqa: S308


_LAYOUTS: dict[str, Callable[[Data], Data]] = {"table": _table, "figure": _figure}
