"""Closing, the frozen result, the decision, and who sees what when. Figures of docs/scoring.md."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_user
from core.exceptions import DomainError
from core.models import AuditEntry
from evaluation.enums import ItemState
from evaluation.models import AgendaItem, Criterion, Result
from evaluation.queries.plots import dot_plot
from evaluation.queries.results import result_page, sentence_of
from evaluation.queries.scoring_sets import scoring_set
from evaluation.services import councils, minutes, results
from evaluation.tests.factories import (
    SESSION_DAY,
    choose,
    fill,
    ids,
    member,
    open_item,
    scored_item,
    sheet_of,
    submit,
)
from evaluation.tests.sheets import SET_1_CHOICES
from products.enums import DossierKind, DossierState, RecognitionState
from products.models import Dossier, Recognition
from products.services import record_recognition
from products.tests.factories import commune_officer_of, owner_of, provincial_officer, recognise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]
DECISION = {"decision_number": "55/QĐ-UBND", "decided_on": date(2026, 6, 20)}


@pytest.fixture
def officer():
    return provincial_officer()


def close(item):
    return results.close_item(item=item, by=provincial_officer())


def conclude(item, code, position, by=None):
    criterion_id, option_id = ids(item, code, position)
    leaf = Criterion.objects.get(pk=criterion_id)
    return results.conclude(
        item=item,
        criterion=leaf,
        option=leaf.options.get(pk=option_id) if option_id else None,
        reason="Hội đồng đã xem bản gốc",
        by=by or provincial_officer(),
    )


def unmet(result):
    return [(line["criterion"], line["star"]) for line in result.detail["unmet"]]


def dossier_of(item):
    return AgendaItem.objects.get(pk=item.pk).version.dossier


def all_best(item):
    table = scoring_set(item.criteria_set_id)
    return {leaf.code: max(leaf.options, key=lambda o: o.points).position for leaf in table.leaves}


def item_with_three_of(choices_of, **settings):
    item = open_item(**settings)
    for username in ("chu.tich", "thu.ky", "uy.vien"):
        submit(sheet_of(item, username), choices_of(item))
    return item


def potential_five_item():
    return item_with_three_of(all_best)


def two_star_item():
    """73 points, yet 10 Đảm bảo chất lượng is not met at all: a condition of three stars."""
    return item_with_three_of(lambda item: {**SET_1_CHOICES[0], "10": 0})


# --- closing ---


def test_the_result_is_exact_and_kept_with_all_its_reasons():
    item = scored_item()
    result = close(item)
    assert (result.total_numerator, result.total_denominator) == (214, 3)
    assert (result.star_by_score, result.star) == (4, 3)
    assert (result.recognisable, result.potential_five) == (True, False)
    assert result.sheets_counted == 3
    detail = result.detail
    assert detail["total"] == {"shown": "71.33", "exact": [214, 3]}
    assert [section["mean"]["shown"] for section in detail["sections"]] == ["30.66", "17.00", "23.66"]
    members = [(member["name"], member["total"]) for member in detail["members"]]
    assert members == [("Chu Tich", 73), ("Thu Ky", 70), ("Uy Vien", 71)]
    assert (detail["median"]["shown"], detail["spread"], detail["spread_exceeded"]) == ("71.00", 3, False)
    counted = {"seats": 3, "submitted": 3, "drafts": 0, "needed": 2, "share": "2/3", "basis": "sheets"}
    assert detail["quorum"] == {**counted, "attending": 0, "waiting": 0, "recused": 0}
    assert len(detail["leaves"]) == 32


def test_the_result_is_said_in_one_sentence():
    result = close(scored_item())
    assert sentence_of(result) == (
        "71,33 điểm - đạt 4 sao theo điểm, xếp 3 sao vì thiếu 1 điều kiện bắt buộc 4 sao: "
        "4.1\u00a0Khu vực phân phối chính."
    )


def test_closing_moves_the_dossier_and_the_item():
    item = scored_item()
    close(item)
    item.refresh_from_db()
    assert item.state == ItemState.CLOSED
    assert dossier_of(item).state == DossierState.SCORED
    assert AuditEntry.objects.filter(verb="item.close").count() == 1


# 4.1 needs 3 points for four stars, chosen 5, 2, 2; 3.5 needs 2, chosen 2, 2, 1.
@pytest.mark.parametrize(
    ("rule", "missing", "star"),
    [
        ("majority", [("4.1", 4)], 3),
        ("mean", [("3.5", 4)], 3),
        ("all", [("3.5", 4), ("4.1", 4)], 3),
    ],
)
def test_each_gate_rule_of_the_regulation(rule, missing, star):
    result = close(scored_item(gate_rule=rule))
    assert (result.gate_rule, unmet(result), result.star) == (rule, missing, star)


def test_by_conclusion_only_what_the_council_concluded_is_met():
    item = scored_item(gate_rule="conclusion")
    conclude(item, "10", 2)
    result = close(item)
    assert ("10", 3) not in unmet(result)
    assert ("9", 3) in unmet(result)
    assert (result.star_by_score, result.star) == (4, 2)


def test_a_recorded_conclusion_prevails_over_the_members_choices():
    item = scored_item()
    conclude(item, "4.1", 3)
    result = close(item)
    assert (unmet(result), result.star, result.detail["total"]["shown"]) == ([], 4, "71.33")
    [kept] = result.detail["conclusions"]
    assert (kept["criterion"], kept["position"], kept["reason"]) == ("4.1", 3, "Hội đồng đã xem bản gốc")


def test_a_later_conclusion_replaces_the_earlier_one():
    item = scored_item()
    conclude(item, "4.1", 3)
    conclude(item, "4.1", 1)
    assert item.conclusions.get().option.position == 1


def test_a_conclusion_needs_a_reason_and_the_right_table():
    item = scored_item()
    leaf = Criterion.objects.get(criteria_set=item.criteria_set_id, code="4.1")
    other = Criterion.objects.get(criteria_set=item.criteria_set_id, code="3.5").options.first()
    foreign = Criterion.objects.get(criteria_set__code="qd26-02", code="4.1")
    by = provincial_officer()
    with pytest.raises(DomainError, match="lý do"):
        results.conclude(item=item, criterion=leaf, option=None, reason="  ", by=by)
    with pytest.raises(PermissionDenied):
        results.conclude(item=item, criterion=leaf, option=other, reason="x", by=by)
    with pytest.raises(PermissionDenied):
        results.conclude(item=item, criterion=foreign, option=None, reason="x", by=by)


def test_secretary_and_chair_record_conclusions_an_ordinary_member_does_not(client):
    item = scored_item()
    conclude(item, "4.1", 3, by=member("thu.ky"))
    conclude(item, "4.1", 3, by=member("chu.tich"))
    with pytest.raises(PermissionDenied):
        conclude(item, "4.1", 3, by=member("uy.vien"))
    client.force_login(member("uy.vien"))
    assert client.get(reverse("evaluation:conclude", args=[item.pk])).status_code == 403
    assert client.get(reverse("evaluation:exclude", args=[item.pk])).status_code == 403


def test_an_excluded_dossier_has_no_star_and_its_ground_is_kept(officer):
    item = scored_item()
    results.exclude(item=item, ground="Giả mạo hồ sơ", evidence="Công văn 12/CA", by=officer)
    result = close(item)
    assert (result.star, result.excluded, result.recognisable) == (None, True, False)
    assert sentence_of(result) == "71,33 điểm. Hồ sơ bị loại: Giả mạo hồ sơ; không xếp hạng sao."
    results.confirm_exclusion(item=item, by=officer)
    assert dossier_of(item).state == DossierState.EXCLUDED


def test_an_exclusion_is_recorded_once_with_ground_and_evidence(officer):
    item = scored_item()
    for ground, evidence, field in (("", "x", "ground"), ("x", " ", "evidence")):
        with pytest.raises(DomainError) as refusal:
            results.exclude(item=item, ground=ground, evidence=evidence, by=officer)
        assert refusal.value.field == field
    results.exclude(item=item, ground="Giả mạo hồ sơ", evidence="Công văn 12/CA", by=officer)
    with pytest.raises(DomainError, match="lần thứ hai"):
        results.exclude(item=item, ground="Khác", evidence="x", by=officer)


# --- quorum ---


def test_without_quorum_the_numbers_are_named():
    with pytest.raises(DomainError, match=r"cần 2 phiếu đã nộp trên 3 thành viên \(2/3\), mới có 1"):
        close(scored_item(count=1))


SHARES = [((2, 3), 2), ((3, 4), 3), ((1, 2), 2), ((1, 3), 1), ((1, 1), 3)]


@pytest.mark.parametrize(("share", "enough"), SHARES)
def test_the_quorum_is_the_share_of_the_seats_rounded_up(share, enough):
    numerator, denominator = share
    settings = {"quorum_numerator": numerator, "quorum_denominator": denominator}
    if enough > 1:
        with pytest.raises(DomainError, match=f"cần {enough} phiếu"):
            close(scored_item(count=enough - 1, **settings))
    else:
        assert close(scored_item(count=1, **settings)).sheets_counted == 1


def test_a_draft_is_not_counted_and_that_is_said():
    item = scored_item(count=2)
    choose(sheet_of(item, "uy.vien"), "1.1", 1)
    result = close(item)
    assert (result.sheets_counted, result.detail["quorum"]["drafts"]) == (2, 1)
    assert (result.total_numerator, result.total_denominator) == (143, 2)


def test_who_left_after_submitting_still_counts(officer):
    item = scored_item()
    councils.leave_seat(seat=sheet_of(item, "uy.vien").seat, by=officer)
    quorum = close(item).detail["quorum"]
    assert (quorum["seats"], quorum["submitted"], quorum["drafts"]) == (3, 3, 0)


def test_a_spread_over_the_limit_is_marked():
    item = open_item(spread_limit=2)
    for username, choices in zip(("chu.tich", "thu.ky", "uy.vien"), SET_1_CHOICES, strict=True):
        submit(sheet_of(item, username), choices)
    minutes.record_discussion(item=item, text="Đã thống nhất cách chấm 4.1", by=provincial_officer())
    detail = close(item).detail
    assert detail["spread_exceeded"] is True
    # 73, 70 and 71: only the first two are more than 2 points apart.
    assert detail["pairs"] == [{"first": 0, "second": 1, "difference": 3}]


# --- frozen ---


def test_a_result_is_closed_once():
    item = scored_item()
    close(item)
    with pytest.raises(DomainError, match="đã có kết quả"):
        close(item)
    for act in (
        lambda: conclude(item, "4.1", 3),
        lambda: results.exclude(item=item, ground="x", evidence="x", by=provincial_officer()),
    ):
        with pytest.raises(DomainError, match="đã có kết quả"):
            act()


def test_the_database_keeps_the_result_as_it_was_written():
    result = close(scored_item())
    for act in ("UPDATE evaluation_result SET star = 4", "DELETE FROM evaluation_result"):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            connection.cursor().execute(f"{act} WHERE id = %s", [result.pk])
    result.refresh_from_db()
    assert result.star == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_closings_at_the_same_time_one_wins(criteria):
    item = scored_item()
    officer, start, answers = provincial_officer(), threading.Barrier(2), []

    def hand():
        try:
            start.wait(timeout=10)
            answers.append(results.close_item(item=item, by=officer).pk)
        except DomainError as refusal:
            answers.append(refusal.message)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=hand) for _ in range(2)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    assert sorted(map(str, answers)) == sorted(
        [str(Result.objects.get().pk), "Hồ sơ này đã có kết quả; không thay đổi được nữa."]
    )
    assert AuditEntry.objects.filter(verb="item.close").count() == 1


# --- the decision ---


def test_a_recognition_holds_36_months_and_replaces_the_earlier_one(officer):
    item = scored_item()
    close(item)
    product = item.version.dossier.product
    words = {"decision_number": "1/QĐ-UBND", "decided_by": "UBND tỉnh"}
    earlier = Recognition.objects.create(product=product, star=3, decided_on=date(2023, 8, 1), **words)
    recognition = results.recognise(item=item, by=officer, **DECISION)
    earlier.refresh_from_db()
    assert (recognition.star, recognition.expires_on) == (3, date(2029, 6, 20))
    assert recognition.decided_by == "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"
    assert (recognition.dossier_id, recognition.legal_basis) == (item.version.dossier_id, "26/2026/QĐ-TTg")
    assert earlier.state == RecognitionState.REPLACED
    assert dossier_of(item).state == DossierState.RECOGNISED


def test_a_leap_day_expires_on_the_28th():
    assert results.years_later(date(2028, 2, 29), 3) == date(2031, 2, 28)


@pytest.mark.parametrize(
    ("number", "day", "field"),
    [
        (" ", date(2026, 6, 20), "number"),
        ("55", SESSION_DAY - timedelta(days=1), "day"),
        ("55", date(2999, 1, 1), "day"),
    ],
)
def test_a_decision_without_number_or_with_a_wrong_day_is_refused(officer, number, day, field):
    item = scored_item()
    close(item)
    with pytest.raises(DomainError) as refusal:
        results.recognise(item=item, decision_number=number, decided_on=day, by=officer)
    assert refusal.value.field == field
    assert not Recognition.objects.exists()


def test_two_stars_bring_no_recognition(officer):
    item = two_star_item()
    assert close(item).star == 2
    with pytest.raises(DomainError, match="3 sao hoặc 4 sao"):
        results.recognise(item=item, by=officer, **DECISION)
    results.reject(item=item, by=officer)
    assert dossier_of(item).state == DossierState.NOT_RECOGNISED


def test_a_potential_five_goes_to_the_ministry_and_is_not_recognised_here(officer):
    item = potential_five_item()
    assert close(item).potential_five
    for act in (
        lambda: results.recognise(item=item, by=officer, **DECISION),
        lambda: results.reject(item=item, by=officer),
        lambda: results.confirm_exclusion(item=item, by=officer),
    ):
        with pytest.raises(DomainError):
            act()
    send_letter(item, officer)
    assert dossier_of(item).state == DossierState.SENT_TO_MINISTRY
    assert not Recognition.objects.exists()


# --- the Ministry's answer ---


def send_letter(item, officer):
    letter = {"letter_number": "300/UBND-NL", "sent_on": date(2026, 6, 25)}
    results.send_to_ministry(item=item, by=officer, override="Bản gốc gửi sau", **letter)


def item_at_the_ministry():
    item = potential_five_item()
    close(item)
    send_letter(item, provincial_officer())
    return AgendaItem.objects.get(pk=item.pk)


def answer(item, star, by, number="77/QĐ-BNNMT", day=date(2026, 9, 15)):
    return results.record_ministry_answer(item=item, star=star, decision_number=number, decided_on=day, by=by)


@pytest.fixture
def autumn(monkeypatch):
    """Today is 1 October 2026: the Ministry has had its three months."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: date(2026, 10, 1))


