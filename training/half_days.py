"""Which half-days a class has when nobody has said otherwise."""

from datetime import date, time, timedelta

from training.enums import DayPart

HOURS = {DayPart.MORNING: (time(7, 30), time(11, 30)), DayPart.AFTERNOON: (time(13, 30), time(17, 0))}
# A longer span is a series of days that only people know.
LONGEST_SPAN = 5


def usual(starts_on: date, ends_on: date) -> list[dict]:
    """Morning and afternoon of every day, as columns of `HalfDay`; none for a span of many days."""
    length = (ends_on - starts_on).days + 1
    if length > LONGEST_SPAN:
        return []
    days = [starts_on + timedelta(days=number) for number in range(length)]
    return [
        {"day": day, "part": part, "starts_at": begin, "ends_at": end}
        for day in days
        for part, (begin, end) in HOURS.items()
    ]
