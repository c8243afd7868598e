"""Councils at work for measuring: 34 of them with 15 members each, every member before an empty sheet.

The province and its dossiers are written past the services (`ocop.bulk`), councils and sessions through them.
For `bench_scoring` only, on a database of its own.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as WebSession
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from evaluation.enums import SeatRole
from evaluation.models import Choice, Sheet
from evaluation.queries.scoring_sets import stored_set
from evaluation.services import councils, rounds, sessions
from ocop import bulk
from products.enums import DossierState
from products.models import Dossier, DossierVersion

COUNCILS, MEMBERS = 34, 15
DAY = date(2026, 6, 10)


@dataclass(frozen=True)
class Seated:
    """A member at the table: the session's cookie, the sheet, (criterion, options) of the table in order."""

    cookie: str
    user: int
    sheet: int
    leaves: list[tuple[int, list[int]]]


def fill() -> None:
    """The councils with their open sessions, unless they are there; choices of an earlier run are removed."""
    if Sheet.objects.count() == COUNCILS * MEMBERS:
        Choice.objects.all().delete()
        return
    bulk.clear()
    bulk.fill(bulk.Size(communes=COUNCILS, entities=COUNCILS, products=COUNCILS, dossiers=COUNCILS))
    _accept_all()
    province = AdminUnit.objects.get(code="42", parent=None)
    officer = User.objects.get(username="tinh")
    members = _members(province)
    of_year = rounds.legal_round(unit=province, year=DAY.year, number=2)
    for number, dossier in enumerate(Dossier.objects.order_by("pk")):
        council = councils.create_council(
            unit=province,
            name=f"Hội đồng đo {number + 1}",
            decision_number=f"{number + 1}/QĐ-UBND",
            decided_on=DAY - timedelta(days=60),
            by=officer,
        )
        for place, member in enumerate(members[number * MEMBERS : (number + 1) * MEMBERS]):
            role = SeatRole.MEMBER if place else SeatRole.CHAIR
            councils.add_seat(council=council, user=member, role=role, agency="Sở Thử nghiệm", by=officer)
        session = sessions.create_session(
            council=council, evaluation_round=of_year, name=f"Phiên đo {number + 1}", held_on=DAY, by=officer
        )
        sessions.add_dossiers(session=session, dossiers=[dossier], by=officer)
        sessions.open_session(session=session, by=officer)


def _accept_all() -> None:
    with pgtrigger.ignore():
        Dossier.objects.update(state=DossierState.ACCEPTED, year=DAY.year, proposed_on=DAY)
        filed = DossierVersion.objects.filter(number=1)
        DossierVersion.objects.exclude(pk__in=filed).delete()
        filed.update(
            submitted_at=timezone.now(),
            submitted_by=User.objects.get(username="chuthe"),
            snapshot={},
            sha256="0" * 64,
        )


def _members(province: AdminUnit) -> list[User]:
    secret = make_password("do-toc-do")
    names = [f"uy-vien-{number:03}" for number in range(COUNCILS * MEMBERS)]
    users = User.objects.bulk_create(
        User(username=name, full_name=f"Người {name}", password=secret) for name in names
    )
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.COUNCIL_MEMBER, unit=province, valid_from=date(2025, 7, 1))
        for user in users
    )
    return users


def seated() -> list[Seated]:
    """Everybody signed in: sessions as the sign-in page makes them, without the cost of 510 passwords."""
    backend = settings.AUTHENTICATION_BACKENDS[-1]
    ends, rows, found = timezone.now() + timedelta(hours=8), [], []
    for sheet in Sheet.objects.select_related("seat__user").order_by("pk"):
        user, key = sheet.seat.user, get_random_string(32)
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: backend,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        rows.append(WebSession(session_key=key, session_data=SessionStore().encode(data), expire_date=ends))
        found.append(Seated(key, user.pk, sheet.pk, _leaves(sheet)))
    WebSession.objects.bulk_create(rows)
    return found


def _leaves(sheet: Sheet) -> list[tuple[int, list[int]]]:
    table = stored_set(sheet.criteria_set_id)
    return [
        (
            table.criterion_of_code[leaf.code],
            [table.option_at[leaf.code, option.position] for option in leaf.options],
        )
        for leaf in table.scoring.leaves
    ]
