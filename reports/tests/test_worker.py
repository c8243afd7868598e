"""A real Celery worker process renders a paper: request, queue, worker, file."""

import os
import subprocess
import sys
import time
from datetime import date
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from kombu import pools

from accounts.enums import Role
from accounts.tests.factories import make_user
from core.enums import JobState
from ocop import embedded
from ocop.celery import app
from reports import services
from reports.models import Paper
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
    before = {name: app.conf[name] for name in ("broker_url", "task_always_eager", "task_default_queue")}
    name = f"test-{uuid4().hex}"
    app.conf.update(
        broker_url=embedded.celery_url(broker_url()), task_always_eager=False, task_default_queue=name
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


def test_a_paper_goes_from_request_to_file_through_a_real_worker(worker, tmp_path):
    officer = make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)
    asked = services.request_progress_report(plan=full_plan(), period_to=date(2026, 10, 31), by=officer)
    paper = finished(asked, worker, tmp_path / "worker.log")
    assert (paper.job.state, paper.job.error) == (JobState.DONE, "")
    content = (tmp_path / "files" / paper.file.name).read_bytes()
    assert content.startswith(b"%PDF")
    assert NATIONAL_TITLE in poppler("pdftotext", content, tmp_path, "-layout")
    assert (paper.size, paper.job.attempts) == (len(content), 1)
