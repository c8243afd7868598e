"""Councils in the middle of a session, written past the services: on a database of the measurement only."""

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from secrets import token_urlsafe

import pgtrigger
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from core.enums import UnitKind, UnitLevel
from core.models import AdminUnit
from evaluation.criteria_files import DATA_FOLDER, load_errata, project_sets
from evaluation.enums import SeatRole, SessionState
from evaluation.models import AgendaItem, Council, CriteriaSet, Regulation, Round, Seat, Session, Sheet
from evaluation.services.criteria import load_version
from products.enums import DossierState, LegalForm
from products.models import Dossier, DossierVersion, Entity, Product

FIRST_CODE = 60  # of provinces that are only there for the measurement
DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Place:
    """A member before an open sheet: the cookie that signs in, and the sheet."""

    cookie: str
    sheet: int


def fill(councils: int, members: int) -> list[Place]:
    """So many councils of so many members, each with an open session and one dossier; the members' places."""
    version, _ = load_version(
        code="qd26",
        title="Bộ tiêu chí QĐ 26/2026",
        sets=list(project_sets().values()),
        errata=load_errata(DATA_FOLDER),
    )
    table = CriteriaSet.objects.get(version=version, product_set__number=1)
    _clear()
    with transaction.atomic(), pgtrigger.ignore():
        for number in range(councils):
            _council(number, members, table)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sheets = Sheet.objects.select_related("seat__user").order_by("pk")
    return [Place(_signed_in(sheet.seat.user), sheet.pk) for sheet in sheets]


def _clear() -> None:
    """Everything of the last measurement; the criteria of the law stay."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {AdminUnit._meta.db_table}, {User._meta.db_table} CASCADE")


def _council(number: int, members: int, table: CriteriaSet) -> None:
    unit = AdminUnit.objects.create(
        code=str(FIRST_CODE + number),
        name=f"Tỉnh Đo Tải {number + 1}",
        level=UnitLevel.PROVINCE,
        kind=UnitKind.PROVINCE,
        valid_from=DAY,
    )
    regulation = Regulation.objects.create(unit=unit, name="Quy chế đo tải")
    council = Council.objects.create(
        unit=unit, name="Hội đồng đo tải", decision_number="1/QĐ-ĐT", decided_on=DAY, regulation=regulation
    )
    of_round = Round.objects.create(
        unit=unit, year=2026, number=2, name="Đợt đo tải", files_until=DAY, finish_until=date(2026, 12, 30)
    )
    session = Session.objects.create(
        council=council,
        round=of_round,
        name="Phiên đo tải",
        held_on=DAY,
        state=SessionState.OPEN,
        regulation=regulation,
    )
    item = AgendaItem.objects.create(
        session=session, version=_version(unit, number, table), criteria_set=table, position=1
    )
    for place in range(members):
        role = SeatRole.CHAIR if place == 0 else SeatRole.MEMBER
        seat = Seat.objects.create(council=council, user=_member(unit, number, place), role=role)
        Sheet.objects.create(item=item, seat=seat, criteria_set=table)


def _member(unit: AdminUnit, number: int, place: int) -> User:
    name = f"dotai.{number}.{place}"
    user = User.objects.create(
        username=name, full_name=f"Thành viên {number}.{place}", email=f"{name}@mau.vn"
    )
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, role=Role.COUNCIL_MEMBER, unit=unit, valid_from=DAY)
    return user


def _version(unit: AdminUnit, number: int, table: CriteriaSet) -> DossierVersion:
    commune = AdminUnit.objects.create(
        code=f"9{number:04}",
        name=f"Xã Đo Tải {number + 1}",
        level=UnitLevel.COMMUNE,
        kind=UnitKind.COMMUNE,
        parent=unit,
        valid_from=DAY,
    )
    entity = Entity(name=f"HTX Đo Tải {number}", legal_form=LegalForm.COOPERATIVE, commune=commune)
    entity.fill_keys()
    entity.save()
    product = Product(
        name=f"Rau đo tải {number}", entity=entity, commune=commune, product_set=table.product_set
    )
    product.fill_keys()
    product.save()
    dossier = Dossier.objects.create(
        product=product,
        commune=commune,
        year=2026,
        state=DossierState.ACCEPTED,
        created_by=User.objects.first() or _member(unit, number, 999),
    )
    return DossierVersion.objects.create(
        dossier=dossier,
        number=1,
        submitted_at=timezone.now(),
        snapshot={"name": product.name},
        sha256="0" * 64,
    )


def _signed_in(user: User) -> str:
    """The session and CSRF cookies of a member who signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    secret = token_urlsafe(48).replace("-", "x").replace("_", "y")[:32]
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={secret}"
