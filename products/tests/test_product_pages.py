"""Pages of a product: its form, its pictures, its recognitions, giving a dossier up."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import audit
from products import services
from products.enums import DossierKind, DossierState
from products.models import Dossier, Product, ProductPhoto, Recognition
from products.tests.factories import (
    add_photo,
    commune_officer_of,
    fill_draft,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    photo_bytes,
    provincial_officer,
    recognise,
    take_step,
)

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(f"products:{name}", args=args)


# Form

FORM = {"name": "Bánh đa vừng", "status": "producing", "specification": "Gói 10 cái"}


def save_form(product, user, **data):
    data = {**FORM, "product_set": product.product_set_id, **data}
    return signed_in(user).post(url("product_edit", product.pk), data)


@pytest.mark.parametrize("typed", ["85.000", "85000", "85.000 đ", " 85 000 đồng ", "85.000 ₫"])
def test_a_price_is_typed_as_people_write_it(typed):
    product = make_product()
    save_form(product, owner_of(product.entity), price=typed, price_unit="hộp 500 g")
    product.refresh_from_db()
    assert (product.price, product.price_unit) == (85_000, "hộp 500 g")


@pytest.mark.parametrize("typed", ["85,5", "0", "-5", "tám mươi", "1.000.000.000.000"])
def test_another_price_is_refused_beside_its_field(typed):
    product = make_product()
    answer = save_form(product, owner_of(product.entity), price=typed)
    assert "price" in answer.context["form"].errors
    assert Product.objects.get().price is None


def test_the_form_shows_the_price_with_its_dots_and_the_page_with_its_unit():
    product = make_product(price=85_000, price_unit="hộp")
    client = signed_in(owner_of(product.entity))
    assert 'value="85.000"' in client.get(url("product_edit", product.pk)).content.decode()
    assert "85.000\u00a0₫ / hộp" in client.get(url("product", product.pk)).content.decode()


def test_channels_status_and_story_are_kept_and_shown():
    product = make_product()
    owner = owner_of(product.entity)
    save_form(
        product, owner, sales_channels=["market", "export"], status="paused", story="Bà kể.\nCháu nghe."
    )
    html = signed_in(owner).get(url("product", product.pk)).content.decode()
    assert "Chợ, đại lý, Xuất khẩu" in html and "Tạm ngừng" in html and "Bà kể.<br>Cháu nghe." in html


def test_marks_of_the_plan_are_the_officers_word():
    product = make_product()
    save_form(product, owner_of(product.entity), is_flagship="on", origin="new")
    product.refresh_from_db()
    assert not product.is_flagship
    save_form(product, commune_officer_of(product.commune), is_flagship="on", origin="new")
    product.refresh_from_db()
    assert product.is_flagship and product.origin == "new"


def test_a_new_dossier_begins_with_the_story_of_the_product():
    dossier = services.create_dossier(
        product=(product := make_product(story="Bà kể.")),
        kind=DossierKind.FIRST,
        by=owner_of(product.entity),
    )
    assert dossier.current_version.story == "Bà kể."


# Pictures


def send(client, product, *files):
    return client.post(url("photos", product.pk), {"photos": list(files)})


def upload(colour, name="anh.jpg"):
    return SimpleUploadedFile(name, photo_bytes(colour=colour).getvalue())


def test_good_pictures_are_kept_and_the_bad_one_says_why():
    product = make_product()
    client = signed_in(owner_of(product.entity))
    bad = SimpleUploadedFile("virus.jpg", b"MZ this is a program")
    answer = send(client, product, upload("red"), bad, upload("blue"))
    assert answer.status_code == 422
    assert "virus.jpg" in answer.content.decode()
    assert product.photos.count() == 2


def test_captions_order_and_removal_work_without_scripts():
    product = make_product()
    owner = owner_of(product.entity)
    first, second = add_photo(product, owner, "red"), add_photo(product, owner, "blue")
    client = signed_in(owner)
    client.post(url("photo_change", second.pk), {"act": "caption", "caption": "  Phơi bánh  "})
    client.post(url("photo_change", second.pk), {"act": "up"})
    assert list(product.photos.values_list("caption", flat=True)) == ["Phơi bánh", ""]
    client.post(url("photo_change", first.pk), {"act": "cover"})
    assert product.photos.first() == first
    client.post(url("photo_change", first.pk), {"act": "remove"})
    assert list(product.photos.all()) == [second]
    client.post(url("photo_change", second.pk), {"act": "burn"})
    assert list(product.photos.all()) == [second]


@pytest.mark.parametrize("name", ["photo", "photo_small"])
def test_a_picture_is_streamed_once_and_then_only_asked_for(name):
    product = make_product()
    photo = add_photo(product, owner_of(product.entity))
    client = signed_in(provincial_officer())
    answer = client.get(url(name, photo.pk))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    assert answer["Cache-Control"] == "private, no-cache" and answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(url(name, photo.pk), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["photo", "photo_small", "photo_change"])
def test_a_stranger_sees_and_changes_no_picture(name):
    product = make_product()
    photo = add_photo(product, owner_of(product.entity))
    stranger = signed_in(owner_of(make_entity("HTX Kẹo Lạc")))
    ask = stranger.post if name == "photo_change" else stranger.get
    assert ask(url(name, photo.pk), {"act": "remove"}).status_code == 404
    assert ProductPhoto.objects.exists()


# Recognitions


def enter(product, user, **data):
    return signed_in(user).post(url("recognition_create", product.pk), {"star": 3, **data})


def test_the_officer_enters_a_decision_of_an_earlier_year():
    product = make_product()
    enter(
        product,
        provincial_officer(),
        star=4,
        decision_number="2147/QĐ-UBND",
        decided_on="15/08/2024",
        decided_by="Chủ tịch UBND tỉnh",
    )
    found = Recognition.objects.get()
    assert (found.star, found.expires_on, found.legal_basis) == (4, date(2027, 8, 15), "148/QĐ-TTg")
    html = signed_in(owner_of(product.entity)).get(url("product", product.pk)).content.decode()
    assert "2147/QĐ-UBND" in html and "15/08/2027" in html and "36 tháng, hệ thống tính" in html
    assert "Ghi kết quả trước đây" not in html


def test_the_year_alone_is_enough():
    product = make_product()
    enter(product, provincial_officer(), year="2021")
    assert Recognition.objects.get().year_only
    html = signed_in(provincial_officer()).get(url("product", product.pk)).content.decode()
    assert "năm 2021" in html


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "decided_on"),
        ({"year": "1999"}, "year"),
        ({"decided_on": "31/02/2024"}, "decided_on"),
        ({"decided_on": "01/01/2090"}, "decided_on"),
        ({"decided_on": "01/01/2024", "expires_on": "01/01/2024"}, "expires_on"),
        ({"decided_on": "01/01/2024", "star": "2"}, "star"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(data, field):
    answer = enter(make_product(), provincial_officer(), **data)
    assert list(answer.context["form"].errors) == [field]
    assert not Recognition.objects.exists()


def test_a_wrong_entry_is_put_right_and_its_form_shows_what_was_told():
    product = make_product()
    enter(product, provincial_officer(), year="2021", decision_number="1/QĐ")
    found = Recognition.objects.get()
    client = signed_in(provincial_officer())
    page = client.get(url("recognition_edit", found.pk))
    initial = page.context["form"].initial
    assert (initial["year"], initial["decided_on"], initial["expires_on"]) == (2021, None, None)
    client.post(url("recognition_edit", found.pk), {"star": 4, "decided_on": "20/12/2021"})
    found.refresh_from_db()
    assert (found.star, found.decided_on, found.year_only) == (4, date(2021, 12, 20), False)


def test_the_result_of_a_dossier_offers_no_form():
    dossier = make_dossier()
    found = recognise(dossier.product)
    Recognition.objects.update(dossier=dossier)
    client = signed_in(provincial_officer())
    assert "không sửa tay được" in client.get(url("recognition_edit", found.pk)).content.decode()
    assert (
        url("recognition_edit", found.pk)
        not in client.get(url("product", dossier.product.pk)).content.decode()
    )


def late_dossier() -> Dossier:
    product = make_product()
    recognise(product, expires=timezone.localdate() + timedelta(days=100))
    owner = owner_of(product.entity)
    dossier = services.create_dossier(
        product=product, kind=DossierKind.RE_RANKING, by=owner, late_reason="Chuyển nhà xưởng."
    )
    fill_draft(dossier, by=owner)
    return take_step(dossier, "submit")


def test_the_officer_extends_from_the_product_s_page():
    found = late_dossier().product.recognitions.get()
    client = signed_in(provincial_officer())
    assert (
        url("recognition_extend", found.pk) in client.get(url("product", found.product_id)).content.decode()
    )
    form = client.get(url("recognition_extend", found.pk)).content.decode()
    assert "Chuyển nhà xưởng." in form
    until = timezone.localdate() + timedelta(days=200)
    data = {"until": f"{until:%d/%m/%Y}", "reason": "Chờ kết quả mới."}
    client.post(url("recognition_extend", found.pk), data)
    found.refresh_from_db()
    assert found.extended_until == until


def test_without_a_late_dossier_the_page_says_why_not():
    found = recognise(make_product(), expires=timezone.localdate() + timedelta(days=100))
    html = signed_in(provincial_officer()).get(url("recognition_extend", found.pk)).content.decode()
    assert "chưa gia hạn được" in html


# The window on the pages


@pytest.mark.parametrize(("days", "words"), [(200, "còn 20 ngày nữa mở"), (150, "Đang mở"), (100, "Đã đóng")])
def test_the_window_is_told_on_the_product_s_page(days, words):
    product = make_product()
    recognise(product, expires=timezone.localdate() + timedelta(days=days))
    html = signed_in(owner_of(product.entity)).get(url("product", product.pk)).content.decode()
    assert "Cửa sổ nộp hồ sơ đánh giá lại: từ" in html and words in html


def test_a_late_re_ranking_is_asked_for_its_reason_where_it_is_registered():
    product = make_product()
    recognise(product, expires=timezone.localdate() + timedelta(days=100))
    client = signed_in(owner_of(product.entity))
    page = client.get(url("dossier_create", product.pk)).content.decode()
    assert "Lý do nộp muộn" in page and "Đ12 k3" in page
    year = timezone.localdate().year
    client.post(url("dossier_create", product.pk), {"kind": "re_ranking", "year": year, "late_reason": "Lũ."})
    assert Dossier.objects.get().late_reason == "Lũ."


def test_the_writer_sees_the_window_and_where_the_reason_is_asked():
    product = make_product()
    recognise(product, expires=timezone.localdate() + timedelta(days=100))
    owner = owner_of(product.entity)
    dossier = services.create_dossier(product=product, kind=DossierKind.RE_RANKING, by=owner)
    answer = signed_in(owner).get(url("dossier_edit", dossier.pk, "dang-ky"))
    html = answer.content.decode()
    assert "Đã đóng" in html and "hãy ghi lý do nộp muộn" in html
    assert url("dossier_registration", dossier.pk) in html


def test_in_time_nobody_asks_for_a_reason():
    product = make_product()
    recognise(product, expires=timezone.localdate() + timedelta(days=150))
    page = signed_in(owner_of(product.entity)).get(url("dossier_create", product.pk)).content.decode()
    assert "Lý do nộp muộn" not in page


# Giving up


@pytest.mark.parametrize("state", [DossierState.DRAFT, DossierState.SUBMITTED, DossierState.RETURNED])
def test_the_entity_withdraws_with_a_reason(state):
    dossier = make_dossier(state=state)
    client = signed_in(owner_of(dossier.product.entity))
    page = url("transition", dossier.pk, "withdraw")
    assert page in client.get(url("dossier", dossier.pk)).content.decode()
    assert "Lý do rút hồ sơ" in client.get(page).content.decode()
    refused = client.post(page, {"note": ""}).content.decode()
    assert "Hãy ghi lý do rút hồ sơ." in refused
    client.post(page, {"note": "Chưa đủ giấy kiểm nghiệm."})
    dossier.refresh_from_db()
    assert dossier.state == DossierState.WITHDRAWN
    assert audit.history_of(dossier)[0].reason == "Chưa đủ giấy kiểm nghiệm."
    after = client.get(url("dossier", dossier.pk)).content.decode()
    assert "Đã rút" in after and page not in after


def test_after_a_withdrawal_a_new_dossier_begins():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    owner = owner_of(dossier.product.entity)
    services.perform(dossier, "withdraw", by=owner, note="Đổi ý.")
    again = services.create_dossier(product=dossier.product, kind=DossierKind.FIRST, by=owner)
    assert again.state == DossierState.DRAFT


def test_withdrawing_is_never_the_first_button():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    answer = signed_in(owner_of(dossier.product.entity)).get(url("dossier", dossier.pk))
    assert [step.name for step in answer.context["actions"]] == []


# Speed


@pytest.mark.parametrize("count", [1, 3])
def test_a_product_s_page_asks_the_same_number_of_queries(count, django_assert_num_queries):
    product = make_product()
    owner = owner_of(product.entity)
    for number in range(count):
        add_photo(product, owner, (number * 60, 0, 0))
        enter(product, provincial_officer(), decided_on=f"0{number + 1}/03/2023")
    client = signed_in(provincial_officer())
    with django_assert_num_queries(10):
        client.get(url("product", product.pk))
