"""A real Celery worker process renders papers: request, queue, worker, file; killed in mid-render as well."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from kombu import pools

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.enums import JobState
from core.models import Job
from ocop import embedded
from ocop.celery import app
from reports import services
from reports.models import Paper
from reports.services import rendering
from reports.tests.factories import full_plan
from reports.tests.test_pdf import NATIONAL_TITLE, poppler

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# The last database of the server: a running site uses another.
BROKER_DATABASE = 15
PATIENCE = 90


def database_url():
    """The test's database on the site's server, in the form of `DATABASE_URL`."""
    address, _, options = (os.environ.get("DATABASE_URL") or embedded.database_url()).partition("?")
    return f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{options}"


def broker_url():
    """The site's broker, another database of it."""
    scheme, rest = settings.REDIS_URL.split("://", 1)
    if scheme == "unix":
        return f"unix://{rest.partition('?')[0]}?db={BROKER_DATABASE}"
    return urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{BROKER_DATABASE}"))


@pytest.fixture
def queue():
    """A queue of this test alone, on the real broker; afterwards the application is as before."""
    names = ("broker_url", "task_always_eager", "task_default_queue", "task_routes")
    before = {name: app.conf[name] for name in names}
    name = f"test-{uuid4().hex}"
    app.conf.update(
        broker_url=embedded.celery_url(broker_url()),
        task_always_eager=False,
        task_default_queue=name,
        task_routes={"reports.tasks.*": {"queue": name}},
    )
    forget_connections()
    yield name
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(name)
    app.conf.update(before)
    forget_connections()


def forget_connections():
    """Celery keeps connections, producers and queues by the address it saw first."""
    pools.reset()
    app._pool = None
    app.__dict__.pop("amqp", None)


@pytest.fixture
def worker(queue, tmp_path):
    """A worker process on that queue, the test's database and files of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker_url(),
        "OCOP_VAR_DIR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    options = ["worker", "--queues", queue, "--concurrency", "1", "--without-gossip", "--without-mingle"]
    with open(tmp_path / "worker.log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "ocop", *options, "--loglevel", "INFO"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        yield process
        process.terminate()
        process.wait(timeout=30)


def finished(paper, process, log):
    """The paper once its job is finished; fails with the worker's log when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = Paper.objects.select_related("job").get(pk=paper.pk)
        if found.job.is_finished:
            return found
        time.sleep(0.2)
    pytest.fail(f"the worker did not finish:\n{log.read_text()[-3000:]}")


def kill_in_mid_render(paper, process):
    """SIGKILL to the processes of the worker while one lays out the paper, as the system does for memory."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job = Job.objects.get(paper=paper)
        if job.state == JobState.RUNNING and job.progress >= rendering.LAYING_OUT:
            for child in psutil.Process(process.pid).children():
                child.kill()
            return job
        time.sleep(0.02)
    pytest.fail("the worker did not begin")


def test_only_a_job_the_queue_has_lost_is_sent_again(queue, monkeypatch):
    owner = make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)
    waiting, unsent = (
        jobs.request(kind=services.JOB_KIND, title=title, params={}, by=owner) for title in ("a", "b")
    )

    def look(*, seconds_later):
        """Look for lost jobs so long after, as another does at the same time; how many were sent."""
        before, read_by_another = messages(queue), Job.objects.get(pk=waiting.pk)
        later = timezone.now() + timedelta(seconds=seconds_later)
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda: later)
            jobs.recover_lost()
            if Job.objects.get(pk=waiting.pk).sent_at != read_by_another.sent_at:
                jobs._send(read_by_another)
        return messages(queue) - before

    assert messages(queue) == 2
    assert look(seconds_later=600) == 0
    # As the request leaves it when the broker cannot be reached.
    Job.objects.filter(pk=unsent.pk).update(sent_at=None)
    assert look(seconds_later=600) == 1
    assert look(seconds_later=900) == 1
    assert jobs.claim(waiting.pk) and jobs.claim(unsent.pk)


def messages(name):
    with app.connection_for_write() as broker:
        return broker.default_channel.queue_declare(name, passive=True).message_count


def test_a_worker_killed_in_mid_render_is_found_and_the_paper_rendered_once(worker, tmp_path):
    officer = make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)
    asked = services.request_progress_report(plan=full_plan(), period_to=date(2026, 10, 31), by=officer)
    killed = kill_in_mid_render(asked, worker)
    time.sleep(0.5)
    left = Paper.objects.select_related("job").get(pk=asked.pk)
    assert (left.job.state, left.job.attempts, left.sha256) == (JobState.RUNNING, 1, "")
    silent = timezone.now() - jobs.LOST_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=killed.pk).update(heartbeat_at=silent)
    assert jobs.recover_lost() == 1
    paper = finished(asked, worker, tmp_path / "worker.log")
    assert (paper.job.state, paper.job.error) == (JobState.DONE, "")
    content = (tmp_path / "files" / paper.file.name).read_bytes()
    assert content.startswith(b"%PDF")
    assert NATIONAL_TITLE in poppler("pdftotext", content, tmp_path, "-layout")
    assert (paper.size, paper.job.attempts) == (len(content), 2)
