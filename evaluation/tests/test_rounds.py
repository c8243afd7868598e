"""Rounds: the dates of Đ5, acceptance into a round, and who may do it."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_commune, make_province, make_user, one_of_each_role
from core import audit
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.models import AdvisoryAssignment, Round, RoundEntry
from evaluation.queries import rounds as queries
from evaluation.queries.councils import acceptable_dossiers
from evaluation.services import advisory, rounds, sessions
from evaluation.tests.factories import SESSION_DAY, accepted_dossier, make_council, make_session
from products import services
from products.enums import DossierState
from products.models import Dossier
from products.tests.factories import make_dossier, make_entity, make_product, provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

TODAY = timezone.localdate
NEXT_YEAR = timezone.localdate().year + 1


@pytest.fixture
def officer():
    return provincial_officer()


@pytest.fixture
def office(client, officer):
    client.force_login(officer)
    return client


def proposed(name: str = "Bánh đa vừng", letter: date | None = None) -> Dossier:
    """A dossier waiting at the province's desk; its letter of the day, or of a day set by decree."""
    entity = make_entity(f"HTX {name} Thử")
    dossier = make_dossier(make_product(name, entity), DossierState.PROPOSED)
    if letter:
        Dossier.objects.filter(pk=dossier.pk).update(proposed_on=letter)
    return Dossier.objects.with_names().get(pk=dossier.pk)


def far_round(number: int = 1, **fields) -> Round:
    """A round of next year: not over and late for nobody, whatever day the tests run."""
    return rounds.legal_round(unit=make_province(), year=NEXT_YEAR, number=number)


def ended_early(officer, **fields) -> Round:
    """A round still going on whose day for files has passed: an extra one of yesterday's year."""
    yesterday = TODAY() - timedelta(days=1)
    values = {
        "year": yesterday.year,
        "number": 3,
        "files_until": yesterday,
        "finish_until": yesterday + timedelta(days=60),
        "extra_basis": "Quy chế Hội đồng",
        **fields,
    }
    return rounds.create_round(unit=make_province(), by=officer, **values)


# --- rounds ---


def test_the_two_rounds_of_the_law_come_with_their_dates():
    first, second = (rounds.legal_round(unit=make_province(), year=2026, number=n) for n in (1, 2))
    assert (first.files_until, first.finish_until) == (date(2026, 4, 30), date(2026, 6, 30))
    assert (second.files_until, second.finish_until) == (date(2026, 10, 30), date(2026, 12, 30))


def values(**changes):
    return {
        "unit": make_province(),
        "year": 2026,
        "number": 3,
        "files_until": date(2026, 8, 15),
        "finish_until": date(2026, 9, 30),
        "extra_basis": "Điều 9 Quy chế Hội đồng",
        **changes,
    }


def test_an_extra_round_has_dates_and_a_basis_of_its_own(officer):
    extra = rounds.create_round(by=officer, **values())
    assert (str(extra), extra.extra_basis) == ("Đợt 3 năm 2026", "Điều 9 Quy chế Hội đồng")
    assert audit.history_of(extra)[0].verb == "round.create"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"extra_basis": "  "}, "extra_basis"),  # an extra round says what allows it
        ({"finish_until": date(2026, 8, 15)}, "finish_until"),  # not before files close
        ({"year": 2027}, "files_until"),  # files of another year
        # The first round ends before 30 June, and takes files later than 30 April only with a basis.
        ({"number": 1, "files_until": date(2026, 4, 30), "finish_until": date(2026, 7, 1)}, "finish_until"),
        (
            {
                "number": 1,
                "files_until": date(2026, 5, 1),
                "finish_until": date(2026, 6, 30),
                "extra_basis": "",
            },
            "extra_basis",
        ),
    ],
)
def test_a_round_against_the_law_is_refused_at_its_field(officer, changes, field):
    with pytest.raises(DomainError) as refused:
        rounds.create_round(by=officer, **values(**changes))
    assert refused.value.field == field
    assert not Round.objects.exists()