@pytest.mark.usefixtures("autumn")
def test_the_ministry_s_number_stands_on_a_certificate_of_five_stars_only(officer):
    item = item_at_the_ministry()
    words = {"decision_number": "77/QĐ-BNNMT", "decided_on": date(2026, 9, 15), "by": officer}
    with pytest.raises(DomainError) as refusal:
        results.record_ministry_answer(item=item, star=4, certificate_number="15/BNNMT", **words)
    assert refusal.value.field == "certificate_number"
    assert not Recognition.objects.exists()
    entered = results.record_ministry_answer(item=item, star=5, certificate_number="15/BNNMT", **words)
    assert entered.certificate.number == "15/BNNMT"


@pytest.mark.parametrize(
    ("star", "decided_by"),
    [
        (5, "Bộ Nông nghiệp và Môi trường"),
        (4, "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"),
        (3, "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"),
    ],
)
@pytest.mark.usefixtures("autumn")
def test_the_ministry_recognises_five_stars_and_the_chairman_what_it_returns(officer, star, decided_by):
    item = item_at_the_ministry()
    product = item.version.dossier.product
    words = {"decision_number": "1/QĐ-UBND", "decided_by": "UBND tỉnh"}
    earlier = Recognition.objects.create(product=product, star=4, decided_on=date(2024, 8, 1), **words)
    recognition = answer(item, star, officer)
    earlier.refresh_from_db()
    assert (recognition.star, recognition.decided_by) == (star, decided_by)
    assert recognition.expires_on == date(2029, 9, 15)
    assert (recognition.dossier_id, recognition.legal_basis) == (item.version.dossier_id, "26/2026/QĐ-TTg")
    assert earlier.state == RecognitionState.REPLACED
    assert dossier_of(item).state == DossierState.RECOGNISED
    step = "ministry_recognise" if star == 5 else "ministry_return"
    assert AuditEntry.objects.get(verb=f"dossier.{step}").reason == "Quyết định 77/QĐ-BNNMT ngày 15/09/2026"


