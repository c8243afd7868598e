"""A commune of today counts what hangs on the communes merged into it: numbers, lists, plans, filters."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.queries import people_with
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit
from products.enums import DossierState
from products.models import Product
from reports.builders import progress
from reports.comparisons import areas, communes
from reports.document import as_data
from reports.tests.test_comparisons import leader, rows_at  # noqa: F401
from reports.tests.test_dashboard import DAY, as_of_november, board_of, steps_of  # noqa: F401
from training import queries, services
from training.tests import factories
from training.tests.factories import make_plan, make_target

pytestmark = pytest.mark.django_db


def closed(name: str, code: str, into: AdminUnit | None) -> AdminUnit:
    unit = make_commune(name, code)
    unit.valid_to, unit.merged_into = date(2026, 6, 30), into
    unit.save()
    return unit


def recognised(name: str, commune: AdminUnit, day: date, star: int = 3) -> Product:
    product = factories.make_product(name, factories.make_entity(f"HTX {commune.name}", commune))
    dossier = factories.make_dossier(product, day, state=DossierState.RECOGNISED)
    factories.recognise(product, day, star, dossier=dossier)
    return product


@pytest.fixture
def xuyen():
    """Has Cam bù (4 stars) itself; Cẩm Lạc, merged into it, Mật (4); Cẩm Lĩnh, merged into that, Chè (3)."""
    factories.small_province()
    xuyen = make_commune(*factories.XUYEN)
    lac = closed("Xã Cẩm Lạc", "18701", xuyen)
    linh = closed("Xã Cẩm Lĩnh", "18700", lac)
    recognised("Mật", lac, date(2026, 3, 3), 4)
    recognised("Chè", linh, date(2026, 2, 2))
    factories.make_person("Võ Khoa", linh)
    return xuyen


def named(name: str) -> AdminUnit:
    return AdminUnit.objects.get(name=name)


def test_board_counts_former_communes_for_the_one_of_today_and_every_number_opens_its_rows(leader, xuyen):  # noqa: F811
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    make_target(plan, "products_recognised", 3, per_unit="mỗi xã")
    lac, linh = named("Xã Cẩm Lạc"), named("Xã Cẩm Lĩnh")
    plan.tasks.create(title="Rà soát", lead_unit="UBND xã cũ", lead_admin_unit=lac, due_on=date(2026, 5, 1))
    # The address of the old commune opens the one of today.
    board = board_of(plan, commune=str(linh.pk))
    assert board.choice.commune == xuyen
    ranking = [(row.name, row.number, row.stars, row.former) for row in board.communes]
    assert ranking == [
        ("Xã Cẩm Xuyên", 3, {4: 2, 3: 1}, ("Cẩm Lạc", "Cẩm Lĩnh")),
        ("Xã Cẩm Bình", 2, {4: 1, 3: 1}, ()),
    ]
    for row in board.communes:
        assert rows_at(leader, row.url) == row.number
        for number, url in row.by_star:
            assert rows_at(leader, url) == number
    # "Each commune at least 3": Cẩm Xuyên with its former communes; of two communes of today, not four.
    each = next(target for target in queries.plan_progress(plan).targets if not target.whole_plan)
    assert (each.actual, each.planned) == (1, 2)
    assert (board.valid_total, rows_at(leader, board.valid_url)) == (3, 3)
    # Minh and Võ Khoa; Nga has left the register.
    assert (board.coverage.trained, board.coverage.total) == (1, 2)
    assert rows_at(leader, board.coverage.missing_url) == 1
    assert [unit.name for unit in board.late] == ["UBND xã cũ"]
    for step in steps_of(board).values():
        assert leader.get(step.url).context["page_obj"].paginator.count == step.number, step
    page = leader.get("/bao-cao/bang-dieu-hanh/").content.decode()
    assert "gồm xã cũ: Cẩm Lạc, Cẩm Lĩnh" in page


def test_commune_that_was_parted_stands_for_itself_and_is_no_commune_of_today(leader, xuyen):  # noqa: F811
    parted = closed("Xã Cẩm Chia", "18702", None)
    for name in ("Bún", "Miến", "Mì"):
        recognised(name, parted, date(2026, 4, 4))
    plan = make_plan()
    make_target(plan, "products_recognised", 3, per_unit="mỗi xã")
    board = board_of(plan, commune=str(parted.pk))
    assert board.choice.commune == parted
    row = next(row for row in board.communes if row.is_chosen)
    assert (row.number, rows_at(leader, row.url)) == (3, 3)
    assert leader.get("/san-pham/", {"commune": parted.pk}).context["page_obj"].paginator.count == 3
    (each,) = queries.plan_progress(plan).targets
    assert (each.actual, each.planned) == (1, 2)


def test_former_commune_named_by_the_plan_is_counted_by_itself_there_and_each_product_once(leader, xuyen):  # noqa: F811
    plan, lac = make_plan(), named("Xã Cẩm Lạc")
    whole = make_target(plan, "products_recognised", 4)
    ours = make_target(plan, "products_recognised", 3, unit=xuyen)
    theirs = make_target(plan, "products_recognised", 2, unit=lac)
    stock = make_target(plan, "products_recognised_cumulative", 3, unit=xuyen)
    shown = {line.target_id: line for line in queries.plan_progress(plan).targets}
    # Bình 2; Cam bù; Mật of Cẩm Lạc with Chè of Cẩm Lĩnh, which had become part of it.
    # Of products in force Cẩm Lạc was given none of its own: those stand with Cẩm Xuyên.
    assert [shown[target.pk].actual for target in (whole, ours, theirs, stock)] == [5, 1, 2, 3]
    assert shown[ours.pk].note == "không kể xã Cẩm Lạc (kế hoạch giao riêng)"
    assert shown[theirs.pk].note == "chỉ phần của xã cũ, nay thuộc xã Cẩm Xuyên"
    for target in (ours, theirs, stock):
        line = shown[target.pk]
        assert rows_at(leader, line.list_url) == line.actual
        assert queries.months_of(plan, target, line.as_of)[-1].total == line.actual
    # Frozen for the first quarter (to 14 March), what was added is parted the same way: Mật and Chè.
    by = factories.writer()
    frozen = services.freeze_figures(plan=plan, kind="quarter", year=2026, number=1, by=by)
    added = dict(frozen.figures.values_list("target", "in_period"))
    assert [added[target.pk] for target in (whole, ours, theirs)] == [2, 0, 2]
    # Seen from the commune of today both were given together, and reached together.
    board = board_of(plan, commune=str(xuyen.pk))
    assert [(card.value, card.planned) for card in board.cards] == [("3", "5"), ("3", "3")]
    assert [rows_at(leader, card.url) for card in board.cards] == [3, 3]
    assert board.communes[0].number == 3
    # Side by side both stand as the plan wrote them.
    shown = communes.compare_communes(areas.communes_of(make_province()), DAY)
    (chosen,) = (row for row in shown.rows if row.unit == xuyen)
    line = next(
        side for side in communes.side_by_side([chosen]) if side.label.startswith(ours.indicator.name)
    )
    assert (line.sides[0].text, line.sides[0].note) == ("1 / ≥ 3", "Xã Cẩm Lạc: 2 / ≥ 2")


def test_report_adds_former_communes_to_those_of_today(xuyen):
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    made = as_data(progress.build(plan, period_to=DAY, today=DAY))
    tables = {annex["title"]: annex["blocks"][0]["rows"] for annex in made["annexes"]}
    by_commune = tables["HỒ SƠ VÀ SẢN PHẨM ĐƯỢC CÔNG NHẬN THEO XÃ, PHƯỜNG"]
    assert [row["cells"][1:3] for row in by_commune[:-1]] == [["Xã Cẩm Xuyên", "3"], ["Xã Cẩm Bình", "2"]]
    in_force = tables["SẢN PHẨM CÒN HIỆU LỰC THEO XÃ, PHƯỜNG"]
    assert [row["cells"][1] for row in in_force] == ["Xã Cẩm Xuyên", "Xã Cẩm Bình"]
    products = tables["DANH MỤC SẢN PHẨM ĐƯỢC CÔNG NHẬN TRONG KỲ"]
    groups = [row["cells"][0] for row in products if len(row["cells"]) == 1]
    assert groups == ["Xã Cẩm Bình", "Xã Cẩm Xuyên"]


def test_lists_filter_by_the_commune_of_today_whose_officer_looks_after_all_of_it(leader, xuyen, client):  # noqa: F811
    everything = {"/san-pham/": 5, "/chu-the/": 3, "/ho-so/": 5}
    for url, number in everything.items():
        assert leader.get(url, {"commune": xuyen.pk}).context["page_obj"].paginator.count == number, url
    officer = make_user("can-bo-xuyen", Role.COMMUNE_OFFICER, xuyen)
    client.force_login(officer)
    # What was merged in is inherited: records are read, work and notices come to the successor's officer.
    assert client.get("/san-pham/").context["page_obj"].paginator.count == 5
    product = Product.objects.get(name="Mật")
    assert client.get(f"/san-pham/{product.pk}/").status_code == 200
    assert officer in people_with(Role.COMMUNE_OFFICER, [product.commune_id])
    other = make_user("can-bo-khac", Role.COMMUNE_OFFICER, make_commune("Xã Thạch Hà", "18562"))
    client.force_login(other)
    assert client.get(f"/san-pham/{product.pk}/").status_code == 404
