"""Who hears of each step of the road, and what is not said."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.models import Notice
from products import receivers, services, workflow
from products.enums import DossierState
from products.models import EntityAccount
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    take_step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """Owner, commune and province of Cẩm Bình, and an officer of a commune elsewhere."""
    entity = make_entity()
    elsewhere = make_commune("Xã Đức Thọ", "18229")
    return {
        "entity": owner_of(entity),
        "commune": commune_officer_of(entity.commune),
        "province": provincial_officer(),
        "elsewhere": commune_officer_of(elsewhere),
    }


def dossier_in(state, people):
    entity = EntityAccount.objects.get(user=people["entity"]).entity
    dossier = make_dossier(make_product(entity=entity), state)
    Notice.objects.all().delete()
    return dossier


def heard(people):
    """Side -> titles told to it."""
    names = {user.pk: side for side, user in people.items()}
    return {(names[notice.user_id], notice.title) for notice in Notice.objects.all()}


@pytest.mark.parametrize(
    ("state", "step", "expected"),
    [
        ("draft", "submit", {("commune", "Hồ sơ chờ xã kiểm tra: Bánh đa vừng")}),
        ("submitted", "return_to_entity", {("entity", "Xã trả lại hồ sơ để bổ sung: Bánh đa vừng")}),
        (
            "submitted",
            "propose",
            {
                ("entity", "Xã đã đề nghị tỉnh đánh giá: Bánh đa vừng"),
                ("province", "Hồ sơ chờ tỉnh tiếp nhận: Bánh đa vừng"),
            },
        ),
        (
            "proposed",
            "return_from_province",
            {
                ("entity", "Tỉnh trả lại hồ sơ để bổ sung: Bánh đa vừng"),
                ("commune", "Tỉnh trả lại hồ sơ để bổ sung: Bánh đa vừng"),
            },
        ),
        (
            "proposed",
            "accept",
            {("entity", "Tỉnh đã tiếp nhận hồ sơ vào đợt đánh giá: Bánh đa vừng")},
        ),
        ("accepted", "close_scoring", set()),  # nothing before the result is announced
        (
            "scored",
            "recognise",
            {
                ("entity", "Đã có kết quả đánh giá, phân hạng: Bánh đa vừng"),
                ("commune", "Đã có kết quả đánh giá, phân hạng: Bánh đa vừng"),
            },
        ),
        (
            "scored",
            "reject",  # the same words: the notice does not give the result away
            {
                ("entity", "Đã có kết quả đánh giá, phân hạng: Bánh đa vừng"),
                ("commune", "Đã có kết quả đánh giá, phân hạng: Bánh đa vừng"),
            },
        ),
    ],
)
def test_those_whom_the_step_concerns_hear_of_it(people, state, step, expected):
    dossier = dossier_in(state, people)
    take_step(dossier, step)
    assert heard(people) == expected
    for notice in Notice.objects.all():
        assert notice.url == reverse("products:dossier", args=[dossier.pk])


def test_every_step_that_is_told_exists():
    assert set(receivers.NEWS) <= set(workflow.TRANSITIONS)


def test_who_takes_the_step_is_not_told_of_it():
    commune = make_commune()
    officer = commune_officer_of(commune)
    dossier = make_dossier(make_product(entity=make_entity()), by=officer)
    take_step(dossier, "submit", by=officer)
    assert not Notice.objects.filter(user=officer).exists()


def test_without_an_account_who_entered_the_dossier_hears_for_the_entity():
    commune = make_commune()
    officer = commune_officer_of(commune)
    entity = make_entity()
    product = make_product(entity=entity)
    EntityAccount.objects.filter(entity=entity).delete()
    dossier = make_dossier(product, DossierState.DRAFT, by=officer)
    colleague = make_user("dong-nghiep", Role.COMMUNE_OFFICER, commune)
    take_step(dossier, "submit", by=officer)
    take_step(dossier, "return_to_entity", by=colleague)
    assert Notice.objects.filter(user=officer, title__startswith="Xã trả lại").count() == 1


def test_a_second_return_is_told_again(people):
    dossier = dossier_in("submitted", people)
    take_step(dossier, "return_to_entity")
    take_step(dossier, "submit")
    take_step(dossier, "return_to_entity")
    told = Notice.objects.filter(user=people["entity"], title__startswith="Xã trả lại")
    assert told.count() == 2


def test_withdrawing_a_draft_tells_nobody_withdrawing_a_filed_one_the_commune(people):
    draft = dossier_in("draft", people)
    take_step(draft, "withdraw", by=people["entity"])
    assert heard(people) == set()


def test_only_people_of_today_are_told(people):
    people["commune"].memberships.update(valid_to=date(2025, 8, 1))
    take_step(dossier_in("draft", people), "submit")
    assert heard(people) == set()


def test_an_account_whose_role_has_ended_hears_nothing_more(people):
    dossier = dossier_in("submitted", people)
    people["entity"].memberships.update(valid_to=date(2025, 8, 1))
    take_step(dossier, "return_to_entity")
    assert not Notice.objects.filter(user=people["entity"]).exists()


def test_who_wrote_for_an_entity_and_left_it_hears_nothing_more(people):
    dossier = dossier_in("submitted", people)
    account = EntityAccount.objects.get(user=people["entity"])
    services.close_account(account, by=people["commune"])
    take_step(dossier, "return_to_entity")
    assert not Notice.objects.filter(user=people["entity"]).exists()
