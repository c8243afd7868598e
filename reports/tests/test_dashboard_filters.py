"""The dashboard of one commune, of one product group; steps in days; money; trade promotion."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from products.enums import DossierKind, DossierState
from products.models import Dossier, Product
from reports.demo.clock import standing_on
from reports.tests.test_dashboard import as_of_november, board_of, steps_of  # noqa: F401
from training import services
from training.models import Actual
from training.tests import factories
from training.tests.factories import make_plan, make_target

pytestmark = pytest.mark.django_db
URL = "/bao-cao/bang-dieu-hanh/"


def test_commune_shows_what_it_was_given_and_what_it_adds_to_the_province():
    factories.small_province()
    binh, plan = make_commune(*factories.BINH), make_plan()
    total = make_target(plan, "products_recognised", 4)
    make_target(plan, "products_new", 1, part_of=total)
    make_target(plan, "products_recognised", 3, unit=binh)
    make_target(plan, "products_joined", 6)
    make_target(plan, "products_joined", 1, per_unit="mỗi xã", units_count=69)
    make_target(plan, "entities_strengthened", 2)
    make_target(plan, value=3)  # by hand: known of the whole province only
    board = board_of(plan, commune=str(binh.pk))
    said = [
        (card.value, card.planned, card.target.status_text, card.whole.actual_text) for card in board.cards
    ]
    # Kẹo cu đơ and Nước mắm were recognised and joined; HTX Cẩm Bình was strengthened; Cam bù is Cẩm Xuyên's.
    assert said == [
        ("2", "3", "Chậm", "3"),
        ("2", "1", "Đạt", "3"),
        ("1", "", "Không giao riêng", "1"),
    ]
    assert [(part.target.label, part.value) for part in board.cards[0].below] == [
        ("Chỉ tiêu products-new", "0")
    ]
    assert board.left_out == 1
    assert board.cards[2].url.endswith(f"&unit={binh.pk}")


def test_commune_narrows_products_dossiers_persons_and_tasks_but_not_the_ranking():
    factories.small_province()
    xuyen, plan = make_commune(*factories.XUYEN), make_plan()
    plan.tasks.create(title="Rà soát", lead_unit="UBND xã", lead_admin_unit=xuyen, due_on=date(2026, 5, 1))
    plan.tasks.create(title="Khác", lead_unit="Sở A", due_on=date(2026, 5, 1))
    board = board_of(plan, commune=str(xuyen.pk))
    assert (board.valid_total, len(board.communes), board.chosen_place) == (1, 2, 2)
    assert [unit.name for unit in board.late] == ["UBND xã"]
    assert (board.coverage.trained, board.coverage.total) == (1, 1)  # Minh; Nga has left the register
    numbers = {label: step.number for label, step in steps_of(board).items() if step.number}
    assert numbers == {"Đang soạn": 1, "Trả lại để bổ sung": 1, "Đã công nhận": 1}
    assert f"commune={xuyen.pk}" in steps_of(board)["Đang soạn"].url


def test_group_narrows_products_and_dossiers_and_the_page_says_targets_stay_whole(client):
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    drinks = board_of(plan, group="II Đồ uống")
    assert (drinks.valid_total, drinks.cards[0].value) == (0, "3")
    assert {label for label, step in steps_of(drinks).items() if step.number} == {
        "Đang soạn",
        "Trả lại để bổ sung",
    }
    assert board_of(plan, group="1").valid_total == 3
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    page = client.get(URL, {"group": "II Đồ uống"}).content.decode()
    assert "không chia theo ngành nên vẫn là số chung" in page
    assert "/ho-so/?state=draft&amp;family=II+%C4%90%E1%BB%93+u%E1%BB%91ng&amp;year=2026" in page


def test_numbers_of_a_plan_of_several_years_open_lists_of_its_years(client):
    factories.small_province()
    for year in (2024, 2027):
        factories.make_dossier(factories.make_product(f"Năm {year}"), None, year=year)
    plan = make_plan(level="period", starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    steps = steps_of(board_of(plan)).values()
    assert sum(step.number for step in steps) == 6
    for step in steps:
        assert client.get(step.url).context["page_obj"].paginator.count == step.number, step


def day(month, number, year=2026):
    return date(year, month, number)


@pytest.fixture
def noon_of_november(monkeypatch):
    """Days waited are counted to noon of the page's day."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: factories.noon(date(2026, 11, 21)))


def travel(name, *road, kind=DossierKind.FIRST):
    """A dossier that entered each state at noon of its day."""
    (state, since), *later = road
    with standing_on(since, 12):
        dossier = factories.make_dossier(factories.make_product(name), None, kind=kind, state=state)
    for state, since in later:
        Dossier.objects.filter(pk=dossier.pk).update(state=state, state_since=factories.noon(since))


