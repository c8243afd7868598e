"""Figures frozen at the cut-off of a reporting period, read exactly as they were."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Role
from core.models import AdminUnit
from training.enums import FigureSetState, TargetStatus
from training.kept import GIVEN
from training.models import Figure, FigureSet, Plan
from training.queries.kept import has_list, kept_url
from training.queries.targets import TargetProgress, indicator_url


def line_of(target: TargetProgress) -> dict[str, Any]:
    """A line as JSON keeps it: numbers as text, so that nothing is rounded."""
    return {field.name: _kept(getattr(target, field.name)) for field in fields(TargetProgress)}


def _kept(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, Fraction, date)) else value


def target_of(line: dict[str, Any]) -> TargetProgress:
    """The line back from `line_of`."""
    known = {field.name for field in fields(TargetProgress)}
    values = {name: value for name, value in line.items() if name in known}
    for name, read in _READERS.items():
        if values.get(name) is not None:
            values[name] = read(values[name])
    return TargetProgress(**values)


_READERS: dict[str, Any] = {
    "planned": Decimal,
    "actual": Decimal,
    "forecast": Decimal,
    "share": Fraction,
    "time_share": Fraction,
    "as_of": date.fromisoformat,
    "due_on": date.fromisoformat,
    "status": TargetStatus,
}


def frozen_targets(figure_set: FigureSet) -> tuple[TargetProgress, ...]:
    """The lines of a version, in the plan's order of that day; one query, nothing is counted.

    A counted number leads to the list kept with the version; of a version from before lists were kept, to
    the list of today.
    """
    figures = figure_set.figures.select_related("target")
    return tuple(shown_target(figure_set, figure) for figure in figures)


def shown_target(figure_set: FigureSet, figure: Figure) -> TargetProgress:
    """A frozen line with the address of its list; the figure's target must be read already."""
    line, unit_id = target_of(figure.line), figure.target.unit_id
    as_given = f"{line.computed_by}{GIVEN}{unit_id}"
    if has_list(figure_set, as_given):
        return replace(line, list_url=kept_url(figure_set, as_given))
    if not has_list(figure_set, line.computed_by):
        return line
    unit = {} if unit_id in (None, figure_set.plan.unit_id) else {"unit": unit_id}
    return replace(line, list_url=kept_url(figure_set, line.computed_by, **unit))


def list_url(figure_set: FigureSet, name: str, **filters: Any) -> str:
    """The list behind a number of the version: as it was kept, or of today where the version has none."""
    if has_list(figure_set, name):
        return kept_url(figure_set, name, **filters)
    unit = filters.pop("unit", None)
    area = None if unit is None else AdminUnit(pk=unit)
    return indicator_url(name, figure_set.plan, figure_set.as_of, unit=area, **filters)


def figure_sets_for(user: Any) -> QuerySet[FigureSet]:
    """Versions of the plans the user reads, the latest period first."""
    return FigureSet.objects.visible_to(user).select_related(
        "period", "plan__unit", "frozen_by", "decided_by"
    )


def figure_sets_to_approve(user: Any) -> QuerySet[FigureSet]:
    """Versions that wait for somebody's approval and that the user did not freeze, the oldest first."""
    own = user.scope.unit_q("plan__unit", Role.LEADERSHIP, Role.PROVINCIAL_OFFICER)
    waiting = FigureSet.objects.filter(own, state=FigureSetState.WAITING).exclude(frozen_by=user)
    return waiting.select_related("period", "plan", "frozen_by").order_by("frozen_at", "pk")


def versions_of(plan: Plan) -> QuerySet[FigureSet]:
    """All versions of a plan, the latest period and version first."""
    return plan.figure_sets.select_related("period", "frozen_by", "decided_by")


def closed_until(plan: Plan) -> date | None:
    """The last day for which figures of the plan were approved; None while no period is closed."""
    newest = plan.figure_sets.approved().order_by("-as_of").values_list("as_of", flat=True)
    return newest.first()


def standing_on(plan: Plan, day: date) -> FigureSet | None:
    """The figures "as of" a day: of the latest period approved whose cut-off lies on or before it."""
    return _newest_first(plan).filter(as_of__lte=day).first()


def frozen_days(plan: Plan) -> list[FigureSet]:
    """For each day figures were closed on, what `standing_on` gives for it; the latest day first."""
    by_day: dict[date, FigureSet] = {}
    for version in _newest_first(plan):
        by_day.setdefault(version.as_of, version)
    return list(by_day.values())


def _newest_first(plan: Plan) -> QuerySet[FigureSet]:
    """Approved versions. Periods of several kinds close on one day (14/12: month, quarter, year), each with
    version numbers of its own, so among them the one approved last is the word that stands."""
    approved = versions_of(plan).approved()  # type: ignore[attr-defined]
    return approved.order_by("-as_of", "-decided_at", "-pk")


def changed_figures(figures: Iterable[Figure], before: FigureSet | None) -> dict[int, Figure]:
    """For each corrected target, what the version before said."""
    if before is None:
        return {}
    corrected = {figure.target_id for figure in figures if figure.corrected}
    return {figure.target_id: figure for figure in before.figures.filter(target__in=corrected)}
