"""Signing in and out, passwords, and the home page."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from accounts.enums import Role
from accounts.tests.factories import PASSWORD, make_user, one_of_each_role
from accounts.views.home import NEXT

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD):
    return client.post(reverse("accounts:login"), {"username": username, "password": password})


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back(client):
    response = client.get(reverse("accounts:home"))
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


def test_signing_in_leads_to_my_work_with_the_role_and_unit_in_the_frame(client):
    make_user("vanphong", Role.PROVINCIAL_OFFICER, full_name="Cán bộ Tỉnh Một")
    response = sign_in(client, "vanphong")
    assert response.url == reverse("accounts:home")
    page = client.get(response.url).content.decode()
    assert "Việc của tôi" in page
    assert "Cán bộ Tỉnh Một" in page
    assert "Cán bộ OCOP cấp tỉnh" in page


def test_a_wrong_password_is_answered_in_vietnamese_and_keeps_the_name(client):
    make_user("vanphong", Role.PROVINCIAL_OFFICER)
    page = sign_in(client, "vanphong", "sai").content.decode()
    assert "mật khẩu" in page.lower()
    assert 'value="vanphong"' in page


@override_settings(AXES_ENABLED=True)
def test_five_failures_lock_the_account_for_a_while(client):
    make_user("vanphong", Role.PROVINCIAL_OFFICER)
    for _ in range(5):
        last = sign_in(client, "vanphong", "sai")
    assert last.status_code == 429
    assert sign_in(client, "vanphong").status_code == 429


def test_signing_out_needs_a_post_and_ends_the_session(client):
    make_user("vanphong", Role.PROVINCIAL_OFFICER)
    sign_in(client, "vanphong")
    assert client.get(reverse("accounts:logout")).status_code == 405
    client.post(reverse("accounts:logout"))
    assert client.get(reverse("accounts:home")).status_code == 302


def test_a_password_can_be_changed_by_its_owner(client):
    user = make_user("vanphong", Role.PROVINCIAL_OFFICER)
    sign_in(client, "vanphong")
    new = "Doi-mat-khau-2027"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("accounts:password_change"), form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_short_password_is_refused(client):
    make_user("vanphong", Role.PROVINCIAL_OFFICER)
    sign_in(client, "vanphong")
    form = {"old_password": PASSWORD, "new_password1": "ngan", "new_password2": "ngan"}
    response = client.post(reverse("accounts:password_change"), form)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_a_forgotten_password_is_reset_by_a_link_in_a_letter(client):
    user = make_user("vanphong", Role.PROVINCIAL_OFFICER, email="vanphong@example.com")
    client.post(reverse("accounts:password_reset"), {"email": "vanphong@example.com"})
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/quen-mat-khau/" in word)
    # Our own address, not the host that the request named.
    assert link.startswith(settings.SITE_URL) and "testserver" not in letter.body
    path = "/" + link.split("/", 3)[3]
    page = client.get(path, follow=True)
    new = "Mat-khau-moi-2027"
    client.post(page.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_reset_for_an_unknown_address_says_the_same_and_sends_nothing(client):
    response = client.post(reverse("accounts:password_reset"), {"email": "khong-co@example.com"})
    assert response.status_code == 302
    assert mail.outbox == []


def test_a_user_without_a_role_is_told_so(client):
    make_user("moi")
    sign_in(client, "moi")
    assert "chưa được giao vai trò" in client.get(reverse("accounts:home")).content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_a_home_page_without_work_says_what_comes_next_and_leads_on(client, role):
    client.force_login(one_of_each_role()[role])
    response = client.get(reverse("accounts:home"))
    page = response.content.decode()
    first_lines = response.context["navigation"][1:4]
    assert "Không có việc chờ" in page and NEXT[role] in page
    assert first_lines and all(
        f'href="{line["url"]}">' in page.split("empty-actions")[1] for line in first_lines
    )


def test_a_wrong_password_is_said_plainly(client):
    make_user("vanphong")
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in sign_in(client, "vanphong", "sai").content.decode()


def test_the_search_box_is_for_those_who_may_search(client):
    people = one_of_each_role()
    for role, shown in ((Role.COMMUNE_OFFICER, True), (Role.COUNCIL_MEMBER, False)):
        client.force_login(people[role])
        page = client.get(reverse("accounts:home")).content.decode()
        assert ("Tìm sản phẩm, chủ thể, mã hồ sơ" in page) is shown


@pytest.mark.parametrize(
    ("came_from", "back_to"),
    [
        ("http://testserver/ho-so/?trang_thai=draft", "/ho-so/%3Ftrang_thai%3Ddraft"),
        ("https://noi-khac.example/bay/", "/"),  # another site's page is no page of ours
        ("", "/"),
    ],
)
def test_a_form_sent_without_a_session_leads_back_to_its_page(client, came_from, back_to):
    response = client.post(reverse("accounts:password_change"), headers={"Referer": came_from})
    assert response.url == f"{reverse('accounts:login')}?next={back_to}"