@pytest.mark.parametrize(
    ("star", "number", "day", "field"),
    [
        (2, "77/QĐ-BNNMT", date(2026, 9, 15), "star"),
        (6, "77/QĐ-BNNMT", date(2026, 9, 15), "star"),
        (5, " ", date(2026, 9, 15), "number"),
        (5, "77/QĐ-BNNMT", SESSION_DAY - timedelta(days=1), "day"),
        (5, "77/QĐ-BNNMT", date(2026, 10, 2), "day"),
    ],
)
@pytest.mark.usefixtures("autumn")
def test_a_wrong_answer_of_the_ministry_is_refused_beside_its_field(officer, star, number, day, field):
    item = item_at_the_ministry()
    with pytest.raises(DomainError) as refusal:
        answer(item, star, officer, number, day)
    assert refusal.value.field == field
    assert dossier_of(item).state == DossierState.SENT_TO_MINISTRY
    assert not Recognition.objects.exists()


@pytest.mark.usefixtures("autumn")
def test_the_ministry_answers_once_and_only_what_was_sent(officer):
    item = potential_five_item()
    with pytest.raises(DomainError, match="chưa có kết quả"):
        answer(item, 5, officer)
    close(item)
    with pytest.raises(DomainError, match="không thể thực hiện"):
        answer(item, 5, officer)
    send_letter(item, officer)
    answer(item, 5, officer)
    with pytest.raises(DomainError, match="đã thực hiện"):
        answer(item, 4, officer)
    assert Recognition.objects.get().star == 5


