"""A whole workbook: checked row by row, or written; what became of each row."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core.exceptions import DomainError
from core.models import AdminUnit
from products.enums import ImportMode
from products.imports import applying
from products.imports import findings as levels
from products.imports.cells import as_text
from products.imports.checking import Checker, Plan, Question
from products.imports.columns import title
from products.imports.reading import Row, Sheet, open_sheet
from products.imports.result import Line
from products.services.registry_rows import RegistryRows

log = logging.getLogger(__name__)

# Rows with errors come first; beyond this many the workbook of findings has the rest.
MOST_ITEMS = 3_000
CHUNK = 100
LOCK = 0x0C09
WRITTEN = {"created": "Đã thêm", "updated": "Đã bổ sung", "unchanged": "Đã có, không đổi"}
FORESEEN = {"created": "Sẽ thêm", "updated": "Sẽ bổ sung", "unchanged": "Đã có, không đổi"}
STOPPED = {"error": "Lỗi", "question": "Chờ trả lời"}

# Told how many rows are done.
Tell = Callable[[int], None]


def silent(done: int) -> None:
    """For who does not wait at a page."""


@dataclass
class Report:
    """What a check found, or what a writing did: counts, rows with something to say, questions."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    stopped: Counter = field(default_factory=Counter)
    warned: int = 0
    notes: Counter = field(default_factory=Counter)
    errors: list[dict[str, Any]] = field(default_factory=list)
    items: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {level: [] for level in levels.LEVELS}
    )
    lines: dict[int, Line] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @property
    def good(self) -> int:
        return self.created + self.updated + self.unchanged

    @property
    def bad(self) -> int:
        return sum(self.stopped.values())

    def add(self, row: Row, plan: Plan, words: dict[str, str]) -> None:
        """Count a row and keep what is to be said of it; `words` for its outcome."""
        self.rows += 1
        outcome, level = plan.outcome, plan.findings.level
        if outcome:
            setattr(self, outcome, getattr(self, outcome) + 1)
            self.warned += level == levels.WARNING
        else:
            self.stopped[level] += 1
        self.notes.update(item.key for item in plan.findings.of(levels.NOTE))
        self._add_line(plan, words.get(outcome) or STOPPED[level])
        if level in (levels.ERROR, levels.QUESTION, levels.WARNING):
            self._add_item(row, plan, level)

    def _add_line(self, plan: Plan, outcome: str) -> None:
        said = list(plan.findings)
        reason = " ".join(f"{item.column}: {item.message}" if item.key else item.message for item in said)
        bad = tuple(dict.fromkeys(item.key for item in said if item.key and item.level != levels.NOTE))
        self.lines[plan.record.number] = Line(outcome, reason, plan.findings.level, bad)

    def _add_item(self, row: Row, plan: Plan, level: str) -> None:
        for item in plan.findings.of(levels.ERROR, levels.QUESTION):
            self.errors.append({"row": row.number, "column": item.column, "message": item.message})
        if len(self.items[level]) < MOST_ITEMS:
            said = plan.findings.of(levels.ERROR, levels.QUESTION, levels.WARNING)
            cells = {key: as_text(value)[:200] for key, value in row.cells.items()}
            self.items[level].append(
                {
                    "row": row.number,
                    "level": level,
                    "cells": cells,
                    "messages": [item.as_data() for item in said],
                }
            )

    def as_data(self, sheet: Sheet) -> dict[str, Any]:
        """What the page shows, as it is kept with the import."""
        items = [item for level in levels.LEVELS for item in self.items[level]]
        kept = sorted(items[:MOST_ITEMS], key=lambda item: item["row"])
        return {
            "rows": self.rows,
            "counts": {
                "created": self.created,
                "updated": self.updated,
                "unchanged": self.unchanged,
                "error": self.stopped[levels.ERROR],
                "question": self.stopped[levels.QUESTION],
                "warning": self.warned,
            },
            "notes": {title(key): count for key, count in self.notes.items()},
            "items": kept,
            "left_out": max(0, self.bad + self.warned - len(kept)),
            "questions": [question.__dict__ for question in self.questions],
            "columns": list(sheet.places),
            "unknown_columns": sheet.unknown,
            "sheet": sheet.name,
        }


def check(
    path: Path,
    province: AdminUnit,
    *,
    answers: dict[str, str] | None = None,
    new_entities: bool = False,
    tell: Tell = silent,
) -> tuple[Sheet, Report]:
    """Judge every row; writes nothing. Raises DomainError when the file as a whole cannot be read."""
    sheet = open_sheet(path)
    checker = Checker(province, answers, new_entities=new_entities, tell=lambda: tell(0))
    report = Report()
    for row in sheet.rows():
        plan = checker.check(row)
        checker.note_planned(plan)
        report.add(row, plan, FORESEEN)
        tell(report.rows)
    report.questions = list(checker.questions.values())
    return sheet, report


