"""The public catalogue and the open data: nothing unpublished ever shows, nothing personal, few questions."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.exceptions import DomainError
from core.rate_limit import Limit
from evaluation.models import CatalogueEntry
from evaluation.services import catalogue
from evaluation.services.catalogue import publish, withdraw
from evaluation.services.certificates import issue_certificate
from evaluation.views.public_catalogue import ApiView
from products.enums import LegalForm, ProductStatus, RecognitionState
from products.models import Entity, Product, Recognition
from products.tests.factories import (
    add_photo,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LIST, CSV = "/san-pham-ocop/", "/api/v1/san-pham.csv"


@pytest.fixture(autouse=True)
def fresh_counts(settings):
    """Requests are counted by address in a cache that outlives a test."""
    from django.core.cache import caches

    caches["shared"].clear()


@pytest.fixture
def officer():
    return provincial_officer()


def shown(name="Chè xanh", entity=None, *, star=3, **fields):
    """A published product with a photo."""
    product = make_product(name, entity or make_entity(), **fields)
    recognise(product, star=star, expires=TODAY + timedelta(days=400))
    add_photo(product, provincial_officer())
    publish(products=[product], by=provincial_officer())
    return product


def addresses_of(product):
    """Every public address that could show the product."""
    entry, photo = product.catalogue_entry, product.photos.first()
    return [
        reverse("catalogue:product", args=[entry.slug]),
        reverse("catalogue:photo", args=[entry.slug, photo.pk]),
        reverse("catalogue:photo_small", args=[entry.slug, photo.pk]),
        reverse("api:product", args=[entry.slug]),
    ]


def lists(client, words):
    """Which of the public lists hold the words."""
    asked = (LIST, f"{LIST}?q=che", "/api/v1/san-pham", "/api/v1/san-pham?q=che", CSV)
    return [address for address in asked if words in client.get(address).content.decode()]


def expire(product):
    Recognition.objects.filter(product=product).update(
        decided_on=TODAY - timedelta(days=30), expires_on=TODAY - timedelta(days=1)
    )


def revoke(product):
    Recognition.objects.filter(product=product).update(state=RecognitionState.REVOKED)


def take_off(product):
    withdraw(product=product, reason="Chủ thể đề nghị", by=provincial_officer())


def stop_making(product):
    Product.objects.filter(pk=product.pk).update(status=ProductStatus.STOPPED)


def merge(product):
    keep = make_entity("HTX Giữ lại")
    Entity.objects.filter(pk=product.entity_id).update(merged_into=keep, merged_at=timezone.now())


def not_yet(product):
    CatalogueEntry.objects.filter(product=product).update(published_at=None)


def decided_tomorrow(product):
    Recognition.objects.filter(product=product).update(
        decided_on=TODAY + timedelta(days=1), expires_on=TODAY + timedelta(days=800)
    )


@pytest.mark.parametrize("plant", [not_yet, take_off, expire, revoke, stop_making, merge, decided_tomorrow])
def test_nothing_unpublished_ever_shows(client, plant):
    hidden = shown("Chè giấu kín XYZ")
    everything = addresses_of(hidden)
    assert len(lists(client, "Chè giấu kín XYZ")) == 5
    assert [client.get(address).status_code for address in everything] == [200] * 4
    plant(hidden)
    assert lists(client, "Chè giấu kín XYZ") == lists(client, hidden.catalogue_entry.slug) == []
    assert [client.get(address).status_code for address in everything] == [404] * 4


def test_only_chosen_photos_of_the_product_itself_are_public(client, officer):
    product, other = shown("Chè một"), shown("Chè hai")
    secret = add_photo(product, officer, colour="blue")
    entry = product.catalogue_entry
    for photo in (secret, other.photos.get()):
        assert client.get(reverse("catalogue:photo", args=[entry.slug, photo.pk])).status_code == 404
    picture = client.get(addresses_of(product)[1])
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/jpeg", "public, max-age=300")
    catalogue.change_entry(product=product, story="", photos=[], by=officer)
    assert client.get(addresses_of(product)[1]).status_code == 404
    with pytest.raises(DomainError, match="không thuộc"):
        catalogue.change_entry(product=product, story="", photos=[other.photos.get()], by=officer)


def test_public_answers_are_cacheable_and_leave_no_cookie(client, officer):
    product = shown()
    client.force_login(officer)
    for address in (
        LIST,
        "/du-lieu-mo/",
        "/api/v1/san-pham",
        CSV,
        "/api/v1/openapi.json",
        *addresses_of(product),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["Cache-Control"] == "public, max-age=300", address
        assert "Cookie" not in answer.get("Vary", "") and not answer.cookies, address
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304, address


def test_nothing_personal_is_public(client):
    household = make_entity(
        "Hộ kinh doanh Thử", legal_form=LegalForm.HOUSEHOLD, address="Số 5 ngõ nhà riêng", phone="0987654321"
    )
    shown("Chè nhà", household)
    shown("Chè hợp tác xã", make_entity("HTX Chè", address="Xưởng chè thôn Hạ"))
    slugs = CatalogueEntry.objects.values_list("slug", flat=True)
    pages = [LIST, CSV, "/api/v1/san-pham"]
    pages += [reverse("catalogue:product", args=[slug]) for slug in slugs]
    pages += [reverse("api:product", args=[slug]) for slug in slugs]
    everything = "".join(client.get(page).content.decode() for page in pages)
    for words in ("Người Đại Diện Thử", "0987654321", "0912345678", "ngõ nhà riêng"):
        assert words not in everything
    assert "Xưởng chè thôn Hạ" in everything


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=che", {"Chè đắng"}),
        ("q=d%C4%83ng", {"Chè đắng"}),
        ("q=mat+ha", {"Mật ong"}),
        ("sao=4", {"Mật ong"}),
        ("xa=18683", {"Mật ong"}),
        ("bo=2", {"Chè đắng"}),
        ("xa=99999", set()),
        ("sao=9&bo=x&xa=1&page=77", {"Chè đắng", "Mật ong"}),
        ("q=%00%25", {"Chè đắng", "Mật ong"}),
    ],
)
def test_visitors_find_without_diacritics_and_by_place_group_and_star(client, query, found):
    shown("Chè đắng", make_entity("HTX Thượng"), set_number=2)
    shown("Mật ong", make_entity("HTX Hạ", make_commune("Xã Khác", "18683")), star=4)
    page = client.get(f"{LIST}?{query}").content.decode()
    assert {name for name in ("Chè đắng", "Mật ong") if f">{name}</a>" in page} == found


def test_open_data_are_paged_filtered_and_say_what_is_wrong(client):
    shown("Chè đắng", make_entity("HTX Thượng"))
    shown("Mật ong", make_entity("HTX Hạ"), star=4)
    answer = client.get("/api/v1/san-pham?co=1&trang=2").json()
    assert (answer["total"], answer["page"], answer["pages"]) == (2, 2, 2)
    [product] = answer["products"]
    assert (product["name"], product["stars"], product["decided_on"]) == ("Chè đắng", 3, "2025-01-01")
    assert product["url"].startswith("http") and product["photos"][0].endswith("/")
    refused = client.get("/api/v1/san-pham?xa=abc&sao=7")
    assert (refused.status_code, refused.json()) == (422, {"detail": "Tham số không hợp lệ: sao, xa."})
    schema = client.get("/api/v1/openapi.json").json()
    assert set(schema["paths"]) == {"/api/v1/san-pham", "/api/v1/san-pham/{slug}", "/api/v1/san-pham.csv"}


def test_the_csv_opens_in_excel_and_carries_no_formula(client):
    shown("=HYPERLINK(0)", make_entity("+HTX, Chè"))
    text = client.get(CSV).content.decode("utf-8")
    assert text.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    line = dict(zip(head, row, strict=True))
    assert (line["name"], line["entity"]) == ("'=HYPERLINK(0)", "'+HTX, Chè")


def test_too_many_questions_of_one_address_are_refused_in_words(client, monkeypatch):
    shown()
    # A span so long that the clock does not begin a new one in between.
    monkeypatch.setattr(ApiView, "limit", Limit("open-data", times=2, seconds=10**7))
    for _ in range(2):
        assert client.get("/api/v1/san-pham?co=1").status_code == 200
    refused = client.get("/api/v1/san-pham?co=1")
    assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
    assert "Quá nhiều lượt hỏi" in refused.json()["detail"]
    assert client.get("/api/v1/san-pham?co=1", REMOTE_ADDR="203.0.113.9").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_public_pages_ask_the_same_whatever_their_size(client, count):
    for number in range(count):
        product = shown(f"Chè {number}", make_entity(f"HTX số {number}"))
    detail, photo, _, data = addresses_of(product)
    for address, asked in (
        (LIST, 5),
        (detail, 3),
        (photo, 1),
        ("/api/v1/san-pham", 3),
        (data, 2),
        (CSV, 2),
    ):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) == asked, (address, [query["sql"][:80] for query in queries])


def test_the_office_publishes_many_edits_and_withdraws_from_its_pages(client, officer):
    products = [
        make_product(f"Chè {number}", make_entity(f"HTX số {number}"), story="Của làng") for number in (1, 2)
    ]
    for product in products:
        recognise(product, expires=TODAY + timedelta(days=400))
    photo = add_photo(products[0], officer)
    client.force_login(officer)
    page = reverse("evaluation:catalogue")
    client.post(page, {"products": [product.pk for product in products]})
    assert CatalogueEntry.objects.published().count() == 2
    entry = reverse("evaluation:catalogue_entry", args=[products[0].pk])
    client.post(entry, {"story": "Câu chuyện mới", "photos": [photo.pk]})
    public = client.get(
        reverse("catalogue:product", args=[products[0].catalogue_entry.slug])
    ).content.decode()
    assert "Câu chuyện mới" in public
    off = reverse("evaluation:catalogue_withdraw", args=[products[0].pk])
    assert client.post(off, {"reason": " "}).status_code == 200
    client.post(off, {"reason": "Ảnh chưa đúng"})
    assert "Chè 1" not in client.get(LIST).content.decode()
    assert "Ảnh chưa đúng" in client.get(entry).content.decode()


def test_a_product_leads_to_the_public_check_of_its_certificate(client, officer):
    product = shown()
    page = addresses_of(product)[0]
    assert "/gcn/" not in client.get(page).content.decode()
    certificate = issue_certificate(recognition=product.recognitions.get(), by=officer)
    check = reverse("gcn:check", args=[certificate.token])
    assert check in client.get(page).content.decode()
    assert client.get(check).status_code == 200


def test_only_recognised_products_of_the_own_province_are_published(officer):
    plain = make_product("Chè chưa công nhận", make_entity())
    good = make_product("Chè tốt", make_entity("HTX Tốt"))
    recognise(good, expires=TODAY + timedelta(days=400))
    with pytest.raises(DomainError, match="chưa công nhận"):
        publish(products=[good, plain], by=officer)
    assert not CatalogueEntry.objects.exists()
    for person in (owner_of(good.entity), make_user("lanh.dao", Role.LEADERSHIP)):
        with pytest.raises(PermissionDenied):
            publish(products=[good], by=person)


@pytest.mark.parametrize("count", [1, 3])
def test_the_offices_list_asks_the_same_whatever_its_size(client, officer, count):
    for number in range(count):
        shown(f"Chè {number}", make_entity(f"HTX số {number}"))
    client.force_login(officer)
    address = reverse("evaluation:catalogue")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).content.decode().count("Đang công khai") == count + 1
    assert len(queries) == 7, [query["sql"][:80] for query in queries]


def test_the_last_day_of_a_recognition_still_shows(client):
    product = shown()
    Recognition.objects.filter(product=product).update(decided_on=date(2024, 1, 1), expires_on=TODAY)
    assert "Chè xanh" in client.get(LIST).content.decode()
