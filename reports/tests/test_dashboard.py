"""The leadership dashboard: its figures by hand, its links, its number of queries."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html import unescape

import pytest

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import make_commune, make_province, make_user, one_of_each_role
from reports import dashboard
from training import plan_files, queries, services
from training.indicators import REGISTRY
from training.tests import factories
from training.tests.factories import make_plan, make_target

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
URL = "/bao-cao/bang-dieu-hanh/"


@pytest.fixture(autouse=True)
def as_of_november(monkeypatch):
    """The figures were counted by hand for this day."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: DAY)


def board_of(plan, **query):
    """The page as the leadership of the plan's province asks for it."""
    name = f"lanh-dao-{plan.unit_id}"
    leader = User.objects.filter(username=name).first() or make_user(name, Role.LEADERSHIP, plan.unit)
    return dashboard.dashboard_of(dashboard.choose(leader, {"plan": plan.code, **query}))


def steps_of(board):
    return {step.label: step for step in (*board.road.steps, *board.road.ends)}


def test_cards_are_the_targets_of_the_whole_plan_with_value_and_plan():
    factories.small_province()
    plan = make_plan()
    total = make_target(plan, "products_recognised", 4)
    make_target(plan, "products_new", 1, part_of=total)
    make_target(plan, "products_joined", 6, operator="range", value_to=Decimal(8))
    make_target(plan, "products_joined", 1, unit=make_commune(*factories.BINH))
    make_target(plan, "persons_trained_share", 100, operator="percent")
    make_target(plan, value=3)
    cards = board_of(plan).cards
    assert [(card.value, card.planned) for card in cards] == [
        ("3", "4"),
        ("3", "6-8"),
        ("50 %", "100 %"),
        ("–", "≥ 3"),
    ]
    assert cards[0].url == cards[0].target.list_url
    (part,) = cards[0].below
    assert (part.value, part.planned) == ("1", "1")


def test_same_indicator_for_each_unit_stands_below_its_total_or_alone():
    plan = make_plan()
    make_target(plan, value=15)
    make_target(plan, value=2, per_unit="mỗi huyện", units_count=8)
    make_target(plan, value=1, per_unit="mỗi xã", units_count=69, code="khac")
    first, alone = board_of(plan).cards
    assert [card.target.scope_text for card in first.below] == ["mỗi huyện"]
    assert alone.target.scope_text == "mỗi xã"


def test_each_commune_counts_the_communes_that_reached_it():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 2, per_unit="mỗi xã, phường", units_count=69)
    (card,) = board_of(plan).cards
    assert (card.value, card.planned) == ("1", "69 đơn vị")
    # Communes are counted: the list of products they reached it with holds two.
    assert card.url == f"/ke-hoach/muc-tieu/{card.target.target_id}/"


def test_stars_communes_and_total_of_products_in_force():
    factories.small_province()
    board = board_of(make_plan())
    assert board.valid_total == 3  # Kẹo 4, Nước mắm 3, Cam 4
    assert "I Thực phẩm: 1 sản phẩm 3 sao, 2 sản phẩm 4 sao, 0 sản phẩm 5 sao" in board.stars_chart
    assert [(row.name, row.number) for row in board.communes] == [("Xã Cẩm Bình", 2), ("Xã Cẩm Xuyên", 1)]


def test_every_commune_is_in_the_table_and_sorts_by_products_name_or_star():
    factories.small_province()
    make_commune("Xã Ân Phú", "18301")
    recognise_more = factories.make_product(
        "Đồ gỗ", factories.make_entity("HTX Đan", make_commune("Xã Đan", "18302"))
    )
    factories.recognise(recognise_more, date(2026, 2, 2), 5)
    plan = make_plan()

    def names(**query):
        return [row.name.removeprefix("Xã ") for row in board_of(plan, **query).communes]

    assert names() == ["Cẩm Bình", "Cẩm Xuyên", "Đan", "Ân Phú"]
    assert names(sap="ten") == ["Ân Phú", "Cẩm Bình", "Cẩm Xuyên", "Đan"]
    assert names(sap="sao-5")[0] == "Đan"
    assert names(sap="<hu>") == names()


def test_funnel_counts_dossiers_of_the_year_by_state():
    factories.small_province()
    numbers = {label: step.number for label, step in steps_of(board_of(make_plan())).items()}
    assert numbers["Đang soạn"] == 1
    assert numbers["Trả lại để bổ sung"] == 1
    assert numbers["Đã công nhận"] == 3
    assert numbers["Không được công nhận"] == 1
    assert sum(numbers.values()) == 6


def test_the_dossiers_of_a_communes_own_plan_open_as_its_own_list(client):
    factories.small_province()
    binh = make_commune(*factories.BINH)
    board = board_of(make_plan("binh-2026", binh, level="commune", parent=make_plan()))
    client.force_login(make_user("can-bo", Role.PROVINCIAL_OFFICER))
    for step in (*board.road.steps, *board.road.ends):
        assert client.get(step.url).context["page_obj"].paginator.count == step.number
    assert sum(step.number for step in board.road.ends) == 3


