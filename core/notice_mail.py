"""Letters for notices: at once or one a day, in plain text, each notice at most once.

A notice is claimed (`mailed_at`, committed) before its letter leaves, so that two workers or a second
run never send it again; a letter that could not leave gives its notices back for the next run.
"""

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core.enums import MailChoice
from core.models import Notice, NoticePreference

log = logging.getLogger(__name__)

# A letter about something older than this only surprises; it stays to be read on the page.
STALE_AFTER = dt.timedelta(days=3)


def mail_waiting() -> int:
    """Letters of those who want them at once. Gives the number of letters sent."""
    chosen = _people_with_letters().filter(notice_preference__mail=MailChoice.NOW)
    return sum(_mail(person, _claim(person)) for person in chosen)


def mail_digests(day: dt.date) -> int:
    """One letter a day with everything new, for all who chose nothing else. Gives the number sent."""
    others = _people_with_letters().exclude(notice_preference__mail__in=(MailChoice.NOW, MailChoice.NEVER))
    return sum(_mail_digest(person, day) for person in others)


def _people_with_letters() -> Any:
    fresh = Notice.objects.unmailed().filter(created_at__gte=timezone.now() - STALE_AFTER)
    return get_user_model().objects.filter(is_active=True, pk__in=fresh.values("user")).exclude(email="")


@transaction.atomic
def _claim(person: Any) -> list[Notice]:
    """The person's waiting notices, now marked as mailed; those of another worker are left to it."""
    fresh = Notice.objects.unmailed().filter(user=person, created_at__gte=timezone.now() - STALE_AFTER)
    rows = list(fresh.select_for_update(skip_locked=True).order_by("created_at", "pk"))
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    return rows


def _mail_digest(person: Any, day: dt.date) -> bool:
    if not _take_day(person, day):
        return False
    sent = _mail(person, _claim(person))
    if not sent:
        NoticePreference.objects.filter(user=person).update(last_digest_on=None)
    return sent


def _take_day(person: Any, day: dt.date) -> bool:
    """Whether today's letter is ours to write: the first worker to ask gets it."""
    preference, _ = NoticePreference.objects.get_or_create(user=person)
    mine = NoticePreference.objects.filter(pk=preference.pk).exclude(last_digest_on=day)
    return mine.update(last_digest_on=day) == 1


def _mail(person: Any, notices: list[Notice]) -> bool:
    """Send one letter about the notices; on failure they wait again. False when nothing left."""
    if not notices:
        return False
    try:
        send_mail(_subject(notices), _text(person, notices), None, [person.email])
    except Exception:  # no connection, a refused or malformed address: the others still get theirs
        log.exception("letter to user %s not sent", person.pk)
        Notice.objects.filter(pk__in=[row.pk for row in notices]).update(mailed_at=None)
        return False
    return True


def _subject(notices: list[Notice]) -> str:
    what = notices[0].title if len(notices) == 1 else f"{len(notices)} thông báo mới"
    return "[OCOP] " + " ".join(what.split())


def _text(person: Any, notices: list[Notice]) -> str:
    base = settings.SITE_URL.rstrip("/")
    context = {
        "person": person,
        "notices": notices,
        "base": base,
        "preferences_url": base + reverse("core:notice_preferences"),
    }
    return render_to_string("core/notice_mail.txt", context)
