"""Former communes a plan gave something by name: there they are counted by themselves, for that indicator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.mergers import NOTHING_APART, Apart
from core.models import AdminUnit
from training.indicators import Counted
from training.models import Plan, Target


@dataclass(frozen=True)
class GivenApart:
    """All such communes of a plan (`every`), and by computed indicator those it was given to."""

    every: Apart = NOTHING_APART
    by_name: Mapping[str, Apart] = field(default_factory=dict)

    def of(self, name: str) -> Apart:
        return self.by_name.get(name, NOTHING_APART)

    def parted(self, counted: Mapping[str, Mapping[int, Counted]]) -> dict[str, Mapping[int, Counted]]:
        """What was counted with `every` apart, as the plan gave each indicator."""
        return {name: self.every.together(numbers, self.of(name).units) for name, numbers in counted.items()}

    def together(self, counted: Mapping[str, Mapping[int, Counted]]) -> dict[str, Mapping[int, Counted]]:
        """The same by the communes of today alone."""
        return {name: self.every.together(numbers) for name, numbers in counted.items()}


def given_apart(targets: Iterable[Target]) -> GivenApart:
    """Of a plan's targets, with indicator, unit and what that counts for; a few queries if there are any."""
    named = [target for target in targets if target.unit and target.indicator.computed_by]
    every = Apart.of(target.unit for target in named)
    if not every.units:
        return GivenApart()
    names = dict.fromkeys(target.indicator.computed_by for target in named if target.unit_id in every.units)
    return GivenApart(every, {name: Apart.of(_units(named, name)) for name in names})


def _units(named: list[Target], name: str) -> Iterable[AdminUnit | None]:
    return (target.unit for target in named if target.indicator.computed_by == name)


def apart_of(plan: Plan, name: str) -> Apart:
    """Those of one indicator, read for a single page; one query in a plan without former communes."""
    former = plan.targets.filter(indicator__computed_by=name).exclude(unit__valid_to=None)
    return Apart.of(target.unit for target in former.select_related("unit__counts_for"))
