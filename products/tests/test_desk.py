"""The desks: receipts, verdicts, what a proposal and a return ask, frozen once the dossier has left."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import ConflictError, DomainError
from core.models import AuditEntry
from products import completeness, deadlines, queries, services
from products.enums import Desk, DossierState, Verdict
from products.models import CommuneReport, DeskCheck, Dossier, SectionCheck
from products.tests.factories import (
    REPORT,
    commune_officer_of,
    fill_draft,
    make_dossier,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    ready_to_propose,
    take_step,
    words_for,
)

pytestmark = pytest.mark.django_db

THIS_YEAR = timezone.localdate().year


@pytest.fixture
def filed():
    return make_dossier(state=DossierState.SUBMITTED)


@pytest.fixture
def officer(filed):
    return commune_officer_of(filed.commune)


def check(dossier, section, verdict="ok", note="", by=None):
    by = by or commune_officer_of(dossier.commune)
    return services.check_section(dossier, section=section, verdict=verdict, note=note, by=by)


def receipt(dossier, desk=Desk.COMMUNE):
    return DeskCheck.objects.filter(version__dossier=dossier, desk=desk).latest("pk")


def test_filing_is_receipt_and_each_commune_counts_for_itself():
    here = [make_dossier(make_product(name), DossierState.SUBMITTED) for name in ("Một", "Hai")]
    neighbour = make_entity("HTX Đức Thọ", make_commune("Xã Đức Thọ", "18229"))
    there = make_dossier(make_product(entity=neighbour), DossierState.SUBMITTED)
    numbers = [receipt(dossier).receipt_number for dossier in (*here, there)]
    assert numbers == [
        f"01/TN-42-18682-{THIS_YEAR}",
        f"02/TN-42-18682-{THIS_YEAR}",
        f"01/TN-42-18229-{THIS_YEAR}",
    ]
    assert receipt(here[0]).received_on == timezone.localdate()


def test_a_proposal_is_received_by_the_province_with_a_number_of_its_own():
    proposed = make_dossier(state=DossierState.PROPOSED)
    assert receipt(proposed, Desk.PROVINCE).receipt_number == f"01/TN-42-{THIS_YEAR}"


def test_a_dossier_filed_again_gets_a_new_receipt(filed):
    take_step(filed, "return_to_entity")
    take_step(filed, "submit")
    numbers = [row.receipt_number for row in DeskCheck.objects.order_by("pk")]
    assert numbers == [f"01/TN-42-18682-{THIS_YEAR}", f"02/TN-42-18682-{THIS_YEAR}"]


def test_the_sections_are_those_of_the_forms_of_the_law():
    assert [section.slug for section in completeness.SECTIONS] == [
        "chu-the", "dang-ky", "cau-chuyen", "san-xuat", "thi-truong", "ke-hoach", "minh-chung", "tu-danh-gia",
    ]  # fmt: skip


def test_a_lacking_section_must_say_what_is_lacking(filed):
    assert check(filed, "cau-chuyen").verdict == Verdict.OK
    assert check(filed, "cau-chuyen", "lacking", "  ") is None
    # The verdict before is taken back: nobody proposes on a finding that is being written.
    assert SectionCheck.objects.count() == 0
    kept = check(filed, "cau-chuyen", "lacking", " Nêu nguồn gốc. ")
    assert (kept.verdict, kept.note) == (Verdict.LACKING, "Nêu nguồn gốc.")


def test_a_verdict_is_for_the_desk_the_dossier_lies_at(filed):
    for stranger in (provincial_officer(), owner_of(filed.product.entity)):
        with pytest.raises(PermissionDenied):
            check(filed, "cau-chuyen", by=stranger)
    neighbour = make_user("xa-ben", Role.COMMUNE_OFFICER, make_commune("Xã Đức Thọ", "18229"))
    with pytest.raises(PermissionDenied):
        check(filed, "cau-chuyen", by=neighbour)
    take_step(filed, "propose")
    with pytest.raises(PermissionDenied):
        check(filed, "cau-chuyen")
    check(filed, "cau-chuyen", "lacking", "Chưa rõ.", by=provincial_officer())
    assert [found.section.slug for found in queries.lacking(filed.current_version, Desk.PROVINCE)] == [
        "cau-chuyen"
    ]
    assert queries.lacking(filed.current_version, Desk.COMMUNE) == []


def test_an_unknown_section_or_verdict_is_no_verdict(filed):
    for section, verdict in (("khong-co", "ok"), ("cau-chuyen", "rat-tot")):
        with pytest.raises(KeyError):
            check(filed, section, verdict)


def test_a_draft_has_no_desk(officer):
    draft = make_dossier(make_product("Kẹo lạc"))
    with pytest.raises(DomainError, match="không còn chờ kiểm tra"):
        check(draft, "cau-chuyen")


def test_a_proposal_lists_all_that_is_still_to_do(filed, officer):
    with pytest.raises(services.IncompleteError) as refused:
        services.perform(filed, "propose", by=officer, **words_for("propose"))
    assert len(refused.value.missing) == 9  # eight sections and Mẫu 03
    services.pass_rest(filed, by=officer)
    check(filed, "thi-truong", "lacking", "Thiếu hợp đồng.")
    services.save_commune_report(filed, by=officer, data={**REPORT, "conclusion": ""}, revision=0)
    with pytest.raises(services.IncompleteError) as refused:
        services.perform(filed, "propose", by=officer, **words_for("propose"))
    assert [item.text for item in refused.value.missing] == [
        "Phần “Thị trường, kết quả” còn cần bổ sung.",
        "Mẫu 03 còn thiếu: đề nghị của cấp xã.",
    ]
    assert Dossier.objects.get().state == DossierState.SUBMITTED


def test_what_was_passed_by_hand_is_not_overwritten_by_passing_the_rest(filed, officer):
    check(filed, "minh-chung", "lacking", "Thiếu phiếu kiểm nghiệm.")
    assert services.pass_rest(filed, by=officer) == 7
    found = queries.findings(queries.check_of(filed.current_version, Desk.COMMUNE))
    assert [one.section.slug for one in found if one.is_lacking] == ["minh-chung"]


@pytest.mark.parametrize(("days", "words"), [(1, "sau hôm nay"), (-1, "trước ngày xã tiếp nhận")])
def test_the_letter_is_neither_older_than_the_receipt_nor_of_tomorrow(filed, officer, days, words):
    ready_to_propose(filed)
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(DomainError, match=words) as refused:
        services.perform(filed, "propose", by=officer, proposal_number="1/UBND", proposed_on=day)
    assert refused.value.field == "proposed_on"


def test_a_return_needs_a_lacking_section_or_a_reason(filed, officer):
    services.pass_rest(filed, by=officer)
    with pytest.raises(DomainError) as refused:
        services.perform(filed, "return_to_entity", by=officer)
    assert refused.value.field == "note"
    check(filed, "cau-chuyen", "lacking", "Nêu ai truyền nghề.")
    check(filed, "minh-chung", "lacking", "Thiếu phiếu kiểm nghiệm.")
    services.perform(filed, "return_to_entity", by=officer, note="Nộp lại trước 30/11.")
    assert filed.return_reason == "Nộp lại trước 30/11."
    entry = AuditEntry.objects.get(verb="dossier.return_to_entity")
    assert entry.reason.splitlines() == [
        "Nộp lại trước 30/11.",
        "Câu chuyện sản phẩm: Nêu ai truyền nghề.",
        "Minh chứng: Thiếu phiếu kiểm nghiệm.",
    ]


def test_the_entity_reads_the_reasons_until_it_files_again(filed, officer):
    check(filed, "cau-chuyen", "lacking", "Nêu ai truyền nghề.")
    services.perform(filed, "return_to_entity", by=officer, note="Xem lại.")
    returned = queries.return_to_mend(filed)
    assert (returned.desk, returned.reason, returned.version.number) == (Desk.COMMUNE, "Xem lại.", 1)
    assert [(one.section.slug, one.note) for one in returned.sections] == [
        ("cau-chuyen", "Nêu ai truyền nghề.")
    ]
    take_step(filed, "submit")
    assert queries.return_to_mend(filed) is None
    # The desk still reads what it had asked for.
    assert queries.last_return(filed).slugs == {"cau-chuyen"}


def test_a_return_by_the_province_carries_the_findings_of_the_province():
    dossier = make_dossier(state=DossierState.PROPOSED)
    check(dossier, "ke-hoach", "lacking", "Chưa có số liệu.", by=provincial_officer())
    with pytest.raises(DomainError, match="Kế hoạch tới"):
        services.perform(dossier, "accept", by=provincial_officer())
    services.perform(dossier, "return_from_province", by=provincial_officer())
    returned = queries.return_to_mend(dossier)
    assert (returned.desk, returned.reason, returned.slugs) == (Desk.PROVINCE, "", {"ke-hoach"})


def test_the_next_version_is_checked_anew(filed, officer):
    ready_to_propose(filed)
    take_step(filed, "return_to_entity")
    fill_draft(filed, by=owner_of(filed.product.entity))
    take_step(filed, "submit")
    assert len(queries.obstacles_to_proposal(filed.current_version)) == 9
    take_step(filed, "propose")
    assert filed.state == DossierState.PROPOSED
    assert [report.version.number for report in CommuneReport.objects.order_by("pk")] == [1, 2]


def test_samples_are_counted_and_tourism_has_none(filed, officer):
    services.count_samples(filed, count=3, by=officer)
    assert receipt(filed).samples_received == 3
    entry = AuditEntry.objects.get(verb="dossier.count_samples")
    assert (entry.before, entry.after) == ({"samples": None}, {"samples": 3})
    tour = make_dossier(make_product("Du lịch vườn", set_number=26), DossierState.SUBMITTED)
    with pytest.raises(DomainError, match="du lịch"):
        services.count_samples(tour, count=5, by=officer)


def test_two_writers_of_the_commune_report_do_not_overwrite_each_other(filed, officer):
    first = services.save_commune_report(
        filed, by=officer, data={"idea_origin": "Nghề của làng."}, revision=0
    )
    assert first.revision == 1
    with pytest.raises(ConflictError):
        services.save_commune_report(filed, by=officer, data={"idea_origin": "Học từ nơi khác."}, revision=0)
    assert CommuneReport.objects.get().idea_origin == "Nghề của làng."
    second = services.save_commune_report(filed, by=officer, data={"idea_origin": "Sửa."}, revision=1)
    assert (second.revision, second.gaps[0]) == (2, "sử dụng nguyên liệu địa phương")


def test_the_commune_report_is_the_communes_and_only_while_it_checks(filed, officer):
    with pytest.raises(PermissionDenied):
        services.save_commune_report(filed, by=provincial_officer(), data=REPORT, revision=0)
    take_step(filed, "propose")
    with pytest.raises(DomainError, match="không sửa được nữa"):
        services.save_commune_report(filed, by=officer, data=REPORT, revision=1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE products_communereport SET conclusion = 'khác'",
        "DELETE FROM products_communereport",
        "UPDATE products_sectioncheck SET verdict = 'lacking', note = 'khác'",
        "DELETE FROM products_sectioncheck",
        "UPDATE products_deskcheck SET samples_received = 1 WHERE desk = 'commune'",
        "DELETE FROM products_deskcheck WHERE desk = 'commune'",
    ],
)
@pytest.mark.parametrize("left_by", ["propose", "return_to_entity"])
def test_the_database_keeps_what_a_desk_wrote_once_the_dossier_has_left(filed, left_by, statement):
    ready_to_propose(filed)
    take_step(filed, left_by)
    with (
        pytest.raises(DatabaseError, match="left the desk"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_after_the_next_filing_the_papers_of_the_first_stay_as_they_were(filed):
    ready_to_propose(filed)
    take_step(filed, "return_to_entity")
    take_step(filed, "submit")
    report = CommuneReport.objects.get()
    with pytest.raises(DatabaseError, match="left the desk"), transaction.atomic():
        CommuneReport.objects.filter(pk=report.pk).update(conclusion="khác")
    with pytest.raises(DatabaseError, match="left the desk"), transaction.atomic():
        CommuneReport.objects.filter(pk=report.pk).update(version=filed.current_version)


def test_a_dossier_entered_for_an_entity_makes_product_and_draft_or_nothing():
    entity = make_entity()
    officer = commune_officer_of(entity.commune)
    product_set = make_product("Kẹo lạc", entity).product_set
    dossier = services.enter_dossier(
        entity=entity, name="Bánh đa nem", product_set=product_set, kind="first", year=2026, by=officer
    )
    assert (dossier.product.name, dossier.created_by) == ("Bánh đa nem", officer)
    with pytest.raises(DomainError, match="chưa từng được công nhận"):
        services.enter_dossier(
            entity=entity, name="Chè xanh", product_set=product_set, kind="upgrade", year=2026, by=officer
        )
    assert not entity.products.filter(name="Chè xanh").exists()
    with pytest.raises(PermissionDenied):
        services.enter_dossier(
            entity=entity, product=dossier.product, kind="first", year=2026, by=owner_of(entity)
        )


def in_two_connections(act):
    """What two people get who do the same at the same moment: the names of their refusals, or "ok"."""
    start, results = threading.Barrier(2), []

    def run():
        start.wait()
        try:
            act()
            results.append("ok")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_submit_files_once():
    dossier = make_dossier()
    owner = owner_of(dossier.product.entity)
    again = Dossier.objects.with_names()
    results = in_two_connections(lambda: services.perform(again.get(pk=dossier.pk), "submit", by=owner))
    assert results == ["AlreadyDoneError", "ok"]
    assert (DeskCheck.objects.count(), Dossier.objects.get().versions.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_propose_proposes_once():
    dossier = ready_to_propose(make_dossier(state=DossierState.SUBMITTED))
    officer = commune_officer_of(dossier.commune)

    def propose():
        same = Dossier.objects.with_names().get(pk=dossier.pk)
        services.perform(same, "propose", by=officer, **words_for("propose"))

    assert in_two_connections(propose) == ["AlreadyDoneError", "ok"]
    assert DeskCheck.objects.filter(desk=Desk.PROVINCE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_return_and_a_proposal_at_once_leave_one_of_them():
    dossier = ready_to_propose(make_dossier(state=DossierState.SUBMITTED))
    officer = commune_officer_of(dossier.commune)
    steps = iter(["propose", "return_to_entity"])

    def act():
        same, name = Dossier.objects.with_names().get(pk=dossier.pk), next(steps)
        services.perform(same, name, by=officer, **words_for(name))

    assert in_two_connections(act) == ["WrongStateError", "ok"]


@pytest.mark.django_db(transaction=True)
def test_two_filings_at_once_get_neighbouring_receipts():
    entity = make_entity()
    dossiers = [make_dossier(make_product(name, entity=entity)) for name in ("Một", "Hai")]
    owner, left = owner_of(entity), iter(dossiers)
    in_two_connections(
        lambda: services.perform(Dossier.objects.with_names().get(pk=next(left).pk), "submit", by=owner)
    )
    numbers = sorted(DeskCheck.objects.values_list("receipt_number", flat=True))
    assert numbers == [f"01/TN-42-18682-{THIS_YEAR}", f"02/TN-42-18682-{THIS_YEAR}"]


def test_the_commune_inbox_is_sorted_by_haste():
    entity = make_entity()
    officer = commune_officer_of(entity.commune)
    filed = [make_dossier(make_product(name, entity), DossierState.SUBMITTED) for name in ("A", "B", "C")]
    for dossier, days in zip(filed, (60, 18, 0), strict=True):
        since = timezone.now() - timedelta(days=days)
        Dossier.objects.filter(pk=dossier.pk).update(state_since=since)
    make_dossier(make_product("D", entity), DossierState.RETURNED)
    make_dossier(make_product("E", entity), DossierState.PROPOSED)
    groups = {
        group.key: [row.dossier.product.name for row in group.rows]
        for group in queries.commune_inbox(officer)
    }
    late, soon, rest = groups["late"], groups["soon"], groups["rest"]
    assert late == ["A"] and sorted(soon + rest) == ["B", "C"] and "C" in rest
    assert (groups["returned"], groups["proposed"]) == (["D"], ["E"])
    neighbour = make_user(
        "xa-ben", Role.COMMUNE_OFFICER, make_commune("Xã Đức Thọ", "18229", make_province())
    )
    assert all(not group.rows for group in queries.commune_inbox(neighbour))


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 18), "còn 6 ngày làm việc"),  # 19, 20, 23, 25, 26, 27; the 24th is a holiday
        (date(2026, 11, 27), "hạn hôm nay"),
        (date(2026, 11, 28), "quá hạn 1 ngày làm việc"),  # a Saturday
        (date(2026, 12, 1), "quá hạn 2 ngày làm việc"),
    ],
)
def test_the_clock_of_the_commune_in_words(today, words):
    assert deadlines.in_words(date(2026, 11, 27), today) == words
