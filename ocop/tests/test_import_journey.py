"""A list of past years comes in: with errors first, mended, then without; walked in a real browser."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.tests.factories import make_province
from core.services import load_units
from ocop.tests.browser import PATIENCE_MS, Arrive, Person, arrive_fixture, browser_fixture  # noqa: F401
from products.models import Entity, Import, Product, Recognition
from products.tests.factories import make_entity, provincial_officer
from products.tests.import_files import line, save

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]
PARTED = {"commune": "Phường Đại Nài", "district": "TP Hà Tĩnh"}
GOOD = (
    line(product="Bánh đa vừng", code="42-18685-04-2023"),
    line(product="Kẹo cu đơ", entity="Hộ Phan Thị Thử", star="4 sao", decided_on=2024, commune="Cẩm Vịnh",
         district="TP Hà Tĩnh", product_set=None, decision_number=None),
    line(product="Bún khô", entity="THT Bún khô Đại Nài", **PARTED),
    line(product="Nước mắm", entity="HTX Nước mắm Thiên Cẩn", commune="Thiên Cầm", product_set=9),
)  # fmt: skip
BAD = (
    line(product="Mật ong", star=2),
    line(product="Cam bù", commune="Xã Không Có Đâu", decided_on="31/02/2023", product_set=1),
    line(product="Chè xanh", entity="Hîp t¸c x· ChÌ", tax_code="0100109107", product_set=11),
)


@pytest.fixture
def officer(criteria, transactional_db):
    load_units("42")
    commune = make_province().children.get(name="Xã Thiên Cầm")
    make_entity(
        "HTX Nước mắm Thiên Cầm", commune=commune, address="Tổ dân phố Trần Phú", tax_code="0100109106"
    )
    return provincial_officer()


def test_a_list_with_errors_is_mended_and_written(arrive: Arrive, officer, tmp_path: Path) -> None:
    person = arrive(officer)
    person.page.goto("/san-pham/")
    person.follow("Nhập từ Excel")
    person.sees("Nhập dữ liệu từ Excel", "Điền tệp mẫu", picture="nhap-1-mau")
    fetch_the_template(person, tmp_path)
    upload(person, save(tmp_path / "danh-sach-2023.xlsx", *GOOD, *BAD))
    person.sees("danh-sach-2023.xlsx", "Đã kiểm tra, chờ xác nhận", "1 và 2 sao không nhập", "TCVN3 (ABC)")
    person.sees("danh-sach-2023.xlsx", "Còn 5 dòng lỗi hoặc chờ trả lời", picture="nhap-2-kiem-tra")
    assert Product.objects.count() == 0
    answer(person)
    expect(person.page.locator("body")).to_contain_text("Còn 3 dòng lỗi", timeout=PATIENCE_MS)
    upload_the_mended_one(person, tmp_path)
    write_all(person)
    see_what_was_written(person, tmp_path)


def fetch_the_template(person: Person, folder: Path) -> None:
    with person.page.expect_download() as download:
        person.follow("Tải tệp mẫu")
    download.value.save_as(folder / "mau.xlsx")
    assert load_workbook(folder / "mau.xlsx").sheetnames == ["Sản phẩm", "Hướng dẫn", "Danh mục"]


def upload(person: Person, path: Path) -> None:
    person.page.goto("/nhap-du-lieu/")
    person.page.set_input_files("#id_file", path)
    person.press("Tải lên và kiểm tra")


def answer(person: Person) -> None:
    """The parted commune is chosen from its parts; the like entity is said to be the known one."""
    questions = person.page.locator(".import-question")
    questions.filter(has_text="Đại Nài").locator("select").select_option(label="Phường Hà Huy Tập")
    questions.filter(has_text="Thiên Cẩn").get_by_text("Trùng với").click()
    person.press("Lưu câu trả lời và kiểm tra lại")


def upload_the_mended_one(person: Person, folder: Path) -> None:
    upload(person, save(folder / "danh-sach-da-sua.xlsx", *GOOD))
    person.sees("danh-sach-da-sua.xlsx", "Cần bạn trả lời")
    answer(person)
    expect(person.page.locator(".import-counts")).to_contain_text("Chờ trả lời0", timeout=PATIENCE_MS)


def write_all(person: Person) -> None:
    person.page.get_by_text("Chỉ ghi khi mọi dòng đều đúng").click()
    person.press("Ghi vào hệ thống")
    person.agree("Ghi")
    person.sees("danh-sach-da-sua.xlsx", "Đã ghi xong", "4 dòng thêm mới", picture="nhap-3-xong")


def see_what_was_written(person: Person, folder: Path) -> None:
    assert set(Product.objects.values_list("name", flat=True)) == {
        "Bánh đa vừng",
        "Kẹo cu đơ",
        "Bún khô",
        "Nước mắm",
    }
    assert Product.objects.get(name="Nước mắm").entity == Entity.objects.get(tax_code="0100109106")
    assert Product.objects.get(name="Bún khô").commune.name == "Phường Hà Huy Tập"
    assert Recognition.objects.get(product__name="Kẹo cu đơ").year_only
    with person.page.expect_download() as download:
        person.follow("Tải tệp kết quả")
    download.value.save_as(folder / "ket-qua.xlsx")
    rows = list(load_workbook(folder / "ket-qua.xlsx").active.values)
    assert [row[-2] for row in rows] == ["Kết quả", *["Đã thêm"] * 4]


@pytest.mark.parametrize("screen", ["tablet", "phone"])
def test_the_check_is_read_on_smaller_screens(arrive: Arrive, officer, tmp_path: Path, screen: str) -> None:
    person = arrive(officer, screen=screen)
    upload(person, save(tmp_path / "danh-sach-2023.xlsx", *GOOD, *BAD))
    person.sees("danh-sach-2023.xlsx", "Cần bạn trả lời", picture="nhap-2-kiem-tra")
    assert Import.objects.get().findings["counts"]["error"] == 3
