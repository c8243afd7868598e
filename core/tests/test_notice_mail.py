"""Letters: as each person chose, each notice at most once, failures tried again and never in the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from accounts.enums import Role
from accounts.tests.factories import make_user
from core import notice_mail, notices
from core.enums import MailChoice
from core.models import Notice
from core.tests.test_notices import tell

DAY = date(2026, 11, 5)


class BrokenPost(EmailBackend):
    """A post office that is closed."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("closed")


broken = override_settings(EMAIL_BACKEND="core.tests.test_notice_mail.BrokenPost")


@pytest.fixture
def officer(db):
    return make_user(
        "vanphong", Role.PROVINCIAL_OFFICER, email="vanphong@example.com", full_name="Cán bộ Tỉnh"
    )


@pytest.fixture
def at_once(officer):
    notices.choose_mail(by=officer, mail=MailChoice.NOW)
    return officer


def test_at_once_means_after_the_act(at_once, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(at_once, title="Hồ sơ chờ tỉnh tiếp nhận: Bánh đa", body="HTX Bánh đa")
        assert mail.outbox == []
    (letter,) = mail.outbox
    assert letter.to == ["vanphong@example.com"]
    assert letter.subject == "[OCOP] Hồ sơ chờ tỉnh tiếp nhận: Bánh đa"
    assert "Kính gửi Cán bộ Tỉnh" in letter.body and "HTX Bánh đa" in letter.body
    assert "/ho-so/" in letter.body and "/thong-bao/tuy-chon/" in letter.body
    assert letter.content_subtype == "plain"


def test_a_letter_that_cannot_leave_does_not_stop_the_act_and_leaves_later(
    at_once, django_capture_on_commit_callbacks
):
    with broken, django_capture_on_commit_callbacks(execute=True):
        assert tell(at_once) == 1
    assert mail.outbox == [] and Notice.objects.get().mailed_at is None
    assert notice_mail.mail_waiting() == 1
    assert notice_mail.mail_waiting() == 0
    assert len(mail.outbox) == 1


def test_a_broker_that_is_away_does_not_stop_the_act(
    at_once, django_capture_on_commit_callbacks, monkeypatch
):
    from core import tasks

    def away(**options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.mail_waiting_notices, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert tell(at_once) == 1
    assert Notice.objects.count() == 1


def test_the_daily_letter_gathers_what_is_new(officer):
    tell(officer)
    tell(officer, key="hai")
    assert notice_mail.mail_digests(DAY) == 1
    (letter,) = mail.outbox
    assert letter.subject == "[OCOP] 2 thông báo mới"
    assert letter.body.index("Thông báo mot") < letter.body.index("Thông báo hai")


def test_the_daily_letter_comes_once_a_day(officer):
    tell(officer)
    assert notice_mail.mail_digests(DAY) == 1
    tell(officer, key="hai")
    assert notice_mail.mail_digests(DAY) == 0
    assert notice_mail.mail_digests(DAY + timedelta(days=1)) == 1
    assert [letter.subject for letter in mail.outbox] == ["[OCOP] Thông báo mot", "[OCOP] Thông báo hai"]


def test_a_daily_letter_that_failed_leaves_at_the_next_run(officer):
    tell(officer)
    with broken:
        assert notice_mail.mail_digests(DAY) == 0
    assert notice_mail.mail_digests(DAY) == 1
    assert len(mail.outbox) == 1


def test_what_was_read_needs_no_letter(officer):
    tell(officer)
    notices.mark_all_read(by=officer)
    assert notice_mail.mail_digests(DAY) == 0


def test_what_is_old_needs_no_letter(officer):
    tell(officer)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert notice_mail.mail_digests(DAY) == 0


def test_who_wants_none_and_who_has_no_address_gets_none(officer):
    notices.choose_mail(by=officer, mail=MailChoice.NEVER)
    tell(officer, make_user("khong-thu", Role.LEADERSHIP))
    assert notice_mail.mail_digests(DAY) == 0
    assert notice_mail.mail_waiting() == 0


def test_a_title_with_line_breaks_makes_no_header(officer):
    tell(officer, title="Một\r\nBcc: ai-do@example.com")
    notice_mail.mail_digests(DAY)
    (letter,) = mail.outbox
    assert letter.subject == "[OCOP] Một Bcc: ai-do@example.com" and letter.bcc == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("choice", [MailChoice.NOW, MailChoice.DAILY])
def test_two_workers_at_the_same_time_send_one_letter(choice):
    officer = make_user("vanphong", Role.PROVINCIAL_OFFICER, email="vanphong@example.com")
    tell(officer)
    notices.choose_mail(by=officer, mail=choice)

    def work(_):
        try:
            return notice_mail.mail_waiting() + notice_mail.mail_digests(DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(mail.outbox) == 1
