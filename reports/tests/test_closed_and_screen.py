"""The dashboard as of a closed period, on the large screen, and as a workbook."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from reports.builders import progress
from reports.document import as_data
from training import services
from training.models import FigureSet
from training.tests import factories
from training.tests.factories import make_plan, make_target, writer

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
URL = "/bao-cao/bang-dieu-hanh/"


@pytest.fixture(autouse=True)
def as_of_november(monkeypatch):
    """The figures were counted by hand for this day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY)


@pytest.fixture
def leader(client):
    user = make_user("lanh-dao", Role.LEADERSHIP)
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def plan():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    plan.tasks.create(title="Việc trễ", lead_unit="Sở A", due_on=date(2026, 9, 1))
    plan.budget_lines.create(purpose="Tập huấn", planned=100, spent=40, spent_on=date(2026, 9, 1))
    return plan


def closed(plan, leader):
    made = services.freeze_figures(plan=plan, kind="quarter", year=2026, number=3, by=writer())
    return services.decide_figures(figure_set=made, approve=True, by=leader.user)


def sheets_of(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content)))


def test_closed_period_shows_its_figures_whatever_was_recorded_since(leader, plan):
    """By 14/9: Kẹo cu đơ and Cam bù of 4 stars; one of four persons trained; the task was late."""
    version = closed(plan, leader)
    factories.recognise(factories.make_product("Ghi sau"), date(2026, 5, 1))
    plan.tasks.all().delete()
    page = leader.get(URL, {"plan": plan.code, "chot": "20/11/2026"})
    board = page.context["board"]
    assert [(card.value, card.planned) for card in board.cards] == [("2", "4")]
    assert [(name, stars) for name, stars in board.standing.families] == [("I Thực phẩm", {4: 2})]
    assert [(row.label, row.number) for row in board.standing.communes] == [
        ("Xã Cẩm Bình", 1), ("Xã Cẩm Xuyên", 1),
    ]  # fmt: skip
    assert (board.standing.trained, board.standing.register) == (1, 4)
    assert board.standing.late[0][1][0].title == "Việc trễ"
    assert board.money.spent == 40
    text = page.content.decode()
    assert "Số liệu đã chốt đến hết ngày 14/09/2026" in text
    assert "duyệt ngày" in text and f"/{version.pk}/" in text
    book = sheets_of(leader.get(f"{URL}tai-ve/", {"plan": plan.code, "chot": "2026-11-20"}))
    assert book["Sao theo nhóm"]["C4"].value == 2
    assert book["Số liệu đã chốt"]["B7"].value.date() == date(2026, 9, 14)


def test_report_on_a_closed_period_tells_the_stars_persons_and_money_of_then(leader, plan):
    """A third product, decided on 1/5, and more spending are entered only after the closing."""
    version = closed(plan, leader)
    factories.recognise(factories.make_product("Ghi sau"), date(2026, 5, 1))
    plan.budget_lines.update(spent=90)
    data = as_data(progress.build(plan, period_to=version.as_of, today=DAY, figure_set=version))
    blocks = [block for section in data["sections"] for block in section["blocks"]]
    tables = {block["caption"].split(". ")[-1]: block for block in blocks if block["kind"] == "table"}
    in_force = tables["Sản phẩm còn hiệu lực đến hết ngày 14/09/2026"]
    assert in_force["rows"][-1]["cells"] == ["Tổng cộng", "0", "2", "0", "2"]
    assert [row["cells"] for row in tables["Kinh phí theo nguồn"]["rows"]] == [
        ["1", "Ngân sách tỉnh", "100", "40"],
        ["", "Tổng cộng", "100", "40"],
    ]
    told = " ".join(block.get("text", "") for block in blocks)
    assert "Trong 4 người thuộc diện phải tập huấn, 1 người đã dự đủ" in told
    assert "đã chi 40 đồng trên 100 đồng, bằng 40% dự toán" in told


def test_version_from_before_more_was_kept_says_what_it_lacks(leader, plan):
    period = services.freeze_figures(plan=plan, kind="quarter", year=2026, number=2, by=writer()).period
    kept = {
        "time_share": "1/2",
        "tasks": 1,
        "tasks_done": 0,
        "tasks_overdue": 0,
        "planned": "100",
        "spent": 0,
    }
    old = make_plan("cu", make_province())
    made = FigureSet.objects.create(
        period=period, plan=old, number=1, as_of=period.ends_on, summary=kept, frozen_by=writer()
    )
    services.decide_figures(figure_set=made, approve=True, by=leader.user)
    page = leader.get(URL, {"plan": "cu", "chot": "2026-11-20"})
    assert "Bản này chốt trước khi hệ thống giữ kèm" in page.content.decode()


def test_day_without_closed_figures_leads_back_and_foreign_plan_is_404(leader, plan):
    answer = leader.get(URL, {"plan": plan.code, "chot": "2026-11-20"}, follow=True)
    assert "Đến ngày 20/11/2026 chưa có kỳ nào được chốt và duyệt." in answer.content.decode()
    assert "Ngày không đúng" in leader.get(URL, {"chot": "31/02/2026"}, follow=True).content.decode()
    make_plan("noi-khac", make_province("40", "Tỉnh Nghệ An"))
    for url in (URL, f"{URL}man-hinh/", f"{URL}tai-ve/"):
        assert leader.get(url, {"plan": "noi-khac", "chot": "2026-11-20"}).status_code == 404


def test_screen_is_a_page_of_its_own_and_refreshes_its_figures_alone(leader, plan):
    page = leader.get(f"{URL}man-hinh/", {"plan": plan.code}).content.decode()
    assert "<nav" not in page and 'hx-trigger="every 5m, refresh"' in page
    assert '<meta http-equiv="refresh" content="300">' in page
    part = leader.get(f"{URL}man-hinh/", {"plan": plan.code}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and 'id="screen-data"' in part and "Việc trễ" in part


def test_workbook_of_the_dashboard_holds_every_block_and_no_formula(leader, plan):
    soon = factories.make_product("=1+1")
    factories.recognise(soon, date(2024, 1, 15), expires_on=date(2027, 1, 15))
    factories.make_indicator("hoi-cho", name="Hội chợ", is_promotion=True)
    make_target(plan, value=2, code="hoi-cho")
    book = sheets_of(leader.get(f"{URL}tai-ve/", {"plan": plan.code}))
    assert book.sheetnames == [
        "Bảng điều hành", "Chỉ tiêu", "Lũy kế theo tháng", "Sao theo nhóm", "Xã, phường", "Hồ sơ theo bước",
        "Hết hạn theo tháng", "Sắp hết hạn 180 ngày", "Tập huấn", "Xúc tiến thương mại", "Nhiệm vụ quá hạn",
        "Đến hạn trong 30 ngày", "Kinh phí",
    ]  # fmt: skip
    assert [cell.value for cell in book["Chỉ tiêu"][4]][4:7] == [4, "3", 3]
    expiring = book["Sắp hết hạn 180 ngày"][4]
    assert (expiring[0].value, expiring[0].data_type, expiring[6].value.date()) == (
        "=1+1", "s", date(2027, 1, 15),
    )  # fmt: skip
    assert [cell.value for cell in book["Nhiệm vụ quá hạn"][4]][:2] == ["Sở A", "Việc trễ"]
    assert [cell.value for cell in book["Kinh phí"][5]][2:4] == [100, 40]
    assert "Hội chợ: chưa có số liệu / ≥ 2" in {row[0].value for row in book["Xúc tiến thương mại"]}
