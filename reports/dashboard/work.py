"""The work on a plan: tasks that are late, persons trained."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from training.indicators import Counted
from training.models import Plan
from training.queries import TaskLine, indicator_url

TRAINED = "persons_trained_share"


@dataclass(frozen=True)
class LateUnit:
    """A lead unit with the tasks it owes."""

    name: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class Coverage:
    """Persons trained, of those on the register."""

    trained: int
    total: int
    trained_url: str
    missing_url: str

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.trained, self.total) if self.total else None


def late_units(tasks: Iterable[TaskLine]) -> tuple[LateUnit, ...]:
    """Lead units with overdue tasks, those who owe most first."""
    by_unit: dict[str, list[TaskLine]] = defaultdict(list)
    for task in tasks:
        if task.is_overdue:
            by_unit[task.lead_unit].append(task)
    ranked = sorted(by_unit.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(LateUnit(name, tuple(owed)) for name, owed in ranked)


def coverage(plan: Plan, day: date, counted: Counted) -> Coverage:
    url = indicator_url(TRAINED, plan, day)
    return Coverage(counted.value, counted.of or 0, url, f"{url}&rest=1")
