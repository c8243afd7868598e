"""Certificates: issued with every recognition, numbered without gaps, read by whoever reads the product."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import make_commune, make_province, make_user
from core.exceptions import DomainError
from evaluation.models import Certificate
from evaluation.queries.certificates import certificates_for, without_certificate
from evaluation.services import certificates, results
from evaluation.tests.after import certified
from evaluation.tests.factories import scored_item
from products.enums import RecognitionState
from products.tests.factories import (
    commune_officer_of,
    make_entity,
    make_product,
    owner_of,
    provincial_officer,
    recognise,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]

DECISION = {"decision_number": "99/QĐ-UBND", "decided_on": date(2026, 6, 20)}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def numbers():
    return list(Certificate.objects.order_by("pk").values_list("number", flat=True))


# --- issue ---


def test_a_recognition_comes_with_its_certificate_and_the_result_page_names_it():
    officer, item = provincial_officer(), scored_item()
    results.close_item(item=item, by=officer)
    recognition = results.recognise(item=item, by=officer, **DECISION)
    certificate = Certificate.objects.get()
    assert (certificate.recognition, certificate.unit) == (recognition, make_province())
    assert (certificate.number, certificate.issued_on) == ("01/GCN-42-2026", date(2026, 6, 20))
    assert len(certificate.token) == 22
    page = signed_in(officer).get(reverse("evaluation:result", args=[item.pk])).content.decode()
    assert reverse("evaluation:certificate", args=[certificate.pk]) in page


def test_a_certificate_is_written_once():
    certificate = certified()
    for act in ({"number": "2"}, {"token": "x"}):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**act)


def test_issuing_again_answers_the_same_certificate():
    first = certified()
    again = certificates.issue_certificate(recognition=first.recognition, by=provincial_officer())
    assert again == first


def test_many_are_numbered_by_year_in_the_order_of_their_decisions_without_those_that_have_one():
    entity, officer = make_entity(), provincial_officer()
    rows = []
    for name, day in (("Ba", date(2025, 9, 1)), ("Một", date(2024, 5, 1)), ("Hai", date(2025, 3, 1))):
        row = recognise(make_product(name, entity))
        row.decided_on = day
        row.save()
        rows.append(row)
    had = certificates.issue_certificate(recognition=rows[2], by=officer)
    made = certificates.issue_many(recognitions=without_certificate(officer), by=officer)
    assert had.number == "01/GCN-42-2025"
    assert [(row.recognition.product.name, row.number) for row in made] == [
        ("Một", "01/GCN-42-2024"),
        ("Ba", "02/GCN-42-2025"),
    ]
    assert not without_certificate(officer).exists()
    assert certificates.issue_many(recognitions=rows, by=officer) == []


def test_a_refused_issue_gives_its_number_back_and_a_typed_number_is_passed_over():
    entity, officer = make_entity(), provincial_officer()
    typed, running, later = (recognise(make_product(name, entity)) for name in ("A", "B", "C"))
    certificates.issue_certificate(recognition=typed, by=officer, number=" 02/GCN-42-2025 ")
    with pytest.raises(DomainError) as refused, transaction.atomic():
        certificates.issue_certificate(recognition=running, by=officer, number="02/GCN-42-2025")
    assert refused.value.field == "number"
    for row in (running, later):
        certificates.issue_certificate(recognition=row, by=officer)
    assert numbers() == ["02/GCN-42-2025", "01/GCN-42-2025", "03/GCN-42-2025"]


@pytest.mark.parametrize(
    "stands",
    [
        {"state": RecognitionState.REVOKED},
        {"state": RecognitionState.REPLACED},
        {"expires": date(2026, 1, 1)},
    ],
)
def test_what_is_not_in_force_gets_none(stands):
    with pytest.raises(DomainError, match="còn hiệu lực"):
        certified(**stands)


def test_another_province_s_office_issues_nothing_here():
    stranger = make_user("nghe-an", Role.PROVINCIAL_OFFICER, make_province("40", "Tỉnh Nghệ An"))
    recognition = recognise(make_product())
    for act in (
        lambda: certificates.issue_certificate(recognition=recognition, by=stranger),
        lambda: certificates.issue_many(recognitions=[recognition], by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_two_connections_take_neighbouring_numbers_and_leave_no_gap():
    entity, officer = make_entity(), provincial_officer()
    groups = [[recognise(make_product(f"{g}{n}", entity)) for n in range(4)] for g in "AB"]
    start = threading.Barrier(2)

    def issue(group):
        try:
            start.wait(timeout=10)
            for row in group[:2]:
                certificates.issue_certificate(recognition=row, by=officer)
            certificates.issue_many(recognitions=group[2:], by=officer)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=issue, args=[group]) for group in groups]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(numbers()) == [f"{n:02d}/GCN-42-2025" for n in range(1, 9)]


@pytest.mark.django_db(transaction=True)
def test_two_hands_on_one_recognition_make_one_certificate():
    recognition, officer = recognise(make_product()), provincial_officer()
    start, made = threading.Barrier(2), []

    def issue():
        try:
            start.wait(timeout=10)
            made.append(certificates.issue_certificate(recognition=recognition, by=officer).pk)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=issue) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert made == [Certificate.objects.get().pk] * 2
    assert numbers() == ["01/GCN-42-2025"]


# --- reading ---


def test_readers_of_the_product_read_its_certificate_and_nobody_else():
    certificate = certified()
    product = certificate.recognition.product
    other = make_entity("HTX Khác", make_commune("Xã Khác", "18700"))
    readers = (owner_of(product.entity), commune_officer_of(product.commune), provincial_officer())
    assert [list(certificates_for(user)) for user in readers] == [[certificate]] * 3
    for user in (owner_of(other), commune_officer_of(other.commune)):
        assert not certificates_for(user).exists()
        page = reverse("evaluation:certificate", args=[certificate.pk])
        assert signed_in(user).get(page).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_register_asks_the_same_number_of_queries(count, django_assert_num_queries):
    entity = make_entity()
    for number in range(count):
        certified(f"Bánh {number}", entity)
    client = signed_in(provincial_officer())
    client.get(reverse("evaluation:certificates"))
    with django_assert_num_queries(10):
        client.get(reverse("evaluation:certificates"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Bánh một", "Kẹo hai"]),
        ("?q=keo", ["Kẹo hai"]),
        ("?q=02/GCN", ["Kẹo hai"]),
        ("?state=valid", ["Bánh một"]),
        ("?state=expired", ["Kẹo hai"]),
        ("?star=4", ["Bánh một"]),
        ("?star=5", []),
    ],
)
def test_filters_of_the_register(query, expected):
    entity = make_entity()
    first = certified("Bánh một", entity, star=4, expires=date(2099, 1, 1))
    second = certified("Kẹo hai", entity)
    type(second.recognition).objects.filter(pk=second.recognition_id).update(expires_on=date(2025, 6, 1))
    answer = signed_in(provincial_officer()).get(reverse("evaluation:certificates") + query)
    assert sorted(row.recognition.product.name for row in answer.context["page_obj"]) == expected
    assert first.in_force


def test_the_month_of_the_end_is_a_filter_and_the_workbook_holds_the_same_rows():
    from io import BytesIO

    from django.utils import timezone
    from openpyxl import load_workbook

    month = timezone.localdate().replace(day=1)
    entity = make_entity()
    certified("Bánh một", entity, expires=timezone.localdate())
    certified("Kẹo hai", entity, expires=date(2099, 1, 1))
    query = f"?expires={month:%Y-%m}&cot=so"
    answer = signed_in(provincial_officer()).get(reverse("evaluation:certificates_workbook") + query)
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[sheet.max_row]] == ["Bánh một", "01/GCN-42-2025"]


def test_the_page_has_the_code_to_print_and_the_address_to_copy(settings):
    settings.SITE_URL = "https://ocop.example.gov.vn/"
    certificate = certified()
    page = signed_in(provincial_officer()).get(reverse("evaluation:certificate", args=[certificate.pk]))
    text = page.content.decode()
    assert f'value="https://ocop.example.gov.vn/gcn/{certificate.token}/"' in text
    assert '<svg viewBox="0 0' in text and "style=" not in text


def test_the_page_of_the_product_leads_to_the_certificate():
    certificate = certified()
    product = certificate.recognition.product
    page = signed_in(owner_of(product.entity)).get(reverse("products:product", args=[product.pk]))
    assert reverse("evaluation:certificate", args=[certificate.pk]) in page.content.decode()


def test_the_office_issues_many_from_the_list_and_types_one_number():
    entity = make_entity()
    one, two = recognise(make_product("Một", entity)), recognise(make_product("Hai", entity))
    client = signed_in(provincial_officer())
    assert len(client.get(reverse("evaluation:certificates_to_issue")).context["recognitions"]) == 2
    client.post(reverse("evaluation:certificate_issue", args=[one.pk]), {"number": "45/2024"})
    client.post(reverse("evaluation:certificates_to_issue"), {"recognitions": [two.pk]})
    assert numbers() == ["45/2024", "01/GCN-42-2025"]
