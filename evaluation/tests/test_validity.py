"""How a certificate stands on a day, by hand: the last day still counts (Đ4 k3, Đ8, Đ12 k3)."""

from datetime import date, timedelta

import pytest

from evaluation.enums import CertificateState as State
from evaluation.models import Certificate
from evaluation.tests.after import certified
from evaluation.validity import certificate_state
from products.enums import RecognitionState
from products.models import Recognition


def state_on(day, *, expires=date(2029, 8, 5), extended=None, state=RecognitionState.VALID):
    recognition = Recognition(
        star=3, decided_on=date(2026, 8, 5), expires_on=expires, extended_until=extended, state=state
    )
    return certificate_state(recognition, day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 5), State.VALID),
        (date(2029, 2, 5), State.VALID),  # 181 days before the end
        (date(2029, 2, 6), State.EXPIRING),  # 180: 22 + 31 + 30 + 31 + 30 + 31 + 5
        (date(2029, 8, 5), State.EXPIRING),  # the last day
        (date(2029, 8, 6), State.EXPIRED),
    ],
)
def test_36_months_and_their_last_day(day, expected):
    assert state_on(day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2029, 8, 5), State.EXPIRING),  # still on its own days
        (date(2029, 8, 6), State.EXTENDED),
        (date(2030, 2, 1), State.EXTENDED),  # 180 days after the end, the most of Đ12 k3
        (date(2030, 2, 2), State.EXPIRED),
    ],
)
def test_an_extension_counts_after_the_end_and_to_its_last_day(day, expected):
    assert state_on(day, extended=date(2030, 2, 1)) == expected


@pytest.mark.parametrize("day", [date(2026, 8, 5), date(2029, 8, 5), date(2031, 1, 1)])
def test_what_was_revoked_or_replaced_stays_so_whatever_the_day(day):
    assert state_on(day, state=RecognitionState.REVOKED) == State.REVOKED
    assert state_on(day, state=RecognitionState.REPLACED) == State.REPLACED
    assert state_on(day, expires=None) == State.VALID


@pytest.mark.django_db
def test_the_filter_of_lists_says_the_same_on_every_day():
    """Four certificates, each day round every turning point: the filter finds each in exactly its state."""
    rows = [certified(f"Bánh {n}", expires=date(2029, 8, 5)) for n in range(5)]
    kinds = (
        {},
        {"extended_until": date(2030, 2, 1), "extension_reason": "Chờ kết quả."},
        {"state": RecognitionState.REVOKED},
        {"state": RecognitionState.REPLACED},
        {"expires_on": None},
    )
    for row, change in zip(rows, kinds, strict=True):
        Recognition.objects.filter(pk=row.recognition_id).update(**change)
    turning = (date(2029, 2, 6), date(2029, 8, 5), date(2030, 2, 1))
    for day in (point + timedelta(days=shift) for point in turning for shift in (-1, 0, 1)):
        found = {
            row.pk: state for state in State.values for row in Certificate.objects.all().in_state(state, day)
        }
        by_rule = {row.pk: certificate_state(row.recognition, day) for row in Certificate.objects.all()}
        assert found == by_rule
        assert sum(Certificate.objects.all().in_state(s, day).count() for s in State.values) == 5
