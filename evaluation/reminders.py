"""What people are reminded of: a round stops taking dossiers while some are not through."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from core.enums import NoticeKind
from core.models import AdminUnit
from core.notices import Message
from core.numbers import format_date
from core.reminders import reminds
from evaluation import certificate_reminders  # noqa: F401  those after recognition register themselves
from evaluation.models import Round
from evaluation.services.rounds import LEGAL_ROUNDS, round_of_law
from products.enums import DossierState
from products.models import Dossier
from products.reminders import Audience

CLOSING = (3, 14)


@reminds
def rounds_that_close(day: dt.date) -> Iterator[Message]:
    """Fourteen and three days before a round's last day: writers of drafts, and communes still checking."""
    for coming in _closing_rounds(day):
        # The smallest span that holds the day: 3 for the last three days, 14 before.
        span = next(days for days in CLOSING if (coming.files_until - day).days <= days)
        yield from _messages(coming, span)


def _closing_rounds(day: dt.date) -> list[Round]:
    """Rounds that take dossiers for at most fourteen days more: stored ones, and those of the law (Đ5)."""
    stored = list(Round.objects.filter(year__in=(day.year, day.year + 1)))
    known = {(one.unit_id, one.year, one.number) for one in stored}
    provinces = AdminUnit.objects.provinces().filter(children__dossiers__state__in=_UNFINISHED).distinct()
    by_law = [
        round_of_law(unit, day.year, number)
        for unit in provinces
        for number in LEGAL_ROUNDS
        if (unit.pk, day.year, number) not in known
    ]
    last = day + dt.timedelta(days=max(CLOSING))
    return [one for one in (*stored, *by_law) if day <= one.files_until <= last]


_UNFINISHED = (*DossierState.editable, *DossierState.with_commune)


def _messages(coming: Round, span: int) -> Iterator[Message]:
    words = f"{coming.name} nhận hồ sơ đến ngày {format_date(coming.files_until)}"
    for dossier, users in _unfinished(coming):
        step = "chưa nộp" if dossier.is_editable else "xã chưa đề nghị"
        yield Message(
            users=users,
            kind=NoticeKind.ROUND,
            title=f"{words}, hồ sơ {step}: {dossier.product.name}",
            body=str(dossier.product.entity),
            url=reverse("products:dossier", args=[dossier.pk]),
            key=f"round:{coming.unit_id}:{coming.year}:{coming.number}:{coming.files_until}:{span}:{dossier.pk}",
        )


def _unfinished(coming: Round) -> Iterable[tuple[Dossier, tuple[Any, ...]]]:
    """Dossiers of the round's year that are not proposed yet, each with the people who can go on."""
    rows = (
        Dossier.objects.filter(Q(state__in=_UNFINISHED), commune__parent=coming.unit_id, year=coming.year)
        .with_names()
        .select_related("created_by", "product__entity", "commune")
    )
    dossiers = list(rows)
    audience = Audience.for_dossiers(dossiers)
    for dossier in dossiers:
        drafting = dossier.is_editable
        yield dossier, audience.writers_of(dossier) if drafting else audience.of_commune(dossier.commune_id)
