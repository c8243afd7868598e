"""Conflict of interest: hinted, declared, taken back; what it does to sheets, counts and what is seen."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Membership
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import RecusalGround, SheetState
from evaluation.models import AgendaItem, Recusal, Sheet
from evaluation.queries.conflicts import hints_of
from evaluation.queries.quorum import quorum_of
from evaluation.services import councils, recusals, results, sessions, sheets, teams
from evaluation.tests.factories import (
    accepted_dossier,
    choose,
    make_council,
    make_session,
    member,
    open_item,
    open_session_with,
    scored_item,
    sheet_of,
)
from products.models import EntityAccount
from products.tests.factories import provincial_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def officer():
    return provincial_officer()


def give_role(user, role, unit):
    Membership.objects.create(user=user, role=role, unit=unit, valid_from=date(2026, 1, 1))


def seat_of(item, name):
    return item.session.council.seats.select_related("user").get(user__username=name)


def recuse(item, name, by=None, ground=RecusalGround.RELATED, reason=""):
    return recusals.recuse(
        item=item, seat=seat_of(item, name), ground=ground, reason=reason, by=by or member(name)
    )


def test_a_recused_members_sheet_is_set_aside_and_comes_back(officer):
    item = open_item()
    choose(sheet_of(item, "uy.vien"), "1.1", 2)
    made = recuse(item, "uy.vien")
    sheet = sheet_of(item, "uy.vien")
    assert sheet.state == SheetState.SET_ASIDE
    with pytest.raises(DomainError):
        choose(sheet, "1.2", 1)
    with pytest.raises(DomainError, match="Hãy ghi lý do rút"):
        recusals.withdraw(recusal=made, reason=" ", by=member("uy.vien"))
    recusals.withdraw(recusal=made, reason="Không còn quan hệ.", by=member("uy.vien"))
    choose(sheet_of(item, "uy.vien"), "1.2", 1)
    assert sheet_of(item, "uy.vien").choices.count() == 2
    with pytest.raises(DomainError, match="đã được rút"):
        recusals.withdraw(recusal=made, reason="Lần nữa", by=officer)
    verbs = AuditEntry.objects.filter(verb__startswith="item.recus").order_by("pk")
    assert [entry.verb for entry in verbs] == ["item.recuse", "item.recusal_withdrawn"]


def test_a_recused_members_submitted_sheet_stays_and_is_not_in_the_result(officer):
    item = scored_item()
    recuse(item, "uy.vien", reason="Em ruột của giám đốc.")
    result = results.close_item(item=item, by=officer)
    assert result.sheets_counted == 2
    assert [row["name"] for row in result.detail["members"]] == [
        str(member(n)) for n in ("chu.tich", "thu.ky")
    ]
    [frozen] = result.detail["recusals"]
    assert (frozen["name"], frozen["reason"]) == (str(member("uy.vien")), "Em ruột của giám đốc.")
    assert sheet_of(item, "uy.vien").state == SheetState.SUBMITTED
    with pytest.raises(DomainError, match="đã có kết quả"):
        recuse(item, "thu.ky")


def test_the_sheet_of_who_left_is_taken_out_when_a_conflict_is_found_afterwards(client, officer):
    item = scored_item()
    council = item.session.council
    councils.add_seat(council=council, user=make_user("moi", Role.COUNCIL_MEMBER), by=officer)
    for name in ("uy.vien", "moi"):
        councils.leave_seat(seat=seat_of(item, name), by=officer)
    with pytest.raises(PermissionDenied):
        recuse(item, "uy.vien")
    with pytest.raises(DomainError, match="không có phiếu nào ở hồ sơ này"):
        recuse(item, "moi", by=officer)
    assert quorum_of(item).submitted == 3
    client.force_login(member("thu.ky"))
    page = reverse("evaluation:recuse", args=[item.pk])
    names = dict(client.get(page).context["form"].fields["seat"].choices)
    assert names[str(seat_of(item, "uy.vien").pk)].endswith("Ủy viên, đã thôi tham gia")
    assert str(seat_of(item, "moi").pk) not in names
    client.post(page, {"seat": seat_of(item, "uy.vien").pk, "ground": RecusalGround.RELATED})
    quorum = quorum_of(item)
    assert (quorum.submitted, quorum.seats, quorum.recused) == (2, 2, 1)
    assert results.close_item(item=item, by=officer).sheets_counted == 2


def test_who_may_declare_for_whom(officer):
    item = open_item()
    with pytest.raises(PermissionDenied):
        recuse(item, "thu.ky", by=member("uy.vien"))
    recuse(item, "uy.vien", by=member("thu.ky"))
    with pytest.raises(DomainError, match="không chấm hồ sơ này"):
        recuse(item, "uy.vien", by=officer)
    # What the council recorded, the member does not take back; neither does the secretary one's own case.
    made = item.recusals.get()
    with pytest.raises(PermissionDenied):
        recusals.withdraw(recusal=made, reason="Không đúng", by=member("uy.vien"))
    own = recuse(item, "thu.ky", by=member("chu.tich"))
    with pytest.raises(PermissionDenied):
        recusals.withdraw(recusal=own, reason="Không đúng", by=member("thu.ky"))
    recusals.withdraw(recusal=own, reason="Ghi nhầm người", by=member("chu.tich"))


def test_another_reason_is_said_in_words():
    with pytest.raises(DomainError, match="Hãy ghi rõ") as refusal:
        recuse(open_item(), "uy.vien", ground=RecusalGround.OTHER)
    assert refusal.value.field == "reason"


def test_who_declared_before_the_session_gets_no_sheet(officer):
    session = make_session()
    [item] = sessions.add_dossiers(session=session, dossiers=[accepted_dossier()], by=officer)
    made = recuse(item, "uy.vien")
    sessions.open_session(session=session, by=officer)
    assert not Sheet.objects.filter(item=item, seat__user=member("uy.vien")).exists()
    recusals.withdraw(recusal=made, reason="Khai nhầm hồ sơ", by=member("uy.vien"))
    assert sheet_of(item, "uy.vien").state == SheetState.DRAFT


def test_every_conflict_the_system_can_see_is_hinted_at(officer, django_assert_num_queries):
    of_commune = make_user("can-bo-18682", Role.COMMUNE_OFFICER, make_commune())
    give_role(of_commune, Role.COUNCIL_MEMBER, make_province())
    council = make_council(
        (("chu.tich", "chair"), ("can-bo-18682", "member"), ("nguoi.ky", "member"), ("tu.van", "member"),
         ("ke.toan", "member"), ("dai.dien", "member"), ("khong.lien.quan", "member"))
    )  # fmt: skip
    item = open_session_with(council=council).items.get()
    dossier = item.version.dossier
    entity = dossier.product.entity
    for name, full_name in (("nguoi.ky", "Người Ký Thử"), ("dai.dien", "NGUOI DAI DIEN THU")):
        person = member(name)
        person.full_name = full_name
        person.save()
    give_role(member("tu.van"), Role.ADVISORY_MEMBER, council.unit)
    teams.add_to_team(council=council, user=member("tu.van"), by=officer)
    EntityAccount.objects.create(entity=entity, user=member("ke.toan"))
    items = list(
        AgendaItem.objects.select_related("version__dossier__product__entity", "version__dossier__commune")
    )
    seats = list(council.seats.select_related("user"))
    with django_assert_num_queries(6):
        found = hints_of(items, seats)
    said = {
        seat.user.username: [(hint.ground, hint.words) for hint in found[item.pk, seat.pk]]
        for seat in seats
        if (item.pk, seat.pk) in found
    }
    assert said == {
        "can-bo-18682": [
            ("same_unit", f"công tác tại {dossier.commune}"),
            ("signed_report", "đã lập báo cáo của cấp xã (Mẫu 03)"),
            ("signed_report", "đã gửi đề nghị của cấp xã"),
        ],
        "nguoi.ky": [("signed_report", "trùng tên người ký báo cáo của cấp xã")],
        "tu.van": [("advised", "là thành viên Tổ tư vấn của Hội đồng")],
        "ke.toan": [("representative", "có tài khoản của chủ thể")],
        "dai.dien": [("representative", "trùng tên người đại diện của chủ thể")],
    }


def test_the_member_sees_the_hint_and_declares_from_the_list(client):
    item = open_item()
    EntityAccount.objects.create(entity=item.version.dossier.product.entity, user=member("uy.vien"))
    client.force_login(member("uy.vien"))
    page = client.get(reverse("evaluation:sheets")).content.decode()
    assert "Có thể có xung đột lợi ích: có tài khoản của chủ thể." in page
    address = reverse("evaluation:recuse", args=[item.pk])
    assert address in page
    form = client.get(address).context["form"]
    assert form.initial["ground"] == RecusalGround.REPRESENTATIVE
    assert list(form.seats.values()) == [seat_of(item, "uy.vien")]
    other = {"seat": seat_of(item, "thu.ky").pk, "ground": "related"}
    assert client.post(address, other).context["form"].errors["seat"]
    client.post(address, {"seat": seat_of(item, "uy.vien").pk, "ground": "representative"})
    after = client.get(reverse("evaluation:sheets")).content.decode()
    assert "Không chấm" in after and "Chấm tiếp" not in after and "Bắt đầu chấm" not in after


def test_who_is_recused_reads_neither_conclusions_nor_advice_before_closing(client, officer):
    item = scored_item()
    criterion = item.criteria_set.criteria.get(code="1.1")
    results.conclude(item=item, criterion=criterion, option=None, reason="Không có hợp đồng.", by=officer)
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:result", args=[item.pk])
    assert "Không có hợp đồng." in client.get(address).content.decode()
    recuse(item, "thu.ky")
    page = client.get(address).content.decode()
    assert "Không có hợp đồng." not in page and "Báo cáo Tổ tư vấn" not in page
    assert client.get(reverse("evaluation:item_reviews", args=[item.pk])).status_code == 403


def test_the_secretary_sees_hints_and_recusals_an_ordinary_member_does_not(client):
    item = open_item()
    EntityAccount.objects.create(entity=item.version.dossier.product.entity, user=member("uy.vien"))
    for name, sees in (("thu.ky", True), ("uy.vien", False)):
        client.force_login(member(name))
        page = client.get(reverse("evaluation:session", args=[item.session_id])).content.decode()
        assert ("có tài khoản của chủ thể" in page) is sees


def test_the_secretary_names_the_member_and_nobody_is_named_by_the_form(client):
    item = open_item()
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:recuse", args=[item.pk])
    assert client.get(address).context["form"].initial["seat"] == ""
    assert client.post(address, {"seat": "", "ground": "related"}).context["form"].errors["seat"]
    own = seat_of(item, "thu.ky").pk
    assert f"{address}?seat={own}" in client.get(reverse("evaluation:sheets")).content.decode()
    assert client.get(address, {"seat": own}).context["form"].initial["seat"] == str(own)
    assert not Recusal.objects.exists()


def test_a_stranger_to_the_council_declares_nothing(client):
    item = open_item()
    client.force_login(make_user("nguoi.ngoai", Role.COUNCIL_MEMBER))
    assert client.post(reverse("evaluation:recuse", args=[item.pk]), {"ground": "related"}).status_code == 404


def test_submitting_waits_for_nobody_who_is_recused(officer):
    item = scored_item(count=2)
    recuse(item, "uy.vien")
    with pytest.raises(DomainError):
        sheets.submit(sheet=sheet_of(item, "uy.vien"), by=member("uy.vien"))
    assert results.close_item(item=item, by=officer).detail["quorum"]["seats"] == 2
