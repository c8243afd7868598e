"""Accounts of a province: who opens, moves, locks them, and what nobody may do."""

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts import queries, services
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.tests.factories import PASSWORD, make_commune, make_province, make_user
from core import acts, audit
from core.exceptions import DomainError
from core.models import AuditEntry

pytestmark = pytest.mark.django_db

HERE = {"username": "xa.thu", "full_name": "Nguyễn Thị Thử", "role": Role.COMMUNE_OFFICER}
YESTERDAY = -timedelta(days=1)


@pytest.fixture
def administrator():
    return make_user("quantri.thu", Role.ADMINISTRATOR, make_province())


@pytest.fixture
def officer(administrator):
    return make_user("xa.cu", Role.COMMUNE_OFFICER, make_commune(), full_name="Đặng Văn Ấn")


def refused(what, **kwargs) -> DomainError:
    with pytest.raises(DomainError) as caught:
        what(**kwargs)
    return caught.value


# --- opening -------------------------------------------------------------------------------------------


def test_an_administrator_opens_an_account_and_sees_its_password_once(client, administrator):
    client.force_login(administrator)
    form = {
        **HERE,
        "unit": make_commune().pk,
        "position": "Chuyên viên",
        "phone": "0912 345 678",
        "email": "",
    }
    page = client.post(reverse("accounts:account_create"), form).content.decode()
    user = User.objects.get(username="xa.thu")
    password = page.split('Mật khẩu đầu tiên</dt><dd class="first-password">')[1].split("<")[0]
    assert user.check_password(password) and user.must_change_password
    assert (user.phone, user.position) == ("0912345678", "Chuyên viên")
    assert [(m.role, m.unit.name) for m in user.memberships.all()] == [("commune_officer", "Xã Cẩm Bình")]
    assert password not in client.get(reverse("accounts:account", args=[user.pk])).content.decode()


@pytest.mark.parametrize(
    ("role", "unit", "field"),
    [
        (Role.COMMUNE_OFFICER, make_province, "unit"),
        (Role.LEADERSHIP, make_commune, "unit"),
        (Role.ENTITY, make_commune, "role"),
    ],
)
def test_a_role_fits_its_unit(administrator, role, unit, field):
    said = refused(services.open_for, **{**HERE, "role": role}, unit=unit(), by=administrator)
    assert said.field == field
    assert not User.objects.filter(username="xa.thu").exists()


def test_a_taken_name_is_said_beside_its_field_and_nothing_is_lost(client, administrator, officer):
    client.force_login(administrator)
    form = {**HERE, "username": "xa.cu", "unit": make_commune().pk}
    page = client.post(reverse("accounts:account_create"), form).content.decode()
    assert "Tên đăng nhập này đã có người dùng" in page and "Nguyễn Thị Thử" in page


def test_nobody_opens_accounts_of_another_province(administrator):
    elsewhere = make_commune("Xã Xa", "00001", make_province("01", "Thành phố Hà Nội"))
    with pytest.raises(PermissionDenied):
        services.open_for(**HERE, unit=elsewhere, by=administrator)


# --- many at once --------------------------------------------------------------------------------------

PASTED = """Họ và tên\tXã, phường\tChức vụ\tĐiện thoại\tThư\tTên
Nguyễn Thị Hoà\tcẩm bình\tCông chức\t0912 345 678\thoa@example.com\t
Trần Văn Bảy\tXã Cẩm Bình"""


def paste(client, people, **more):
    form = {"role": Role.COMMUNE_OFFICER, "province": make_province().pk, "people": people, **more}
    return client.post(reverse("accounts:account_many"), form)


