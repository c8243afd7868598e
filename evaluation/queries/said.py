"""What was said into the minutes of a dossier before its result is closed, as far as a person may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluation.enums import MinuteKind
from evaluation.models import AgendaItem, MinuteEntry
from evaluation.queries.sight import Sight


@dataclass(frozen=True)
class Words:
    """One entry as the page shows it; `name` is whose dissent it is."""

    text: str
    by: str
    at: datetime
    name: str = ""


@dataclass(frozen=True)
class Said:
    discussions: list[Words]
    dissents: list[Words]


def said_so_far(item: AgendaItem, user: Any, sight: Sight) -> Said:
    """Discussions for the council's people, dissent for who keeps the minutes and the member; one query."""
    if not sight.discussion:
        return Said([], [])
    entries = list(item.minutes.select_related("seat__user", "recorded_by"))
    return Said(
        discussions=[_words(entry) for entry in entries if entry.kind == MinuteKind.DISCUSSION],
        dissents=[
            _words(entry)
            for entry in entries
            if entry.kind == MinuteKind.DISSENT and (sight.keeps_minutes or _is_of(entry, user))
        ],
    )


def _is_of(entry: MinuteEntry, user: Any) -> bool:
    return entry.seat is not None and entry.seat.user_id == user.pk


def _words(entry: MinuteEntry) -> Words:
    name = str(entry.seat.user) if entry.seat else ""
    return Words(entry.text, str(entry.recorded_by), entry.recorded_at, name)
