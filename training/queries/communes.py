"""The targets of a plan seen from one commune: what it was given, and what of the whole comes from it."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date

from core.models import AdminUnit
from training import indicators
from training.indicators import Counted
from training.models import Plan, Target
from training.queries.targets import TargetProgress, indicator_url, is_counted, target_line


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
    """Every indicator of the plan once, in the plan's order. `pairs`: its targets with their lines."""
    pairs = list(pairs)
    alike = {
        target.indicator_id: target_line(plan, _for_one(target, commune), numbers, day)
        for target, _ in pairs
        if target.per_unit and is_counted(plan, target)
    }
    # What a commune merged into this one was given counts where this one was given nothing of the kind.
    formers = {t.indicator_id: line for t, line in pairs if t.unit and t.unit.counts_for_id == commune.pk}
    by_name = {target.indicator_id: line for target, line in pairs if target.unit_id == commune.pk}
    given = alike | formers | by_name
    lines, seen = [], set()
    for target, line in pairs:
        if target.unit_id is None and not target.per_unit:
            lines.append(_line(plan, target, line, numbers, commune, day, given.get(target.indicator_id)))
            seen.add(target.indicator_id)
    # In the plan's order, too.
    only_given = dict.fromkeys(target.indicator_id for target, _ in pairs if target.indicator_id in given)
    return (*lines, *(CommuneLine(None, given[pk]) for pk in only_given if pk not in seen))


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
