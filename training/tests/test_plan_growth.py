"""Plans: their steps, the one above, copies, money, limits and splits."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.audit import history_of
from core.exceptions import DomainError
from training import queries, services
from training.enums import TargetStatus as Status
from training.models import Plan
from training.services.copying import moved
from training.tests.factories import BINH, XUYEN, make_indicator, make_plan, make_target, writer

pytestmark = pytest.mark.django_db


def refused(call, words, field=None):
    with pytest.raises(DomainError) as error:
        call()
    assert words in error.value.message
    assert error.value.field == field


def test_a_plan_goes_by_its_steps_only():
    plan = make_plan(status="draft")

    def go(name, note=""):
        return services.perform_plan_step(plan=plan, name=name, by=None, note=note)

    refused(lambda: go("issue"), "chưa có chỉ tiêu hay nhiệm vụ")
    make_target(plan)
    assert go("issue").status == "in_force"
    refused(lambda: go("issue"), "Đang thực hiện")
    refused(lambda: go("take_back"), "Ghi lý do", "note")
    assert go("take_back", "Sửa chỉ tiêu").status == "draft"
    go("issue")
    assert go("close").status == "closed"
    refused(lambda: make_target(plan, code="khac"), "đã kết thúc")
    assert go("reopen", "Chỉ tiêu bổ sung").status == "in_force"
    log = history_of(plan).filter(verb="plan.take_back").get()
    assert (log.reason, log.before, log.after) == (
        "Sửa chỉ tiêu", {"status": "in_force"}, {"status": "draft"},
    )  # fmt: skip


def test_a_plan_stands_under_one_that_may_hold_it():
    year = make_plan("ht-2026")
    binh = make_commune(*BINH)
    days = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 12, 31)}

    def new(**fields):
        values = {"code": "xa-binh", "title": "Xã", "level": "commune", "unit": binh, **days, **fields}
        return services.create_plan(by=None, **values)

    refused(lambda: new(level="master", parent=year), "không đặt dưới", "parent")
    elsewhere = make_plan("na-2026", make_province("40", "Tỉnh Nghệ An"))
    refused(lambda: new(parent=elsewhere), "tỉnh mình", "parent")
    late = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    refused(lambda: new(parent=year, **late), "nằm ngoài", "parent")
    assert list(year.children.all()) == []
    assert new(parent=year).parent == year


def test_next_years_plan_is_a_proposal_of_this_years():
    plan = make_plan(objectives="Nâng chất lượng")
    binh, xuyen = make_commune(*BINH), make_commune(*XUYEN)
    total = make_target(plan, value=25, due_on=date(2026, 11, 30))
    make_target(plan, code="phan", value=20, part_of=total)
    make_target(plan, value=3, unit=binh)
    make_target(plan, value=2, unit=xuyen)
    gone = make_commune("Xã Cẩm Lĩnh", "18700")
    make_target(plan, value=4, unit=gone)
    gone.valid_to, gone.merged_into = date(2026, 10, 1), xuyen
    gone.save()
    task = services.add_task(
        plan=plan, by=None, title="Mở lớp", lead_admin_unit=binh, due_on=date(2026, 7, 15)
    )
    services.report_task(task=task, status="doing", by=None, note="Đã mời giảng viên")
    services.add_budget_line(
        plan=plan, by=None, purpose="Tập huấn", planned=Decimal(50_000_000), spent=Decimal(9),
        spent_on=date(2026, 5, 1),
    )  # fmt: skip
    copied = services.copy_plan(plan=plan, by=None, code="thu-2027", title="Kế hoạch 2027")
    draft = Plan.objects.get(code="thu-2027")
    assert (draft.status, draft.copied_from, draft.objectives) == ("draft", plan, "Nâng chất lượng")
    assert (draft.starts_on, draft.ends_on) == (date(2027, 1, 1), date(2027, 12, 31))
    rows = draft.targets.order_by("position", "pk")
    kept = {(t.indicator.code, t.unit and t.unit.name): (t.value, t.due_on) for t in rows}
    # Cẩm Lĩnh's 4 lie on Cẩm Xuyên's 2.
    assert kept == {
        ("nhap-tay", None): (25, date(2027, 11, 30)),
        ("phan", None): (20, None),
        ("nhap-tay", "Xã Cẩm Bình"): (3, None),
        ("nhap-tay", "Xã Cẩm Xuyên"): (6, None),
    }
    assert draft.targets.get(indicator__code="phan").part_of.plan == draft
    assert copied.notes == ("Xã Cẩm Lĩnh đã sáp nhập: “Chỉ tiêu nhap-tay” chuyển sang Xã Cẩm Xuyên.",)
    new_task = draft.tasks.get()
    assert (new_task.lead_unit, new_task.status, new_task.due_on) == (
        "UBND xã Cẩm Bình", "open", date(2027, 7, 15),
    )  # fmt: skip
    money = draft.budget_lines.get()
    assert (money.planned, money.spent, money.spent_on) == (50_000_000, None, None)


def test_the_29th_of_february_moves_to_the_28th():
    assert moved(date(2028, 2, 29), 1) == date(2029, 2, 28)


def test_money_is_summed_by_hand_and_asks_for_its_day():
    plan = make_plan()

    def add(purpose, planned, **fields):
        return services.add_budget_line(
            plan=plan, by=None, purpose=purpose, planned=Decimal(planned), **fields
        )

    add(
        "Nâng cấp sản phẩm",
        360_000_000,
        fund="province",
        spent=Decimal(100_000_000),
        spent_on=date(2026, 6, 1),
    )
    add("Học tập", 50_000_000, fund="commune")
    tests = add(
        "Kiểm nghiệm", 20_000_000, fund="province", spent=Decimal(25_000_000), spent_on=date(2026, 9, 1)
    )
    refused(lambda: add("Sai", 1, spent=Decimal(1)), "tính đến ngày nào", "spent_on")
    refused(lambda: add("Âm", -1), "không được âm")
    refused(lambda: services.remove_budget_line(line=tests, by=None), "đã có số chi")
    money = queries.budget_of(plan)
    assert (money.planned, money.spent, money.overspent) == (430_000_000, 125_000_000, (tests,))
    assert [(fund.label, fund.planned, fund.spent) for fund in money.funds] == [
        ("Ngân sách tỉnh", 380_000_000, 125_000_000), ("Ngân sách xã", 50_000_000, 0),
    ]  # fmt: skip
    assert queries.budget_of(plan, date(2026, 6, 30)).spent == 100_000_000


def test_a_total_is_not_lower_than_its_parts():
    plan = make_plan()
    total = make_target(plan, value=25)
    make_target(plan, code="a", value=20, part_of=total)
    refused(lambda: make_target(plan, code="b", value=6, part_of=total), "cộng lại 26", "value")
    part = make_target(plan, code="b", value=5, part_of=total)
    change = {"operator": "ge", "by": None}
    refused(lambda: services.update_target(target=total, value=Decimal(24), **change), "cộng lại 25", "value")
    services.update_target(target=part, value=Decimal(4), part_of=total, **change)
    services.update_target(target=total, value=Decimal(24), **change)


def test_an_indicator_of_which_less_is_better_is_a_limit():
    plan = make_plan(ends_on=date(2026, 12, 31))
    returned = make_indicator("ho-so-tra-lai", direction="lower")
    refused(
        lambda: services.add_target(plan=plan, by=None, indicator=returned, operator="ge", value=Decimal(5)),
        "càng thấp càng tốt",
        "operator",
    )
    refused(lambda: make_target(plan, operator="le"), "càng cao càng tốt", "operator")
    limit = services.add_target(plan=plan, by=None, indicator=returned, operator="le", value=Decimal(5))

    def stands(value, day):
        services.record_actual(target=limit, value=Decimal(value), as_of=day, source="BC", by=writer())
        line = queries.plan_progress(plan, as_of=day).targets[0]
        return line.planned_text, line.status, line.status_text

    assert stands(5, date(2026, 3, 1)) == ("≤ 5", Status.ON_TRACK, "Đúng tiến độ")
    assert stands(6, date(2026, 4, 1)) == ("≤ 5", Status.BEHIND, "Vượt mức")


def test_another_provinces_officer_changes_nothing():
    plan = make_plan()
    make_target(plan)
    stranger = make_user("la", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    acts = (
        lambda: services.perform_plan_step(plan=plan, name="close", by=stranger),
        lambda: services.copy_plan(plan=plan, by=stranger, code="x", title="X"),
        lambda: services.add_budget_line(plan=plan, by=stranger, purpose="x", planned=Decimal(1)),
        lambda: services.save_grid(plan=plan, entries={}, by=stranger),
        lambda: services.freeze_figures(plan=plan, kind="month", year=2026, number=2, by=stranger),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert services.perform_plan_step(plan=plan, name="close", by=writer()).status == "closed"