def test_pasted_lines_are_checked_before_any_account_is_opened(client, administrator, officer):
    make_commune()
    client.force_login(administrator)
    lines = paste(client, PASTED).context["lines"]
    assert [line.data["username"] for line in lines] == ["xa.cambinh", "xa.cambinh.2"]
    assert not User.objects.filter(username__startswith="xa.cambinh").exists()
    opened = paste(client, PASTED, open="1").context["opened"]
    assert [user.username for user, _ in opened] == ["xa.cambinh", "xa.cambinh.2"]
    user, password = opened[0]
    assert user.check_password(password) and (user.phone, user.email) == ("0912345678", "hoa@example.com")
    assert User.objects.get(pk=user.pk).scope.unit_names == ("Xã Cẩm Bình",)


def test_wrong_lines_are_named_and_nothing_is_opened(client, administrator, officer):
    make_commune()
    client.force_login(administrator)
    wrong = "\tXã Cẩm Bình\nLê An\tXã Không Có\t\t123\tsai\nLê Ba\tCẩm Bình\t\t\t\txa.cu"
    first, second, third = paste(client, wrong, open="1").context["lines"]
    assert set(first.errors) == {"full_name"}
    assert set(second.errors) == {"unit", "phone", "email"}
    assert "đã có người dùng" in third.errors["username"]
    assert User.objects.count() == 2


def test_people_of_the_province_are_named_after_themselves(client, administrator):
    client.force_login(administrator)
    lines = paste(client, "Nguyễn Thị Thu\nNgô Tú Thu", role=Role.COUNCIL_MEMBER).context["lines"]
    assert [line.data["username"] for line in lines] == ["thu.nt", "thu.nt.2"]


# --- roles ---------------------------------------------------------------------------------------------


def test_a_role_given_holds_from_its_day(administrator, officer):
    tomorrow = timezone.localdate() + timedelta(days=1)
    province = make_province()
    services.give_role(
        officer, role=Role.PROVINCIAL_OFFICER, unit=province, valid_from=tomorrow, by=administrator
    )
    assert not User.objects.get(pk=officer.pk).has_role(Role.PROVINCIAL_OFFICER)
    said = refused(
        services.give_role,
        account=officer,
        role=Role.PROVINCIAL_OFFICER,
        unit=province,
        valid_from=tomorrow + timedelta(days=9),
        by=administrator,
    )
    assert "đã giữ vai trò ấy" in said.message


def test_a_role_ends_with_its_last_day_or_at_once(administrator, officer):
    held, today = officer.memberships.get(), timezone.localdate()
    services.end_role_held(held, last_day=today, by=administrator)
    assert User.objects.get(pk=officer.pk).has_role(Role.COMMUNE_OFFICER)
    services.end_role_held(held, last_day=today + YESTERDAY, by=administrator)
    assert not User.objects.get(pk=officer.pk).has_role(Role.COMMUNE_OFFICER)
    assert "đã hết" in refused(services.end_role_held, held=held, last_day=today, by=administrator).message


def test_a_role_given_by_mistake_is_withdrawn_as_if_never_held(administrator, officer):
    today = timezone.localdate()
    held = services.give_role(
        officer, role=Role.LEADERSHIP, unit=make_province(), valid_from=today, by=administrator
    )
    services.end_role_held(held, last_day=today + YESTERDAY, by=administrator)
    assert not Membership.objects.filter(role=Role.LEADERSHIP).exists()
    assert audit.history_of(officer).first().verb == "user.withdraw_role"


def test_a_day_before_a_role_that_was_held_erases_nothing(administrator, officer):
    held = officer.memberships.get()
    before = held.valid_from + YESTERDAY
    assert refused(services.end_role_held, held=held, last_day=before, by=administrator).field == "last_day"
    assert officer.memberships.get().valid_to is None


