"""Annexes: each a section on landscape pages, counted from 1."""

from typing import Any

from reports.docx.body import blocks
from reports.docx.frame import LANDSCAPE, Paper
from reports.docx.parts import paragraph


def add(annex: dict[str, Any], paper: Paper) -> None:
    """Write an annex behind what is there."""
    paper.turn(LANDSCAPE)
    paper.body.append_all(
        [
            paragraph("AnnexNumber", annex["number"]),
            paragraph("AnnexTitle", annex["title"]),
            paragraph("AnnexReference", annex["reference"]),
        ]
    )
    paper.body.append_all(blocks(annex["blocks"], LANDSCAPE, paper))
