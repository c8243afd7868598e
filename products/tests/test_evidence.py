"""Papers of a dossier: taken in once, described, frozen, carried over, read by whoever reads the dossier."""

import io
import threading
import zipfile
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from products import completeness, evidence_pictures, queries, services, snapshot
from products.enums import DossierState, EvidenceGroup
from products.evidence_rules import guessed_group, required_of
from products.models import Entity, Evidence, StoredFile
from products.tests.factories import (
    attach,
    commune_officer_of,
    make_dossier,
    make_entity,
    make_pdf,
    make_product,
    owner_of,
    take_step,
    upload_of,
)

pytestmark = pytest.mark.django_db

FOOD_GROUPS = ["registration", "eligibility", "quality_declaration", "test_report"]


def writer_of(dossier):
    return owner_of(dossier.product.entity)


def add(dossier, name="giay.pdf", content=None, by=None):
    upload = upload_of(content, name)
    return services.add_evidence(dossier=dossier, upload=upload, by=by or writer_of(dossier))


# --- taking in ---


def test_the_same_bytes_are_stored_once_whoever_uploads_them():
    first, second = make_dossier(make_product("Một")), make_dossier(make_product("Hai"))
    content = make_pdf("giay chung")
    one, two = add(first, "a.pdf", content), add(second, "b.pdf", content)
    assert one.stored == two.stored
    assert StoredFile.objects.filter(sha256=one.stored.sha256).count() == 1
    with default_storage.open(one.stored.file.name) as kept:
        assert kept.read() == content


def test_the_same_file_twice_in_a_version_names_the_paper_that_is_there():
    dossier = make_dossier()
    attach(dossier, "a.pdf", make_pdf("x"), title="Giấy chứng nhận số 12")
    with pytest.raises(services.AlreadyThereError, match="Giấy chứng nhận số 12"):
        add(dossier, "ten khac.pdf", make_pdf("x"))


def test_a_file_larger_than_the_limit_is_refused_before_it_is_read(settings):
    settings.EVIDENCE_MAX_FILE_MB = 1
    with pytest.raises(DomainError, match="lớn hơn 1 MB"):
        add(make_dossier(), content=b"%PDF-" + b"0" * (1024 * 1024))


def test_the_files_of_a_version_together_have_a_limit(settings):
    dossier = make_dossier()
    settings.EVIDENCE_MAX_DOSSIER_MB = 1
    half = b"\n%" + b"0" * (600 * 1024)
    add(dossier, "a.pdf", make_pdf("a") + half)
    with pytest.raises(DomainError, match="đã gần 1 MB"):
        add(dossier, "b.pdf", make_pdf("b") + half)


def test_only_who_may_change_the_dossier_adds_papers():
    dossier = make_dossier()
    for stranger in (commune_officer_of(dossier.commune), owner_of(make_entity("HTX Khác"))):
        with pytest.raises(PermissionDenied):
            add(dossier, by=stranger)


def test_an_upload_is_logged_with_its_hash():
    paper = add(make_dossier(), "giay.pdf")
    entry = AuditEntry.objects.filter(verb="evidence.add").latest("pk")
    assert entry.after["sha256"] == paper.stored.sha256


