"""What the page of an import shows, made from the import's row."""

from functools import cached_property
from typing import Any

from core.enums import JobState
from core.numbers import format_datetime
from products.enums import ImportMode, ImportState
from products.imports.columns import title
from products.models import Import

FILTERS = (("", "Tất cả"), ("error", "Lỗi"), ("question", "Chờ trả lời"), ("warning", "Cảnh báo"))
MOST_QUESTIONS = 50
STEPS = ("Tệp mẫu và tải lên", "Kiểm tra", "Ghi vào hệ thống")
# State -> which of the three steps it belongs to.
STEP_OF = {
    ImportState.CHECKING: 1,
    ImportState.CHECKED: 1,
    ImportState.FAILED: 1,
    ImportState.APPLYING: 2,
    ImportState.DONE: 3,
    ImportState.DISCARDED: 1,
}


class ImportPage:
    """Counts, questions and rows of an import, as its page asks for them."""

    def __init__(self, imported: Import, request: Any) -> None:
        self.imported = imported
        self.level = request.GET.get("loc", "")

    @staticmethod
    def steps_of(state: str | None) -> list[dict[str, str]]:
        """The three steps with their marks."""
        at = STEP_OF[ImportState(state)] if state else 0
        marks = [
            "done" if place < at else "current" if place == at else "todo" for place in range(len(STEPS))
        ]
        return [{"label": label, "state": mark} for label, mark in zip(STEPS, marks, strict=True)]

    @property
    def steps(self) -> list[dict[str, str]]:
        return self.steps_of(self.imported.state)

    @property
    def line(self) -> str:
        """One line of context under the title."""
        imported = self.imported
        return f"{imported.created_by} tải lên lúc {format_datetime(imported.created_at)}, {imported.unit}."

    @property
    def badge_kind(self) -> str:
        return self.imported.badge_kind

    @property
    def is_working(self) -> bool:
        """A worker has the job or will take it."""
        job = self.imported.job
        return self._is_under_way and job is not None and not job.is_finished

    @property
    def _is_under_way(self) -> bool:
        return self.imported.state in (ImportState.CHECKING, ImportState.APPLYING)

    @property
    def is_stuck(self) -> bool:
        """The job ended without an end of the import: cancelled, or its worker was lost twice."""
        return self._is_under_way and not self.is_working

    @property
    def stuck_words(self) -> str:
        job = self.imported.job
        if job is not None and job.state == JobState.CANCELLED:
            return "Việc đã được dừng. Phần đã ghi được giữ lại; kiểm tra lại sẽ thấy."
        return job.error if job is not None else ""

    @property
    def waits_for_answer(self) -> bool:
        return self.imported.state == ImportState.CHECKED

    @property
    def is_done(self) -> bool:
        return self.imported.state == ImportState.DONE

    @cached_property
    def findings(self) -> dict[str, Any]:
        return self.imported.findings or {}

    @cached_property
    def counts(self) -> dict[str, int]:
        return {
            "created": 0,
            "updated": 0,
            "unchanged": 0,
            "error": 0,
            "question": 0,
            "warning": 0,
        } | self.findings.get("counts", {})

    @property
    def bad(self) -> int:
        return self.counts["error"] + self.counts["question"]

    @property
    def good(self) -> int:
        return self.counts["created"] + self.counts["updated"] + self.counts["unchanged"]

    @property
    def to_write(self) -> int:
        return self.counts["created"] + self.counts["updated"]

    @property
    def notes(self) -> list[tuple[str, int]]:
        return sorted(self.findings.get("notes", {}).items())

    @property
    def left_out(self) -> int:
        return self.findings.get("left_out", 0)

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """With the place each has in the form; answered ones are gone after the next check."""
        found = self.findings.get("questions", [])[:MOST_QUESTIONS]
        return [{**question, "field": f"q{place}"} for place, question in enumerate(found)]

    @property
    def more_questions(self) -> int:
        return max(0, len(self.findings.get("questions", [])) - MOST_QUESTIONS)

    @cached_property
    def modes(self) -> list[tuple[str, str, bool]]:
        """(value, words, may it be chosen)."""
        return [
            (mode.value, mode.label, not (mode == ImportMode.ALL_OR_NOTHING and self.bad))
            for mode in ImportMode
        ]

    @cached_property
    def filters(self) -> list[tuple[str, str, int, bool]]:
        """(value, words, how many rows, is it chosen), those that find something."""
        counts = {"": self.bad + self.counts["warning"], **self.counts}
        return [(key, words, counts[key], key == self.level) for key, words in FILTERS if counts[key]]

    @cached_property
    def items(self) -> "Rows":
        kept = self.findings.get("items", [])
        chosen = [item for item in kept if not self.level or item["level"] == self.level]
        return Rows(chosen, self.columns)

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Product and entity, the columns with something to say, the others; without empty ones.

        In each group as in the sheet: what is wrong is seen without scrolling to the right.
        """
        kept = self.findings.get("items", [])
        used = {key for item in kept for key, value in item["cells"].items() if value}
        said = {message["key"] for item in kept for message in item["messages"]}
        shown = [key for key in self.findings.get("columns", []) if key in used | said]
        shown.sort(key=lambda key: 0 if key in ("product", "entity") else 1 if key in said else 2)
        return [(key, title(key)) for key in shown]


class Rows:
    """Rows to be paged; cells are put beside their messages only for the page that is shown."""

    def __init__(self, items: list[dict[str, Any]], columns: list[tuple[str, str]]) -> None:
        self.items, self.columns = items, columns

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return [self._row(item) for item in self.items[part]]

    def _row(self, item: dict[str, Any]) -> dict[str, Any]:
        shown = {key for key, _ in self.columns}
        cells = [
            {
                "title": words,
                "value": item["cells"].get(key, ""),
                "messages": [one for one in item["messages"] if one["key"] == key],
            }
            for key, words in self.columns
        ]
        for cell in cells:
            cell["level"] = cell["messages"][0]["level"] if cell["messages"] else ""
        general = [one for one in item["messages"] if one["key"] not in shown]
        return {"number": item["row"], "level": item["level"], "cells": cells, "messages": general}
