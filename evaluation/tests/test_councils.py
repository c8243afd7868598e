"""Councils and sessions: who sits, what is on the agenda, what may follow what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_province, make_user
from core.exceptions import DomainError
from evaluation.enums import SeatRole, SessionState
from evaluation.models import Council, Seat, Session, Sheet
from evaluation.services import councils, results, rounds, sessions
from evaluation.tests.factories import (
    SESSION_DAY,
    accepted_dossier,
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
from products.enums import DossierState
from products.tests.factories import make_dossier, provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


# --- councils ---


def test_a_council_has_one_chair_at_a_time(officer):
    council = make_council()
    with pytest.raises(DomainError, match="đã có Chủ tịch"):
        councils.add_seat(council=council, user=member("khac"), role=SeatRole.CHAIR, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(council=council, user=member("khac"), role=SeatRole.CHAIR)
    councils.leave_seat(seat=council.seats.get(role=SeatRole.CHAIR), by=officer)
    councils.add_seat(council=council, user=member("khac"), role=SeatRole.CHAIR, by=officer)
    assert council.seats.active().get(role=SeatRole.CHAIR).user == member("khac")


def test_only_people_with_the_role_are_seated(officer):
    council = make_council()
    with pytest.raises(DomainError, match="chưa có vai trò"):
        councils.add_seat(council=council, user=make_user("nguoi.ngoai", Role.ENTITY), by=officer)


def test_nobody_sits_twice_but_may_come_back(officer):
    council = make_council()
    with pytest.raises(DomainError, match="đã có tên"):
        councils.add_seat(council=council, user=member("uy.vien"), by=officer)
    seat = council.seats.get(user=member("uy.vien"))
    councils.leave_seat(seat=seat, by=officer)
    back = councils.add_seat(council=council, user=member("uy.vien"), by=officer)
    assert (back.pk, back.left_on) == (seat.pk, None)


def test_a_council_is_set_up_from_the_page(office):
    data = {
        "name": "Hội đồng 2026",
        "decision_number": "99/QĐ-UBND",
        "decided_on": "05/03/2026",
        "gate_rule": "all",
        "quorum_numerator": 3,
        "quorum_denominator": 4,
        "spread_limit": 8,
    }
    office.post(reverse("evaluation:council_create"), data)
    council = Council.objects.get()
    assert (council.unit, council.decided_on) == (make_province(), date(2026, 3, 5))
    regulation = council.regulation
    assert (regulation.gate_rule, regulation.quorum_text, regulation.spread_limit) == ("all", "3/4", 8)


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(office):
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = {
        "name": "Hội đồng thử",
        "decision_number": "99/QĐ-UBND",
        "decided_on": f"{tomorrow:%d/%m/%Y}",
        "gate_rule": "all",
        "quorum_numerator": 3,
        "quorum_denominator": 4,
        "spread_limit": 8,
    }
    response = office.post(reverse("evaluation:council_create"), data)
    assert response.context["form"].errors == {"decided_on": ["Ngày quyết định không thể ở tương lai."]}
    assert 'value="Hội đồng thử"' in response.content.decode()
    assert not Council.objects.exists()


def test_people_are_seated_from_the_page(office):
    council = make_council()
    newcomer = member("uy.vien.moi")
    address = reverse("evaluation:seat_add", args=[council.pk])
    office.post(address, {"user": newcomer.pk, "role": "member", "agency": "Sở Công Thương"})
    assert council.seats.get(user=newcomer).agency == "Sở Công Thương"
    again = office.post(address, {"user": newcomer.pk, "role": "member"})
    assert again.status_code == 200 and again.context["form"].errors


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROVINCIAL_OFFICER])
def test_only_the_provincial_officer_manages(client, role):
    council, session = make_council(), make_session()
    person = member("uy.vien") if role == Role.COUNCIL_MEMBER else make_user(f"nguoi.{role}", role)
    client.force_login(person)
    for name, args in (
        ("council_create", []),
        ("seat_add", [council.pk]),
        ("seat_leave", [council.seats.first().pk]),
        ("session_create", []),
        ("agenda_add", [session.pk]),
        ("session_open", [session.pk]),
        ("session_close", [session.pk]),
    ):
        assert client.post(reverse(f"evaluation:{name}", args=args)).status_code == 403, name
    with pytest.raises(PermissionDenied):
        sessions.open_session(session=session, by=person)


# --- sessions and agenda ---


def test_the_rounds_of_a_year_have_the_dates_of_the_law(officer):
    first, second = (rounds.legal_round(unit=make_province(), year=2026, number=n) for n in (1, 2))
    assert (first.files_until, first.finish_until) == (date(2026, 4, 30), date(2026, 6, 30))
    assert (second.files_until, second.finish_until) == (date(2026, 10, 30), date(2026, 12, 30))


def test_a_session_is_planned_from_the_page(office):
    council = make_council()
    year = timezone.localdate().year
    data = {"council": council.pk, "round": f"{year}-1", "name": "Phiên 1", "held_on": "10/06/2026"}
    office.post(reverse("evaluation:session_create"), data)
    session = Session.objects.get()
    assert (session.round.year, session.round.number, session.held_on) == (year, 1, SESSION_DAY)


@pytest.mark.parametrize("state", [DossierState.PROPOSED, DossierState.SUBMITTED, DossierState.SCORED])
def test_only_an_accepted_dossier_is_put_on_an_agenda(officer, state):
    dossier = make_dossier(state=state)
    with pytest.raises(DomainError, match="đã được tỉnh tiếp nhận"):
        sessions.add_dossiers(session=make_session(), dossiers=[dossier], by=officer)


def test_a_dossier_is_on_one_agenda_only(officer):
    dossier = accepted_dossier()
    council = make_council()
    sessions.add_dossiers(session=make_session(council), dossiers=[dossier], by=officer)
    with pytest.raises(DomainError, match="đã có trong một phiên họp"):
        sessions.add_dossiers(session=make_session(council, "Phiên 2"), dossiers=[dossier], by=officer)


def test_the_agenda_takes_the_table_in_force_for_the_products_set(officer):
    dossier = accepted_dossier(set_number=11)
    [item] = sessions.add_dossiers(session=make_session(), dossiers=[dossier], by=officer)
    assert item.criteria_set.code == "qd26-11"


def test_a_dossier_leaves_the_agenda_only_before_opening(office, officer):
    session = make_session()
    [item] = sessions.add_dossiers(session=session, dossiers=[accepted_dossier()], by=officer)
    office.post(reverse("evaluation:agenda_remove", args=[item.pk]))
    assert session.items.count() == 0
    opened = open_session_with(accepted_dossier("Cam Khe Mây"), council=session.council).items.get()
    with pytest.raises(DomainError, match="đã mở"):
        sessions.remove_item(item=opened, by=officer)


def test_adding_from_the_page_refuses_a_dossier_that_is_not_waiting(office):
    session, waiting, draft = make_session(), accepted_dossier(), make_dossier()
    address = reverse("evaluation:agenda_add", args=[session.pk])
    office.post(address, {"dossiers": [waiting.pk, draft.pk]})
    assert session.items.count() == 0
    assert office.post(address, {"dossiers": ["9" * 40]}).status_code == 403
    office.post(address, {"dossiers": [waiting.pk]})
    assert session.items.count() == 1


def test_opening_needs_a_chair_and_dossiers(officer):
    with pytest.raises(DomainError, match="chưa có hồ sơ"):
        sessions.open_session(session=make_session(), by=officer)
    headless = make_session(make_council(people=(("khong.chu.tich", SeatRole.MEMBER),)))
    with pytest.raises(DomainError, match="chưa có Chủ tịch"):
        sessions.open_session(session=headless, by=officer)


def test_opening_gives_every_member_a_sheet_for_every_dossier():
    session = open_session_with(accepted_dossier(), accepted_dossier("Cam Khe Mây"))
    assert Sheet.objects.filter(item__session=session).count() == 6


def test_a_session_opens_once(officer):
    session = open_session_with()
    with pytest.raises(DomainError, match="không thực hiện được “Mở phiên chấm điểm”"):
        sessions.open_session(session=session, by=officer)


def test_a_dossier_added_to_an_open_session_has_its_sheets(officer):
    session = open_session_with()
    sessions.add_dossiers(session=session, dossiers=[accepted_dossier("Cam Khe Mây")], by=officer)
    assert Sheet.objects.filter(item__session=session).count() == 6


def test_a_session_ends_when_every_dossier_has_its_result(officer):
    item = open_item()
    with pytest.raises(DomainError, match="Còn 1 hồ sơ chưa có kết quả: Rau thơm Cẩm Bình"):
        sessions.close_session(session=item.session, by=officer)


def test_an_ended_session_takes_no_dossiers(officer):
    item = scored_item()
    results.close_item(item=item, by=officer)
    session = sessions.close_session(session=item.session, by=officer)
    assert session.state == SessionState.CLOSED
    with pytest.raises(DomainError, match="đã kết thúc"):
        sessions.add_dossiers(session=session, dossiers=[accepted_dossier("Cam Khe Mây")], by=officer)


def test_lists_take_few_queries_whatever_the_rows(office, django_assert_max_num_queries):
    session = open_session_with(*(accepted_dossier(name) for name in ("Rau thơm", "Cam Khe Mây", "Mật ong")))
    for address, queries in (
        (reverse("evaluation:sessions"), 14),
        (reverse("evaluation:councils"), 14),
        (reverse("evaluation:session", args=[session.pk]), 28),
        (reverse("evaluation:council", args=[session.council_id]), 14),
    ):
        with django_assert_max_num_queries(queries):
            assert office.get(address).status_code == 200


def test_a_name_that_grows_in_nfc_is_refused_beside_its_field(office):
    # U+0958 becomes two characters in NFC: 150 are 300 in the database.
    data = {"name": "\u0958" * 150, "decision_number": "1/QĐ-UBND", "decided_on": "01/03/2026"}
    answer = office.post(reverse("evaluation:council_create"), data)
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors


def test_a_criterion_that_no_code_can_name_is_not_found(office):
    url = reverse("evaluation:conclude", args=[open_item().pk])
    assert office.get(url, {"c": "1.1\x00x"}).status_code == 404


def test_a_member_sees_how_many_people_the_council_has(client):
    make_council()
    client.force_login(member("uy.vien"))
    [council] = client.get(reverse("evaluation:councils")).context["councils"]
    assert council.people == 3


def test_closing_is_offered_only_once_the_quorum_is_there(office):
    item = open_item()
    address = reverse("evaluation:session", args=[item.session_id])
    before = office.get(address).content.decode()
    assert "Xem và đóng" not in before and "Tình hình" in before
    for username in ("chu.tich", "thu.ky"):  # two of three are the two thirds asked for
        submit(sheet_of(item, username), SET_1_CHOICES[0])
    assert "Xem và đóng" in office.get(address).content.decode()


def test_scoring_an_open_session_is_never_overdue():
    open_item()
    [todo] = todos_for(member("uy.vien"))
    assert (todo.title, todo.badge) == ("Chấm điểm 1 hồ sơ", "Phiên đang mở")
    assert todo.due is None and not todo.overdue


# --- who left the council ---


def leave(item, username):
    councils.leave_seat(seat=item.session.council.seats.get(user=member(username)), by=provincial_officer())


def statuses(client, item):
    """What the person gets: the council, the session, the item's result."""
    addresses = (
        reverse("evaluation:council", args=[item.session.council_id]),
        reverse("evaluation:session", args=[item.session_id]),
        reverse("evaluation:result", args=[item.pk]),
    )
    return [client.get(address).status_code for address in addresses]


