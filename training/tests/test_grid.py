"""The allocation grid: cells, sums, pasting, merged communes, two writers."""

import json
from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, one_of_each_role
from core.audit import history_of
from training import grid, services
from training.grid import Entry, cell_name
from training.models import Target
from training.queries.grid import read_pasted, show_grid, stored_grid
from training.services import GridConflictError, GridError
from training.tests.factories import BINH, XUYEN, make_indicator, make_plan, make_target, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return make_plan()


@pytest.fixture
def communes():
    return make_commune(*BINH), make_commune(*XUYEN)


def save(plan, **cells):
    return services.save_grid(
        plan=plan, entries={name: Entry(*entry) for name, entry in cells.items()}, by=None
    )


def allocated(plan):
    rows = plan.targets.exclude(unit=None).order_by("unit__sort_name")
    return {row.unit.name: (row.value, row.value_to) for row in rows}


@pytest.mark.parametrize(
    ("text", "operator", "value", "value_to"),
    [
        ("12", "ge", "12", None),
        ("1.234,5", "ge", "1234.5", None),
        (" 90,4 % ", "percent", "90.4", None),
        ("2–3", "range", "2", "3"),
        ("2", "range", "2", "2"),
        ("22/25", "ratio", "22", "25"),
    ],
)
def test_a_cell_is_read_as_people_write_it(text, operator, value, value_to):
    read = grid.read_cell(text, operator)
    assert read == {"value": Decimal(value), "value_to": value_to and Decimal(value_to)}


@pytest.mark.parametrize(
    ("text", "operator", "words"),
    [
        ("12.5", "ge", "Hãy nhập một số"),
        ("ba", "ge", "Hãy nhập một số"),
        ("101", "percent", "quá 100 %"),
        ("3-2", "range", "nhỏ hơn số trước"),
        ("26/25", "ratio", "lớn hơn mẫu số"),
        ("-1", "ge", "không được âm"),
    ],
)
def test_a_cell_that_is_no_number_of_its_kind_says_why(text, operator, words):
    with pytest.raises(ValueError, match=words):
        grid.read_cell(text, operator)


@pytest.mark.parametrize(
    ("text", "words"), [("9" * 40, "quá mức"), ("1.000.000.000.000", "quá mức"), ("1,005", "hai chữ số")]
)
def test_a_number_the_column_cannot_hold_is_refused_beside_its_cell(officer, plan, communes, text, words):
    whole = make_target(plan, value=25)
    url, name = f"/ke-hoach/{plan.code}/phan-bo/", f"o-{whole.pk}-{communes[0].pk}"
    answer = officer.post(url, {name: text, "base": "{}"})
    assert answer.status_code == 422 and words in answer.content.decode()
    assert (
        officer.post(url, {"bang": f"\tXã Cẩm Bình\nChỉ tiêu nhap-tay\t{text}", "paste": "1"}).status_code
        == 200
    )


def test_the_grid_adds_up_and_says_how_it_stands_to_the_province(plan, communes):
    binh, xuyen = communes
    whole = make_target(plan, value=8)
    spread = make_target(plan, code="khoang", operator="range", value=5, value_to=Decimal(7))
    save(
        plan,
        **{
            cell_name(whole.pk, binh.pk): ("", "6"),
            cell_name(whole.pk, xuyen.pk): ("", "4"),
            cell_name(spread.pk, binh.pk): ("", "2-3"),
            cell_name(spread.pk, xuyen.pk): ("", "2-3"),
        },
    )
    first, second = show_grid(stored_grid(plan), list(communes)).rows
    assert (first.sum_text, first.difference) == ("10", "cao hơn 2 so với chỉ tiêu tỉnh")
    assert (second.sum_text, second.difference) == ("4-6", "khớp chỉ tiêu tỉnh")
    # Columns that are not shown count all the same.
    assert show_grid(stored_grid(plan), [binh]).rows[0].sum_text == "10"
    save(plan, **{cell_name(whole.pk, binh.pk): ("6", "3"), cell_name(whole.pk): ("8", "9")})
    assert show_grid(stored_grid(plan), []).rows[0].difference == "thấp hơn 2 so với chỉ tiêu tỉnh"
    save(plan, **{cell_name(whole.pk, binh.pk): ("3", "")})
    assert plan.targets.filter(indicator=whole.indicator, unit=binh).count() == 0
    plan.refresh_from_db()
    assert plan.revision == 3
    log = history_of(plan).filter(verb="plan.allocate").first()
    assert log.before == {"Chỉ tiêu nhap-tay, Xã Cẩm Bình": "3"}


