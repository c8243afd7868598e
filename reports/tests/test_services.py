"""From a request to a stored paper, and what happens when the work does not go well."""

import hashlib
import time
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.enums import JobState
from core.exceptions import DomainError
from core.models import AuditEntry, Job
from reports import services, tasks
from reports.enums import PaperState
from reports.models import Paper
from reports.services import rendering
from reports.tests.factories import full_plan, make_plan
from training.enums import PlanStatus

DAY = date(2026, 10, 31)


@pytest.fixture
def officer(db):
    return make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)


@pytest.fixture
def plan(officer):
    return make_plan()


def request_paper(plan, officer, day=DAY):
    """A paper asked for, whose job waits on the queue."""
    return services.request_progress_report(plan=plan, period_to=day, by=officer)


def reload(paper):
    return Paper.objects.select_related("job").get(pk=paper.pk)


def test_a_request_stores_a_paper_and_a_job_and_is_audited(plan, officer):
    paper = request_paper(plan, officer)
    assert (paper.state, paper.job.state) == (PaperState.RENDERING, JobState.QUEUED)
    assert (paper.period_from, paper.period_to, paper.unit) == (date(2026, 1, 1), DAY, plan.unit)
    assert AuditEntry.objects.filter(verb="paper_requested", object_id=str(paper.pk), actor=officer).exists()


def test_the_same_request_while_one_is_active_is_the_same_paper(plan, officer):
    first = request_paper(plan, officer)
    assert request_paper(plan, officer) == first
    assert request_paper(plan, officer, DAY - timedelta(days=1)) != first
    assert Job.objects.count() == 2


def test_after_one_is_rendered_a_new_request_makes_a_new_paper(plan, officer):
    first = request_paper(plan, officer)
    services.render(first.job_id)
    assert request_paper(plan, officer) != first


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one_paper():
    officer = make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)
    plan = make_plan()
    start = Barrier(2)

    def ask():
        start.wait()
        with transaction.atomic():
            services.request_progress_report(plan=plan, period_to=DAY, by=officer)
        connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Paper.objects.count() == Job.objects.count() == 1


@pytest.mark.parametrize("day", [date(2025, 12, 31), timezone.localdate() + timedelta(days=1)])
def test_a_day_before_the_plan_or_to_come_is_refused(plan, officer, day):
    with pytest.raises(DomainError) as refusal:
        request_paper(plan, officer, day)
    assert refusal.value.field == "period_to"
    assert not Paper.objects.exists()


def test_a_draft_plan_is_refused(plan, officer):
    plan.status = PlanStatus.DRAFT
    plan.save()
    with pytest.raises(DomainError, match="dự thảo"):
        request_paper(plan, officer)


def test_a_rendered_paper_keeps_file_hash_data_and_pages(plan, officer):
    paper = request_paper(plan, officer)
    services.render(paper.job_id)
    paper = reload(paper)
    content = paper.file.read()
    assert content.startswith(b"%PDF")
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    assert (paper.state, paper.size) == (PaperState.DRAFT, len(content))
    assert paper.pages == 1
    assert paper.data["head"]["place_date"] == "Hà Tĩnh, ngày 31 tháng 10 năm 2026"
    assert (paper.job.state, paper.job.progress) == (JobState.DONE, 100)
    assert paper.job.result_url == f"/bao-cao/{paper.pk}/"
    assert AuditEntry.objects.filter(verb="paper_rendered", after__sha256=paper.sha256).exists()


def test_a_rendered_paper_can_be_neither_changed_nor_deleted(plan, officer):
    paper = request_paper(plan, officer)
    services.render(paper.job_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(title="khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).delete()


def test_progress_is_told_step_by_step(officer, monkeypatch):
    told = []
    real = jobs.report

    def listen(job, progress, message):
        told.append((progress, message))
        real(job, progress, message)

    monkeypatch.setattr(jobs, "report", listen)
    paper = request_paper(full_plan(), officer)
    services.render(paper.job_id)
    assert [progress for progress, _ in told] == sorted(progress for progress, _ in told)
    assert [message for _, message in told if ", trang " not in message][:3] == [
        "Đang tổng hợp số liệu",
        "Đang dàn trang phần chính",
        "Đang dàn trang phụ lục 1/4",
    ]
    assert told[-1] == (rendering.STORING, f"Đang lưu tệp {reload(paper).pages} trang")


def test_a_cancelled_job_leaves_no_file(plan, officer):
    paper = request_paper(plan, officer)
    jobs.cancel(job=paper.job, by=officer)
    services.render(paper.job_id)
    assert reload(paper).state_now == ("Đã hủy", "neutral")
    assert not reload(paper).file


def test_a_job_cancelled_while_it_runs_stops_at_the_next_step(plan, officer, monkeypatch):
    paper = request_paper(plan, officer)
    real = rendering.collect

    def collect_while_cancelled(*args, **kwargs):
        jobs.cancel(job=paper.job, by=officer)
        return real(*args, **kwargs)

    monkeypatch.setattr(rendering, "collect", collect_while_cancelled)
    services.render(paper.job_id)
    assert reload(paper).job.state == JobState.CANCELLED
    assert reload(paper).state == PaperState.FAILED
    assert not reload(paper).file


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError("disk full"), "Không ghi được tệp"),
        (ValueError("bug"), "Có lỗi khi lập văn bản"),
        (DomainError("Kế hoạch bị khóa."), "Kế hoạch bị khóa."),
    ],
)
def test_a_failure_ends_the_job_with_a_reason_people_understand(plan, officer, monkeypatch, problem, words):
    def fail(*args):
        raise problem

    monkeypatch.setattr(rendering, "_store", fail)
    paper = request_paper(plan, officer)
    services.render(paper.job_id)
    assert reload(paper).job.state == JobState.FAILED
    assert words in reload(paper).job.error
    assert reload(paper).state == PaperState.FAILED


