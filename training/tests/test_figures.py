"""Closing a period: frozen figures, approval, corrections, values refused, the database's guard."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_commune, make_province, make_user, one_of_each_role
from core.exceptions import DomainError
from training import queries, services
from training.models import Figure, FigureSet
from training.tests import factories
from training.tests.factories import BINH, make_plan, make_target, writer

pytestmark = pytest.mark.django_db


def refused(call, words):
    with pytest.raises(DomainError) as error:
        call()
    assert words in error.value.message


@pytest.fixture
def plan():
    factories.small_province()
    return make_plan()


@pytest.fixture
def leader():
    return make_user("lanh-dao", Role.LEADERSHIP)


def freeze(plan, kind="quarter", number=3):
    return services.freeze_figures(plan=plan, kind=kind, year=2026, number=number, by=writer())


def closed(plan, leader):
    return services.decide_figures(figure_set=freeze(plan), approve=True, by=leader)


def test_figures_are_those_of_the_cut_off_and_stay_when_records_change(plan, leader):
    recognised = make_target(plan, "products_recognised", 4)
    share = make_target(plan, "persons_trained_share", 100, operator="percent")
    typed = make_target(plan, value=3)
    services.record_actual(target=typed, value=Decimal(2), as_of=date(2026, 9, 1), source="BC", by=writer())
    made = closed(plan, leader)
    assert (made.as_of, made.number, made.decided_by) == (date(2026, 9, 14), 1, leader)
    # 257 of 365 days passed, 0,70: 2 of 4 and 25 % are behind, 2 of 3 is at risk (three quarters: 0,53).
    # By 14/9: Kẹo cu đơ and Cam bù recognised on 30/6; Lan of the four on the register trained in June.
    frozen = {f.target_id: (f.value, f.in_period, f.list_size, f.status) for f in made.figures.all()}
    assert frozen == {
        recognised.pk: (2, 2, 2, "behind"),
        share.pk: (25, None, 1, "behind"),
        typed.pk: (2, None, None, "at_risk"),
    }
    late = factories.make_product("Giò bê", factories.make_entity("HTX Cẩm Xuyên"))
    factories.recognise(late, date(2026, 9, 1), 3)
    line = next(t for t in queries.frozen_targets(made) if t.target_id == recognised.pk)
    assert (line.actual, line.actual_text, line.planned_text, line.as_of) == (
        2,
        "2",
        "≥ 4",
        date(2026, 9, 14),
    )
    assert queries.plan_progress(plan, as_of=date(2026, 9, 14)).targets[0].actual == 3
    assert queries.standing_on(plan, date(2026, 10, 1)) == made
    assert queries.standing_on(plan, date(2026, 9, 13)) is None


def test_what_is_counted_within_the_period_is_only_its_own(plan):
    recognised = make_target(plan, "products_recognised", 4)
    binh = make_target(plan, "products_recognised", 1, unit=make_commune(*BINH))
    figures = {f.target_id: (f.value, f.in_period) for f in freeze(plan, "month", 11).figures.all()}
    # 15/10-14/11: Nước mắm of Cẩm Bình, on 15/10; since January three, two of them of Cẩm Bình.
    assert figures == {recognised.pk: (3, 1), binh.pk: (2, 1)}


def test_a_period_is_closed_once_after_its_day_and_within_the_plan(plan, leader):
    refused(lambda: freeze(plan, "month", 13), "không có tháng")
    refused(lambda: freeze(plan, "year", 1), "chưa đến ngày chốt")
    other = make_plan("cu", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    refused(lambda: freeze(other), "nằm ngoài")
    refused(lambda: freeze(make_plan("du-thao", status="draft")), "đang hoặc đã thực hiện")
    made = freeze(plan)
    refused(lambda: freeze(plan), "đang chờ duyệt")
    refused(lambda: services.decide_figures(figure_set=made, approve=True, by=writer()), "không tự duyệt")
    refused(lambda: services.decide_figures(figure_set=made, approve=False, by=leader), "Ghi lý do")
    services.decide_figures(figure_set=made, approve=False, by=leader, note="Thiếu số của hai xã")
    again = freeze(plan)
    assert (again.number, again.reason) == (2, "Chốt lại, bản 1 không được duyệt.")
    services.decide_figures(figure_set=again, approve=True, by=leader)
    refused(lambda: services.decide_figures(figure_set=again, approve=True, by=leader), "đã được xử lý")
    refused(lambda: freeze(plan), "đính chính")


def test_a_correction_is_a_new_version_with_its_reason_and_the_old_one_stays(plan, leader):
    recognised = make_target(plan, "products_recognised", 4)
    typed = make_target(plan, value=3)
    services.record_actual(target=typed, value=Decimal(2), as_of=date(2026, 9, 1), source="BC", by=writer())
    share = make_target(plan, "persons_trained_share", 100, operator="percent")
    first = freeze(plan)

    def correct(values, reason="Xã Cẩm Bình báo thiếu"):
        return services.correct_figures(figure_set=first, values=values, reason=reason, by=writer())

    refused(lambda: correct({typed.pk: Decimal(3)}), "đang có một bản chờ duyệt".capitalize())
    services.decide_figures(figure_set=first, approve=True, by=leader)
    first.refresh_from_db()
    refused(lambda: correct({typed.pk: Decimal(3)}, " "), "Ghi lý do")
    refused(lambda: correct({typed.pk: Decimal(2)}), "Chưa có số nào khác")
    refused(lambda: correct({share.pk: Decimal(101)}), "quá 100 %")
    second = correct({typed.pk: Decimal(3)})
    services.decide_figures(figure_set=second, approve=True, by=leader)
    values = {f.target_id: (f.value, f.status, f.corrected) for f in second.figures.all()}
    before = {f.target_id: (f.value, f.status, f.corrected) for f in first.figures.all()}
    assert values[typed.pk] == (3, "done", True) and before[typed.pk][0] == 2
    assert values[recognised.pk] == before[recognised.pk]
    line = next(t for t in queries.frozen_targets(second) if t.target_id == typed.pk)
    assert (line.actual_text, line.status_text, line.note) == ("3", "Đạt", "đính chính")
    assert queries.standing_on(plan, date(2026, 10, 1)) == second
    refused(lambda: correct({typed.pk: Decimal(4)}), "bản mới hơn")


def test_a_corrected_share_is_a_per_cent_and_a_limit_passed_is_said_to_be(plan, leader):
    share = make_target(plan, "persons_trained_share", 90)
    factories.make_indicator("khieu-nai", direction="lower")
    limit = make_target(plan, value=5, operator="le", code="khieu-nai")
    services.record_actual(target=limit, value=Decimal(4), as_of=date(2026, 9, 1), source="BC", by=writer())
    first = closed(plan, leader)

    def correct(values):
        return services.correct_figures(figure_set=first, values=values, reason="Đếm thiếu", by=writer())

    refused(lambda: correct({share.pk: Decimal(250)}), "quá 100 %")
    made = correct({share.pk: Decimal(50), limit.pk: Decimal(6)})
    lines = {line.target_id: line for line in queries.frozen_targets(made)}
    assert (lines[share.pk].actual_text, lines[limit.pk].status_text) == ("50 %", "Vượt mức")


def test_a_closed_period_takes_no_value_and_approves_none(client, plan, leader):
    binh = make_commune(*BINH)
    target = make_target(plan, value=3, unit=binh)
    officer = make_user("xa", Role.COMMUNE_OFFICER, binh)

    def record(by, day):
        return services.record_actual(target=target, value=Decimal(1), as_of=day, source="BC", by=by)

    waiting = record(officer, date(2026, 9, 10))
    client.force_login(writer())
    assert (
        "Còn 1 kết quả xã, phường gửi" in client.get(f"/ke-hoach/{plan.code}/chot-so-lieu/").content.decode()
    )
    closed(plan, leader)
    refused(lambda: record(writer(), date(2026, 9, 14)), "đã chốt và duyệt đến hết 14/09/2026")
    refused(lambda: services.decide_actual(actual=waiting, approve=True, by=writer()), "đã chốt và duyệt")
    services.decide_actual(actual=waiting, approve=False, by=writer(), note="Kỳ đã chốt")
    assert record(writer(), date(2026, 9, 15)).state == "approved"


def test_of_periods_closed_on_one_day_the_version_approved_last_stands(plan, leader):
    target = make_target(plan, value=3)
    services.record_actual(target=target, value=Decimal(2), as_of=date(2026, 9, 1), source="BC", by=writer())
    month, nine = freeze(plan, "month", 9), freeze(plan, "nine", 1)
    assert month.as_of == nine.as_of == date(2026, 9, 14)
    services.decide_figures(figure_set=month, approve=True, by=leader)
    month.refresh_from_db()
    second = services.correct_figures(
        figure_set=month, values={target.pk: Decimal(3)}, reason="Thiếu", by=writer()
    )
    services.decide_figures(figure_set=second, approve=True, by=leader)
    assert queries.standing_on(plan, date(2026, 9, 30)) == second
    # A version number says nothing about a version of another period.
    services.decide_figures(figure_set=nine, approve=True, by=leader)
    assert queries.standing_on(plan, date(2026, 9, 30)) == nine
    assert queries.frozen_days(plan) == [nine]


def test_figures_that_lack_a_value_approved_since_are_frozen_anew(plan, leader):
    target = make_target(plan, value=3)
    made = freeze(plan)
    services.record_actual(target=target, value=Decimal(2), as_of=date(2026, 9, 1), source="BC", by=writer())
    refused(lambda: services.decide_figures(figure_set=made, approve=True, by=leader), "chốt lại")
    services.decide_figures(figure_set=made, approve=False, by=leader, note="Thiếu một kết quả")
    assert closed(plan, leader).figures.get().value == 2


def test_the_database_guards_what_is_frozen(plan, leader):
    make_target(plan, "products_recognised", 4)
    made = closed(plan, leader)
    figure = made.figures.get()
    for act in (
        lambda: Figure.objects.filter(pk=figure.pk).update(value=9),
        lambda: Figure.objects.filter(pk=figure.pk).delete(),
        lambda: FigureSet.objects.filter(pk=made.pk).update(as_of=date(2026, 9, 15)),
        lambda: FigureSet.objects.filter(pk=made.pk).update(state="waiting", decided_at=None),
        lambda: Figure.objects.create(figure_set=made, target=make_target(plan, code="x"), position=2,
                                      status="done", line={}),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    refused(lambda: services.remove_target(target=figure.target, by=None), "số liệu chốt")
    assert made.figures.get().value == 2


def test_page_of_a_version_counts_nothing_and_names_who_approved(
    client, plan, leader, django_assert_num_queries
):
    for number in range(3):
        make_target(plan, "products_recognised", 4 + number)
    people = one_of_each_role()
    made = freeze(plan)
    url = f"/ke-hoach/ban-chot/{made.pk}/"
    assert [todo.url for todo in todos_for(leader)] == [url] and todos_for(writer()) == []
    client.force_login(leader)
    assert "Duyệt số liệu" in client.get(url).content.decode()
    assert client.post(f"{url}duyet/", {"decision": "approve"}).status_code == 302
    with django_assert_num_queries(7):
        page = client.get(url).content.decode()
    assert "Đã duyệt" in page and "≥ 4" in page and str(leader) in page
    assert client.get("/ke-hoach/thu-2026/?chot=01/10/2026").url == url
    answer = client.get("/ke-hoach/thu-2026/?chot=13/09/2026")
    assert "Đến 13/09/2026 chưa có kỳ nào được chốt" in answer.content.decode()
    client.force_login(people[Role.PROVINCIAL_OFFICER])
    target = plan.targets.first()
    form = {"reason": "Nhầm", f"v-{target.pk}": "a"}
    answer = client.post(f"{url}dinh-chinh/", form)
    assert "Hãy nhập một số" in answer.content.decode() and "Nhầm" in answer.content.decode()
    answer = client.post(f"{url}dinh-chinh/", {**form, f"v-{target.pk}": "5"})
    assert "bản trước: 2" in client.get(answer.url).content.decode()
    client.force_login(people[Role.COMMUNE_OFFICER])
    assert client.get(url).status_code == 200
    assert client.post(f"{url}duyet/", {"decision": "approve"}).status_code == 403
    client.force_login(make_user("na", Role.LEADERSHIP, make_province("40", "Tỉnh Nghệ An")))
    assert client.post(f"{url}duyet/", {"decision": "approve"}).status_code == 404


def test_a_refusal_without_a_reason_is_said_beside_the_field(client, plan, leader):
    made = freeze(plan)
    client.force_login(leader)
    answer = client.post(
        reverse("training:figure_decide", args=[made.pk]), {"decision": "refuse"}, follow=True
    )
    page = answer.content.decode()
    assert 'aria-describedby="note-error"' in page and "để người chốt biết cần sửa gì" in page
    made.refresh_from_db()
    assert made.state == "waiting"
