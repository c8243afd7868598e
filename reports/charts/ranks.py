"""Bars: how far one target stands, and a ranked list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from core.numbers import format_number, whole_percent
from reports.charts.svg import (
    FONT,
    INK,
    LEAF,
    TRACK,
    Number,
    clamp,
    linked,
    picture,
    shorten,
    spoken,
    tag,
    written,
)


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its value, where a click leads (None on paper)."""

    label: str
    value: Number
    url: str | None = None


def progress_bar(
    share: Number | None,
    time_share: Number | None = None,
    *,
    label: str = "",
    width: int = 160,
    height: int = 14,
    tone: str = LEAF,
) -> SafeString:
    """A bar filled to `share` (drawn at most full) with a tick where `time_share` of the time has passed."""
    filled = clamp(share or 0) * width
    words = label or _progress_words(share, time_share)
    parts = [
        tag("rect", x=0, y=3, width=width, height=height - 6, rx=3, fill=TRACK),
        tag("rect", x=0, y=3, width=filled, height=height - 6, rx=3, fill=tone),
    ]
    if time_share is not None:
        x = clamp(time_share) * (width - 2) + 1
        parts.append(tag("line", x1=x, x2=x, y1=0, y2=height, stroke=INK, stroke_width=2))
    return picture(width, height, words, parts)


def _progress_words(share: Number | None, time_share: Number | None) -> str:
    words = "Chưa có số liệu" if share is None else f"Đạt {whole_percent(share)} %"
    if time_share is None:
        return words
    return f"{words}; đã qua {format_number(time_share * 100, 0)} % thời gian"


def bars(
    rows: Sequence[Bar], *, title: str, width: int = 440, label_width: int = 150, font: str = FONT
) -> SafeString:
    """Ranked bars, one line each: label, bar, number."""
    row_height, number_width = 26, 44
    most = max((float(row.value) for row in rows), default=0) or 1.0
    room, longest = width - label_width - number_width, label_width // 7
    parts = []
    for place, row in enumerate(rows):
        y = place * row_height
        length = float(row.value) / most * room
        parts.append(
            linked(
                row.url,
                spoken(f"{row.label}: {format_number(row.value)}"),
                written(label_width - 8, y + 17, shorten(row.label, longest), anchor="end", font=font),
                tag("rect", x=label_width, y=y + 6, width=max(length, 1), height=14, rx=2, fill=LEAF),
                written(label_width + length + 6, y + 17, format_number(row.value), weight=600, font=font),
            )
        )
    words = f"{title}: " + "; ".join(f"{row.label} {format_number(row.value)}" for row in rows)
    return picture(
        width, max(len(rows), 1) * row_height, words, parts, is_image=not any(row.url for row in rows)
    )
