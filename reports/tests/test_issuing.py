"""Draft, reviewed, issued, signed, replaced: what each step asks for, and that nothing issued changes."""

import io
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import docx as python_docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from docx.oxml.ns import qn
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.exceptions import DomainError
from core.models import AuditEntry, Notice
from reports import frame, services, signatures, verification
from reports.enums import PaperState
from reports.models import Paper
from reports.services import monthly
from reports.tests.factories import add_target, make_plan
from reports.tests.signing import certificate_file, signed
from training.services import correct_figures, decide_figures, freeze_figures

pytestmark = pytest.mark.django_db
SIGNER = "Nguyễn Văn Ký"


@pytest.fixture
def people():
    return SimpleNamespace(
        officer=make_user("canbo.tinh", Role.PROVINCIAL_OFFICER),
        colleague=make_user("dong.nghiep", Role.PROVINCIAL_OFFICER),
        leader=make_user("lanh.dao", Role.LEADERSHIP),
    )


@pytest.fixture
def plan():
    return make_plan()


def freeze(plan, people, number=10):
    """October's figures, closed by one officer and approved by leadership."""
    made = freeze_figures(plan=plan, kind="month", year=2026, number=number, by=people.officer)
    return decide_figures(figure_set=made, approve=True, by=people.leader)


def drafted(plan, people, content=None):
    """The rendered report on a frozen October."""
    asked = services.request_report(
        plan=plan, kind="month", year=2026, number=10, by=people.officer, content=content
    )
    services.render(asked.job_id)
    return Paper.objects.select_related("unit", "job").get(pk=asked.pk)


def issued(paper, people, **given):
    """The same, reviewed and issued by others than who asked."""
    services.review(paper=paper, by=people.leader)
    given = {"issued_on": timezone.localdate(), "signer_name": SIGNER} | given
    done = services.issue(paper=paper, by=people.colleague, **given)
    services.render_issued(done.job_id)
    return Paper.objects.select_related("unit", "job").get(pk=paper.pk)


@pytest.fixture
def paper(plan, people):
    """An issued report."""
    freeze(plan, people)
    return issued(drafted(plan, people), people)


def test_a_draft_waits_for_others_than_its_maker_until_it_is_issued(plan, people):
    def waiting(user):
        return [(todo.title, todo.url) for todo in frame.papers_waiting(user)]

    freeze(plan, people)
    older, paper = drafted(plan, people), drafted(plan, people)
    assert older.pk != paper.pk
    services.return_draft(paper=paper, reason="Thiếu số của Sở.", by=people.leader)
    assert waiting(people.officer) == [("Dự thảo bị trả lại", paper.get_absolute_url())]
    assert waiting(people.colleague) == waiting(people.leader) == []
    paper = drafted(plan, people)
    to_review = ("Dự thảo chờ soát", paper.get_absolute_url())
    assert waiting(people.officer) == []
    assert waiting(people.colleague) == waiting(people.leader) == [to_review]
    services.review(paper=paper, by=people.leader)
    to_issue = ("Văn bản chờ phát hành", paper.get_absolute_url())
    assert waiting(people.officer) == waiting(people.colleague) == [to_issue]
    assert waiting(people.leader) == []
    services.issue(paper=paper, by=people.colleague, issued_on=timezone.localdate(), signer_name=SIGNER)
    assert waiting(people.officer) == []


def test_a_report_on_an_open_period_is_refused_with_the_next_step(plan, people):
    def ask(number):
        with pytest.raises(DomainError) as refusal:
            services.request_report(plan=plan, kind="month", year=2026, number=number, by=people.officer)
        return refusal.value.message

    assert "vào kế hoạch, chốt số liệu và duyệt" in ask(10)
    freeze_figures(plan=plan, kind="month", year=2026, number=10, by=people.officer)
    assert "đang chờ duyệt" in ask(10)
    assert "chưa đến ngày chốt" in ask(12)
    assert not Paper.objects.exists()


def test_the_report_holds_frozen_figures_and_what_officers_entered(plan, people):
    freeze(plan, people)
    content = {
        "sections": ["general", "difficulties", "proposals"],
        "difficulties": ["Mưa lũ kéo dài", "  "],
        "proposals": ["Bổ sung <b>kinh phí</b>"],
    }
    paper = drafted(plan, people, content)
    titles = [section["title"] for section in paper.data["sections"]]
    assert titles == ["I. TÌNH HÌNH CHUNG", "II. KHÓ KHĂN, VƯỚNG MẮC", "III. KIẾN NGHỊ, ĐỀ XUẤT"]
    assert paper.data["sections"][1]["blocks"][0]["text"] == "Mưa lũ kéo dài."
    assert (paper.period_from, paper.period_to) == (date(2026, 9, 15), date(2026, 10, 14))
    assert paper.data["label"] == ""


