"""Revocation (Đ8): on a conclusion, within 15 days, by the Chairman or the Minister, and for good."""

import threading
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.registry import todos_for
from accounts.tests.factories import make_province, make_user
from core import reminders
from core.exceptions import DomainError
from core.models import AuditEntry, Notice
from evaluation.enums import CertificateState
from evaluation.models import Revocation
from evaluation.services import revocations
from evaluation.tests.after import CONCLUSION, certified, inspected, opened_revocation
from products import services
from products.enums import RecognitionState
from products.models import Recognition
from products.tests.factories import (
    commune_officer_of,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def certificate():
    return certified(expires=date(2099, 1, 1))


@pytest.fixture
def officer():
    return provincial_officer()


def revoke(row, **words):
    data = {"decision_number": "7/QĐ-UBND", "decided_on": timezone.localdate(), **words}
    return revocations.revoke(revocation=row, by=provincial_officer(), **data)


# --- opening ---


def test_fifteen_calendar_days_from_the_conclusion(certificate):
    """10/11/2026 + 15 days = 25/11/2026: a Wednesday; weekends count."""
    assert revocations.due_of(date(2026, 11, 10)) == date(2026, 11, 25)
    row = opened_revocation(certificate.recognition, concluded_on=days_ago(5))
    assert (row.due_on - timezone.localdate()).days == 10
    assert row.unit == make_province()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"concluded_on": timezone.localdate() + timedelta(days=1)}, "concluded_on"),
        ({"concluded_on": date(2024, 12, 31)}, "concluded_on"),  # the day before the recognition
        ({"conclusion_number": " "}, "conclusion_number"),
        ({"concluded_by": ""}, "concluded_by"),
        ({"detail": ""}, "detail"),
    ],
)
def test_a_conclusion_that_cannot_carry_it_is_refused(certificate, change, field):
    with pytest.raises(DomainError) as refused:
        opened_revocation(certificate.recognition, **change)
    assert refused.value.field == field
    assert not Revocation.objects.exists()


def test_only_one_is_open_and_only_on_what_is_in_force(certificate, officer):
    row = opened_revocation(certificate.recognition)
    with pytest.raises(DomainError, match="chưa quyết định"):
        opened_revocation(certificate.recognition)
    revocations.drop(revocation=row, reason="Cơ sở đã chứng minh được.", by=officer)
    revoke(opened_revocation(certificate.recognition))
    with pytest.raises(DomainError, match="đang còn hiệu lực"):
        opened_revocation(certificate.recognition)


def test_another_office_opens_and_decides_nothing(certificate):
    stranger = make_user("nghe-an", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    row = opened_revocation(certificate.recognition)
    for act in (
        lambda: opened_revocation(certificate.recognition, by=stranger),
        lambda: revocations.drop(revocation=row, reason="x", by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- deciding ---


@pytest.mark.parametrize(
    ("star", "by"),
    [
        (3, "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"),
        (4, "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"),
        (5, "Bộ trưởng Bộ Nông nghiệp và Môi trường"),
    ],
)
def test_the_chairman_revokes_three_and_four_stars_and_the_minister_five(star, by):
    row = revoke(opened_revocation(certified(star=star).recognition))
    assert (row.state, row.decided_by) == ("revoked", by)


def test_the_decision_ends_the_recognition_and_tells_commune_and_entity(certificate, officer):
    product = certificate.recognition.product
    row = revoke(opened_revocation(certificate.recognition))
    certificate.refresh_from_db()
    assert certificate.standing.state == CertificateState.REVOKED
    assert not Recognition.objects.valid_on(timezone.localdate()).filter(product=product).exists()
    told = {notice.user for notice in Notice.objects.filter(key=f"revocation:{row.pk}:revoked")}
    assert told == {owner_of(product.entity), commune_officer_of(product.commune)}
    assert AuditEntry.objects.filter(verb="product.revoke", object_id=str(product.pk)).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"decision_number": " "}, "decision_number"),
        ({"decided_on": timezone.localdate() - timedelta(days=6)}, "decided_on"),  # a day before it
        ({"decided_on": timezone.localdate() + timedelta(days=1)}, "decided_on"),
    ],
)
def test_a_decision_without_number_before_the_conclusion_or_to_come_is_refused(certificate, change, field):
    row = opened_revocation(certificate.recognition)
    with pytest.raises(DomainError) as refused:
        revoke(row, **change)
    assert refused.value.field == field
    assert Recognition.objects.get().state == RecognitionState.VALID


def test_a_late_decision_says_why_and_one_on_the_last_day_need_not(certificate):
    row = opened_revocation(certificate.recognition, concluded_on=days_ago(16))
    with pytest.raises(DomainError) as refused:
        revoke(row)
    assert refused.value.field == "late_reason"
    assert revoke(row, decided_on=days_ago(1)).late_reason == ""
    other = opened_revocation(certified("Kẹo lạc").recognition, concluded_on=days_ago(16))
    assert revoke(other, late_reason="Chờ giám định.").late_reason == "Chờ giám định."


