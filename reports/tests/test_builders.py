"""Papers from records: what they may say, when they may be made, and that the law's words stand on them."""

from datetime import date

import pytest

from core.exceptions import DomainError
from evaluation.models import Session, Sheet
from evaluation.services import submissions
from evaluation.services.certificates import issue_certificate
from evaluation.tests.decided import EXCLUDED, FOUR_STARS, THREE_STARS, closed_items
from evaluation.tests.factories import open_session_with
from products.enums import DossierState
from products.services import update_product
from products.tests.factories import make_dossier, make_product, provincial_officer, recognise
from reports import html
from reports.builders import certificate, forms, minutes, notice, sheet, submission, summary, training
from reports.builders.common import referring
from reports.document import Document, Head, Paragraph, Section, as_data
from training.tests.factories import make_class

TODAY = date(2026, 11, 28)
# Of the minutes, however many dossiers the session had; one looks for a roll called after the results.
QUERIES = 4


def text_of(document):
    """All HTML of a paper, for words that must or must not stand on it."""
    return "\n".join(html.parts(as_data(document)))


@pytest.mark.django_db
def test_no_paper_of_a_session_tells_a_score_before_every_result_is_closed():
    session = open_session_with()
    for builder in (minutes, summary):
        with pytest.raises(DomainError, match="1 hồ sơ chưa đóng kết quả"):
            builder.build(session, today=TODAY)
    with pytest.raises(DomainError, match="chưa nộp"):
        sheet.build(Sheet.objects.first(), today=TODAY)


@pytest.mark.django_db
def test_the_papers_after_a_council_say_what_it_decided(django_assert_num_queries):
    items = closed_items(FOUR_STARS, THREE_STARS, EXCLUDED)
    session = Session.objects.select_related("council__unit").get()

    with django_assert_num_queries(QUERIES):
        told = text_of(minutes.build(session, today=TODAY))
    assert "Hội đồng loại hồ sơ: Giả mạo hồ sơ; chứng cứ: Công văn 12/CA." in told
    assert "Túc số: 2/3 (số phiếu đã nộp);" in told
    assert "Cuộc họp kết thúc vào …… giờ …… phút" in told  # closed on another day than the session's
    assert "Rau thơm số 2: điều kiện chưa đạt cho hạng 4 sao" in text_of(summary.build(session, today=TODAY))

    filed = submissions.create_submission(
        unit=session.council.unit, title="Kết quả đợt 1", items=items, by=provincial_officer()
    )
    draft = text_of(submission.build_decision(filed, today=TODAY))
    assert "DỰ THẢO" in draft and "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HÀ TĨNH" in draft
    assert "Công nhận sản phẩm OCOP 3 sao: 1 sản phẩm." in draft
    assert "Số: </p>" not in draft and "/QĐ-UBND" in draft
    with pytest.raises(DomainError, match="chưa có kết quả được công bố"):
        notice.build(items[0].version.dossier, today=TODAY)


@pytest.mark.django_db
def test_the_notice_names_no_member_and_the_sheet_ticks_what_was_chosen(django_assert_num_queries):
    (item,) = closed_items(THREE_STARS)
    session = Session.objects.select_related("council__unit").get()
    with django_assert_num_queries(QUERIES):
        minutes.build(session, today=TODAY)
    filed = submissions.create_submission(
        unit=item.session.council.unit, title="Kết quả đợt 1", items=[item], by=provincial_officer()
    )
    for step, words in (
        ("submit", {"number": "41/TTr-SNNMT", "submitted_on": TODAY}),
        ("approve", {"decision_number": "15/QĐ-UBND", "decided_on": TODAY}),
    ):
        submissions.perform(submission=filed, step=step, by=provincial_officer(), **words)
    item.refresh_from_db()
    told = text_of(notice.build(item.version.dossier.__class__.objects.get(), today=TODAY))
    assert "Quyết định số 15/QĐ-UBND ngày 28 tháng 11 năm 2026" in told
    seats = [row.seat for row in item.sheets.select_related("seat__user")]
    assert not [seat for seat in seats if str(seat.user) in told]
    one = Sheet.objects.select_related("seat__user").first()
    rows = [row for row in sheet.build(one, today=TODAY).sections[0].blocks[6].rows if row.style == "chosen"]
    assert len(rows) == len(THREE_STARS)
    assert sum(int(row.cells[2]) for row in rows) == 71


@pytest.mark.django_db
def test_the_registration_says_what_was_filed_whatever_was_changed_since():
    dossier = make_dossier(make_product(specification="Gói 200 g"), DossierState.PROPOSED)
    version, product = dossier.current_version, dossier.product
    update_product(product, by=provincial_officer(), specification="Hộp 1 kg")
    told = text_of(forms.build_registration(version, today=TODAY))
    assert "Quy cách: Gói 200 g" in told and "Hộp 1 kg" not in told
    report = text_of(forms.build_commune_report(version, today=TODAY))
    assert "TM. ỦY BAN NHÂN DÂN" in report and "Đề nghị tỉnh tiếp nhận, đánh giá./." in report
    with pytest.raises(DomainError, match="chưa tự đánh giá"):
        forms.build_self_assessment(version, today=TODAY)


@pytest.mark.django_db
def test_a_class_without_people_or_half_days_still_gives_its_papers():
    held = make_class(title="Lớp <script>alert(1)</script>")
    for build in (training.build_list, training.build_attendance):
        told = text_of(build(held, today=TODAY))
        assert "&lt;script&gt;" in told and "<script>" not in told
    assert "Lớp chưa có học viên." in text_of(training.build_list(held, today=TODAY))


@pytest.mark.parametrize(
    "open_reference",
    [
        "(Kèm theo Quyết định số …… ngày …… tháng …… năm …… của Chủ tịch)",
        "(Kèm theo Quyết định số         /QĐ-UBND ngày 05 tháng 3 năm 2026 của Chủ tịch)",
        "(Kèm theo Quyết định số 15/QĐ-UBND ngày 10 tháng 7 năm 2026 của Chủ tịch)",
    ],
)
def test_an_annex_refers_to_the_number_and_day_its_paper_was_issued_with(open_reference):
    wanted = "(Kèm theo Quyết định số 16/QĐ-UBND ngày 28 tháng 11 năm 2026 của Chủ tịch)"
    assert referring(open_reference, "16/QĐ-UBND", TODAY) == wanted


def test_pasted_signs_without_a_shape_are_not_on_paper():
    word = Document(
        head=Head(),
        type_name="BÁO CÁO",
        subject="Bánh\x0bđa\x01 \u202eoas 5",
        sections=(Section("Tie\u0302u", (Paragraph("A\x00B"),)),),
    )
    data = as_data(word)
    assert (data["subject"], data["title"]) == ("Bánh đa oas 5", "Báo cáo bánh đa oas 5")
    assert data["sections"][0] == {"title": "Tiêu", "blocks": [{"text": "AB", "kind": "paragraph"}]}


@pytest.mark.django_db
def test_a_certificate_of_the_ministry_is_not_printed_by_the_province():
    issued = issue_certificate(recognition=recognise(make_product(), star=5), by=provincial_officer())
    with pytest.raises(DomainError, match="do Bộ Nông nghiệp và Môi trường cấp"):
        certificate.build(issued, today=TODAY)
