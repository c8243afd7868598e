"""How wide a text is in the font of papers: lines below a text are a share of its length (NĐ 30/2020)."""

from functools import cache

from PIL import ImageFont

from reports.typeface import FOLDER

# The stand-in has the widths of Times New Roman.
BOLD = "LiberationSerif-Bold.ttf"
MM_A_POINT = 25.4 / 72
_SAMPLE = 1000


def width_of(text: str, points: float) -> float:
    """Width in mm of a bold text of that size."""
    return _font().getlength(text) / _SAMPLE * points * MM_A_POINT


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / BOLD), _SAMPLE)