def test_nobody_ends_the_own_administration_or_locks_the_own_account(administrator):
    own, today = administrator.memberships.get(), timezone.localdate()
    refused(services.end_role_held, held=own, last_day=today, by=administrator)
    refused(services.lock, account=administrator, reason="thử", by=administrator)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_end_each_other_at_once():
    first = make_user("quantri.1", Role.ADMINISTRATOR, make_province())
    second = make_user("quantri.2", Role.ADMINISTRATOR, make_province())
    day = timezone.localdate() + YESTERDAY

    def end(held, by):
        try:
            services.end_role_held(held, last_day=day, by=User.objects.get(pk=by.pk))
        except PermissionDenied:
            return "refused"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        acts = [
            pool.submit(end, second.memberships.get(), first),
            pool.submit(end, first.memberships.get(), second),
        ]
        assert sorted(act.result() for act in acts) == ["done", "refused"]
    assert Membership.objects.on(timezone.localdate()).filter(role=Role.ADMINISTRATOR).count() == 1


# --- locking, passwords, the person --------------------------------------------------------------------


def test_a_locked_account_is_out_at_the_next_click_and_signs_in_no_more(client, administrator, officer):
    client.force_login(officer)
    assert client.get(reverse("accounts:home")).status_code == 200
    services.lock(officer, reason="Chuyển công tác", by=administrator)
    assert client.get(reverse("accounts:home")).url.startswith(reverse("accounts:login"))
    page = client.post(reverse("accounts:login"), {"username": "xa.cu", "password": PASSWORD})
    assert "không đúng" in page.content.decode()
    entry = audit.history_of(officer).first()
    assert (entry.verb, entry.reason, entry.actor) == ("user.lock", "Chuyển công tác", administrator)
    services.unlock(officer, by=administrator)
    officer.refresh_from_db()
    assert officer.is_active


def test_a_lock_needs_a_reason(administrator, officer):
    assert refused(services.lock, account=officer, reason="  ", by=administrator).field == "reason"


def test_a_new_password_ends_the_sessions_of_the_old_one(client, administrator, officer):
    client.force_login(officer)
    password = services.renew_password(officer, by=administrator)
    assert client.get(reverse("accounts:home")).url.startswith(reverse("accounts:login"))
    officer.refresh_from_db()
    assert officer.check_password(password) and officer.must_change_password


def test_who_also_works_in_another_province_is_not_changed_from_here(administrator, officer):
    elsewhere = make_province("01", "Thành phố Hà Nội")
    Membership.objects.create(user=officer, role=Role.LEADERSHIP, unit=elsewhere, valid_from=date(2026, 1, 1))
    for act in (
        lambda: services.renew_password(officer, by=administrator),
        lambda: services.lock(officer, reason="thử", by=administrator),
    ):
        assert "Thành phố Hà Nội" in refused(act).message


def test_the_log_says_what_was_changed_about_a_person(client, administrator, officer):
    client.force_login(administrator)
    form = {"full_name": "Đặng Văn Ẩn", "position": "", "phone": "", "email": "An@Example.com"}
    page = client.post(
        reverse("accounts:account_edit", args=[officer.pk]), form, follow=True
    ).content.decode()
    assert "Sửa thông tin</b>: họ và tên, thư điện tử" in page
    entry = AuditEntry.objects.get(verb="user.update")
    assert entry.before == {"full_name": "Đặng Văn Ấn", "email": ""}
    assert entry.after == {"full_name": "Đặng Văn Ẩn", "email": "an@example.com"}
    officer.refresh_from_db()
    assert officer.search_name == "dang van an"


# --- the list ------------------------------------------------------------------------------------------


def names(client, **query) -> list[str]:
    rows = client.get(reverse("accounts:accounts"), query).context["page_obj"].object_list
    return [row.username for row in rows]


