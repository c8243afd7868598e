"""Totals that their parts or units do not add up to."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from core.numbers import format_number
from training.enums import Operator
from training.models import Target
from training.queries.targets import planned_text
from training.validators import ADDS_UP


def sums_that_differ(targets: list[Target]) -> Iterable[str]:
    """Sentences on totals that their parts or units do not add up to."""
    counted = [target for target in targets if target.operator in ADDS_UP]
    parts_of = defaultdict(list)
    for target in counted:
        parts_of[target.part_of_id].append(target)
    for total in counted:
        parts = parts_of.get(total.pk, [])
        if parts and total.value is not None and (found := _sum(parts)) != total.value:
            yield (
                f"“{total.indicator.name}”: các phần cộng lại {format_number(found)}, "
                f"tổng giao {planned_text(total)}."
            )
    wholes = {t.indicator_id: t for t in counted if t.unit_id is None and not t.per_unit}
    yield from _units_that_differ(counted, wholes)
    yield from _per_unit_that_differ(counted, wholes)


def _sum(targets: Iterable[Target]) -> Decimal:
    return sum((target.value or Decimal(0) for target in targets), Decimal(0))


def _units_that_differ(counted: list[Target], wholes: dict[int, Target]) -> Iterable[str]:
    by_indicator = defaultdict(list)
    for target in counted:
        if target.unit_id is not None:
            by_indicator[target.indicator_id].append(target)
    for indicator_id, allocated in by_indicator.items():
        whole = wholes.get(indicator_id)
        if whole and (found := _sum(allocated)) != whole.value:
            yield (
                f"“{whole.indicator.name}”: giao cho {len(allocated)} đơn vị, cộng {format_number(found)}, "
                f"chỉ tiêu chung {planned_text(whole)}."
            )


def _per_unit_that_differ(counted: list[Target], wholes: dict[int, Target]) -> Iterable[str]:
    for target in counted:
        whole = wholes.get(target.indicator_id)
        if not (target.per_unit and target.units_count and whole and target.value and whole.value):
            continue
        low = target.value * target.units_count
        high = (target.value_to or target.value) * target.units_count
        is_open = target.operator in (Operator.AT_LEAST, Operator.MORE_THAN)
        if low > whole.value or (high < whole.value and not is_open):
            total = format_number(low) if low == high else f"{format_number(low)}-{format_number(high)}"
            yield (
                f"“{whole.indicator.name}”: {target.per_unit} {planned_text(target)}, "
                f"{target.units_count} đơn vị cộng lại {total}, chỉ tiêu chung {planned_text(whole)}."
            )
