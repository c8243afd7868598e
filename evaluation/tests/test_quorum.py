"""The quorum worked out by hand: by sheets and by attendance, with recusals and people who do not score."""

import pytest
from django.urls import reverse

from core.exceptions import DomainError
from evaluation.enums import RecusalGround, SeatRole
from evaluation.queries.councils import items_to_close, quorum_of
from evaluation.services import attendance, councils, recusals, results, sessions
from evaluation.tests.factories import (
    accepted_dossier,
    make_council,
    make_session,
    member,
    open_session_with,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import SET_1_CHOICES
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

# Nine people: a chair, a secretary, six members, an expert.
NINE = (
    ("chu.tich", SeatRole.CHAIR),
    ("thu.ky", SeatRole.SECRETARY),
    *((f"uy.vien.{n}", SeatRole.MEMBER) for n in range(1, 7)),
    ("chuyen.gia", SeatRole.EXPERT),
)
NAMES = [name for name, _ in NINE]


@pytest.fixture
def officer():
    return provincial_officer()


def item_of_nine(**settings):
    return open_session_with(council=make_council(NINE, **settings)).items.get()


def score(item, *names):
    for name in names:
        submit(sheet_of(item, name), SET_1_CHOICES[0])


def seat_of(item, name):
    return item.session.council.seats.get(user__username=name)


def recuse(item, name):
    return recusals.recuse(
        item=item, seat=seat_of(item, name), ground=RecusalGround.RELATED, reason="", by=member(name)
    )


def attend(session, *names, state="present"):
    marks = {session.council.seats.get(user__username=name).pk: (state, "") for name in names}
    attendance.record_attendance(session=session, marks=marks, by=provincial_officer())


def figures(item):
    found = quorum_of(item)
    return found.submitted, found.seats, found.needed, found.reached


def test_two_thirds_of_nine_are_six_sheets(officer):
    item = item_of_nine()
    score(item, *NAMES[:5])
    assert figures(item) == (5, 9, 6, False)
    assert items_to_close(officer) == []
    score(item, NAMES[5])
    assert figures(item) == (6, 9, 6, True)
    assert items_to_close(officer) == [item]


def test_a_recused_member_leaves_the_quorum():
    # 3/4 of nine are seven (6,75); without the recused two, 3/4 of seven are six (5,25).
    item = item_of_nine(quorum_numerator=3, quorum_denominator=4)
    score(item, *NAMES[:6])
    assert figures(item) == (6, 9, 7, False)
    recuse(item, NAMES[7])
    recuse(item, NAMES[8])
    assert figures(item) == (6, 7, 6, True)


def test_where_the_regulation_says_so_a_recused_member_still_counts():
    item = item_of_nine(quorum_numerator=3, quorum_denominator=4, recusal_rule="counts")
    score(item, *NAMES[:7])
    recuse(item, NAMES[0])  # submitted, and counts no more
    recuse(item, NAMES[8])
    assert figures(item) == (6, 9, 7, False)


def test_who_does_not_score_is_not_counted(officer):
    item = item_of_nine()
    seat = seat_of(item, "chuyen.gia")
    councils.change_seat(seat=seat, role=seat.role, agency="", scores=False, by=officer)
    # Two thirds of eight are six (5,33).
    score(item, *NAMES[:5])
    assert figures(item) == (5, 8, 6, False)
    score(item, NAMES[5])
    assert quorum_of(item).drafts == 2
    # One who submitted before and scores no more still counts, as a seat and as a sheet.
    seat = seat_of(item, NAMES[5])
    councils.change_seat(seat=seat, role=seat.role, agency="", scores=False, by=officer)
    assert figures(item) == (6, 8, 6, True)


def test_a_meeting_opens_only_with_its_people_where_attendance_counts(officer):
    session = make_session(make_council(NINE, quorum_basis="attendance"))
    sessions.add_dossiers(session=session, dossiers=[accepted_dossier()], by=officer)
    attend(session, *NAMES[:5])
    with pytest.raises(DomainError, match="cần 6 thành viên dự họp trên 9 .2/3., mới có 5"):
        sessions.open_session(session=session, by=officer)
    attend(session, NAMES[5], state="online")
    assert sessions.open_session(session=session, by=officer).state == "open"


def test_by_attendance_everybody_who_attends_must_have_submitted(officer):
    session = make_session(make_council(NINE, quorum_basis="attendance"))
    sessions.add_dossiers(session=session, dossiers=[accepted_dossier()], by=officer)
    attend(session, *NAMES[:7])
    attend(session, *NAMES[7:], state="excused")
    item = sessions.open_session(session=session, by=officer).items.get()
    score(item, *NAMES[:6])
    # Six sheets would do by sheets; the seventh person sits there without one.
    assert (quorum_of(item).attending, quorum_of(item).waiting, quorum_of(item).reached) == (7, 1, False)
    with pytest.raises(DomainError, match="Còn 1 thành viên dự họp chưa nộp phiếu"):
        results.close_item(item=item, by=officer)
    recuse(item, NAMES[6])
    # Of eight who may score six attend and six are needed (5,33); all have submitted.
    assert figures(item) == (6, 8, 6, True)
    attend(session, NAMES[0], state="absent")
    with pytest.raises(DomainError, match="cần 6 thành viên dự họp trên 8 .2/3., mới có 5"):
        results.close_item(item=item, by=officer)
    attend(session, NAMES[0])
    assert results.close_item(item=item, by=officer).sheets_counted == 6


def test_the_session_page_and_the_home_page_agree_with_the_quorum(client, officer):
    item = item_of_nine(quorum_numerator=3, quorum_denominator=4)
    score(item, *NAMES[:6])
    recuse(item, NAMES[7])
    recuse(item, NAMES[8])
    client.force_login(officer)
    page = client.get(reverse("evaluation:session", args=[item.session_id])).content.decode()
    assert "6 / 7<small>cần 6</small><small>2 không chấm</small>" in page
    assert "Xem và đóng" in page
    assert items_to_close(officer) == [item]
