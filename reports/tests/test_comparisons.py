"""Years side by side and communes side by side: figures by hand, lists, workbooks, number of queries."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit
from reports.comparisons import areas, communes, years
from reports.exports.dashboard import targets_sheet
from training import queries
from training.tests import factories
from training.tests.factories import make_plan, make_target

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
YEARS, COMMUNES = "/bao-cao/bang-dieu-hanh/so-sanh-nam/", "/bao-cao/bang-dieu-hanh/so-sanh-xa/"


@pytest.fixture(autouse=True)
def as_of_november(monkeypatch):
    """The figures were counted by hand for this day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY)


@pytest.fixture
def leader(client):
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    return client


def line(shown, label):
    return next(one for block in shown.blocks for one in block.lines if one.label == label)


def rows_at(client, url):
    return client.get(url).context["page"].paginator.count


def sheets_of(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def test_years_on_the_same_day_and_at_their_end(leader):
    """Valid on 21/11: 2024 Kẹo and Rượu, 2025 the same, 2026 Kẹo, Nước mắm, Cam bù."""
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    plan.budget_lines.create(purpose="Tập huấn", planned=100, spent=40, spent_on=DAY)
    shown = years.compare_years(make_province(), [2024, 2025, 2026], today=DAY, same_day=DAY)
    assert [cell.text for cell in line(shown, "Sản phẩm OCOP còn hiệu lực (lũy kế)").cells] == ["2", "2", "3"]
    assert [cell.text for cell in line(shown, "Sản phẩm 4 sao còn hiệu lực").cells] == ["0", "0", "2"]
    recognised = line(shown, "Sản phẩm được công nhận từ 3 sao trở lên").cells
    assert [cell.text for cell in recognised] == ["1", "1", "3"]
    assert [cell.change for cell in recognised] == ["", "không đổi", "tăng 2 (200 %)"]
    assert recognised[2].planned == "≥ 4"
    assert [cell.text for cell in line(shown, "Hồ sơ nộp").cells] == ["0", "0", "4"]
    assert [cell.text for cell in recognised] == ["1", "1", "3"]
    assert shown.without_dossiers == "2024, 2025"
    assert line(shown, "Tỷ lệ người được tập huấn").cells[2].note == "2/4 người"
    assert [cell.text for cell in line(shown, "Tỷ lệ đã chi").cells] == ["", "", "40 %"]
    for label in ("Sản phẩm 4 sao còn hiệu lực", "Hồ sơ nộp", "Sản phẩm tham gia", "Lượt học viên"):
        cell = line(shown, label).cells[2]
        assert rows_at(leader, cell.url) == cell.value, label
    whole = years.compare_years(make_province(), [2025, 2026], today=DAY)
    assert line(whole, "Sản phẩm được công nhận từ 3 sao trở lên").cells[1].change == ""


def test_communes_hold_what_was_recognised_given_and_owed(leader):
    factories.small_province()
    plan = make_plan()
    binh, xuyen = make_commune(*factories.BINH), make_commune(*factories.XUYEN)
    make_target(plan, "products_recognised", 2, unit=binh)
    make_target(plan, "products_joined", 5, unit=binh)
    plan.tasks.create(title="Việc", lead_unit="UBND xã", lead_admin_unit=xuyen, due_on=date(2026, 5, 1))
    shown = communes.compare_communes(areas.communes_of(make_province()), DAY)
    first, second = shown.rows
    read = {column.name: first.figures[column.name].text for column in communes.COLUMNS[1:]}
    assert read == {
        "products_recognised_cumulative": "2",
        "valid_5": "0",
        "valid_4": "1",
        "valid_3": "1",
        "products_joined": "2",
        "products_recognised": "2",
        "allocated": "2",
        "reached": "1/2",
        "products_expiring": "0",
        "late": "0",
        "persons_trained_share": "50 %",
    }
    assert second.figures["late"].text == "1"
    assert rows_at(leader, second.figures["late"].url) == 1
    assert rows_at(leader, first.figures["products_joined"].url) == 2
    assert shown.total.figures["persons_trained_share"].note == "2/4"  # with the province's own officials
    by_stars = communes.arranged(shown.rows, "valid_4", descending=True)
    assert [row.unit.name for row in by_stars] == [
        "Xã Cẩm Bình",
        "Xã Cẩm Xuyên",
    ]  # equals in Vietnamese order


def test_merged_commune_counts_for_its_successor_and_is_found_by_its_old_name(leader):
    factories.small_province()
    province, xuyen = make_province(), make_commune(*factories.XUYEN)
    old = AdminUnit.objects.create(
        name="Xã Cẩm Cũ", code="18600", level="commune", kind="xa", parent=province,
        valid_from=date(2000, 1, 1), valid_to=date(2026, 6, 30), merged_into=xuyen,
    )  # fmt: skip
    former = factories.make_product("Chè cũ", factories.make_entity("HTX Cũ", old))
    factories.recognise(former, date(2026, 2, 2))
    page = leader.get(COMMUNES, {"tim": "cam cu"})
    (row,) = [one["row"] for one in page.context["lines"]]
    assert (row.unit, row.figures["products_recognised"].text) == (xuyen, "2")
    assert rows_at(leader, row.figures["products_recognised"].url) == 2
    assert "tên cũ" in page.context["remark"]
    chosen = leader.get(COMMUNES, {"xa": [old.pk, make_commune(*factories.BINH).pk]})
    assert [unit.name for unit, _ in chosen.context["chosen"]] == ["Xã Cẩm Xuyên", "Xã Cẩm Bình"]


def test_foreign_commune_404_and_bad_addresses_ignored(leader):
    factories.small_province()
    abroad = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    for url in (COMMUNES, "/bao-cao/bang-dieu-hanh/danh-sach/valid_3/"):
        assert leader.get(url, {"xa": abroad.pk}).status_code == 404
        assert leader.get(url, {"xa": "9" * 30, "tu": "x", "den": "0001-01-01"}).status_code in (200, 404)
        assert leader.get(url, {"tinh": abroad.parent_id}).status_code == 404
    assert leader.get("/bao-cao/bang-dieu-hanh/danh-sach/khong-co/").status_code == 404
    strange = {"den-nam": "x", "so-nam": "99", "ngay": "31/02/2026", "cach": "?"}
    assert leader.get(YEARS, strange).status_code == 200


@pytest.mark.parametrize("copies", [1, 3])
def test_pages_ask_the_same_number_of_queries_whatever_the_rows(leader, django_assert_num_queries, copies):
    factories.small_province()
    for copy in range(copies):
        year = 2026 - copy
        plan = make_plan(f"nam-{year}", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
        commune = make_commune(f"Xã {copy}", f"1870{copy}")
        make_target(plan, "products_recognised", 2, unit=commune)
        plan.tasks.create(title="Việc", lead_unit="Xã", lead_admin_unit=commune, due_on=date(2026, 1, 2))
        factories.recognise(
            factories.make_product("Thêm", factories.make_entity(f"HTX {copy}", commune)), date(2026, 3, 1)
        )
    leader.get(YEARS)
    with django_assert_num_queries(14):
        leader.get(YEARS, {"so-nam": 2 + copies - 1})
    with django_assert_num_queries(15):
        leader.get(COMMUNES, {"xa": [unit.pk for unit in AdminUnit.objects.communes()[:copies]]})


def test_a_workbook_cuts_a_share_as_the_page_does():
    plan = make_plan()
    make_target(plan, value=100, operator="percent")
    (target,) = queries.plan_progress(plan).targets
    (row,) = targets_sheet([replace(target, actual=Decimal("99.996"))]).rows
    assert row[6] == Decimal("99.99")


def test_workbooks_hold_numbers_as_numbers_and_say_what_they_are(leader):
    factories.small_province()
    book = sheets_of(leader.get(f"{YEARS}tai-ve/"))
    assert book.sheetnames[:2] == ["So sánh các năm", "Sản phẩm còn hiệu lực"]
    assert [row[4] for row in book["Sản phẩm còn hiệu lực"].iter_rows(min_row=4, max_row=4, values_only=True)]
    facts = dict(book["So sánh các năm"].iter_rows(min_row=4, max_col=2, values_only=True))
    assert facts["Người tải"] == "Lanh-Dao"
    assert facts["Năm 2026"].startswith("số liệu đến ngày 21/11/2026")
    binh = make_commune(*factories.BINH)
    book = sheets_of(leader.get(f"{COMMUNES}tai-ve/", {"xa": binh.pk}))
    assert [row[:2] for row in book["Xã, phường"].iter_rows(min_row=4, values_only=True)] == [
        ("Xã Cẩm Bình", 2), ("Xã Cẩm Xuyên", 1), ("Tỉnh Hà Tĩnh", 3),
    ]  # fmt: skip
    assert book["Các xã đã chọn"]["B3"].value == "Xã Cẩm Bình"
    assert Decimal(str(book["Các xã đã chọn"]["B4"].value)) == 2