def test_certificates_expiring_in_the_coming_months():
    for number, expires in enumerate(
        [date(2026, 11, 30), date(2026, 12, 5), date(2026, 12, 31), date(2027, 5, 1)]
    ):
        product = factories.make_product(f"Sản phẩm {number}")
        factories.recognise(product, date(2024, 1, 1), expires_on=expires)
    board = board_of(make_plan())
    months = board.expiring
    assert [(month.month.month, month.number) for month in months] == [
        (11, 1), (12, 2), (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0),
    ]  # fmt: skip
    assert board.expiring_total == 4
    assert months[1].url.endswith("&expires=2026-12")
    # On 21/11/2026: what ends in May is filed from 02/11 on, what ends in March until 01/12.
    assert [month.window for month in (months[3], months[4], months[6], months[7])] == [
        "đã qua hạn nộp", "đang nhận hồ sơ", "đang nhận hồ sơ", "mở từ 03/12/2026",
    ]  # fmt: skip


def test_late_tasks_by_unit_most_first():
    plan = make_plan()
    for unit, due in [("Sở A", 1), ("Sở B", 1), ("Sở B", 2), ("Sở C", 30)]:
        plan.tasks.create(title="Việc", lead_unit=unit, due_on=date(2026, 11, due))
    assert [(unit.name, len(unit.tasks)) for unit in board_of(plan).late] == [("Sở B", 2), ("Sở A", 1)]


def test_units_that_owe_as_much_stand_in_vietnamese_order_and_a_closed_plans_tasks_on_its_own_page(client):
    plan = make_plan()
    for unit in ("Hội Nông dân", "Đoàn Thanh niên"):
        plan.tasks.create(title="Việc", lead_unit=unit, due_on=date(2026, 6, 30))
    assert [unit.name for unit in board_of(plan).late] == ["Đoàn Thanh niên", "Hội Nông dân"]
    plan.status = "closed"
    plan.save()
    late = board_of(plan).late[0]
    assert late.url == "/ke-hoach/thu-2026/#nhiem-vu"
    client.force_login(User.objects.get(username=f"lanh-dao-{plan.unit_id}"))
    assert 'id="nhiem-vu"' in client.get(late.url).content.decode()


def test_training_coverage_counts_persons():
    factories.small_province()
    coverage = board_of(make_plan()).coverage
    assert (coverage.trained, coverage.total, coverage.share) == (2, 4, Fraction(1, 2))
    assert board_of(make_plan("khac", make_province("40", "Tỉnh Nghệ An"))).coverage.share is None


def test_growth_is_drawn_of_recognised_products_or_the_chosen_target():
    factories.small_province()
    plan = make_plan()
    joined = make_target(plan, "products_joined", 6)
    recognised = make_target(plan, "products_recognised", 4)
    make_target(plan, "products_recognised_cumulative", 9)
    assert board_of(plan).burn_target.target_id == recognised.pk
    board = board_of(plan, target=str(joined.pk))
    assert board.burn_target.target_id == joined.pk
    assert len(board.burn_choices) == 2  # a standing number has no growth
    assert "01/02/2026 1" in board.burn_chart and "21/11/2026 3" in board.burn_chart


def test_default_plan_is_the_own_provinces_yearly_plan_in_force():
    leader = make_user("lanh-dao", Role.LEADERSHIP)
    make_plan("cu", status="closed", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    make_plan("tham-khao", is_reference=True)
    make_plan("giai-doan", level="period", starts_on=date(2026, 2, 1))
    own = make_plan("nam-nay")
    assert dashboard.default_plan(dashboard.plans_of(leader), leader) == own
    before = make_plan("nam-truoc", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), status="closed")
    assert dashboard.choose(leader, {"year": "2025"}).plan == before
    assert dashboard.choose(leader, {"year": "nay"}).plan == own
    assert dashboard.default_plan([], leader) is None


@pytest.mark.parametrize("code", ["tb-2020", "ht-2019", "bt-2020", "qg-2018-2020", "ht-2026"])
def test_every_plan_of_the_demonstration_opens(client, code):
    make_province()
    plan = services.load_plan_file(plan_files.FOLDER / f"{code}.yaml", by=None)
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    page = client.get(URL, {"plan": code}).content.decode()
    assert plan.title in page
    for target in queries.plan_progress(plan).targets:
        if target.whole_plan and not target.is_part:
            assert target.label.replace("'", "&#x27;") in page


