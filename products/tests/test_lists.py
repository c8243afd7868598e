"""Lists: search without diacritics, filters in the address, Vietnamese order, few queries."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from products import queries
from products.enums import DossierState
from products.models import Recognition
from products.tests.factories import make_dossier, make_entity, make_product, owner_of, provincial_officer

pytestmark = pytest.mark.django_db

LISTS = ["products:entities", "products:products", "products:dossiers"]


@pytest.fixture
def officer(client):
    user = provincial_officer()
    client.force_login(user)
    return user


def names(answer):
    return [str(row) for row in answer.context["page_obj"]]


def test_che_finds_chè_and_d_finds_đ(client, officer):
    entity = make_entity("HTX Đồng Tâm")
    for name in ("Chè xanh", "Đường phèn", "Mật ong"):
        make_product(name, entity=entity)
    url = reverse("products:products")
    assert names(client.get(url, {"q": "che"})) == ["Chè xanh"]
    assert names(client.get(url, {"q": "duong"})) == ["Đường phèn"]
    assert names(client.get(url, {"q": "ĐƯỜNG"})) == ["Đường phèn"]
    assert len(names(client.get(url, {"q": "dong tam"}))) == 3


def test_vietnamese_order(client, officer):
    entity = make_entity()
    for name in ("Đường", "Dưa", "Ổi", "Ốc", "Ong", "Ăn", "An"):
        make_product(name, entity=entity)
    assert names(client.get(reverse("products:products"))) == ["An", "Ăn", "Dưa", "Đường", "Ong", "Ốc", "Ổi"]


def test_filters_in_the_address(client, officer):
    there = make_entity("HTX Đức Thọ", commune=make_commune("Xã Đức Thọ", "18229"))
    make_dossier(make_product("Một", set_number=6), state=DossierState.SUBMITTED)
    make_dossier(make_product("Hai", entity=there, set_number=7), year=2027)
    url = reverse("products:dossiers")

    def found(**filters):
        return [row.product.name for row in client.get(url, filters).context["page_obj"]]

    assert found(state="draft") == ["Hai"]
    assert found(year=2026) == ["Một"]
    assert found(commune=there.commune.pk) == ["Hai"]
    assert found(q="01/pdk-42") == ["Một"]
    assert found(q="duc tho", state="submitted") == []


def test_products_by_star(client, officer):
    make_product("Không sao")
    Recognition.objects.create(
        product=make_product("Bốn sao", entity=make_entity("HTX Sao")),
        star=4,
        decision_number="1",
        decided_on=date(2025, 1, 1),
        decided_by="UBND tỉnh",
        expires_on=date(2099, 1, 1),
    )
    url = reverse("products:products")
    assert names(client.get(url, {"star": "4"})) == ["Bốn sao"]
    assert names(client.get(url, {"star": "0"})) == ["Không sao"]


def test_a_senseless_filter_is_ignored(client, officer):
    make_dossier()
    answer = client.get(
        reverse("products:dossiers"), {"year": "abc", "state": "x", "page": "99", "commune": "0"}
    )
    assert answer.status_code == 200 and len(names(answer)) == 1


@pytest.mark.parametrize("url_name", LISTS)
def test_empty_lists_say_what_to_do(url_name, client, officer):
    assert "empty-state" in client.get(reverse(url_name)).content.decode()
    assert "Bỏ lọc" in client.get(reverse(url_name), {"q": "không có"}).content.decode()


def test_long_lists_have_pages(client, officer):
    entity = make_entity()
    for number in range(26):
        make_product(f"Sản phẩm {number:02d}", entity=entity)
    first = client.get(reverse("products:products"), {"q": "san"})
    assert len(names(first)) == 25 and "q=san&amp;page=2" in first.content.decode()
    assert names(client.get(reverse("products:products"), {"page": 2})) == ["Sản phẩm 25"]


def count(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries_made:
        assert client.get(url).status_code == 200
    return len(queries_made)


# Beyond the frame (session, user, roles, navigation): number of rows, their keys, the rows, saved views, and
# the choices of the filters (communes; product sets with their families).
OWN_QUERIES = {"products:entities": 5, "products:products": 6, "products:dossiers": 6}


@pytest.mark.parametrize("url_name", LISTS)
def test_queries_do_not_grow_with_rows(url_name, client, officer):
    make_dossier(make_product("Một"))
    cache.clear()
    frame = reverse("accounts:password_change")
    count(client, frame)
    of_frame = count(client, frame)
    assert count(client, reverse(url_name)) - of_frame == OWN_QUERIES[url_name]
    for name in ("Hai", "Ba"):
        make_dossier(make_product(name, entity=make_entity(f"HTX {name}")))
    of_three = count(client, reverse(url_name))
    assert of_three - of_frame == OWN_QUERIES[url_name]
    assert of_three <= 12


def test_the_search_box_searches_three_kinds_in_the_own_area(client):
    mine = make_dossier(state=DossierState.SUBMITTED)
    there = make_entity("HTX Bánh đa Đức Thọ", commune=make_commune("Xã Đức Thọ", "18229"))
    make_dossier(make_product("Bánh đa khác", entity=there))
    client.force_login(owner_of(mine.product.entity))
    found = client.get(reverse("products:search"), {"q": "banh da"}).context["found"]
    assert [str(product) for product in found.products] == ["Bánh đa vừng"]
    assert [str(entity) for entity in found.entities] == ["HTX Bánh đa Cẩm Bình"]
    assert found.dossiers == [mine]
    by_number = client.get(reverse("products:search"), {"q": mine.number}).context["found"]
    assert by_number.dossiers == [mine]


def test_an_empty_search_asks_for_a_word(client, officer):
    assert "Gõ từ cần tìm" in client.get(reverse("products:search")).content.decode()


def test_what_waits_for_whom():
    draft = make_dossier()
    filed = make_dossier(make_product("Đã nộp", entity=make_entity("HTX Hai")), state=DossierState.SUBMITTED)
    proposed = make_dossier(
        make_product("Đã trình", entity=make_entity("HTX Ba")), state=DossierState.PROPOSED
    )
    officer = make_user("xa", Role.COMMUNE_OFFICER, make_commune())
    assert list(queries.waiting_for(owner_of(draft.product.entity))) == [draft]
    assert list(queries.waiting_for(officer)) == [filed]
    assert list(queries.waiting_for(provincial_officer())) == [proposed]
    assert list(queries.waiting_for(make_user("lanh-dao", Role.LEADERSHIP))) == []
