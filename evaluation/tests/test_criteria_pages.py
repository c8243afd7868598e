"""The scoring tables can be read, searched and printed by everybody who works with them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import make_user, one_of_each_role
from evaluation.models import CriteriaSet
from evaluation.queries import criteria as queries
from evaluation.search_text import folded, marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, criteria):
    user = one_of_each_role()["council_member"]
    client.force_login(user)
    return client


def page(client, name, *args, **query):
    response = client.get(reverse(f"evaluation:{name}", args=args), query)
    assert response.status_code == 200
    return response


def test_the_list_names_all_26_sets_under_their_families(reader):
    html = page(reader, "criteria").content.decode()
    assert html.count('scope="row"') == 26
    assert "Bộ 11 - Chè tươi, chè chế biến" in html
    assert html.count("<caption>") == 6


def test_the_list_counts_leaves_and_minimum_conditions_of_each_set(criteria):
    (version,) = queries.versions_with_sets()
    sets = list(version.sets.all())
    assert sum(row.leaf_count for row in sets) == 787
    assert [sum(getattr(row, f"mark_count_{star}") for row in sets) for star in (3, 4, 5)] == [179, 290, 106]


def test_a_set_shows_every_criterion_option_and_mark_once(reader):
    html = page(reader, "criteria_set", "qd26-01").content.decode()
    row = CriteriaSet.objects.get(code="qd26-01")
    assert html.count('<article class="criterion') == row.criteria.count()
    options = sum(leaf.options.count() for leaf in row.criteria.all())
    assert html.count('class="option-points') == options
    marks = row.criteria.filter(options__min_star__isnull=False).count()
    assert html.count("tối thiểu cho ") == marks
    assert 'id="tc-3.5"' in html
    assert "Giả mạo hồ sơ" in html


def test_a_set_shows_cases_stops_and_conditions(reader):
    assert "Trường hợp 2: điểm dịch vụ du lịch" in page(reader, "criteria_set", "qd26-26").content.decode()
    html = page(reader, "criteria_set", "qd26-11").content.decode()
    assert "Dừng đánh giá:" in html
    assert "chỉ tính điểm khi tiêu chí" in html
    assert 'id="tc-6.1.1"' in html


def test_an_unknown_set_is_not_found(reader):
    assert reader.get(reverse("evaluation:criteria_set", args=["qd26-27"])).status_code == 404


def test_search_without_diacritics_finds_and_marks_the_words(reader):
    html = page(reader, "criteria_set", "qd26-01", q="ghi nhan").content.decode()
    assert "<mark>Ghi nhãn</mark>" in html or "<mark>ghi nhãn</mark>" in html
    assert html.count('<article class="criterion') < 20
    everywhere = page(reader, "criteria", q="ghi nhan").content.decode()
    assert "ghi nhãn</mark>" in everywhere.lower()


def test_search_keeps_the_headings_above_what_it_finds(criteria):
    parts = queries.parts_of(CriteriaSet.objects.get(code="qd26-11").pk)
    lines = [line for part in queries.narrowed(parts, "tap chat khong chap nhan") for line in part.lines]
    codes = [line.criterion.code for line in lines]
    assert codes == ["6", "6.1", "6.1.1"]
    assert [line.depth for line in lines] == [1, 2, 3]


def test_search_that_finds_nothing_says_so_and_keeps_the_words(reader):
    html = page(reader, "criteria_set", "qd26-01", q="<xyz>").content.decode()
    assert "Không tìm thấy" in html
    assert 'value="&lt;xyz&gt;"' in html
    assert "Không tìm thấy" in page(reader, "criteria", q="xyz").content.decode()
    assert "Không tìm thấy" not in page(reader, "criteria").content.decode()


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ghi nhãn hàng hóa", "nhan", "Ghi <mark>nhãn</mark> hàng hóa"),
        ("đường Đ", "d", "<mark>đ</mark>ường <mark>Đ</mark>"),
        ("a < b & nhãn", "nhãn", "a &lt; b &amp; <mark>nhãn</mark>"),
        ("mã số/mã vạch", "so ma", "mã <mark>số/mã</mark> vạch"),
        ("nhãn", "", "nhãn"),
        ("nhãn", "…", "nhãn"),
    ],
)
def test_marking(text, words, expected):
    assert marked(text, words) == expected


def test_folding_agrees_for_text_and_words():
    assert folded("  Đảm bảo – ATTP ≥ 75%…") == "dam bao attp 75"


def test_the_errata_are_a_table_with_what_is_printed_and_what_is_used(reader):
    html = page(reader, "errata").content.decode()
    assert html.count("<tr>") == 19  # head and 18 slips
    assert "13 điểm" in html and "3 điểm" in html
    assert "Giữ như bản in" in html


def test_a_table_takes_three_queries_and_the_list_two(criteria, django_assert_num_queries):
    pk = CriteriaSet.objects.get(code="qd26-26").pk
    with django_assert_num_queries(3):
        assert [len(part.lines) for part in queries.parts_of(pk)] == [15, 10, 12]
    with django_assert_num_queries(2):
        assert sum(len(version.sets.all()) for version in queries.versions_with_sets()) == 26


def test_searching_everywhere_asks_for_the_version_only_once_the_words_are_known(
    criteria, django_assert_num_queries
):
    first = queries.find_everywhere("cau truc cau chuyen")
    with django_assert_num_queries(1):
        assert queries.find_everywhere("cấu trúc câu chuyện") == first
    assert len({find.criteria_set.pk for find in first}) == 25


def test_reading_writes_nothing(reader):
    with CaptureQueriesContext(connection) as made:
        page(reader, "criteria")
        page(reader, "criteria_set", "qd26-01", q="nhan")
    assert not [query["sql"] for query in made if re.search(r"\b(INSERT|UPDATE|DELETE)\b", query["sql"])]


def test_only_people_with_a_role_read_the_tables(client, criteria):
    address = reverse("evaluation:criteria")
    assert client.get(address).status_code == 302
    client.force_login(make_user("khach"))
    assert client.get(address).status_code == 403
