"""The targets of a plan seen from one commune: what it was given, and what of the whole comes from it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import AdminUnit
from training import indicators
from training.indicators import Counted
from training.models import Plan, Target
from training.queries.targets import TargetProgress, indicator_url, is_counted, target_line
from training.validators import ADDS_UP


@dataclass(frozen=True)
class CommuneLine:
    """A target from the commune's side.

    `whole`: the line of the whole province (None: only communes were given it). `given`: the commune's own
    line, of a target given to it by name or to every commune alike (None: nothing was given it).
    `contributed`: what the commune adds to the counted value of the whole, with the list behind it (None:
    the value is entered by hand, for the whole province).
    """

    whole: TargetProgress | None
    given: TargetProgress | None
    contributed: Counted | None = None
    list_url: str = ""


def commune_lines(
    plan: Plan,
    pairs: Iterable[tuple[Target, TargetProgress]],
    numbers: Mapping[str, Mapping[int, Counted]],
    commune: AdminUnit,
    day: date,
) -> tuple[CommuneLine, ...]:
    """Every indicator of the plan once, in the plan's order. `pairs`: its targets with their lines.

    `numbers`: by unit of today; former communes add to the commune both what they were given and reached.
    """
    pairs = list(pairs)
    alike = {
        target.indicator_id: target_line(plan, _for_one(target, commune), numbers, day)
        for target, _ in pairs
        if target.per_unit and is_counted(plan, target)
    }
    given = alike | _given_by_name(plan, pairs, numbers, commune, day)
    lines, seen = [], set()
    for target, line in pairs:
        if target.unit_id is None and not target.per_unit:
            lines.append(_line(plan, target, line, numbers, commune, day, given.get(target.indicator_id)))
            seen.add(target.indicator_id)
    # In the plan's order, too.
    only_given = dict.fromkeys(target.indicator_id for target, _ in pairs if target.indicator_id in given)
    return (*lines, *(CommuneLine(None, given[pk]) for pk in only_given if pk not in seen))


def _given_by_name(
    plan: Plan,
    pairs: list[tuple[Target, TargetProgress]],
    numbers: Mapping[str, Mapping[int, Counted]],
    commune: AdminUnit,
    day: date,
) -> dict[int, TargetProgress]:
    """By indicator: the commune's own line, or one with what the communes merged into it were given.

    What is entered by hand stays with the line it was entered for: the own one, else a former commune's.
    """
    found: dict[int, list[tuple[Target, TargetProgress]]] = defaultdict(list)
    for target, line in pairs:
        if target.unit and target.unit.counts_for_id == commune.pk:
            found[target.indicator_id].append((target, line))
    given = {}
    for indicator_id, rows in found.items():
        # The own one first.
        (target, line), *others = sorted(rows, key=lambda row: row[0].unit_id != commune.pk)
        if is_counted(plan, target) and (others or target.unit_id != commune.pk):
            together = _for_one(_sum_of_given(target, [other for other, _ in others]), commune)
            line = target_line(plan, together, numbers, day)
        given[indicator_id] = line
    return given


def _sum_of_given(first: Target, others: list[Target]) -> Target:
    """What several communes were given, as one target, where such values add up; else the first."""
    every = copy(first)
    if first.operator not in ADDS_UP or any(other.operator not in ADDS_UP for other in others):
        return every
    rows = [(row.value, row.value_to) for row in (first, *others)]
    low = [value for value, _ in rows if value is not None]
    if any(high is not None for _, high in rows):
        every.value_to = sum((high or value or Decimal(0) for value, high in rows), Decimal(0))
    every.value = sum(low, Decimal(0)) if low else None
    return every


def _for_one(target: Target, commune: AdminUnit) -> Target:
    """ "Each commune at least 1" as the commune's own target."""
    own = copy(target)
    own.unit, own.per_unit, own.units_count = commune, "", None
    return own


def _line(
    plan: Plan,
    target: Target,
    whole: TargetProgress,
    numbers: Mapping[str, Mapping[int, Counted]],
    commune: AdminUnit,
    day: date,
    given: TargetProgress | None,
) -> CommuneLine:
    if not is_counted(plan, target):
        return CommuneLine(whole, given)
    name = target.indicator.computed_by
    nothing = Counted(0, 0 if indicators.REGISTRY[name].population else None)
    contributed = numbers.get(name, {}).get(commune.pk, nothing)
    return CommuneLine(whole, given, contributed, indicator_url(name, plan, day, unit=commune))