def test_one_bad_cell_keeps_all_cells_from_being_written(plan, communes):
    binh, xuyen = communes
    whole = make_target(plan, value=8)
    percent = make_target(plan, code="ty-le", operator="percent", value=50)
    bad, wrong, empty = cell_name(whole.pk, binh.pk), cell_name(percent.pk, xuyen.pk), cell_name(whole.pk)
    with pytest.raises(GridError) as error:
        save(
            plan,
            **{
                bad: ("", "x"),
                wrong: ("", "120"),
                empty: ("8", ""),
                cell_name(whole.pk, xuyen.pk): ("", "4"),
            },
        )
    assert {name: words[:14] for name, words in error.value.problems.items()} == {
        bad: "Hãy nhập một s", wrong: "Tỷ lệ không đư", empty: "Chỉ tiêu tỉnh ",
    }  # fmt: skip
    assert allocated(plan) == {}


def test_nothing_more_is_given_to_a_merged_commune_and_reported_ones_stay(plan, communes):
    binh, xuyen = communes
    whole = make_target(plan, value=8)
    save(plan, **{cell_name(whole.pk, binh.pk): ("", "3"), cell_name(whole.pk, xuyen.pk): ("", "2")})
    binh.valid_to, binh.merged_into = date(2026, 10, 1), xuyen
    binh.save()
    with pytest.raises(GridError) as error:
        save(plan, **{cell_name(whole.pk, binh.pk): ("3", "4")})
    (words,) = error.value.problems.values()
    assert words == "Đã sáp nhập từ 01/10/2026, nay là Xã Cẩm Xuyên: xóa ô này và giao đơn vị mới."
    column = next(c for c in show_grid(stored_grid(plan), list(stored_grid(plan).units)).columns if c.warning)
    assert column.warning == "Xã Cẩm Bình đã sáp nhập từ 01/10/2026, nay là Xã Cẩm Xuyên"
    reported = Target.objects.get(unit=xuyen)
    services.record_actual(
        target=reported, value=Decimal(1), as_of=date(2026, 5, 1), source="BC", by=writer()
    )
    with pytest.raises(GridError) as error:
        save(plan, **{cell_name(whole.pk, xuyen.pk): ("2", "")})
    assert "đã có kết quả nhập tay" in str(error.value.problems)
    assert save(plan, **{cell_name(whole.pk, binh.pk): ("3", "")}) == 1


def test_two_writers_of_different_cells_both_get_through_and_of_one_cell_do_not(plan, communes):
    binh, xuyen = communes
    whole = make_target(plan, value=8)
    first, second = cell_name(whole.pk, binh.pk), cell_name(whole.pk, xuyen.pk)
    save(plan, **{first: ("", "3")})
    save(plan, **{second: ("", "5")})
    with pytest.raises(GridConflictError) as error:
        save(plan, **{first: ("", "4"), second: ("5", "6")})
    assert error.value.names == [first]
    assert allocated(plan) == {"Xã Cẩm Bình": (3, None), "Xã Cẩm Xuyên": (5, None)}
    # The same number typed by both is no conflict.
    assert save(plan, **{first: ("", "3")}) == 0


