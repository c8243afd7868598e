"""How a certificate stands on a day; the one place that says it (Đ4 k3, Đ8, Đ12 k3 QĐ 26/2026).

Nothing is stored: the recognition and the day decide. The last day still counts. Example: a recognition of
05/08/2026 ends on 05/08/2029 and is valid until 05/02/2029; on 06/02/2029, 180 days before the end, its
window of re-ranking opens and it is "expiring"; 05/08/2029 is its last day, 06/08/2029 the first without it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from evaluation.enums import CertificateState
from products.enums import RecognitionState
from products.windows import OPENS_BEFORE

if TYPE_CHECKING:
    from products.models import Recognition

_BADGES = {
    CertificateState.VALID: "good",
    CertificateState.EXPIRING: "warning",
    CertificateState.EXTENDED: "warning",
    CertificateState.EXPIRED: "neutral",
    CertificateState.REVOKED: "danger",
    CertificateState.REPLACED: "neutral",
}
_ENDED = {
    RecognitionState.REVOKED: CertificateState.REVOKED,
    RecognitionState.REPLACED: CertificateState.REPLACED,
}


@dataclass(frozen=True)
class Standing:
    """A state with the words and the badge of pages; `last_day` is the last one it counts, if known."""

    state: CertificateState
    last_day: date | None

    @property
    def word(self) -> str:
        return self.state.label

    @property
    def kind(self) -> str:
        return _BADGES[self.state]

    @property
    def in_force(self) -> bool:
        return self.state in CertificateState.in_force


def certificate_state(recognition: "Recognition", today: date) -> CertificateState:
    """The state of a recognition's certificate on a day.

    Revoked and replaced (by the next decision on the product) whatever the dates say. Else: expired after the
    last day, extended between the end and the day of Đ12 k3, expiring from the opening of the re-ranking
    window (180 days before the end, that day counted) to the end, valid before. Without a known end: valid.
    """
    if ended := _ENDED.get(RecognitionState(recognition.state)):
        return ended
    end = recognition.expires_on
    if end is None or today < end - OPENS_BEFORE:
        return CertificateState.VALID
    if today <= end:
        return CertificateState.EXPIRING
    extended = recognition.extended_until
    return CertificateState.EXTENDED if extended and today <= extended else CertificateState.EXPIRED


def last_day_of(recognition: "Recognition") -> date | None:
    """The last day a recognition counts, an extension included."""
    return recognition.extended_until or recognition.expires_on


def standing(recognition: "Recognition", today: date) -> Standing:
    return Standing(certificate_state(recognition, today), last_day_of(recognition))


def in_state(state: str, today: date, *, path: str = "") -> Q:
    """The same rules as a filter of recognitions, or of what points to them by `path`."""
    at = f"{path}__" if path else ""

    def column(**conditions: object) -> Q:
        return Q(**{f"{at}{name}": value for name, value in conditions.items()})

    for stored, ended in _ENDED.items():
        if state == ended:
            return column(state=stored)
    valid, opening = column(state=RecognitionState.VALID), today + OPENS_BEFORE
    extended = column(expires_on__lt=today, extended_until__gte=today)
    return {
        CertificateState.VALID: valid & (column(expires_on=None) | column(expires_on__gt=opening)),
        CertificateState.EXPIRING: valid & column(expires_on__range=(today, opening)),
        CertificateState.EXTENDED: valid & extended,
        CertificateState.EXPIRED: valid & column(expires_on__lt=today) & ~column(extended_until__gte=today),
    }[CertificateState(state)]


def ends_in_month(first: date, *, path: str = "") -> Q:
    """Recognitions whose last day, an extension included, lies in the month that begins on `first`."""
    at = f"{path}__" if path else ""
    after = (first + timedelta(days=31)).replace(day=1)
    last = {f"{at}extended_until__gte": first, f"{at}extended_until__lt": after}
    end = {f"{at}extended_until": None, f"{at}expires_on__gte": first, f"{at}expires_on__lt": after}
    return Q(**{f"{at}state": RecognitionState.VALID}) & (Q(**last) | Q(**end))


def last_day_expression(path: str = "") -> Coalesce:
    at = f"{path}__" if path else ""
    return Coalesce(F(f"{at}extended_until"), F(f"{at}expires_on"))
