"""A commune's own yearly plan under the province's: written and kept by the commune."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from training import queries, reminders, services
from training.models import Indicator, Plan
from training.tests.factories import BINH, XUYEN, make_indicator, make_plan

pytestmark = pytest.mark.django_db
DAYS = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def binh():
    return make_commune(*BINH)


@pytest.fixture
def officer(binh):
    return make_user("xa-binh", Role.COMMUNE_OFFICER, binh)


@pytest.fixture
def above():
    return make_plan()


@pytest.fixture
def own(binh, officer, above):
    return services.create_plan(
        by=officer, code="binh-2026", title="Kế hoạch xã", level="commune", unit=binh, parent=above, **DAYS
    )


def test_a_commune_writes_its_plan_on_the_pages_and_its_values_count_at_once(client, above, binh, officer):
    client.force_login(officer)
    page = client.get(reverse("training:plan_create")).content.decode()
    assert "tài liệu tham khảo" not in page and f'value="{binh.pk}" selected' in page
    typed = {
        "title": "Kế hoạch OCOP xã Cẩm Bình năm 2026", "code": "binh-2026", "parent": above.pk,
        "unit": binh.pk, "starts_on": "01/01/2026", "ends_on": "31/12/2026", "objectives": "",
    }  # fmt: skip
    assert (
        "Chọn kế hoạch"
        in client.post(reverse("training:plan_create"), {**typed, "parent": ""}).content.decode()
    )
    # Whatever else is sent, it is the commune's plan and no reference for others.
    sent = {**typed, "level": "year", "is_reference": "on"}
    answer = client.post(reverse("training:plan_create"), sent)
    plan = Plan.objects.get(code="binh-2026")
    assert answer.url == reverse("training:plan", args=["binh-2026"])
    assert (plan.level, plan.unit, plan.parent, plan.is_reference) == ("commune", binh, above, False)

    target = services.add_target(
        plan=plan, by=officer, indicator=make_indicator(), operator="ge", value=Decimal(2)
    )
    services.add_task(plan=plan, by=officer, title="Rà soát sản phẩm", lead_unit="Ban quản lý")
    services.perform_plan_step(plan=plan, name="issue", by=officer)
    services.report_task(task=plan.tasks.get(), status="doing", by=officer)
    services.record_actual(
        target=target, value=Decimal(1), as_of=date(2026, 6, 1), source="Sổ theo dõi của xã", by=officer
    )
    assert [line.actual for line in queries.plan_progress(plan).targets] == [1]
    assert "Thêm chỉ tiêu" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "fields", [{"level": "year"}, {"is_reference": True}, {"unit": XUYEN}], ids=["level", "reference", "unit"]
)
def test_a_commune_writes_no_other_plan(above, binh, officer, own, fields):
    if "unit" in fields:
        fields = {"unit": make_commune(*XUYEN)}
    values = {"title": "Khác", "level": "commune", "unit": binh, "parent": above, **DAYS, **fields}
    with pytest.raises(PermissionDenied):
        services.create_plan(by=officer, code="khac", **values)
    with pytest.raises(PermissionDenied):
        services.update_plan(plan=own, by=officer, **fields)


def test_a_commune_chooses_indicators_and_adds_none_to_the_catalogue(client, own, officer):
    client.force_login(officer)
    url, before = reverse("training:target_create", args=[own.code]), Indicator.objects.count()
    assert 'name="new_indicator"' not in client.get(url).content.decode()
    sent = {"new_indicator": "Chỉ tiêu của xã", "new_unit_name": "đợt", "operator": "ge", "value": "1"}
    assert "Chọn một chỉ tiêu trong danh mục." in client.post(url, sent).content.decode()
    with pytest.raises(PermissionDenied):
        services.indicator_named(name="Chỉ tiêu của xã", unit_name="đợt", by=officer)
    assert Indicator.objects.count() == before
    client.post(url, {**sent, "indicator": make_indicator().pk})
    assert own.targets.get().indicator == make_indicator()


def test_a_commune_plan_of_the_commune_stands_under_a_plan_the_province_has_issued(binh, officer, own):
    draft = make_plan("du-thao", status="draft")
    for parent in (None, draft):
        with pytest.raises(DomainError) as error:
            services.update_plan(plan=own, by=officer, parent=parent)
        assert error.value.field == "parent"


def test_the_province_keeps_it_too_a_neighbour_and_another_province_do_not_find_it(client, own, officer):
    neighbour = make_user("xa-xuyen", Role.COMMUNE_OFFICER, make_commune(*XUYEN))
    foreign = make_user("nghe-an", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    province = make_user("tinh", Role.PROVINCIAL_OFFICER)
    leader = make_user("lanh-dao", Role.LEADERSHIP)
    url = reverse("training:plan_edit", args=[own.code])
    found = []
    for user in (officer, province, leader, neighbour, foreign):
        client.force_login(user)
        found.append(client.get(url).status_code)
    assert found == [200, 200, 403, 404, 404]
    client.force_login(officer)
    assert client.get(reverse("training:plan_edit", args=[own.parent.code])).status_code == 403
    assert client.get(reverse("training:actuals")).status_code == 403
    assert client.get(reverse("training:class_create")).status_code == 403
    with pytest.raises(DomainError, match="không thuộc địa bàn"):
        services.add_task(plan=own, by=officer, title="Việc", lead_admin_unit=make_commune(*XUYEN))


def test_its_tasks_are_the_communes_to_remember_and_not_the_provinces(own, officer):
    province, leader = make_user("tinh", Role.PROVINCIAL_OFFICER), make_user("lanh-dao", Role.LEADERSHIP)
    make_user("xa-xuyen", Role.COMMUNE_OFFICER, make_commune(*XUYEN))
    day = timezone.localdate()
    dates = {"starts_on": day - timedelta(days=60), "ends_on": day + timedelta(days=60)}
    Plan.objects.filter(pk__in=[own.pk, own.parent_id]).update(status="in_force", **dates)
    own.refresh_from_db()
    services.add_task(
        plan=own, by=officer, title="Việc của xã", lead_unit="Hội Nông dân", due_on=day - timedelta(days=1)
    )
    assert [task.title for task in queries.tasks_for(officer)] == ["Việc của xã"]
    assert [todo.subject for todo in todos_for(officer) if todo.overdue] == ["Việc của xã"]
    for user in (province, leader):
        assert [todo.subject for todo in todos_for(user)] == []
    (message,) = reminders.tasks_that_fall_due(day)
    assert message.users == (officer,)
