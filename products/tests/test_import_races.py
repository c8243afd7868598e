"""Two people, two workers: one of them writes, the other is told; after a lost worker the next goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.tests.factories import make_province
from conftest import load_criteria_once
from core import jobs
from core.enums import JobState
from core.exceptions import ConflictError, DomainError
from core.models import Job, Notice
from core.services import load_units
from products import services
from products.enums import ImportMode
from products.imports import running
from products.imports.actor import SystemActor
from products.models import Import, Product
from products.services import imports
from products.tests.factories import provincial_officer
from products.tests.import_files import line, save

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def officer(transactional_db, monkeypatch):
    load_criteria_once()
    load_units("42")
    # Jobs wait for the test to run them.
    monkeypatch.setitem(jobs._starters, imports.CHECK, lambda job_id: None)
    monkeypatch.setitem(jobs._starters, imports.APPLY, lambda job_id: None)
    return provincial_officer()


@pytest.fixture
def checked(officer, tmp_path):
    path = save(tmp_path / "a.xlsx", *[line(product=f"Sản phẩm {number}") for number in range(5)])
    file = SimpleUploadedFile("a.xlsx", path.read_bytes())
    imported = services.request_import(unit=make_province(), file=file, filename="a.xlsx", by=officer)
    imports.run_check(imported.job_id)
    imported.refresh_from_db()
    return imported


def in_own_connection(act):
    try:
        return act()
    except DomainError as refusal:
        return refusal
    finally:
        connection.close()


def both(act):
    with ThreadPoolExecutor(2) as pool:
        return [task.result() for task in [pool.submit(in_own_connection, act) for _ in range(2)]]


def test_of_two_who_confirm_at_once_one_is_told(checked, officer):
    outcomes = both(lambda: services.confirm_import(checked, mode=ImportMode.GOOD_ROWS, by=officer))
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, DomainError)] == [ConflictError]
    assert Job.objects.filter(kind=imports.APPLY).count() == 1


def test_two_workers_with_one_job_write_once(checked, officer):
    confirmed = services.confirm_import(checked, mode=ImportMode.ALL_OR_NOTHING, by=officer)
    both(lambda: imports.run_apply(confirmed.job_id))
    checked.refresh_from_db()
    assert (checked.state, checked.findings["counts"]["created"]) == ("done", 5)
    assert Product.objects.count() == 5
    assert Notice.objects.filter(user=officer, title="Đã ghi tệp a.xlsx").count() == 1


def test_two_imports_of_the_same_rows_at_once_add_them_once(officer, tmp_path):
    path = save(tmp_path / "a.xlsx", *[line(product=f"Sản phẩm {number}") for number in range(5)])
    actor = SystemActor()
    both(lambda: running.apply(path, make_province(), mode=ImportMode.ALL_OR_NOTHING, by=actor))
    assert Product.objects.count() == 5


def test_after_a_lost_worker_the_rest_is_written(checked, officer):
    confirmed = services.confirm_import(checked, mode=ImportMode.GOOD_ROWS, by=officer)
    job = jobs.claim(confirmed.job_id)
    with imports._copied(confirmed.file) as path:
        running.apply(path, confirmed.unit, mode=ImportMode.GOOD_ROWS, by=officer)  # and then the worker dies
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    jobs.recover_lost()
    imports.run_apply(job.pk)
    imported = Import.objects.get()
    assert (imported.state, imported.findings["counts"]["unchanged"]) == ("done", 5)
    assert (Product.objects.count(), Job.objects.get(pk=job.pk).state) == (5, JobState.DONE)


def test_rows_that_became_bad_since_the_check_stop_all_or_nothing(checked, officer, tmp_path):
    confirmed = services.confirm_import(checked, mode=ImportMode.ALL_OR_NOTHING, by=officer)
    other = save(tmp_path / "b.xlsx", line(product="Sản phẩm 0", star=4))
    running.apply(other, make_province(), mode=ImportMode.GOOD_ROWS, by=SystemActor())
    imports.run_apply(confirmed.job_id)
    imported = Import.objects.get()
    assert (imported.state, imported.findings["counts"]["error"]) == ("checked", 1)
    assert "đã thay đổi từ lúc kiểm tra" in imported.error
    assert Product.objects.count() == 1


def test_a_cancelled_writing_can_be_confirmed_again(checked, officer):
    confirmed = services.confirm_import(checked, mode=ImportMode.GOOD_ROWS, by=officer)
    jobs.cancel(job=confirmed.job, by=officer)
    imports.run_apply(confirmed.job_id)
    again = services.check_again(Import.objects.get(), by=officer)
    imports.run_check(again.job_id)
    assert Import.objects.get().state == "checked"
