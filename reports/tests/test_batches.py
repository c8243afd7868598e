"""Batches: shared by workers, one PDF with bookmarks and a ZIP; secrecy before closing; the archive."""

import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core import jobs
from core.exceptions import DomainError
from core.models import Job
from evaluation.services.certificates import issue_certificate
from evaluation.tests.factories import open_session_with
from products.enums import DossierState
from products.tests.factories import make_dossier, make_entity, make_product, owner_of, recognise
from reports import services
from reports.models import BatchShare, Paper
from reports.services import batches
from reports.tests.tags import Tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_user("canbo.tinh", Role.PROVINCIAL_OFFICER)


@pytest.fixture
def certificates(officer):
    """Three certificates of one decision."""
    entity = make_entity()
    names = ("Mật ong rừng", "Chè hoa vàng", "Bánh đa vừng")
    rows = [recognise(make_product(name, entity)) for name in names]
    return [issue_certificate(recognition=row, by=officer) for row in rows]


def ask(certificate, officer):
    return services.request_paper(kind="certificates", subject=certificate, by=officer)


def test_a_batch_is_one_pdf_with_bookmarks_and_a_zip(certificates, officer, monkeypatch, client):
    monkeypatch.setattr(batches, "SHARE", 2)
    helped = []
    monkeypatch.setattr("reports.tasks.ask_for_help", helped.append)
    asked = ask(certificates[1], officer)
    assert ask(certificates[2], officer) == asked  # whichever of the decision was open: one job
    services.render(asked.job_id)
    paper = Paper.objects.select_related("job").get(pk=asked.pk)
    assert (paper.job.error, helped) == ("", [paper.pk])
    tags = Tags(paper.file.read())
    assert tags.lost() == [] and len(tags.names_of("/Part")) == 3
    assert paper.pages == len(tags.reader.pages) == 3
    assert [item.title for item in tags.reader.outline if not isinstance(item, list)] == [
        data["title"] for data in paper.data["papers"]
    ]
    bundle = paper.files.get(form="bundle")
    with zipfile.ZipFile(bundle.file) as archive:
        names = archive.namelist()
        assert archive.read(names[0]).startswith(b"%PDF")
    assert [name[:4] for name in names] == ["001-", "002-", "003-"]
    assert not BatchShare.objects.exists()
    assert len(paper.data["papers"]) == 3
    client.force_login(officer)
    answer = client.get(reverse("reports:file", args=[paper.pk, "bundle"]))
    assert answer["Content-Disposition"].endswith('.zip"') or ".zip" in answer["Content-Disposition"]


def test_what_a_lost_worker_rendered_is_kept_and_a_share_that_kills_is_named(
    certificates, officer, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(batches, "SHARE", 1)
    monkeypatch.setattr("reports.tasks.ask_for_help", lambda paper_id: None)
    asked = ask(certificates[0], officer)
    job = jobs.claim(asked.job_id)
    batches._collect(job, asked)
    batches._divide(asked)
    share = batches._claim(asked)
    batches._render_share(asked, share)
    first = BatchShare.objects.get(pk=share.pk).file.name
    Job.objects.filter(pk=job.pk).update(state="queued")
    left = []

    def die(paper, share, job):
        left.append(share.first)
        raise RuntimeError("the worker is gone")

    monkeypatch.setattr(batches, "_render_share", die)
    with django_capture_on_commit_callbacks(execute=True):
        services.render(asked.job_id)
    assert left == [1]  # the first share is not rendered again
    assert not default_storage.exists(first)
    other = ask(certificates[0], officer)
    batches._collect(jobs.claim(other.job_id), other)
    batches._divide(other)
    BatchShare.objects.update(attempts=batches.MOST_ATTEMPTS)
    Job.objects.filter(pk=other.job_id).update(state="queued")
    services.render(other.job_id)
    assert "Văn bản thứ 1 đến 1 làm máy xử lý dừng" in Job.objects.get(pk=other.job_id).error
    assert not BatchShare.objects.exists()
    # Of a batch that lost its worker for good nobody drops the shares: the next batch does.
    lost = ask(certificates[0], officer)
    batches._collect(job := jobs.claim(lost.job_id), lost)
    batches._divide(lost)
    jobs.fail(job=job, error="Máy xử lý dừng giữa chừng hai lần.")
    monkeypatch.undo()
    services.render(ask(certificates[0], officer).job_id)
    assert not BatchShare.objects.exists()


def test_a_helper_stops_when_the_job_is_over(certificates, officer):
    asked = ask(certificates[0], officer)
    jobs.cancel(job=asked.job, by=officer)
    batches.help_batch(asked.pk)
    assert not BatchShare.objects.exists()


def test_papers_of_a_session_wait_for_its_results_and_are_the_own_offices(officer):
    session = open_session_with(make_dossier(state=DossierState.ACCEPTED))
    for kind in ("minutes", "summary", "sheets"):
        with pytest.raises(DomainError, match="chưa đóng kết quả"):
            services.request_paper(kind=kind, subject=session, by=officer)
    stranger = make_user("canbo.nghean", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    with pytest.raises(PermissionDenied):
        services.request_paper(kind="minutes", subject=session, by=stranger)
    assert not Paper.objects.exists()


def test_the_archive_is_searched_without_marks_and_costs_the_same(certificates, officer, client):
    client.force_login(officer)

    def look(query=""):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{reverse('reports:list')}{query}").content.decode()
        return page, len(queries)

    services.request_paper(kind="certificate", subject=certificates[0], by=officer)
    look()
    one = look()[1]
    for certificate in certificates[1:]:
        services.request_paper(kind="certificate", subject=certificate, by=officer)
    assert (one, look()[1]) == (10, 10)
    page, _ = look("?q=che+hoa+vang&kind=certificate&year=2026")
    assert "Chè hoa vàng" in page and "Mật ong rừng" not in page
    book = client.get(f"{reverse('reports:workbook')}?q=mat+ong")
    assert b"".join(book.streaming_content)[:2] == b"PK"


def test_commune_and_entity_read_the_issued_papers_of_their_own_dossiers_alone(officer, client):
    dossier = make_dossier(state=DossierState.SUBMITTED)
    version, owner = dossier.versions.get(), owner_of(dossier.product.entity)
    paper = services.request_paper(kind="form_01", subject=version, by=officer)
    services.render(paper.job_id)
    client.force_login(owner)
    url = reverse("reports:download", args=[paper.pk])
    assert client.get(url).status_code == 404
    services.review(paper=paper, by=make_user("lanh.dao", Role.LEADERSHIP))
    given = {"paper": paper, "by": officer, "issued_on": timezone.localdate()}
    with pytest.raises(DomainError, match="người ký là Người Đại Diện Thử"):
        services.issue(**given, signer_name="Trần Văn Hai")
    done = services.issue(**given, signer_name="Người Đại Diện Thử")
    services.render_issued(done.job_id)
    assert client.get(url)["Content-Type"] == "application/pdf"
    assert client.get(reverse("reports:file", args=[paper.pk, "draft"])).status_code == 404
    assert paper.title in client.get(reverse("reports:list")).content.decode()
    client.force_login(make_user("xa.khac", Role.COMMUNE_OFFICER, make_commune("Xã Thiên Lộc", "18409")))
    assert client.get(url).status_code == 404
