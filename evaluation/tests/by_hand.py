"""The law's arithmetic once more, written from the text of QĐ 26 and from the printed tables alone.

Nothing here comes from `evaluation.scoring` or from the rows of the database: what both agree on was worked
out twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

TABLES = Path(__file__).resolve().parent.parent / "data" / "qd26"


@dataclass(frozen=True)
class Line:
    """A scored criterion: points and stars of its levels in printed order."""

    code: str
    section: str
    points: list[int]
    stars: list[int | None]
    may_stop: bool
    needs: tuple[str, int] | None


@dataclass(frozen=True)
class HandSheet:
    """Level chosen by code (1 is the first printed, None: none of them), and where the sheet stopped."""

    choices: dict[str, int | None]
    stopped_at: str | None = None


@dataclass(frozen=True)
class HandResult:
    total: Fraction
    sections: dict[str, Fraction]
    means: dict[str, Fraction]
    totals: list[int]
    star_by_score: int
    star: int
    unmet: set[tuple[str, int]]


def printed_table(number: int) -> list[Line]:
    """The lines of one of the 26 tables."""
    document = yaml.safe_load((TABLES / f"{number:02}.yaml").read_text(encoding="utf-8"))
    return [
        _line(section["code"], row)
        for section in document["sections"]
        for row in _leaves(section["criteria"])
    ]


def _leaves(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        found += _leaves(row["children"]) if "children" in row else [row]
    return found


def _line(section: str, row: dict[str, Any]) -> Line:
    needs = None
    if "applies_if" in row:
        code, least = row["applies_if"].split(" > ")
        needs = (code, int(least))
    options = row["options"]
    return Line(
        code=row["code"],
        section=section,
        points=[option["points"] for option in options],
        stars=[option.get("min_star") for option in options],
        may_stop="stop" in row,
        needs=needs,
    )


def points_of(table: Sequence[Line], sheet: HandSheet) -> dict[str, int]:
    """Points of every line: none after the stop, and none where the line it needs did not score."""
    found: dict[str, int] = {}
    over = False
    for line in table:
        chosen = None if over else sheet.choices.get(line.code)
        if line.needs and found[line.needs[0]] <= line.needs[1]:
            chosen = None
        found[line.code] = line.points[chosen - 1] if chosen else 0
        over = over or line.code == sheet.stopped_at
    return found


def result_of(
    table: Sequence[Line], sheets: Sequence[HandSheet], concluded: Mapping[str, int] | None = None
) -> HandResult:
    """The council's result by majority; `concluded`: level by code, which prevails over the choices."""
    points = [points_of(table, sheet) for sheet in sheets]
    totals = [sum(one.values()) for one in points]
    total = Fraction(sum(totals), len(totals))
    by_score = 1 + sum(total >= bound for bound in (30, 50, 70, 90))
    unmet = {
        (line.code, star)
        for line in table
        for star in (3, 4, 5)
        if star <= by_score and not _is_met(line, star, points, concluded or {})
    }
    star = by_score
    while star >= 3 and any(asked <= star for _, asked in unmet):
        star -= 1
    means = {line.code: Fraction(sum(one[line.code] for one in points), len(points)) for line in table}
    sections = {
        section: sum((means[line.code] for line in table if line.section == section), Fraction(0))
        for section in sorted({line.section for line in table})
    }
    return HandResult(total, sections, means, totals, by_score, star, unmet)


def _is_met(line: Line, star: int, points: Sequence[Mapping[str, int]], concluded: Mapping[str, int]) -> bool:
    """More than half reach the level marked with just this star; true where none is."""
    for needed in (line.points[at] for at, mark in enumerate(line.stars) if mark == star):
        reached = [one[line.code] >= needed for one in points]
        if line.code in concluded:
            reached = [line.points[concluded[line.code] - 1] >= needed]
        if 2 * sum(reached) <= len(reached):
            return False
    return True


def shown(value: Fraction) -> str:
    """Two decimals, rounded down, with a comma."""
    hundredths = value.numerator * 100 // value.denominator
    return f"{hundredths // 100},{hundredths % 100:02}"