def test_a_working_draft_says_so_and_cannot_be_issued(plan, people):
    asked = services.request_progress_report(plan=plan, period_to=date(2026, 10, 31), by=people.officer)
    services.render(asked.job_id)
    assert Paper.objects.get(pk=asked.pk).data["label"] == "DỰ THẢO"
    with pytest.raises(DomainError, match="chưa chốt"):
        services.review(paper=asked, by=people.leader)


def test_who_asked_does_not_review_and_nobody_issues_what_was_not_reviewed(plan, people):
    freeze(plan, people)
    paper = drafted(plan, people)
    given = {"issued_on": timezone.localdate(), "signer_name": SIGNER}
    with pytest.raises(DomainError, match="không tự soát"):
        services.review(paper=paper, by=people.officer)
    with pytest.raises(DomainError, match="Chỉ phát hành văn bản đã soát"):
        services.issue(paper=paper, by=people.officer, **given)
    services.review(paper=paper, by=people.leader)
    with pytest.raises(PermissionDenied):
        services.issue(paper=paper, by=people.leader, **given)
    for day in (date(2026, 10, 14), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(DomainError) as refusal:
            services.issue(paper=paper, by=people.officer, issued_on=day, signer_name=SIGNER)
        assert refusal.value.field == "issued_on"
    with pytest.raises(DomainError) as refusal:
        services.issue(paper=paper, by=people.officer, issued_on=timezone.localdate(), signer_name="  ")
    assert refusal.value.field == "signer_name"


def test_an_issued_paper_bears_number_day_and_signer_and_never_changes(paper, people, client):
    draft, final = paper.sha256, paper.files.get(form="issued")
    assert (paper.state, paper.number, paper.symbol) == (PaperState.ISSUED, 1, "BC-SNNMT")
    assert draft != final.sha256 and verification.by_hash(final.sha256).form == "Bản phát hành"
    printed = services.rendering.html.parts(services.issuing.stamped(paper))[0]
    assert "Số: 01/BC-SNNMT" in printed and SIGNER in printed
    word = paper.files.get(form="word")
    content = word.file.read()
    told = [found.text for found in python_docx.Document(io.BytesIO(content)).element.iter(qn("w:t"))]
    assert {"Số: 01/BC-SNNMT", SIGNER} <= set(told) and signatures.sha256(content) == word.sha256
    for change in ({"number": 9}, {"signer_name": "Khác"}, {"state": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Paper.objects.filter(pk=paper.pk).update(**change)
    client.force_login(people.officer)
    assert paper.title in client.get(f"{reverse('reports:list')}?q=01/bc-snnmt").content.decode()
    answer = client.get(reverse("reports:download", args=[paper.pk]))
    assert signatures.sha256(b"".join(answer.streaming_content)) == final.sha256
    assert AuditEntry.objects.filter(verb="paper_issued", object_id=str(paper.pk)).exists()


def test_a_number_is_given_once_a_series_and_year(paper, people, plan):
    asked = services.replace_paper(paper=paper, reason="Sai tên đơn vị", by=people.officer)
    services.render(asked.job_id)
    services.review(paper=asked, by=people.leader)
    with pytest.raises(DomainError, match="số tiếp theo là 02") as refusal:
        services.issue(
            paper=asked, by=people.officer, issued_on=timezone.localdate(), signer_name=SIGNER, number=1
        )
    assert refusal.value.field == "number"
    done = services.issue(
        paper=asked, by=people.officer, issued_on=timezone.localdate(), signer_name=SIGNER, number=7
    )
    assert done.number_text == "07/BC-SNNMT"
    assert services.next_number(paper, timezone.localdate().year) == 8


def test_a_returned_draft_says_why_until_another_is_made(plan, people, client):
    freeze(plan, people)
    draft = drafted(plan, people)
    with pytest.raises(DomainError) as refusal:
        services.return_draft(paper=draft, reason=" ", by=people.leader)
    assert refusal.value.field == "reason"
    with pytest.raises(DomainError, match="không tự trả lại"):
        services.return_draft(paper=draft, reason="Sai", by=people.officer)
    services.review(paper=draft, by=people.leader)
    why = "Phần I thiếu số liệu của xã Cẩm Bình"
    client.force_login(people.leader)
    url = reverse("reports:return", args=[draft.pk])
    assert client.post(url, {"reason": why}).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.returned_by, draft.return_reason) == (PaperState.RETURNED, people.leader, why)
    assert AuditEntry.objects.get(verb="paper_returned").reason == why
    told = Notice.objects.get(kind="document")
    assert (told.user, told.url) == (people.officer, draft.get_absolute_url()) and why in told.body
    for refused in (services.review, services.return_draft):
        given = {"reason": "Nữa"} if refused is services.return_draft else {}
        with pytest.raises(DomainError, match="đã trả lại"):
            refused(paper=draft, by=people.colleague, **given)
    with pytest.raises(DomainError, match="đã trả lại"):
        services.issue(paper=draft, by=people.officer, issued_on=timezone.localdate(), signer_name=SIGNER)
    client.force_login(people.officer)
    asking = client.get(draft.job.params["retry_url"]).content.decode()
    assert why in asking and why in client.get(draft.get_absolute_url()).content.decode()
    again = drafted(plan, people)
    assert why not in client.get(draft.job.params["retry_url"]).content.decode()
    assert why in client.get(again.get_absolute_url()).content.decode()
    assert again.title in client.get(draft.get_absolute_url()).content.decode()
    listed = client.get(f"{reverse('reports:list')}?state=returned&cot=ten&cot=tra-lai").content.decode()
    assert why in listed


def test_a_report_on_figures_corrected_since_is_made_anew(plan, people):
    target = add_target(plan, "Lớp tập huấn", "5", actual="2")
    first = freeze(plan, people)
    paper = drafted(plan, people)
    services.review(paper=paper, by=people.leader)
    values = {target.pk: Decimal(3)}
    given = {"values": values, "reason": "Xã báo thiếu", "by": people.officer}
    decide_figures(figure_set=correct_figures(figure_set=first, **given), approve=True, by=people.leader)
    with pytest.raises(DomainError, match="bản 2 đã duyệt: lập lại báo cáo"):
        services.issue(paper=paper, by=people.officer, issued_on=timezone.localdate(), signer_name=SIGNER)


def test_a_correction_is_a_new_paper_that_names_the_old_one(paper, people, client):
    with pytest.raises(DomainError) as refusal:
        services.replace_paper(paper=paper, reason=" ", by=people.officer)
    assert refusal.value.field == "reason"
    asked = services.replace_paper(paper=paper, reason="Sai tên đơn vị", by=people.officer)
    services.render(asked.job_id)
    new = issued(Paper.objects.get(pk=asked.pk), people)
    client.force_login(people.officer)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Đã có bản thay thế" in page and new.number_text in page and "Sai tên đơn vị" in page


# --- signatures


@pytest.fixture
def keys(tmp_path):
    return certificate_file(tmp_path)


def upload(content):
    return SimpleUploadedFile("da-ky.pdf", content, "application/pdf")


def final_bytes(paper):
    return paper.files.get(form="issued").file.read()


def refused(paper, people, content, **given):
    with pytest.raises(DomainError) as refusal:
        services.attach_signed(paper=paper, upload=upload(content), by=people.officer, **given)
    return refusal.value.message


def test_a_signed_copy_verifies_and_stands_as_the_paper(paper, people, keys, client):
    content = signed(final_bytes(paper), keys)
    kept = services.attach_signed(paper=paper, upload=upload(content), by=people.officer)
    (found,) = signatures.kept(kept.details["signatures"])
    assert (found.signer, found.intact, found.whole, found.trusted) == (SIGNER, True, True, None)
    assert kept.details["same"] == "bytes"
    client.force_login(people.officer)
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "Nguyên vẹn từ khi ký" in page and kept.sha256 in page
    answer = client.get(reverse("reports:download", args=[paper.pk]))
    assert b"".join(answer.streaming_content) == content
    assert "đã có bản ký số" in refused(paper, people, content)


def test_what_is_not_this_paper_signed_whole_by_its_signer_is_told(paper, people, keys, settings):
    content = signed(final_bytes(paper), keys)
    place = content.index(b"stream") + 40
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert "đã bị thay đổi sau khi" in refused(paper, people, changed)
    assert "không có chữ ký số" in refused(paper, people, final_bytes(paper))
    assert "Không đọc được tệp PDF" in refused(paper, people, content[: len(content) // 2])
    assert "Không đọc được tệp PDF" in refused(paper, people, b"GIF89a")
    assert "khác bản phát hành" in refused(paper, people, signed(paper.file.read(), keys))
    foreign = signed(final_bytes(paper), certificate_file(keys.parent, "Trần Thị Lạ"))
    assert "không phải Nguyễn Văn Ký" in refused(paper, people, foreign)
    expired = signed(final_bytes(paper), certificate_file(keys.parent, days=-1))
    assert "không còn hoặc chưa có hiệu lực" in refused(paper, people, expired)
    settings.OCOP_SIGNATURE_ROOTS = str(keys.parent / "roots")
    (keys.parent / "roots").mkdir()
    (keys.parent / "roots" / "goc.pem").write_bytes(other_root())
    assert "không thuộc các tổ chức chứng thực" in refused(paper, people, content)
    settings.EVIDENCE_MAX_FILE_MB = 0
    assert "lớn hơn 0 MB" in refused(paper, people, content)
    assert not paper.files.filter(form="signed").exists()


def test_a_signature_over_other_pages_or_foreign_parts_is_not_this_paper(paper, people, keys):
    def appended(change):
        """The issued file with a further revision, signed after it: it begins with our very bytes."""
        writer = PdfWriter(io.BytesIO(final_bytes(paper)), incremental=True)
        change(writer)
        file = io.BytesIO()
        writer.write(file)
        assert file.getvalue().startswith(final_bytes(paper))
        return signed(file.getvalue(), keys)

    def draw_over(writer):
        content = DecodedStreamObject()
        content.set_data(b"q 1 1 1 rg 0 0 595 842 re f Q")
        page = writer.pages[0]
        page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(content)])

    assert "khác bản phát hành" in refused(paper, people, appended(draw_over))
    script = appended(lambda writer: writer.add_open_action(JavaScript("app.alert(1)")))
    assert "mã lệnh" in refused(paper, people, script)
    carrying = appended(lambda writer: writer.add_attachment("khac.pdf", b"%PDF-"))
    assert "tệp đính kèm" in refused(paper, people, carrying)


def other_root():
    """A root nobody here signed under."""
    import certifi

    whole = open(certifi.where(), "rb").read()  # noqa: SIM115
    return whole[: whole.index(b"-----END CERTIFICATE-----")] + b"-----END CERTIFICATE-----\n"


def test_the_installation_signs_when_it_has_a_certificate(paper, people, keys, settings):
    with pytest.raises(DomainError, match="chưa có chứng thư"):
        services.sign(paper=paper, by=people.officer)
    settings.OCOP_SIGN_P12_PASSWORD = "mat-khau"
    settings.OCOP_SIGN_P12 = str(certificate_file(keys.parent, days=-1))
    with pytest.raises(DomainError, match="không còn hoặc chưa có hiệu lực"):
        services.sign(paper=paper, by=people.officer)
    settings.OCOP_SIGN_P12 = str(keys)
    kept = services.sign(paper=paper, by=people.officer)
    assert kept.file.read().startswith(final_bytes(paper))
    assert signatures.kept(kept.details["signatures"])[0].is_good


def test_the_check_page_tells_a_paper_a_changed_byte_and_a_draft(paper, people, keys, client):
    url, final = reverse("reports:verify"), final_bytes(paper)
    client.force_login(make_user("chu.the", Role.ENTITY))

    def check(content):
        return client.post(url, {"upload": upload(content)}).content.decode()

    assert "Đúng văn bản, không thay đổi" in check(final) and "01/BC-SNNMT" in check(final)
    assert "không thay đổi" in client.post(url, {"sha256": signatures.sha256(final).upper()}).content.decode()
    spoiled = signed(final, keys).replace(b"startxref", b"startxreF", 1)
    assert "đã bị sửa" in check(spoiled)
    draft = check(paper.file.read())
    assert "Không phải bản phát hành" in draft and "không thay đổi" not in draft
    assert client.post(url, {"sha256": "abc"}).status_code == 422


# --- the month's draft


def test_the_monthly_draft_is_prepared_once_after_the_cut_off_day(plan, people, settings):
    settings.OCOP_CUT_OFF_DAY = 14
    assert monthly.closed_month(date(2026, 10, 14)) is None
    assert monthly.closed_month(date(2026, 10, 15)) == (2026, 10, date(2026, 10, 14))
    settings.OCOP_CUT_OFF_DAY = 0
    assert monthly.closed_month(date(2026, 3, 1)) == (2026, 2, date(2026, 2, 28))
    settings.OCOP_CUT_OFF_DAY = 14
    assert services.prepare_monthly(date(2026, 10, 15)) == 1
    assert services.prepare_monthly(date(2026, 10, 16)) == 0
    paper = Paper.objects.get()
    assert (paper.prepared, paper.period_to, paper.is_working_draft) == (True, date(2026, 10, 14), True)
    told = Notice.objects.filter(title="Đã lập dự thảo báo cáo tháng 10/2026")
    assert set(told.values_list("user", flat=True)) == {people.officer.pk, people.colleague.pk}
    assert "chốt số liệu" in told.first().body
    jobs.fail(job=jobs.claim(paper.job_id), error="Máy xử lý dừng giữa chừng hai lần.")
    assert services.prepare_monthly(date(2026, 10, 17)) == 1
