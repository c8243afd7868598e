"""Pages of plans and training: who, what, and what happens to what was typed."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_commune, make_province, one_of_each_role
from training.models import Plan, RegisterPerson, TrainingClass
from training.tests import factories
from training.tests.access import ACCESS, CLASSES, KEEPERS, PLAN_KEEPERS
from training.tests.factories import BINH, XUYEN, make_class, make_person, make_plan, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return one_of_each_role()


@pytest.fixture
def officer(client, people):
    client.force_login(people[Role.PROVINCIAL_OFFICER])
    return client


@pytest.fixture
def world():
    """One of everything, and the arguments of every address."""
    plan = make_plan()
    target = make_target(plan)
    task = plan.tasks.create(title="Việc", lead_unit="Sở", due_on=date(2026, 5, 1))
    held = make_class(plan=plan)
    by_part = {"target": target.pk, "actual": target.pk, "task": task.pk, "class": held.pk}
    return plan, by_part


def address(name, world):
    plan, by_part = world
    short = name.removeprefix("training:")
    if short == "indicator_list":
        return reverse(name, args=["products_recognised"]) + f"?plan={plan.code}"
    if short in ("plans", "classes", "register") or short in ("plan_create", "class_create", "person_create"):
        return reverse(name)
    if short in ("plan", "plan_edit", "basis_create", "target_create", "task_create"):
        return reverse(name, args=[plan.code])
    return reverse(name, args=[by_part[short.split("_")[0]]])


POST_ONLY = {"training:target_remove"}


# Asked with objects of their own: test_plan_pages, and every one by the walk of ocop.
ELSEWHERE = {
    f"training:{name}"
    for name in (
        "actual_create", "task_report", "tasks", "task_paper", "actuals", "actual_decide", "actual_paper",
        "catalogue", "indicator_create", "indicator_edit", "basis_remove", "budget_create", "budget_edit",
        "budget_remove", "figure_sets", "figure_set", "figure_decide", "figure_correct", "plan_step",
        "plan_copy", "grid", "freeze", "reported_take", "kept_list",
    )
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(ACCESS) - ELSEWHERE - set(CLASSES)))
def test_only_the_named_roles_may_open(client, people, world, name):
    url = address(name, world)
    # The plan of this world is the province's, which communes do not keep.
    may = KEEPERS if ACCESS[name] == PLAN_KEEPERS and name != "training:plan_create" else ACCESS[name]
    for role, user in people.items():
        client.force_login(user)
        answer = client.post(url) if name in POST_ONLY and role not in KEEPERS else client.get(url)
        expected = 403 if role not in may else 405 if name in POST_ONLY else 200
        assert answer.status_code == expected, role


def test_plans_of_another_province_are_not_found_but_reference_plans_are(client, people):
    elsewhere = make_province("40", "Tỉnh Nghệ An")
    make_plan("noi-khac", elsewhere)
    make_plan("tham-khao", elsewhere, is_reference=True)
    make_plan("du-thao", status="draft")
    xuyen = make_plan("xa-xuyen", make_commune(*XUYEN), level="commune")
    client.force_login(people[Role.COMMUNE_OFFICER])
    assert client.get("/ke-hoach/noi-khac/").status_code == 404
    assert client.get("/ke-hoach/tham-khao/").status_code == 200
    assert client.get("/ke-hoach/du-thao/").status_code == 404
    assert client.get(f"/ke-hoach/{xuyen.code}/").status_code == 404
    client.force_login(people[Role.PROVINCIAL_OFFICER])
    assert client.get("/ke-hoach/du-thao/").status_code == 200
    # Read, but not kept: the unit is not the officer's.
    assert client.get("/ke-hoach/tham-khao/sua/").status_code == 403


def test_plan_page_shows_targets_tasks_warnings_and_bases(officer, world):
    plan, _ = world
    make_target(plan, value=30, unit=make_commune(*BINH))
    plan.legal_bases.create(kind="Quyết định", number="26/2026/QĐ-TTg")
    page = officer.get("/ke-hoach/thu-2026/").content.decode()
    for words in ("≥ 10", "Xã Cẩm Bình", "Số giao không khớp", "26/2026/QĐ-TTg", "Quá hạn", "Thêm chỉ tiêu"):
        assert words in page
    assert "style=" not in page


def test_reader_sees_no_buttons_of_the_keeper(client, people, world):
    client.force_login(people[Role.LEADERSHIP])
    page = client.get("/ke-hoach/thu-2026/").content.decode()
    assert "Thêm chỉ tiêu" not in page and "Báo kết quả" not in page


def test_new_plan_with_bad_dates_keeps_what_was_typed(officer):
    typed = {
        "code": "ht-2027", "title": "Kế hoạch năm 2027", "level": "year", "status": "draft",
        "unit": make_province().pk, "starts_on": "01/05/2027", "ends_on": "01/04/2027",
    }  # fmt: skip
    page = officer.post("/ke-hoach/moi/", typed).content.decode()
    assert "Ngày kết thúc phải sau ngày bắt đầu." in page
    assert "Kế hoạch năm 2027" in page
    answer = officer.post("/ke-hoach/moi/", {**typed, "ends_on": "31/12/2027"})
    assert answer.url == "/ke-hoach/ht-2027/"
    assert Plan.objects.get().ends_on == date(2027, 12, 31)


@pytest.mark.parametrize("code", ["moi", "tap-huan"])
def test_code_that_is_an_address_is_refused(officer, code):
    page = officer.post("/ke-hoach/moi/", {"code": code}).content.decode()
    assert "trùng với một địa chỉ" in page


KINDS = [
    {"operator": "ge", "value": "60"},
    {"operator": "range", "value": "15", "value_to": "20"},
    {"operator": "range", "value": "2", "value_to": "3", "per_unit": "mỗi xã", "units_count": "69"},
    {"operator": "percent", "value": "90,4"},
    {"operator": "ratio", "value": "22", "value_to": "25"},
    {"operator": "date", "due_on": "15/07/2026"},
    {"operator": "text", "text": "Xây dựng mô hình điểm"},
]


@pytest.mark.parametrize("fields", KINDS, ids=lambda fields: fields["operator"])
def test_form_takes_every_kind_of_target(officer, fields):
    plan = make_plan()
    typed = {"new_indicator": "Hội chợ", "new_unit_name": "đợt", **fields}
    answer = officer.post("/ke-hoach/thu-2026/them-chi-tieu/", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    target = plan.targets.get()
    assert target.indicator.name == "Hội chợ"
    if fields["operator"] == "percent":
        assert target.value == Decimal("90.4")


def test_form_puts_every_error_beside_its_field(officer):
    make_plan()
    answer = officer.post("/ke-hoach/thu-2026/them-chi-tieu/", {"operator": "range", "value": "15"})
    errors = answer.context["form"].errors
    assert set(errors) == {"indicator", "value_to"}
    answer = officer.post(
        "/ke-hoach/thu-2026/them-chi-tieu/", {"operator": "percent", "value": "101", "new_indicator": "Tỷ lệ"}
    )
    assert set(answer.context["form"].errors) == {"value", "new_unit_name"}
    assert "Tỷ lệ không được quá 100 %." in answer.content.decode()


def test_target_part_and_edit(officer, world):
    plan, by_part = world
    total = plan.targets.get()
    typed = {
        "new_indicator": "Phần",
        "new_unit_name": "sp",
        "operator": "ge",
        "value": "4",
        "part_of": total.pk,
    }
    officer.post("/ke-hoach/thu-2026/them-chi-tieu/", typed)
    part = plan.targets.get(part_of=total)
    edit = {"indicator": part.indicator_id, "operator": "ge", "value": "6", "part_of": total.pk}
    assert officer.post(f"/ke-hoach/muc-tieu/{part.pk}/sua/", edit).status_code == 302
    part.refresh_from_db()
    assert part.value == 6
    assert officer.post(f"/ke-hoach/muc-tieu/{part.pk}/xoa/").status_code == 302
    assert not plan.targets.filter(pk=part.pk).exists()


def test_recording_a_value(officer, world):
    target = world[0].targets.get()
    url = f"/ke-hoach/muc-tieu/{target.pk}/ket-qua/"
    answer = officer.post(url, {"value": "abc", "as_of": "30/02/2026", "source": ""})
    assert set(answer.context["form"].errors) == {"value", "as_of", "source"}
    assert "abc" in answer.content.decode()
    assert officer.post(url, {"value": "7", "as_of": "30/06/2026", "source": "BC 12"}).status_code == 302
    page = officer.get(f"/ke-hoach/muc-tieu/{target.pk}/").content.decode()
    assert "BC 12" in page and "30/06/2026" in page


def test_reporting_a_task(officer, world):
    task = world[0].tasks.get()
    url = f"/ke-hoach/nhiem-vu/{task.pk}/ket-qua/"
    page = officer.post(url, {"status": "done", "result": "", "done_on": "10/05/2026"}).content.decode()
    assert "Ghi kết quả thực hiện." in page
    officer.post(url, {"status": "done", "result": "Đã làm", "done_on": "10/05/2026"})
    task.refresh_from_db()
    assert (task.status, task.done_on) == ("done", date(2026, 5, 10))


def test_late_task_waits_for_officer_and_leadership(people, world):
    task = world[0].tasks.get()
    titles = {role: [todo.url for todo in todos_for(user)] for role, user in people.items()}
    assert titles[Role.PROVINCIAL_OFFICER] == [f"/ke-hoach/nhiem-vu/{task.pk}/ket-qua/"]
    assert titles[Role.LEADERSHIP] == [reverse("training:task", args=[task.pk])]
    assert titles[Role.COMMUNE_OFFICER] == []


def test_class_from_the_form_to_the_attendance(officer):
    typed = {
        "title": "Lớp cán bộ xã", "organiser": "Văn phòng", "level": "province", "unit": make_province().pk,
        "starts_on": "10/06/2026", "ends_on": "11/06/2026",
    }  # fmt: skip
    officer.post("/ke-hoach/tap-huan/moi/", typed)
    held = TrainingClass.objects.get()
    lan, minh = make_person("Lan"), make_person("Minh", make_commune(*XUYEN))
    page = f"/ke-hoach/tap-huan/{held.pk}/"
    by_unit = officer.get(f"{page}ghi-danh/?q={lan.name.split()[-1]} cam binh").context["persons"]
    assert [person.pk for person in by_unit] == [lan.pk]
    assert "Chọn ít nhất một người." in officer.post(f"{page}ghi-danh/", {}).content.decode()
    officer.post(f"{page}ghi-danh/", {"persons": [lan.pk, minh.pk]})
    first = held.enrolments.get(person=lan)
    halves = [half.pk for half in held.half_days.all()]
    # Three half-days of four are 75 %, short of the usual 80 %.
    officer.post(f"{page}diem-danh/", {"present": [f"{first.pk}-{half}" for half in halves[:3]] + ["x"]})
    assert not held.enrolments.filter(attended=True).exists()
    officer.post(f"{page}diem-danh/", {"present": [f"{first.pk}-{half}" for half in halves]})
    assert list(held.enrolments.filter(attended=True)) == [first]
    shown = " ".join(officer.get(page).content.decode().split())
    assert "2 người ghi danh, <b>1</b> người dự đủ" in shown
    assert "từ 80 % số buổi, tức 4 trên 4 buổi" in shown


def test_person_of_another_province_cannot_be_enrolled(officer):
    held = make_class()
    stranger = make_person("Lạ", make_province("40", "Tỉnh Nghệ An"))
    officer.post(f"/ke-hoach/tap-huan/{held.pk}/ghi-danh/", {"persons": [stranger.pk]})
    assert not held.enrolments.exists()


def test_register_is_in_vietnamese_order_and_grows_by_the_form(officer):
    typed = {"name": "Đặng Ân", "group": "official", "unit": make_province().pk, "listed_on": "01/02/2026"}
    assert officer.post("/ke-hoach/danh-sach/them/", typed).status_code == 302
    page = officer.post("/ke-hoach/danh-sach/them/", typed).content.decode()
    assert "Người này đã có trong danh sách" in page
    make_person("Ân Dũng")
    make_person("Dương Lan")
    assert RegisterPerson.objects.count() == 3
    page = officer.get("/ke-hoach/danh-sach/").content.decode()
    assert page.index("Ân Dũng") < page.index("Dương Lan") < page.index("Đặng Ân")


def list_of(client, name, **query):
    return client.get(f"/ke-hoach/chi-tieu/{name}/", {"plan": "thu-2026", "to": "2026-11-21", **query})


def test_list_behind_a_number(officer):
    factories.small_province()
    make_plan()
    assert [line.title for line in list_of(officer, "products_recognised").context["lines"]] == [
        "Cam bù", "Kẹo cu đơ", "Nước mắm",
    ]  # fmt: skip
    four = list_of(officer, "products_recognised", star="4", family="I Thực phẩm")
    assert [line.title for line in four.context["lines"]] == ["Cam bù", "Kẹo cu đơ"]
    commune = list_of(officer, "products_recognised", unit=make_commune(*XUYEN).pk)
    assert [line.title for line in commune.context["lines"]] == ["Cam bù"]
    expiring = list_of(officer, "products_recognised_cumulative", expires="2029-10")
    assert [line.title for line in expiring.context["lines"]] == ["Nước mắm"]
    rest = list_of(officer, "persons_trained_share", rest="1")
    assert [line.title for line in rest.context["lines"]] == ["Phạm Hải", "Vũ Quân"]


def test_list_shows_a_commune_its_own_part_of_the_number(client, people):
    factories.small_province()
    make_plan()
    client.force_login(people[Role.COMMUNE_OFFICER])
    answer = list_of(client, "products_recognised")
    assert [line.title for line in answer.context["lines"]] == ["Kẹo cu đơ", "Nước mắm"]
    assert "xem được 2 trong 3 dòng" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 200),
        ({"to": "hôm qua"}, 200),
        ({"page": "99"}, 200),
        ({"star": "9", "expires": "2026-13"}, 200),
        ({"unit": "x"}, 404),
        ({"unit": "999999"}, 404),
        ({"plan": "khong-co"}, 404),
        ({"plan": ""}, 404),
    ],
)
def test_odd_addresses_of_the_list(officer, query, status):
    factories.small_province()
    make_plan()
    assert list_of(officer, "products_recognised", **query).status_code == status


def test_list_of_no_indicator_is_not_found(officer):
    make_plan()
    assert list_of(officer, "gi-do").status_code == 404


@pytest.mark.parametrize("copies", [1, 3])
def test_queries_of_the_lists_do_not_grow(officer, django_assert_num_queries, copies):
    for copy in range(copies):
        plan = make_plan(f"ke-hoach-{copy}")
        make_target(plan)
        plan.tasks.create(title="Việc", lead_unit="Sở")
        factories.attend(make_class(date(2026, 5, 1 + copy)), make_person(f"Người {copy}"))
    officer.get("/ke-hoach/")
    for url, number in (("/ke-hoach/", 5), ("/ke-hoach/tap-huan/", 8), ("/ke-hoach/danh-sach/", 10)):
        with django_assert_num_queries(number):
            assert officer.get(url).status_code == 200


@pytest.mark.parametrize("wrong", [{"plan": "kh\x00"}, {"unit": "9" * 5000}])
def test_an_address_no_page_leads_to_is_not_found(client, people, world, wrong):
    client.force_login(people[Role.PROVINCIAL_OFFICER])
    url = reverse("training:indicator_list", args=["products_recognised"])
    assert client.get(url, {"plan": world[0].code, **wrong}).status_code == 404


def test_attendance_of_a_number_too_long_for_an_id_is_ignored(client, people, world):
    client.force_login(people[Role.PROVINCIAL_OFFICER])
    url = address("training:class_attendance", world)
    assert client.post(url, {"present": "9" * 5000}).status_code == 302
