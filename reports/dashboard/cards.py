"""The cards of a plan's targets, of the whole province or seen from one commune."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse

from core.numbers import NOTHING, format_number
from training import progress
from training.enums import Operator, TargetStatus
from training.queries import CommuneLine, TargetProgress

NOT_GIVEN = "Không giao riêng"


@dataclass(frozen=True)
class Card:
    """A target with what its card says: "17" of "25", "65,21 %" of "100 %", "22/25"; its parts below it.

    `whole`: the line of the whole province, on a card of one commune.
    """

    target: TargetProgress
    value: str
    planned: str = ""
    below: tuple["Card", ...] = ()
    whole: TargetProgress | None = None

    @property
    def url(self) -> str:
        return _url(self.target)

    @property
    def whole_url(self) -> str:
        return _url(self.whole) if self.whole else ""


def _url(target: TargetProgress) -> str:
    """The list behind the number, or the target's own page."""
    return target.number_url or reverse("training:target", args=[target.target_id])


@dataclass(frozen=True)
class StatusCount:
    """How many cards stand in one status, and the first of them."""

    status: TargetStatus
    words: str
    number: int
    first: int


def status_counts(cards: Iterable[Card]) -> tuple[StatusCount, ...]:
    """In one line: how the targets stand, the worst first."""
    by_status: dict[TargetStatus | str, list[Card]] = {}
    for card in cards:
        was_given = card.target.status_text != NOT_GIVEN
        by_status.setdefault(card.target.status if was_given else NOT_GIVEN, []).append(card)
    worst_first = (
        TargetStatus.OVERDUE,
        TargetStatus.BEHIND,
        TargetStatus.AT_RISK,
        TargetStatus.ON_TRACK,
        TargetStatus.DONE,
        TargetStatus.NO_DATA,
    )
    words = [(status, str(status.label), by_status.get(status)) for status in worst_first]
    words.append((TargetStatus.NO_DATA, NOT_GIVEN, by_status.get(NOT_GIVEN)))
    return tuple(
        StatusCount(status, label, len(found), found[0].target.target_id)
        for status, label, found in words
        if found
    )


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


def cards_in_commune(lines: Iterable[CommuneLine]) -> tuple[Card, ...]:
    """One card a total: what the commune was given and reached, or what it adds to the province's.

    Values entered by hand for the whole province have no card: nothing of them is known by commune.
    """
    cards: list[Card] = []
    for line in lines:
        card = _commune_card(line)
        if card is None:
            continue
        if cards and line.whole and line.whole.is_part:
            cards[-1] = replace(cards[-1], below=(*cards[-1].below, card))
        else:
            cards.append(card)
    return tuple(cards)


def _commune_card(line: CommuneLine) -> Card | None:
    if line.given:
        return replace(_card(line.given), whole=line.whole)
    if line.whole is None or line.contributed is None:
        return None
    number = line.contributed.number
    words = progress.actual_words("ge" if line.contributed.of is None else "percent", number, None)
    target = replace(
        line.whole,
        planned=None,
        actual=number,
        actual_text=words,
        share=None,
        status=TargetStatus.NO_DATA,
        status_text=NOT_GIVEN,
        forecast=None,
        list_url=line.list_url,
    )
    return Card(target, words, whole=line.whole)


def _card(target: TargetProgress) -> Card:
    """The value large, the plan small beside it; ratios and words say both in one."""
    if target.status == TargetStatus.NO_DATA and target.actual is None:
        # A source that tells the value in words only is shown in its words.
        said = target.actual_text if target.as_of else NOTHING
        return Card(target, said, target.planned_text if target.planned is not None else "")
    if target.share is None or target.actual is None or "/" in target.planned_text:
        return Card(target, target.actual_text)
    if target.computed and not target.whole_plan and not target.planned_for_one_unit:
        return Card(target, format_number(target.actual), f"{format_number(target.planned)} đơn vị")
    plan = target.planned_text.lstrip("≥> ")
    if "%" in plan:
        return Card(target, progress.actual_words(Operator.PERCENT, target.actual, None), plan)
    return Card(target, format_number(target.actual), plan)
