"""What higher apps hang on the frame: navigation entries and things that wait for a person.

Each app has a `frame.py` that registers its entries; they are found when Django starts. So the
frame needs to know no app above `accounts`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class NavEntry:
    """One line of the left navigation. `count` says how many things wait there, or None."""

    order: int
    label: str
    url_name: str
    icon: str
    roles: tuple[str, ...]
    count: Callable[[Any], int | None] | None = None
    also: tuple[str, ...] = ()
    """Beginnings of other addresses that belong to this line."""

    def covers(self, path: str) -> int:
        """How many characters of the path this line explains; the root explains only itself."""
        begins = [begin for begin in (self.url, *self.also) if path.startswith(begin)]
        longest = max(map(len, begins), default=0)
        return longest if longest > 1 or path == self.url else 0

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Todo:
    """One thing that waits for a person: what, whose, since when, until when, and the one button."""

    title: str
    subject: str
    url: str
    action_label: str
    whose: str = ""
    badge: str = ""
    badge_kind: str = "waiting"
    since: datetime | None = None
    due: date | None = None
    due_words: str = ""
    """How far the deadline is, where plain days would mislead (working days); else worked out from `due`."""
    overdue: bool = False


@dataclass(frozen=True)
class More:
    """What a provider left out of the page: how many, of what, and the list where all of them are."""

    count: int
    label: str
    url: str


Provider = Callable[[Any], Iterable[Todo | More]]

_entries: list[NavEntry] = []
_providers: list[Provider] = []


def add_navigation(*entries: NavEntry) -> None:
    """Add lines to the navigation; called once by each app's `frame.py`."""
    _entries.extend(entries)
    _entries.sort(key=lambda entry: entry.order)


def add_todos(provider: Provider) -> Provider:
    """Register a function that lists what waits for a user; usable as a decorator.

    A provider with more than a page can hold ends with a `More`.
    """
    _providers.append(provider)
    return provider


def entries_for(user: Any) -> list[NavEntry]:
    """The navigation of a user's roles, in order."""
    return [entry for entry in _entries if user.has_role(*entry.roles)]


def work_for(user: Any) -> tuple[list[Todo], list[More]]:
    """All that waits for the user: overdue first, then by deadline, then oldest; and what is left out."""
    lines = [line for provider in _providers for line in provider(user)]
    todos = [line for line in lines if isinstance(line, Todo)]
    far = date.max
    todos.sort(key=lambda t: (not t.overdue, t.due or far, t.since.timestamp() if t.since else 0, t.title))
    return todos, [line for line in lines if isinstance(line, More)]


def todos_for(user: Any) -> list[Todo]:
    """What waits for the user, without what is left out."""
    return work_for(user)[0]
