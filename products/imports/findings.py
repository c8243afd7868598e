"""What is said of a row: errors keep it out, questions wait for a person, warnings and notes only tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from products.imports.columns import title

ERROR, QUESTION, WARNING, NOTE = "error", "question", "warning", "note"
LEVELS = (ERROR, QUESTION, WARNING, NOTE)


@dataclass(frozen=True)
class Finding:
    """`key`: the column, or nothing for the whole row."""

    level: str
    key: str
    message: str

    @property
    def column(self) -> str:
        """The heading of the column, as the template writes it."""
        return title(self.key)

    def as_data(self) -> dict[str, Any]:
        return {"level": self.level, "key": self.key, "column": self.column, "message": self.message}


@dataclass
class Findings:
    """The findings of one row."""

    items: list[Finding] = field(default_factory=list)

    def error(self, key: str, message: str) -> None:
        self.items.append(Finding(ERROR, key, message))

    def ask(self, key: str, message: str) -> None:
        self.items.append(Finding(QUESTION, key, message))

    def warn(self, key: str, message: str) -> None:
        self.items.append(Finding(WARNING, key, message))

    def note(self, key: str, message: str) -> None:
        self.items.append(Finding(NOTE, key, message))

    def has_error(self, key: str) -> bool:
        return any(item.level == ERROR and item.key == key for item in self.items)

    @property
    def stops(self) -> bool:
        """The row is not written: it has an error or an open question."""
        return any(item.level in (ERROR, QUESTION) for item in self.items)

    @property
    def level(self) -> str:
        """The gravest level, or nothing."""
        return next((level for level in LEVELS if any(item.level == level for item in self.items)), "")

    def of(self, *levels: str) -> list[Finding]:
        return [item for item in self.items if item.level in levels]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)
