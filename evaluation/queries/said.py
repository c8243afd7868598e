"""What was said into the minutes of a dossier before its result is closed, as far as a person may read it."""

from dataclasses import dataclass
from typing import Any

from evaluation.enums import MinuteKind
from evaluation.models import AgendaItem, MinuteEntry
from evaluation.queries.sight import Sight


@dataclass(frozen=True)
class Said:
    discussions: list[MinuteEntry]
    dissents: list[MinuteEntry]


def said_so_far(item: AgendaItem, user: Any, sight: Sight) -> Said:
    """Discussions for the council's people, dissent for who keeps the minutes and the member; one query."""
    if not sight.discussion:
        return Said([], [])
    entries = list(item.minutes.select_related("seat__user", "recorded_by"))
    return Said(
        discussions=[entry for entry in entries if entry.kind == MinuteKind.DISCUSSION],
        dissents=[
            entry
            for entry in entries
            if entry.seat is not None
            and (sight.keeps_minutes or entry.seat.user_id == user.pk)
            and entry.kind == MinuteKind.DISSENT
        ],
    )
