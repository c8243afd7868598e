"""What units report themselves: values the province approves, tasks with files, reminders, months."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_commune, make_province, make_user
from core import reminders
from core.exceptions import DomainError
from core.models import Notice
from training import queries, services
from training.models import Actual, TaskNote
from training.tests import factories
from training.tests.factories import BINH, XUYEN, make_indicator, make_plan, make_target, writer

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"  # noqa: E501


def paper(name="bao-cao.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def plan():
    return make_plan()


@pytest.fixture
def binh():
    return make_commune(*BINH)


@pytest.fixture
def officer(binh):
    return make_user("xa-binh", Role.COMMUNE_OFFICER, binh)


def refused(call, words, field=None):
    with pytest.raises(DomainError) as error:
        call()
    assert words in error.value.message
    assert error.value.field == field


def test_a_communes_value_counts_once_the_province_approves_it(client, plan, binh, officer):
    target = make_target(plan, value=3, unit=binh)
    client.force_login(officer)
    page = client.get("/ke-hoach/nhiem-vu/").content.decode()
    assert "Chỉ tiêu nhap-tay" in page and "Chưa báo" in page
    typed = {"value": "2", "as_of": "01/06/2026", "source": "Báo cáo xã", "file": paper("Báo cáo.pdf")}
    answer = client.post(f"/ke-hoach/muc-tieu/{target.pk}/ket-qua/", typed)
    assert answer.status_code == 302
    actual = Actual.objects.get()
    assert (actual.state, actual.entered_by, actual.filename) == ("waiting", officer, "Báo cáo.pdf")

    def reached():
        return queries.plan_progress(plan, as_of=date(2026, 6, 30)).targets[0].actual

    assert reached() is None
    todo = next(todo for todo in todos_for(writer()) if todo.title == "Kết quả chờ duyệt")
    assert (todo.whose, todo.url) == ("Xã Cẩm Bình", "/ke-hoach/ket-qua/")
    client.force_login(writer())
    assert "Báo cáo xã" in client.get("/ke-hoach/ket-qua/").content.decode()
    file = client.get(f"/ke-hoach/ket-qua/{actual.pk}/tep/")
    assert b"".join(file.streaming_content) == PDF
    assert client.post(f"/ke-hoach/ket-qua/{actual.pk}/duyet/", {"decision": "approve"}).status_code == 302
    actual.refresh_from_db()
    assert (actual.state, actual.decided_by, reached()) == ("approved", writer(), 2)
    assert Notice.objects.get(user=officer).title == "Kết quả chỉ tiêu đã duyệt: Chỉ tiêu nhap-tay"
    with pytest.raises(DatabaseError), transaction.atomic():
        Actual.objects.update(value=9)


def test_a_value_is_refused_with_a_reason_and_once(plan, binh, officer):
    target = make_target(plan, value=3, unit=binh)
    actual = services.record_actual(
        target=target, value=Decimal(2), as_of=date(2026, 6, 1), source="BC", by=officer
    )

    def decide(**fields):
        return services.decide_actual(actual=actual, by=writer(), **fields)

    refused(lambda: decide(approve=False, note=" "), "Ghi lý do", "note")
    assert decide(approve=False, note="Chưa có văn bản").decision_note == "Chưa có văn bản"
    refused(lambda: decide(approve=True), "đã được xử lý")
    with pytest.raises(PermissionDenied):
        services.decide_actual(actual=actual, approve=True, by=officer)


def test_a_commune_reports_its_own_targets_only(plan, officer):
    whole, other = make_target(plan, value=3), make_target(plan, value=1, unit=make_commune(*XUYEN))
    own_plan = make_plan("xa-binh", make_commune(*BINH), level="commune")
    for target in (whole, other):
        with pytest.raises(PermissionDenied):
            services.record_actual(
                target=target, value=Decimal(1), as_of=date(2026, 6, 1), source="BC", by=officer
            )
    own = make_target(own_plan, value=2)
    kept = services.record_actual(
        target=own, value=Decimal(1), as_of=date(2026, 6, 1), source="BC", by=officer
    )
    assert kept.state == "approved"  # the commune keeps its own plan


def test_a_commune_reports_its_task_with_notes_and_a_report(client, plan, binh, officer):
    task = services.add_task(
        plan=plan, by=writer(), title="Mở lớp cấp xã", lead_admin_unit=binh, due_on=date(2026, 7, 15),
        supporting_admin_units=[make_commune(*XUYEN)], conclusion="Hội nghị triển khai",
        conclusion_number="12/TB-UBND", conclusion_on=date(2026, 6, 16),
    )  # fmt: skip
    client.force_login(officer)
    url = f"/ke-hoach/nhiem-vu/{task.pk}/"
    page = client.get(url).content.decode()
    assert "Hội nghị triển khai số 12/TB-UBND ngày 16/06/2026" in page and "UBND xã Cẩm Bình" in page
    assert "Xã Cẩm Xuyên" in page and "Quá hạn" in page
    client.post(f"{url}ket-qua/", {"status": "doing", "note": "Đã mời 30 người"})
    done = {"status": "done", "done_on": "20/07/2026", "result": "30 người", "file": paper()}
    client.post(f"{url}ket-qua/", done)
    task.refresh_from_db()
    assert (task.status, task.done_on, task.report_name) == ("done", date(2026, 7, 20), "bao-cao.pdf")
    assert b"".join(client.get(f"{url}tep/").streaming_content) == PDF
    page = client.get(url).content.decode()
    assert "Đã mời 30 người" in page and str(officer) in page
    with pytest.raises(DatabaseError), transaction.atomic():
        TaskNote.objects.update(text="khác")
    assert (
        "Thôi giao là việc của tỉnh"
        in client.post(f"{url}ket-qua/", {"status": "cancelled"}).content.decode()
    )


def test_a_task_of_another_commune_is_not_reported_and_not_listed(client, plan, officer):
    task = services.add_task(
        plan=plan, by=writer(), title="Việc xã khác", lead_admin_unit=make_commune(*XUYEN)
    )
    with pytest.raises(PermissionDenied):
        services.report_task(task=task, status="doing", by=officer)
    client.force_login(officer)
    assert "Việc xã khác" not in client.get("/ke-hoach/nhiem-vu/").content.decode()
    elsewhere = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    refused(
        lambda: services.add_task(plan=plan, by=writer(), title="x", lead_admin_unit=elsewhere),
        "không thuộc địa bàn",
        "lead_admin_unit",
    )


@pytest.mark.parametrize("copies", [1, 3])
def test_late_tasks_by_unit_in_a_fixed_number_of_queries(
    client, plan, binh, copies, django_assert_num_queries
):
    for number in range(copies):
        plan.tasks.create(title=f"Muộn {number}", lead_unit="Sở A", due_on=date(2026, 5, 1))
        plan.tasks.create(title=f"Chưa {number}", lead_unit="Sở B", lead_admin_unit=binh)
    client.force_login(writer())
    client.get("/ke-hoach/nhiem-vu/")
    with django_assert_num_queries(5):
        answer = client.get("/ke-hoach/nhiem-vu/")
    assert [(u.name, u.tasks, u.overdue) for u in answer.context["units"]] == [
        ("Sở A", copies, copies), ("Sở B", copies, 0),
    ]  # fmt: skip
    late = client.get("/ke-hoach/nhiem-vu/?overdue=1").content.decode()
    assert "Muộn 0" in late and "Chưa 0" not in late


def test_a_task_is_reminded_of_twice_before_and_once_after_its_day(plan, binh, officer):
    today = timezone.localdate()
    keeper = writer()
    task = plan.tasks.create(title="Mở lớp", lead_unit="UBND", lead_admin_unit=binh, due_on=today)
    plan.tasks.create(title="Xong", lead_unit="x", lead_admin_unit=binh, due_on=today, status="done")

    def told(days):
        reminders.send_all(today + timedelta(days=days))
        return Notice.objects.filter(user=officer, url=task.get_absolute_url()).count()

    assert [told(days) for days in (-10, -7, -6, -1, 0, 1, 2, 40)] == [0, 1, 1, 2, 2, 3, 3, 3]
    assert Notice.objects.filter(user=keeper).count() == 3


def test_months_add_up_to_the_value_and_a_typed_one_is_as_entered():
    factories.small_province()
    plan = make_plan()
    counted = make_target(plan, "products_recognised", 4)
    standing = make_target(plan, "products_recognised_cumulative", 4)
    typed = make_target(plan, value=30)
    for value, day in ((5, date(2026, 3, 2)), (9, date(2026, 3, 30)), (12, date(2026, 6, 1))):
        services.record_actual(target=typed, value=Decimal(value), as_of=day, source="BC", by=writer())

    def months(target, day=date(2026, 11, 21)):
        rows = queries.months_of(plan, target, day)
        return {row.month.month: (row.added, row.total_text) for row in rows if row.added}

    # Kẹo cu đơ and Cam bù in June, Nước mắm in October.
    assert months(counted) == {6: (2, "2"), 10: (1, "3")}
    assert months(typed) == {3: (9, "9"), 6: (3, "12")}
    assert months(counted, date(2026, 9, 1)) == {6: (2, "2")}
    # Standing at each month's end: Rượu nếp expires in May, Cam bù comes in June, Nước mắm in October.
    assert months(standing) == {5: (-1, "1"), 6: (1, "2"), 10: (1, "3")}


def test_the_catalogue_shows_what_counts_itself_and_keeps_the_rest_in_order(client):
    services.sync_indicators()
    make_plan()
    client.force_login(writer())
    page = client.get("/ke-hoach/danh-muc/").content.decode()
    assert "/ke-hoach/chi-tieu/products_recognised/?plan=thu-2026" in page
    typed = {"name": "Hồ sơ trả lại", "code": "ho-so-tra-lai", "unit_name": "hồ sơ", "direction": "lower"}
    assert client.post("/ke-hoach/danh-muc/moi/", typed).status_code == 302
    answer = client.post("/ke-hoach/danh-muc/moi/", typed)
    assert "đã có chỉ tiêu khác dùng" in answer.content.decode()
    kept = make_indicator("ho-so-tra-lai")
    services.add_target(plan=make_plan("kh"), by=None, indicator=kept, operator="le", value=Decimal(3))
    change = client.post(f"/ke-hoach/danh-muc/{kept.pk}/", {**typed, "direction": "higher"})
    assert "không đổi chiều tốt được" in change.content.decode()
    computed = make_indicator("products-recognised")
    refused(lambda: services.update_indicator(indicator=computed, by=None, name="x"), "cách tính cố định")


def test_the_sum_of_the_communes_stands_beside_the_provinces_value_and_is_taken_over_once_seen(client, plan):
    whole = make_target(plan, value=10)
    given = [make_target(plan, value=5, unit=make_commune(*place)) for place in (BINH, XUYEN)]

    def report(target, value, day, by=None):
        return services.record_actual(
            target=target, value=Decimal(value), as_of=day, source="Báo cáo xã", by=by or writer()
        )

    report(given[0], 2, date(2026, 3, 31))
    report(given[0], 3, date(2026, 6, 30))  # the newest of a commune counts, not the sum of its reports
    waiting = report(
        given[1], 4, date(2026, 7, 31), make_user("xa-xuyen", Role.COMMUNE_OFFICER, given[1].unit)
    )
    client.force_login(writer())
    url = f"/ke-hoach/muc-tieu/{whole.pk}/"
    assert "các xã đã báo: 3" in client.get("/ke-hoach/thu-2026/").content.decode()
    assert "1/2 xã, phường được giao đã có kết quả được duyệt" in client.get(url).content.decode()

    # What was looked at is another sum by now: nothing is written.
    services.decide_actual(actual=waiting, approve=True, by=writer())
    answer = client.post(f"{url}lay-tong/", {"total": "3"}, follow=True)
    assert "nay là 7, không còn là 3" in answer.content.decode()
    assert not whole.actuals.exists()

    answer = client.post(f"{url}lay-tong/", {"total": "7"}, follow=True)
    assert "Kết quả của tỉnh đang bằng số này" in answer.content.decode()
    taken = whole.actuals.get()
    assert (taken.value, taken.as_of, taken.state) == (7, date(2026, 7, 31), "approved")
    assert taken.source == "Tổng hợp kết quả đã duyệt của 2/2 xã, phường"

    # A later figure of the province's own is not put back by what communes reported before.
    report(whole, 9, date(2026, 8, 31))
    refused(
        lambda: services.take_over_reported(target=whole, total=Decimal(7), by=writer()), "mới hơn các xã"
    )
    assert "tỉnh đã có kết quả mới hơn" in client.get(url).content.decode()


def test_shares_are_not_added_up_over_communes(plan, binh):
    make_target(plan, value=90, operator="percent")
    given = make_target(plan, value=80, operator="percent", unit=binh)
    services.record_actual(target=given, value=Decimal(70), as_of=date(2026, 6, 1), source="BC", by=writer())
    assert queries.plan_progress(plan).reported == {}
