"""The pages of papers: who sees what, errors beside fields, the download, the page of a job."""

from datetime import date
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user, one_of_each_role
from core import jobs
from core.enums import JobState
from core.models import Job
from reports import services
from reports.models import Paper
from reports.tests.access import OWNERS, READERS
from reports.tests.factories import make_plan
from training.enums import PlanStatus
from training.periods import last_closed_month

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 31)


@pytest.fixture
def officer():
    return make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)


@pytest.fixture
def plan():
    return make_plan()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def rendered(plan, officer, day=DAY):
    paper = services.request_progress_report(plan=plan, period_to=day, by=officer)
    services.render(paper.job_id)
    return Paper.objects.get(pk=paper.pk)


def ask(client, **fields):
    return client.post(reverse("reports:request_draft"), fields)


def test_forms_begin_with_the_running_plan_and_the_month_closed_last(office, officer):
    today = timezone.localdate()
    year = {"starts_on": today.replace(month=1, day=1), "ends_on": today.replace(month=12, day=31)}
    plan = make_plan(**year)
    make_plan("tham-khao", is_reference=True, **year)
    form = office.get(reverse("reports:request")).context["form"]
    closed = last_closed_month(today, 14)
    assert (form["plan"].value(), form["year"].value(), form["number"].value()) == (plan.pk, *closed)
    form = office.get(reverse("training:class_create")).context["form"]
    assert (form["plan"].value(), form["unit"].value()) == (plan.pk, plan.unit_id)
    make_plan("ke-hoach-hai", **year)
    assert office.get(reverse("reports:request")).context["form"]["plan"].value() is None


def test_a_draft_is_the_offices_alone(client, plan, officer):
    paper = rendered(plan, officer)
    for role, user in one_of_each_role().items():
        client.force_login(user)
        expected = 200 if role in READERS else 404 if role in OWNERS else 403
        for name in ("detail", "download"):
            assert client.get(reverse(f"reports:{name}", args=[paper.pk])).status_code == expected, role


def test_a_paper_of_another_province_is_not_found(client, plan, officer):
    paper = rendered(plan, officer)
    stranger = make_user("canbo.nghean", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    client.force_login(stranger)
    for name in ("detail", "download"):
        assert client.get(reverse(f"reports:{name}", args=[paper.pk])).status_code == 404
    assert "ht-2026" not in client.get(reverse("reports:list")).content.decode()


def test_asking_leads_to_the_job_and_the_paper_is_listed(office, plan, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):  # the tasks of tests run at once
        answer = ask(office, plan=plan.pk, period_to="31/10/2026")
    job = Job.objects.get()
    assert answer.url == reverse("core:job", args=[job.pk])
    assert job.state == JobState.DONE
    page = office.get(reverse("reports:list")).content.decode()
    assert "Bản nháp" in page and Paper.objects.get().title in page
    detail = office.get(Paper.objects.get().get_absolute_url()).content.decode()
    assert Paper.objects.get().sha256 in detail


def test_a_colleague_who_asks_for_the_same_paper_is_shown_it(client, plan, officer):
    paper = services.request_progress_report(plan=plan, period_to=DAY, by=officer)
    client.force_login(make_user("dong.nghiep", Role.PROVINCIAL_OFFICER))
    answer = ask(client, plan=plan.pk, period_to="31/10/2026")
    assert answer.url == reverse("reports:detail", args=[paper.pk])
    assert "Đang chờ" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("", "Hãy nhập hoặc chọn mục này."),
        ("31/02/2026", "Nhập ngày theo dạng 14/11/2026."),
        ("31/12/2025", "Kế hoạch bắt đầu ngày 01/01/2026"),
        ("31/12/2099", "Chưa có số liệu cho ngày sau hôm nay"),
    ],
)
def test_a_wrong_day_is_explained_beside_the_field_and_kept(office, plan, day, words):
    answer = ask(office, plan=plan.pk, period_to=day)
    assert answer.status_code == 422
    assert any(words in error for error in answer.context["form"].errors["period_to"])
    assert f'value="{day}"' in answer.content.decode() or not day
    assert not Paper.objects.exists()


