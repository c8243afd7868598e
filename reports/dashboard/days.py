"""The list behind a median of the road: every stay at a step with its days."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.urls import reverse

from products.models import Dossier
from products.queries.steps import Stay, Waits, step_stays
from products.step_words import HEADS, dossier_cells, limit_words, stay_cells, step_label
from reports.dashboard.choice import Choice
from reports.dashboard.road import Days, asked_of, days_of, stays_url
from training.lists import Line
from training.queries import default_as_of


@dataclass(frozen=True)
class DaysBehind:
    """`stays`: the longest first. `middle`: the median in words, None of nobody."""

    step: str
    waiting: bool
    stays: tuple[Stay, ...]
    middle: Days | None
    other_url: str

    @property
    def label(self) -> str:
        return step_label(self.step)

    @property
    def limit(self) -> str:
        return limit_words(self.step)

    @property
    def over(self) -> int:
        return sum(stay.is_over for stay in self.stays)


def days_behind(choice: Choice, step: str, *, waiting: bool) -> DaysBehind:
    """The stays the road counts at a step of the chosen plan, commune and group. One query."""
    rows = Dossier.objects.filter(choice.of_dossiers)
    asked = asked_of(choice.plan, default_as_of(choice.plan))
    own = tuple(step_stays(rows, step=step, waiting=waiting, **asked))
    middle = median(stay.days for stay in own) if own else None
    return DaysBehind(
        step=step,
        waiting=waiting,
        stays=own,
        middle=days_of(Waits(len(own), middle), step),
        other_url=stays_url(choice, step, waiting=not waiting),
    )


def seen_by(stays: Sequence[Stay], user: Any) -> list[Stay]:
    """Those of dossiers the user may read. One query."""
    ids = {stay.dossier_id for stay in stays}
    visible = set(Dossier.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [stay for stay in stays if stay.dossier_id in visible]


def lines_of(stays: Sequence[Stay]) -> list[Line]:
    """Rows of the page's table. One query."""
    found = Dossier.objects.filter(pk__in={stay.dossier_id for stay in stays})
    dossiers = {row.pk: row for row in found.select_related("product__entity", "commune")}
    return [_line(stay, dossiers[stay.dossier_id]) for stay in stays]


def _line(stay: Stay, dossier: Dossier) -> Line:
    url = reverse("products:dossier", args=[dossier.pk])
    days = stay_cells(stay.step, stay.since, stay.until, stay.days, stay.is_over)
    return Line(dossier.product.name, url, (*dossier_cells(dossier), *days), HEADS)
