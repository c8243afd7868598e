"""Scoring again, discussion and dissent, what closing waits for. Totals 73, 70, 71 of docs/scoring.md."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse

from core.exceptions import DomainError
from core.models import AuditEntry, Notice
from evaluation.enums import AttendanceState, RecusalGround, SheetState
from evaluation.models import Attendance, Recusal, ReScoring, Result, Sheet
from evaluation.queries.distances import distance_of
from evaluation.queries.results import result_page
from evaluation.queries.sight import sight_of
from evaluation.services import councils, minutes, rescoring, results, sheets
from evaluation.tests.factories import (
    SEATS,
    SET_1_CHOICES,
    accepted_dossier,
    choose,
    member,
    open_item,
    open_session_with,
    scored_item,
    sheet_of,
    submit,
)
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

TOO_FAR = r"Chênh lệch giữa hai phiếu vượt giới hạn 2 điểm của quy chế: cần thảo luận hoặc yêu cầu chấm lại\."


def close(item):
    return results.close_item(item=item, by=provincial_officer())


def ask(item, username, reason="Xem lại hợp đồng tiêu thụ", by="chu.tich"):
    [sheet] = item.sheets.counted().filter(seat__user__username=username)
    return rescoring.request_rescoring(sheet=sheet, reason=reason, by=member(by))


def withdraw(asked, reason="Đã rõ", by="thu.ky"):
    return rescoring.withdraw_rescoring(rescoring=asked, reason=reason, by=member(by))


def far_item():
    """73 and 70 are 3 points apart, and the regulation allows 2."""
    item = open_item(spread_limit=2)
    for (username, _), choices in zip(SEATS, SET_1_CHOICES, strict=True):
        submit(sheet_of(item, username), choices)
    return item


def values_of(sheet):
    return sorted(sheet.choices.values_list("criterion__code", "option_id"))


# --- scoring again ---


def test_scoring_again_begins_as_a_copy_and_the_latest_submitted_sheet_counts():
    item = scored_item()
    first = sheet_of(item, "uy.vien")
    asked = ask(item, "uy.vien")
    again = asked.new_sheet
    assert (again.number, again.state, again.opinion) == (2, SheetState.DRAFT, first.opinion)
    assert values_of(again) == values_of(first)
    notice = Notice.objects.get(user=first.seat.user)
    assert (notice.title, notice.body) == (
        "Được yêu cầu chấm lại: Rau thơm Cẩm Bình",
        "Lý do: Xem lại hợp đồng tiêu thụ",
    )
    assert notice.url == reverse("evaluation:sheet", args=[again.pk])
    submit(again, {"4.1": 4})  # 5 points instead of 2: 74
    result = close(item)
    members = [(m["name"], m["number"], m["total"]) for m in result.detail["members"]]
    assert members == [("Chu Tich", 1, 73), ("Thu Ky", 1, 70), ("Uy Vien", 2, 74)]
    assert (result.total_numerator, result.total_denominator, result.sheets_counted) == (217, 3, 3)
    [kept] = result.detail["rescorings"]
    assert (kept["number"], kept["total"], kept["new_number"], kept["new_total"]) == (1, 71, 2, 74)
    assert (kept["name"], kept["by"], kept["withdrawn"]) == ("Uy Vien", "Chu Tich", None)
    first.refresh_from_db()
    assert first.state == SheetState.SUBMITTED
    assert AuditEntry.objects.get(verb="sheet.rescoring_request").reason == "Xem lại hợp đồng tiêu thụ"


def test_an_open_request_holds_the_closing_until_it_is_answered_or_taken_back():
    item = scored_item()
    asked = ask(item, "uy.vien")
    with pytest.raises(DomainError, match="Đang chờ chấm lại: Uy Vien"):
        close(item)
    withdraw(asked)
    asked.new_sheet.refresh_from_db()
    assert asked.new_sheet.state == SheetState.SET_ASIDE
    with pytest.raises(DomainError):
        choose(asked.new_sheet, "1.1", 1)
    result = close(item)
    assert [m["number"] for m in result.detail["members"]] == [1, 1, 1]
    assert result.detail["rescorings"][0]["withdrawn"]["reason"] == "Đã rõ"
    assert Notice.objects.filter(user=member("uy.vien"), title__startswith="Không phải chấm lại").count() == 1


def test_a_request_taken_back_does_not_stand_in_the_way_of_another():
    item = scored_item()
    withdraw(ask(item, "uy.vien"))
    asked = ask(item, "uy.vien", reason="Có thêm hợp đồng")
    assert (asked.sheet.number, asked.new_sheet.number) == (1, 3)
    submit(asked.new_sheet, {})
    with pytest.raises(DomainError, match="đã nộp phiếu chấm lại"):
        withdraw(asked)
    assert ask(item, "uy.vien").new_sheet.number == 4


def test_who_leaves_with_an_open_request_does_not_hold_the_closing():
    item = scored_item()
    asked = ask(item, "uy.vien")
    councils.leave_seat(seat=asked.sheet.seat, by=provincial_officer())
    assert [m["total"] for m in close(item).detail["members"]] == [73, 70, 71]


def test_only_chair_and_secretary_ask_and_only_with_a_reason():
    item = scored_item()
    for person in (member("uy.vien"), provincial_officer(), member("nguoi.khac")):
        with pytest.raises(PermissionDenied):
            rescoring.request_rescoring(sheet=sheet_of(item, "uy.vien"), reason="x", by=person)
    with pytest.raises(DomainError) as refusal:
        ask(item, "uy.vien", reason=" \x00 ")
    assert refusal.value.field == "reason"
    asked = ask(item, "uy.vien", by="thu.ky")
    with pytest.raises(PermissionDenied):
        withdraw(asked, by="uy.vien")
    with pytest.raises(DomainError):
        withdraw(asked, reason="")
    seat = sheet_of(item, "chu.tich").seat
    Recusal.objects.create(item=item, seat=seat, ground=RecusalGround.RELATED, declared_by=seat.user)
    with pytest.raises(PermissionDenied):
        ask(item, "thu.ky", by="chu.tich")


def test_only_the_sheet_that_counts_is_asked_for_again():
    item = scored_item(count=2)
    with pytest.raises(DomainError, match="Uy Vien đang chấm"):
        rescoring.request_rescoring(sheet=sheet_of(item, "uy.vien"), reason="x", by=member("chu.tich"))
    first = sheet_of(item, "thu.ky")
    asked = ask(item, "thu.ky")
    with pytest.raises(DomainError, match="Thu Ky đang chấm"):
        rescoring.request_rescoring(sheet=first, reason="x", by=member("chu.tich"))
    submit(asked.new_sheet, {})
    with pytest.raises(DomainError, match="không còn là phiếu được tính"):
        rescoring.request_rescoring(sheet=first, reason="x", by=member("chu.tich"))
    Recusal.objects.create(
        item=item, seat=first.seat, ground=RecusalGround.RELATED, declared_by=first.seat.user
    )
    with pytest.raises(DomainError, match="xung đột lợi ích"):
        rescoring.request_rescoring(sheet=asked.new_sheet, reason="x", by=member("chu.tich"))


def test_who_no_longer_scores_is_not_asked():
    item = scored_item()
    asked = ask(item, "uy.vien")
    seat = asked.sheet.seat
    councils.change_seat(seat=seat, role=seat.role, agency=seat.agency, scores=False, by=provincial_officer())
    with pytest.raises(DomainError, match="Uy Vien không chấm điểm nữa"):
        ask(item, "uy.vien")


def test_nothing_is_asked_or_said_once_the_result_is_closed():
    item = scored_item()
    asked = ask(item, "uy.vien")
    submit(asked.new_sheet, {})
    close(item)
    seat = asked.sheet.seat
    for act in (
        lambda: ask(item, "thu.ky"),
        lambda: withdraw(asked),
        lambda: minutes.record_discussion(item=item, text="x", by=member("thu.ky")),
        lambda: minutes.record_dissent(item=item, seat=seat, text="x", by=seat.user),
        lambda: choose(sheet_of_number(item, 2), "1.1", 1),
    ):
        with pytest.raises(DomainError):
            act()


def sheet_of_number(item, number):
    return Sheet.objects.select_related("seat__user").get(item=item, number=number)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_the_same_member_at_once_one_wins(criteria):
    item = scored_item()
    sheet, start, answers = sheet_of(item, "uy.vien"), threading.Barrier(2), []

    def hand(by):
        try:
            start.wait(timeout=10)
            answers.append(rescoring.request_rescoring(sheet=sheet, reason="Xem lại", by=by).new_sheet.number)
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand, args=[member(name)]) for name in ("chu.tich", "thu.ky")]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    assert sorted(map(str, answers)) == [
        "2",
        "Uy Vien đang chấm; chờ nộp phiếu rồi mới yêu cầu chấm lại được.",
    ]
    assert ReScoring.objects.count() == 1


# --- sheets too far apart ---


def test_sheets_too_far_apart_are_discussed_after_the_last_of_them():
    item = open_item(spread_limit=2)
    submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[0])
    minutes.record_discussion(item=item, text="Bàn trước khi có phiếu của thư ký", by=member("thu.ky"))
    submit(sheet_of(item, "thu.ky"), SET_1_CHOICES[1])
    with pytest.raises(DomainError, match=TOO_FAR) as refusal:
        close(item)
    # Neither points nor names: the office sees no scores before closing.
    assert not any(word in refusal.value.message for word in ("73", "70", "3 điểm", "Chu Tich", "Thu Ky"))
    minutes.record_discussion(item=item, text="Thống nhất về hợp đồng", by=member("thu.ky"))
    detail = close(item).detail
    assert [said["text"] for said in detail["discussions"]] == [
        "Bàn trước khi có phiếu của thư ký",
        "Thống nhất về hợp đồng",
    ]
    assert detail["pairs"] == [{"first": 0, "second": 1, "difference": 3}]


def test_a_pair_is_settled_when_one_of_it_scored_again_and_stays_apart():
    item = far_item()
    submit(ask(item, "uy.vien").new_sheet, {})
    with pytest.raises(DomainError, match=TOO_FAR):
        close(item)  # the third member is of no pair that is too far apart
    submit(ask(item, "chu.tich", by="thu.ky").new_sheet, {})
    assert close(item).detail["spread"] == 3


def test_a_sheet_scored_again_before_the_other_came_settles_nothing():
    item = open_item(spread_limit=2)
    submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[0])
    submit(ask(item, "chu.tich", by="thu.ky").new_sheet, {})
    for (username, _), choices in list(zip(SEATS, SET_1_CHOICES, strict=True))[1:]:
        submit(sheet_of(item, username), choices)
    with pytest.raises(DomainError, match=TOO_FAR):
        close(item)


def test_sheets_brought_closer_by_scoring_again_close():
    item = far_item()
    submit(ask(item, "chu.tich", by="thu.ky").new_sheet, {"4.1": 2})  # 70
    detail = close(item).detail
    assert (detail["spread"], detail["pairs"], detail["spread_exceeded"]) == (1, [], False)


def test_members_too_far_apart_are_named_to_who_keeps_the_minutes_once_every_sheet_is_in(client):
    item = open_item(spread_limit=2)
    for (username, _), choices in zip(SEATS[:2], SET_1_CHOICES, strict=False):
        submit(sheet_of(item, username), choices)
    secretary = member("thu.ky")
    assert distance_of(item, sight_of(secretary, item)) is None
    submit(sheet_of(item, "uy.vien"), SET_1_CHOICES[2])
    distance = distance_of(item, sight_of(secretary, item))
    assert distance and distance.names == ("Chu Tich", "Thu Ky")
    assert distance_of(item, sight_of(member("uy.vien"), item)) is None
    client.force_login(secretary)
    page = client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert "Các phiếu liên quan: Chu Tich, Thu Ky." in page
    client.post(reverse("evaluation:discuss", args=[item.pk]), {"text": "Đã bàn"})
    assert distance_of(item, sight_of(secretary, item)) is None


# --- dissent, conclusions, what the detail keeps ---


def test_dissent_is_a_members_own_or_written_down_by_the_secretary(client):
    item = scored_item()
    mine, chair = sheet_of(item, "uy.vien").seat, sheet_of(item, "chu.tich").seat
    minutes.record_dissent(item=item, seat=mine, text="Không đồng ý mức 4.1", by=mine.user)
    minutes.record_dissent(item=item, seat=chair, text="Đề nghị khảo sát", by=member("thu.ky"))
    with pytest.raises(PermissionDenied):
        minutes.record_dissent(item=item, seat=chair, text="x", by=mine.user)
    with pytest.raises(PermissionDenied):
        minutes.record_dissent(item=item, seat=chair, text="x", by=member("nguoi.khac"))
    with pytest.raises(DomainError):
        minutes.record_dissent(item=item, seat=mine, text="  ", by=mine.user)
    result = close(item)
    kept = [(d["name"], d["text"], d["by"]) for d in result.detail["dissents"]]
    assert kept == [
        ("Uy Vien", "Không đồng ý mức 4.1", "Uy Vien"),
        ("Chu Tich", "Đề nghị khảo sát", "Thu Ky"),
    ]
    assert result_page(result, names=False).dissents == []
    client.force_login(provincial_officer())
    page = client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert "<b>Uy Vien</b> bảo lưu: Không đồng ý mức 4.1" in page


def test_a_recused_member_has_no_dissent():
    item = scored_item()
    seat = sheet_of(item, "uy.vien").seat
    Recusal.objects.create(item=item, seat=seat, ground=RecusalGround.RELATED, declared_by=seat.user)
    with pytest.raises(DomainError, match="xung đột lợi ích"):
        minutes.record_dissent(item=item, seat=seat, text="x", by=seat.user)


def test_a_conclusion_is_taken_back_with_a_reason_and_the_log_keeps_it(client):
    item = scored_item()
    leaf = item.criteria_set.criteria.get(code="4.1")
    words = {"option": leaf.options.get(position=3), "reason": "Đủ hợp đồng"}
    kept = results.conclude(item=item, criterion=leaf, by=member("thu.ky"), **words)
    with pytest.raises(DomainError) as refusal:
        results.withdraw_conclusion(conclusion=kept, reason=" ", by=member("thu.ky"))
    assert refusal.value.field == "reason"
    with pytest.raises(PermissionDenied):
        results.withdraw_conclusion(conclusion=kept, reason="x", by=member("uy.vien"))
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:conclusion_withdraw", args=[kept.pk])
    assert client.post(address, {"reason": "Hợp đồng đã hết hạn"}).status_code == 302
    entry = AuditEntry.objects.get(verb="item.withdraw_conclusion")
    assert entry.before == {"criterion": "4.1", "position": 3, "reason": "Đủ hợp đồng"}
    assert entry.reason == "Hợp đồng đã hết hạn"
    with pytest.raises(DomainError, match="đã được rút"):
        results.withdraw_conclusion(conclusion=kept, reason="x", by=member("thu.ky"))
    assert close(item).star == 3


def test_the_detail_keeps_attendance_regulation_and_statistics():
    item = scored_item()
    seats = list(item.session.council.seats.in_order())
    states = (AttendanceState.PRESENT, AttendanceState.ONLINE, AttendanceState.EXCUSED)
    for seat, state in zip(seats, states, strict=True):
        Attendance.objects.create(
            session=item.session, seat=seat, state=state, note="Công tác", recorded_by=provincial_officer()
        )
    detail = close(item).detail
    assert [(row["name"], row["state"]) for row in detail["attendance"]] == [
        ("Chu Tich", "present"),
        ("Thu Ky", "online"),
        ("Uy Vien", "excused"),
    ]
    assert (detail["settings"]["version"], detail["settings"]["quorum_basis"]) == (1, "Số phiếu đã nộp")
    # 73, 70, 71: variance 14/9 by hand in test_spread.py
    assert detail["stats"] == {
        "least": 70,
        "most": 73,
        "median": {"shown": "71.00", "exact": [71, 1]},
        "deviation": {"shown": "1.24", "variance": [14, 9]},
    }
    [leaf] = [leaf for leaf in detail["leaves"] if leaf["code"] == "4.1"]
    # 5, 2, 2: mean 3, squares 4 + 1 + 1 = 6, divided by 3: 2
    assert leaf["stats"]["deviation"] == {"shown": "1.41", "variance": [2, 1]}
    page = result_page(Result.objects.get(), names=True)
    assert (page.deviation, page.least, page.most) == ("1,24", 70, 73)
    # The council's mean is 214/3 = 71,33…
    assert [line.distance for line in page.members] == ["+1,66", "\u22121,33", "\u22120,33"]
    assert page.attendance == [("Có mặt", 1), ("Dự trực tuyến", 1), ("Vắng có lý do", 1)]
    assert [row["name"] for row in page.away] == ["Uy Vien"]


# --- pages ---


def test_chair_asks_and_takes_back_from_the_page_and_the_member_reads_both_sheets(client):
    item = scored_item()
    seat = sheet_of(item, "uy.vien").seat
    client.force_login(member("chu.tich"))
    address = reverse("evaluation:rescore", args=[item.pk, seat.pk])
    assert "reason" in client.post(address, {"reason": ""}).context["form"].errors
    client.post(address, {"reason": "Xem lại bao bì"})
    page = client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert "Đang chấm lại" in page and "Xem lại bao bì" in page and "Rút yêu cầu" in page
    asked = ReScoring.objects.get()
    client.post(reverse("evaluation:rescore_withdraw", args=[asked.pk]), {"reason": "Đã rõ"})
    client.post(address, {"reason": "Vẫn cần xem lại"})
    again = Sheet.objects.get(item=item, state=SheetState.DRAFT)
    submit(again, {"4.1": 4})
    versions = reverse("evaluation:sheet_versions", args=[item.pk, seat.pk])
    assert client.get(versions).status_code == 404
    client.force_login(seat.user)
    found = client.get(versions).context["versions"]
    assert [(column.sheet.number, column.total) for column in found.columns] == [(1, 71), (3, 74)]
    assert [(row.code, row.changed) for row in found.rows if row.changed] == [("4.1", True)]
    close(item)
    client.force_login(member("chu.tich"))
    assert "Vẫn cần xem lại" in client.get(versions).content.decode()
    assert versions in client.get(reverse("evaluation:result", args=[item.pk])).content.decode()


def test_the_board_polls_while_the_session_runs_and_only_for_what_changed(client):
    item = scored_item(count=2)
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:session_board", args=[item.session_id])
    first = client.get(address)
    assert f'hx-get="{address}?v={first.context["digest"]}" hx-trigger="every 10s"' in first.content.decode()
    assert client.get(f"{address}?v={first.context['digest']}").status_code == 204
    submit(sheet_of(item, "uy.vien"), SET_1_CHOICES[2])
    changed = client.get(f"{address}?v={first.context['digest']}")
    assert changed.status_code == 200
    [row] = changed.context["board"].rows
    assert (row.submitted, row.expected, [cell.mark.word for cell in row.cells]) == (3, 3, ["Đã nộp"] * 3)
    close(item)
    from evaluation.services.sessions import close_session

    close_session(session=item.session, by=provincial_officer())
    assert "hx-trigger" not in client.get(address).content.decode()
    item_board = client.get(reverse("evaluation:item_board", args=[item.pk])).content.decode()
    assert "hx-trigger" not in item_board and "Kết quả đã được đóng" in item_board


def test_the_board_takes_the_same_queries_for_one_dossier_and_three(client, django_assert_num_queries):
    session = open_session_with(accepted_dossier())
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:session_board", args=[session.pk])
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    from evaluation.services.sessions import add_dossiers

    dossiers = [accepted_dossier("Rau mùi"), accepted_dossier("Rau cải")]
    add_dossiers(session=session, dossiers=dossiers, by=provincial_officer())
    with django_assert_num_queries(QUERIES):
        assert len(client.get(address).context["board"].rows) == 3


QUERIES = 20


def test_calibration_is_shown_when_every_dossier_has_its_result(client):
    session = open_session_with(accepted_dossier(), accepted_dossier("Rau mùi"))
    first, second = session.items.order_by("position")
    for (username, _), choices in zip(SEATS, SET_1_CHOICES, strict=True):
        submit(sheet_of(first, username), choices)
        if username != "uy.vien":
            submit(sheet_of(second, username), SET_1_CHOICES[0])
    close(first)
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:session", args=[session.pk])
    assert client.get(address).context["calibration"] == []
    close(second)
    lines = client.get(address).context["calibration"]
    # First: mean 214/3, so +5/3, -4/3, -1/3; second: both 73. Chair +5/6, secretary -2/3, member -1/3.
    assert [(line.name, line.sheets, line.mean, line.distance) for line in lines] == [
        ("Chu Tich", 2, "73,00", "+0,83"),
        ("Thu Ky", 2, "71,50", "\u22120,66"),
        ("Uy Vien", 1, "71,00", "\u22120,33"),
    ]
    client.force_login(member("uy.vien"))
    assert client.get(address).context["calibration"] == []


def test_an_opinion_of_the_first_sheet_is_carried_over():
    item = open_item()
    first = sheet_of(item, "uy.vien")
    sheets.save_opinion(sheet=first, opinion="Sửa nhãn", by=first.seat.user)
    submit(first, SET_1_CHOICES[0])
    assert ask(item, "uy.vien").new_sheet.opinion == "Sửa nhãn"
