"""Reminders: on the right days, to the right people, never twice."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from core import reminders
from core.models import Notice
from products.deadlines import due_on
from products.enums import DossierState, EvidenceGroup
from products.models import Dossier, DossierVersion, EntityAccount, Evidence, StoredFile
from products.reminders import stage_of
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    recognise,
)

pytestmark = pytest.mark.django_db

# Ends on 04/07/2027: the window is 05/01/2027 to 06/03/2027 (180 and 120 days before).
ENDS = date(2027, 7, 4)


def titles(user):
    return sorted(Notice.objects.filter(user=user).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 12, 5), None),  # 31 days before the window opens
        (date(2026, 12, 6), "opens-30"),
        (date(2026, 12, 28), "opens-30"),  # 8 days
        (date(2026, 12, 29), "opens-7"),
        (date(2027, 1, 4), "opens-7"),
        (date(2027, 1, 5), "open"),
        (date(2027, 2, 19), "open"),  # 15 days before it closes
        (date(2027, 2, 20), "closes-14"),
        (date(2027, 3, 6), "closes-14"),
        (date(2027, 3, 7), None),
        (date(2027, 6, 3), None),  # 31 days before the end
        (date(2027, 6, 4), "ends-2027-07-04"),
        (date(2027, 7, 4), "ends-2027-07-04"),
        (date(2027, 7, 5), "ended-2027-07-04"),
        (date(2027, 8, 4), None),
    ],
)
def test_the_stages_between_the_window_and_the_end(day, stage):
    found = stage_of(recognise(make_product(), expires=ENDS), day)
    assert (found and found[0]) == stage


def test_entity_and_commune_hear_that_the_window_opens():
    product = make_product()
    recognise(product, expires=ENDS)
    reminders.send_all(date(2026, 12, 29))
    expected = ["Cửa sổ đánh giá, phân hạng lại mở ngày 05/01/2027: Bánh đa vừng"]
    assert titles(owner_of(product.entity)) == expected
    assert titles(commune_officer_of(product.commune)) == expected


def test_running_again_tells_nobody_twice_and_the_next_stage_once():
    product = make_product()
    recognise(product, expires=ENDS)
    days = [date(2026, 12, 6) + timedelta(days=n) for n in range(35)]  # to 09/01/2027: three stages
    for day in days + days:
        reminders.send_all(day)
    assert Notice.objects.filter(user=owner_of(product.entity)).count() == 3


def test_a_product_whose_dossier_is_filed_is_not_reminded():
    product = make_product()
    recognise(product, expires=ENDS)
    dossier = make_dossier(make_product("Kẹo lạc", product.entity), DossierState.SUBMITTED)
    Dossier.objects.filter(pk=dossier.pk).update(product=product)
    Notice.objects.all().delete()
    reminders.send_all(date(2027, 1, 5))
    assert not Notice.objects.filter(kind="recognition").exists()


def test_the_commune_hears_three_working_days_before_and_after_the_day():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    Notice.objects.all().delete()
    filed_on = datetime(2026, 11, 2, 2, tzinfo=UTC)
    Dossier.objects.filter(pk=dossier.pk).update(state_since=filed_on)
    dossier.refresh_from_db()
    due = due_on(dossier)
    assert due == date(2026, 11, 23)  # a Monday; 15 working days, no holiday between
    officer = commune_officer_of(dossier.commune)
    reminders.send_all(date(2026, 11, 17))  # Tuesday: four working days before
    assert titles(officer) == []
    for _ in range(2):
        reminders.send_all(date(2026, 11, 18))
    assert titles(officer) == ["Sắp hết hạn xã kiểm tra hồ sơ (hạn 23/11/2026): Bánh đa vừng"]
    reminders.send_all(date(2026, 11, 23))
    assert len(titles(officer)) == 1
    reminders.send_all(date(2026, 11, 24))
    assert "Quá hạn xã kiểm tra hồ sơ (hạn 23/11/2026): Bánh đa vừng" in titles(officer)


def add_paper(version, expires_on):
    stored = StoredFile.objects.create(
        sha256=f"{expires_on:%Y%m%d}".ljust(64, "0"), file="x", size=1, content_type="application/pdf"
    )
    return Evidence.objects.create(
        version=version,
        stored=stored,
        group=EvidenceGroup.TEST_REPORT,
        filename="phieu.pdf",
        title=f"Phiếu kiểm nghiệm {expires_on:%d/%m}",
        expires_on=expires_on,
        uploaded_by=owner_of(version.dossier.product.entity),
    )


def test_papers_of_a_draft_that_expire_are_named_to_its_writer():
    dossier = make_dossier()
    version = dossier.current_version
    version.dossier = dossier
    for day in (date(2026, 11, 20), date(2026, 12, 10), date(2027, 3, 1)):
        add_paper(version, day)
    for _ in range(2):
        reminders.send_all(date(2026, 11, 25))
    papers = Notice.objects.filter(user=owner_of(dossier.product.entity), kind="paper")
    assert sorted(papers.values_list("title", flat=True)) == [
        "Giấy tờ minh chứng hết hạn ngày 10/12/2026: Phiếu kiểm nghiệm 10/12",
        "Giấy tờ minh chứng đã hết hạn từ ngày 20/11/2026: Phiếu kiểm nghiệm 20/11",
    ]


def test_a_draft_nobody_touches_for_thirty_days_is_remembered_once():
    dossier = make_dossier()
    today = timezone.localdate()
    begun = timezone.now() - timedelta(days=40)
    Dossier.objects.filter(pk=dossier.pk).update(state_since=begun)
    owner = owner_of(dossier.product.entity)
    reminders.send_all(today)  # the text was saved today
    assert not Notice.objects.filter(user=owner, key__startswith="idle").exists()
    DossierVersion.pgh_event_model.objects.update(pgh_created_at=timezone.now() - timedelta(days=30))
    for day in (today, today, today + timedelta(days=1)):
        reminders.send_all(day)
    (told,) = Notice.objects.filter(user=owner, key__startswith="idle")
    assert told.title.endswith(f"{today - timedelta(days=30):%d/%m/%Y}: Bánh đa vừng")


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_rows(count, django_assert_num_queries):
    entity = make_entity()
    for number in range(count):
        recognise(make_product(f"Bánh {number}", entity), expires=ENDS)
        make_dossier(make_product(f"Kẹo {number}", entity), DossierState.SUBMITTED)
    with django_assert_num_queries(20):
        reminders.send_all(date(2027, 1, 5))


def test_the_command_sends_the_reminders_of_a_day():
    recognise(make_product(), expires=ENDS)
    out = StringIO()
    call_command("send_reminders", "--date", "2027-01-05", stdout=out)
    assert "products.reminders.recognitions_that_end: 2" in out.getvalue()


def test_who_no_longer_acts_for_the_entity_is_reminded_of_nothing():
    product = make_product()
    owner = owner_of(product.entity)
    dossier = make_dossier(product)
    Dossier.objects.filter(pk=dossier.pk).update(state_since=datetime(2026, 1, 1, tzinfo=UTC))
    DossierVersion.pgh_event_model.objects.all().delete()
    day = date(2026, 3, 1)
    owner.memberships.update(valid_to=date(2025, 8, 1))
    reminders.send_all(day)
    assert titles(owner) == []
    owner.entity_accounts.all().delete()
    reminders.send_all(day)
    assert titles(owner) == []
    owner.memberships.update(valid_to=None)
    EntityAccount.objects.create(entity=product.entity, user=owner)
    reminders.send_all(day)
    assert len(titles(owner)) == 1