@pytest.mark.usefixtures("autumn")
def test_only_the_provincial_officer_enters_the_ministrys_answer(client):
    item = item_at_the_ministry()
    address = reverse("evaluation:decide", args=[item.pk])
    for person in (
        member("chu.tich"),
        owner_of(item.version.dossier.product.entity),
        commune_officer_of(item.version.dossier.commune),
        make_user("lanh.dao", Role.LEADERSHIP),
    ):
        with pytest.raises(PermissionDenied):
            answer(item, 5, person)
        client.force_login(person)
        assert client.get(address).status_code == 403, person.username


@pytest.mark.usefixtures("autumn")
def test_the_ministrys_answer_is_asked_for_and_entered_from_the_page(client, officer):
    item = item_at_the_ministry()
    client.force_login(officer)
    assert "Ghi kết quả của Bộ" in client.get(reverse("accounts:home")).content.decode()
    result_page_before = client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert "Ghi kết quả của Bộ" in result_page_before
    address = reverse("evaluation:decide", args=[item.pk])
    paper = {"number": "88/QĐ-UBND", "day": "15/09/2026"}
    for wrong in ({}, {"star": "2"}):
        assert set(client.post(address, paper | wrong).context["form"].errors) == {"star"}
    early = client.post(address, {"star": "4", "number": "88/QĐ-UBND", "day": "01/01/2026"})
    assert early.context["form"].errors == {"day": ["Ngày văn bản không thể trước ngày họp Hội đồng."]}
    assert client.post(address, paper | {"star": "4"}).status_code == 302
    page = client.get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert "công nhận <b>4 sao</b> theo Quyết định 88/QĐ-UBND ngày 15/09/2026" in page
    assert client.get(address).status_code == 404
    assert "Ghi kết quả của Bộ" not in client.get(reverse("accounts:home")).content.decode()