def test_a_worker_lost_after_storing_leaves_only_the_job_to_close(plan, officer):
    paper = request_paper(plan, officer)
    services.render(paper.job_id)
    before = reload(paper)
    Job.objects.filter(pk=paper.job_id).update(state=JobState.QUEUED)
    services.render(paper.job_id)
    assert reload(paper).job.state == JobState.DONE
    assert (reload(paper).sha256, reload(paper).file.name) == (before.sha256, before.file.name)


def test_a_job_taken_by_one_worker_is_not_taken_by_another(plan, officer):
    paper = request_paper(plan, officer)
    assert jobs.claim(paper.job_id) is not None
    services.render(paper.job_id)
    assert reload(paper).state == PaperState.RENDERING


def test_files_carry_the_plan_and_the_day_in_their_names(plan, officer):
    paper = request_paper(plan, officer)
    services.render(paper.job_id)
    name = reload(paper).file.name
    assert f"bao-cao-ht-2026-20261031-{paper.pk}" in name
    assert default_storage.exists(name)


# --- lost workers: core.jobs.recover_lost with the papers' starter


def lose_worker(job):
    """The job as a killed worker leaves it: running, silent for longer than allowed."""
    jobs.claim(job.pk)
    silent = timezone.now() - jobs.LOST_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent, created_at=silent)


def test_a_lost_job_is_queued_once_again_and_rendered(plan, officer, monkeypatch):
    started = []
    monkeypatch.setitem(jobs._starters, services.JOB_KIND, started.append)
    paper = request_paper(plan, officer)
    lose_worker(paper.job)
    assert jobs.recover_lost() >= 1
    assert paper.job_id in started
    services.render(paper.job_id)
    assert (reload(paper).job.state, reload(paper).job.attempts) == (JobState.DONE, 2)


def test_a_job_lost_twice_fails_with_a_reason(plan, officer, monkeypatch):
    monkeypatch.setitem(jobs._starters, services.JOB_KIND, lambda job_id: None)
    paper = request_paper(plan, officer)
    lose_worker(paper.job)
    jobs.recover_lost()
    lose_worker(paper.job)
    jobs.recover_lost()
    assert reload(paper).job.state == JobState.FAILED
    assert "hai lần" in reload(paper).job.error
    assert reload(paper).state_now == ("Lập không thành công", "danger")


def test_without_a_broker_the_request_stands_and_waits(
    plan, officer, monkeypatch, django_capture_on_commit_callbacks
):
    from kombu.exceptions import OperationalError

    def no_broker(*args):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.render_paper, "delay", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        paper = request_paper(plan, officer)
    assert reload(paper).job.state == JobState.QUEUED


def test_the_service_itself_refuses_whoever_may_not_ask(plan):
    leader = make_user("lanh-dao", Role.LEADERSHIP)
    with pytest.raises(PermissionDenied):
        services.request_progress_report(plan=plan, period_to=DAY, by=leader)
    assert not Paper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_long_step_is_not_taken_for_a_lost_worker(monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT", timedelta(seconds=0.02))
    monkeypatch.setitem(jobs._starters, "thu", lambda job_id: None)
    job = jobs.request(kind="thu", title="Việc thử", params={}, by=make_user("canbo.tinh"))
    silent = timezone.now() - jobs.LOST_AFTER - timedelta(seconds=1)
    claimed = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=silent)
    with jobs.alive(claimed):
        deadline = time.monotonic() + 10
        while Job.objects.get(pk=job.pk).heartbeat_at == silent and time.monotonic() < deadline:
            time.sleep(0.02)
        assert jobs.recover_lost() == 0