def test_a_table_from_excel_is_laid_over_the_grid_and_what_is_not_known_is_named(plan, communes):
    whole = make_target(plan, value=8)
    other = services.add_target(
        plan=plan, by=None, operator="ge", value=Decimal(2),
        indicator=make_indicator("lang-nghe", name="Làng nghề có sản phẩm OCOP"),
    )  # fmt: skip
    gone = make_commune("Xã Cẩm Lĩnh", "18700")
    gone.valid_to, gone.merged_into = date(2026, 10, 1), communes[1]
    gone.save()
    text = (
        "Chỉ tiêu\tCả tỉnh\tcam binh\t18673\tXã Lạ\tXã Cẩm Lĩnh\r\n"
        "chi tieu nhap-tay\t9\t3\tbốn\t1\t1\r\n"
        "LANG-NGHE\t\t1\r\n"
        "Chỉ tiêu lạ\t1\r\n"
    )
    pasted = read_pasted(stored_grid(plan), text)
    binh, xuyen = communes
    assert pasted.typed == {
        cell_name(whole.pk): "9",
        cell_name(whole.pk, binh.pk): "3",
        cell_name(whole.pk, xuyen.pk): "bốn",
        cell_name(other.pk, binh.pk): "1",
    }
    assert pasted.problems == (
        "Cột “Xã Lạ”: không có xã, phường này trong tỉnh.",
        "Cột “Xã Cẩm Lĩnh”: Xã Cẩm Lĩnh đã sáp nhập từ 01/10/2026, nay là Xã Cẩm Xuyên; "
        "hãy giao cho đơn vị mới.",
        "Dòng 4: không có chỉ tiêu “Chỉ tiêu lạ” trong kế hoạch.",
    )


@pytest.fixture
def officer(client):
    client.force_login(one_of_each_role()[Role.PROVINCIAL_OFFICER])
    return client


URL = "/ke-hoach/thu-2026/phan-bo/"


def test_the_page_marks_bad_cells_and_loses_nothing(officer, plan, communes):
    binh, xuyen = communes
    whole = make_target(plan, value=8)
    names = [cell_name(whole.pk), cell_name(whole.pk, binh.pk), cell_name(whole.pk, xuyen.pk)]
    page = officer.get(URL)
    base = page.context["base"]
    assert json.loads(base) == {names[0]: "8", names[1]: "", names[2]: ""}
    typed = {"base": base, "revision": "0", names[0]: "8", names[1]: "ba", names[2]: "4"}
    answer = officer.post(URL, typed)
    html = answer.content.decode()
    assert answer.status_code == 422 and allocated(plan) == {}
    assert 'value="ba"' in html and 'value="4"' in html and "Hãy nhập một số" in html
    assert officer.post(URL, {**typed, names[1]: "3"}).status_code == 302
    assert allocated(plan) == {"Xã Cẩm Bình": (3, None), "Xã Cẩm Xuyên": (4, None)}


def test_the_page_shows_both_versions_with_409_and_saves_the_chosen_one(officer, plan, communes):
    binh, _ = communes
    whole = make_target(plan, value=8)
    mine, free = cell_name(whole.pk, binh.pk), cell_name(whole.pk)
    base = officer.get(URL).context["base"]
    save(plan, **{mine: ("", "5")})
    answer = officer.post(URL, {"base": base, "revision": "0", mine: "3", free: "9"})
    assert answer.status_code == 409
    (row,) = answer.context["conflict"].rows
    assert (row.label, row.mine, row.theirs) == ("Chỉ tiêu nhap-tay, Xã Cẩm Bình", "3", "5")
    assert answer.context["conflict"].same == ((free, "9"),)
    again = {"revision": str(answer.context["conflict"].revision), mine: "3", free: "9"}
    assert officer.post(URL, again).status_code == 302
    whole.refresh_from_db()
    assert (whole.value, allocated(plan)) == (9, {"Xã Cẩm Bình": (3, None)})


def test_pasting_saves_nothing_yet(officer, plan, communes):
    make_target(plan, value=8)
    text = "Chỉ tiêu\tCẩm Bình\nChỉ tiêu nhap-tay\t3\n"
    html = officer.post(URL, {"paste": "1", "bang": text}).content.decode()
    assert 'value="3"' in html and "Đã đặt 1 ô" in html
    assert allocated(plan) == {}


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_grid_do_not_grow(officer, plan, communes, django_assert_num_queries, rows):
    for number in range(rows):
        make_target(plan, code=f"c{number}")
        make_commune(f"Xã {number}", f"1900{number}")
    officer.get(URL)
    with django_assert_num_queries(7):
        assert officer.get(URL).status_code == 200


def test_a_commune_plan_or_foreign_plan_has_no_grid_for_strangers(client):
    make_plan("na", make_province("40", "Tỉnh Nghệ An"))
    client.force_login(one_of_each_role()[Role.PROVINCIAL_OFFICER])
    assert client.get("/ke-hoach/na/phan-bo/").status_code == 404
