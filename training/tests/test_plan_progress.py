"""A plan as of a day: values, statuses, sums that differ, number of queries."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from training import queries, services
from training.enums import TargetStatus as Status
from training.indicators import REGISTRY
from training.models import RegisterPerson
from training.tests import factories
from training.tests.factories import attend, make_class, make_plan, make_target

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


def only(plan, day=DAY):
    (line,) = queries.plan_progress(plan, as_of=day).targets
    return line


def test_computed_target_of_the_whole_province():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised", 4)
    line = only(plan)
    assert (line.planned, line.actual, line.planned_text, line.actual_text) == (4, 3, "≥ 4", "3")
    # 3 of 4 with 325 of 365 days passed: 0,75 is more than three quarters of 0,89.
    assert (line.share, line.time_share, line.status) == (Fraction(3, 4), Fraction(325, 365), Status.AT_RISK)
    assert line.forecast == 3  # 3 x 365 / 325 = 3,37
    assert (line.scope_text, line.computed, line.as_of) == ("Toàn tỉnh", True, DAY)
    assert line.list_url == "/ke-hoach/chi-tieu/products_recognised/?plan=thu-2026&to=2026-11-21"


def test_computed_target_of_one_commune_and_of_each_commune():
    factories.small_province()
    plan = make_plan()
    xuyen = make_commune(*factories.XUYEN)
    make_target(plan, "products_recognised", 1, unit=xuyen)
    make_target(plan, "products_recognised", 2, per_unit="mỗi xã, phường", units_count=2)
    one, each = queries.plan_progress(plan, as_of=DAY).targets
    assert (one.actual, one.status, one.scope_text) == (1, Status.DONE, "Xã Cẩm Xuyên")
    assert one.list_url.endswith(f"&unit={xuyen.pk}")
    # Cẩm Bình has two, Cẩm Xuyên one: one of two communes reached two.
    assert (each.planned, each.actual, each.share) == (2, 1, Fraction(1, 2))
    assert (each.planned_text, each.actual_text, each.scope_text) == ("≥ 2", "1 đơn vị đạt", "mỗi xã, phường")


def test_share_of_persons_shows_percent_and_heads():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "persons_trained_share", 100, operator="percent")
    line = only(plan)
    assert (line.actual, line.actual_text, line.planned_text, line.note) == (50, "50 %", "100 %", "2/4 người")


def test_empty_register_is_no_data_not_zero():
    plan = make_plan()
    make_target(plan, "persons_trained_share", 100, operator="percent")
    assert (only(plan).actual, only(plan).status, only(plan).actual_text) == (
        None,
        Status.NO_DATA,
        "chưa có số liệu",
    )


def test_range_is_done_at_its_lower_bound():
    plan = make_plan()
    target = make_target(plan, value=15, operator="range", value_to=Decimal(20))
    services.record_actual(
        target=target, value=Decimal(15), as_of=date(2026, 6, 1), source="BC 12", by=factories.writer()
    )
    assert (only(plan).status, only(plan).planned_text) == (Status.DONE, "15-20")


def test_last_value_entered_up_to_the_day_counts():
    plan = make_plan()
    target = make_target(plan)
    for month, value in ((3, 4), (9, 8)):
        services.record_actual(
            target=target,
            value=Decimal(value),
            as_of=date(2026, month, 1),
            source=f"BC tháng {month}",
            by=factories.writer(),
        )
    assert (only(plan).actual, only(plan).value_source) == (8, "BC tháng 9")
    assert only(plan, date(2026, 8, 31)).actual == 4
    assert only(plan, date(2026, 2, 1)).status == Status.NO_DATA


def test_deadline_target_is_overdue_without_a_report_and_done_with_one():
    plan = make_plan()
    target = make_target(plan, value=None, operator="date", due_on=date(2026, 7, 15))
    before = only(plan, date(2026, 7, 15))
    assert (before.status, before.status_text) == (Status.NO_DATA, "Chưa đến hạn")
    assert only(plan, date(2026, 7, 16)).status == Status.OVERDUE
    services.record_actual(
        target=target, as_of=date(2026, 7, 20), source="BC", text="13 lớp", by=factories.writer()
    )
    assert (only(plan).status, only(plan).status_text) == (Status.DONE, "Xong, trễ hạn")
    assert (only(plan).actual_text, only(plan).note) == ("xong 20/07/2026", "13 lớp")


def test_own_deadline_measures_the_time_share():
    plan = make_plan()
    make_target(plan, "products_recognised", 10, due_on=date(2026, 6, 30))
    assert only(plan, date(2026, 3, 31)).time_share == Fraction(90, 181)
    assert only(plan, date(2026, 7, 1)).status == Status.OVERDUE


def test_standing_number_has_no_forecast():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "products_recognised_cumulative", 10)
    assert (only(plan).actual, only(plan).forecast) == (3, None)


def test_forecast_of_a_share_of_persons_stays_within_all_of_them():
    factories.small_province()
    plan = make_plan()
    make_target(plan, "persons_trained_share", 90)
    (line,) = queries.plan_progress(plan, as_of=date(2026, 3, 31)).targets
    assert line.forecast == 0
    attend(make_class(date(2026, 1, 20)), *RegisterPerson.objects.on(date(2026, 2, 1)))
    (line,) = queries.plan_progress(plan, as_of=date(2026, 3, 31)).targets
    assert line.forecast == 100


def test_reference_plan_is_never_counted_from_records():
    factories.small_province()
    plan = make_plan(is_reference=True)
    make_target(plan, "products_recognised", 2)
    assert (only(plan).computed, only(plan).status, only(plan).list_url) == (False, Status.NO_DATA, None)


def test_parts_follow_their_total_and_a_wrong_sum_is_said():
    plan = make_plan()
    total = make_target(plan, value=25, code="dat-chuan")
    make_target(plan, value=3, code="khac")
    make_target(plan, value=20, code="chuan-hoa", part_of=total)
    part = make_target(plan, value=5, code="moi", part_of=total)
    lines = queries.plan_progress(plan, as_of=DAY).targets
    assert [line.label.removeprefix("Chỉ tiêu ") for line in lines] == [
        "dat-chuan",
        "chuan-hoa",
        "moi",
        "khac",
    ]
    assert [(line.is_part, line.level) for line in lines] == [(False, 0), (True, 1), (True, 1), (False, 0)]
    assert queries.plan_progress(plan, as_of=DAY).warnings == ()
    part.value = Decimal(4)
    part.save()
    (warning,) = queries.plan_progress(plan, as_of=DAY).warnings
    assert warning == "“Chỉ tiêu dat-chuan”: các phần cộng lại 24, tổng giao ≥ 25."


def test_allocations_that_do_not_add_up_are_said():
    plan = make_plan()
    make_target(plan, value=8)
    make_target(plan, value=5, unit=make_commune(*factories.BINH))
    make_target(plan, value=2, unit=make_commune(*factories.XUYEN))
    (warning,) = queries.plan_progress(plan, as_of=DAY).warnings
    assert "giao cho 2 đơn vị, cộng 7, chỉ tiêu chung ≥ 8" in warning


def test_tasks_overdue_and_done_are_counted():
    plan = make_plan()
    for number, (due, status) in enumerate(
        [(DAY, "open"), (date(2026, 11, 20), "doing"), (date(2026, 3, 1), "done")]
    ):
        plan.tasks.create(title=f"Việc {number}", lead_unit="Sở", due_on=due, status=status)
    progress = queries.plan_progress(plan, as_of=DAY)
    assert (progress.tasks_overdue, progress.tasks_done) == (1, 1)
    assert [task.is_overdue for task in progress.tasks] == [False, True, False]


def test_a_task_done_after_the_day_was_not_done_yet():
    plan = make_plan()
    done = {"status": "done", "done_on": date(2026, 6, 24), "result": "Đã ban hành"}
    plan.tasks.create(title="Quy chế", lead_unit="Sở", due_on=date(2026, 6, 20), **done)

    def as_of(day):
        (task,) = queries.plan_progress(plan, as_of=day).tasks
        return task.status_text, task.is_overdue, task.result, task.done_on

    assert as_of(date(2026, 3, 5)) == ("Chưa xong", False, "", None)
    assert as_of(date(2026, 6, 23)) == ("Quá hạn", True, "", None)
    assert as_of(date(2026, 6, 24))[1:] == (False, "Đã ban hành", date(2026, 6, 24))


def test_old_plan_is_read_as_of_its_end():
    plan = make_plan(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
    progress = queries.plan_progress(plan)
    assert (progress.as_of, progress.time_share) == (date(2020, 12, 31), 1)


@pytest.mark.parametrize("copies", [1, 3])
def test_queries_do_not_grow_with_targets(django_assert_num_queries, copies):
    factories.small_province()
    plan = make_plan()
    for copy in range(copies):
        for name in REGISTRY:
            make_target(plan, name, 10 + copy)
        make_target(plan, value=5)
        plan.tasks.create(title=f"Việc {copy}", lead_unit="Sở")
        factories.make_class(date(2026, 1, 1 + copy), plan=plan)
    plan.refresh_from_db()
    plan = type(plan).objects.select_related("unit").get(pk=plan.pk)
    # Targets with their last value, five kinds of record, tasks, classes.
    with django_assert_num_queries(8):
        assert len(queries.plan_progress(plan, as_of=DAY).targets) == 17 * copies


def test_only_live_plans_remind_of_late_tasks():
    officer = make_user("can-bo", Role.PROVINCIAL_OFFICER)
    for code, fields in {"a": {}, "b": {"status": "closed"}, "c": {"is_reference": True}}.items():
        make_plan(code, make_province(), **fields).tasks.create(
            title=code, lead_unit="Sở", due_on=date(2026, 5, 1)
        )
    assert [task.title for task in queries.overdue_tasks(officer, DAY)] == ["a"]
