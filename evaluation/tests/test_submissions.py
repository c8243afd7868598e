"""Results on their way to the Chairman: drafted, filed, approved all at once, or sent back to the council."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from core.exceptions import DomainError
from core.models import AuditEntry, Notice
from evaluation.enums import ItemState, SubmissionState
from evaluation.models import AgendaItem, Result, Submission
from evaluation.queries.councils import acceptable_dossiers
from evaluation.queries.submissions import free_results, submission_page
from evaluation.services import results, sessions, submissions
from evaluation.tests.decided import (
    BEST,
    EXCLUDED,
    FOUR_STARS,
    THREE_STARS,
    TWO_STARS,
    closed_items,
    score_and_close,
)
from evaluation.tests.factories import make_session, member
from products.enums import DossierKind, DossierState
from products.models import Dossier, Recognition
from products.tests.factories import commune_officer_of, owner_of, provincial_officer, recognise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]
FILED = {"number": "31/TTr-SNNMT", "submitted_on": date(2026, 6, 15)}
DECIDED = {"decision_number": "77/QĐ-UBND", "decided_on": date(2026, 6, 20)}


@pytest.fixture
def officer():
    return provincial_officer()


def draft(items, by=None):
    return submissions.create_submission(
        unit=make_province(), title="Kết quả phiên 1", items=items, by=by or provincial_officer()
    )


def filed(items):
    return submissions.perform(submission=draft(items), step="submit", by=provincial_officer(), **FILED)


def approve(submission, **back):
    return submissions.perform(
        submission=submission, step="approve", by=provincial_officer(), **DECIDED, **back
    )


def states(items):
    return [Dossier.objects.get(versions__agenda_items=item).state for item in items]


def test_an_approval_carries_out_every_outcome_at_once_and_only_once(client):
    items = closed_items(THREE_STARS, TWO_STARS, EXCLUDED, BEST, FOUR_STARS)
    submission = filed(items)
    assert [group.kind.name for group in submission_page(submission).groups] == [
        "ministry", "recognise_4", "recognise_3", "reject", "exclude",
    ]  # fmt: skip
    assert submission_page(submission).stars == [(5, 1), (4, 1), (3, 1), (2, 1)]
    approve(submission)
    # The letter to the Ministry is an act of its own.
    assert states(items) == ["recognised", "not_recognised", "excluded", "scored", "recognised"]
    recognition = Recognition.objects.get(star=3)
    assert (recognition.star, recognition.decision_number, recognition.expires_on) == (
        3, "77/QĐ-UBND", date(2029, 6, 20),
    )  # fmt: skip
    with pytest.raises(DomainError, match="đã phê duyệt"):
        approve(submission)
    assert Recognition.objects.count() == 2
    for item in items:
        product = item.version.dossier.product
        for person in (owner_of(product.entity), commune_officer_of(product.commune)):
            told = Notice.objects.filter(user=person, title__contains=product.name)
            assert told.filter(title__icontains="kết quả").count() == 1, (person, product)
            client.force_login(person)
            notice = reverse("evaluation:result_notice", args=[item.version.dossier_id])
            assert client.get(notice).status_code == 200, (person, product)


def test_one_refused_result_stops_the_whole_approval():
    items = closed_items(THREE_STARS, THREE_STARS)
    submission = filed(items)
    # Behind the back of every service: the second dossier is no longer where the council left it.
    Dossier.objects.filter(versions__agenda_items=items[1]).update(state=DossierState.WITHDRAWN)
    with pytest.raises(DomainError, match="Rau thơm số 2"):
        approve(submission)
    submission.refresh_from_db()
    assert submission.state == SubmissionState.SUBMITTED
    assert (states(items)[0], Recognition.objects.count()) == ("scored", 0)


def test_an_upgrade_below_the_present_class_keeps_it_in_page_and_approval():
    [item] = closed_items(THREE_STARS)
    dossier = item.version.dossier
    Dossier.objects.filter(pk=dossier.pk).update(kind=DossierKind.UPGRADE)
    recognise(dossier.product, star=4)
    submission = filed([item])
    assert [group.kind.name for group in submission_page(submission).groups] == ["keep"]
    approve(submission)
    assert states([item]) == ["not_recognised"]
    assert [group.kind.name for group in submission_page(submission).groups] == ["keep"]
    assert Recognition.objects.get(state="valid").star == 4


def test_a_result_lies_in_one_submission_only_and_is_not_decided_beside_it(officer):
    items = closed_items(THREE_STARS, THREE_STARS)
    first = draft(items[:1])
    with pytest.raises(DomainError, match="đã có trong “Kết quả phiên 1”"):
        draft(items)
    assert list(free_results(officer)) == [items[1]]
    # A draft holds nobody up: the single page of decisions still works, and then the draft cannot be filed.
    submission = filed(items[1:])
    with pytest.raises(DomainError, match="31/TTr-SNNMT"):
        results.recognise(item=items[1], by=officer, **DECIDED)
    results.recognise(item=items[0], by=officer, **DECIDED)
    with pytest.raises(DomainError, match="đã ghi quyết định"):
        submissions.perform(submission=first, step="submit", by=officer, **FILED)
    approve(submission)
    assert states(items) == ["recognised", "recognised"]


def test_an_approved_result_on_its_way_to_the_ministry_is_not_submitted_again(officer):
    [item] = closed_items(BEST)
    approve(filed([item]))
    assert states([item]) == ["scored"]
    assert list(free_results(officer)) == []
    with pytest.raises(DomainError, match="đã được phê duyệt"):
        draft([item])


def test_what_is_sent_back_stays_readable_and_another_meeting_decides_anew(officer, client):
    items = closed_items(THREE_STARS, THREE_STARS)
    submission = filed(items)
    back = {line.pk: "Điểm 3.5 chưa rõ" for line in submission.lines.filter(item=items[1])}
    approve(submission, back=back)
    old = AgendaItem.objects.get(pk=items[1].pk)
    assert states(items) == ["recognised", "accepted"]
    assert (old.state, old.state_reason) == (ItemState.SENT_BACK, "Điểm 3.5 chưa rõ")
    with pytest.raises(DomainError, match="trả lại"):
        results.recognise(item=old, by=officer, **DECIDED)
    # The same version goes onto another agenda, is scored anew and decided on the new result.
    meeting = make_session(old.session.council, name="Phiên 2")
    assert list(acceptable_dossiers(meeting, officer)) == [old.version.dossier]
    sessions.add_dossiers(session=meeting, dossiers=[old.version.dossier], by=officer)
    new = sessions.open_session(session=meeting, by=officer).items.get()
    score_and_close(new, TWO_STARS)
    client.force_login(officer)
    assert client.get(reverse("evaluation:dossier_result", args=[old.version.dossier_id])).url.endswith(
        f"/{new.pk}/"
    )
    page = client.get(reverse("evaluation:result", args=[old.pk])).content.decode()
    assert "Điểm 3.5 chưa rõ" in page and "Phiên 2" in page
    approve(filed([new]))
    assert states([new]) == ["not_recognised"]
    assert Result.objects.filter(item__in=[old, new]).count() == 2
    # The reason belongs to the council's room: the entity reads the later result, and no reason.
    owner = owner_of(old.version.dossier.product.entity)
    client.force_login(owner)
    dossier_page = client.get(reverse("products:dossier", args=[old.version.dossier_id])).content.decode()
    assert "Trả lại Hội đồng xem xét lại" in dossier_page and "Điểm 3.5 chưa rõ" not in dossier_page
    assert client.get(reverse("evaluation:result", args=[old.pk])).status_code == 404
    assert client.get(reverse("evaluation:result", args=[new.pk])).status_code == 200


def test_a_submission_sent_back_returns_every_result_with_its_reason(officer):
    items = closed_items(THREE_STARS, EXCLUDED)
    submission = filed(items)
    with pytest.raises(DomainError, match="lý do"):
        submissions.perform(submission=submission, step="send_back", by=officer, sent_back_reason=" ")
    submissions.perform(submission=submission, step="send_back", by=officer, sent_back_reason="Thiếu hồ sơ")
    assert states(items) == ["accepted", "accepted"]
    assert {item.state for item in AgendaItem.objects.all()} == {ItemState.SENT_BACK}
    assert not Recognition.objects.exists()
    assert AuditEntry.objects.filter(verb="item.send_back", reason="Thiếu hồ sơ").count() == 2


@pytest.mark.parametrize(
    ("step", "data", "field"),
    [
        ("submit", {"number": " ", "submitted_on": date(2026, 6, 15)}, "number"),
        ("submit", {"number": "1", "submitted_on": date(2026, 6, 9)}, "submitted_on"),
        ("submit", {"number": "1", "submitted_on": date(2100, 1, 1)}, "submitted_on"),
        ("approve", {"decision_number": "1", "decided_on": date(2026, 6, 14)}, "decided_on"),
    ],
)
def test_numbers_and_dates_out_of_order_are_refused_beside_their_field(officer, step, data, field):
    items = closed_items(THREE_STARS)
    submission = filed(items) if step == "approve" else draft(items)
    with pytest.raises(DomainError) as refusal:
        submissions.perform(submission=submission, step=step, by=officer, **data)
    assert refusal.value.field == field
    assert states(items) == ["scored"]


def test_only_the_own_office_submits_and_approves():
    items = closed_items(THREE_STARS)
    submission = filed(items)
    abroad = make_user("can.bo.nghean", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    for person in (member("chu.tich"), make_user("lanh.dao", Role.LEADERSHIP), abroad):
        with pytest.raises(PermissionDenied):
            submissions.perform(submission=submission, step="approve", by=person, **DECIDED)
        with pytest.raises(PermissionDenied):
            draft(items, by=person)
    assert states(items) == ["scored"]


def test_the_office_takes_a_meeting_through_the_pages(client, officer):
    items = closed_items(THREE_STARS, TWO_STARS, EXCLUDED)
    client.force_login(officer)
    create = reverse("evaluation:submission_create")
    form = client.get(f"{create}?session={items[0].session_id}").context["form"]
    assert set(form["items"].value()) == {item.pk for item in items}
    answer = client.post(create, {"title": "Kết quả phiên 1", "items": [item.pk for item in items]})
    page = answer.url
    step = reverse("evaluation:submission_step", args=[page.split("/")[-2], "submit"])
    client.post(step, {"number": "31/TTr", "submitted_on": "15/06/2026"})
    shown = client.get(page).content.decode()
    assert all(words in shown for words in ("Công nhận 3 sao", "Không công nhận", "Hồ sơ bị loại", "Giả mạo"))
    assert "số 31/TTr ngày 15/06/2026" in shown
    step = step.replace("submit", "approve")
    # A line sent back without a reason: nothing happens, what was typed stands.
    line = items[1].submission_lines.get()
    data = {"decision_number": "77/QĐ-UBND", "decided_on": "20/06/2026"}
    refused = client.post(step, {**data, f"back-{line.pk}": "on"}).content.decode()
    assert "hãy ghi lý do trả lại" in refused and "77/QĐ-UBND" in refused
    client.post(step, {**data, f"back-{line.pk}": "on", f"reason-{line.pk}": "Xem lại tiêu chí 10"})
    assert states(items) == ["recognised", "accepted", "excluded"]
    assert "Xem lại tiêu chí 10" in client.get(page).content.decode()


def at_the_same_time(act):
    """What two hands doing the same at once are answered: what it gave, or the refusal."""
    start, answers = threading.Barrier(2), []

    def hand():
        try:
            start.wait(timeout=10)
            answers.append(type(act()).__name__)
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand) for _ in range(2)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    return sorted(answers)


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_and_of_two_approvals_at_the_same_time_one_wins(criteria):
    items = closed_items(THREE_STARS)
    taken, made = at_the_same_time(lambda: draft(items))
    assert (made, "đã có trong “Kết quả phiên 1”" in taken) == ("Submission", True)
    submission = submissions.perform(
        submission=Submission.objects.get(), step="submit", by=provincial_officer(), **FILED
    )
    made, refused = at_the_same_time(lambda: approve(submission))
    assert (made, "đã phê duyệt" in refused) == ("Submission", True)
    assert Recognition.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_submissions_ask_the_same_whatever_their_size(client, officer, count):
    submission = filed(closed_items(*[THREE_STARS] * count))
    client.force_login(officer)
    for address, most in (
        (reverse("evaluation:submission", args=[submission.pk]), 7),
        (reverse("evaluation:submissions"), 7),
    ):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address)
        assert len(asked) == most, [query["sql"][:90] for query in asked]


def test_the_notice_names_failed_conditions_but_no_member_and_only_once_announced(client, officer):
    [item] = closed_items(TWO_STARS)
    dossier = item.version.dossier
    address = reverse("evaluation:result_notice", args=[dossier.pk])
    people = (owner_of(dossier.product.entity), commune_officer_of(dossier.commune), officer)
    for person in people:
        client.force_login(person)
        assert client.get(address).status_code == 404
    approve(filed([item]))
    for person in people:
        client.force_login(person)
        page = client.get(address).content.decode()
        assert "không được công nhận" in page and "77/QĐ-UBND" in page
        assert "tiêu chí 10 Đảm bảo chất lượng" in page
        assert not any(str(member(name)) in page for name in ("chu.tich", "thu.ky", "uy.vien"))
        assert "Chưa phát hành văn bản" in page
