"""The register as a workbook: the template, and a filled one checked cell by cell."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils import timezone

from core.models import AdminUnit
from core.tables import Column
from core.text import name_key, search_key
from core.unit_matching import UnitMatcher
from training.enums import RegisterGroup
from training.register_rows import RegisterRow
from training.sheets import Line, Said, below_head, day_of, head_key, lines_of, text_of

MOST_ROWS = 2000
SHORTEST_NAME = 2
HEADS = {
    "name": "Họ và tên",
    "group": "Nhóm",
    "unit": "Đơn vị",
    "position": "Chức vụ",
    "listed_on": "Vào danh sách ngày",
    "left_on": "Ra khỏi danh sách ngày",
}
REQUIRED = ("name", "group", "unit")
ALSO = {
    "ho ten": "name", "ten": "name", "doi tuong": "group", "nhom doi tuong": "group", "xa phuong": "unit",
    "don vi cong tac": "unit", "xa": "unit", "chuc danh": "position", "tu ngay": "listed_on",
    "vao danh sach": "listed_on", "ra khoi danh sach": "left_on", "den ngay": "left_on",
}  # fmt: skip
BY_HEAD = {head_key(title): key for key, title in HEADS.items()} | ALSO
GROUP_WORDS = {search_key(str(label)): value for value, label in RegisterGroup.choices} | {
    "can bo": RegisterGroup.OFFICIAL,
    "chu the": RegisterGroup.ENTITY_LEADER,
    "hoi dong": RegisterGroup.COUNCIL,
    "to tu van": RegisterGroup.COUNCIL,
}
NOTES = (
    "Nhóm ghi một trong: " + "; ".join(str(label) for label in RegisterGroup.labels) + ".",
    "Đơn vị: tên xã, phường, đặc khu hiện nay, hoặc tên tỉnh. Ngày ghi ngày/tháng/năm; để trống ngày vào thì "
    "lấy ngày nhập tệp.",
    "Nhập lại cùng một tệp không thêm gì. Người đã có (cùng tên, nhóm, đơn vị) chỉ đổi chức vụ, ngày ra.",
)
WIDTHS = {"name": 30, "group": 30, "unit": 28, "position": 30, "listed_on": 20, "left_on": 24}
TEMPLATE = tuple(
    Column(key, title, lambda row, key=key: row.get(key, ""), width=WIDTHS[key])
    for key, title in HEADS.items()
)


# Told how many of how many lines are done.
Tell = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """For who does not wait at a page."""


def check(upload: Any, province: AdminUnit, tell: Tell = silent) -> list[Line]:
    """Every filled line with what is wrong beside its cells; `result` of a good one is a row to write.

    Raises DomainError when the file as a whole cannot be read.
    """
    lines = lines_of(upload, MOST_ROWS)
    head, below = below_head(
        lines,
        lambda keys: {BY_HEAD[key] for key in keys if key in BY_HEAD} >= set(REQUIRED),
        [HEADS[key] for key in REQUIRED],
    )
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        if key := BY_HEAD.get(head_key(cell)):
            places.setdefault(key, place)
    checker = _Checker(province)
    checked = []
    for number, cells in below:
        tell(len(checked), len(below))
        checked.append(checker.check(number, cells, places))
    return checked


class _Checker:
    """Checks line after line; remembers who stood in the file already."""

    def __init__(self, province: AdminUnit) -> None:
        self.province, self.matcher = province, UnitMatcher(province)
        self.seen: dict[tuple[str, str, int], int] = {}
        self.today = timezone.localdate()

    def check(self, number: int, cells: list[Any], places: dict[str, int]) -> Line:
        said = {key: Said(text_of(cells, places.get(key))) for key in HEADS}
        name = said["name"].value
        if len(name.split()) < SHORTEST_NAME:
            said["name"].error = "Ghi đủ họ và tên." if name else "Thiếu họ và tên."
        group = self._group(said["group"])
        unit = self._unit(said["unit"])
        listed_on, said["listed_on"].error = day_of(cells, places.get("listed_on"))
        left_on, said["left_on"].error = day_of(cells, places.get("left_on"))
        self._check_days(said, listed_on, left_on)
        line = Line(number, said)
        if line.is_good and group and unit:
            self._check_twice(line, name, group, unit)
            line.result = RegisterRow(
                name, group, unit.pk, said["position"].value[:150], listed_on or self.today, left_on
            )
        return line

    def _group(self, cell: Said) -> str:
        key = search_key(cell.value)
        found = GROUP_WORDS.get(key)
        if not found:
            labels = "; ".join(str(label) for label in RegisterGroup.labels)
            cell.error = f"Ghi một trong: {labels}." if key else "Thiếu nhóm."
        return str(found or "")

    def _unit(self, cell: Said) -> AdminUnit | None:
        if not cell.value:
            cell.error = "Thiếu đơn vị."
            return None
        own = {search_key(self.province.name), search_key(self.province.short_name), self.province.code}
        if search_key(cell.value) in own:
            return self.province
        match = self.matcher.match(cell.value, on=self.today)
        if match.unit:
            return match.unit
        near = ", ".join(unit.name for unit in match.candidates[:3])
        cell.error = f"Không nhận ra đơn vị trong {self.province.name}."
        if near:
            cell.error += f" Có phải: {near}?"
        return None

    def _check_days(self, said: dict[str, Said], listed_on: date | None, left_on: date | None) -> None:
        if listed_on and listed_on > self.today:
            said["listed_on"].error = "Ngày vào danh sách sau hôm nay."
        if left_on and left_on < (listed_on or self.today) and not said["left_on"].error:
            said["left_on"].error = "Ngày ra phải sau ngày vào danh sách; ghi cả ngày vào."

    def _check_twice(self, line: Line, name: str, group: str, unit: AdminUnit) -> None:
        first = self.seen.setdefault((name_key(name), group, unit.pk), line.number)
        if first != line.number:
            line.cells["name"].error = f"Đã có ở dòng {first} của tệp này."


def as_data(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The checked lines as they are kept: number, value and error of each cell, the row of a good one.

    Lines with errors come first.
    """
    return [
        {
            "number": line.number,
            "cells": {key: [cell.value, cell.error] for key, cell in line.cells.items()},
            "row": _row_data(line.result) if line.is_good and line.result else None,
        }
        for line in sorted(lines, key=lambda line: (line.is_good, line.number))
    ]


def _row_data(row: RegisterRow) -> dict[str, Any]:
    days = {"listed_on": row.listed_on.isoformat(), "left_on": row.left_on and row.left_on.isoformat()}
    return {**asdict(row), **days}


def rows_of(lines: Iterable[dict[str, Any]]) -> list[RegisterRow]:
    """The good rows of lines kept by `as_data`."""
    return [
        RegisterRow(
            **{
                **line["row"],
                "listed_on": date.fromisoformat(line["row"]["listed_on"]),
                "left_on": date.fromisoformat(line["row"]["left_on"]) if line["row"]["left_on"] else None,
            }
        )
        for line in lines
        if line["row"]
    ]
