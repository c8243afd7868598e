"""Cells as people write them, one by one."""

import datetime as dt

import pytest
from django.utils import timezone

from core.legacy_text import legacy_encoding
from products.enums import LegalForm
from products.imports import cells, guesses
from products.imports.columns import COLUMNS, column_of
from products.imports.findings import ERROR, WARNING, Findings
from products.imports.reading import Row
from products.models import ProductSet
from products.tests.import_files import GOOD

# As the reader of workbooks gives a day: without a zone.
MIDNIGHT = dt.datetime(2024, 1, 5)  # noqa: DTZ001


def read_day(value):
    say = Findings()
    return cells.day(value, cells.as_text(value), "decided_on", say), [item.level for item in say]


@pytest.mark.parametrize(
    ("written", "day", "year_only"),
    [
        ("25/12/2023", dt.date(2023, 12, 25), False),
        ("5-1-2024", dt.date(2024, 1, 5), False),
        ("05.01.2024", dt.date(2024, 1, 5), False),
        ("ngày 5 tháng 1 năm 2024", dt.date(2024, 1, 5), False),
        ("2024-01-05", dt.date(2024, 1, 5), False),
        (MIDNIGHT, dt.date(2024, 1, 5), False),
        (dt.date(2024, 1, 5), dt.date(2024, 1, 5), False),
        (45296.0, dt.date(2024, 1, 5), False),  # the number Excel keeps for that day
        ("45296", dt.date(2024, 1, 5), False),
        (2021.0, dt.date(2021, 12, 31), True),
        ("Năm 2021", dt.date(2021, 12, 31), True),
    ],
)
def test_dates_are_read_in_every_usual_form(written, day, year_only):
    assert read_day(written) == ((day, year_only), [])


@pytest.mark.parametrize("written", ["31/02/2023", "12/25/2023", "25/12/23", "hôm qua", "2023/13"])
def test_what_is_no_date_is_said(written):
    assert read_day(written) == (None, [ERROR])


@pytest.mark.parametrize(
    ("written", "stars"),
    [
        ("3", 3),
        (4.0, 4),
        ("5 sao", 5),
        ("★★★★", 4),
        ("***", 3),
        ("Hạng 4 sao", 4),
        ("Bốn sao", 4),
        ("Năm sao", 5),
    ],
)
def test_stars_are_read_in_words_and_signs(written, stars):
    say = Findings()
    assert cells.star(cells.as_text(written), say) == stars
    assert not say.items


@pytest.mark.parametrize("written", ["", "1", "2 sao", "6", "A", "3-4"])
def test_other_stars_are_refused(written):
    say = Findings()
    assert cells.star(written, say) == 0
    assert [item.level for item in say] == [ERROR]


@pytest.mark.parametrize(
    ("value", "code", "levels"),
    [
        ("0100109106", "0100109106", []),
        (100109106.0, "0100109106", [WARNING]),  # Excel dropped the zero
        ("0100109106-001", "0100109106-001", []),
        ("'0100109106", "0100109106", []),
        ("0100 109 106", "0100109106", []),
        ("0100109107", "", [ERROR]),  # wrong check digit
        ("abc", "", [ERROR]),
        ("", "", []),
    ],
)
def test_tax_codes(value, code, levels):
    say = Findings()
    assert cells.tax_code(value, cells.as_text(value), say) == code
    assert [item.level for item in say] == levels


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (3.0, "3"),
        (1.5, "1.5"),
        ("  Bánh   đa ", "Bánh đa"),
        ("Ba\u0301nh đa", "Bánh đa"),  # decomposed
        ("Bánh\u200b đa\xa0vừng", "Bánh đa vừng"),
        (MIDNIGHT, "05/01/2024"),
    ],
)
def test_text_is_cleaned_without_a_word(value, text):
    assert cells.as_text(value) == text


@pytest.mark.parametrize(
    "text",
    ["Hîp t¸c x· B×nh Minh", "§øc Thä", "X· CÈm B×nh", "N­íc m¾m", "B­ëi Phóc Tr¹ch", "R­îu nÕp", "KÑo cu ®¬"],
)
def test_tcvn3_is_recognised(text):
    assert legacy_encoding(text) == "TCVN3 (ABC)"