def test_a_number_is_given_once_a_year(officer):
    rounds.create_round(by=officer, **values())
    with pytest.raises(DomainError, match="đã có đợt 3"):
        rounds.create_round(by=officer, **values())


def test_a_round_cannot_end_before_its_session(officer):
    session = make_session()  # of 10 June in the second round
    dates = {"files_until": date(2026, 5, 1), "name": "Đợt 2", "by": officer}
    with pytest.raises(DomainError, match="họp ngày 10/06/2026"):
        rounds.update_round(
            evaluation_round=session.round, finish_until=SESSION_DAY - timedelta(days=1), **dates
        )
    changed = rounds.update_round(evaluation_round=session.round, finish_until=SESSION_DAY, **dates)
    assert (changed.name, changed.finish_until) == ("Đợt 2", SESSION_DAY)


def test_a_day_for_files_cannot_make_accepted_dossiers_late(officer):
    far = far_round()
    dossier = proposed(letter=date(NEXT_YEAR, 3, 1))
    rounds.accept_into_round(dossier=dossier, evaluation_round=far, by=officer)
    with pytest.raises(DomainError, match="1 hồ sơ") as refused:
        rounds.update_round(
            evaluation_round=far,
            files_until=date(NEXT_YEAR, 2, 28),
            finish_until=far.finish_until,
            name=far.name,
            by=officer,
        )
    assert refused.value.field == "files_until"


def test_a_round_is_entered_from_the_page_with_the_dates_of_the_law(office):
    page = office.get(reverse("evaluation:round_create"))
    year = TODAY().year
    assert page.context["form"].initial["files_until"] == date(year, 4, 30)
    data = {"year": year, "number": 1, "files_until": f"30/04/{year}", "finish_until": f"30/06/{year}"}
    answer = office.post(reverse("evaluation:round_create"), data)
    assert answer.url == reverse("evaluation:round", args=[Round.objects.get().pk])
    again = office.post(reverse("evaluation:round_create"), data)
    assert "number" in again.context["form"].errors


# --- acceptance ---


def test_a_dossier_is_accepted_into_a_round_and_given_to_advisers_in_one_act(officer):
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER)
    dossier = proposed()
    entry = rounds.accept_into_round(
        dossier=dossier, evaluation_round=far_round(), advisers=[adviser], note="Xem vùng gạo", by=officer
    )
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.state, dossier.round_entry) == (DossierState.ACCEPTED, entry)
    assert (entry.round, entry.late_reason, entry.entered_by) == (far_round(), "", officer)
    assert AdvisoryAssignment.objects.get(dossier=dossier).member == adviser
    assert audit.history_of(entry.round)[0].after == {"dossier": str(dossier)}


def test_nothing_is_accepted_when_one_part_is_refused(officer):
    dossier, nobody = proposed(), make_user("khac", Role.COUNCIL_MEMBER)
    with pytest.raises(DomainError, match="không phải thành viên Tổ tư vấn"):
        rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), advisers=[nobody], by=officer)
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.PROPOSED
    assert not RoundEntry.objects.exists()


def test_a_late_letter_needs_a_reason_or_the_next_round(officer):
    late, dossier = ended_early(officer), proposed(letter=TODAY())
    with pytest.raises(DomainError, match="sau hạn nhận hồ sơ") as refused:
        rounds.accept_into_round(dossier=dossier, evaluation_round=late, by=officer)
    assert refused.value.field == "late_reason"
    entry = rounds.accept_into_round(
        dossier=dossier, evaluation_round=late, late_reason=" Bưu chính chậm. ", by=officer
    )
    assert entry.late_reason == "Bưu chính chậm."


def test_a_letter_of_the_last_day_is_in_time(officer):
    yesterday = TODAY() - timedelta(days=1)
    entry = rounds.accept_into_round(
        dossier=proposed(letter=yesterday), evaluation_round=ended_early(officer), late_reason="x", by=officer
    )
    assert entry.late_reason == ""


