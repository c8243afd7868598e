"""Charts drawn as SVG text: the same picture on the page and on paper.

Pure functions. Only presentation attributes (a strict Content-Security-Policy and the paper's renderer
both take them), no style, no script. Colour is never alone: lines differ by dashes, star ranks by pattern,
and every value is written out. `uid` keeps the ids of patterns apart when one page has several charts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import accumulate, count

from django.utils.safestring import SafeString, mark_safe

from core.numbers import format_number, whole_percent

Number = int | Decimal | Fraction

INK, MOSS, LINE = "#1F2A24", "#56625A", "#D5D8CE"
LEAF, LEAF_TINT, CLAY = "#1E6B45", "#E6F0E8", "#A93F23"
TRACK, GOLD, GOLD_EDGE = "#E4E6DD", "#C98A12", "#7A5206"
FONT = "Be Vietnam Pro, Liberation Sans, Arial, sans-serif"
STARS = (3, 4, 5)


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its value, where a click leads (None on paper)."""

    label: str
    value: Number
    url: str | None = None


@dataclass(frozen=True)
class StarsRow:
    """One group with its numbers of products by star rank."""

    label: str
    counts: Mapping[int, int]
    urls: Mapping[int, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.counts.get(star, 0) for star in STARS)


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
    filled = _clamp(share or 0) * width
    words = label or _progress_words(share, time_share)
    parts = [
        _tag("rect", x=0, y=3, width=width, height=height - 6, rx=3, fill=TRACK),
        _tag("rect", x=0, y=3, width=filled, height=height - 6, rx=3, fill=tone),
    ]
    if time_share is not None:
        x = _clamp(time_share) * (width - 2) + 1
        parts.append(_tag("line", x1=x, x2=x, y1=0, y2=height, stroke=INK, stroke_width=2))
    return _svg(width, height, words, parts)


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
            _linked(
                row.url,
                _words(f"{row.label}: {format_number(row.value)}"),
                _text(label_width - 8, y + 17, _shorten(row.label, longest), anchor="end", font=font),
                _tag("rect", x=label_width, y=y + 6, width=max(length, 1), height=14, rx=2, fill=LEAF),
                _text(label_width + length + 6, y + 17, format_number(row.value), weight=600, font=font),
            )
        )
    words = f"{title}: " + "; ".join(f"{row.label} {format_number(row.value)}" for row in rows)
    return _svg(
        width, max(len(rows), 1) * row_height, words, parts, is_image=not any(row.url for row in rows)
    )


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
    return _svg(width, top + max(len(rows), 1) * row_height, words, parts, is_image=not linked)


def _star_row(row: StarsRow, y: float, scale: float, uid: str, font: str) -> list[str]:
    parts = [_text(0, y + 14, _shorten(row.label, 62), font=font)]
    x = 0.0
    for star in STARS:
        number = row.counts.get(star, 0)
        if not number:
            continue
        length = number * scale
        pieces = [
            _star_box(x, y + 20, length, 16, uid, star),
            _words(f"{row.label}: {number} sản phẩm {star} sao"),
        ]
        if length >= 18:
            pieces.append(_number_on_pattern(x + length / 2, y + 32, number, star, font))
        parts.append(_linked(row.urls.get(star), *pieces))
        x += length
    return [*parts, _text(x + 6, y + 32, format_number(row.total), weight=600, font=font)]


def _number_on_pattern(x: float, y: float, number: int, star: int, font: str) -> str:
    """A number that stays readable: on a hatched or dark bar it stands on a small plate."""
    width = 8 * len(str(number)) + 6
    plate = _tag("rect", x=x - width / 2, y=y - 11, width=width, height=14, rx=2, fill="#FFFFFF")
    label = _text(x, y, str(number), anchor="middle", size=12, font=font)
    return label if star == 3 else plate + label


def _star_box(x: float, y: float, width: float, height: float, uid: str, star: int) -> str:
    fill = _star_fill(uid, star)
    return _tag("rect", x=x, y=y, width=width, height=height, fill=fill, stroke=GOLD_EDGE, stroke_width=1)


def _star_fill(uid: str, star: int) -> str:
    return {3: "#FBF1DC", 4: f"url(#{uid}-4)", 5: "#8A5C07"}[star]


