"""Reminders of every room: each app's `reminders.py` registers functions that say what comes near on a day.

A reminder is a notice with a key that names the thing and the date it is about, so that running again,
on the same day or after days without a run, tells nobody twice and leaves nothing out.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from core import notices

Finder = Callable[[dt.date], Iterable[notices.Message]]
_finders: dict[str, Finder] = {}


def reminds(finder: Finder) -> Finder:
    """Register a function that lists what people are to be reminded of on a day; usable as a decorator."""
    _finders[f"{finder.__module__}.{finder.__name__}"] = finder
    return finder


def send_all(day: dt.date) -> dict[str, int]:
    """Send every reminder due on the day; gives how many new notices each finder made."""
    return {name: notices.send_many(finder(day)) for name, finder in _finders.items()}
