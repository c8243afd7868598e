"""A small province with hand-counted records of 2026, and plans over it."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.tests.factories import make_commune, make_province, make_user
from core.models import AdminUnit
from products.enums import DossierKind, DossierState, LegalForm, ProductOrigin
from products.models import Dossier, Entity, Product, ProductSet, Recognition
from training import services
from training.models import Enrolment, Indicator, Plan, Presence, RegisterPerson, Target, TrainingClass
from training.services.attendance import begin_if_waiting, recount

BINH, XUYEN = ("Xã Cẩm Bình", "18682"), ("Xã Cẩm Xuyên", "18673")


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def writer() -> User:
    """Who typed the records of these tests: an officer of the province."""
    found = User.objects.filter(username="nguoi-nhap").first()
    return found or make_user("nguoi-nhap", Role.PROVINCIAL_OFFICER)


def make_set(number: int = 1, family: str = "I Thực phẩm") -> ProductSet:
    return ProductSet.objects.get_or_create(
        number=number, defaults={"name": f"Bộ {number}", "family": family, "group": "Nhóm"}
    )[0]


def make_entity(name: str = "HTX Cẩm Bình", commune: AdminUnit | None = None, **fields: Any) -> Entity:
    found = Entity.objects.filter(name=name).first()
    return found or Entity.objects.create(
        name=name, commune=commune or make_commune(*BINH), legal_form=LegalForm.COOPERATIVE, **fields
    )


def make_product(name: str, entity: Entity | None = None, **fields: Any) -> Product:
    entity = entity or make_entity()
    fields.setdefault("product_set", make_set())
    return Product.objects.create(name=name, entity=entity, commune=entity.commune, **fields)


def make_dossier(product: Product, filed_on: date | None, **fields: Any) -> Dossier:
    fields.setdefault("state", DossierState.SUBMITTED if filed_on else DossierState.DRAFT)
    fields.setdefault("year", 2026)
    return Dossier.objects.create(
        product=product,
        commune=product.commune,
        created_by=writer(),
        submitted_at=noon(filed_on) if filed_on else None,
        **fields,
    )


def recognise(product: Product, decided_on: date, star: int = 3, **fields: Any) -> Recognition:
    fields.setdefault("expires_on", decided_on.replace(year=decided_on.year + 3))
    return Recognition.objects.create(
        product=product,
        star=star,
        decided_on=decided_on,
        decision_number=f"{decided_on.day}/QĐ-UBND",
        decided_by="Chủ tịch UBND tỉnh",
        **fields,
    )


def make_person(name: str, unit: AdminUnit | None = None, **fields: Any) -> RegisterPerson:
    fields.setdefault("group", "official")
    fields.setdefault("listed_on", date(2026, 1, 5))
    return RegisterPerson.objects.create(name=name, unit=unit or make_commune(*BINH), **fields)


def make_class(day: date = date(2026, 6, 10), unit: AdminUnit | None = None, **fields: Any) -> TrainingClass:
    fields = {"title": f"Lớp {day:%d/%m}", "ends_on": day, **fields}
    return TrainingClass.objects.create(
        organiser="Văn phòng Điều phối", starts_on=day, unit=unit or make_province(), **fields
    )


def attend(
    held: TrainingClass, *persons: RegisterPerson, attended: bool = True, halves: int | None = None
) -> None:
    """Enrol persons and let them be there at the first `halves` half-days (all when not said), or at none."""
    if not held.half_days.exists():
        services.give_usual_half_days(held)
    taught = list(held.half_days.all())
    for person in persons:
        enrolment = Enrolment.objects.create(training_class=held, person=person)
        there = taught[:halves] if attended else []
        Presence.objects.bulk_create(
            Presence(enrolment=enrolment, half_day=half, source="hand", confirmed_at=timezone.now())
            for half in there
        )
    begin_if_waiting(held)
    recount(held)


def make_plan(code: str = "thu-2026", unit: AdminUnit | None = None, **fields: Any) -> Plan:
    values = {
        "title": f"Kế hoạch {code}",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "status": "in_force",
        **fields,
    }
    return Plan.objects.create(code=code, unit=unit or make_province(), **values)


def make_indicator(code: str = "nhap-tay", computed_by: str = "", **fields: Any) -> Indicator:
    fields = {"name": f"Chỉ tiêu {code}", "unit_name": "sản phẩm", "computed_by": computed_by, **fields}
    return Indicator.objects.get_or_create(code=code, defaults=fields)[0]


def make_target(
    plan: Plan, computed_by: str = "", value: int | str | None = 10, code: str = "", **fields: Any
) -> Target:
    """A line of the plan: counted by the system when `computed_by` is given."""
    indicator = make_indicator(code or computed_by.replace("_", "-") or "nhap-tay", computed_by)
    number = None if value is None else Decimal(value)
    return services.add_target(
        plan=plan, by=None, indicator=indicator, value=number, **{"operator": "ge", **fields}
    )


def small_province() -> None:
    """Records of Cẩm Bình and Cẩm Xuyên, few enough to count by hand (see test_indicators)."""
    binh, xuyen = make_commune(*BINH), make_commune(*XUYEN)
    htx = make_entity("HTX Cẩm Bình", binh, founded_on=date(2020, 3, 1), strengthened_on=date(2026, 4, 2))
    moi = make_entity("HTX Cẩm Xuyên", xuyen, founded_on=date(2026, 2, 14))
    keo = make_product("Kẹo cu đơ", htx, is_flagship=True)
    mam = make_product("Nước mắm", htx)
    cam = make_product("Cam bù", moi, origin=ProductOrigin.NEW)
    ruou = make_product("Rượu nếp", moi, product_set=make_set(14, "II Đồ uống"))
    che = make_product("Chè xanh", moi, product_set=make_set(16, "II Đồ uống"))
    # Filed in 2026: Kẹo cu đơ (upgrade), Nước mắm (twice), Cam bù; Rượu nếp drafts, Chè xanh was returned.
    upgrade = make_dossier(keo, date(2026, 2, 1), kind=DossierKind.UPGRADE, state=DossierState.RECOGNISED)
    make_dossier(mam, date(2026, 1, 20), state=DossierState.NOT_RECOGNISED)
    again = make_dossier(mam, date(2026, 5, 3), kind=DossierKind.RE_RANKING, state=DossierState.RECOGNISED)
    first = make_dossier(cam, date(2026, 3, 15), state=DossierState.RECOGNISED)
    make_dossier(ruou, None)
    make_dossier(che, date(2026, 4, 1), state=DossierState.RETURNED)
    # Recognised: Kẹo cu đơ 3 stars in 2024, replaced by 4 in June 2026; Nước mắm 3 and Cam bù 4 in 2026;
    # Rượu nếp in 2023, expired in May 2026; Chè xanh in 2025, revoked.
    recognise(keo, date(2024, 7, 1), 3, state="replaced")
    recognise(keo, date(2026, 6, 30), 4, dossier=upgrade)
    recognise(mam, date(2026, 10, 15), 3, dossier=again)
    recognise(cam, date(2026, 6, 30), 4, dossier=first)
    recognise(ruou, date(2023, 5, 5), 3)
    recognise(che, date(2025, 8, 8), 3, state="revoked")
    # On the register today: Lan, Minh, Hải, Quân, of whom Lan and Minh attended a class this year in full.
    # Hải did in 2025 only: in September he left after one half-day of two, in October the class was
    # cancelled. Nga left the register in March.
    lan, minh = make_person("Trần Thị Lan", binh), make_person("Lê Văn Minh", xuyen)
    hai = make_person("Phạm Hải", binh, listed_on=date(2025, 1, 1))
    make_person("Vũ Quân", make_province())
    nga = make_person("Đỗ Nga", xuyen, left_on=date(2026, 3, 1))
    attend(make_class(date(2025, 9, 9)), hai)
    june, september = make_class(date(2026, 6, 10)), make_class(date(2026, 9, 20))
    attend(june, lan, nga)
    attend(june, hai, attended=False)
    attend(september, lan, minh)
    attend(september, hai, halves=1)
    off = make_class(date(2026, 10, 5), state="cancelled", cancel_reason="Bão")
    attend(off, hai)
    make_class(date(2026, 12, 20))
