"""The days of 2026 on which the demonstration's acts happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.utils import timezone


@contextmanager
def standing_on(day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Let Django's clock stand at a moment of the past while services act.

    Every time stamp (columns, frozen snapshots, the log of acts) then agrees, and no frozen row has to
    be touched afterwards. Only for the seeding command, which runs alone in its process. The clock never
    stands in the future, so that a machine whose date is earlier gets a demonstration too.
    """
    real = timezone.now
    moment = min(timezone.make_aware(datetime.combine(day, time(hour, minute))), real())
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def past(day: date) -> date:
    """The day itself, or today when the day is still to come."""
    return min(day, timezone.localdate())
