"""What the made-up entities tell of themselves: registration, figures of three years, one entered twice."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from accounts.models import User
from products import services
from products.models import DistinctPair, Entity
from reports.demo import accounts, registry
from reports.demo.clock import standing_on
from reports.demo.registry import SEED, Entry

TOLD_ON = date(2026, 2, 10)
LAST_YEAR = 2025
ORIGINAL = "HTX Nông nghiệp Minh Họa Cẩm Bình"
ENTERED_TWICE = "Hợp tác xã Nông nghiệp Minh Họa Cẩm Bình"
# Far behind the codes of the registry.
SPARE_CODE = 500
SMALLEST_STEP = Decimal("0.1")


def tell(entries: Iterable[Entry], users: dict[str, User]) -> None:
    """Fill in registration and yearly figures; enter one entity a second time, for the page of likenesses."""
    by_entity: dict[int, list[Entry]] = {}
    for entry in entries:
        by_entity.setdefault(entry.product.entity_id, []).append(entry)
    with standing_on(TOLD_ON):
        for own in by_entity.values():
            _tell_of(own)
        _enter_twice(users)


def _tell_of(own: list[Entry]) -> None:
    entity, data = own[0].product.entity, own[0].entity_data
    services.update_entity(
        entity,
        by=own[0].officer,
        years=_figures(entity, [entry.data for entry in own]),
        registered_on=data["founded"],
        registered_by=f"{entity.commune} (minh họa)",
    )
    if "account" in data:
        services.update_representative(
            entity, by=own[0].officer, gender="female" if entity.pk % 2 else "male", ethnicity="Kinh"
        )


def _figures(
    entity: Entity, products: list[dict[str, Any]]
) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """Revenue of the products, going back by their growth; profit between 8 and 15 per cent."""
    chance = Random(f"{SEED} figures {entity.name}")  # noqa: S311  a demonstration, not a secret
    revenue = Decimal(sum(row["revenue"] for row in products))
    growth = Decimal(max(row["growth"] for row in products))
    figures = {}
    for back in range(3):
        profit = revenue * chance.randint(8, 15) / 100
        figures[LAST_YEAR - back] = (_rounded(revenue), _rounded(profit))
        revenue = revenue * 100 / (100 + growth)
    return figures


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(SMALLEST_STEP)


def _enter_twice(users: dict[str, User]) -> None:
    """The office entered from an old list what the commune had entered already."""
    original = Entity.objects.select_related("commune").get(name=ORIGINAL)
    twin = services.create_entity(
        by=users["vanphong"],
        is_another=True,
        name=ENTERED_TWICE,
        legal_form=original.legal_form,
        tax_code=next(islice(registry.tax_codes(), SPARE_CODE, None)),
        commune=original.commune,
        phone=accounts.phone(999),
        email="chuthe.cu@example.com",
        representative=original.representative,
    )
    # Nobody compared the two in those days: the page of likenesses is to show them.
    DistinctPair.objects.filter(second=twin).delete()
