"""Made-up entities, their products and earlier recognitions."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from typing import Any

from vn_ident import mst_check_digit

from accounts.models import User
from core.models import AdminUnit
from products import services
from products.models import Entity, Product, ProductSet, Recognition
from reports.demo import accounts, data_files
from reports.demo.clock import standing_on
from reports.demo.texts import number_words

SEED = 2026
ENTERED_ON = date(2026, 1, 12)
VALID_YEARS = 3
TWO_LEVELS_SINCE = date(2025, 7, 1)
# Decisions in force before QĐ 26/2026, the latest first.
EARLIER_LAW = ((date(2025, 7, 1), "1489/QĐ-TTg"), (date(2023, 2, 24), "148/QĐ-TTg"))


@dataclass(frozen=True)
class Entry:
    """A product with the data it was made from and the people who act for it."""

    product: Product
    entity_data: dict[str, Any]
    data: dict[str, Any]
    author: User
    officer: User

    @property
    def dossier(self) -> dict[str, Any]:
        return self.data.get("dossier", {})

    def chance(self, purpose: str) -> Random:
        """Chance of its own for every product, so that a change of one changes no other."""
        return Random(f"{SEED} {purpose} {self.product.name}")  # noqa: S311  a demonstration, not a secret


def create(communes: dict[str, AdminUnit], users: dict[str, User]) -> list[Entry]:
    """Enter every entity and product as an officer of its commune would."""
    sets = {row.number: row for row in ProductSet.objects.all()}
    codes = tax_codes()
    entries = []
    with standing_on(ENTERED_ON):
        for number, data in enumerate(data_files.entities(), start=1):
            officer = users[accounts.username_of_commune(data["commune"])]
            entity = _entity(data, number, next(codes), communes[data["commune"]], officer)
            author = users.get(data.get("account", ""), officer)
            if author is not officer:
                services.give_account(entity, user=author, by=officer)
            entries += [
                Entry(_product(entity, row, sets, officer), data, row, author, officer)
                for row in data["products"]
            ]
    return entries


def tax_codes():
    """Endless valid codes of the unused series 2999 00x xxx: right check digit, nobody's code."""
    for number in count(1):
        body = f"2999{number:05d}"
        digit = mst_check_digit(body)
        if digit is not None:
            yield f"{body}{digit}"


def _entity(data: dict[str, Any], number: int, tax_code: str, commune: AdminUnit, officer: User) -> Entity:
    total, local = data["workers"]
    return services.create_entity(
        by=officer,
        name=data["name"],
        legal_form=data["form"],
        tax_code=tax_code,
        commune=commune,
        address=data["address"],
        representative=f"Đại Diện {number_words(number)}",
        representative_position="Giám đốc" if data["form"] in ("cooperative", "sme") else "Chủ cơ sở",
        phone=accounts.phone(100 + number),
        email=f"chuthe{number:02d}@example.com",
        founded_on=data["founded"],
        registration_number=f"MH-{number:03d}",
        workers_total=total,
        workers_local=local,
        strengthened_on=data.get("strengthened"),
    )


def _product(entity: Entity, row: dict[str, Any], sets: dict[int, ProductSet], officer: User) -> Product:
    product = services.create_product(
        entity=entity,
        product_set=sets[row["set"]],
        by=officer,
        name=row["name"],
        origin=row["origin"],
        is_flagship=row.get("flagship", False),
        specification=row["spec"],
        description=row["about"],
        price=row.get("price"),
        price_unit=row.get("unit", ""),
        sales_channels=row.get("sold", []),
        story=row.get("tale", "") if row.get("past") else "",
    )
    for earlier in row.get("past", []):
        _recognised_before(product, earlier)
    return product


def _recognised_before(product: Product, earlier: dict[str, Any]) -> None:
    """A decision from before the system; there is no act of the system to bring it about."""
    day = earlier["date"]
    recognition = Recognition(
        product=product,
        star=earlier["star"],
        decision_number=earlier["number"],
        decided_on=day,
        decided_by=_decided_by(earlier["star"], day),
        expires_on=day.replace(year=day.year + VALID_YEARS),
        legal_basis=next(number for since, number in EARLIER_LAW if day >= since),
    )
    recognition.full_clean()
    recognition.save()


def _decided_by(star: int, day: date) -> str:
    if star == 3 and day < TWO_LEVELS_SINCE:
        return "Ủy ban nhân dân cấp huyện (trước 01/7/2025)"
    return "Chủ tịch Ủy ban nhân dân tỉnh Hà Tĩnh"
