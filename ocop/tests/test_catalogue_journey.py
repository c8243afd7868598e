"""A visitor with a phone in the public catalogue: no sign-in, no cookie, found without diacritics."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluation.services.catalogue import publish
from ocop.tests.browser import arrive_fixture, browser_fixture  # noqa: F401
from products.tests.factories import add_photo, make_entity, make_product, provincial_officer, recognise

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visitor_finds_a_product_on_a_phone(arrive):
    officer = provincial_officer()
    for name, star in (
        ("Chè xanh búp non Đồi Mẫu của hợp tác xã nông nghiệp và dịch vụ", 4),
        ("Mật ong rừng", 3),
    ):
        product = make_product(
            name, make_entity(f"HTX {name[:40]}"), story="Cây chè của làng.\n\nBà truyền cho cháu."
        )
        recognise(product, star=star, expires=timezone.localdate() + timedelta(days=400))
        add_photo(product, officer)
        publish(products=[product], by=officer)
    visitor = arrive(screen="phone")
    visitor.page.goto("/san-pham-ocop/")
    visitor.sees("Sản phẩm OCOP", "Chè xanh búp non", "Mật ong rừng", picture="cong-khai")
    visitor.page.fill("#q", "che bup")
    visitor.press("Tìm")
    visitor.sees("Sản phẩm OCOP", "1 sản phẩm phù hợp")
    visitor.page.get_by_role("heading", name="Chè xanh").get_by_role("link").click()
    visitor.sees("Chè xanh búp non", "Bà truyền cho cháu", "1/QĐ-UBND", picture="cong-khai-san-pham")
    visitor.follow("Sản phẩm OCOP")
    visitor.page.get_by_role("link", name="Dữ liệu mở").click()
    visitor.sees("Dữ liệu mở", "/api/v1/san-pham.csv", picture="du-lieu-mo")
    assert visitor.context.cookies() == []
