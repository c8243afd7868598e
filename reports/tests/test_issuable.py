"""What stands against issuing a paper, and what a worker that comes back late may no longer do."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import jobs
from core.exceptions import DomainError
from core.models import AuditEntry, Job
from evaluation.models import Seat, Session
from evaluation.services import attendance, sessions, submissions
from evaluation.services.certificates import issue_certificate
from evaluation.tests.decided import FOUR_STARS, THREE_STARS, closed_items
from products.models import Recognition
from products.tests.factories import make_entity, make_product, provincial_officer, recognise
from reports import services
from reports.enums import PaperState
from reports.kinds import certificates_of
from reports.models import BatchShare, Paper
from reports.services import batches, issuable, issuing
from reports.tests.factories import make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def leader():
    return make_user("lanh.dao", Role.LEADERSHIP)


@pytest.fixture
def certificates(officer):
    entity = make_entity()
    rows = [recognise(make_product(name, entity)) for name in ("Mật ong rừng", "Chè hoa vàng")]
    return [issue_certificate(recognition=row, by=officer) for row in rows]


def reviewed(kind, subject, officer, leader):
    asked = services.request_paper(kind=kind, subject=subject, by=officer)
    services.render(asked.job_id)
    return services.review(paper=asked, by=leader)


def issue(paper, officer, day=None, signer_name="Nguyễn Văn Ký", **given):
    day = day or timezone.localdate()
    return services.issue(paper=paper, by=officer, issued_on=day, signer_name=signer_name, **given)


def refused(paper, officer, **given):
    with pytest.raises(DomainError) as refusal:
        issue(paper, officer, **given)
    return refusal.value.message


def test_a_decision_goes_out_as_the_chairman_approved_it_and_with_its_number(officer, leader):
    (item,) = closed_items(THREE_STARS)
    session = Session.objects.select_related("council__unit").get()
    filed = submissions.create_submission(
        unit=session.council.unit, title="Kết quả đợt 1", items=[item], by=officer
    )
    early = reviewed("decision", filed, officer, leader)
    assert "ghi phê duyệt của Chủ tịch" in refused(early, officer)
    day = timezone.localdate() - timedelta(days=1)
    words = {"submit": {"number": "7", "submitted_on": day}, "approve": {"decision_number": "15/QĐ-UBND"}}
    words["approve"]["decided_on"] = day
    for step, data in words.items():
        filed = submissions.perform(submission=filed, step=step, by=officer, **data)
    assert "ghi phê duyệt của Chủ tịch" in refused(early, officer, day=day)
    paper = reviewed("decision", filed, officer, leader)
    assert "tại Tờ trình số 07/TTr-SNNMT ngày" in paper.data["legal_bases"][-1]
    assert "đã ghi số 15 trong hồ sơ" in refused(paper, officer, number=16)
    assert "đã ghi ngày" in refused(paper, officer)
    assert issue(paper, officer, day=day).number_text == "15/QĐ-UBND"
    # A number recorded without its symbol.
    letter = reviewed("submission", filed, officer, leader)
    assert letter.data["head"]["number"] == "Số: 07/TTr-SNNMT"
    assert issue(letter, officer, day=day).number_text == "07/TTr-SNNMT"


def test_the_number_of_a_submission_is_written_to_its_record_and_never_over_another(officer, leader, client):
    first, second = closed_items(THREE_STARS, FOUR_STARS)
    session = Session.objects.select_related("council__unit").get()
    given = {"unit": session.council.unit, "by": officer}
    letter = submissions.create_submission(title="Kết quả đợt 1", items=[first], **given)
    paper, day = reviewed("submission", letter, officer, leader), timezone.localdate()
    submissions.change_submission(submission=letter, title="Kết quả đợt I", items=[first], by=officer)
    assert "đã thay đổi sau khi lập dự thảo" in refused(paper, officer)
    letter.refresh_from_db()
    assert (letter.state, letter.number) == ("draft", "")
    paper = reviewed("submission", letter, officer, leader)
    early = session.held_on - timedelta(days=1)
    client.force_login(officer)
    url, signer = reverse("reports:issue", args=[paper.pk]), {"signer_name": "Nguyễn Văn Ký"}
    page = client.post(url, signer | {"issued_on": f"{early:%d/%m/%Y}", "number": "7"}).content.decode()
    assert "trước ngày họp Hội đồng" in page and 'id="error_1_id_issued_on"' in page
    assert issue(paper, officer, number=7).number_text == "07/TTr-SNNMT"
    letter.refresh_from_db()
    assert (letter.state, letter.number, letter.submitted_on) == ("submitted", "07/TTr-SNNMT", day)
    assert AuditEntry.objects.get(verb="submission.submit").actor == officer
    # Filed by hand since it was drafted.
    other = submissions.create_submission(title="Kết quả đợt 2", items=[second], **given)
    paper = reviewed("submission", other, officer, leader)
    submissions.perform(submission=other, step="submit", by=officer, number="31/TTr-SNNMT", submitted_on=day)
    assert "đã ghi số 31 trong hồ sơ" in refused(paper, officer, number=8)
    before = day - timedelta(days=1)
    assert "đã ghi ngày" in refused(paper, officer, day=before)
    assert issue(paper, officer).number_text == "31/TTr-SNNMT"
    other.refresh_from_db()
    assert (other.number, other.submitted_on) == ("31/TTr-SNNMT", day)


def test_a_certificate_bears_who_signs_it_and_is_issued_once(officer, leader, certificates):
    paper = reviewed("certificate", certificates[0], officer, leader)
    assert "không ghi học hàm" in refused(paper, officer, signer_name="TS. Nguyễn Văn Ký")
    assert "dòng chức vụ của người ký" in refused(paper, officer, signer_position="KT. Chủ tịch")
    done = issue(paper, officer, signer_position="KT. Chủ tịch; Phó chủ tịch")
    services.render_issued(done.job_id)
    printed = PdfReader(paper.files.get(form="issued").file).pages[0].extract_text()
    assert "Nguyễn Văn Ký" in printed and "PHÓ CHỦ TỊCH" in printed
    again = reviewed("certificate", certificates[0], officer, leader)
    assert "lập văn bản thay thế" in refused(again, officer)


def test_minutes_go_out_once_the_course_of_the_session_is_on_record(officer, leader, client):
    closed_items(THREE_STARS)
    session = Session.objects.select_related("council__unit").get()
    sessions.close_session(session=session, by=officer)
    day = session.held_on
    open_ended = reviewed("minutes", session, officer, leader)
    assert "để trống thành phần tham dự: ghi ở phiên họp" in refused(open_ended, officer, day=day)
    client.force_login(officer)
    page = client.get(open_ended.get_absolute_url()).content.decode()
    written = reverse("evaluation:course", args=[session.pk])
    assert "Văn bản để trống địa điểm, giờ bắt đầu, giờ kết thúc, chủ tọa, thư ký" in page and written in page
    # Nobody called the roll, so no result rests on it: it may be written down after the end.
    seats = {seat.user.username: seat.pk for seat in session.council.seats.select_related("user")}
    attendance.record_attendance(session=session, marks={seats["uy.vien"]: ("present", "")}, by=officer)
    typed = {"place": "Sở Nông nghiệp và Môi trường", "started_at": "08:00", "ended_at": "7h30"}
    typed |= {"chaired_by": seats["chu.tich"], "minuted_by": seats["uy.vien"]}
    assert "phải sau giờ bắt đầu" in client.post(written, typed).content.decode()
    assert client.post(written, typed | {"ended_at": "16h30"}).status_code == 302
    paper = reviewed("minutes", session, officer, leader)
    assert paper.data["gaps"] == [] and "vào 16 giờ 30 phút, ngày" in paper.data["closing"]
    assert [row["name"] for row in paper.data["signatures"]] == [
        str(Seat.objects.get(pk=seats[name]).user) for name in ("uy.vien", "chu.tich")
    ]
    given = {"signer_name": issuable.named_signer(paper)}
    before = day - timedelta(days=1)
    assert "ngày ban hành không trước ngày này" in refused(paper, officer, day=before, **given)
    assert issue(paper, officer, day=day, **given).number == 1


def test_a_number_of_last_year_is_not_taken_into_this_one(officer, leader, certificates):
    paper = Paper(unit=certificates[0].unit, symbol="BC-SNNMT", number=45, issued_on=date(2026, 12, 31))
    assert issuing._number(paper, 2026, None) == 45
    assert issuing._number(paper, 2027, None) == 1


def test_a_replacement_that_was_not_right_gives_way_to_a_better_one(officer, leader, certificates):
    paper = reviewed("certificate", certificates[0], officer, leader)
    services.render_issued(issue(paper, officer).job_id)
    paper.refresh_from_db()
    waiting = services.request_paper(kind="certificate", subject=certificates[0], by=officer)
    with pytest.raises(DomainError, match="đang được lập"):
        services.replace_paper(paper=paper, reason="Sai tên", by=officer)
    services.render(waiting.job_id)
    first = services.replace_paper(paper=paper, reason="Sai tên", by=officer)
    services.render(first.job_id)
    second = services.replace_paper(paper=paper, reason="Vẫn sai", by=officer)
    first.refresh_from_db()
    assert (first.replaces, second.replaces) == (None, paper)
    services.render(second.job_id)
    services.review(paper=second, by=leader)
    services.render_issued(issue(second, officer).job_id)
    with pytest.raises(DomainError, match="đã có bản thay thế"):
        services.replace_paper(paper=paper, reason="Nữa", by=officer)


def test_nothing_is_stored_once_the_job_was_cancelled(officer, leader, certificates):
    paper = reviewed("certificate", certificates[0], officer, leader)
    done = issue(paper, officer)
    job = jobs.claim(done.job_id)
    rendered = services.rendering.pdf.Rendered(b"%PDF-", 1)
    jobs.cancel(job=job, by=officer)
    with pytest.raises(jobs.JobCancelled):
        issuing._store_issued(job, done, rendered, b"")
    assert Paper.objects.get(pk=paper.pk).state == PaperState.REVIEWED


def test_a_worker_taken_for_lost_takes_nothing_from_the_one_after_it(officer, certificates, monkeypatch):
    monkeypatch.setattr("reports.tasks.ask_for_help", lambda paper_id: None)
    asked = services.request_paper(kind="certificates", subject=certificates[0], by=officer)

    def taken_over(job, paper):
        """The database was away for minutes: the job was queued again and another worker has begun."""
        batches._collect(job, paper)
        batches._divide(paper)
        Job.objects.filter(pk=job.pk).update(state="queued")
        jobs.claim(job.pk)
        jobs.report(job, 50, "")

    services.rendering.run(asked.job_id, taken_over, services.rendering._give_up)
    asked.refresh_from_db()
    assert (asked.state, BatchShare.objects.count()) == (PaperState.RENDERING, 1)
    batches.render(Job.objects.get(pk=asked.job_id), asked)
    assert len(PdfReader(io.BytesIO(asked.file.read())).pages) == 2


def test_a_certificate_that_was_taken_back_is_neither_printed_nor_issued(officer, leader, certificates):
    taken, kept = certificates
    drafted = reviewed("certificate", taken, officer, leader)
    Recognition.objects.filter(pk=taken.recognition_id).update(state="revoked")
    assert "đã thu hồi" in refused(drafted, officer)
    taken.refresh_from_db()
    with pytest.raises(DomainError, match="đã thu hồi"):
        services.request_paper(kind="certificate", subject=taken, by=officer)
    assert list(certificates_of(kept)) == [kept]


def test_an_address_with_signs_no_database_holds_opens_an_empty_form(officer, client):
    plan = make_plan()
    client.force_login(officer)
    assert client.get(f"{reverse('reports:request')}?plan={plan.pk}&kind=%00").status_code == 200
