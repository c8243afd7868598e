"""Choices of a device: revisions, keys and refusals; and several at once, all or none."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import RecusalGround, SessionKind, SheetState
from evaluation.models import Choice, Option, Session, Sheet
from evaluation.services import councils, recusals, results, running, sheets
from evaluation.services.guards import ScoringPaused
from evaluation.tests.factories import fill, ids, open_item, scored_item, sheet_of, submit
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def sheet():
    return sheet_of(open_item(), "uy.vien")


def test_several_choices_are_kept_at_once(sheet):
    rows = dict(ids(sheet.item, code, position) for code, position in (("1.1", 3), ("1.2", 0)))
    sheets.save_choices(sheet=sheet, choices=rows, by=sheet.seat.user)
    kept = sheet.choices.order_by("criterion__code").values_list("criterion__code", "option__position")
    assert list(kept) == [("1.1", 3), ("1.2", None)]


def test_one_option_of_another_criterion_refuses_all(sheet):
    good, option = ids(sheet.item, "1.1", 3)
    leaf, _ = ids(sheet.item, "1.2", 1)
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices={good: option, leaf: option}, by=sheet.seat.user)
    assert not Choice.objects.exists()


def test_a_criterion_of_another_set_is_refused(sheet):
    foreign = Option.objects.exclude(criterion__criteria_set=sheet.criteria_set).first()
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices={foreign.criterion_id: foreign.pk}, by=sheet.seat.user)


def test_another_members_sheet_is_refused(sheet):
    rows = dict([ids(sheet.item, "1.1", 3)])
    other = sheet.item.sheets.exclude(pk=sheet.pk).select_related("seat__user").first()
    with pytest.raises(PermissionDenied):
        sheets.save_choices(sheet=sheet, choices=rows, by=other.seat.user)


def test_leaves_after_the_stop_are_refused(sheet):
    stopping = sheet.criteria_set.criteria.filter(is_leaf=True).exclude(stop=[]).order_by("position").first()
    last = sheet.criteria_set.criteria.filter(is_leaf=True).order_by("position").last()
    sheets.stop(sheet=sheet, criterion_id=stopping.pk, by=sheet.seat.user)
    sheets.save_choices(sheet=sheet, choices={stopping.pk: None}, by=sheet.seat.user)
    with pytest.raises(DomainError, match=last.code):
        sheets.save_choices(sheet=sheet, choices={last.pk: None}, by=sheet.seat.user)


def test_a_submitted_sheet_stays_as_it_is(sheet):
    submit(sheet, SET_1_CHOICES[0])
    rows = dict([ids(sheet.item, "1.1", 1)])
    with pytest.raises(DomainError):
        sheets.save_choices(sheet=sheet, choices=rows, by=sheet.seat.user)


# --- one choice of a device ---


def send(sheet, code, position, **act):
    criterion, option = ids(sheet.item, code, position)
    return sheets.save_choice(
        sheet=sheet, criterion_id=criterion, option_id=option, by=sheet.seat.user, **act
    )


def stored(sheet, code):
    """Printed position and revision of a leaf."""
    return Choice.objects.values_list("option__position", "revision").get(sheet=sheet, criterion__code=code)


def test_a_choice_from_a_device_takes_at_most_six_queries(sheet, django_assert_max_num_queries):
    fill(sheet, SET_1_CHOICES[0])
    (criterion, level), key = ids(sheet.item, "1.1", 2), uuid4()
    del sheet.seat.user.scope  # the roles are asked for once a request
    for _ in range(2):
        with django_assert_max_num_queries(6):
            sheets.save_choice(
                sheet=sheet, criterion_id=criterion, option_id=level, by=sheet.seat.user, base=1, key=key
            )


def test_the_same_act_sent_again_is_answered_as_saved_and_written_once(sheet):
    key = uuid4()
    first = send(sheet, "1.1", 3, base=0, key=key)
    written = Choice.objects.values().get()
    again = send(sheet, "1.1", 3, base=0, key=key)
    assert (first.revision, again.revision) == (1, 1)
    assert Choice.objects.values().get() == written


def test_another_level_saved_meanwhile_is_not_overwritten(sheet):
    send(sheet, "1.1", 3, base=0, key=uuid4())
    send(sheet, "1.1", 2, base=1, key=uuid4())
    with pytest.raises(sheets.ChoiceConflict) as refusal:
        send(sheet, "1.1", 1, base=1, key=uuid4())
    assert (refusal.value.stored.option_id, refusal.value.stored.revision) == (
        ids(sheet.item, "1.1", 2)[1],
        2,
    )
    assert stored(sheet, "1.1") == (2, 2)


def test_a_first_choice_does_not_overwrite_one_that_came_before_it(sheet):
    send(sheet, "1.1", 0, base=0, key=uuid4())
    with pytest.raises(sheets.ChoiceConflict):
        send(sheet, "1.1", 1, base=0, key=uuid4())
    assert stored(sheet, "1.1") == (None, 1)


def test_the_same_level_from_two_devices_is_no_conflict(sheet):
    send(sheet, "1.1", 3, base=0, key=uuid4())
    assert send(sheet, "1.1", 3, base=0, key=uuid4()).revision == 1


def test_a_late_copy_of_an_earlier_act_changes_nothing(sheet):
    early = uuid4()
    send(sheet, "1.1", 3, base=0, key=early)
    send(sheet, "1.1", 2, base=1, key=uuid4())
    with pytest.raises(sheets.ChoiceConflict):
        send(sheet, "1.1", 3, base=0, key=early)
    assert stored(sheet, "1.1") == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_the_same_moment_never_overwrite_each_other(sheet):
    start, answers = threading.Barrier(2), []
    acts = [(ids(sheet.item, "1.1", position), uuid4()) for position in (1, 3)]

    def device(act):
        (criterion, option), key = act
        start.wait()
        try:
            sheets.save_choice(
                sheet=sheet, criterion_id=criterion, option_id=option, by=sheet.seat.user, base=0, key=key
            )
            answers.append("saved")
        except sheets.ChoiceConflict:
            answers.append("conflict")
        finally:
            connection.close()

    devices = [threading.Thread(target=device, args=[act]) for act in acts]
    for thread in devices:
        thread.start()
    for thread in devices:
        thread.join()
    assert sorted(answers) == ["conflict", "saved"]
    assert stored(sheet, "1.1")[1] == 1


def test_without_a_base_a_choice_replaces_what_is_there(sheet):
    send(sheet, "1.1", 3, base=0, key=uuid4())
    assert send(sheet, "1.1", 1).revision == 2
    assert stored(sheet, "1.1") == (1, 2)


# --- what refuses a choice: said with the reason, written to the log once an act, nothing stored ---


def pause_session(sheet):
    running.pause_session(session=sheet.item.session, reason="Mất điện hội trường.", by=provincial_officer())


def pause_item(sheet):
    running.pause_item(item=sheet.item, reason="Chờ phiếu kiểm nghiệm.", by=provincial_officer())


def miss_the_day(sheet):
    Session.objects.filter(pk=sheet.item.session_id).update(
        kind=SessionKind.WRITTEN, opinions_until=date(2026, 6, 20)
    )


def recuse(sheet):
    recusals.recuse(
        item=sheet.item, seat=sheet.seat, ground=RecusalGround.RELATED, reason="", by=sheet.seat.user
    )


def leave(sheet):
    councils.leave_seat(seat=sheet.seat, by=provincial_officer())


def stop_before(sheet):
    criterion, _ = ids(sheet.item, "6.1", 0)
    sheets.stop(sheet=sheet, criterion_id=criterion, by=sheet.seat.user)


def submit_it(sheet):
    submit(sheet, SET_1_CHOICES[0])


REFUSALS = [
    (pause_session, "paused", "Phiên họp đang tạm dừng: Mất điện hội trường."),
    (pause_item, "paused", "Hồ sơ đang tạm dừng chấm: Chờ phiếu kiểm nghiệm."),
    (
        miss_the_day,
        "refused",
        "Đã quá hạn gửi ý kiến bằng văn bản (20/06/2026); đề nghị cán bộ tỉnh gia hạn.",
    ),
    (recuse, "refused", "Phiếu này không tính nữa; không sửa được."),
    (leave, "refused", "Đồng chí đã thôi tham gia Hội đồng; không chấm tiếp được."),
    (stop_before, "refused", "Phiếu đã dừng đánh giá ở tiêu chí 6.1; bỏ dừng để chấm tiếp."),
    (submit_it, "refused", "Phiếu đã nộp; không sửa được nữa."),
]


@pytest.mark.parametrize(("happens", "reason", "words"), REFUSALS, ids=[row[0].__name__ for row in REFUSALS])
def test_a_choice_that_comes_too_late_is_refused_in_words_and_logged_once(
    client, sheet, happens, reason, words
):
    happens(sheet)
    before = list(Choice.objects.values())
    client.force_login(sheet.seat.user)
    criterion, option = ids(sheet.item, "12", 2)
    data = {"criterion": criterion, "option": option, "base": 0, "key": str(uuid4())}
    for _ in range(2):  # a device sends again
        answer = client.post(
            reverse("evaluation:choice", args=[sheet.pk]), data, headers={"Accept": "application/json"}
        )
        assert (answer.status_code, answer.json()) == (409, {"reason": reason, "message": words})
    assert list(Choice.objects.values()) == before
    entry = AuditEntry.objects.get(verb="sheet.refused")
    assert (entry.actor, entry.reason, entry.object_id) == (sheet.seat.user, words, str(sheet.pk))


def test_a_choice_after_the_result_is_closed_is_refused(client):
    item = scored_item(count=2)
    late = sheet_of(item, "uy.vien")
    results.close_item(item=item, by=provincial_officer())
    with pytest.raises(DomainError, match="đã có kết quả"):
        send(late, "1.1", 1, base=0, key=uuid4())


def test_a_pause_is_told_apart_from_an_end(sheet):
    pause_session(sheet)
    with pytest.raises(ScoringPaused, match="Mất điện"):
        send(sheet, "1.1", 1)
    with pytest.raises(ScoringPaused):
        sheets.submit(sheet=sheet, by=sheet.seat.user)


def post(client, sheet, **data):
    client.force_login(sheet.seat.user)
    headers = {"Accept": "application/json"}
    return client.post(reverse("evaluation:choice", args=[sheet.pk]), data, headers=headers)


def test_a_conflict_shows_what_is_stored_and_is_no_refusal_for_the_log(client, sheet):
    send(sheet, "1.1", 2, base=0, key=uuid4())
    criterion, option = ids(sheet.item, "1.1", 3)
    answer = post(client, sheet, criterion=criterion, option=option, base=0, key=str(uuid4()))
    said = answer.json()
    assert (answer.status_code, said["reason"]) == (409, "conflict")
    assert said["stored"]["option"] == str(ids(sheet.item, "1.1", 2)[1]) and said["stored"]["revision"] == 1
    assert not AuditEntry.objects.filter(verb="sheet.refused").exists()


def test_the_choices_of_another_user_of_the_device_are_kept_back(client, sheet):
    criterion, option = ids(sheet.item, "1.1", 3)
    other = sheet_of(sheet.item, "thu.ky").seat.user
    answer = post(client, sheet, criterion=criterion, option=option, user=other.pk)
    assert (answer.status_code, answer.json()["reason"]) == (409, "other_user")
    assert not Choice.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [{"base": "x"}, {"base": "-1"}, {"key": "không phải UUID"}, {"option": "9" * 30}, {"criterion": "0"}],
)
def test_what_no_page_of_ours_sends_is_refused_as_json(client, sheet, forged):
    criterion, option = ids(sheet.item, "1.1", 3)
    answer = post(
        client, sheet, **{"criterion": criterion, "option": option, "base": 0, "key": str(uuid4())} | forged
    )
    assert (answer.status_code, answer.json()["reason"]) == (403, "refused")
    assert not Choice.objects.exists()
    assert AuditEntry.objects.filter(verb="refused").count() == 1


def test_another_members_sheet_is_answered_as_json_too(client, sheet):
    foreign = sheet_of(sheet.item, "thu.ky")
    client.force_login(sheet.seat.user)
    criterion, option = ids(sheet.item, "1.1", 3)
    answer = client.post(
        reverse("evaluation:choice", args=[foreign.pk]),
        {"criterion": criterion, "option": option},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["reason"]) == (404, "refused")


# --- the opinion: two windows never overwrite each other unseen ---


def opinion_of(sheet):
    return Sheet.objects.values_list("opinion", "opinion_revision").get(pk=sheet.pk)


def test_an_opinion_of_an_older_page_is_refused_with_both_texts(client, sheet):
    assert sheets.save_opinion(sheet=sheet, opinion="Bản một", by=sheet.seat.user, base=0) == 1
    client.force_login(sheet.seat.user)
    address = reverse("evaluation:sheet_opinion", args=[sheet.pk])
    answer = client.post(address, {"opinion": "Bản hai", "revision": 0}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["X-Conflict"]) == (409, "1")
    assert "Bản một" in answer.content.decode() and "Bản hai" in answer.content.decode()
    plain = client.post(address, {"opinion": "Bản hai", "revision": 0})
    assert plain.status_code == 409 and "Bản một" in plain.content.decode()
    assert opinion_of(sheet) == ("Bản một", 1)
    client.post(address, {"opinion": "Bản hai", "revision": 1})
    assert opinion_of(sheet) == ("Bản hai", 2)


def test_submitting_with_an_older_opinion_submits_nothing(client, sheet):
    fill(sheet, SET_1_CHOICES[0])
    sheets.save_opinion(sheet=sheet, opinion="Bản một", by=sheet.seat.user)
    client.force_login(sheet.seat.user)
    data = {"opinion": "Bản hai", "revision": 0}
    assert client.post(reverse("evaluation:sheet_submit", args=[sheet.pk]), data).status_code == 409
    assert Sheet.objects.get(pk=sheet.pk).state == SheetState.DRAFT
