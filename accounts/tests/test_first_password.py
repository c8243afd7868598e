"""A password somebody else has seen is changed before anything else."""

import pytest
from django.urls import reverse

from accounts import services
from accounts.enums import Role
from accounts.tests.factories import PASSWORD, make_commune, make_user
from core.exceptions import DomainError

pytestmark = pytest.mark.django_db

NEW = "Mat-khau-rieng-2026"
CHANGE = "accounts:password_change"


@pytest.fixture
def newcomer(client):
    user = make_user("moi", Role.LEADERSHIP, must_change_password=True)
    client.force_login(user)
    return user


def change(client, new=NEW):
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    return client.post(reverse(CHANGE), form)


@pytest.mark.parametrize("name", ["accounts:home", "products:entities", "accounts:password_change_done"])
def test_every_page_leads_to_the_change(client, newcomer, name):
    assert client.get(reverse(name)).url == reverse(CHANGE)


def test_the_page_of_the_change_says_why(client, newcomer):
    page = client.get(reverse(CHANGE)).content.decode()
    assert "do người khác cấp" in page and "Không đổi nữa" not in page


def test_htmx_is_led_there_as_a_whole_page(client, newcomer):
    answer = client.get(reverse("accounts:home"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse(CHANGE)


def test_signing_out_stays_open(client, newcomer):
    assert client.post(reverse("accounts:logout")).url == reverse("accounts:login")


def test_after_the_change_every_page_is_open(client, newcomer):
    assert change(client).url == reverse("accounts:password_change_done")
    newcomer.refresh_from_db()
    assert newcomer.check_password(NEW) and not newcomer.must_change_password
    assert client.get(reverse("accounts:home")).status_code == 200


def test_the_same_password_again_is_no_change(client, newcomer):
    answer = change(client, PASSWORD)
    assert answer.context["form"].errors["new_password1"] == ["Mật khẩu mới phải khác mật khẩu đang dùng."]
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_people_with_their_own_password_are_not_stopped(client):
    client.force_login(make_user("cu", Role.LEADERSHIP))
    assert client.get(reverse("accounts:home")).status_code == 200


def test_a_name_is_given_once_whatever_its_case():
    officer, commune = make_user("xa", Role.COMMUNE_OFFICER, make_commune()), make_commune()
    values = {"full_name": "Người Thử", "role": Role.ENTITY, "unit": commune, "by": officer}
    services.open_account(username="htx.mot", **values)
    with pytest.raises(DomainError) as refused:
        services.open_account(username="HTX.MOT", **values)
    assert refused.value.field == "username"
