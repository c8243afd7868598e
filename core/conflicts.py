"""Two versions of the same form, side by side: what the sender typed and what somebody saved meanwhile."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# From this length on a text gets a tall box.
LONG_TEXT = 80


@dataclass(frozen=True)
class Row:
    """A field whose two versions differ."""

    name: str
    label: str
    mine: str
    theirs: str

    @property
    def height(self) -> int:
        """Lines of the box it is shown in."""
        return 10 if max(len(self.mine), len(self.theirs)) > LONG_TEXT else 2


@dataclass(frozen=True)
class Conflict:
    """What `components/conflict.html` and `core/conflict_page.html` show.

    `same`: fields without a difference, sent along unchanged; `revision`: the one now stored.
    """

    revision: int
    rows: tuple[Row, ...]
    same: tuple[tuple[str, str], ...]
    saved_by: str = ""
    saved_at: dt.datetime | None = None


def compare(
    labels: Mapping[str, str],
    *,
    mine: Mapping[str, Any],
    stored: Any,
    saved_by: str = "",
    saved_at: dt.datetime | None = None,
) -> Conflict:
    """Set what was typed against the stored row (with `revision`), field by field of `labels`."""
    pairs = {name: (_text(mine.get(name)), _text(getattr(stored, name))) for name in labels}
    rows = tuple(Row(name, str(labels[name]), a, b) for name, (a, b) in pairs.items() if a != b)
    same = tuple((name, a) for name, (a, b) in pairs.items() if a == b)
    return Conflict(stored.revision, rows, same, saved_by, saved_at)


def _text(value: Any) -> str:
    """As a person sees it: browsers send lines with other ends than they show."""
    text = "" if value is None else str(value)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
