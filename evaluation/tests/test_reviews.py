"""The advisers' review: written piece by piece, sent once, read by who keeps the minutes."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_province, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import ReviewState
from evaluation.models import AdvisoryReview, Criterion
from evaluation.services import advisory, recusals, results, reviews
from evaluation.tests.factories import accepted_dossier, make_council, member, open_session_with, submit
from evaluation.tests.factories import sheet_of as sheet_of_member
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def adviser(officer):
    return make_user("tu.van", Role.ADVISORY_MEMBER, make_province())


@pytest.fixture
def assignment(officer, adviser):
    return advisory.assign(dossier=accepted_dossier(), member=adviser, by=officer)


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


def leaf(code, number=1):
    return Criterion.objects.get(criteria_set__code=f"qd26-{number:02d}", code=code)


def url(name, assignment):
    return reverse(f"evaluation:{name}", args=[assignment.dossier_id])


def advise(assignment, code, position=None, comment=""):
    criterion = leaf(code)
    option = criterion.options.get(position=position).pk if position else None
    note = reviews.Advice(criterion.pk, position is not None, option, comment)
    return reviews.save_notes(assignment=assignment, notes=[note], by=assignment.member)


def write(assignment, revision=0, **texts):
    return reviews.save_texts(assignment=assignment, texts=texts, revision=revision, by=assignment.member)


def send(assignment):
    write(assignment, summary="Sản phẩm tốt, vùng nguyên liệu rõ.")
    return reviews.submit_review(assignment=assignment, by=assignment.member)


def test_notes_are_saved_one_by_one_and_summed(desk, assignment):
    one, other = leaf("1.1"), leaf("4.1")
    options = {row.position: row for row in one.options.all()}
    data = {f"level-{one.pk}": options[3].pk, f"comment-{one.pk}": "Có hợp đồng."}
    answer = desk.post(url("review_note", assignment), data, headers=HTMX)
    assert f'<b class="num">{options[3].points}</b> điểm đề xuất' in answer.content.decode()
    # A comment alone suggests nothing; an empty note is taken away again.
    desk.post(url("review_note", assignment), {f"comment-{other.pk}": "Cần xem sổ."}, headers=HTMX)
    assert AdvisoryReview.objects.get().notes.count() == 2
    desk.post(url("review_note", assignment), {f"level-{other.pk}": "", f"comment-{other.pk}": " "})
    note = AdvisoryReview.objects.get().notes.get()
    assert (note.option, note.comment) == (options[3], "Có hợp đồng.")
    page = desk.get(url("review", assignment)).content.decode()
    assert "Có hợp đồng." in page and "Đã đề xuất 1 / 32 tiêu chí" in page


def test_without_scripts_the_whole_form_is_saved_by_its_button(desk, assignment):
    data = {f"comment-{leaf(code).pk}": f"Nhận xét {code}" for code in ("1.1", "1.2")}
    desk.post(url("review", assignment), data)
    desk.post(url("review", assignment), {"summary": "Tốt.", "revision": "0"})
    review = AdvisoryReview.objects.get()
    assert (review.notes.count(), review.summary, review.revision) == (2, "Tốt.", 1)


def test_none_of_the_levels_is_a_suggestion_of_its_own(desk, assignment):
    criterion = next(row for row in Criterion.objects.filter(criteria_set__code="qd26-01", is_leaf=True)
                     if all(row.options.values_list("points", flat=True)))  # fmt: skip
    desk.post(url("review_note", assignment), {f"level-{criterion.pk}": "none"}, headers=HTMX)
    note = AdvisoryReview.objects.get().notes.get()
    assert (note.suggests, note.option) == (True, None)


def test_levels_and_criteria_from_elsewhere_are_refused(desk, assignment):
    one, foreign = leaf("1.1"), leaf("1.1", number=2)
    option = leaf("1.2").options.first().pk
    for data in (
        {f"level-{one.pk}": option},
        {f"comment-{foreign.pk}": "x"},
        {f"level-{one.pk}": "abc"},
        {},
    ):
        assert desk.post(url("review_note", assignment), data, headers=HTMX).status_code == 403
    assert not AdvisoryReview.objects.filter(notes__isnull=False).exists()


def test_two_windows_never_overwrite_each_others_texts(desk, assignment):
    write(assignment, summary="Bản đầu")
    data = {"summary": "Bản của cửa sổ kia", "site_survey": "", "extra_tests": "", "revision": "0"}
    answer = desk.post(url("review_texts", assignment), data, headers=HTMX)
    assert (answer.status_code, answer["X-Conflict"]) == (409, "1")
    assert "Bản đầu" in answer.content.decode() and "Bản của cửa sổ kia" in answer.content.decode()
    saved = desk.post(url("review_texts", assignment), {**data, "revision": "1"}, headers=HTMX)
    assert 'value="2"' in saved.content.decode()
    assert AdvisoryReview.objects.get().summary == "Bản của cửa sổ kia"


def test_a_sent_review_is_locked_also_in_the_database(desk, assignment, officer):
    advise(assignment, "1.1", 2)
    with pytest.raises(DomainError, match="nhận xét chung") as refusal:
        reviews.submit_review(assignment=assignment, by=assignment.member)
    assert refusal.value.field == "summary"
    write(assignment, summary="Đạt yêu cầu.")
    desk.post(url("review_send", assignment))
    review = AdvisoryReview.objects.get()
    assert review.state == ReviewState.SUBMITTED
    with pytest.raises(DomainError, match="đã gửi Hội đồng"):
        advise(assignment, "1.1", 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        review.notes.update(comment="x")
    assert AuditEntry.objects.get(verb="advisory.submit_review").actor == assignment.member
    assert list(todos_for(assignment.member)) == []
    assert officer.notices.filter(key=f"review:{review.pk}").count() == 1


def test_a_review_pins_the_version_and_its_table(assignment):
    review = advise(assignment, "1.1", 1)
    version = assignment.dossier.versions.get()
    assert (review.version, review.criteria_set.code) == (version, "qd26-01")


def test_only_the_adviser_of_the_dossier_writes(assignment, officer):
    other = make_user("tu.van.khac", Role.ADVISORY_MEMBER, make_province())
    for person in (other, officer):
        with pytest.raises(PermissionDenied):
            reviews.save_texts(assignment=assignment, texts={"summary": "x"}, revision=0, by=person)


def test_whoever_has_written_a_review_keeps_the_dossier(assignment, officer):
    advise(assignment, "1.1", comment="Cần khảo sát.")
    with pytest.raises(DomainError, match="đã lập báo cáo tham mưu hồ sơ này nên không thôi giao được"):
        advisory.unassign(assignment=assignment, by=officer, reason="Đổi người")


def test_office_chair_and_secretary_read_what_was_sent(client, assignment, officer):
    advise(assignment, "1.1", 3, "Có hợp đồng mua gạo.")
    item = open_session_with(assignment.dossier, council=make_council()).items.get()
    address = reverse("evaluation:item_reviews", args=[item.pk])
    client.force_login(officer)
    assert "Chưa có báo cáo" in client.get(address).content.decode()  # a draft is the adviser's alone
    send(assignment)
    for user in (officer, member("chu.tich"), member("thu.ky")):
        client.force_login(user)
        page = client.get(address).content.decode()
        assert "Có hợp đồng mua gạo." in page and '<b class="num">3</b> điểm đề xuất' in page
        assert "Sản phẩm tốt" in client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    client.force_login(member("uy.vien"))
    assert client.get(address).status_code == 403
    assert "Sản phẩm tốt" not in client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    seat = item.session.council.seats.get(user=member("chu.tich"))
    recusals.recuse(item=item, seat=seat, ground="related", reason="", by=member("chu.tich"))
    client.force_login(member("chu.tich"))
    assert client.get(address).status_code == 403


def test_after_the_result_nothing_more_is_advised(assignment, officer):
    item = open_session_with(assignment.dossier, council=make_council()).items.get()
    for name in ("chu.tich", "thu.ky", "uy.vien"):
        submit(sheet_of_member(item, name), SET_1_CHOICES[0])
    results.close_item(item=item, by=officer)
    with pytest.raises(DomainError, match="không sửa báo cáo tham mưu được nữa"):
        advise(assignment, "1.1", 1)


@pytest.mark.parametrize("notes", [1, 3])
def test_the_form_takes_the_same_queries_whatever_was_noted(
    desk, assignment, notes, django_assert_num_queries
):
    for code in ("1.1", "1.2", "1.3")[:notes]:
        advise(assignment, code, 1)
    # The first page of a process reads the scoring table once.
    desk.get(url("review", assignment))
    with django_assert_num_queries(9):
        desk.get(url("review", assignment))
