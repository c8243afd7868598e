"""The public check: without sign-in, nothing personal, cacheable, counted, and no oracle."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.rate_limit import Limit
from evaluation.enums import CertificateState
from evaluation.services import revocations
from evaluation.tests.after import certified, opened_revocation
from evaluation.views.public_check import CertificateCheckView
from products.enums import RecognitionState
from products.models import Recognition
from products.tests.factories import owner_of, provincial_officer, recognise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture(autouse=True)
def nothing_counted_yet():
    caches["shared"].clear()


def check(certificate, client=None, **headers):
    return (client or Client()).get(reverse("gcn:check", args=[certificate.token]), headers=headers)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_it_says_product_entity_stars_validity_decision_and_province_and_nothing_of_a_person():
    certificate = certified("Bánh đa vừng", star=4, expires=date(2099, 8, 5))
    text = text_of(check(certificate))
    for words in (
        "CÒN HIỆU LỰC</b>", '<span class="nowrap">05/08/2099</span>', "Bánh đa vừng",
        "HTX Bánh đa Cẩm Bình", "4 sao", "1/QĐ-UBND, ngày 01/01/2025", "Xã Cẩm Bình, Tỉnh Hà Tĩnh",
        certificate.number,
    ):  # fmt: skip
        assert words in text
    for private in ("Người Đại Diện Thử", "0912345678", "điểm", provincial_officer().full_name):
        assert private not in text


def stand(certificate, **columns):
    Recognition.objects.filter(pk=certificate.recognition_id).update(**columns)


def test_every_state_has_its_own_words_and_shape():
    certificate, yesterday = certified(expires=date(2099, 1, 1)), timezone.localdate() - timedelta(days=1)
    seen = {CertificateState.VALID: text_of(check(certificate))}
    stand(certificate, expires_on=timezone.localdate())
    seen[CertificateState.EXPIRING] = text_of(check(certificate))
    until = timezone.localdate() + timedelta(days=9)
    stand(certificate, expires_on=yesterday, extended_until=until, extension_reason="Chờ kết quả.")
    seen[CertificateState.EXTENDED] = text_of(check(certificate))
    stand(certificate, extended_until=None, extension_reason="")
    seen[CertificateState.EXPIRED] = text_of(check(certificate))
    stand(certificate, state=RecognitionState.REPLACED, expires_on=date(2099, 1, 1))
    recognise(certificate.recognition.product, star=5, expires=date(2099, 5, 6))
    seen[CertificateState.REPLACED] = text_of(check(certificate))
    for state in (CertificateState.VALID, CertificateState.EXPIRING, CertificateState.EXTENDED):
        assert "CÒN HIỆU LỰC" in seen[state]
    assert f"{until:%d/%m/%Y}" in seen[CertificateState.EXTENDED] and "gia hạn" in seen["extended"]
    assert "HẾT HIỆU LỰC" in seen[CertificateState.EXPIRED]
    assert f"Ngày cuối có hiệu lực: {yesterday:%d/%m/%Y}" in seen[CertificateState.EXPIRED]
    assert "ĐÃ ĐƯỢC THAY THẾ" in seen[CertificateState.REPLACED]
    assert "hiện được công nhận 5 sao, hiệu lực đến 06/05/2099" in seen[CertificateState.REPLACED]


def test_a_revoked_certificate_says_so_with_its_decision():
    certificate, officer = certified(), provincial_officer()
    row = opened_revocation(certificate.recognition)
    revocations.revoke(revocation=row, decision_number="7/QĐ", decided_on=row.concluded_on, by=officer)
    text = text_of(check(certificate))
    assert "ĐÃ THU HỒI" in text and "CÒN HIỆU LỰC" not in text
    assert f"Quyết định số 7/QĐ ngày {row.concluded_on:%d/%m/%Y}" in text


def test_nobody_is_known_nothing_is_set_and_caches_may_keep_it():
    certificate = certified()
    client = Client()
    client.force_login(owner_of(certificate.recognition.product.entity))
    for answer in (check(certificate), check(certificate, client)):
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=300"
        assert answer["X-Robots-Tag"] == "noindex"
        assert (answer.cookies, answer.get("Vary")) == ({}, None)
        assert "csrf" not in text_of(answer).lower()


def test_an_unchanged_page_is_not_sent_again_and_head_works():
    certificate = certified()
    first = check(certificate)
    again = check(certificate, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head(reverse("gcn:check", args=[certificate.token]))
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
    stand(certificate, state=RecognitionState.REVOKED)
    assert check(certificate, **{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("token", ["A" * 22, "01%2FGCN-42-2025", "%00" * 22, "đ" * 22, "9" * 300])
def test_a_code_nobody_has_gets_kind_words_that_no_cache_keeps(token):
    certified()
    answer = Client().get(f"/gcn/{token}/")
    assert answer.status_code == 404
    if "%2F" not in token:
        assert "Hãy quét lại mã QR" in text_of(answer)
        assert answer["Cache-Control"] == "no-store"


def test_known_and_unknown_codes_cost_the_same_one_query(django_assert_num_queries):
    certificate = certified()
    check(certificate)
    with django_assert_num_queries(1):
        check(certificate)
    with django_assert_num_queries(1):
        Client().get(reverse("gcn:check", args=["A" * 22]))


def test_too_many_requests_of_one_address_wait(monkeypatch):
    certificate = certified()
    monkeypatch.setattr(CertificateCheckView, "limit", Limit("thu", times=2, seconds=3600))
    answers = [check(certificate) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert answers[2]["Cache-Control"] == "no-store"
    assert "Mở trang quá nhiều lần" in text_of(answers[2])


def test_the_code_is_typed_or_pasted_and_the_number_is_no_way_in():
    certificate = certified()
    page = reverse("gcn:check", args=[certificate.token])
    for typed in (certificate.token, f" https://ocop.example{page} "):
        assert Client().get(reverse("gcn:ask"), {"ma": typed}).url == page
    answer = Client().get(reverse("gcn:ask"), {"ma": certificate.number})
    assert answer.status_code == 200 and "Mã tra cứu chưa đúng" in text_of(answer)
    assert certificate.token not in text_of(answer)
