"""20,000 products and 60,000 dossier versions: every list and search page in few queries, by index."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import make_commune, make_province, make_user
from ocop import bulk
from products import tables
from products.models import Dossier, DossierVersion, Entity, Product
from training.tests.factories import make_plan, make_target

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MOST_QUERIES = 12
MOST_ON_BOARD, MOST_COMPARED = 15, 19
# Recognitions are left out: to count products by their stars PostgreSQL may read all of them once, and
# whether it does depends on the statistics of the moment.
LARGE_TABLES = {f"products_{name}" for name in ("entity", "product", "dossier", "dossierversion")}
RECOGNITIONS = {"products_recognition"}
# Leadership reads the same area as the provincial officer.
PEOPLE = ("tinh", "xa", "chuthe")
ENTITIES, PRODUCTS, DOSSIERS, SEARCH = (
    f"products:{name}" for name in ("entities", "products", "dossiers", "search")
)
PAGES = [
    (ENTITIES, {}),
    (ENTITIES, {"page": "200", "dong": "25"}),
    (ENTITIES, {"sap": "-ten", "dong": "100"}),
    (ENTITIES, {"sap": "xa"}),
    (ENTITIES, {"legal_form": "household"}),
    (ENTITIES, {"q": "banh da"}),
    (ENTITIES, {"q": "bahn da vung"}),
    (PRODUCTS, {}),
    (PRODUCTS, {"page": "790"}),
    (PRODUCTS, {"dong": "100", "page": "150"}),
    (PRODUCTS, {"sap": "-ten"}),
    (PRODUCTS, {"sap": "chu-the"}),
    (PRODUCTS, {"star": "4"}),
    (PRODUCTS, {"star": "0"}),
    (PRODUCTS, {"expiry": "soon"}),
    (PRODUCTS, {"product_set": "6", "flagship": "1"}),
    (PRODUCTS, {"family": "I Ngành thử", "page": "20"}),
    (PRODUCTS, {"q": "nuoc mam"}),
    (PRODUCTS, {"q": "mat ong huong khe"}),
    (PRODUCTS, {"q": "nuoc mma co com"}),
    (PRODUCTS, {"q": "42-80007"}),
    (PRODUCTS, {"q": "a"}),
    (DOSSIERS, {}),
    (DOSSIERS, {"page": "1400"}),
    (DOSSIERS, {"dong": "100"}),
    (DOSSIERS, {"state": "submitted"}),
    (DOSSIERS, {"state": "recognised", "year": "2024", "page": "300"}),
    (DOSSIERS, {"sap": "-tu-ngay"}),
    (DOSSIERS, {"q": "keo cu do can loc"}),
    (DOSSIERS, {"q": "00123/pdk"}),
    (SEARCH, {"q": "banh da vung"}),
    (SEARCH, {"q": "bahn da"}),
    (SEARCH, {"q": "duong phen"}),
    (SEARCH, {"q": "htx"}),
    (SEARCH, {"q": "xa"}),
    (SEARCH, {"q": "00123/pdk-8-2026"}),
    (SEARCH, {"q": "42-80007"}),
    (SEARCH, {"q": "khong co gi"}),
]
# Every column that can be sorted, both ways, at the beginning and deep inside: asked by the province, whose
# lists are the longest.
SORTED = [
    (name, {"sap": sign + column.name, "page": page})
    for name, columns in (
        (ENTITIES, tables.ENTITIES),
        (PRODUCTS, tables.PRODUCTS),
        (DOSSIERS, tables.DOSSIERS),
    )
    for column in columns
    if column.order
    for sign in ("", "-")
    for page in ("1", "200")
]


@pytest.fixture(scope="module")
def province(django_db_setup, django_db_blocker):
    """The large province, loaded once for the module and taken away at its end."""
    with django_db_blocker.unblock():
        bulk.fill()
        yield
        bulk.clear()


def test_the_province_is_as_large_as_the_rule_says(province):
    assert Product.objects.count() == 20_000
    assert DossierVersion.objects.count() == 60_000
    assert (Entity.objects.count(), Dossier.objects.count()) == (6_000, 40_000)


@pytest.mark.parametrize("person", PEOPLE)
def test_every_list_and_search_page_takes_few_queries_and_no_walk_over_a_large_table(
    person, client, province
):
    client.force_login(User.objects.get(username=person))
    client.get(reverse("accounts:password_change"))
    wrong = []
    commune = Product.objects.order_by("pk").values_list("commune", flat=True)[0]
    of_commune = [(name, {"commune": str(commune)}) for name in (ENTITIES, PRODUCTS, DOSSIERS)]
    for name, address in [*PAGES, *of_commune, *(SORTED if person == "tinh" else [])]:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse(name), address)
        assert answer.status_code == 200
        if len(asked) > MOST_QUERIES:
            wrong.append(f"{name} {address}: {len(asked)} queries")
        wrong += [
            f"{name} {address}: {walk}" for walk in walks(query["sql"] for query in asked.captured_queries)
        ]
    assert wrong == []


# The dashboard of one province, what compares, and a list behind a number.
BOARD = [
    ("reports:dashboard", (), MOST_ON_BOARD),
    ("reports:screen", (), MOST_ON_BOARD),
    ("reports:compare_years", (), MOST_COMPARED),
    ("reports:compare_communes", (), MOST_COMPARED),
    *(
        ("training:indicator_list", (name,), MOST_QUERIES)
        for name in ("products_joined", "products_recognised", "products_recognised_cumulative")
    ),
]


def test_the_dashboard_of_a_small_province_tries_no_row_of_its_large_neighbour(client, province):
    small = make_province("40", "Tỉnh Nhỏ")
    commune = make_commune("Xã Nhỏ", "17001", small)
    plan = make_plan("nho-2026", small)
    for name in ("products_joined", "products_recognised", "products_recognised_cumulative"):
        make_target(plan, name)
        make_target(plan, name, unit=commune)
    client.force_login(make_user("lanh-dao-nho", Role.LEADERSHIP, small))
    client.get(reverse("reports:dashboard"))
    wrong = []
    for name, args, most in BOARD:
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(reverse(name, args=args), {"plan": plan.code})
        assert answer.status_code == 200
        if len(asked) > most:
            wrong.append(f"{name} {args}: {len(asked)} queries")
        statements = [query["sql"] for query in asked.captured_queries]
        wrong += [f"{name} {args}: {walk}" for walk in walks(statements, LARGE_TABLES | RECOGNITIONS)]
    assert wrong == []


def walks(statements, tables=LARGE_TABLES):
    """Sequential scans of large tables in PostgreSQL's plans of the statements."""
    for sql in statements:
        if not sql.lstrip().startswith(("SELECT", "WITH")):
            continue
        with connection.cursor() as cursor:
            # The text is complete: no parameters, so that "%" stays what it is.
            cursor.cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        for table in tables & set(re.findall(r"Seq Scan on (\w+)", plan)):
            yield f"walks over {table}: {sql[:300]}"


def test_the_workbook_of_all_products_is_written_row_by_row(province, client):
    client.force_login(User.objects.get(username="tinh"))
    answer = client.get(reverse("products:products_workbook"))
    size = sum(len(part) for part in answer.streaming_content)
    assert size > 500_000
    assert Path(answer.filename).suffix == ".xlsx"