def test_the_list_is_found_without_diacritics_by_role_unit_and_state(client, administrator, officer):
    long_ago = timezone.now() - timedelta(days=queries.IDLE_DAYS + 1)
    User.objects.filter(pk=officer.pk).update(date_joined=long_ago)
    gone = make_user("da.nghi", full_name="Bùi Nghỉ")
    Membership.objects.create(
        user=gone,
        role=Role.LEADERSHIP,
        unit=make_province(),
        valid_from=date(2025, 7, 1),
        valid_to=date(2026, 1, 1),
    )
    far = make_commune("Xã Xa", "00001", make_province("01", "Hà Nội"))
    make_user("xa.ngoai", Role.COMMUNE_OFFICER, far)
    client.force_login(administrator)
    assert names(client) == ["da.nghi", "xa.cu", "quantri.thu"]
    assert names(client, q="dang van an") == names(client, q="cam binh") == ["xa.cu"]
    assert names(client, role="commune_officer") == names(client, unit=make_commune().pk) == ["xa.cu"]
    assert names(client, state="idle") == ["xa.cu"]
    assert names(client, state="bare") == ["da.nghi"]
    services.lock(gone, reason="Đã nghỉ", by=administrator)
    assert names(client, state="locked") == ["da.nghi"]


def test_the_list_costs_the_same_for_one_account_and_for_three(
    client, administrator, django_assert_num_queries
):
    client.force_login(administrator)
    client.get(reverse("accounts:accounts"))
    with django_assert_num_queries(9):
        client.get(reverse("accounts:accounts"))
    for number in range(2):
        make_user(f"xa.{number}", Role.COMMUNE_OFFICER, make_commune())
    with django_assert_num_queries(9):
        client.get(reverse("accounts:accounts"))


# --- the first account ---------------------------------------------------------------------------------


def test_a_new_installation_gets_its_first_administrator_from_the_command(capsys):
    make_province()
    call_command("create_administrator", "quantri", "Trần Quản Trị", province="42")
    user = User.objects.get(username="quantri")
    password = capsys.readouterr().out.split("Mật khẩu đầu tiên: ")[1].split()[0]
    assert user.has_role(Role.ADMINISTRATOR) and user.check_password(password)
    with pytest.raises(CommandError, match="load_units --province 99"):
        call_command("create_administrator", "khac", "Ai Đó", province="99")


# --- the log -------------------------------------------------------------------------------------------


def logged(client, **query) -> list[str]:
    rows = client.get(reverse("accounts:log"), query).context["page_obj"].object_list
    return [(row.verb, row.object_label) for row in rows]


def test_the_log_tells_whose_act_it_was_and_is_found_by_words_and_days(client, administrator, officer):
    services.lock(officer, reason="Chuyển công tác", by=administrator)
    audit.record(by=officer, verb="dossier.download", obj=make_commune())
    stranger = make_user("xa.ngoai", Role.LEADERSHIP, make_province("01", "Hà Nội"))
    audit.record(by=stranger, verb="dossier.download", obj=make_commune())
    client.force_login(administrator)
    download, lock = ("dossier.download", "Xã Cẩm Bình"), ("user.lock", "Đặng Văn Ấn")
    assert logged(client) == [download, lock]
    assert logged(client, q="tải cả hồ sơ") == [download]
    assert logged(client, q="quantri", subject="accounts.user") == [lock]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert logged(client, since=f"{tomorrow:%d/%m/%Y}") == []
    # Days on which no record can lie choose nothing.
    assert logged(client, since="01/01/0001", until="31/12/9999") == [download, lock]
    assert logged(client, until=f"{tomorrow + YESTERDAY:%d/%m/%Y}") == [download, lock]
    assert "Chuyển công tác" in client.get(reverse("accounts:log")).content.decode()
    assert client.get(reverse("accounts:log_workbook")).status_code == 200


def test_every_act_that_code_records_has_a_name():
    named, nameless = acts.labels(), set()
    for room in ("core", "accounts", "products", "evaluation", "training", "reports"):
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            if not {"tests", "migrations"} & set(path.parts):
                nameless |= {verb for verb in verbs_in(path) if verb not in named}
    assert nameless == set()


def verbs_in(path) -> set[str]:
    """Verbs written out as `verb="..."` in a module."""
    keywords = (
        keyword.value
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "verb"
    )
    texts = (part.value for value in keywords for part in ast.walk(value) if isinstance(part, ast.Constant))
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", text)}
