"""The regulation as versions, seats that change in mid-session, and the advisory team."""

import threading
from datetime import date

import pytest
from django.db import connections
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import SeatRole, SheetState
from evaluation.models import Regulation, Sheet
from evaluation.queries.councils import quorum_of, regulation_history
from evaluation.services import councils, regulations, teams
from evaluation.tests.factories import (
    choose,
    make_council,
    make_session,
    member,
    open_item,
    open_session_with,
    sheet_of,
)
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

DECISION = {"decision_number": "77/QĐ-HĐ", "decided_on": date(2026, 9, 1)}


@pytest.fixture
def officer():
    return provincial_officer()


def revise(council, based_on=1, **settings):
    return regulations.revise_regulation(
        council=council, based_on=based_on, by=provincial_officer(), **DECISION, **settings
    )


def test_a_session_keeps_the_version_it_was_opened_under():
    council = make_council()
    first = open_session_with(council=council)
    revise(council, spread_limit=5, quorum_basis="attendance")
    council.refresh_from_db()
    coming = make_session(council, "Phiên 2")
    assert (first.regulation_in_use.version, coming.regulation_in_use.version) == (1, 2)
    assert (first.regulation_in_use.spread_limit, coming.regulation_in_use.spread_limit) == (10, 5)
    # What is not named stays as it was.
    assert coming.regulation_in_use.quorum_text == "2/3"
    latest, oldest = regulation_history(council)
    assert latest.changes == [
        ("Túc số tính theo", "Số phiếu đã nộp", "Số thành viên dự họp"),
        ("Chênh lệch điểm phải thảo luận", "10 điểm", "5 điểm"),
    ]
    assert (oldest.changes, oldest.sessions, latest.sessions) == ([], [first], [])
    entry = AuditEntry.objects.get(verb="council.revise_regulation")
    assert entry.before == {"version": 1, "quorum_basis": "sheets", "spread_limit": 10}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spread_limit": 10}, "không cần phiên bản mới"),
        ({"spread_limit": 5, "based_on": 7}, "vừa được sửa thành phiên bản 1"),
        ({"quorum_numerator": 4}, "một phần của Hội đồng"),
    ],
)
def test_a_version_that_changes_nothing_or_comes_too_late_is_refused(changes, words):
    with pytest.raises(DomainError, match=words):
        revise(make_council(), **changes)
    assert Regulation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_revisions_at_the_same_time_one_is_told(criteria):
    council, start, answers = make_council(), threading.Barrier(2), []

    def hand(limit):
        try:
            start.wait(timeout=10)
            answers.append(revise(council, spread_limit=limit).version)
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand, args=[limit]) for limit in (5, 6)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    told = "Quy chế vừa được sửa thành phiên bản 2; hãy mở lại trang rồi sửa."
    assert sorted(map(str, answers)) == sorted(["2", told])


def test_the_page_writes_a_version_and_shows_the_history(client, officer):
    council = make_council()
    client.force_login(officer)
    form = client.get(reverse("evaluation:regulation_revise", args=[council.pk])).context["form"]
    data = {**form.initial, "shows_advice": "0", "decision_number": "77/QĐ-HĐ", "decided_on": "01/09/2026"}
    client.post(reverse("evaluation:regulation_revise", args=[council.pk]), data)
    council.refresh_from_db()
    assert (council.regulation.version, council.regulation.shows_advice) == (2, False)
    page = client.get(reverse("evaluation:regulations", args=[council.pk])).content.decode()
    assert "<s>có</s>" in page and "77/QĐ-HĐ" in page
    client.force_login(member("uy.vien"))
    assert client.get(reverse("evaluation:regulations", args=[council.pk])).status_code == 200
    assert client.get(reverse("evaluation:regulation_revise", args=[council.pk])).status_code == 403


def test_a_councils_decision_is_corrected_but_not_past_its_first_session(client, officer):
    council = make_session().council
    client.force_login(officer)
    address = reverse("evaluation:council_edit", args=[council.pk])
    data = {"name": "Hội đồng OCOP", "decision_number": "5/QĐ-UBND", "decided_on": "02/03/2026"}
    client.post(address, {**data, "team_decision_number": "6/QĐ-UBND"})
    council.refresh_from_db()
    assert (council.name, council.team_decision_number) == ("Hội đồng OCOP", "6/QĐ-UBND")
    refused = client.post(address, {**data, "decided_on": "01/07/2026"})
    assert "decided_on" in refused.context["form"].errors


def test_who_no_longer_scores_in_mid_session_and_who_scores_again(officer):
    item = open_item()
    sheet = sheet_of(item, "uy.vien")
    choose(sheet, "1.1", 2)
    seat = councils.change_seat(seat=sheet.seat, role="expert", agency="Viện", scores=False, by=officer)
    assert sheet_of(item, "uy.vien").state == SheetState.SET_ASIDE
    assert (quorum_of(item).seats, quorum_of(item).drafts) == (2, 2)
    with pytest.raises(DomainError):
        choose(sheet_of(item, "uy.vien"), "1.2", 1)
    councils.change_seat(seat=seat, role="member", agency="Viện", scores=True, by=officer)
    again = sheet_of(item, "uy.vien")
    assert (again.state, again.choices.count(), quorum_of(item).seats) == (SheetState.DRAFT, 1, 3)


def test_an_expert_may_be_seated_without_a_sheet(client, officer):
    item = open_item()
    person = member("chuyen.gia")
    client.force_login(officer)
    data = {"user": person.pk, "role": "expert", "agency": "Viện Thổ nhưỡng", "scores": "0"}
    client.post(reverse("evaluation:seat_add", args=[item.session.council_id]), data)
    assert not Sheet.objects.filter(seat__user=person).exists()
    assert item.session.council.seats.get(user=person).role == SeatRole.EXPERT


def test_a_change_of_role_keeps_one_chair(client, officer):
    council = make_council()
    seat = council.seats.get(user=member("uy.vien"))
    client.force_login(officer)
    address = reverse("evaluation:seat_edit", args=[seat.pk])
    refused = client.post(address, {"role": "chair", "agency": "", "scores": "1"})
    assert "role" in refused.context["form"].errors
    client.post(address, {"role": "vice_chair", "agency": "Sở Y tế", "scores": "1"})
    seat.refresh_from_db()
    assert (seat.role, seat.agency) == ("vice_chair", "Sở Y tế")


def test_the_advisory_team_has_one_head(client, officer):
    council = make_council()
    first, second = (make_user(f"tu.van.{n}", Role.ADVISORY_MEMBER, council.unit) for n in (1, 2))
    client.force_login(officer)
    address = reverse("evaluation:team", args=[council.pk])
    client.post(address, {"user": first.pk, "agency": "Chi cục", "is_head": "on"})
    refused = client.post(address, {"user": second.pk, "is_head": "on"})
    assert "is_head" in refused.context["form"].errors
    client.post(address, {"user": second.pk})
    client.post(reverse("evaluation:team_head", args=[council.team.get(user=second).pk]))
    assert council.team.get(is_head=True).user == second
    client.post(reverse("evaluation:team_leave", args=[council.team.get(user=second).pk]))
    assert [seat.user for seat in council.team.active()] == [first]
    with pytest.raises(DomainError, match="chưa có vai trò"):
        teams.add_to_team(council=council, user=member("uy.vien"), by=officer)
