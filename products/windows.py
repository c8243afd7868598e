"""How long a recognition holds, and when the next dossier may be filed (Đ4 k3, Đ7 k6a, Đ12 k3 QĐ 26/2026).

Example: a recognition that ends on 04/07/2027. Its window is 180 to 120 days before that day, both days
counted in: from 05/01/2027 to 06/03/2027. An extension under Đ12 k3 ends on 31/12/2027 at the latest.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from products.models import Recognition

VALID_YEARS = 3  # Đ4 k3: 36 months
OPENS_BEFORE = timedelta(days=180)  # Đ7 k6a
CLOSES_BEFORE = timedelta(days=120)
LONGEST_EXTENSION = timedelta(days=180)  # Đ12 k3
# A draft may be begun this long before the window opens, to have it ready on the first day.
DRAFT_BEFORE_WINDOW = timedelta(days=60)


@dataclass(frozen=True)
class Window:
    """The days on which a dossier for re-ranking is filed in time."""

    opens_on: date
    closes_on: date

    @property
    def drafts_from(self) -> date:
        return self.opens_on - DRAFT_BEFORE_WINDOW

    def __str__(self) -> str:
        return f"từ {self.opens_on:%d/%m/%Y} đến {self.closes_on:%d/%m/%Y}"


def expiry_of(decided_on: date) -> date:
    """36 months after the decision (Đ4 k3); from 29 February to 28 February."""
    year = decided_on.year + VALID_YEARS
    try:
        return decided_on.replace(year=year)
    except ValueError:
        return decided_on.replace(year=year, day=28)


def window_of(recognition: Recognition) -> Window | None:
    """Đ7 k6a: filed not earlier than 180 and not later than 120 days before the end. None: no end known."""
    if recognition.expires_on is None:
        return None
    return Window(recognition.expires_on - OPENS_BEFORE, recognition.expires_on - CLOSES_BEFORE)


def latest_extension(recognition: Recognition) -> date | None:
    """The last day an extension may name (Đ12 k3)."""
    return recognition.expires_on and recognition.expires_on + LONGEST_EXTENSION
