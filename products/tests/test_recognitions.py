"""Recognitions entered by hand: which one is valid, what is derived, what is refused (Đ4, Đ12)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from core.exceptions import DomainError
from core.models import AuditEntry
from products import services
from products.enums import RecognitionState
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
)

pytestmark = pytest.mark.django_db


def record(product, star=3, day=date(2022, 8, 15), **words):
    return services.record_recognition(
        product=product, star=star, decided_on=day, by=words.pop("by", provincial_officer()), **words
    )


def test_expiry_is_36_months_later_and_marked_as_derived():
    recognition, created = record(make_product(), day=date(2022, 8, 15))
    assert created
    assert (recognition.expires_on, recognition.expiry_derived) == (date(2025, 8, 15), True)


def test_expiry_that_is_told_is_kept():
    recognition, _ = record(make_product(), day=date(2022, 8, 15), expires_on=date(2025, 7, 1))
    assert (recognition.expires_on, recognition.expiry_derived) == (date(2025, 7, 1), False)


def test_a_leap_day_ends_on_28_february():
    recognition, _ = record(make_product(), day=date(2020, 2, 29))
    assert recognition.expires_on == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2018, 5, 6), "Quy định của tỉnh trước năm 2018"),
        (date(2018, 5, 7), "490/QĐ-TTg"),
        (date(2019, 8, 20), "490/QĐ-TTg"),
        (date(2019, 8, 21), "1048/QĐ-TTg"),
        (date(2020, 6, 8), "781/QĐ-TTg"),
        (date(2023, 2, 23), "781/QĐ-TTg"),
        (date(2023, 2, 24), "148/QĐ-TTg"),
        (date(2025, 7, 6), "1489/QĐ-TTg"),
        (date(2026, 5, 21), "1489/QĐ-TTg"),
        (date(2026, 5, 22), "26/2026/QĐ-TTg"),
    ],
)
def test_basis_is_the_one_in_force_on_the_day(day, basis):
    assert record(make_product(), day=day)[0].legal_basis == basis


def test_year_alone_is_the_last_day_of_that_year():
    recognition, _ = record(make_product(), day=date(2021, 1, 1), year_only=True)
    assert (recognition.decided_on, recognition.year_only) == (date(2021, 12, 31), True)
    assert recognition.expires_on == date(2024, 12, 31)


def test_the_newest_is_valid_whatever_the_order_of_entry():
    product = make_product()
    newest, _ = record(product, star=4, day=date(2024, 9, 1))
    oldest, _ = record(product, star=3, day=date(2019, 12, 1))
    middle, _ = record(product, star=3, day=date(2022, 5, 1))
    states = {row.pk: row.state for row in product.recognitions.all()}
    assert states == {
        newest.pk: RecognitionState.VALID,
        oldest.pk: RecognitionState.REPLACED,
        middle.pk: RecognitionState.REPLACED,
    }


def test_an_earlier_one_does_not_wake_beside_a_revoked_newer_one():
    product = make_product()
    revoked = recognise(product, state=RecognitionState.REVOKED)
    earlier, _ = record(product, day=date(2021, 5, 1))
    revoked.refresh_from_db()
    assert (earlier.state, revoked.state) == (RecognitionState.REPLACED, RecognitionState.REVOKED)


@pytest.mark.parametrize(
    "again",
    [
        {"decision_number": "12/QĐ-UBND"},
        {"decision_number": " 12/qđ-ubnd "},
        {"decision_number": ""},
        {"decision_number": "12/QĐ-UBND", "day": date(2022, 1, 1), "year_only": True},
    ],
)
def test_the_same_decision_again_changes_nothing(again):
    product = make_product()
    first, _ = record(product, decision_number="12/QĐ-UBND")
    before = AuditEntry.objects.count()
    second, created = record(product, **again)
    assert (second.pk, created) == (first.pk, False)
    assert product.recognitions.count() == 1
    assert AuditEntry.objects.count() == before


def test_the_same_decision_again_fills_what_was_empty():
    product = make_product()
    record(product)
    again, created = record(product, decision_number="12/QĐ-UBND", decided_by="UBND huyện")
    assert (again.decision_number, again.decided_by, created) == ("12/QĐ-UBND", "UBND huyện", False)


def test_another_number_star_or_day_is_another_decision():
    product = make_product()
    record(product, decision_number="12/QĐ-UBND")
    record(product, decision_number="13/QĐ-UBND")
    record(product, decision_number="12/QĐ-UBND", star=4)
    record(product, decision_number="12/QĐ-UBND", day=date(2022, 8, 16))
    assert product.recognitions.count() == 4


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"star": 2}, "star"),
        ({"star": 6}, "star"),
        ({"day": date(2090, 1, 1)}, "decided_on"),
        ({"day": date(2090, 1, 1), "year_only": True}, "decided_on"),
        ({"expires_on": date(2022, 8, 15)}, "expires_on"),
    ],
)
def test_impossible_facts_are_refused(words, field):
    with pytest.raises(DomainError) as refusal:
        record(make_product(), **words)
    assert refusal.value.field == field


def test_only_the_provincial_office_records():
    product = make_product()
    for person in (owner_of(product.entity), commune_officer_of(product.commune)):
        with pytest.raises(PermissionDenied):
            record(product, by=person)


def test_the_system_records_without_a_person():
    product = make_product()
    record(product, by=None)
    entry = AuditEntry.objects.get(verb="product.record_recognition")
    assert (entry.actor, entry.object_id) == (None, str(product.pk))


def correct(recognition, **words):
    facts = {"star": recognition.star, "decided_on": recognition.decided_on, **words}
    return services.correct_recognition(recognition, by=provincial_officer(), **facts)


def test_a_corrected_day_settles_again_which_one_is_valid():
    product = make_product()
    first, _ = record(product, star=4, day=date(2024, 9, 1))
    second, _ = record(product, star=3, day=date(2019, 12, 1))
    correct(second, decided_on=date(2025, 1, 2))
    first.refresh_from_db()
    assert (first.state, second.state) == (RecognitionState.REPLACED, RecognitionState.VALID)
    entry = AuditEntry.objects.get(verb="product.correct_recognition")
    assert (entry.before["decided_on"], entry.after["decided_on"]) == ("2019-12-01", "2025-01-02")


def test_a_correction_cannot_tell_of_a_decision_already_there():
    product = make_product()
    record(product, day=date(2024, 9, 1))
    second, _ = record(product, day=date(2019, 12, 1))
    with pytest.raises(DomainError, match="đã có trong lịch sử"):
        correct(second, decided_on=date(2024, 9, 1))


def test_a_result_of_a_dossier_is_not_corrected_by_hand():
    dossier = make_dossier()
    recognition = recognise(dossier.product)
    recognition.dossier = dossier
    recognition.save()
    with pytest.raises(DomainError, match="không sửa tay được"):
        correct(recognition, star=5)