def test_steps_take_the_median_of_those_that_left_them_this_year_in_days_of_the_law(
    client, noon_of_november, django_assert_num_queries
):
    plan, submitted, proposed = make_plan(), DossierState.SUBMITTED, DossierState.PROPOSED
    # Working days from Monday 02/03/2026: 4 to Friday 06/03, 10 to Monday 16/03, 17 to Wednesday 25/03.
    for name, left in (("A", 6), ("B", 16), ("C", 25)):
        travel(name, (submitted, day(3, 2)), (proposed, day(3, left)))
    # Left the commune last year: not of this year's median.
    travel("Cũ", (submitted, day(10, 1, 2025)), (proposed, day(12, 31, 2025)))
    # There now: since Monday 26/10 (20 working days on Saturday 21/11) and since Friday 20/11 (none).
    travel("D", (submitted, day(10, 26)))
    travel("E", (submitted, day(11, 20)))
    step = steps_of(board_of(plan))["Chờ xã kiểm tra"]
    assert (step.number, step.waiting.words, step.waiting.is_over) == (2, "9,5 ngày làm việc", False)
    assert (step.taken.words, step.taken_by, step.taken.is_over) == ("10 ngày làm việc", 3, False)
    assert (step.limit, step.over) == ("15 ngày làm việc", 1)
    assert steps_of(board_of(plan))["Chờ tỉnh kiểm tra"].number == 4
    # Three days behind the median, the longest first; the list asks as little for three as for one.
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    client.get(step.links.taken)
    with django_assert_num_queries(8):
        lines = client.get(step.links.taken).context["lines"]
    assert [(line.title, line.cells[-1]) for line in lines] == [
        ("C", "17 ngày làm việc, quá hạn luật"), ("B", "10 ngày làm việc"), ("A", "4 ngày làm việc"),
    ]  # fmt: skip
    with django_assert_num_queries(8):
        assert len(client.get(step.links.waiting.replace("submitted", "proposed")).context["lines"]) == 4


def test_re_ranking_beyond_45_days_is_over_the_limit(client, noon_of_november):
    accepted, again = DossierState.ACCEPTED, DossierKind.RE_RANKING
    travel(
        "A", (accepted, day(3, 1)), (DossierState.SCORED, day(4, 1)),
        (DossierState.RECOGNISED, day(4, 20)), kind=again,
    )  # fmt: skip
    travel("B", (accepted, day(11, 11)), kind=again)
    make_plan()
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    response = client.get(URL)
    step = response.context["board"].road.re_ranking
    assert (step.taken.words, step.taken.is_over, step.limit) == ("50 ngày", True, "45 ngày")
    assert (step.number, step.waiting.words, step.waiting.is_over, step.over) == (1, "10 ngày", False, 0)
    # A is decided, B waits; the number opens as many.
    assert client.get(step.url).context["page_obj"].paginator.count == step.number
    assert "50 ngày <small>(1 hồ sơ)</small></a> <b>quá hạn luật</b>" in response.content.decode()
    # The days behind either median, and behind the step's own: as many rows as the number says.
    for address, rows in (
        (step.links.taken, [("A", "50 ngày, quá hạn luật")]),
        (step.links.waiting, [("B", "10 ngày")]),
        (f"{URL}buoc/scored/?qua=1", [("A", "19 ngày")]),
    ):
        lines = client.get(address).context["lines"]
        assert [(line.title, line.cells[-1]) for line in lines] == rows
    assert client.get(f"{URL}buoc/khong-co/").status_code == 404


def test_money_is_compared_with_the_time_passed_and_says_what_was_not_told():
    plan = make_plan()
    for fund, planned, spent, told in (
        ("province", 400, 100, date(2026, 10, 31)),
        ("province", 300, 50, date(2026, 9, 30)),
        ("entity", 300, None, None),
        ("central", 0, 10, date(2026, 12, 15)),  # after the page's day
    ):
        million = 1_000_000
        plan.budget_lines.create(
            purpose="Chi",
            fund=fund,
            planned=planned * million,
            spent=spent and spent * million,
            spent_on=told,
        )
    money = board_of(plan).money
    assert (money.planned, money.spent, money.percent, money.time_percent) == ("1.000", "150", "15", "89")
    assert money.is_slow
    assert [(fund.planned, fund.spent) for fund in money.funds] == [("0", "0"), ("700", "150"), ("300", "0")]
    assert (money.told_until, money.untold) == (date(2026, 10, 31), 2)


def test_trade_promotion_counts_products_by_channel_and_shows_the_plans_own_targets(client):
    factories.small_province()
    Product.objects.filter(name="Kẹo cu đơ").update(sales_channels=["e_commerce", "shop"])
    Product.objects.filter(name="Nước mắm").update(sales_channels=["e_commerce"])
    Product.objects.filter(name="Rượu nếp").update(sales_channels=["export"])  # its recognition has expired
    plan = make_plan()
    fairs = factories.make_indicator("hoi-cho", is_promotion=True)
    target = services.add_target(plan=plan, by=None, indicator=fairs, operator="ge", value=Decimal(3))
    Actual.objects.create(target=target, value=2, as_of=date(2026, 9, 30), source="Báo cáo", state="approved")
    make_target(plan, value=5)
    promotion = board_of(plan).promotion
    assert [(row.label, row.number) for row in promotion.channels] == [
        ("Sàn thương mại điện tử", 2), ("Cửa hàng, điểm bán OCOP", 1),
    ]  # fmt: skip
    assert (promotion.told, promotion.total) == (2, 3)
    assert [(card.value, card.planned) for card in promotion.targets] == [("2", "3")]
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    behind = client.get(promotion.channels[0].url).content.decode()
    assert "Kẹo cu đơ" in behind and "Nước mắm" in behind and "Cam bù" not in behind


def test_classes_held_planned_and_to_come():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "classes_held", 4)
    # Its day has passed and nobody began it: not held, whatever the plan said.
    factories.make_class(day(11, 2))
    coverage = board_of(plan).coverage
    assert (coverage.held, coverage.classes_planned.planned, coverage.to_come) == (2, 4, 1)


def test_task_due_soon_stands_below_the_late_ones():
    plan = make_plan()
    for due in (day(12, 20), day(11, 21), day(12, 22)):
        plan.tasks.create(title=f"Việc {due:%d/%m}", lead_unit="Sở A", due_on=due)
    assert [task.title for task in board_of(plan).soon] == ["Việc 21/11", "Việc 20/12"]
