"""Charts as pictures: Word knows no SVG with our patterns, so they are drawn at the density of a print."""

import html as markup
import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdfium2
from django.template.loader import render_to_string

from reports.html import drawing
from reports.pdf import page_of
from reports.typeface import paper_font

# Dots to the inch on paper.
DENSITY = 200
_SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_WORDS = re.compile(r'aria-label="([^"]*)"')


@dataclass(frozen=True)
class Picture:
    """PNG, and what it shows in words."""

    content: bytes
    words: str


def drawn(block: dict[str, Any]) -> Picture:
    """The chart of a figure block."""
    svg = drawing(block)
    size, words = _SIZE.search(svg), _WORDS.search(svg)
    width, height = size.groups() if size else ("440", "250")
    page = {"svg": svg, "width": width, "height": height, "font": paper_font()}
    content = page_of(render_to_string("pdf/picture.html", page))
    document = pypdfium2.PdfDocument(content)
    try:
        image = document[0].render(scale=DENSITY / 72).to_pil()
    finally:
        document.close()
    file = BytesIO()
    image.save(file, "PNG", optimize=True, dpi=(DENSITY, DENSITY))
    return Picture(file.getvalue(), markup.unescape(words.group(1)) if words else block["caption"])
