"""The one font of official papers: Times New Roman where installed, else Liberation Serif, shipped here."""

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).resolve().parent / "fonts"
TIMES = "Times New Roman"
# Not "Liberation Serif": the system may have version 1 of that name, which lacks Vietnamese letters.
STAND_IN = "Liberation Serif V2"
# A letter that only a font with Vietnamese has.
VIETNAMESE_LETTER = "1ea1"


@dataclass(frozen=True)
class Face:
    """One file of a family; `url` is opened by `reports.pdf.PaperFetcher`."""

    url: str
    weight: str = "normal"
    style: str = "normal"


@dataclass(frozen=True)
class Font:
    """A family, with the files to load when the system does not have it."""

    family: str
    faces: tuple[Face, ...] = ()


SHIPPED = Font(
    STAND_IN,
    (
        Face("font:LiberationSerif-Regular.ttf"),
        Face("font:LiberationSerif-Bold.ttf", weight="bold"),
        Face("font:LiberationSerif-Italic.ttf", style="italic"),
        Face("font:LiberationSerif-BoldItalic.ttf", weight="bold", style="italic"),
    ),
)


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is on paper; Times New Roman is as wide as its stand-in."""
    # Measured large and divided: hinting rounds small sizes.
    face = ImageFont.truetype(FOLDER / f"LiberationSerif-{'Bold' if bold else 'Regular'}.ttf", 100)
    return float(face.getlength(text)) / 100 * size * 25.4 / 72


@cache
def paper_font() -> Font:
    """The font papers are set in on this machine."""
    return Font(TIMES) if _is_installed(TIMES) else SHIPPED


def _is_installed(family: str) -> bool:
    """Asked of fontconfig's list, because its matching answers with a substitute."""
    try:
        found = subprocess.run(
            ["fc-list", f":family={family}:charset={VIETNAMESE_LETTER}", "family"],
            capture_output=True,
            text=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return family in found.stdout