def _star_patterns(uid: str) -> str:
    hatch = _tag("rect", width=6, height=6, fill="#F3D9A2") + _tag(
        "line", x1=0, y1=0, x2=0, y2=6, stroke=GOLD, stroke_width=4
    )
    pattern = _tag(
        "pattern",
        hatch,
        id=f"{uid}-4",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return _tag("defs", pattern)


def _star_legend(uid: str, font: str) -> list[str]:
    parts = []
    for place, star in enumerate(STARS):
        x = place * 76
        parts.append(_star_box(x + 0.5, 3, 16, 12, uid, star))
        parts.append(_text(x + 23, 14, f"{star} sao", fill=MOSS, font=font))
    return parts


def _star_words(row: StarsRow) -> str:
    ranks = ", ".join(f"{row.counts.get(star, 0)} sản phẩm {star} sao" for star in STARS)
    return f"{row.label}: {ranks}"


def burn_up(
    points: Sequence[tuple[date, Number]],
    planned: Number,
    *,
    start: date,
    end: date,
    as_of: date,
    title: str,
    forecast: Number | None = None,
    width: int = 440,
    height: int = 250,
    font: str = FONT,
) -> SafeString:
    """The running total by month (solid) against the straight line of the plan (dashed).

    `points`: days in order with the total reached by then; the line begins at zero on `start`. The dotted
    end is the forecast. Raises ValueError for a period that ends before it starts.
    """
    if end <= start:
        raise ValueError("a burn-up needs a period of at least two days")
    top_value = max([float(planned), float(forecast or 0), *(float(value) for _, value in points), 1.0])
    step = _nice_step(top_value)
    plot = _Plot(start, end, float(step) * -(-int(top_value) // step), width, height)
    parts = [*_grid(plot, step, font), *_months(plot, font)]
    parts.append(_line([(start, 0), (end, planned)], plot, stroke=MOSS, dash="7 5", stroke_width=2))
    parts.append(_now(plot, as_of, font))
    reached = [(start, 0), *points]
    if points:
        parts.append(_area(reached, plot))
        parts.append(_line(reached, plot, stroke=LEAF, stroke_width=3))
        if forecast is not None:
            parts.append(_line([points[-1], (end, forecast)], plot, stroke=LEAF, dash="2 4", stroke_width=2))
        parts += [_dot(plot, day, value) for day, value in points]
        parts.append(_last_label(plot, *points[-1], planned, font))
    parts += _burn_legend(planned, forecast, font)
    return _svg(width, height, _burn_words(title, points, planned, forecast), parts)


@dataclass(frozen=True)
class _Plot:
    """Where a day and a value lie in the picture."""

    start: date
    end: date
    top_value: float
    width: int
    height: int
    left: int = 34
    right: int = 12
    top: int = 56
    bottom: int = 26

    def x(self, day: date) -> float:
        share = (day - self.start).days / (self.end - self.start).days
        return self.left + _clamp(share) * (self.width - self.left - self.right)

    def y(self, value: Number | float) -> float:
        room = self.height - self.top - self.bottom
        return self.top + room * (1 - float(value) / self.top_value)


def _nice_step(top: float) -> int:
    """A round step that gives at most five lines."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if top / step <= 5)


def _grid(plot: _Plot, step: int, font: str) -> list[str]:
    parts = []
    for value in range(0, int(plot.top_value) + 1, step):
        y = plot.y(value)
        parts.append(_tag("line", x1=plot.left, x2=plot.width - plot.right, y1=y, y2=y, stroke=LINE))
        parts.append(
            _text(plot.left - 7, y + 4, format_number(value), anchor="end", fill=MOSS, size=12, font=font)
        )
    return parts


def _months(plot: _Plot, font: str) -> list[str]:
    """The months under the axis: every one of a year or less, else the first of each half year."""
    firsts = _month_starts(plot.start, plot.end)
    if len(firsts) <= 13:
        marks = [(day, f"T{day.month}") for day in firsts if len(firsts) <= 7 or day.month % 2]
    else:
        marks = [(day, f"{day.month}/{day.year}") for day in firsts if day.month in (1, 7)]
    y = plot.height - plot.bottom + 17
    return [
        _text(plot.x(day), y, words, anchor="middle", fill=MOSS, size=12, font=font) for day, words in marks
    ]


def _month_starts(start: date, end: date) -> list[date]:
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [day for month in months if (day := date(month // 12, month % 12 + 1, 1)) >= start]


def _now(plot: _Plot, day: date, font: str) -> str:
    x = plot.x(day)
    anchor = "end" if x > plot.width * 0.8 else "start"
    line = _tag(
        "line", x1=x, x2=x, y1=plot.top - 34, y2=plot.height - plot.bottom, stroke=INK, stroke_dasharray="1 3"
    )
    away = -5 if anchor == "end" else 5
    return line + _note(x + away, plot.top - 24, f"đến {day:%d/%m}", font, anchor=anchor)


def _line(
    points: Sequence[tuple[date, Number]],
    plot: _Plot,
    *,
    stroke: str,
    stroke_width: int,
    dash: str | None = None,
) -> str:
    return _tag(
        "polyline",
        points=_coordinates(points, plot),
        fill="none",
        stroke=stroke,
        stroke_width=stroke_width,
        stroke_dasharray=dash,
        stroke_linejoin="round",
    )


def _area(points: Sequence[tuple[date, Number]], plot: _Plot) -> str:
    ground = [(points[-1][0], 0), (points[0][0], 0)]
    return _tag("polygon", points=_coordinates([*points, *ground], plot), fill=LEAF_TINT)


def _coordinates(points: Sequence[tuple[date, Number]], plot: _Plot) -> str:
    return " ".join(f"{plot.x(day):.1f},{plot.y(value):.1f}" for day, value in points)


def _dot(plot: _Plot, day: date, value: Number) -> str:
    words = _words(f"Đến {day:%d/%m/%Y}: {format_number(value)}")
    return _tag("circle", words, cx=plot.x(day), cy=plot.y(value), r=3.5, fill=LEAF)


def _last_label(plot: _Plot, day: date, value: Number, planned: Number, font: str) -> str:
    """The value reached, on the side of the point away from the plan's line, above the axis."""
    x, y = plot.x(day), plot.y(value)
    share = (day - plot.start).days / (plot.end - plot.start).days
    behind = float(value) < float(planned) * share
    below = behind and y + 22 < plot.height - plot.bottom
    words = format_number(value)
    return _text(
        x - 6, y + 22 if below else y - 9, words, anchor="end", weight=700, fill=LEAF, size=15, font=font
    )


def _burn_legend(planned: Number, forecast: Number | None, font: str) -> list[str]:
    """What each line is, above the picture."""
    entries = [("lũy kế", LEAF, 3, None), (f"kế hoạch {format_number(planned)}", MOSS, 2, "7 5")]
    if forecast is not None:
        entries.append((f"dự báo {format_number(forecast)}", LEAF, 2, "2 4"))
    parts, x = [], 0
    for words, colour, thick, dash in entries:
        parts.append(
            _tag(
                "line", x1=x, x2=x + 26, y1=9, y2=9, stroke=colour, stroke_width=thick, stroke_dasharray=dash
            )
        )
        parts.append(_note(x + 32, 13, words, font))
        x += 54 + 7 * len(words)
    return parts


def _burn_words(
    title: str, points: Sequence[tuple[date, Number]], planned: Number, forecast: Number | None
) -> str:
    reached = (
        "; ".join(f"{day:%d/%m/%Y} {format_number(value)}" for day, value in points) or "chưa có số liệu"
    )
    words = f"{title}. Kế hoạch {format_number(planned)}. Lũy kế: {reached}."
    return words if forecast is None else f"{words} Dự báo cuối kỳ {format_number(forecast)}."


def cumulate(by_month: Mapping[date, int], start: date, as_of: date) -> list[tuple[date, Number]]:
    """Running totals at the end of each month from `start`, the last one on `as_of`."""
    months = _month_starts(start.replace(day=1), as_of)
    totals = accumulate(by_month.get(month, 0) for month in months)
    return list(zip([*months[1:], as_of], totals, strict=True)) if months else []


# Small pieces of SVG


def _svg(
    width: float, height: float, words: str, parts: Sequence[str], *, is_image: bool = True
) -> SafeString:
    """The picture with its text alternative; with links inside it is a group, so that they can be reached."""
    content = _words(words) + "".join(parts)
    text = _tag(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img" if is_image else "group",
        aria_label=words,
    )
    return mark_safe(text)  # noqa: S308  every text and attribute was escaped by _tag, _text and _words


def _tag(name: str, content: str = "", **attributes: str | float | None) -> str:
    """An element; attribute names with "_" for "-"; None leaves one out. `content` is already markup."""
    words = "".join(
        f' {key.replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{float(value):.1f}".removesuffix(".0")


def _text(
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
    return _tag(
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


def _note(x: float, y: float, words: str, font: str, *, anchor: str = "start") -> str:
    """Small print: axes and remarks."""
    return _text(x, y, words, anchor=anchor, fill=MOSS, size=12, font=font)


def _words(text: str) -> str:
    return f"<title>{escape(text)}</title>"


def _linked(url: str | None, *pieces: str) -> str:
    content = "".join(pieces)
    return _tag("a", content, href=url) if url else _tag("g", content)


def _shorten(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _clamp(share: Number | float) -> float:
    return min(max(float(share), 0.0), 1.0)