def test_nothing_is_decided_before_closing_or_twice(officer):
    item = scored_item()
    with pytest.raises(DomainError, match="chưa có kết quả"):
        results.recognise(item=item, by=officer, **DECISION)
    close(item)
    results.recognise(item=item, by=officer, **DECISION)
    with pytest.raises(DomainError):
        results.recognise(item=item, by=officer, **DECISION)
    assert Recognition.objects.count() == 1


def test_the_decision_is_entered_from_the_page(client, officer):
    item = scored_item()
    close(item)
    client.force_login(officer)
    address = reverse("evaluation:decide", args=[item.pk])
    early = client.post(address, {"number": "55/QĐ-UBND", "day": "01/01/2026"})
    assert early.context["form"].errors == {"day": ["Ngày văn bản không thể trước ngày họp Hội đồng."]}
    assert client.post(address, {"number": "55/QĐ-UBND", "day": "20/06/2026"}).status_code == 302
    assert Recognition.objects.get().decision_number == "55/QĐ-UBND"
    assert client.get(address).status_code == 404


def test_an_open_item_has_nothing_to_decide(client, officer):
    client.force_login(officer)
    address = reverse("evaluation:decide", args=[open_item().pk])
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_closing_rejecting_and_excluding_from_the_page(client, officer):
    client.force_login(officer)
    item = two_star_item()
    client.post(reverse("evaluation:item_close", args=[item.pk]))
    assert Result.objects.get(item=item).star == 2
    client.post(reverse("evaluation:decide", args=[item.pk]))
    assert dossier_of(item).state == DossierState.NOT_RECOGNISED