def test_draft_plans_and_plans_of_others_cannot_be_chosen(office):
    draft = make_plan("du-thao", status=PlanStatus.DRAFT)
    foreign = make_plan("na-2026", unit=make_province("40", "Tỉnh Nghệ An"))
    for plan in (draft, foreign):
        answer = ask(office, plan=plan.pk, period_to="31/10/2026")
        assert "plan" in answer.context["form"].errors


def test_the_download_is_the_stored_file_under_a_readable_name(office, plan, officer):
    paper = rendered(plan, officer)
    answer = office.get(reverse("reports:download", args=[paper.pk]))
    assert b"".join(answer.streaming_content) == paper.file.read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    disposition = unquote(answer["Content-Disposition"])
    assert disposition.startswith("attachment;")
    assert "Báo cáo tiến độ thực hiện Chương trình OCOP - ht-2026 - đến 31-10-2026.pdf" in disposition


def test_a_paper_without_a_file_or_with_a_lost_one_says_so(office, plan, officer):
    waiting = services.request_progress_report(plan=plan, period_to=DAY, by=officer)
    answer = office.get(reverse("reports:download", args=[waiting.pk]), follow=True)
    assert "chưa có tệp" in answer.content.decode()
    services.render(waiting.job_id)
    Paper.objects.get(pk=waiting.pk).file.storage.delete(Paper.objects.get(pk=waiting.pk).file.name)
    answer = office.get(reverse("reports:download", args=[waiting.pk]), follow=True)
    assert "không còn trong kho lưu trữ" in answer.content.decode()


def queries_of_list(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(reverse("reports:list"))
    return len(queries)


def test_the_list_costs_the_same_for_one_paper_and_for_three(office, plan, officer):
    rendered(plan, officer)
    first = queries_of_list(office)
    rendered(plan, officer, date(2026, 9, 30))
    services.request_progress_report(plan=plan, period_to=date(2026, 8, 31), by=officer)
    assert queries_of_list(office) == first


def test_the_job_page_asks_again_only_while_the_job_is_active(office, plan, officer):
    paper = services.request_progress_report(plan=plan, period_to=DAY, by=officer)
    url = reverse("core:job", args=[paper.job_id])
    paper.job = jobs.claim(paper.job_id)
    jobs.report(paper.job, 40, "Đang dàn trang phụ lục 1/3")
    fragment = office.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every' in fragment and "Đang dàn trang phụ lục 1/3" in fragment and "40%" in fragment
    assert "hx-trigger" in office.get(url).content.decode()
    jobs.finish(paper.job, result_url=paper.get_absolute_url())
    fragment = office.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in fragment
    assert f'href="{paper.get_absolute_url()}"' in fragment


def test_a_failed_or_cancelled_job_offers_to_ask_again(office, plan, officer):
    paper = services.request_progress_report(plan=plan, period_to=DAY, by=officer)
    office.post(reverse("core:job_cancel", args=[paper.job_id]))
    page = office.get(reverse("core:job", args=[paper.job_id])).content.decode()
    again = f"{reverse('reports:request_draft')}?plan={plan.pk}&amp;period_to=31%2F10%2F2026"
    assert again in page
    form = office.get(again.replace("&amp;", "&")).content.decode()
    assert 'value="31/10/2026"' in form
    assert f'<option value="{plan.pk}" selected>' in form


def test_a_job_of_somebody_else_is_not_found(client, plan, officer):
    paper = services.request_progress_report(plan=plan, period_to=DAY, by=officer)
    client.force_login(make_user("dong.nghiep", Role.PROVINCIAL_OFFICER))
    assert client.get(reverse("core:job", args=[paper.job_id])).status_code == 404
    assert client.post(reverse("core:job_cancel", args=[paper.job_id])).status_code == 404


def test_an_empty_list_says_what_comes_here(office):
    page = office.get(reverse("reports:list")).content.decode()
    assert "Chưa có văn bản" in page and reverse("reports:request") in page
