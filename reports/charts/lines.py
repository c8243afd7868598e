"""The running total of a period against the straight line of its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, count

from django.utils.safestring import SafeString

from core.numbers import format_number
from reports.charts.svg import (
    FONT,
    INK,
    LEAF,
    LEAF_TINT,
    LINE,
    MOSS,
    Number,
    clamp,
    note,
    picture,
    spoken,
    tag,
    written,
)


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
    step = nice_step(top_value)
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
    return picture(width, height, _burn_words(title, points, planned, forecast), parts)


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
        return self.left + clamp(share) * (self.width - self.left - self.right)

    def y(self, value: Number | float) -> float:
        room = self.height - self.top - self.bottom
        return self.top + room * (1 - float(value) / self.top_value)


def nice_step(top: float) -> int:
    """A round step that gives at most five lines."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    return next(step for step in steps if top / step <= 5)


def _grid(plot: _Plot, step: int, font: str) -> list[str]:
    parts = []
    for value in range(0, int(plot.top_value) + 1, step):
        y = plot.y(value)
        parts.append(tag("line", x1=plot.left, x2=plot.width - plot.right, y1=y, y2=y, stroke=LINE))
        parts.append(
            written(plot.left - 7, y + 4, format_number(value), anchor="end", fill=MOSS, size=12, font=font)
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
        written(plot.x(day), y, words, anchor="middle", fill=MOSS, size=12, font=font) for day, words in marks
    ]


def _month_starts(start: date, end: date) -> list[date]:
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [day for month in months if (day := date(month // 12, month % 12 + 1, 1)) >= start]


def _now(plot: _Plot, day: date, font: str) -> str:
    x = plot.x(day)
    anchor = "end" if x > plot.width * 0.8 else "start"
    line = tag(
        "line", x1=x, x2=x, y1=plot.top - 34, y2=plot.height - plot.bottom, stroke=INK, stroke_dasharray="1 3"
    )
    away = -5 if anchor == "end" else 5
    return line + note(x + away, plot.top - 24, f"đến {day:%d/%m}", font, anchor=anchor)


def _line(
    points: Sequence[tuple[date, Number]],
    plot: _Plot,
    *,
    stroke: str,
    stroke_width: int,
    dash: str | None = None,
) -> str:
    return tag(
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
    return tag("polygon", points=_coordinates([*points, *ground], plot), fill=LEAF_TINT)


def _coordinates(points: Sequence[tuple[date, Number]], plot: _Plot) -> str:
    return " ".join(f"{plot.x(day):.1f},{plot.y(value):.1f}" for day, value in points)


def _dot(plot: _Plot, day: date, value: Number) -> str:
    words = spoken(f"Đến {day:%d/%m/%Y}: {format_number(value)}")
    return tag("circle", words, cx=plot.x(day), cy=plot.y(value), r=3.5, fill=LEAF)


def _last_label(plot: _Plot, day: date, value: Number, planned: Number, font: str) -> str:
    """The value reached, on the side of the point away from the plan's line, above the axis."""
    x, y = plot.x(day), plot.y(value)
    share = (day - plot.start).days / (plot.end - plot.start).days
    behind = float(value) < float(planned) * share
    below = behind and y + 22 < plot.height - plot.bottom
    words = format_number(value)
    return written(
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
            tag("line", x1=x, x2=x + 26, y1=9, y2=9, stroke=colour, stroke_width=thick, stroke_dasharray=dash)
        )
        parts.append(note(x + 32, 13, words, font))
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