def test_a_round_that_is_over_takes_nothing(officer):
    over = Round.objects.create(
        unit=make_province(),
        year=2020,
        number=1,
        name="Đợt 1 năm 2020",
        files_until=date(2020, 4, 30),
        finish_until=date(2020, 6, 30),
    )
    with pytest.raises(DomainError, match="đã kết thúc ngày 30/06/2020"):
        rounds.accept_into_round(dossier=proposed(), evaluation_round=over, late_reason="x", by=officer)


def test_a_round_of_another_province_is_refused(officer):
    elsewhere = rounds.legal_round(unit=make_province("40", "Tỉnh Nghệ An"), year=NEXT_YEAR, number=1)
    with pytest.raises(DomainError, match="không thuộc tỉnh"):
        rounds.accept_into_round(dossier=proposed(), evaluation_round=elsewhere, by=officer)


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        (date(2026, 4, 30), "Đợt 1 năm 2026"),
        (date(2026, 5, 1), "Đợt 2 năm 2026"),
        (date(2026, 10, 30), "Đợt 2 năm 2026"),
        (date(2026, 10, 31), "Đợt 1 năm 2027"),
    ],
)
def test_the_usual_round_is_the_first_the_letter_is_in_time_for(letter, name):
    choices = queries.open_rounds(make_province().pk, date(2026, 3, 1))
    assert [row.name for row in choices] == [
        "Đợt 1 năm 2026", "Đợt 2 năm 2026", "Đợt 1 năm 2027", "Đợt 2 năm 2027",
    ]  # fmt: skip
    assert queries.usual_round(Dossier(proposed_on=letter), choices).name == name
    assert not Round.objects.exists()


def test_only_an_officer_of_the_province_accepts(officer):
    dossier = proposed()
    people = list(one_of_each_role().items())
    people.append(
        (
            Role.PROVINCIAL_OFFICER,
            make_user("nghe-an", Role.PROVINCIAL_OFFICER, make_province("40", "Nghệ An")),
        )
    )
    for _, user in people:
        if user.username == Role.PROVINCIAL_OFFICER:
            continue
        with pytest.raises(PermissionDenied):
            rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=user)
        assert not RoundEntry.objects.exists()
    colleague = dict(people[:-1])[Role.PROVINCIAL_OFFICER]
    rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=colleague)
    assert RoundEntry.objects.get().entered_by == colleague


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_accepting_at_once_one_enters_the_dossier(criteria):
    officer, colleague = provincial_officer(), make_user("can-bo-2", Role.PROVINCIAL_OFFICER)
    dossier, target = proposed(), far_round()
    start, refusals = threading.Barrier(2), []

    def accept(user):
        try:
            start.wait()
            mine = Dossier.objects.get(pk=dossier.pk)
            rounds.accept_into_round(dossier=mine, evaluation_round=target, by=user)
        except DomainError as refusal:
            refusals.append(refusal.message)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=[user]) for user in (officer, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RoundEntry.objects.filter(dossier=dossier).count() == 1
    assert len(refusals) == 1 and "Tiếp nhận vào đợt đánh giá" in refusals[0]
    assert AuditEntry.objects.filter(verb="dossier.accept").count() == 1


def test_several_are_accepted_together_or_none(officer):
    good, bad = proposed("Kẹo lạc"), proposed("Bún khô")
    services.perform(bad, "return_from_province", by=officer, note="Thiếu")
    with pytest.raises(rounds.RowsRefused) as refused:
        rounds.accept_many(dossiers=[good, bad], evaluation_round=far_round(), by=officer)
    assert list(refused.value.reasons) == [bad.pk]
    assert "Trả lại để bổ sung" in refused.value.reasons[bad.pk]
    assert not RoundEntry.objects.exists()
    assert Dossier.objects.get(pk=good.pk).state == DossierState.PROPOSED
    other = proposed("Mật ong")
    entries = rounds.accept_many(dossiers=[good, other], evaluation_round=far_round(), by=officer)
    assert {entry.dossier_id for entry in entries} == {good.pk, other.pk}


# --- moving, agendas ---


def test_a_dossier_changes_its_round_until_it_is_on_an_agenda(officer):
    dossier = proposed(letter=date(2026, 2, 1))
    entry = rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=officer)
    entry = rounds.move_entry(entry=entry, evaluation_round=far_round(2), by=officer)
    assert entry.round == far_round(2)
    session = sessions.create_session(
        council=make_council(), evaluation_round=far_round(2), name="Phiên 1", held_on=SESSION_DAY, by=officer
    )
    sessions.add_dossiers(session=session, dossiers=[dossier], by=officer)
    for act in (
        lambda: rounds.move_entry(entry=entry, evaluation_round=far_round(), by=officer),
        lambda: rounds.leave_round(entry=entry, reason="Nhầm", by=officer),
    ):
        with pytest.raises(DomainError, match="đã có trong phiên họp"):
            act()


