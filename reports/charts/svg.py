"""The pieces a chart is drawn with: elements, words and colours.

Only presentation attributes (a strict Content-Security-Policy and the paper's renderer both take them), no
style, no script. Every text and attribute is escaped here.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape

from django.utils.safestring import SafeString, mark_safe

Number = int | Decimal | Fraction

INK, MOSS, LINE = "#1F2A24", "#56625A", "#D5D8CE"
LEAF, LEAF_TINT, CLAY = "#1E6B45", "#E6F0E8", "#A93F23"
TRACK, GOLD, GOLD_EDGE = "#E4E6DD", "#C98A12", "#7A5206"
FONT = "Be Vietnam Pro, Liberation Sans, Arial, sans-serif"


def picture(
    width: float, height: float, words: str, parts: Sequence[str], *, is_image: bool = True
) -> SafeString:
    """The picture with its text alternative; with links inside it is a group, so that they can be reached."""
    content = spoken(words) + "".join(parts)
    text = tag(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img" if is_image else "group",
        aria_label=words,
    )
    return mark_safe(text)  # noqa: S308  every text and attribute was escaped by tag, written and spoken


def tag(name: str, content: str = "", **attributes: str | float | None) -> str:
    """An element; attribute names with "_" for "-"; None leaves one out. `content` is already markup."""
    words = "".join(
        f' {key.replace("_", "-")}="{escape(plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{float(value):.1f}".removesuffix(".0")


def written(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    size: int = 13,
    weight: int | None = None,
    font: str = FONT,
) -> str:
    return tag(
        "text",
        escape(words),
        x=x,
        y=y,
        fill=fill,
        font_family=font,
        font_size=size,
        font_weight=weight,
        text_anchor=None if anchor == "start" else anchor,
    )


def note(x: float, y: float, words: str, font: str, *, anchor: str = "start") -> str:
    """Small print: axes and remarks."""
    return written(x, y, words, anchor=anchor, fill=MOSS, size=12, font=font)


def spoken(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def linked(url: str | None, *pieces: str) -> str:
    content = "".join(pieces)
    return tag("a", content, href=url) if url else tag("g", content)


def shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def clamp(share: Number | float) -> float:
    return min(max(float(share), 0.0), 1.0)
