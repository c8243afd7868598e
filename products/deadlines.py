"""Days by which a step of the dossier's road has to be taken."""

from datetime import date, timedelta

from django.utils import timezone

from products.enums import DossierState
from products.models import Dossier

# The commune checks a dossier within 15 working days of receiving it (Đ7 k2 QĐ 26/2026).
DAYS_TO_CHECK = 15
SATURDAY = 5


def working_days_after(day: date, count: int) -> date:
    """The day `count` working days later, Monday to Friday.

    Public holidays are not known here, so across one of them the true day is later than this one.
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def due_on(dossier: Dossier) -> date | None:
    """The day by which the dossier has to leave its state; None where the law sets no day."""
    if dossier.state not in DossierState.with_commune:
        return None
    return working_days_after(timezone.localdate(dossier.state_since), DAYS_TO_CHECK)


def is_overdue(dossier: Dossier) -> bool:
    """Has that day passed?"""
    due = due_on(dossier)
    return due is not None and due < timezone.localdate()
