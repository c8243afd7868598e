"""The comparisons as workbooks."""

from collections.abc import Sequence
from typing import IO, Any

from core import workbooks
from core.models import AdminUnit
from core.numbers import format_date
from core.tables import Column
from core.workbooks import Sheet
from reports.comparisons.communes import CommuneComparison, CommuneRow, side_by_side
from reports.comparisons.years import Block, YearComparison
from reports.exports.sheets import cover, plan_words, table


def years_book(shown: YearComparison, *, by: Any) -> IO[bytes]:
    """The comparison of years: a sheet for each block."""
    until = {year.year: format_date(year.period.end) for year in shown.years}
    facts = [
        ("Đơn vị", str(shown.province)),
        ("Cách so", "cùng ngày của mỗi năm" if shown.same_day else "cuối mỗi năm"),
        *(
            (f"Năm {year.year}", f"số liệu đến ngày {until[year.year]}; {plan_words(year.plan)}")
            for year in shown.years
        ),
    ]
    sheets = [_years_sheet(block, shown) for block in shown.blocks]
    return workbooks.write_book([cover("So sánh các năm", facts, by=by), *sheets])


def _years_sheet(block: Block, shown: YearComparison) -> Sheet:
    heads = [("Chỉ tiêu", 44), ("Đơn vị tính", 14)]
    for year in shown.years:
        heads += [
            (f"{year.year} ({year.until})", 16),
            (f"Kế hoạch {year.year}", 14),
            (f"{year.year} so năm trước", 20),
        ]
    rows = [
        (
            line.label,
            line.unit_name,
            *(part for cell in line.cells for part in (cell.value, cell.planned, cell.change)),
        )
        for line in block.lines
    ]
    return table(block.title, heads, rows)


def communes_book(
    shown: CommuneComparison,
    rows: Sequence[CommuneRow],
    columns: Sequence[Column],
    chosen: Sequence[AdminUnit],
    *,
    by: Any,
) -> IO[bytes]:
    """The ranked table as it is arranged, and the chosen communes side by side."""
    sheets = [
        cover("So sánh xã, phường", _commune_facts(shown), by=by),
        Sheet("Xã, phường", [], columns, [*rows, shown.total] if len(rows) == len(shown.rows) else rows),
    ]
    if chosen:
        sheets.append(_chosen_sheet(shown.rows, chosen))
    return workbooks.write_book(sheets)


def _commune_facts(shown: CommuneComparison) -> list[tuple[str, Any]]:
    return [
        ("Đơn vị", str(shown.province)),
        ("Kế hoạch", plan_words(shown.plan)),
        ("Số liệu đến ngày", shown.period.end),
        ("Trong năm", f"từ {format_date(shown.period.start)} đến {format_date(shown.period.end)}"),
    ]


def _chosen_sheet(rows: Sequence[CommuneRow], chosen: Sequence[AdminUnit]) -> Sheet:
    by_id = {row.unit.pk: row for row in rows}
    beside = [by_id[unit.pk] for unit in chosen]
    heads = [("Chỉ tiêu", 44), *((row.unit.name, 20) for row in beside)]
    lines = [
        (line.label, *((side.number if side.number is not None else side.text) for side in line.sides))
        for line in side_by_side(beside)
    ]
    return table("Các xã đã chọn", heads, lines)