@pytest.mark.django_db(transaction=True)
def test_two_uploads_of_the_same_bytes_at_once_share_one_file():
    dossiers = [make_dossier(make_product(name)) for name in ("Một", "Hai")]
    owners = [writer_of(dossier) for dossier in dossiers]
    content, start, failures = make_pdf("cung luc"), threading.Barrier(2), []

    def upload(dossier, by):
        try:
            start.wait()
            add(dossier, "chung.pdf", content, by=by)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=pair) for pair in zip(dossiers, owners, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    papers = Evidence.objects.filter(filename="chung.pdf")
    assert papers.count() == 2 and len({paper.stored_id for paper in papers}) == 1


# --- frozen, carried over ---


def test_papers_of_a_filed_version_cannot_change():
    dossier = make_dossier(state=DossierState.SUBMITTED)
    paper, by = dossier.current_version.evidences.first(), writer_of(dossier)
    for act in (
        lambda: add(dossier),
        lambda: services.update_evidence(paper, by=by, data={"title": "khác"}),
        lambda: services.remove_evidence(paper, by=by),
    ):
        with pytest.raises(DomainError, match="đã nộp"):
            act()


@pytest.mark.parametrize(
    "statement", ["DELETE FROM products_evidence", "UPDATE products_evidence SET title='x'"]
)
def test_the_database_itself_keeps_the_papers_of_a_filed_version(statement):
    dossier = make_dossier(state=DossierState.SUBMITTED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert dossier.current_version.evidences.count() == 4


def test_a_return_carries_the_papers_over_and_leaves_the_filed_ones():
    dossier = make_dossier()
    attach(dossier, "hop-dong.pdf", title="Hợp đồng gạo", number="01/HĐ", expires_on=date(2027, 1, 1))
    dossier = take_step(take_step(dossier, "submit"), "return_to_entity")
    old, new = dossier.versions.all()
    services.remove_evidence(new.evidences.get(title="Hợp đồng gạo"), by=writer_of(dossier))
    assert old.evidences.count() == 5 and new.evidences.count() == 4
    kept, filed = (set(one.evidences.values_list("stored", flat=True)) for one in (new, old))
    assert kept < filed


def test_a_paper_of_an_older_version_is_not_changed_through_the_new_one():
    dossier = take_step(make_dossier(state=DossierState.SUBMITTED), "return_to_entity")
    old = dossier.versions.first().evidences.first()
    with pytest.raises(DomainError, match="đã nộp"):
        services.remove_evidence(old, by=writer_of(dossier))


def test_the_snapshot_holds_every_paper():
    dossier = make_dossier()
    paper = attach(dossier, "hop-dong.pdf", title="Hợp đồng gạo", group="market", issued_on=date(2026, 2, 3))
    filed = take_step(dossier, "submit").current_version
    kept = next(row for row in filed.snapshot["evidence"] if row["title"] == "Hợp đồng gạo")
    assert kept == {
        "filename": "hop-dong.pdf",
        "group": "market",
        "title": "Hợp đồng gạo",
        "number": "",
        "issuer": "",
        "issued_on": "2026-02-03",
        "expires_on": None,
        "sha256": paper.stored.sha256,
        "size": paper.stored.size,
        "content_type": "application/pdf",
        "pages": 1,
    }
    assert snapshot.is_intact(filed)


# --- what is demanded, what expires ---


@pytest.mark.parametrize(
    "set_number, groups",
    [
        (6, FOOD_GROUPS),
        (11, ["registration", "eligibility", "material", "quality_declaration", "test_report"]),
        (16, FOOD_GROUPS),
        (19, ["registration", "eligibility", "material", "quality_declaration"]),
        (21, ["registration"]),
        (26, ["registration"]),
    ],
)
def test_each_set_demands_its_papers(set_number, groups):
    assert [rule.group for rule in required_of(set_number)] == groups


def test_a_dossier_without_a_demanded_paper_cannot_be_filed():
    dossier = make_dossier()
    services.remove_evidence(
        dossier.current_version.evidences.get(group="test_report"), by=writer_of(dossier)
    )
    with pytest.raises(services.IncompleteError) as refused:
        services.perform(dossier, "submit", by=writer_of(dossier))
    assert refused.value.missing == [
        completeness.Missing("Thiếu minh chứng: Phiếu kiểm nghiệm.", "minh-chung")
    ]


def test_an_expired_paper_is_pointed_at_and_holds_nothing_back(settings):
    settings.EVIDENCE_EXPIRY_WARNING_DAYS = 90
    dossier, today = make_dossier(), timezone.localdate()
    days = {"hom-qua": -1, "hom-nay": 0, "90-ngay": 90, "91-ngay": 91}
    for name, distance in days.items():
        attach(dossier, f"{name}.pdf", title=name, expires_on=today + timedelta(days=distance))
    papers = queries.papers_of(dossier.current_version)
    assert [paper.title for paper in papers.expired] == ["hom-qua"]
    assert [paper.title for paper in papers.expiring] == ["hom-nay", "90-ngay"]
    assert take_step(dossier, "submit").state == DossierState.SUBMITTED


def test_a_paper_expires_after_the_day_it_was_issued():
    dossier = make_dossier()
    with pytest.raises(DomainError, match="sau ngày cấp") as refused:
        attach(dossier, issued_on=date(2026, 5, 1), expires_on=date(2026, 5, 1))
    assert refused.value.field == "expires_on"


@pytest.mark.parametrize(
    "name, group",
    [
        ("Phiếu kiểm nghiệm 2026.pdf", EvidenceGroup.TEST_REPORT),
        ("GCN_ATTP.jpg", EvidenceGroup.ELIGIBILITY),
        ("Giấy đăng ký HTX.pdf", EvidenceGroup.REGISTRATION),
        ("isolated.pdf", EvidenceGroup.OTHER),
    ],
)
def test_the_group_is_guessed_from_whole_words_of_the_name(name, group):
    assert guessed_group(name) == group


# --- bytes nobody uses ---


def test_bytes_no_paper_uses_are_removed_after_a_while():
    dossier = make_dossier()
    paper = add(dossier, "bo.pdf")
    services.remove_evidence(paper, by=writer_of(dossier))
    name = paper.stored.file.name
    call_command("prune_files", "--older-than", "1", stdout=io.StringIO())
    assert default_storage.exists(name)
    call_command("prune_files", "--older-than", "0", stdout=io.StringIO())
    assert not default_storage.exists(name)
    assert StoredFile.objects.count() == 4
    assert all(default_storage.exists(kept.file.name) for kept in StoredFile.objects.all())


# --- pages ---


@pytest.fixture
def dossier():
    return make_dossier()


@pytest.fixture
def as_owner(client, dossier):
    client.force_login(writer_of(dossier))
    return client


def send(client, dossier, file, **headers):
    return client.post(reverse("products:evidence", args=[dossier.pk]), {"files": file}, **headers)


def test_a_script_gets_the_row_of_its_file_or_the_refusal_in_words(as_owner, dossier):
    taken = send(as_owner, dossier, upload_of(name="phieu-kiem-nghiem-2.pdf"), HTTP_X_UPLOAD="1")
    refused = send(as_owner, dossier, SimpleUploadedFile("x.pdf", b"MZ" + b"0" * 99), HTTP_X_UPLOAD="1")
    assert taken.status_code == 201 and "phieu-kiem-nghiem-2.pdf" in taken.content.decode()
    assert refused.status_code == 422 and ".exe" in refused.content.decode()


def test_a_file_of_30_mb_is_refused_and_the_rest_of_the_form_survives(as_owner, dossier):
    big = SimpleUploadedFile("to.pdf", make_pdf() + b"0" * (30 * 1024 * 1024))
    url = reverse("products:evidence", args=[dossier.pk])
    page = as_owner.post(url, {"files": [big, upload_of(name="nho.pdf")]}, follow=True).content.decode()
    assert "to.pdf: Tệp lớn hơn 25 MB" in page
    assert "Đã tải lên: nho.pdf" in page


def test_what_is_typed_about_a_paper_is_kept_and_a_wrong_date_is_said(as_owner, dossier):
    paper = dossier.current_version.evidences.first()
    url, prefix = reverse("products:evidence_edit", args=[paper.pk]), f"giay-{paper.pk}"
    data = {f"{prefix}-group": "award", f"{prefix}-title": "Bằng khen", f"{prefix}-issued_on": "31/02/2026"}
    refused = as_owner.post(url, data, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422 and "viết như 05/11/2026" in refused.content.decode()
    kept = as_owner.post(url, {**data, f"{prefix}-issued_on": "28/02/2026"}, HTTP_HX_REQUEST="true")
    paper.refresh_from_db()
    assert kept.status_code == 200
    assert (paper.group, paper.title, paper.issued_on) == ("award", "Bằng khen", date(2026, 2, 28))


def test_a_stranger_of_another_entity_finds_no_paper(client, dossier):
    paper = dossier.current_version.evidences.first()
    client.force_login(owner_of(make_entity("HTX Khác")))
    for name in ("evidence_view", "evidence_download"):
        assert client.get(reverse(f"products:{name}", args=[paper.pk])).status_code == 404
    assert client.get(reverse("products:evidence_picture", args=[paper.pk, 1])).status_code == 404
    assert client.post(reverse("products:evidence_remove", args=[paper.pk])).status_code == 404
    assert send(client, dossier, upload_of(name="la.pdf")).status_code == 404


def test_a_neighbouring_commune_finds_no_paper(client, dossier):
    officer = make_user("xa.khac", Role.COMMUNE_OFFICER, make_commune("Xã Đức Thọ", "18229"))
    client.force_login(officer)
    paper = dossier.current_version.evidences.first()
    assert client.get(reverse("products:evidence_view", args=[paper.pk])).status_code == 404


def test_pages_are_shown_as_pictures(as_owner, dossier):
    paper = add(dossier, "ba-trang.pdf", make_pdf("ba trang", pages=3))
    page = as_owner.get(reverse("products:evidence_view", args=[paper.pk])).content.decode()
    assert page.count("<figure") == 3 and "3/3" in page
    for size in ("", "?co=nho", "?co=nho"):
        answer = as_owner.get(reverse("products:evidence_picture", args=[paper.pk, 3]) + size)
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.content[8:12] == b"WEBP"
    assert as_owner.get(reverse("products:evidence_picture", args=[paper.pk, 4])).status_code == 404


def test_a_download_is_the_same_bytes_and_never_a_page(as_owner, dossier):
    content = make_pdf("tai ve")
    paper = add(dossier, "tải về.pdf", content)
    answer = as_owner.get(reverse("products:evidence_download", args=[paper.pk]))
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_whole_dossier_is_one_zip_with_an_index(as_owner, dossier):
    paper = attach(dossier, "hop-dong.pdf", title="Hợp đồng mua gạo", number="01/HĐ", group="market")
    answer = as_owner.post(reverse("products:dossier_download", args=[dossier.pk, 1]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        index = archive.read("00-Muc-luc.html").decode()
        name = next(name for name in names if name.endswith("Hop-dong-mua-gao.pdf".lower()))
        assert archive.read(name) == make_pdf("hop-dong.pdf")
        sums = archive.read("SHA256SUMS.txt").decode()
    assert len(names) == 3 + 5 and all(name.isascii() and ".." not in name for name in names)
    assert "Hợp đồng mua gạo" in index and "01/HĐ" in index
    assert f"{paper.stored.sha256}  {name}\n" in sums
    assert AuditEntry.objects.filter(verb="dossier.download").count() == 1


def test_the_page_asks_the_database_as_often_for_three_papers_as_for_one(
    as_owner, dossier, django_assert_num_queries
):
    url = reverse("products:evidence", args=[dossier.pk])
    Evidence.objects.exclude(pk=dossier.current_version.evidences.first().pk).delete()
    as_owner.get(url)
    with django_assert_num_queries(12):
        as_owner.get(url)
    for name in ("a.pdf", "b.pdf"):
        add(dossier, name)
    with django_assert_num_queries(12):
        as_owner.get(url)


def test_the_zip_of_a_filed_version_tells_what_was_filed(as_owner, dossier):
    """A new name or a merge afterwards changes the registry, not the paper of that day."""
    take_step(dossier, "submit")
    entity = dossier.product.entity
    Entity.objects.filter(pk=entity.pk).update(name="HTX Tên Mới", tax_code="0100109106")
    answer = as_owner.post(reverse("products:dossier_download", args=[dossier.pk, 1]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        texts = [archive.read(name).decode() for name in ("00-Muc-luc.html", "01-Noi-dung-ho-so.html")]
    assert all(entity.name in text for text in texts)
    assert not any("HTX Tên Mới" in text or "0100109106" in text for text in texts)


def test_a_huge_second_page_of_a_small_tiff_is_not_unfolded(as_owner, dossier, monkeypatch):
    pages, content = [Image.new("1", (30, 20)), Image.new("1", (300, 200))], io.BytesIO()
    pages[0].save(content, "TIFF", save_all=True, append_images=pages[1:])
    paper = attach(dossier, "quet.tif", content.getvalue())
    monkeypatch.setattr(evidence_pictures, "PIXELS_LIMIT", 1000)
    assert as_owner.get(reverse("products:evidence_picture", args=[paper.pk, 1])).status_code == 200
    assert as_owner.get(reverse("products:evidence_picture", args=[paper.pk, 2])).status_code == 404
