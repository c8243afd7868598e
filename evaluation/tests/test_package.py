"""The file of a potential five-star product for the Ministry: what it needs, its ZIP, the Ministry's days."""

import hashlib
import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import PackagePaperKind
from evaluation.queries.package import ministry_window, missing
from evaluation.services import package, results
from evaluation.tests.decided import BEST, THREE_STARS, closed_items
from evaluation.tests.factories import member
from evaluation.tests.test_submissions import approve, filed
from products.models import Dossier
from products.services.evidence import prune_files
from products.tests.factories import photo_bytes, provincial_officer, upload_of

pytestmark = pytest.mark.django_db
LETTER = {"letter_number": "300/UBND-NL", "sent_on": date(2026, 6, 25)}


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def item(criteria):
    [item] = closed_items(BEST)
    approve(filed([item]))
    return item


def add(item, kind, name="", by=None, **facts):
    upload = upload_of(name=name or f"{kind}.pdf")
    return package.add_paper(item=item, kind=kind, upload=upload, by=by or provincial_officer(), **facts)


def state(item):
    return Dossier.objects.get(versions__agenda_items=item).state


@pytest.mark.parametrize(
    ("day", "files_until", "answer_until"),
    [
        (date(2026, 1, 30), date(2026, 1, 30), date(2026, 3, 30)),
        (date(2026, 1, 31), date(2026, 7, 30), date(2026, 9, 30)),
        (date(2026, 7, 30), date(2026, 7, 30), date(2026, 9, 30)),
        (date(2026, 7, 31), date(2027, 1, 30), date(2027, 3, 30)),
        (date(2026, 12, 31), date(2027, 1, 30), date(2027, 3, 30)),
    ],
)
def test_the_ministry_answers_twice_a_year(day, files_until, answer_until):
    window = ministry_window(day)
    assert (window.files_until, window.answer_until) == (files_until, answer_until)


def test_the_file_goes_to_the_ministry_when_complete_or_with_a_reason(item, officer):
    add(item, PackagePaperKind.LETTER)
    with pytest.raises(DomainError, match="Báo cáo của Tổ tư vấn, Biên bản, báo cáo của Hội đồng") as refusal:
        results.send_to_ministry(item=item, by=officer, **LETTER)
    assert (refusal.value.field, state(item)) == ("override", "scored")
    papers = [add(item, kind) for kind in PackagePaperKind.required if kind != PackagePaperKind.LETTER]
    assert missing(item) == []
    package.remove_paper(paper=papers[0], by=officer)
    results.send_to_ministry(item=item, by=officer, override="Bản gốc gửi sau", **LETTER)
    assert state(item) == "sent_to_ministry"
    assert AuditEntry.objects.get(verb="package.sent_incomplete").reason == "Bản gốc gửi sau"
    with pytest.raises(DomainError, match="không đổi được nữa"):
        package.remove_paper(paper=papers[1], by=officer)


def test_only_pdf_and_pictures_of_a_potential_five_are_taken_and_each_once(item, officer):
    add(item, "letter", "van-ban.pdf", title="Tờ trình Bộ", number="12/TTr")
    with pytest.raises(DomainError, match="đã có"):
        add(item, "letter", "van-ban.pdf")
    picture = SimpleUploadedFile("bien-ban.jpg", photo_bytes().getvalue())
    assert package.add_paper(item=item, kind="council_report", upload=picture, by=officer).stored.pages == 1
    with pytest.raises(DomainError, match="Chỉ nhận"):
        package.add_paper(item=item, kind="other", upload=upload_of(b"<html>", "a.pdf"), by=officer)
    with pytest.raises(PermissionDenied):
        add(item, "approval", by=member("thu.ky"))
    [plain] = closed_items(THREE_STARS, council=item.session.council)
    with pytest.raises(DomainError, match="tiềm năng 5 sao"):
        add(plain, "letter")


def test_files_of_the_ministrys_papers_are_not_swept_away(item):
    paper = add(item, "letter", "chi-o-day.pdf")
    assert paper.stored.sha256 not in prune_files(older_than_days=-1)
    assert paper.stored.file.storage.exists(paper.stored.file.name)


def test_the_zip_holds_every_paper_under_an_index_with_true_hashes(item, officer, client):
    paper = add(item, "letter", "cong-van.pdf", title="Công văn đề nghị của Ủy ban", number="300/UBND-NL")
    client.force_login(officer)
    answer = client.post(reverse("evaluation:package_download", args=[item.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = archive.namelist()
    assert all(name.isascii() for name in names)
    assert {"01-ho-so/01-Noi-dung-ho-so.html", "02-cap-xa/Mau-03-Bao-cao-cap-xa.html"} <= set(names)
    assert "03-cap-tinh/00-Ket-qua-hoi-dong.html" in names
    assert archive.read("03-cap-tinh/01-cong-van-de-nghi-cua-uy-ban.pdf") == paper.stored.file.read()
    evidence = [name for name in names if name.startswith("01-ho-so/minh-chung/")]
    assert len(evidence) == item.version.evidences.count() > 0
    sums = dict(reversed(line.split("  ")) for line in archive.read("SHA256SUMS.txt").decode().splitlines())
    assert set(sums) == set(names) - {"SHA256SUMS.txt"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == sums[name] for name in sums)
    index = archive.read("00-Muc-luc.html").decode()
    assert "Công văn đề nghị của Ủy ban" in index
    assert all(digest in index for name, digest in sums.items() if name != "00-Muc-luc.html")
    assert "Mẫu 03" in index
    council = archive.read("03-cap-tinh/00-Ket-qua-hoi-dong.html").decode()
    assert "tiềm năng 5 sao" in council and str(member("chu.tich")) not in council
    assert AuditEntry.objects.filter(verb="package.download", actor=officer).count() == 1


def test_the_office_fills_the_file_and_sends_it_from_the_pages(item, officer, client):
    client.force_login(officer)
    page = reverse("evaluation:package", args=[item.pk])
    shown = client.get(page).content.decode()
    assert "Còn thiếu 4 loại giấy tờ" in shown
    for kind in PackagePaperKind.required:
        data = {
            "kind": kind,
            "number": "1",
            "dated_on": "22/06/2026",
            "upload": upload_of(name=f"{kind}.pdf"),
        }
        assert client.post(page, data).status_code == 302
    assert "Đủ giấy tờ" in client.get(page).content.decode()
    decide = reverse("evaluation:decide", args=[item.pk])
    client.post(decide, {"number": "300/UBND-NL", "day": "25/06/2026", "override": ""})
    assert state(item) == "sent_to_ministry"
    # The day of the letter decides the span: before 30 July, so the answer comes before 30 September.
    assert "30/09/2026" in client.get(page).content.decode()
