"""Telling people: in the app at once, by letter as each of them chose (`core.notice_mail`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.enums import MailChoice
from core.models import Notice, NoticePreference

KEPT_FOR = timedelta(days=180)
BATCH = 500


@dataclass(frozen=True)
class Message:
    """What is told, to whom; `key` names the event or the date, and is told to a person only once."""

    users: tuple[Any, ...]
    kind: str
    title: str
    url: str
    key: str
    body: str = ""


def send(users: Iterable[Any], *, kind: str, title: str, url: str, key: str, body: str = "") -> int:
    """Tell each of the users once, in the act's transaction; gives how many are new (see `send_many`)."""
    return send_many([Message(tuple(users), kind, title, url, key, body)])


def send_many(messages: Iterable[Message]) -> int:
    """Store what was not told before; letters start after commit and never stand in the way of the act."""
    rows = {
        (user.pk, message.key): _notice(user, message)
        for message in messages
        for user in message.users
        if user.is_active
    }
    told = Notice.objects.filter(key__in={key for _, key in rows}).values_list("user", "key")
    fresh = [rows[pair] for pair in rows.keys() - set(told)]
    # What another process tells at this moment is left out by the database.
    Notice.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
    wanted_now = NoticePreference.objects.filter(user__in={row.user_id for row in fresh}, mail=MailChoice.NOW)
    if fresh and wanted_now.exists():
        transaction.on_commit(_mail_soon, robust=True)
    return len(fresh)


def _notice(user: Any, message: Message) -> Notice:
    return Notice(
        user=user,
        kind=message.kind,
        key=message.key,
        title=message.title[:300],
        body=message.body,
        url=message.url,
    )


def _mail_soon() -> None:
    from core.tasks import mail_waiting_notices

    # Without retries: a broker that is away must not hold the page; beat looks for waiting letters anyway.
    mail_waiting_notices.apply_async(retry=False)


def mark_read(notice: Notice) -> None:
    """The person has opened it; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, by: Any) -> int:
    """Everything the person had not read; how many."""
    return Notice.objects.visible_to(by).unread().update(read_at=timezone.now())


def choose_mail(*, by: Any, mail: str) -> NoticePreference:
    """How the person wants letters from now on."""
    preference, _ = NoticePreference.objects.update_or_create(user=by, defaults={"mail": mail})
    return preference


def prune() -> int:
    """Drop notices older than half a year; the log of acts keeps what happened."""
    dropped, _ = Notice.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return dropped