def test_conclusion_and_exclusion_from_the_page(client):
    item = scored_item()
    client.force_login(member("thu.ky"))
    address = reverse("evaluation:conclude", args=[item.pk])
    _, option = ids(item, "4.1", 3)
    _, foreign = ids(item, "3.5", 1)
    refused = client.post(f"{address}?c=4.1", {"option": foreign, "reason": "Đủ"})
    assert "option" in refused.context["form"].errors
    client.post(f"{address}?c=4.1", {"option": option, "reason": "Đủ hợp đồng"})
    assert item.conclusions.get().option_id == option
    client.post(
        reverse("evaluation:exclude", args=[item.pk]),
        {"ground": "other", "other_ground": "Mẫu không đúng sản phẩm", "evidence": "Biên bản 5"},
    )
    assert AgendaItem.objects.get(pk=item.pk).exclusion.ground == "Mẫu không đúng sản phẩm"


# --- who sees what ---


def people_of(item):
    """Everybody around a dossier: may they open its result before closing, closed, and decided."""
    dossier = item.version.dossier
    other_commune = make_commune("Xã Thạch Hà", "18562")
    return {
        "member": (member("uy.vien"), 200, 200, 200),
        "secretary": (member("thu.ky"), 200, 200, 200),
        "member of another council": (member("nguoi.khac"), 404, 404, 404),
        "provincial officer": (provincial_officer(), 200, 200, 200),
        "leadership": (make_user("lanh.dao", Role.LEADERSHIP), 200, 200, 200),
        "administrator": (make_user("quan.tri", Role.ADMINISTRATOR), 200, 200, 200),
        "entity": (owner_of(dossier.product.entity), 404, 404, 200),
        "another entity": (make_user("chu.the.khac", Role.ENTITY, other_commune), 404, 404, 404),
        "commune": (commune_officer_of(dossier.commune), 404, 404, 200),
        "another commune": (commune_officer_of(other_commune), 404, 404, 404),
        "advisory member": (make_user("to.tu.van", Role.ADVISORY_MEMBER), 403, 403, 403),
    }


def test_who_opens_the_result_before_closing_closed_and_decided(client, officer):
    item = scored_item()
    people = people_of(item)
    address = reverse("evaluation:result", args=[item.pk])
    steps = (
        lambda: None,
        lambda: close(item),
        lambda: results.recognise(item=item, by=officer, **DECISION),
    )
    for column, step in enumerate(steps, start=1):
        step()
        for who, row in people.items():
            client.force_login(row[0])
            assert client.get(address).status_code == row[column], (who, column)


def decide_nothing(item, officer):
    close(item)


def decide_rejection(item, officer):
    close(item)
    results.reject(item=item, by=officer)


def decide_exclusion(item, officer):
    results.exclude(item=item, ground="Giả mạo hồ sơ", evidence="Công văn 12/CA", by=officer)
    close(item)
    results.confirm_exclusion(item=item, by=officer)


def send_up(item, officer):
    close(item)
    send_letter(item, officer)


@pytest.mark.parametrize(
    ("make", "decide", "told"),
    [
        (scored_item, decide_nothing, False),
        (two_star_item, decide_rejection, True),
        (scored_item, decide_exclusion, True),
        (potential_five_item, send_up, True),
    ],
)
def test_entity_and_commune_are_told_of_the_result_after_the_decision(client, officer, make, decide, told):
    item = make()
    decide(item, officer)
    dossier = item.version.dossier
    result = reverse("evaluation:dossier_result", args=[dossier.pk])
    for person in (owner_of(dossier.product.entity), commune_officer_of(dossier.commune)):
        client.force_login(person)
        page = client.get(reverse("products:dossier", args=[dossier.pk])).content.decode()
        assert (result in page) is told, person.username
        assert client.get(result).status_code == (302 if told else 404), person.username
    client.force_login(officer)
    assert result in client.get(reverse("products:dossier", args=[dossier.pk])).content.decode()
    assert client.get(result).status_code == 302