@pytest.mark.parametrize(
    "text", ["Hôïp taùc xaõ", "Xaõ Caåm Bình", "huyeän Höông Sôn", "Nöôùc maém", "Ñöùc Thoï", "Röôïu neáp"]
)
def test_vni_is_recognised(text):
    assert legacy_encoding(text) == "VNI"


@pytest.mark.parametrize(
    "text",
    [
        "Hợp tác xã Bánh đa", "Hoà Bình", "Nón lá", "Hoàn Thoáng toán", "Thuý", "Gạo ST25®", "Kem 5°",
        "Giò bê", "Xoài cát", "Café", "HTX ABC", "100 m²", "QUÝ", "Hòm", "tròn", "Bình Minh", "Coca®",
    ],
)  # fmt: skip
def test_unicode_is_left_in_peace(text):
    assert legacy_encoding(text) is None


def test_every_heading_of_the_template_is_its_own_column():
    assert [column_of(column.title) for column in COLUMNS] == [column.key for column in COLUMNS]
    assert [column_of(f"{column.title.upper()} (*)") for column in COLUMNS] == [c.key for c in COLUMNS]


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("TÊN SẢN PHẨM", "product"),
        ("Chu the", "entity"),
        ("MST", "tax_code"),
        ("Xã, phường, thị trấn", "commune"),
        ("Năm công nhận", "decided_on"),
        ("Số  QĐ", "decision_number"),
        ("Hạng sao (3, 4, 5)", "star"),
        ("Doanh thu", None),
    ],
)
def test_usual_headings_are_understood(heading, key):
    assert column_of(heading) == key


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("HTX Bánh đa Cẩm Bình", LegalForm.COOPERATIVE),
        ("Hợp tác xã nông nghiệp Bình Minh", LegalForm.COOPERATIVE),
        ("THT mật ong Vũ Quang", LegalForm.COOPERATIVE_GROUP),
        ("Công ty TNHH MTV Thử", LegalForm.SME),
        ("Trang trại Cam Vượng", LegalForm.FARM),
        ("Hộ kinh doanh Nguyễn Thị Thử", LegalForm.HOUSEHOLD),
        ("Nguyễn Thị Thử", LegalForm.HOUSEHOLD),
    ],
)
def test_the_legal_form_is_guessed_from_the_name(name, form):
    assert guesses.legal_form(name) == form


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Bánh đa vừng", 6), ("Mật ong rừng Vũ Quang", 4), ("Nước mắm Kỳ Ninh", 9), ("Rượu nếp", 14),
        ("Cam bù Hương Sơn", 1), ("Trà hoa vàng", 12), ("Chè xanh Tây Sơn", 11), ("Nón lá", 21),
        ("Du lịch cộng đồng Phú Lâm", 26), ("Mực một nắng", 8), ("Gạo sạch", 3),
    ],
)  # fmt: skip
def test_the_set_is_guessed_from_the_name(name, number):
    assert guesses.product_set(name) == number


def read(**values):
    reader = cells.Reader(list(ProductSet.objects.all()))
    return reader.read(Row(2, {**GOOD, **values}))


@pytest.mark.django_db
@pytest.mark.parametrize("written", [6.0, "6", "Bộ 6", "Bộ 06 - Chế biến từ gạo", "Chế biến từ gạo, ngũ cốc"])
def test_sets_are_read_by_number_and_name(criteria, written):
    record = read(product_set=written)
    assert (record.product_set.number, record.set_guessed) == (6, False)


@pytest.mark.django_db
def test_a_formula_without_a_result_is_said(criteria):
    row = Row(2, {**GOOD, "star": ""}, {"star": "", "entity": "#REF!"})
    say = cells.Reader(list(ProductSet.objects.all())).read(row).findings
    told = {item.key: item.message for item in say.of(ERROR)}
    assert "công thức chưa có kết quả" in told["star"]
    assert "#REF!" in told["entity"]
    assert len(told) == 2


@pytest.mark.django_db
def test_a_legacy_encoding_is_refused_with_advice(criteria):
    (error,) = read(entity="Hîp t¸c x· B×nh Minh").findings.of(ERROR)
    assert error.key == "entity"
    assert "Unikey" in error.message


@pytest.mark.django_db
def test_a_year_to_come_is_refused(criteria):
    (error,) = read(decided_on=timezone.localdate().year + 1).findings.of(ERROR)
    assert error.message == "Ngày quyết định sau hôm nay."