def test_a_dossier_taken_out_waits_for_a_round(officer):
    dossier = proposed()
    entry = rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=officer)
    with pytest.raises(DomainError, match="lý do"):
        rounds.leave_round(entry=entry, reason=" ", by=officer)
    rounds.leave_round(entry=entry, reason="Xếp nhầm đợt", by=officer)
    assert list(queries.without_round(officer)) == [dossier]
    again = rounds.enter_round(
        dossier=Dossier.objects.get(pk=dossier.pk), evaluation_round=far_round(2), by=officer
    )
    assert again.round == far_round(2)
    assert not queries.without_round(officer).exists()
    with pytest.raises(DomainError, match="đã được xếp"):
        rounds.enter_round(dossier=dossier, evaluation_round=far_round(), by=officer)


def test_an_agenda_offers_the_dossiers_of_its_round_first_and_takes_others_into_it(officer):
    own, other, unplaced = proposed("Chè"), proposed("Bưởi"), accepted_dossier("An xoa", set_number=6)
    rounds.accept_into_round(dossier=own, evaluation_round=far_round(2), by=officer)
    rounds.accept_into_round(dossier=other, evaluation_round=far_round(1), by=officer)
    session = sessions.create_session(
        council=make_council(), evaluation_round=far_round(2), name="Phiên 1", held_on=SESSION_DAY, by=officer
    )
    assert list(acceptable_dossiers(session, officer)) == [own, unplaced, other]
    sessions.add_dossiers(session=session, dossiers=[own, other, unplaced], by=officer)
    assert set(far_round(2).entries.values_list("dossier", flat=True)) == {own.pk, other.pk, unplaced.pk}


# --- pages ---


def test_the_step_page_leads_to_the_choice_of_a_round_and_takes_no_step(office):
    dossier = proposed()
    step = reverse("products:transition", args=[dossier.pk, "accept"])
    page = reverse("evaluation:accept", args=[dossier.pk])
    assert office.get(step).url == page
    assert office.post(step).url == page
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.PROPOSED


def test_a_dossier_is_accepted_from_its_page(office):
    adviser = make_user("tu.van", Role.ADVISORY_MEMBER)
    dossier = proposed()
    address = reverse("evaluation:accept", args=[dossier.pk])
    form = office.get(address).context["form"]
    usual = queries.usual_round(dossier, queries.open_rounds(make_province().pk))
    assert form.fields["round"].initial == queries.key_of(usual)
    data = {"round": queries.key_of(usual), "members": [adviser.pk], "note": "Xem tem"}
    assert office.post(address, data).url == reverse("products:dossier", args=[dossier.pk])
    entry = RoundEntry.objects.get()
    assert (entry.round.name, entry.dossier) == (usual.name, dossier)
    assert AdvisoryAssignment.objects.get().note == "Xem tem"
    assert "không còn phù hợp" in office.get(address).content.decode()