def apply(
    path: Path,
    province: AdminUnit,
    *,
    mode: str,
    by: Any,
    answers: dict[str, str] | None = None,
    new_entities: bool = False,
    tell: Tell = silent,
) -> tuple[Sheet, Report]:
    """Write the good rows, or all rows or none. Every row is judged again against what is stored now.

    Writing the same workbook again changes nothing, so that a lost worker's job may simply be run again.
    Raises DomainError when the file cannot be read or another import of the province is being written.
    """
    with _only_one(province):
        if mode == ImportMode.GOOD_ROWS:
            sheet = open_sheet(path)
            checker = Checker(province, answers, new_entities=new_entities, tell=lambda: tell(0))
            return sheet, _write_good_rows(sheet, checker, by, tell)
        sheet, report = check(path, province, answers=answers, new_entities=new_entities, tell=tell)
        if report.bad:
            return sheet, _nothing_written(report)
        checker = Checker(province, answers, new_entities=new_entities, tell=lambda: tell(0))
        return sheet, _write_all(sheet, checker, by, tell)


@contextmanager
def _only_one(province: AdminUnit) -> Iterator[None]:
    """Imports of one province are written one after the other: what one adds, the next must see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, province.pk])
        if not cursor.fetchone()[0]:
            raise DomainError("Đang có một lần nhập khác của tỉnh ghi dữ liệu. Hãy chờ xong rồi ghi lại.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, province.pk])


def _write_good_rows(sheet: Sheet, checker: Checker, by: Any, tell: Tell) -> Report:
    """In short transactions, so that progress is seen and what is written stays written."""
    report, rows = Report(), sheet.rows()
    while chunk := _take(rows):
        for row, plan in _write_chunk(chunk, checker, by):
            report.add(row, plan, WRITTEN)
        tell(report.rows)
    return report


def _take(rows: Iterator[Row]) -> list[Row]:
    return [row for _, row in zip(range(CHUNK), rows, strict=False)]


def _write_all(sheet: Sheet, checker: Checker, by: Any, tell: Tell) -> Report:
    """In one transaction; a refusal that only the writing meets takes everything back."""
    report, rows = Report(), sheet.rows()
    with transaction.atomic():
        while chunk := _take(rows):
            for row, plan in _write_chunk(chunk, checker, by):
                report.add(row, plan, WRITTEN)
            tell(report.rows)
        if report.bad:
            transaction.set_rollback(True)
    return _nothing_written(report) if report.bad else report


def _write_chunk(chunk: list[Row], checker: Checker, by: Any) -> list[tuple[Row, Plan]]:
    """Write some rows together; when the database refuses, once more one by one, to find who is refused."""
    try:
        with transaction.atomic():
            return _write_together(chunk, checker, by)
    except (DomainError, DatabaseError):
        log.info("import: rows from %s on are written one by one", chunk[0].number, exc_info=True)
    checker.look_again()
    with transaction.atomic():
        return [(row, _write_row(checker.check(row), checker, by)) for row in chunk]


def _write_together(chunk: list[Row], checker: Checker, by: Any) -> list[tuple[Row, Plan]]:
    """Rows that only add are stored at once, before the next row that changes what is stored."""
    gathered, plans = RegistryRows(by=by), []
    for row in chunk:
        plan = checker.check(row)
        if applying.only_adds(plan, checker, gathered):
            _refusals_told(plan, lambda plan=plan: applying.gather(plan, checker, gathered))
        elif _has_to_write(plan):
            gathered.store()
            _write_row(plan, checker, by)
        plans.append((row, plan))
    gathered.store()
    return plans


def _write_row(plan: Plan, checker: Checker, by: Any) -> Plan:
    def write() -> None:
        with transaction.atomic():
            applying.write(plan, checker, by=by)

    if _has_to_write(plan):
        _refusals_told(plan, write)
    return plan


def _has_to_write(plan: Plan) -> bool:
    return plan.outcome not in ("", "unchanged")


def _refusals_told(plan: Plan, act: Callable[[], None]) -> None:
    """Carry out a row; a refusal becomes an error of the row."""
    try:
        act()
    except DomainError as refusal:
        plan.findings.error(_column_of(refusal.field), refusal.message)
    except PermissionDenied:
        plan.findings.error("", "Tài khoản không có quyền ghi vào xã này.")
    except DatabaseError:
        log.exception("import: row %s was refused by the database", plan.record.number)
        plan.findings.error("", "Cơ sở dữ liệu không nhận dòng này; lỗi đã được ghi lại.")


# Columns of the models that are named otherwise in the workbook.
_FIELDS = {"name": "product", "commune": "commune", "legal_form": "legal_form", "product_set": "product_set"}


def _column_of(name: str | None) -> str:
    key = _FIELDS.get(name or "", name or "")
    return key if title(key) else ""


def _nothing_written(report: Report) -> Report:
    """Good rows of a file that has bad ones, when all or nothing was chosen."""
    report.created = report.updated = report.unchanged = 0
    for number, line in report.lines.items():
        if line.outcome not in STOPPED.values():
            reason = " ".join(filter(None, ("Tệp còn dòng lỗi nên không ghi dòng nào.", line.reason)))
            report.lines[number] = Line("Không ghi", reason, levels.WARNING)
    return report
