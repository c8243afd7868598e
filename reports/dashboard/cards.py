"""The cards of a plan's targets."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from core.numbers import NOTHING, format_number
from training.enums import Operator, TargetStatus
from training.progress import actual_words
from training.queries import TargetProgress


@dataclass(frozen=True)
class Card:
    """A target with what its card says: "17" of "25", "65,21 %" of "100 %", "22/25"; its parts below it."""

    target: TargetProgress
    value: str
    planned: str = ""
    below: tuple["Card", ...] = ()

    @property
    def url(self) -> str:
        return self.target.list_url or reverse("training:target", args=[self.target.target_id])


def cards_of(targets: Iterable[TargetProgress]) -> tuple[Card, ...]:
    """One card a total, with its parts and the same indicator "for each unit" below it.

    What one unit was given stays on the plan's page.
    """
    cards: list[Card] = []
    for target in targets:
        if not target.whole_plan and target.planned_for_one_unit:
            continue
        card = _card(target)
        above = cards[-1] if cards else None
        if above and (target.is_part or (not target.whole_plan and target.label == above.target.label)):
            cards[-1] = replace(above, below=(*above.below, card))
        else:
            cards.append(card)
    return tuple(cards)


def _card(target: TargetProgress) -> Card:
    """The value large, the plan small beside it; ratios and words say both in one."""
    if target.status == TargetStatus.NO_DATA and target.actual is None:
        # A source that tells the value in words only is shown in its words.
        said = target.actual_text if target.as_of else NOTHING
        return Card(target, said, target.planned_text if target.planned is not None else "")
    if target.share is None or target.actual is None or "/" in target.planned_text:
        return Card(target, target.actual_text)
    if target.computed and not target.whole_plan:
        return Card(target, format_number(target.actual), f"{format_number(target.planned)} đơn vị")
    plan = target.planned_text.lstrip("≥> ")
    if "%" in plan:
        return Card(target, actual_words(Operator.PERCENT, target.actual, None), plan)
    return Card(target, format_number(target.actual), plan)