def test_a_late_dossier_is_asked_for_the_reason_beside_its_field(office, officer):
    late, dossier = ended_early(officer), proposed(letter=TODAY())
    address = reverse("evaluation:accept", args=[dossier.pk])
    refused = office.post(address, {"round": queries.key_of(late)})
    assert list(refused.context["form"].errors) == ["late_reason"]
    assert "không còn phù hợp" not in refused.content.decode()
    office.post(address, {"round": queries.key_of(late), "late_reason": "Lũ lụt"})
    assert RoundEntry.objects.get().late_reason == "Lũ lụt"


def test_the_desk_lists_the_oldest_letter_first_and_accepts_the_chosen(office):
    young, old = proposed("Kẹo lạc", date(2026, 9, 2)), proposed("Bún khô", date(2026, 9, 1))
    page = office.get(reverse("evaluation:desk"))
    assert list(page.context["page_obj"]) == [old, young]
    assert "Có Mẫu 03" in page.content.decode()
    data = {"dossiers": [young.pk, old.pk], "round": queries.key_of(far_round())}
    assert office.post(reverse("evaluation:desk"), data).status_code == 302
    assert RoundEntry.objects.filter(round=far_round()).count() == 2


def test_the_desk_says_at_the_row_why_nothing_was_accepted(office, officer):
    late = ended_early(officer)
    good, bad = proposed("Kẹo lạc", TODAY() - timedelta(days=3)), proposed("Bún khô", TODAY())
    data = {"dossiers": [good.pk, bad.pk], "round": queries.key_of(late)}
    page = office.post(reverse("evaluation:desk"), data)
    rows = {row: (row.refusal != "", row.is_chosen) for row in page.context["page_obj"]}
    assert rows == {good: (False, True), bad: (True, True)}
    assert "Chưa tiếp nhận hồ sơ nào" in page.content.decode()
    assert not RoundEntry.objects.exists()


def test_the_desk_refuses_an_empty_choice_and_a_dossier_already_gone(office, officer):
    dossier = proposed()
    key = queries.key_of(far_round())
    assert "ít nhất một hồ sơ" in office.post(reverse("evaluation:desk"), {"round": key}).content.decode()
    rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=officer)
    gone = office.post(reverse("evaluation:desk"), {"round": key, "dossiers": [dossier.pk]})
    assert "không còn chờ tiếp nhận" in gone.content.decode()


def test_the_desk_is_filtered_by_the_round_a_letter_is_in_time_for(office, officer):
    early, later = proposed("Kẹo lạc", date(NEXT_YEAR, 4, 30)), proposed("Bún khô", date(NEXT_YEAR, 5, 1))
    for number, wanted in ((1, early), (2, later)):
        page = office.get(reverse("evaluation:desk"), {"round": f"{NEXT_YEAR}-{number}"})
        assert list(page.context["page_obj"]) == [wanted]


def test_the_desk_shows_no_other_province(office):
    commune = make_commune("Xã Vạn An", "17950", make_province("40", "Tỉnh Nghệ An"))
    make_dossier(make_product(entity=make_entity(commune=commune)), DossierState.PROPOSED)
    assert not office.get(reverse("evaluation:desk")).context["page_obj"].object_list


def test_the_page_of_a_round_counts_its_dossiers_and_names_the_late_ones(office, officer):
    late = ended_early(officer)
    in_time, after = proposed("Kẹo lạc", TODAY() - timedelta(days=3)), proposed("Bún khô", TODAY())
    rounds.accept_into_round(dossier=in_time, evaluation_round=late, by=officer)
    rounds.accept_into_round(dossier=after, evaluation_round=late, late_reason="Lũ lụt", by=officer)
    page = office.get(reverse("evaluation:round", args=[late.pk]))
    assert [(count.state, count.number) for count in page.context["states"]] == [(DossierState.ACCEPTED, 2)]
    assert [entry.dossier for entry in page.context["late"]] == [after]
    assert "Lũ lụt" in page.content.decode()
    none = office.get(reverse("evaluation:round", args=[late.pk]), {"trang_thai": "scored"})
    assert not none.context["entries"]


