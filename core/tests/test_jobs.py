"""Long work is carried out by one worker at a time, and its end is written once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.enums import JobState
from core.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """A job of a kind whose starter only notes the ids."""
    monkeypatch.setitem(jobs._starters, "thu", lambda job_id: None)
    owner = make_user("vanphong", Role.PROVINCIAL_OFFICER)
    return Job.objects.create(kind="thu", title="Việc thử", owner=owner)


def lose(job):
    """As if the worker had been silent for longer than a live one ever is."""
    long_ago = timezone.now() - 2 * jobs.LOST_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    jobs.recover_lost()


def test_only_one_worker_takes_a_job(queued):
    assert jobs.claim(queued.pk) is not None
    assert jobs.claim(queued.pk) is None


def test_a_worker_that_lost_its_job_can_no_longer_speak_for_it(queued):
    slow = jobs.claim(queued.pk)
    lose(queued)
    second = jobs.claim(queued.pk)
    with pytest.raises(jobs.JobCancelled):
        jobs.report(slow, 90, "Đang lưu")
    jobs.finish(slow, result_url="/cu/")
    jobs.fail(slow, error="hỏng")
    assert Job.objects.get(pk=queued.pk).state == JobState.RUNNING
    jobs.finish(second, result_url="/moi/")
    assert Job.objects.get(pk=queued.pk).result_url == "/moi/"


def test_a_job_lost_twice_fails(queued):
    jobs.claim(queued.pk)
    lose(queued)
    jobs.claim(queued.pk)
    lose(queued)
    assert Job.objects.get(pk=queued.pk).state == JobState.FAILED


def test_a_job_of_a_forgotten_kind_fails_and_stops_no_other(queued):
    forgotten = Job.objects.create(kind="khong-con", title="Việc cũ", owner=queued.owner)
    long_ago = timezone.now() - 2 * jobs.LOST_AFTER
    Job.objects.update(created_at=long_ago)
    assert jobs.recover_lost() == 2
    assert Job.objects.get(pk=forgotten.pk).state == JobState.FAILED
    assert Job.objects.get(pk=queued.pk).state == JobState.QUEUED
