"""Tables people arrange: order, columns, page size, saved views, the workbook of exactly what is shown."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import SavedView
from accounts.tests.factories import make_user
from core import workbooks
from core.tables import Column
from products import services
from products.enums import DossierState
from products.models import Entity, Product
from products.tests.factories import (
    commune_officer_of,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
)

pytestmark = pytest.mark.django_db
PRODUCTS, ENTITIES, DOSSIERS = "products:products", "products:entities", "products:dossiers"


@pytest.fixture
def officer(client):
    user = provincial_officer()
    client.force_login(user)
    return user


@pytest.fixture
def three(officer):
    """Three products of two entities; the second one has three stars, the third four."""
    first, second = make_entity("HTX Ánh Dương"), make_entity("HTX Đồng Tâm", tax_code="0100109106")
    make_product("Chè xanh", entity=second)
    recognise(make_product("Bánh đa", entity=second), star=3)
    recognise(make_product("Ổi lê", entity=first), star=4, expires=date(2030, 5, 6))


def rows(client, url_name, **address):
    return [str(row) for row in client.get(reverse(url_name), address).context["page_obj"]]


def book(client, url_name, **address):
    answer = client.get(reverse(f"{url_name}_workbook"), address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active


def below_head(sheet):
    """Head and rows of the table, without the notes above it."""
    lines = list(sheet.iter_rows(values_only=True))
    return lines[lines.index((None,) * len(lines[0])) + 1 :]


# --- order -------------------------------------------------------------------------------------------


def test_a_head_sorts_up_then_down(client, three):
    assert rows(client, PRODUCTS) == ["Bánh đa", "Chè xanh", "Ổi lê"]
    assert rows(client, PRODUCTS, sap="-ten") == ["Ổi lê", "Chè xanh", "Bánh đa"]
    assert rows(client, PRODUCTS, sap="chu-the") == ["Ổi lê", "Chè xanh", "Bánh đa"]
    page = client.get(reverse(PRODUCTS), {"sap": "ten"}).content.decode()
    assert 'aria-sort="ascending"' in page and "sap=-ten" in page


def test_products_without_stars_come_last_both_ways(client, three):
    assert rows(client, PRODUCTS, sap="sao") == ["Bánh đa", "Ổi lê", "Chè xanh"]
    assert rows(client, PRODUCTS, sap="-sao") == ["Ổi lê", "Bánh đa", "Chè xanh"]


def test_a_senseless_order_column_or_size_is_ignored(client, three):
    answer = client.get(reverse(PRODUCTS), {"sap": "pk; drop", "cot": "mat-khau", "dong": "100000"})
    assert [str(row) for row in answer.context["page_obj"]] == ["Bánh đa", "Chè xanh", "Ổi lê"]
    assert answer.context["page_obj"].paginator.per_page == 25
    assert [column.name for column in answer.context["table"].columns][:3] == ["ten", "ma", "chu-the"]


def test_the_size_of_a_page_is_chosen(client, officer):
    entity = make_entity()
    for number in range(26):
        make_product(f"Sản phẩm {number:02d}", entity=entity)
    assert len(rows(client, PRODUCTS)) == 25
    assert len(rows(client, PRODUCTS, dong="50")) == 26


# --- filters -----------------------------------------------------------------------------------------


def test_filters_of_products(client, officer):
    entity = make_entity()
    plain = make_product("Chè", entity=entity)
    main = make_product("Rượu", entity=entity, set_number=26)
    Product.objects.filter(pk=main.pk).update(is_flagship=True)
    recognise(plain, star=3, expires=date(2027, 3, 1))
    family = main.product_set.family
    found = {"expiry": "valid", "flagship": "1", "family": family, "status": "producing"}
    answers = {name: rows(client, PRODUCTS, **{name: value}) for name, value in found.items()}
    assert answers == {"expiry": ["Chè"], "flagship": ["Rượu"], "family": ["Rượu"], "status": ["Chè", "Rượu"]}


@pytest.mark.parametrize(
    ("expires", "in_window", "soon"),
    [
        # Today is 10/01/2026. 120 days later: 10/05; 180 days later: 09/07 (Đ7 k6).
        (date(2026, 5, 9), False, True),
        (date(2026, 5, 10), True, True),
        (date(2026, 7, 9), True, True),
        (date(2026, 7, 10), False, False),
    ],
)
def test_the_window_of_re_ranking_is_180_to_120_days_before_the_end(
    expires, in_window, soon, client, officer, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 1, 10))
    recognise(make_product("Chè"), expires=expires)
    assert bool(rows(client, PRODUCTS, expiry="window")) is in_window
    assert bool(rows(client, PRODUCTS, expiry="soon")) is soon


def test_a_dossier_given_up_is_listed_only_when_asked_for(client, officer):
    gone = make_dossier()
    services.perform(gone, "withdraw", by=owner_of(gone.product.entity), note="Không làm nữa.")
    answer = client.get(reverse(DOSSIERS))
    assert list(answer.context["page_obj"]) == [] and "không kể hồ sơ đã rút" in answer.content.decode()
    assert list(client.get(reverse(DOSSIERS), {"state": "withdrawn"}).context["page_obj"]) == [gone]


def test_a_merged_entity_is_not_listed(client, officer):
    kept, gone = make_entity("HTX Còn"), make_entity("HTX Đã gộp")
    Entity.objects.filter(pk=gone.pk).update(merged_into=kept, merged_at="2026-01-01T00:00Z")
    assert rows(client, ENTITIES) == ["HTX Còn"]


def test_typing_errors_are_forgiven_only_when_nothing_holds_the_words(client, officer):
    entity = make_entity("HTX Cẩm Bình")
    make_product("Bánh đa vừng", entity=entity)
    make_product("Mật ong", entity=make_entity("HTX Đức Thọ"))
    assert rows(client, PRODUCTS, q="bahn da") == ["Bánh đa vừng"]
    assert rows(client, PRODUCTS, q="mat ogn") == ["Mật ong"]
    assert rows(client, PRODUCTS, q="mat") == ["Mật ong"]
    assert rows(client, PRODUCTS, q="banh cam binh") == ["Bánh đa vừng"]
    assert rows(client, PRODUCTS, q="xyz") == []


# --- columns and workbook -----------------------------------------------------------------------------


def test_columns_are_chosen_and_kept_in_the_address(client, three):
    answer = client.get(reverse(PRODUCTS), {"cot": ["sao", "phan-loai"]})
    assert [column.label for column in answer.context["table"].columns] == [
        "Tên sản phẩm",
        "Hạng sao",
        "Phân loại",
    ]
    assert "cot=sao&amp;cot=phan-loai" in answer.content.decode()


def test_the_workbook_holds_exactly_what_is_shown(client, three):
    sheet = book(client, PRODUCTS, expiry="valid", sap="-sao", cot=["sao", "hieu-luc", "chu-the"], dong="25")
    head, *lines = below_head(sheet)
    assert head == ("Tên sản phẩm", "Chủ thể", "Hạng sao", "Hiệu lực đến")
    assert [(*line[:3], line[3].date()) for line in lines] == [
        ("Ổi lê", "HTX Ánh Dương", 4, date(2030, 5, 6)),
        ("Bánh đa", "HTX Đồng Tâm", 3, date(2029, 1, 1)),
    ]
    assert sheet["A1"].value == "Sản phẩm"
    assert sheet["A2"].value == "Lọc: Hiệu lực công nhận: Còn hiệu lực"


def test_the_workbook_holds_all_pages(client, officer):
    entity = make_entity()
    for number in range(30):
        make_product(f"Sản phẩm {number:02d}", entity=entity)
    assert len(below_head(book(client, PRODUCTS, page="2"))) == 1 + 30


def test_each_person_gets_only_the_own_area(client, three):
    make_product("Của người khác", entity=make_entity("HTX Khác"))
    client.force_login(owner_of(Entity.objects.get(name="HTX Đồng Tâm")))
    assert [line[0] for line in below_head(book(client, PRODUCTS))] == ["Tên sản phẩm", "Bánh đa", "Chè xanh"]


def test_who_may_not_see_the_list_gets_no_workbook(client):
    client.force_login(make_user("hoi-dong", Role.COUNCIL_MEMBER))
    assert client.get(reverse("products:products_workbook")).status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-5", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_text_that_looks_like_a_formula_stays_text(text):
    columns = [Column("ten", "Tên", lambda row: row)]
    file = workbooks.write_list(title="Thử", notes=[], columns=columns, rows=[text])
    cell = openpyxl.load_workbook(file).active["A4"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_cells_are_typed_and_clean():
    columns = [Column("a", "A", lambda row: row)]
    values = [7, True, None, "a\x07b", date(2026, 11, 5)]
    sheet = openpyxl.load_workbook(
        workbooks.write_list(title="Thử", notes=[], columns=columns, rows=values)
    ).active
    assert [sheet.cell(4 + place, 1).value for place in range(4)] == [7, "Có", None, "ab"]
    assert sheet["A8"].number_format == "dd/mm/yyyy"


def test_a_workbook_too_long_says_so():
    columns = [Column("a", "A", lambda row: row)]
    file = workbooks.write_list(title="Thử", notes=[], columns=columns, rows=range(5), limit=3)
    values = [row[0] for row in openpyxl.load_workbook(file).active.iter_rows(min_row=4, values_only=True)]
    assert values == [0, 1, 2, workbooks.TOO_MANY.format(limit="3")]


# --- saved views ----------------------------------------------------------------------------------------


def test_a_view_is_saved_renamed_and_dropped(client, officer, three):
    address = f"{reverse(PRODUCTS)}?star=4&sap=-ten&page=3"
    client.post(address, {"name": "Bốn sao"})
    view = SavedView.objects.get()
    assert (view.user, view.page, view.query) == (officer, PRODUCTS, "star=4&sap=-ten")
    assert "?star=4&amp;sap=-ten" in client.get(reverse(PRODUCTS)).content.decode()
    client.post(reverse("accounts:saved_view_rename", args=[view.pk]), {"name": "4 sao"})
    view.refresh_from_db()
    assert view.name == "4 sao"
    client.post(reverse("accounts:saved_view_delete", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_takes_the_new_address(client, officer):
    for query in ("star=4", "star=5"):
        client.post(f"{reverse(PRODUCTS)}?{query}", {"name": "Sao cao"})
    assert [view.query for view in SavedView.objects.all()] == ["star=5"]


def test_a_view_without_a_name_or_with_a_taken_one_is_refused(client, officer):
    assert "Hãy đặt tên" in client.post(reverse(PRODUCTS), {"name": "  "}, follow=True).content.decode()
    for name in ("Một", "Hai"):
        client.post(reverse(PRODUCTS), {"name": name})
    two = SavedView.objects.get(name="Hai")
    answer = client.post(reverse("accounts:saved_view_rename", args=[two.pk]), {"name": "Một"}, follow=True)
    assert "đã có chế độ xem tên" in answer.content.decode()


def test_views_are_ones_own(client, officer):
    client.post(reverse(PRODUCTS), {"name": "Của tôi"})
    view = SavedView.objects.get()
    client.force_login(commune_officer_of(make_entity().commune))
    assert list(client.get(reverse(PRODUCTS)).context["saved_views"]) == []
    assert client.post(reverse("accounts:saved_view_delete", args=[view.pk])).status_code == 404


def test_views_belong_to_their_list(client, officer):
    client.post(reverse(PRODUCTS), {"name": "Của sản phẩm"})
    assert list(client.get(reverse(ENTITIES)).context["saved_views"]) == []
    assert [str(view) for view in client.get(reverse(PRODUCTS)).context["saved_views"]] == ["Của sản phẩm"]


# --- the search box -------------------------------------------------------------------------------------


def suggestions(client, text):
    headers = {"HX-Request": "true", "HX-Target": "search-suggestions"}
    return client.get(reverse("products:search"), {"q": text}, headers=headers)


def test_suggestions_are_a_fragment_with_options_in_groups(client, officer):
    dossier = make_dossier(state=DossierState.SUBMITTED)
    page = suggestions(client, "banh da").content.decode()
    assert "<html" not in page and page.count('role="option"') == 3
    assert f'href="{reverse("products:dossier", args=[dossier.pk])}"' in page


def test_one_letter_suggests_nothing(client, officer):
    make_product()
    assert 'role="option"' not in suggestions(client, "b").content.decode()


def test_what_begins_with_the_words_comes_first(client, officer):
    entity = make_entity("HTX Một")
    for name in ("Kẹo chè lam", "Chè xanh", "An chè"):
        make_product(name, entity=entity)
    found = client.get(reverse("products:search"), {"q": "che"}).context["found"]
    assert [str(product) for product in found.products] == ["Chè xanh", "An chè", "Kẹo chè lam"]


def test_near_names_are_offered_as_near(client, officer):
    make_product("Bánh đa vừng")
    answer = client.get(reverse("products:search"), {"q": "bahn da vugn"})
    assert answer.context["found"].alike and "gần giống" in answer.content.decode()
    assert [str(product) for product in answer.context["found"].products] == ["Bánh đa vừng"]


def test_numbers_are_found_however_they_are_typed(client, officer):
    dossier = make_dossier(state=DossierState.SUBMITTED)
    for text in (
        dossier.number,
        dossier.number.lower(),
        dossier.number.replace("Đ", "d"),
        dossier.number[:6],
    ):
        assert client.get(reverse("products:search"), {"q": text}).context["found"].dossiers == [dossier]