def test_leadership_reads_rounds_and_changes_nothing(client):
    client.force_login(make_user("lanh-dao", Role.LEADERSHIP))
    page = client.get(reverse("evaluation:round", args=[far_round().pk]))
    assert page.status_code == 200 and not page.context["may_manage"]
    assert client.get(reverse("evaluation:round_edit", args=[far_round().pk])).status_code == 403


def test_a_round_whose_day_is_near_stands_on_the_home_page(officer, monkeypatch):
    far_round()
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(NEXT_YEAR, 4, 20))
    lines = [(todo.title, todo.due) for todo in todos_for(officer)]
    assert lines == [("Sắp hết hạn nhận hồ sơ", date(NEXT_YEAR, 4, 30))]
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(NEXT_YEAR, 4, 10))
    assert todos_for(officer) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_desk_and_round_take_few_queries_whatever_the_rows(
    rows, office, officer, django_assert_max_num_queries
):
    for number in range(rows):
        proposed(f"Sản phẩm {number}")
        entered = proposed(f"Đã nhận {number}")
        rounds.accept_into_round(dossier=entered, evaluation_round=far_round(), by=officer)
    with django_assert_max_num_queries(12):
        office.get(reverse("evaluation:desk"))
    with django_assert_max_num_queries(12):
        office.get(reverse("evaluation:round", args=[far_round().pk]))
    with django_assert_max_num_queries(7):
        office.get(reverse("evaluation:rounds"))


# --- advisory team ---


@pytest.fixture
def adviser():
    return make_user("tu.van", Role.ADVISORY_MEMBER)


def given(adviser, officer, **fields) -> AdvisoryAssignment:
    dossier = proposed()
    rounds.accept_into_round(dossier=dossier, evaluation_round=far_round(), by=officer)
    return advisory.assign(dossier=dossier, member=adviser, by=officer, **fields)


def test_a_member_reads_what_was_given_and_nothing_else(client, adviser, officer):
    assignment, other = given(adviser, officer), proposed("Kẹo lạc")
    client.force_login(adviser)
    page = client.get(reverse("evaluation:assigned_dossier", args=[assignment.dossier_id]))
    text = page.content.decode()
    assert "Bánh đa vừng" in text and "Bà truyền cho cháu." in text and "Nghề của làng" in text
    assert client.get(reverse("evaluation:assigned_dossier", args=[other.pk])).status_code == 404
    assert client.get(reverse("products:dossier", args=[assignment.dossier_id])).status_code == 403
    assert list(client.get(reverse("evaluation:assigned")).context["assignments"]) == [assignment]


def test_a_member_hears_of_the_task_and_until_when(adviser, officer):
    due = timezone.localdate() + timedelta(days=7)
    assignment = given(adviser, officer, due_on=due)
    notice = adviser.notices.get()
    assert notice.url == reverse("evaluation:assigned_dossier", args=[assignment.dossier_id])
    assert "Được giao tham mưu hồ sơ" in notice.title
    assert f"hạn {due:%d/%m/%Y}" in notice.body


def test_a_dossier_taken_back_is_read_no_longer(client, adviser, officer):
    assignment = given(adviser, officer)
    with pytest.raises(DomainError, match="lý do"):
        advisory.unassign(assignment=assignment, reason=" ", by=officer)
    advisory.unassign(assignment=assignment, reason="Có quan hệ họ hàng", by=officer)
    client.force_login(adviser)
    assert client.get(reverse("evaluation:assigned_dossier", args=[assignment.dossier_id])).status_code == 404
    entry = AuditEntry.objects.get(verb="advisory.unassign")
    assert (entry.reason, entry.before["person"]) == ("Có quan hệ họ hàng", str(adviser))


