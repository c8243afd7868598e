"""What the services of plans, tasks and classes refuse, keep and log."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.audit import history_of
from core.exceptions import DomainError
from training import services
from training.indicators import REGISTRY
from training.models import Indicator, Plan, RegisterPerson, Target, Task
from training.queries.classes_pages import Coverage
from training.register_rows import RegisterRow, Suggestion
from training.tests import factories
from training.tests.factories import BINH, XUYEN, attend, make_class, make_person, make_plan, make_target

pytestmark = pytest.mark.django_db


def refused(call, field, words):
    with pytest.raises(DomainError) as error:
        call()
    assert error.value.field == field
    assert words in error.value.message


GOOD = {"operator": "ge", "value": Decimal(5)}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"operator": "ge"}, "value", "Nhập giá trị phải đạt"),
        ({"operator": "ge", "value": Decimal(-1)}, "value", "không được âm"),
        ({"operator": "percent", "value": Decimal(101)}, "value", "quá 100 %"),
        ({"operator": "range", "value": Decimal(15)}, "value_to", "số sau"),
        ({"operator": "range", "value": Decimal(15), "value_to": Decimal(14)}, "value_to", "nhỏ hơn"),
        ({"operator": "ratio", "value": Decimal(1), "value_to": Decimal(0)}, "value_to", "mẫu số lớn hơn 0"),
        ({"operator": "ratio", "value": Decimal(26), "value_to": Decimal(25)}, "value", "lớn hơn mẫu số"),
        ({"operator": "date"}, "due_on", "ngày phải xong"),
        ({"operator": "text"}, "text", "nội dung phải đạt"),
        ({**GOOD, "due_on": date(2025, 12, 31)}, "due_on", "trước ngày bắt đầu"),
    ],
)
def test_target_that_does_not_fit_its_kind_is_refused(fields, field, words):
    plan = make_plan()
    indicator = factories.make_indicator()
    refused(lambda: services.add_target(plan=plan, by=None, indicator=indicator, **fields), field, words)
    assert not plan.targets.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"operator": "ge", "value": Decimal(60)},
        {"operator": "range", "value": Decimal(15), "value_to": Decimal(20)},
        {
            "operator": "range",
            "value": Decimal(2),
            "value_to": Decimal(3),
            "per_unit": "mỗi huyện",
            "units_count": 8,
        },
        {"operator": "percent", "value": Decimal(100)},
        {"operator": "ratio", "value": Decimal(22), "value_to": Decimal(25)},
        {"operator": "date", "due_on": date(2026, 7, 15)},
        {"operator": "text", "text": "Xây dựng mô hình điểm"},
    ],
)
def test_all_kinds_of_target_are_kept(fields):
    plan = make_plan()
    target = services.add_target(plan=plan, by=None, indicator=factories.make_indicator(), **fields)
    assert history_of(target).get().verb == "target.add"


def test_target_goes_to_a_living_unit_of_the_plans_area():
    plan = make_plan()
    indicator = factories.make_indicator()
    elsewhere = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    merged = make_commune("Xã Cũ", "18000")
    merged.valid_from, merged.valid_to = date(2020, 1, 1), date(2025, 6, 30)
    merged.save()

    def add(**fields):
        return services.add_target(plan=plan, by=None, indicator=indicator, **GOOD, **fields)

    refused(lambda: add(unit=elsewhere), "unit", "không thuộc địa bàn")
    refused(lambda: add(unit=merged), "unit", "đã sáp nhập từ 30/06/2025")
    refused(lambda: add(unit=make_commune(*BINH), per_unit="mỗi xã"), "per_unit", "không cả hai")
    assert add(unit=make_commune(*BINH)).pk


def test_a_part_has_one_total_of_the_same_plan():
    plan, other = make_plan(), make_plan("khac")
    total = make_target(plan, value=25)
    part = make_target(plan, value=20, part_of=total)
    indicator = factories.make_indicator()

    def add(**fields):
        return services.add_target(indicator=indicator, by=None, **GOOD, **fields)

    refused(lambda: add(plan=other, part_of=total), "part_of", "cùng kế hoạch")
    refused(lambda: add(plan=plan, part_of=part), "part_of", "Chỉ chia một cấp")
    change = {**GOOD, "indicator": indicator, "by": None}
    refused(lambda: services.update_target(target=total, part_of=total, **change), "part_of", "chính nó")
    third = make_target(plan, value=1)
    refused(
        lambda: services.update_target(target=total, part_of=third, **change), "part_of", "đang có các phần"
    )


def test_a_computed_value_is_never_typed():
    target = make_target(make_plan(), "products_recognised")
    refused(
        lambda: services.record_actual(
            target=target, value=Decimal(5), as_of=date(2026, 3, 1), source="x", by=None
        ),
        None,
        "hệ thống tự tính",
    )


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"value": None}, "value", "bằng số"),
        ({"value": Decimal(-1)}, "value", "không được âm"),
        ({"as_of": date(2025, 12, 31)}, "as_of", "Kế hoạch bắt đầu từ 01/01/2026"),
        ({"as_of": timezone.localdate() + timedelta(days=1)}, "as_of", "không được sau hôm nay"),
        ({"source": ""}, "source", "trống"),
    ],
)
def test_value_entered_by_hand_needs_number_source_and_a_past_day(fields, field, words):
    target = make_target(make_plan())
    values = {"value": Decimal(5), "as_of": date(2026, 3, 1), "source": "BC", **fields}
    with pytest.raises(DomainError) as error:
        services.record_actual(target=target, by=factories.writer(), **values)
    assert error.value.field == field
    assert words in error.value.message or field == "source"
    assert not target.actuals.exists()


def test_a_value_of_after_the_plans_last_day_is_refused_for_it_would_never_be_shown():
    plan = make_plan("cu", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    target = make_target(plan)

    def record(day):
        by = factories.writer()
        return services.record_actual(target=target, by=by, value=Decimal(3), as_of=day, source="BC")

    refused(lambda: record(date(2026, 1, 15)), "as_of", "kết thúc 31/12/2025")
    assert record(date(2025, 12, 31)).value == 3


def test_value_of_a_share_has_bounds():
    plan, by = make_plan(), factories.writer()
    percent = make_target(plan, value=90, operator="percent")
    ratio = make_target(plan, value=22, operator="ratio", value_to=Decimal(25), code="ty-so")
    entry = {"as_of": date(2026, 3, 1), "source": "BC", "by": by}
    refused(lambda: services.record_actual(target=percent, value=Decimal(101), **entry), "value", "quá 100 %")
    refused(lambda: services.record_actual(target=ratio, value=Decimal(26), **entry), "value", "mẫu số")


def test_a_line_with_values_is_not_turned_into_another_and_a_share_has_no_more_than_all():
    target = make_target(make_plan())
    services.record_actual(
        target=target, by=factories.writer(), as_of=date(2026, 3, 1), source="BC", value=Decimal(3)
    )
    fields = {"target": target, "by": None, "operator": "ge", "value": Decimal(5)}
    for field, other in (("indicator", factories.make_indicator("khac")), ("unit", make_commune(*BINH))):
        refused(lambda more={field: other}: services.update_target(**fields, **more), field, "đã có kết quả")
    assert services.update_target(**fields).value == 5
    refused(lambda: make_target(target.plan, "persons_trained_share", 250), "value", "quá 100 %")


def test_target_with_a_value_is_not_removed():
    plan = make_plan()
    total = make_target(plan, value=25)
    part = make_target(plan, value=20, part_of=total, code="phan")
    services.record_actual(
        target=part, value=Decimal(1), as_of=date(2026, 3, 1), source="BC", by=factories.writer()
    )
    refused(lambda: services.remove_target(target=total, by=None), None, "không xóa được")
    part.actuals.all().delete()
    services.remove_target(target=total, by=None)
    assert not plan.targets.exists()


def test_changing_a_plan_keeps_before_and_after():
    plan = make_plan()
    services.update_plan(plan=plan, by=None, title="Tên mới", ends_on=date(2026, 12, 31))
    entry = history_of(plan).get()
    assert (entry.before, entry.after) == ({"title": "Kế hoạch thu-2026"}, {"title": "Tên mới"})
    refused(
        lambda: services.update_plan(
            plan=plan, by=None, starts_on=date(2026, 5, 1), ends_on=date(2026, 4, 1)
        ),
        "ends_on",
        "sau ngày bắt đầu",
    )


def test_plan_code_is_used_once():
    make_plan("thu")
    fields = {
        "title": "x",
        "unit": make_province(),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 2, 1),
    }
    with pytest.raises(DomainError) as error:
        services.create_plan(by=None, code="thu", **fields)
    assert error.value.field == "code"
    assert Plan.objects.count() == 1


def test_task_is_done_with_a_result_and_a_day():
    plan = make_plan()
    task = services.add_task(plan=plan, by=None, title="Việc", lead_unit="Sở", due_on=date(2026, 7, 15))
    refused(lambda: services.report_task(task=task, status="done", by=None), "result", "Ghi kết quả")
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused(
        lambda: services.report_task(task=task, status="done", result="Xong", done_on=tomorrow, by=None),
        "done_on",
        "không sau hôm nay",
    )
    done = services.report_task(task=task, status="done", result="Xong", done_on=date(2026, 7, 10), by=None)
    assert (done.status, done.done_on) == ("done", date(2026, 7, 10))
    again = services.report_task(
        task=done, status="doing", result="Làm lại", done_on=date(2026, 7, 10), by=None
    )
    assert again.done_on is None


def test_task_is_not_due_before_its_plan():
    refused(
        lambda: services.add_task(
            plan=make_plan(), by=None, title="x", lead_unit="y", due_on=date(2025, 1, 1)
        ),
        "due_on",
        "trước ngày bắt đầu",
    )


def test_enrolling_twice_keeps_one_and_foreigners_are_refused():
    held = make_class(unit=make_commune(*BINH))
    lan, xa = make_person("Lan"), make_person("Xa", make_commune(*XUYEN))
    assert services.enrol(training_class=held, persons=[lan], by=None) == 1
    assert services.enrol(training_class=held, persons=[lan], by=None) == 0
    refused(
        lambda: services.enrol(training_class=held, persons=[xa], by=None), "persons", "không thuộc địa bàn"
    )
    gone = make_person("Nga", left_on=date(2026, 3, 1))
    refused(
        lambda: services.enrol(training_class=held, persons=[gone], by=None), "persons", "ra khỏi danh sách"
    )
    assert held.enrolments.count() == 1


def test_attendance_is_exactly_who_was_ticked():
    held = make_class()
    lan, minh = make_person("Lan"), make_person("Minh")
    attend(held, lan, minh)
    first, second = held.enrolments.order_by("pk")
    halves = [half.pk for half in held.half_days.all()]
    there = {(second.pk, half) for half in halves}
    assert services.mark_attendance(training_class=held, present=there, by=None) == 2
    assert list(held.enrolments.filter(attended=True)) == [second]
    assert services.mark_attendance(training_class=held, present=there, by=None) == 0
    other = make_class(date(2026, 7, 1))
    attend(other, lan)
    strange = {(other.enrolments.get().pk, halves[0])}
    refused(
        lambda: services.mark_attendance(training_class=held, present=strange, by=None), None, "không thuộc"
    )


def test_attendance_waits_for_the_first_day():
    held = make_class(timezone.localdate() + timedelta(days=3))
    refused(lambda: services.mark_attendance(training_class=held, present=[], by=None), None, "chưa bắt đầu")


def test_a_person_is_on_the_register_once():
    fields = {"unit": make_commune(*BINH), "group": "official", "listed_on": date(2026, 1, 1), "by": None}
    services.add_person(name="Trần Thị Lan", **fields)
    refused(lambda: services.add_person(name="trần thị lan", **fields), "name", "đã có trong danh sách")


def test_names_that_differ_by_accents_are_two_persons_and_by_spelling_one():
    fields = {"unit": make_commune(*BINH), "group": "official", "listed_on": date(2026, 1, 1)}
    services.add_person(name="Trần Thị Hoa", by=None, **fields)
    services.add_person(name="Trần Thị Hòa", by=None, **fields)
    refused(
        lambda: services.add_person(name="Trần Thị Hoà", by=None, **fields), "name", "đã có trong danh sách"
    )
    rows = [
        RegisterRow(name, "official", fields["unit"].pk, "Chủ tịch", date(2026, 1, 1), None)
        for name in ("Trần Thị Hoà", "Trần Thị Hóa")
    ]
    done = services.import_register(rows=rows, by=None)
    assert (done.created, done.updated) == (1, 1)
    positions = dict(RegisterPerson.objects.values_list("name", "position"))
    assert positions == {"Trần Thị Hoa": "", "Trần Thị Hòa": "Chủ tịch", "Trần Thị Hóa": "Chủ tịch"}


def test_a_register_not_trained_to_the_last_person_is_not_told_to_be():
    assert Coverage(2499, 2500).percent == "99,96 %"
    assert Coverage(29_999, 30_000).percent == "99,99 %"
    assert Coverage(30_000, 30_000).percent == "100 %"


def test_a_namesake_who_leads_another_entity_is_not_made_somebody_else():
    binh = make_commune(*BINH)
    mot, hai = (
        factories.make_entity(name, binh, representative="Lê Văn An") for name in ("HTX Một", "HTX Hai")
    )
    chosen = [
        Suggestion(f"e{e.pk}", "Lê Văn An", binh, "entity_leader", "", "", entity=e) for e in (mot, hai)
    ]
    assert services.add_suggested(suggestions=chosen, by=None) == 1
    assert RegisterPerson.objects.get().entity == mot


def test_new_indicator_is_reused_by_name():
    first = services.indicator_named(name="Hội chợ", unit_name="đợt", by=None)
    assert services.indicator_named(name="hội chợ", unit_name="đợt", by=None) == first
    services.sync_indicators()
    services.sync_indicators()
    # What the system counts is not typed under the same name.
    held = services.indicator_named(name="Lớp tập huấn đã tổ chức", unit_name="lớp", by=None)
    assert held.computed_by == "classes_held"
    assert Indicator.objects.exclude(computed_by="").count() == len(REGISTRY)


# --- who may ---


def acts_by(person):
    """Every verb of the room, called by the person."""
    plan, unit = make_plan(), make_province()
    target, held = make_target(plan), make_class()
    task = services.add_task(plan=plan, by=None, title="Việc thử", lead_unit="Văn phòng")
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    return {
        "create_plan": lambda: services.create_plan(by=person, code="moi", title="Mới", unit=unit, **days),
        "update_plan": lambda: services.update_plan(plan=plan, by=person, title="Khác"),
        "add_legal_basis": lambda: services.add_legal_basis(plan=plan, by=person, title="Quyết định"),
        "add_target": lambda: services.add_target(plan=plan, by=person, indicator=target.indicator, **GOOD),
        "update_target": lambda: services.update_target(target=target, by=person, value=Decimal(6)),
        "remove_target": lambda: services.remove_target(target=target, by=person),
        "record_actual": lambda: services.record_actual(
            target=target, by=person, as_of=date(2026, 3, 1), source="BC", value=Decimal(1)
        ),
        "add_task": lambda: services.add_task(plan=plan, by=person, title="Việc", lead_unit="Sở"),
        "update_task": lambda: services.update_task(task=task, by=person, title="Việc khác"),
        "report_task": lambda: services.report_task(task=task, by=person, status="doing"),
        "create_class": lambda: services.create_class(by=person, title="Lớp", unit=unit, **days),
        "update_class": lambda: services.update_class(training_class=held, by=person, title="Lớp khác"),
        "add_person": lambda: services.add_person(by=person, name="Người Thử", unit=unit, group="official"),
        "enrol": lambda: services.enrol(training_class=held, persons=[], by=person),
        "mark_attendance": lambda: services.mark_attendance(training_class=held, present=[], by=person),
    }


def test_only_an_officer_of_the_province_changes_plans_and_classes():
    people = [
        make_user("can-bo-nghe-an", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An")),
        make_user("lanh-dao", Role.LEADERSHIP),
        make_user("can-bo-xa", Role.COMMUNE_OFFICER, make_commune(*BINH)),
    ]
    done = []
    for person in people:
        for name, act in acts_by(person).items():
            try:
                act()
                done.append(f"{name} by {person}")
            except PermissionDenied:
                pass
        Task.objects.all().delete()
        Target.objects.all().delete()
        Plan.objects.all().delete()
    assert done == []


def test_a_plan_is_not_given_to_another_province():
    plan, elsewhere = make_plan(), make_province("40", "Tỉnh Nghệ An")
    with pytest.raises(PermissionDenied):
        services.update_plan(plan=plan, by=factories.writer(), unit=elsewhere)