def test_before_closing_nobody_sees_anothers_choice_or_any_mean(client):
    item = open_item()
    words = "Ý kiến riêng của thư ký"
    submit_with_opinion(sheet_of(item, "thu.ky"), words)
    submit(sheet_of(item, "chu.tich"), SET_1_CHOICES[1])
    pages = [
        reverse("accounts:home"),
        reverse("evaluation:sheets"),
        reverse("evaluation:sessions"),
        reverse("evaluation:session", args=[item.session_id]),
        reverse("evaluation:result", args=[item.pk]),
        reverse("evaluation:sheet", args=[sheet_of(item, "uy.vien").pk]),
    ]
    for who in (member("uy.vien"), provincial_officer(), make_user("lanh.dao", Role.LEADERSHIP)):
        client.force_login(who)
        for address in pages:
            page = client.get(address).content.decode()
            # 73 and 70 are the submitted totals, 71,50 their mean.
            for secret in (words, ">73<", ">70<", "71,5", "73 điểm", "70 điểm", "trung bình 7"):
                assert secret not in page, (who.username, address, secret)


def submit_with_opinion(sheet, opinion):
    from evaluation.services import sheets

    fill(sheet, SET_1_CHOICES[0])
    sheets.save_opinion(sheet=sheet, opinion=opinion, by=sheet.seat.user)
    return sheets.submit(sheet=sheet, by=sheet.seat.user)


def test_only_those_who_keep_the_minutes_see_who_has_submitted(client):
    item = scored_item(count=1)
    address = reverse("evaluation:result", args=[item.pk])
    for who, sees in (
        (member("thu.ky"), True),
        (member("chu.tich"), True),
        (provincial_officer(), True),
        (member("uy.vien"), False),
        (make_user("lanh.dao", Role.LEADERSHIP), False),
    ):
        client.force_login(who)
        assert (client.get(address).context["lines"] is not None) is sees, who.username


def test_the_entity_reads_the_result_without_the_members_names(client):
    item = open_item()
    for username, choices in zip(("chu.tich", "thu.ky", "uy.vien"), SET_1_CHOICES, strict=True):
        fill(sheet_of(item, username), choices)
    for username in ("chu.tich", "thu.ky", "uy.vien"):
        submit(sheet_of(item, username), {})
    conclude(item, "3.5", 1, by=member("thu.ky"))
    close(item)
    results.recognise(item=item, by=provincial_officer(), **DECISION)
    dossier = item.version.dossier
    client.force_login(owner_of(dossier.product.entity))
    answer = client.get(reverse("evaluation:dossier_result", args=[dossier.pk]), follow=True)
    page = answer.content.decode()
    assert "Thành viên 1" in page and "71,33" in page
    for name in ("Chu Tich", "Thu Ky", "Uy Vien", "Sở Thử nghiệm"):
        assert name not in page


def test_a_dossier_without_a_closed_result_has_none_to_show(client, officer):
    item = scored_item()
    client.force_login(officer)
    assert client.get(reverse("evaluation:dossier_result", args=[item.version.dossier_id])).status_code == 404


def test_the_result_page_takes_few_queries(client, officer, django_assert_max_num_queries):
    item = scored_item()
    close(item)
    client.force_login(officer)
    with django_assert_max_num_queries(14):
        client.get(reverse("evaluation:result", args=[item.pk]))


# --- the picture and the todos ---


def test_the_plot_places_dots_and_bounds_on_one_scale():
    page = result_page(close(scored_item()), names=True)
    plot = dot_plot(page)
    # The scale runs from 67 to 93: 672 px for 26 points, starting at 24.
    assert [dot.x for dot in plot.dots] == ["179.1", "101.5", "127.4"]
    assert [(bound.x, bound.label) for bound in plot.bounds] == [("101.5", "4 sao"), ("618.5", "5 sao")]
    assert plot.mean_x == "136.0"
    assert plot.mean_label == "Trung bình 71,33"


