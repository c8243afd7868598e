"""Products of each group by star rank, told apart by pattern and number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from core.numbers import format_number
from reports.charts.svg import FONT, GOLD, GOLD_EDGE, MOSS, linked, picture, shorten, spoken, tag, written

STARS = (3, 4, 5)


@dataclass(frozen=True)
class StarsRow:
    """One group with its numbers of products by star rank."""

    label: str
    counts: Mapping[int, int]
    urls: Mapping[int, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.get(star, 0) for star in STARS)


def stars_by_group(
    rows: Sequence[StarsRow], *, title: str, width: int = 440, uid: str = "stars", font: str = FONT
) -> SafeString:
    """For each group a bar of 3, 4 and 5 star products, told apart by pattern and number."""
    row_height, top, number_width = 42, 26, 40
    most = max((row.total for row in rows), default=0) or 1
    scale = (width - number_width) / most
    parts = [_star_patterns(uid), *_star_legend(uid, font)]
    for place, row in enumerate(rows):
        parts += _star_row(row, top + place * row_height, scale, uid, font)
    words = f"{title}: " + "; ".join(_star_words(row) for row in rows)
    linked = any(row.urls for row in rows)
    return picture(width, top + max(len(rows), 1) * row_height, words, parts, is_image=not linked)


def _star_row(row: StarsRow, y: float, scale: float, uid: str, font: str) -> list[str]:
    parts = [written(0, y + 14, shorten(row.label, 62), font=font)]
    x = 0.0
    for star in STARS:
        number = row.counts.get(star, 0)
        if not number:
            continue
        length = number * scale
        pieces = [
            _star_box(x, y + 20, length, 16, uid, star),
            spoken(f"{row.label}: {number} sản phẩm {star} sao"),
        ]
        if length >= 18:
            pieces.append(_number_on_pattern(x + length / 2, y + 32, number, star, font))
        parts.append(linked(row.urls.get(star), *pieces))
        x += length
    return [*parts, written(x + 6, y + 32, format_number(row.total), weight=600, font=font)]


def _number_on_pattern(x: float, y: float, number: int, star: int, font: str) -> str:
    """A number that stays readable: on a hatched or dark bar it stands on a small plate."""
    width = 8 * len(str(number)) + 6
    plate = tag("rect", x=x - width / 2, y=y - 11, width=width, height=14, rx=2, fill="#FFFFFF")
    label = written(x, y, str(number), anchor="middle", size=12, font=font)
    return label if star == 3 else plate + label


def _star_box(x: float, y: float, width: float, height: float, uid: str, star: int) -> str:
    fill = _star_fill(uid, star)
    return tag("rect", x=x, y=y, width=width, height=height, fill=fill, stroke=GOLD_EDGE, stroke_width=1)


def _star_fill(uid: str, star: int) -> str:
    return {3: "#FBF1DC", 4: f"url(#{uid}-4)", 5: "#8A5C07"}[star]


def _star_patterns(uid: str) -> str:
    hatch = tag("rect", width=6, height=6, fill="#F3D9A2") + tag(
        "line", x1=0, y1=0, x2=0, y2=6, stroke=GOLD, stroke_width=4
    )
    pattern = tag(
        "pattern",
        hatch,
        id=f"{uid}-4",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return tag("defs", pattern)


def _star_legend(uid: str, font: str) -> list[str]:
    parts = []
    for place, star in enumerate(STARS):
        x = place * 76
        parts.append(_star_box(x + 0.5, 3, 16, 12, uid, star))
        parts.append(written(x + 23, 14, f"{star} sao", fill=MOSS, font=font))
    return parts


def _star_words(row: StarsRow) -> str:
    ranks = ", ".join(f"{row.counts.get(star, 0)} sản phẩm {star} sao" for star in STARS)
    return f"{row.label}: {ranks}"