def test_dashboard_shows_the_figures_of_the_real_plans(client):
    make_province()
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    for path in plan_files.all_files():
        services.load_plan_file(path, by=None)
    figures = {
        "tb-2020": ["100 %", "15-20", "≥ 8", "≥ 15", "≥ 1", "trước 15/7/2020", "16-24", "2-3", "1-2"],
        "ht-2019": ["≥ 60", "≥ 25", "≥ 20", "≥ 5", "≥ 10", "≥ 30", "Xây dựng mô hình điểm"],
        "bt-2020": ["xong 19/06/2020"],
        "qg-2018-2020": ["48", "2.160", "90,4 %", "22/25", "55,74 %", "4/5", "103/143"],
    }
    for code, expected in figures.items():
        page = client.get(URL, {"plan": code}).content.decode()
        assert [figure for figure in expected if figure not in page] == []
        assert "dự báo cuối kỳ" not in page  # their time is over


@pytest.mark.parametrize("copies", [1, 3])
def test_page_asks_the_same_number_of_queries_whatever_the_rows(client, django_assert_num_queries, copies):
    factories.small_province()
    plan = make_plan()
    for copy in range(copies):
        for name in REGISTRY:
            make_target(plan, name, 10 + copy)
        make_target(plan, "products_recognised", 1, per_unit="mỗi xã")
        product = factories.make_product(f"Thêm {copy}")
        factories.recognise(product, date(2026, 3, 1))
        plan.tasks.create(title="Việc", lead_unit=f"Sở {copy}", due_on=date(2026, 5, 1))
        plan.budget_lines.create(purpose="Chi", planned=10)
        make_plan(f"khac-{copy}", is_reference=True)
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    client.get(URL)  # fills the cache of the site's name
    commune = make_commune(*factories.BINH)
    for query in ({}, {"commune": commune.pk, "group": "I Thực phẩm", "sap": "ten"}):
        with django_assert_num_queries(15):
            assert client.get(URL, query).status_code == 200


def test_wrong_role_403_foreign_plan_404_bad_address_ignored(client):
    people = one_of_each_role()
    make_plan()
    make_plan("noi-khac", make_province("40", "Tỉnh Nghệ An"))
    may = {Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
    for role, user in people.items():
        client.force_login(user)
        assert client.get(URL).status_code == (200 if role in may else 403), role
    client.force_login(people[Role.LEADERSHIP])
    assert client.get(URL, {"plan": "noi-khac"}).status_code == 404
    assert client.get(URL, {"plan": "khong-co"}).status_code == 404
    foreign = make_commune("Xã Nghi Lộc", "17827", make_province("40", "Tỉnh Nghệ An"))
    for unknown in (foreign.pk, 10**17):
        assert client.get(URL, {"commune": unknown}).status_code == 404
    for query in (
        {"commune": "x"},
        {"commune": "9" * 30},
        {"group": "XXX"},
        {"group": "-1"},
        {"sap": "x"},
        {"year": "²⁰²⁶"},
    ):
        assert client.get(URL, query).status_code == 200, query
    assert client.get(URL, {"target": "x"}).status_code == 200
    assert client.get(URL, {"target": "99999999999999999999999"}).status_code == 200


def test_empty_province_says_what_is_missing(client):
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    assert "Chưa có kế hoạch nào" in client.get(URL).content.decode()


LINK = re.compile(r'<a\b[^>]*href="([^"#]+)"[^>]*>(.*?)</a>', re.S)
# "44 / 70", "còn 2 người chưa", "Sản phẩm tham gia: 0"; not "11/2026", "50 %".
NUMBER = re.compile(r"^(\d+)(?![\d/,]| ?%)|: (\d+)$|^còn (\d+) ")
LISTS = {"indicator_list", "dossiers", "tasks", "classes", "register", "figures"}


def linked(page):
    """Addresses with the words they stand under."""
    for href, inside in LINK.findall(page):
        words = " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())
        yield unescape(href), words


def rows_of(context):
    """How many rows the list says it has."""
    return context["total"] if "total" in context else context["page_obj"].paginator.count


def test_every_figure_leads_to_as_many_rows_as_it_says(client):
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    make_target(plan, "persons_trained_share", 100, operator="percent")
    make_target(plan, "products_joined", 1, per_unit="mỗi xã")
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    page = client.get(URL).content.decode()
    pages = {
        URL: page[page.index('class="page-head"') : page.index('class="rule-note"')],
        "": client.get(f"/ke-hoach/{plan.code}/").content.decode().split("<main", 1)[1],
    }
    opened, compared = {}, 0
    for start, part in pages.items():
        for href, words in linked(part):
            address = href if href.startswith("/") else start + href
            answer = opened.get(address) or opened.setdefault(address, client.get(address))
            assert answer.status_code == 200, address
            number = NUMBER.search(words)
            if number and answer.resolver_match.url_name in LISTS:
                assert rows_of(answer.context) == int(next(filter(None, number.groups()))), (words, address)
                compared += 1
    assert len(opened) > 40 and compared > 30
