"""What is filed or submitted stays, whoever writes and by whatever way."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_province, make_user
from evaluation.enums import SeatRole
from evaluation.models import Choice, CriteriaSet, SelfAssessment, SelfChoice, Sheet
from evaluation.services import councils, self_assessment, sessions
from evaluation.tests.factories import (
    SET_1_CHOICES,
    choose,
    make_session,
    member,
    open_item,
    sheet_of,
    submit,
)
from products.enums import DossierState
from products.tests.factories import make_dossier, make_product, owner_of, provincial_officer, take_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


def assessed_dossier(name: str, state: str = DossierState.DRAFT):
    """A dossier of set 1 with one choice of its self-assessment, filed when `state` says so."""
    dossier = make_dossier(make_product(name, set_number=1))
    version = dossier.current_version
    leaf = CriteriaSet.objects.get(code="qd26-01").criteria.filter(is_leaf=True).first()
    self_assessment.save_choice(
        version=version, criterion_id=leaf.pk, option_id=None, by=owner_of(dossier.product.entity)
    )
    if state == DossierState.SUBMITTED:
        take_step(dossier, "submit")
    return SelfAssessment.objects.get(version=version)


def test_a_choice_cannot_be_moved_out_of_a_submitted_sheet():
    item = open_item()
    submitted = submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[0])
    with pytest.raises(DatabaseError, match="submitted sheet"), transaction.atomic():
        Choice.objects.filter(sheet=submitted).update(sheet=sheet_of(item, "thu.ky"))


def test_a_choice_cannot_be_moved_into_a_submitted_sheet():
    item = open_item()
    draft = sheet_of(item, "thu.ky")
    choose(draft, "1.1", 1)
    submitted = submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[0])
    with pytest.raises(DatabaseError, match="submitted sheet"), transaction.atomic():
        Choice.objects.filter(sheet=draft).update(sheet=submitted)


def test_a_choice_cannot_be_moved_out_of_a_filed_self_assessment():
    filed = assessed_dossier("Rau thơm", DossierState.SUBMITTED)
    draft = assessed_dossier("Rau cải")
    draft.choices.all().delete()
    with pytest.raises(DatabaseError, match="submitted dossier version"), transaction.atomic():
        SelfChoice.objects.filter(assessment=filed).update(assessment=draft)


def test_a_filed_self_assessment_keeps_its_table():
    """The agenda takes the scoring table from it: another table would change the result."""
    filed = assessed_dossier("Rau thơm", DossierState.SUBMITTED)
    other = CriteriaSet.objects.get(code="qd26-02")
    with pytest.raises(DatabaseError, match="submitted dossier version"), transaction.atomic():
        SelfAssessment.objects.filter(pk=filed.pk).update(criteria_set=other)


def test_who_is_seated_while_a_session_is_being_opened_gets_sheets():
    session = make_session()
    dossier = make_dossier(make_product("Rau thơm", set_number=1), DossierState.ACCEPTED)
    sessions.add_dossiers(session=session, dossiers=[dossier], by=provincial_officer())
    sessions.open_session(session=session, by=provincial_officer())
    councils.add_seat(
        council=session.council, user=member("moi.den"), role=SeatRole.MEMBER, by=provincial_officer()
    )
    assert Sheet.objects.filter(seat__user__username="moi.den").count() == 1


def test_a_seat_in_another_provinces_council_does_not_let_its_holder_run_it():
    abroad = make_province("40", "Tỉnh Nghệ An")
    guest = make_user("khach", Role.PROVINCIAL_OFFICER, abroad)
    item = open_item()
    guest.memberships.create(role=Role.COUNCIL_MEMBER, unit=make_province(), valid_from="2025-07-01")
    council = item.session.council
    councils.add_seat(council=council, user=guest, role=SeatRole.MEMBER, by=provincial_officer())
    del guest.scope
    assert guest.has_perm("evaluation.view_council", council)
    for permission, obj in (
        ("manage_council", council),
        ("manage_session", item.session),
        ("record_conclusion", item),
        ("close_item", item),
        ("decide_item", item),
    ):
        assert not guest.has_perm(f"evaluation.{permission}", obj), permission
        assert provincial_officer().has_perm(f"evaluation.{permission}", obj), permission


def test_an_opinion_is_kept_composed_and_without_nul(client):
    sheet = sheet_of(open_item(), "chu.tich")
    client.force_login(sheet.seat.user)
    url = reverse("evaluation:sheet_opinion", args=[sheet.pk])
    client.post(url, {"opinion": "Đề nghi\u0323\x00\nSửa nhãn"})
    sheet.refresh_from_db()
    assert sheet.opinion == "Đề nghị\nSửa nhãn"
    client.post(url, {"opinion": "x" * 5001})
    sheet.refresh_from_db()
    assert sheet.opinion == "Đề nghị\nSửa nhãn"
