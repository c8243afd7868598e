"""Days as they stand in an address."""

from datetime import date

from django import forms

# Further away no record can lie, and arithmetic on days stays possible.
FIRST_YEAR, LAST_YEAR = 1990, 2100


def day_of(text: str) -> date | None:
    """A day written 2026-09-14 (an address) or 14/09/2026 (a person); None for anything else."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            day = forms.DateField().clean(text)
        except forms.ValidationError:
            return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