def test_the_officer_is_told_to_close_and_then_to_decide(client, officer):
    item = scored_item()
    client.force_login(officer)
    assert "Đóng kết quả chấm" in client.get(reverse("accounts:home")).content.decode()
    close(item)
    page = client.get(reverse("accounts:home")).content.decode()
    assert "Đóng kết quả chấm" not in page and "Ghi quyết định công nhận" in page


def test_a_member_is_told_of_waiting_sheets(client):
    item = open_item()
    client.force_login(member("uy.vien"))
    assert "Chấm điểm 1 hồ sơ" in client.get(reverse("accounts:home")).content.decode()
    submit(sheet_of(item, "uy.vien"), SET_1_CHOICES[0])
    assert "Chấm điểm 1 hồ sơ" not in client.get(reverse("accounts:home")).content.decode()


# --- an upgrade that comes out lower ---


def holds(item, star, kind=DossierKind.UPGRADE, expires=date(2029, 1, 1)):
    """The item's dossier is of that kind, and its product holds stars already."""
    dossier = item.version.dossier
    Dossier.objects.filter(pk=dossier.pk).update(kind=kind)
    return AgendaItem.objects.get(pk=item.pk), recognise(dossier.product, star=star, expires=expires)


def test_an_upgrade_with_fewer_stars_takes_nothing_away(officer, client):
    """Three stars for a product that holds four: no new recognition, the four stars go on holding."""
    item = scored_item()
    close(item)
    item, present = holds(item, 4)
    with pytest.raises(DomainError, match="4 sao đang có hiệu lực đến 01/01/2029"):
        results.recognise(item=item, by=officer, **DECISION)
    client.force_login(officer)
    page = reverse("evaluation:decide", args=[item.pk])
    assert "giữ hạng hiện có" in client.get(page).content.decode()
    client.post(page)
    present.refresh_from_db()
    assert (present.state, Recognition.objects.count()) == (RecognitionState.VALID, 1)
    assert dossier_of(item).state == DossierState.NOT_RECOGNISED
    assert "thấp hơn 4 sao" in AuditEntry.objects.get(verb="dossier.reject").reason


@pytest.mark.parametrize(
    ("kind", "star", "expires"),
    [
        (DossierKind.RE_RANKING, 5, date(2029, 1, 1)),  # ranked again: a lower one counts too
        (DossierKind.UPGRADE, 3, date(2029, 1, 1)),  # the same stars: decided anew
        (DossierKind.UPGRADE, 4, date(2026, 6, 1)),  # what held more has ended
    ],
)
@pytest.mark.usefixtures("autumn")
def test_otherwise_the_new_recognition_replaces_the_present_one(officer, kind, star, expires):
    item = scored_item()
    close(item)
    item, present = holds(item, star, kind, expires)
    assert results.recognise(item=item, by=officer, **DECISION).star == 3
    present.refresh_from_db()
    assert present.state == RecognitionState.REPLACED


@pytest.mark.usefixtures("autumn")
def test_an_upgrade_the_ministry_sends_back_lower_takes_nothing_away(officer):
    item, present = holds(item_at_the_ministry(), 4)
    assert answer(item, 3, officer) is None
    present.refresh_from_db()
    assert (present.state, Recognition.objects.count()) == (RecognitionState.VALID, 1)
    assert dossier_of(item).state == DossierState.NOT_RECOGNISED
    assert "3 sao, thấp hơn 4 sao" in AuditEntry.objects.get(verb="dossier.ministry_keep").reason


@pytest.mark.django_db(transaction=True)
def test_a_decision_waits_for_who_enters_an_earlier_recognition_of_the_product(criteria):
    """Both settle which recognition is valid: one after the other, never two valid or an error."""
    item = scored_item()
    close(item)
    officer, product, told = provincial_officer(), item.version.dossier.product, []

    def decide():
        try:
            told.append(results.recognise(item=AgendaItem.objects.get(pk=item.pk), by=officer, **DECISION))
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        record_recognition(product=product, star=4, decided_on=date(2024, 5, 1), by=officer)
        thread = threading.Thread(target=decide)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    assert [type(one) for one in told] == [Recognition]
    states = {row.star: row.state for row in Recognition.objects.all()}
    assert states == {3: RecognitionState.VALID, 4: RecognitionState.REPLACED}