def test_a_dropped_revocation_leaves_the_certificate_and_needs_its_reason(certificate, officer):
    row = opened_revocation(certificate.recognition)
    with pytest.raises(DomainError):
        revocations.drop(revocation=row, reason=" ", by=officer)
    dropped = revocations.drop(revocation=row, reason="Kết luận đã bị hủy.", by=officer)
    assert (dropped.state, dropped.decided_on) == ("dropped", timezone.localdate())
    assert certificate.in_force
    with pytest.raises(DomainError, match="đã khép"):
        revoke(row)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_the_same_time_one_wins(certificate, officer):
    row, start, answers = opened_revocation(certificate.recognition), threading.Barrier(2), []

    def decide(act):
        try:
            start.wait(timeout=10)
            answers.append(act().state)
        except DomainError as refusal:
            answers.append(refusal.message[:24])
        finally:
            connections.close_all()

    acts = (
        lambda: revoke(row),
        lambda: revocations.drop(revocation=row, reason="Không đủ căn cứ.", by=officer),
    )
    hands = [threading.Thread(target=decide, args=[act]) for act in acts]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    row.refresh_from_db()
    assert sorted(answers) == sorted([row.state, "Việc thu hồi này đã khép"])


def test_what_was_replaced_meanwhile_is_not_revoked(certificate):
    row = opened_revocation(certificate.recognition)
    Recognition.objects.update(state=RecognitionState.REPLACED)
    recognise(certificate.recognition.product, star=4)
    with pytest.raises(DomainError, match="đã được thay bằng quyết định mới"):
        revoke(row)


# --- for good ---


def test_a_revoked_recognition_never_stands_again_whatever_is_entered_later(officer):
    product = make_product()

    def enter(day, number, **words):
        entered = {"product": product, "star": 3, "by": officer, "decided_on": day, **words}
        return services.record_recognition(decision_number=number, **entered)[0]

    before = enter(date(2023, 3, 1), "1/QĐ")
    revoked = enter(date(2025, 3, 1), "2/QĐ")
    revoke(opened_revocation(revoked))
    enter(date(2022, 1, 5), "0/QĐ")  # an import fills in older years: states are settled again
    enter(date(2025, 3, 1), "2/QĐ", note="Nhập lại.")
    states = dict(product.recognitions.values_list("decision_number", "state"))
    assert states == {"0/QĐ": "replaced", "1/QĐ": "replaced", "2/QĐ": "revoked"}
    revoked.refresh_from_db()
    with pytest.raises(DomainError, match="đã bị thu hồi"):
        services.correct_recognition(revoked, by=officer, star=3, decided_on=date(2021, 1, 1))
    before.refresh_from_db()
    assert before.state == RecognitionState.REPLACED
    enter(timezone.localdate(), "3/QĐ", star=4)  # a new decision of its own stands beside it
    states = dict(product.recognitions.values_list("decision_number", "state"))
    assert (states["2/QĐ"], states["3/QĐ"]) == ("revoked", "valid")


# --- what waits ---


def test_the_office_sees_the_days_left_and_is_reminded_once(certificate, officer):
    row = opened_revocation(certificate.recognition, concluded_on=days_ago(10))
    (todo,) = [todo for todo in todos_for(officer) if todo.badge == "Thu hồi"]
    assert (todo.due, todo.overdue) == (row.due_on, False)
    for day in (row.due_on - timedelta(days=6), row.due_on - timedelta(days=5), row.due_on):
        reminders.send_all(day)
    told = Notice.objects.filter(user=officer, key__startswith=f"revocation:{row.pk}:")
    assert [notice.title[:12] for notice in told] == ["Sắp hết hạn "]
    reminders.send_all(row.due_on + timedelta(days=1))
    reminders.send_all(row.due_on + timedelta(days=9))
    assert told.all().count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_number_of_queries(count, officer, django_assert_num_queries):
    entity = certified("Đầu").recognition.product.entity
    for number in range(count):
        opened_revocation(certified(f"Bánh {number}", entity).recognition)
    client = Client()
    client.force_login(officer)
    client.get(reverse("evaluation:revocations"))
    with django_assert_num_queries(9):
        client.get(reverse("evaluation:revocations"))


def test_the_register_leaves_as_a_workbook_of_what_is_shown(officer):
    entity = certified("Đầu").recognition.product.entity
    opened_revocation(certified("Bánh mở", entity).recognition)
    revoke(opened_revocation(certified("Kẹo thu", entity).recognition))
    client = Client()
    client.force_login(officer)
    answer = client.get(reverse("evaluation:revocations_workbook") + "?state=revoked&cot=quyet-dinh")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    last = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=sheet.max_row - 1)]
    assert last == [["Sản phẩm", "Số quyết định"], ["Kẹo thu", "7/QĐ-UBND"]]


def test_the_office_opens_and_decides_on_the_pages_with_what_an_inspection_found(certificate, officer):
    inspection = inspected(certificate.recognition.product, verdict="revoke", findings="Đã ngừng sản xuất.")
    client = Client()
    client.force_login(officer)
    page = reverse("evaluation:revocation_open", args=[certificate.recognition_id])
    address = f"{page}?kiem-tra={inspection.pk}"
    assert address in client.get(reverse("evaluation:inspection", args=[inspection.pk])).content.decode()
    form = client.get(address).context["form"]
    assert form.initial["detail"] == "Đã ngừng sản xuất."
    client.post(address, {**CONCLUSION, "concluded_on": f"{inspection.done_on:%d/%m/%Y}"})
    row = Revocation.objects.get()
    assert row.inspection == inspection
    answer = client.post(
        reverse("evaluation:revoke", args=[row.pk]),
        {"decision_number": "7/QĐ", "decided_on": f"{timezone.localdate():%d/%m/%Y}"},
    )
    assert answer.url == reverse("evaluation:revocation", args=[row.pk])
    assert "Đã thu hồi" in client.get(answer.url).content.decode()
