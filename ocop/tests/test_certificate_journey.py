"""A buyer's phone at a market stall: the code on the package leads to the certificate, today and later."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from evaluation.services import revocations
from evaluation.tests.after import certified, opened_revocation
from ocop.tests.browser import Arrive, arrive_fixture, browser_fixture  # noqa: F401
from products.tests.factories import provincial_officer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("criteria"),
]


def test_a_phone_without_sign_in_sees_what_the_certificate_is_worth(arrive: Arrive) -> None:
    caches["shared"].clear()
    ends = timezone.localdate().replace(year=timezone.localdate().year + 2, month=8, day=5)
    certificate = certified("Bánh đa vừng Cẩm Bình", star=4, expires=ends)
    buyer = arrive(screen="phone")
    buyer.page.goto(reverse("gcn:check", args=[certificate.token]))
    buyer.sees(
        "Bánh đa vừng Cẩm Bình",
        "CÒN HIỆU LỰC", f"đến {ends:%d/%m/%Y}", "HTX Bánh đa Cẩm Bình", "4 sao",
        picture="tra-cuu-con-hieu-luc",
    )  # fmt: skip
    assert buyer.context.cookies() == []
    revocations.revoke(
        revocation=opened_revocation(certificate.recognition),
        decision_number="7/QĐ-UBND",
        decided_on=timezone.localdate(),
        by=provincial_officer(),
    )
    buyer.page.reload()
    buyer.sees("Bánh đa vừng Cẩm Bình", "ĐÃ THU HỒI", "Quyết định số 7/QĐ-UBND", picture="tra-cuu-da-thu-hoi")
    assert "CÒN HIỆU LỰC" not in buyer.page.inner_text("body")
    buyer.foresees("404 ")
    buyer.page.goto(reverse("gcn:check", args=["A" * 22]))
    buyer.sees("Không có giấy chứng nhận mang mã này", "Hãy quét lại mã QR", picture="tra-cuu-khong-co")
    buyer.follow("Nhập mã tra cứu")
    buyer.page.fill("#ma", "123")
    buyer.press("Tra cứu")
    buyer.sees("Tra cứu giấy chứng nhận OCOP", "Mã tra cứu chưa đúng", picture="tra-cuu-nhap-ma")
