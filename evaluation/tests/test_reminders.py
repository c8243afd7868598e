"""A round that stops taking dossiers is remembered where work on them is still to be done."""

from datetime import date

import pytest

from accounts.tests.factories import make_province
from core import reminders
from core.models import Notice
from evaluation.models import Round
from products.enums import DossierState
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entity():
    """One draft, one dossier at the commune, one already proposed."""
    entity = make_entity()
    make_dossier(make_product("Bánh đa", entity))
    make_dossier(make_product("Kẹo lạc", entity), DossierState.SUBMITTED)
    make_dossier(make_product("Rau thơm", entity), DossierState.PROPOSED)
    Notice.objects.all().delete()
    return entity


def rounds_told(user):
    told = Notice.objects.filter(user=user, kind="round")
    return sorted(told.values_list("title", flat=True))


def test_the_rounds_of_the_law_are_remembered_fourteen_and_three_days_before(entity):
    owner, officer = owner_of(entity), commune_officer_of(entity.commune)
    reminders.send_all(date(2026, 10, 15))  # 15 days before 30 October
    assert rounds_told(owner) == []
    for day in (16, 17, 26):
        reminders.send_all(date(2026, 10, day))
    assert rounds_told(owner) == ["Đợt 2 năm 2026 nhận hồ sơ đến ngày 30/10/2026, hồ sơ chưa nộp: Bánh đa"]
    assert rounds_told(officer) == [
        "Đợt 2 năm 2026 nhận hồ sơ đến ngày 30/10/2026, hồ sơ xã chưa đề nghị: Kẹo lạc"
    ]
    for day in (27, 28, 30):
        reminders.send_all(date(2026, 10, day))
    assert len(rounds_told(owner)) == 2
    reminders.send_all(date(2026, 10, 31))
    assert len(rounds_told(owner)) == 2


def test_a_round_with_dates_of_its_own_prevails(entity):
    Round.objects.create(
        unit=make_province(),
        year=2026,
        number=2,
        name="Đợt 2 (kéo dài)",
        files_until=date(2026, 11, 10),
        finish_until=date(2026, 12, 30),
    )
    reminders.send_all(date(2026, 10, 20))
    assert rounds_told(owner_of(entity)) == []
    reminders.send_all(date(2026, 11, 8))
    assert rounds_told(owner_of(entity)) == [
        "Đợt 2 (kéo dài) nhận hồ sơ đến ngày 10/11/2026, hồ sơ chưa nộp: Bánh đa"
    ]