def test_who_left_without_a_sheet_sees_nothing_of_the_council_any_more(client):
    item = scored_item(count=2)
    client.force_login(member("uy.vien"))
    assert statuses(client, item) == [200, 200, 200]
    leave(item, "uy.vien")
    assert statuses(client, item) == [404, 404, 404]
    draft = reverse("evaluation:sheet", args=[sheet_of(item, "uy.vien").pk])
    assert client.get(draft).status_code == 404
    assert list(client.get(reverse("evaluation:sheets")).context["sheets"]) == []


def test_who_left_keeps_only_the_items_with_an_own_submitted_sheet(client, officer):
    session = open_session_with(accepted_dossier(), accepted_dossier("Cam Khe Mây"))
    scored, unscored = session.items.order_by("position")
    for username in ("chu.tich", "uy.vien"):
        submit(sheet_of(scored, username), SET_1_CHOICES[0])
    leave(scored, "uy.vien")
    later = open_session_with(accepted_dossier("Mật ong"), council=session.council).items.get()
    results.close_item(item=scored, by=officer)
    client.force_login(member("uy.vien"))
    assert statuses(client, scored) == [404, 200, 200]
    assert statuses(client, unscored)[2] == 404
    assert statuses(client, later) == [404, 404, 404]
    page = client.get(reverse("evaluation:session", args=[session.pk]))
    assert page.context["items"] == [scored]
    assert reverse("evaluation:council", args=[session.council_id]) not in page.content.decode()
    assert [row.pk for row in client.get(reverse("evaluation:sessions")).context["sessions"]] == [session.pk]
    assert client.get(reverse("evaluation:sheet", args=[sheet_of(scored, "uy.vien").pk])).status_code == 200


def test_who_comes_back_to_the_council_sees_it_again(client, officer):
    item = open_item()
    leave(item, "uy.vien")
    councils.add_seat(council=item.session.council, user=member("uy.vien"), by=officer)
    client.force_login(member("uy.vien"))
    assert statuses(client, item) == [200, 200, 200]


def test_a_members_lists_take_few_queries_whatever_the_rows(client, django_assert_max_num_queries):
    session = open_session_with(*(accepted_dossier(name) for name in ("Rau thơm", "Cam Khe Mây", "Mật ong")))
    client.force_login(member("uy.vien"))
    for address, queries in (
        (reverse("evaluation:sessions"), 14),
        (reverse("evaluation:session", args=[session.pk]), 19),
        (reverse("evaluation:sheets"), 20),
    ):
        with django_assert_max_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_session_is_never_before_its_council():
    council = make_council()
    with pytest.raises(DomainError, match="01/03/2026") as refusal:
        sessions.create_session(
            council=council,
            evaluation_round=rounds.legal_round(unit=council.unit, year=2026, number=2),
            name="Phiên 1",
            held_on=date(2019, 1, 1),
            by=provincial_officer(),
        )
    assert refusal.value.field == "held_on"
