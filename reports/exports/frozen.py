"""A closed period as a workbook: the frozen figures, nothing counted again."""

from collections.abc import Iterator
from typing import IO, Any

from core import workbooks
from core.numbers import format_date
from core.workbooks import Sheet
from reports.exports.dashboard import (
    STAR_HEADS,
    STARS,
    card_targets,
    promotion_sheet,
    road_sheet,
    stars_row,
    targets_sheet,
)
from reports.exports.sheets import cover, plan_words, table
from reports.frozen import FrozenBoard, FrozenRow, Standing
from training.indicators import REGISTRY

NOTE = "Số liệu đã chốt và duyệt, không tính lại."


def frozen_book(board: FrozenBoard, *, by: Any) -> IO[bytes]:
    """The frozen lines, and what stood beside them where the version keeps it."""
    version = board.figure_set
    facts = [
        ("Đơn vị", str(board.plan.unit)),
        ("Kế hoạch", plan_words(board.plan)),
        ("Kỳ", f"{version.period}, bản {version.number}"),
        ("Số liệu đến ngày", version.as_of),
        ("Duyệt", f"{version.decided_by or 'Hệ thống'}, ngày {format_date(version.decided_at)}"),
        *([("Lý do đính chính", version.reason)] if version.reason else []),
        ("Nhiệm vụ", f"{board.tasks_done}/{board.tasks} đã xong, {board.tasks_overdue} quá hạn"),
    ]
    sheets = [cover("Số liệu đã chốt", facts, by=by, note=NOTE), targets_sheet(card_targets(board.cards))]
    standing = list(_standing(board.standing)) if board.standing else []
    return workbooks.write_book([*sheets, *standing, _money(board)])


def _standing(kept: Standing) -> Iterator[Sheet]:
    families = (stars_row(name, stars) for name, stars in kept.families)
    yield table("Sao theo nhóm", (("Ngành", 44), *STAR_HEADS), families)
    communes = (
        stars_row(row.label, dict(zip(STARS, (number for number, _ in row.stars), strict=True)))
        for row in kept.communes
    )
    yield table("Xã, phường", (("Xã, phường", 30), *STAR_HEADS), communes)
    if kept.road:
        yield road_sheet(kept.road)
    months = ((row.label, row.number) for row in kept.expiring)
    yield table("Hết hạn theo tháng", (("Tháng hết hạn", 16), ("Giấy chứng nhận", 16)), months)
    if kept.promotion:
        yield promotion_sheet(kept.promotion)
    tasks = ((unit, task.title, task.due_on) for unit, owed in kept.late for task in owed)
    yield table("Nhiệm vụ quá hạn", (("Đơn vị chủ trì", 36), ("Nhiệm vụ", 60), ("Hạn", 14)), tasks)
    counted = (
        (REGISTRY[name].label, REGISTRY[name].unit_name, value, of)
        for name, (value, of) in kept.counted.items()
        if name in REGISTRY
    )
    heads = (("Chỉ tiêu hệ thống tính", 50), ("Đơn vị tính", 14), ("Số đếm được", 14), ("Trên tổng số", 14))
    yield table("Số liệu hệ thống", heads, counted)


def _commune(row: FrozenRow) -> tuple:
    numbers = (number for number, _ in row.stars)
    return stars_row(row.label, dict(zip(STARS, numbers, strict=True)))


def _money(board: FrozenBoard) -> Sheet:
    funds = board.standing.funds if board.standing else ()
    rows = [(fund.label, fund.planned, fund.spent) for fund in funds]
    rows.append(("Tổng cộng", board.money.planned, board.money.spent))
    return table("Kinh phí", (("Nguồn vốn", 36), ("Kế hoạch (đồng)", 18), ("Đã chi (đồng)", 18)), rows)