def test_a_dossier_is_given_once_to_a_person_of_the_team_without_a_stake(adviser, officer):
    assignment = given(adviser, officer)
    dossier = assignment.dossier
    with pytest.raises(DomainError, match="đã được giao"):
        advisory.assign(dossier=dossier, member=adviser, by=officer)
    from_elsewhere = make_user("nghe-an", Role.ADVISORY_MEMBER, make_province("40", "Tỉnh Nghệ An"))
    with pytest.raises(DomainError, match="không phải thành viên"):
        advisory.assign(dossier=dossier, member=from_elsewhere, by=officer)
    partial = make_user("nguoi-nha", Role.ADVISORY_MEMBER)
    partial.entity_accounts.create(entity=dossier.product.entity)
    with pytest.raises(DomainError, match="làm việc cho chủ thể"):
        advisory.assign(dossier=dossier, member=partial, by=officer)
    with pytest.raises(DomainError, match="quá khứ"):
        member = make_user("tu-van-2", Role.ADVISORY_MEMBER)
        advisory.assign(dossier=dossier, member=member, due_on=TODAY() - timedelta(days=1), by=officer)


def test_a_dossier_is_given_only_while_it_waits_for_the_council(adviser, officer):
    with pytest.raises(DomainError, match="Chờ tỉnh kiểm tra"):
        advisory.assign(dossier=proposed(), member=adviser, by=officer)


def test_giving_and_taking_back_from_the_page(office, adviser, officer):
    assignment = given(adviser, officer)
    second = make_user("tu-van-2", Role.ADVISORY_MEMBER)
    page = reverse("evaluation:advisers", args=[assignment.dossier_id])
    assert list(office.get(page).context["form"].people.values()) == [second]
    office.post(page, {"members": [second.pk], "due_on": f"{TODAY():%d/%m/%Y}"})
    assert AdvisoryAssignment.objects.get(member=second).due_on == TODAY()
    address = reverse("evaluation:unassign", args=[assignment.pk])
    assert "reason" in office.post(address, {}).context["form"].errors
    assert office.post(address, {"reason": "Đi công tác"}).url == page
    assert list(AdvisoryAssignment.objects.values_list("member", flat=True)) == [second.pk]


def test_a_given_dossier_waits_on_the_members_home_page(adviser, officer):
    due = TODAY() + timedelta(days=5)
    assignment = given(adviser, officer, due_on=due)
    (todo,) = todos_for(adviser)
    assert (todo.subject, todo.due, todo.overdue) == ("Bánh đa vừng", due, False)
    assert todo.url == reverse("evaluation:assigned_dossier", args=[assignment.dossier_id])


@pytest.mark.parametrize("rows", [1, 3])
def test_a_members_pages_take_few_queries_whatever_the_rows(
    rows, client, adviser, officer, django_assert_max_num_queries
):
    for number in range(rows):
        dossier = proposed(f"Sản phẩm {number}")
        rounds.accept_into_round(
            dossier=dossier, evaluation_round=far_round(), advisers=[adviser], by=officer
        )
    client.force_login(adviser)
    with django_assert_max_num_queries(8):
        client.get(reverse("evaluation:assigned"))
    with django_assert_max_num_queries(10):
        client.get(reverse("evaluation:assigned_dossier", args=[dossier.pk]))


def test_a_member_opens_the_papers_of_the_dossier(client, adviser, officer):
    assignment = given(adviser, officer)
    paper = assignment.dossier.current_version.evidences.first()
    client.force_login(adviser)
    page = client.get(reverse("evaluation:assigned_dossier", args=[assignment.dossier_id]))
    address = reverse("evaluation:evidence_view", args=[paper.pk])
    assert address in page.content.decode()
    assert client.get(address).status_code == 200
    advisory.unassign(assignment=assignment, reason="Bận", by=officer)
    assert client.get(address).status_code == 404
