"""The records behind frozen figures as they are kept: plain lists, read back and chosen from.

A version keeps one list for each kind of record (`models.KeptList`). Its parts are the figures that counted
those records; every row says by a bit for each part which of them counted it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from products.enums import DossierState
from products.queries.steps import RE_RANKING
from products.step_words import limit_words, stay_cells, step_label
from training.asked import Asked, Facts

IN_PERIOD, REST = "-trong-ky", "-con-lai"
"""Ends of a part's name: counted within the period alone; of the population and not counted."""
GIVEN = "-giao-"
"""Before a unit's id: as the plan gave it to the unit, where it named former communes (`queries.apart`)."""
TASKS, DONE, LATE, MONEY = "nhiem-vu", "nhiem-vu-xong", "nhiem-vu-qua-han", "kinh-phi"
"""The plan's tasks, those done and those overdue on the day, and the lines of its money."""
ROAD = "ho-so"
"""The list of the dossiers whose stays the steps hold: words once for all of them."""
WAITING, LEFT = "dang-o-", "da-qua-"
"""Beginnings of the parts about a step of the dossiers' road."""


@dataclass(frozen=True)
class Part:
    """A figure in its words of then."""

    name: str
    label: str
    definition: str = ""


def step_part(step: str, *, waiting: bool) -> Part:
    """Dossiers at a step of their road: who waited there, or who had left it."""
    limit = f" Hạn theo luật: {limit_words(step)}." if limit_words(step) else ""
    if waiting:
        words = f"Hồ sơ còn ở bước này khi hết ngày chốt, và số ngày đã chờ.{limit}"
        return Part(f"{WAITING}{step}", f"Đang ở bước: {step_label(step)}", words)
    words = f"Hồ sơ đã ra khỏi bước này trong kỳ của kế hoạch, và số ngày đã ở đó.{limit}"
    return Part(f"{LEFT}{step}", f"Đã qua bước: {step_label(step)}", words)


def step_of(name: str) -> str:
    """The step a part of the road is about."""
    return name.removeprefix(WAITING).removeprefix(LEFT)


STEP_PARTS = tuple(
    step_part(step, waiting=waiting) for step in (*DossierState, RE_RANKING) for waiting in (True, False)
)


@dataclass(frozen=True)
class KeptRow:
    """A record in its words of then: `unit_id` the unit it counted for, `cells` beside the title."""

    pk: int
    unit_id: int | None
    bits: int
    title: str
    cells: tuple[str, ...]
    facts: Facts | None = None
    state: str = ""

    def stored(self) -> list[Any]:
        """As JSON keeps it."""
        facts = self.facts
        kept = facts and [facts.star, facts.family, facts.number, facts.channels, facts.expires]
        return [self.pk, self.unit_id, self.bits, self.title, self.cells, kept, self.state]


Stored = list[Any]
"""A row as JSON keeps it (`KeptRow.stored`); of a step a stay (`products.queries.steps.StepRecord`)."""


def read_row(stored: Stored) -> KeptRow:
    """Back from `KeptRow.stored`."""
    pk, unit_id, bits, title, cells, kept, state = stored
    return KeptRow(pk, unit_id, bits, title, tuple(cells), _facts(kept), state)


def _facts(kept: list[Any] | None) -> Facts | None:
    return Facts(kept[0], kept[1], kept[2], tuple(kept[3]), kept[4]) if kept else None


def rows_of_part(stored: Iterable[Stored], place: int, asked: Asked, unit_id: int | None) -> list[Stored]:
    """The rows one part counted, of one unit when it is given, that the filters admit; not read yet."""
    bit = 1 << place
    own = [row for row in stored if row[2] & bit and (unit_id is None or row[1] == unit_id)]
    return own if asked == Asked() else [row for row in own if asked.admits(_facts(row[5]))]


def read_stay(stay: Stored, dossier: Stored, part: str) -> KeptRow:
    """A stay at a step with the words of its dossier."""
    step, waiting = step_of(part), part.startswith(WAITING)
    pk, since, until, days, over = stay
    last = date.fromisoformat(until) if until else None
    told = stay_cells(step, date.fromisoformat(since), last, days, bool(over))
    state = step if waiting and step in DossierState else ""
    return KeptRow(pk, dossier[1], 1, dossier[3], (*dossier[4], *told), state=state)
