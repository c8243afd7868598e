"""The records kept with closed figures: exactly those that were counted, and what became of them since."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.exceptions import DomainError
from products.models import Product, Recognition
from training import queries, services
from training.models import KeptList
from training.queries import keeping
from training.tests import factories
from training.tests.factories import BINH, XUYEN, make_plan, make_target, writer

pytestmark = pytest.mark.django_db
VALID = "products_recognised_cumulative"


@pytest.fixture
def plan():
    factories.small_province()
    return make_plan()


@pytest.fixture
def leader(client):
    user = make_user("lanh-dao", Role.LEADERSHIP)
    client.force_login(user)
    return user


def closed(plan, leader):
    made = services.freeze_figures(plan=plan, kind="quarter", year=2026, number=3, by=writer())
    return services.decide_figures(figure_set=made, approve=True, by=leader)


def listed(client, version, name=VALID, **query):
    """Title and what changed since, row by row."""
    page = client.get(f"/ke-hoach/ban-chot/{version.pk}/danh-sach/{name}/", query)
    assert page.status_code == 200
    return {row.line.title: row.changes for row in page.context["rows"]}


def test_a_closed_number_opens_the_rows_of_then_and_says_what_changed_since(client, plan, leader):
    """By 14/9 in force: Kẹo cu đơ of Cẩm Bình and Cam bù of Cẩm Xuyên, 4 stars each."""
    make_target(plan, VALID, 4)
    version = closed(plan, leader)
    factories.recognise(factories.make_product("Ghi sau"), date(2026, 5, 1))
    keo = Recognition.objects.get(product__name="Kẹo cu đơ", star=4)
    Recognition.objects.filter(pk=keo.pk).update(state="replaced")
    factories.recognise(keo.product, date(2026, 10, 20), 5, state="valid")
    Product.objects.filter(name="Cam bù").update(name="Cam bù Vũ Quang")
    Recognition.objects.filter(product__name="Cam bù Vũ Quang").update(state="revoked")
    xuyen = make_commune(*XUYEN)
    xuyen.valid_to, xuyen.merged_into = date(2026, 10, 1), make_commune(*BINH)
    xuyen.save()
    assert listed(client, version) == {
        "Cam bù": (
            "nay: đã thu hồi",
            "nay tên là Cam bù Vũ Quang",
            "xã Cẩm Xuyên đã nhập vào xã Cẩm Bình",
        ),
        "Kẹo cu đơ": ("nay 5 sao theo quyết định 20/QĐ-UBND ngày 20/10/2026",),
    }
    assert list(listed(client, version, unit=make_commune(*BINH).pk)) == ["Kẹo cu đơ"]
    assert list(listed(client, version, star=4, expires="2029-06")) == ["Cam bù", "Kẹo cu đơ"]
    assert listed(client, version, star=3) == {}


def test_a_deleted_record_stays_in_the_list_and_only_for_its_own_commune(client, plan, leader):
    version = closed(plan, leader)
    Recognition.objects.filter(product__name="Kẹo cu đơ", star=4).delete()
    assert listed(client, version)["Kẹo cu đơ"] == ("đã xóa khỏi hệ thống",)
    for name, unit, seen in (("binh", BINH, "Kẹo cu đơ"), ("xuyen", XUYEN, "Cam bù")):
        client.force_login(make_user(name, Role.COMMUNE_OFFICER, make_commune(*unit)))
        assert list(listed(client, version)) == [seen]
        page = client.get(f"/ke-hoach/ban-chot/{version.pk}/danh-sach/{VALID}/").content.decode()
        assert "xem được 1 trong 2 dòng" in page


def test_every_kept_number_has_as_many_rows_and_a_share_has_its_others(client, plan, leader):
    share = make_target(plan, "persons_trained_share", 100, operator="percent")
    version = closed(plan, leader)
    sizes = keeping.Kept(list(version.lists.all()), {}).sizes
    counted = version.summary["standing"]["counted"]
    assert {name: sizes[name] for name in counted} == {name: value for name, (value, _) in counted.items()}
    # Of the four on the register Lan alone was trained by 14/9.
    assert list(listed(client, version, share.indicator.computed_by)) == ["Trần Thị Lan"]
    assert set(listed(client, version, f"{share.indicator.computed_by}-con-lai")) == {
        "Lê Văn Minh", "Phạm Hải", "Vũ Quân",
    }  # fmt: skip
    assert client.get(f"/ke-hoach/ban-chot/{version.pk}/danh-sach/khong-co/").status_code == 404


def test_a_kept_list_asks_as_little_for_three_rows_as_for_one(
    client, plan, leader, django_assert_num_queries
):
    version = closed(plan, leader)
    trained = "persons_trained_share"
    listed(client, version, trained)
    for name, rows in ((trained, 1), (f"{trained}-con-lai", 3)):
        with django_assert_num_queries(8):
            assert len(listed(client, version, name)) == rows


def test_a_former_commune_the_plan_named_keeps_a_list_of_its_own(client, plan, leader):
    """Cẩm Xuyên is part of Cẩm Bình, which has the rows of both but for a target that names Cẩm Xuyên."""
    binh, xuyen = make_commune(*BINH), make_commune(*XUYEN)
    xuyen.valid_to, xuyen.merged_into = date(2026, 3, 1), binh
    xuyen.save()
    for unit in (binh, xuyen):
        make_target(plan, "products_recognised", 1, unit=unit)
    version = closed(plan, leader)
    found = [
        [row.line.title for row in client.get(line.list_url).context["rows"]]
        for line in queries.frozen_targets(version)
    ]
    assert found == [["Kẹo cu đơ"], ["Cam bù"]]
    assert list(listed(client, version, unit=binh.pk)) == ["Cam bù", "Kẹo cu đơ"]


def test_tasks_and_money_of_a_closed_day_open_their_lines(client, plan, leader):
    """On 14/9 the task was late and 40 of 100 spent; since then it was done, and 90 are spent."""
    task = plan.tasks.create(title="Việc trễ", lead_unit="Sở A", due_on=date(2026, 9, 1))
    plan.tasks.create(title="Việc sau", lead_unit="Sở B", due_on=date(2026, 12, 1))
    plan.budget_lines.create(purpose="Tập huấn", planned=100, spent=40, spent_on=date(2026, 9, 1))
    version = closed(plan, leader)
    task.status, task.done_on = "done", date(2026, 10, 1)
    task.save()
    plan.budget_lines.update(spent=90)
    assert listed(client, version, "nhiem-vu-qua-han") == {"Việc trễ": ("tình trạng: nay Đã xong",)}
    assert list(listed(client, version, "nhiem-vu")) == ["Việc trễ", "Việc sau"]
    assert listed(client, version, "nhiem-vu-xong") == {}
    assert listed(client, version, "kinh-phi") == {"Tập huấn": ("đã chi: nay 90\u00a0₫",)}


def test_a_correction_has_its_own_list_and_nothing_kept_ever_changes(client, plan, leader):
    target = make_target(plan, "products_recognised", 4)
    version = closed(plan, leader)
    second = services.correct_figures(
        figure_set=version, values={target.pk: Decimal(3)}, reason="Sót một xã", by=writer()
    )
    own, first = (dict(one.lists.values_list("name", "rows")) for one in (second, version))
    assert own == first
    page = client.get(f"/ke-hoach/ban-chot/{second.pk}/danh-sach/products_recognised/").content.decode()
    assert "ghi 3." in page and "Sót một xã" in page
    kept = version.lists.get(name="recognitions")
    for change in (
        lambda: KeptList.objects.filter(pk=kept.pk).update(rows=[]),
        kept.delete,
        lambda: KeptList.objects.create(figure_set=version, name="moi", parts=[], heads=[], rows=[]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_moved_between_list_and_count_closes_nothing(plan):
    """Lists are gathered first: a record written just then is counted and stands in no list."""
    written = []

    def meanwhile(execute, sql, params, many, context):
        if not written and 'FROM "training_registerperson"' in sql:
            written.append("once")
            factories.recognise(factories.make_product("Xen vào"), date(2026, 5, 1))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile), pytest.raises(DomainError, match="chốt lại"):
        services.freeze_figures(plan=plan, kind="quarter", year=2026, number=3, by=writer())
    assert written and not plan.figure_sets.exists()


def test_the_road_is_kept_as_it_stood_when_the_day_ended(client, plan, leader):
    """Filed on Monday 7/9, sent on on Wednesday 16/9: by 14/9 it had waited five working days."""
    dossier = factories.make_dossier(factories.make_product("Giò bê"), None)
    for state, day in (("submitted", 7), ("proposed", 16)):
        dossier.state, dossier.state_since = state, factories.noon(date(2026, 9, day))
        dossier.save()
    version = closed(plan, leader)
    road = version.summary["standing"]["road"]
    assert road["dang-o-submitted"] == [1, 5.0, 0]
    assert road["dang-o-proposed"][0] == road["da-qua-submitted"][0] == 0
    assert listed(client, version, "dang-o-submitted") == {"Giò bê": ("nay: chờ tỉnh kiểm tra",)}
