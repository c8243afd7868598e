"""A session at the table: planned, ordered, attended, paused, ended; from written opinion to meeting."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import ItemState, SessionKind, SessionState, SheetState
from evaluation.models import Attendance, Round, Session
from evaluation.queries.meetings import opinions_of
from evaluation.queries.quorum import quorum_of
from evaluation.services import (
    attendance,
    councils,
    minutes,
    recusals,
    rescoring,
    results,
    running,
    sessions,
    sheets,
    written,
)
from evaluation.services.guards import locked_item
from evaluation.tests.factories import (
    SESSION_DAY,
    accepted_dossier,
    choose,
    fill,
    make_council,
    make_session,
    member,
    open_item,
    open_session_with,
    scored_item,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import SET_1_CHOICES
from products.enums import DossierKind
from products.models import Dossier
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def officer():
    return provincial_officer()


# --- the plan ---


def test_no_session_is_planned_after_its_rounds_last_day(officer):
    session = make_session()
    late = session.round.finish_until + timedelta(days=1)
    with pytest.raises(DomainError, match="phải hoàn thành trước") as refusal:
        sessions.update_session(session=session, name="Phiên muộn", held_on=late, by=officer)
    assert refusal.value.field == "held_on"


def test_a_session_of_a_round_that_is_over_does_not_open(officer):
    session = make_session()
    sessions.add_dossiers(session=session, dossiers=[accepted_dossier()], by=officer)
    over = timezone.localdate() - timedelta(days=1)
    Round.objects.filter(pk=session.round_id).update(files_until=over - timedelta(days=1), finish_until=over)
    with pytest.raises(DomainError, match="đã kết thúc ngày"):
        sessions.open_session(session=session, by=officer)


def test_a_planned_session_is_edited_an_open_one_is_not(client, officer):
    session = make_session()
    client.force_login(officer)
    address = reverse("evaluation:session_edit", args=[session.pk])
    client.post(
        address, {"name": "Phiên sáng", "kind": "meeting", "held_on": "12/06/2026", "place": "Tầng 3"}
    )
    session.refresh_from_db()
    assert (session.name, session.place, session.held_on) == (
        "Phiên sáng",
        "Tầng 3",
        SESSION_DAY.replace(day=12),
    )
    opened = open_session_with(council=session.council)
    with pytest.raises(DomainError, match="đã mở"):
        sessions.update_session(session=opened, name="Khác", held_on=SESSION_DAY, by=officer)


# --- order ---


def order_of(session):
    return [str(item) for item in session.items.order_by("position")]


def test_dossiers_change_places_and_positions_stay_unique(client, officer):
    names = ["Rau thơm", "Cam Khe Mây", "Mật ong"]
    session = open_session_with(*(accepted_dossier(name) for name in names))
    first, second, third = session.items.order_by("position")
    running.move_item(item=third, up=True, by=member("thu.ky"))
    running.move_item(item=first, up=True, by=member("thu.ky"))  # at the top already
    assert order_of(session) == [
        "Rau thơm",
        "Mật ong",
        "Cam Khe Mây",
    ]
    client.force_login(member("thu.ky"))
    client.post(reverse("evaluation:item_move", args=[first.pk]), {"to": "down"})
    assert order_of(session) == [
        "Mật ong",
        "Rau thơm",
        "Cam Khe Mây",
    ]
    with pytest.raises(PermissionDenied):
        running.move_item(item=second, up=True, by=member("uy.vien"))


# --- attendance ---


def test_the_secretary_marks_everybody_in_one_grid(client):
    item = open_item()
    seats = {seat.user.username: seat.pk for seat in item.session.council.seats.select_related("user")}
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:attendance", args=[item.session_id])
    data = {f"state-{seats['chu.tich']}": "present", f"state-{seats['thu.ky']}": "online"}
    data |= {f"state-{seats['uy.vien']}": "excused", f"note-{seats['uy.vien']}": "Đi công tác"}
    client.post(address, data)
    marks = {row.seat.user.username: row.state for row in Attendance.objects.select_related("seat__user")}
    assert marks == {"chu.tich": "present", "thu.ky": "online", "uy.vien": "excused"}
    numbers = client.get(address).context["numbers"]
    assert (numbers.present, numbers.online, numbers.away, numbers.scoring_there) == (1, 1, 1, 2)
    # By htmx one row is sent and the numbers come back.
    answer = client.post(address, {f"state-{seats['uy.vien']}": "present"}, headers={"HX-Request": "true"})
    words = " ".join(answer.content.decode().split())
    assert '<dt>Có mặt</dt><dd class="num">2</dd>' in words and "<h1" not in words
    assert AuditEntry.objects.filter(verb="session.attendance").count() == 2


def test_attendance_refuses_strangers_others_seats_and_an_ended_session(client, officer):
    item = scored_item()
    session, foreign = item.session, make_council((("nguoi.khac", "chair"),)).seats.get()
    with pytest.raises(PermissionDenied):
        attendance.record_attendance(session=session, marks={foreign.pk: ("present", "")}, by=officer)
    with pytest.raises(PermissionDenied):
        attendance.record_attendance(session=session, marks={}, by=member("uy.vien"))
    seat = session.council.seats.first()
    attendance.record_attendance(session=session, marks={seat.pk: ("online", "")}, by=officer)
    results.close_item(item=item, by=officer)
    sessions.close_session(session=session, by=officer)
    with pytest.raises(DomainError, match="đã kết thúc"):
        attendance.record_attendance(session=session, marks={seat.pk: ("present", "")}, by=officer)


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_the_table_take_the_same_queries_whatever_the_rows(
    client, officer, rows, django_assert_num_queries
):
    people = (("chu.tich", "chair"), *((f"uy.vien.{n}", "member") for n in range(rows)))
    dossiers = [accepted_dossier(f"Sản phẩm {n}") for n in range(rows)]
    session = open_session_with(*dossiers, council=make_council(people))
    client.force_login(officer)
    # The first page of a process reads what it then keeps: scoring tables, the home province.
    client.get(reverse("evaluation:session", args=[session.pk]))
    with django_assert_num_queries(PAGE_QUERIES["session"]):
        client.get(reverse("evaluation:session", args=[session.pk]))
    with django_assert_num_queries(PAGE_QUERIES["attendance"]):
        client.get(reverse("evaluation:attendance", args=[session.pk]))
    client.force_login(member("chu.tich"))
    with django_assert_num_queries(PAGE_QUERIES["sheets"]):
        client.get(reverse("evaluation:sheets"))


PAGE_QUERIES = {"session": 28, "attendance": 9, "sheets": 15}


# --- pauses ---


def test_a_paused_session_takes_no_choice_until_it_goes_on(client):
    item = open_item()
    with pytest.raises(DomainError, match="Hãy ghi lý do"):
        running.pause_session(session=item.session, reason=" ", by=member("thu.ky"))
    client.force_login(member("thu.ky"))
    client.post(
        reverse("evaluation:session_pause", args=[item.session_id]), {"reason": "Mất điện hội trường."}
    )
    with pytest.raises(DomainError, match="Mất điện hội trường."):
        choose(sheet_of(item, "uy.vien"), "1.1", 1)
    client.force_login(member("uy.vien"))
    assert client.post(reverse("evaluation:session_resume", args=[item.session_id])).status_code == 403
    page = client.get(reverse("evaluation:session", args=[item.session_id])).content.decode()
    assert "Mất điện hội trường." in page
    running.resume_session(session=item.session, by=member("chu.tich"))
    choose(sheet_of(item, "uy.vien"), "1.1", 1)
    entry = AuditEntry.objects.get(verb="session.pause")
    assert (entry.reason, entry.actor) == ("Mất điện hội trường.", member("thu.ky"))


def test_one_dossier_is_held_up_while_the_others_go_on(officer):
    session = open_session_with(accepted_dossier(), accepted_dossier("Cam Khe Mây"))
    held, other = session.items.order_by("position")
    running.pause_item(item=held, reason="Chờ phiếu kiểm nghiệm.", by=member("thu.ky"))
    with pytest.raises(DomainError, match="Chờ phiếu kiểm nghiệm."):
        sheets.submit(sheet=sheet_of(held, "uy.vien"), by=member("uy.vien"))
    choose(sheet_of(other, "uy.vien"), "1.1", 1)
    with pytest.raises(DomainError, match="Còn 2 hồ sơ chưa có kết quả"):
        sessions.close_session(session=session, by=officer)
    running.resume_item(item=held, by=officer)
    choose(sheet_of(held, "uy.vien"), "1.1", 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_ending_a_session_at_the_same_time_one_is_told(criteria):
    item, officer = scored_item(), provincial_officer()
    results.close_item(item=item, by=officer)
    start, answers = threading.Barrier(2), []

    def hand():
        try:
            start.wait(timeout=10)
            answers.append(sessions.close_session(session=item.session, by=officer).state)
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand) for _ in range(2)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    told = "Phiên họp đang ở trạng thái “đã kết thúc”, không thực hiện được “Kết thúc phiên”."
    assert sorted(answers) == sorted([SessionState.CLOSED, told])
    assert AuditEntry.objects.filter(verb="session.close").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_recusal_and_a_submission_at_the_same_time_neither_is_lost(criteria):
    item = scored_item(count=2)
    sheet = sheet_of(item, "uy.vien")
    fill(sheet, SET_1_CHOICES[0])
    start, answers = threading.Barrier(2), []

    def hand(act):
        try:
            start.wait(timeout=10)
            act()
            answers.append("done")
        except DomainError:
            answers.append("refused")
        finally:
            connections.close_all()

    acts = (
        lambda: sheets.submit(sheet=sheet, by=member("uy.vien")),
        lambda: recusals.recuse(
            item=item, seat=sheet.seat, ground="related", reason="", by=provincial_officer()
        ),
    )
    hands = [threading.Thread(target=hand, args=[act]) for act in acts]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    # The recusal always stands; the sheet came first and stays uncounted, or was refused and is set aside.
    state = sheet_of(item, "uy.vien").state
    assert (sorted(answers), state) in (
        (["done", "done"], SheetState.SUBMITTED),
        (["done", "refused"], SheetState.SET_ASIDE),
    )
    assert quorum_of(item).submitted == 2


@pytest.mark.django_db(transaction=True)
def test_seating_a_person_does_not_wait_for_who_holds_a_dossier(criteria):
    """A recusal taken back holds its dossier and then waits for the council: of two that wait, one fails."""
    session = open_session_with()
    people, answers = [member("uy.vien.moi"), provincial_officer()], []

    def seat():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            councils.add_seat(council=session.council, user=people[0], by=people[1])
            answers.append("seated")
        except OperationalError as waited:
            answers.append(str(waited))
        finally:
            connections.close_all()

    thread = threading.Thread(target=seat)
    with transaction.atomic():
        locked_item(session.items.get())
        thread.start()
        thread.join()
    assert answers == ["seated"]
    assert session.items.get().sheets.count() == 4


# --- written opinion ---


def re_ranking(name="Rau thơm Cẩm Bình"):
    dossier = accepted_dossier(name)
    Dossier.objects.filter(pk=dossier.pk).update(kind=DossierKind.RE_RANKING)
    dossier.refresh_from_db()
    return dossier


def written_session(**settings):
    session = make_session(make_council(**settings))
    sessions.update_session(
        session=session,
        name="Lấy ý kiến đánh giá lại",
        held_on=SESSION_DAY,
        kind=SessionKind.WRITTEN,
        opinions_until=session.round.finish_until,
        by=provincial_officer(),
    )
    session.refresh_from_db()
    return session


def open_written(*dossiers, **settings):
    session = written_session(**settings)
    sessions.add_dossiers(session=session, dossiers=dossiers or [re_ranking()], by=provincial_officer())
    return sessions.open_session(session=session, by=provincial_officer())


def test_only_a_re_ranking_is_decided_by_written_opinion(officer):
    session, first = written_session(), accepted_dossier()
    with pytest.raises(DomainError, match="khi đánh giá lại"):
        sessions.add_dossiers(session=session, dossiers=[first], by=officer)
    meeting = make_session(session.council, "Phiên 2")
    sessions.add_dossiers(session=meeting, dossiers=[first], by=officer)
    with pytest.raises(DomainError, match="không phải: Rau thơm"):
        sessions.update_session(
            session=meeting,
            name="Phiên 2",
            held_on=SESSION_DAY,
            kind=SessionKind.WRITTEN,
            opinions_until=SESSION_DAY,
            by=officer,
        )


def test_a_written_opinion_needs_a_regulation_that_allows_it_and_a_day_for_the_answers(officer):
    with pytest.raises(DomainError, match="Quy chế của Hội đồng không cho"):
        written_session(allows_written=False)
    with pytest.raises(DomainError, match="Hãy ghi hạn") as refusal:
        sessions.update_session(
            session=make_session(), name="X", held_on=SESSION_DAY, kind=SessionKind.WRITTEN, by=officer
        )
    assert refusal.value.field == "opinions_until"


def test_the_day_for_written_opinions_is_put_off_while_they_come_in(client, officer):
    item = open_written().items.get()
    session, last = item.session, item.session.round.finish_until
    Session.objects.filter(pk=session.pk).update(
        held_on=SESSION_DAY, opinions_until=timezone.localdate() - timedelta(days=1)
    )
    sheet = sheet_of(item, "uy.vien")
    with pytest.raises(DomainError, match="quá hạn gửi ý kiến"):
        choose(sheet, "1.1", 1)
    client.force_login(officer)
    address = reverse("evaluation:session_edit", args=[session.pk])
    assert address in client.get(reverse("evaluation:session", args=[session.pk])).content.decode()
    data = {"name": session.name, "kind": "written", "held_on": f"{SESSION_DAY:%d/%m/%Y}"}
    client.post(address, {**data, "name": "Tên khác", "opinions_until": f"{last:%d/%m/%Y}"})
    session.refresh_from_db()
    assert session.opinions_until < timezone.localdate()  # nothing but the day
    client.post(address, {**data, "opinions_until": f"{last:%d/%m/%Y}"})
    session.refresh_from_db()
    assert (session.opinions_until, session.state) == (last, SessionState.OPEN)
    choose(sheet, "1.1", 1)
    with pytest.raises(DomainError, match="chỉ gia hạn"):  # nor back again: opinions may be in
        sessions.update_session(
            session=session,
            name=session.name,
            held_on=SESSION_DAY,
            kind=SessionKind.WRITTEN,
            opinions_until=last - timedelta(days=1),
            by=officer,
        )


def test_nothing_is_said_of_differing_opinions_before_the_last_one_is_in(client, officer):
    item = open_written(spread_limit=2).items.get()
    submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[0])
    submit(sheet_of(item, "thu.ky"), SET_1_CHOICES[1])
    assert opinions_of(item.session, officer) == []
    submit(sheet_of(item, "uy.vien"), SET_1_CHOICES[2])
    # Totals 73, 70 and 71 by hand: a spread of 3, over the limit of 2.
    [found] = opinions_of(item.session, officer)
    assert found.reasons[-1] == "hai phiếu chênh nhau quá 2 điểm của quy chế"
    address = reverse("evaluation:session", args=[item.session_id])
    for user, sees in ((officer, True), (member("thu.ky"), True), (member("uy.vien"), False)):
        client.force_login(user)
        assert ("hai phiếu chênh nhau" in client.get(address).content.decode()) is sees
    seat = sheet_of(item, "thu.ky").seat
    recusals.recuse(item=item, seat=seat, ground="related", reason="", by=member("thu.ky"))
    assert opinions_of(item.session, member("thu.ky")) == []


def test_a_member_asks_for_a_meeting_in_words(officer):
    item = open_written(spread_limit=50).items.get()
    for name in ("chu.tich", "thu.ky", "uy.vien"):
        sheet = sheet_of(item, name)
        if name == "uy.vien":
            sheets.save_opinion(sheet=sheet, opinion="Đề nghị họp Hội đồng để thảo luận.", by=member(name))
        if name == "thu.ky":
            sheets.save_opinion(sheet=sheet, opinion="Không cần họp.", by=member(name))
        submit(sheet, SET_1_CHOICES[0])
    [found] = opinions_of(item.session, officer)
    assert found.reasons == [f"có ý kiến đề nghị họp: {member('uy.vien')}"]


def test_a_meeting_takes_the_dossier_over_and_is_scored_anew(client, officer):
    item = open_written(re_ranking(), re_ranking("Cam Khe Mây"), spread_limit=2).items.get(position=1)
    for name, choices in zip(("chu.tich", "thu.ky", "uy.vien"), SET_1_CHOICES, strict=True):
        submit(sheet_of(item, name), choices)
    client.force_login(member("chu.tich"))
    address = reverse("evaluation:call_meeting", args=[item.session_id])
    form = client.get(address).context["form"]
    assert form.initial["items"] == [str(item.pk)] and "hai phiếu chênh nhau" in form.initial["reason"]
    data = {
        "items": [item.pk],
        "name": "Họp đánh giá lại",
        "held_on": "20/06/2026",
        "reason": "Ý kiến khác nhau",
    }
    client.post(address, data)
    old_session = item.session
    item.refresh_from_db()
    meeting = item.session
    assert (meeting.kind, meeting.state, item.state) == (SessionKind.MEETING, "planned", ItemState.SCORING)
    assert old_session.items.count() == 1
    sessions.open_session(session=meeting, by=officer)
    # The written sheets stay; each member has a second one that starts as a copy and has to be submitted.
    assert item.sheets.filter(number=1, state=SheetState.SUBMITTED).count() == 3
    assert (quorum_of(item).submitted, quorum_of(item).drafts) == (0, 3)
    for again in item.sheets.filter(number=2).select_related("seat__user"):
        assert again.choices.count() == len(SET_1_CHOICES[0])
        sheets.submit(sheet=again, by=again.seat.user)
    # The copies are as far apart as the opinions were: the meeting has to say that it talked about it.
    with pytest.raises(DomainError, match="vượt giới hạn 2 điểm"):
        results.close_item(item=item, by=officer)
    minutes.record_discussion(item=item, text="Thống nhất giữ điểm", by=member("thu.ky"))
    result = results.close_item(item=item, by=officer)
    assert {row["sheet"] for row in result.detail["members"]} == set(
        item.sheets.filter(number=2).values_list("pk", flat=True)
    )


def test_a_meeting_asks_also_who_was_once_not_asked_any_more(officer):
    item = open_written().items.get()
    for name, choices in zip(("chu.tich", "thu.ky", "uy.vien"), SET_1_CHOICES, strict=True):
        submit(sheet_of(item, name), choices)
    asked = rescoring.request_rescoring(
        sheet=sheet_of(item, "uy.vien"), reason="Xem lại", by=member("thu.ky")
    )
    rescoring.withdraw_rescoring(rescoring=asked, reason="Đã rõ", by=member("thu.ky"))
    data = {"items": [item], "name": "Họp", "held_on": SESSION_DAY, "reason": "Ý kiến khác nhau"}
    meeting = written.call_meeting(session=item.session, by=officer, **data)
    drafts = item.sheets.filter(state=SheetState.DRAFT).order_by("number")
    assert list(drafts.values_list("seat__user__username", "number")) == [
        ("chu.tich", 2), ("thu.ky", 2), ("uy.vien", 3),
    ]  # fmt: skip
    sessions.open_session(session=meeting, by=officer)
    assert drafts.count() == 3


def test_who_may_call_a_meeting_and_from_where(officer):
    item = open_item()
    data = {"items": [item], "name": "Họp", "held_on": SESSION_DAY, "reason": "Phức tạp"}
    with pytest.raises(DomainError, match="lấy ý kiến bằng văn bản"):
        written.call_meeting(session=item.session, by=officer, **data)
    with pytest.raises(PermissionDenied):
        written.call_meeting(session=item.session, by=member("uy.vien"), **data)
    opinion = open_written(re_ranking("Cam Khe Mây"))
    with pytest.raises(DomainError, match="không còn trong phiên"):
        written.call_meeting(session=opinion, by=officer, **data)
