"""The real plans with every figure of their sources, read off the plan's page and off the dashboard.

Each page is taken apart into lines and cards first, so that a figure counts only beside its own target.
"""

from xml.etree.ElementTree import Element

import pytest
import tinyhtml5
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from training import plan_files, services

pytestmark = pytest.mark.django_db
ALL, DISTRICT = "Toàn tỉnh", "mỗi huyện, thành phố"
NONE, REACHED, MISSED = "Chưa có số liệu", "Đạt", "Quá hạn, chưa đạt"

# Plan: (number of the indicator in the sources' table, name, scope, planned, reached, status).
FIGURES = {
    "tb-2020": [
        (1, "Cán bộ quản lý OCOP và lãnh đạo doanh nghiệp, hợp tác xã tham gia OCOP được tập huấn",
         ALL, "100 %", "–", NONE),
        (2, "Sản phẩm chủ lực được nâng cấp, có thương hiệu và thị trường", ALL, "15-20", "–", NONE),
        (3, "Sản phẩm chủ lực được nâng cấp, có thương hiệu và thị trường", DISTRICT, "2-3", "–", NONE),
        (4, "Sản phẩm phát triển mới", ALL, "≥ 8", "–", NONE),
        (5, "Sản phẩm phát triển mới", DISTRICT, "1-2", "–", NONE),
        (6, "Tổ chức kinh tế hiện có được củng cố, nâng cấp", ALL, "≥ 15", "–", NONE),
        (7, "Tổ chức kinh tế mới tham gia OCOP", ALL, "≥ 1", "–", NONE),
        (0, "Huyện, thành phố tổ chức xong lớp tập huấn và báo cáo UBND tỉnh", ALL, "trước 15/7/2020", "–",
         NONE),
    ],
    "ht-2019": [
        (8, "Sản phẩm, dịch vụ tham gia Chương trình", ALL, "≥ 60", "–", NONE),
        (9, "Sản phẩm, dịch vụ đạt chuẩn OCOP", ALL, "≥ 25", "–", NONE),
        (10, "Trong đó hoàn thiện, chuẩn hóa sản phẩm đã có", ALL, "≥ 20", "–", NONE),
        (11, "Trong đó phát triển mới", ALL, "≥ 5", "–", NONE),
        (12, "Sản phẩm được xếp hạng từ 3 sao trở lên", ALL, "≥ 10", "–", NONE),
        (13, "Tổ chức kinh tế hiện có được củng cố, nâng cấp", ALL, "≥ 30", "–", NONE),
        (14, "Tổ chức kinh tế mới tham gia OCOP", ALL, "≥ 10", "–", NONE),
        (15, "Mô hình điểm", ALL, "Xây dựng mô hình điểm", "–", NONE),
    ],
    "qg-2018-2020": [
        (16, "Tỉnh, thành phố đã tổ chức đánh giá, phân hạng", "Cả nước", "48", "48", REACHED),
        (17, "Sản phẩm được công nhận từ 3 sao, cả nước", "Cả nước", "> 2.160", "trên 2.160 sản phẩm",
         "Nguồn không nêu số lẻ"),
        (18, "Tỷ lệ hoàn thành mục tiêu Chương trình", "Cả nước", "100 %", "90,4 %", MISSED),
        (0, "Sản phẩm theo mục tiêu Chương trình, cả nước (suy ra)", "Cả nước", "2.389-2.400", "2.160",
         MISSED),
        (19, "Tỉnh miền Bắc đã tổ chức đánh giá", "Cả nước", "22/25", "22/25", REACHED),
        (20, "Tỷ trọng sản phẩm OCOP của miền Bắc so với cả nước", "Cả nước", "55,74 %", "55,74 %", REACHED),
        (21, "Tỉnh miền Bắc trong 5 tỉnh dẫn đầu cả nước", "Cả nước", "4/5", "4/5", REACHED),
        (22, "Xã đạt chuẩn nông thôn mới, tỉnh Thái Nguyên (bối cảnh)", "Cả nước", "103/143", "103/143",
         REACHED),
    ],
    "bt-2020": [
        (0, "Cơ cấu lại kinh tế nông thôn và thu nhập", ALL,
         "Cơ cấu lại kinh tế nông thôn, nâng cao thu nhập", "–", NONE),
        (0, "Hình thức tổ chức sản xuất", ALL, "Phát triển các hình thức tổ chức sản xuất", "–", NONE),
        (0, "Công nghiệp hóa nông thôn, giảm di dân, bảo vệ môi trường", ALL,
         "Công nghiệp hóa nông thôn, giảm di dân, bảo vệ môi trường", "–", NONE),
        (0, "Tập huấn cán bộ cấp tỉnh", ALL, "trước 19/6/2020", "xong 19/06/2020", REACHED),
    ],
}  # fmt: skip

# What the page of a plan says besides: documents, dates, who does what, and the notes of a value.
WORDS = {
    "tb-2020": [
        "Quyết định 2904/QĐ-UBND, ngày 16/10/2019",
        "Hội nghị, ngày 16/06/2020",
        "tiến độ còn chậm",
        "nông sản, thủy sản chế biến và thủ công mỹ nghệ",
        "có người dân địa phương tham gia quản lý",
        "8 đơn vị cộng lại 16-24, chỉ tiêu chung 15-20",
    ],
    "ht-2019": [
        "Quyết định 3292/QĐ-UBND, ngày 01/11/2018",
        "giai đoạn 2018-2020, định hướng đến năm 2030",
        "Hội nghị trực tuyến, ngày 28/02/2019",
        "13 điểm cầu cấp huyện",
        "Hoạt động chính thứ 13 của kế hoạch",
    ],
    "bt-2020": [
        "Quyết định, ngày 17/06/2019, Chủ tịch UBND tỉnh Bình Thuận",
        "Kế hoạch 3100/KH-UBND, ngày 21/08/2019",
        "Lớp 2 ngày 18-19/6/2020 do Sở Nông nghiệp và Phát triển nông thôn tổ chức",
    ],
    "qg-2018-2020": [
        "Hội nghị, ngày 13/11/2020",
        "Hà Nội 301, Quảng Ninh 191, Hà Giang 120, Bắc Kạn 105",
        "từ 40/143 xã",
        "giám sát sản phẩm đã được chứng nhận",
        "đến 31/10/2020",
    ],
}

# Lead unit and day of the tasks that have a day.
DEADLINES = {
    "tb-2020": [
        ("Văn phòng Điều phối nông thôn mới tỉnh", "30/06/2020", "(trong tháng 6/2020)"),
        ("UBND các huyện, thành phố", "15/07/2020", "(trước 15/7/2020)"),
    ],
    "bt-2020": [("Sở Nông nghiệp và Phát triển nông thôn", "19/06/2020", "18-19/6/2020")],
}


@pytest.fixture
def page_of(client):
    """The page at an address as a tree, as leadership sees it; the plan of the code is loaded."""
    make_province()
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))

    def get(code: str, address: str, **query: str) -> Element:
        services.load_plan_file(plan_files.FOLDER / f"{code}.yaml", by=None)
        return tinyhtml5.parse(client.get(address, query).content.decode(), namespace_html_elements=False)

    return get


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def with_class(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if name in element.get("class", "").split()]


def cells_of(row: Element) -> dict[str, str]:
    """A line of a table of the house: its name, and each cell by the heading it carries."""
    cells = {cell.get("data-label", ""): words_of(cell) for cell in row.iter("td")}
    return {"": words_of(next(row.iter("a"))), **{head: words for head, words in cells.items() if head}}


def test_indicators_1_to_22_are_all_here():
    numbers = [figure[0] for figures in FIGURES.values() for figure in figures]
    assert sorted(number for number in numbers if number) == list(range(1, 23))


@pytest.mark.parametrize("code", FIGURES)
def test_page_of_the_plan_shows_every_figure_beside_its_target(page_of, code):
    page = page_of(code, reverse("training:plan", args=[code]))
    (table,) = with_class(page, "targets")
    shown = [cells_of(row) for row in table.iter("tr") if row.find("td") is not None]
    found = [
        (row[""], row["Phạm vi"], row["Kế hoạch"], row["Thực hiện"].split("đến ")[0], row["Tình trạng"])
        for row in shown
    ]
    assert found == [figure[1:] for figure in FIGURES[code]]
    whole = words_of(page)
    assert [words for words in WORDS[code] if words not in whole] == []


@pytest.mark.parametrize("code", DEADLINES)
def test_page_of_the_plan_shows_who_owes_what_by_when(page_of, code):
    page = page_of(code, reverse("training:plan", args=[code]))
    tasks = [row for row in page.iter("tr") if row.get("id", "").startswith("nhiem-vu-")]
    owed = [(cells_of(row), words_of(row)) for row in tasks]
    dated = [(cells, words) for cells, words in owed if cells["Hạn"] != "–"]
    assert len(dated) == len(DEADLINES[code])
    for (cells, words), (unit, day, source) in zip(dated, DEADLINES[code], strict=True):
        assert cells["Chủ trì"].startswith(unit)
        assert (cells["Hạn"], source in words) == (day, True)


@pytest.mark.parametrize("code", FIGURES)
def test_dashboard_shows_every_figure_in_the_card_of_its_target(page_of, code):
    page = page_of(code, reverse("reports:dashboard"), plan=code)
    cards = [(words_of(next(card.iter("h2"))), words_of(card)) for card in with_class(page, "target-card")]
    for number, name, scope, planned, reached, _ in FIGURES[code]:
        # Parts of a total, and what each district is given, stand in the card of the total.
        inside = [words for title, words in cards if title == name or f"{name}:" in words]
        assert len(inside) == 1, (number, name, cards)
        (words,) = inside
        assert planned in words, (number, name, words)
        assert reached in words or reached == "–", (number, name, words)
        assert scope in words or scope in (ALL, "Cả nước"), (number, name, words)
