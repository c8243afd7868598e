"""The list behind a closed figure: the rows kept with it, and what became of each of them since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from core.models import AdminUnit
from products.models import Dossier, Recognition
from products.step_words import days_words
from training import indicators, lists
from training.asked import Asked, asked_of
from training.kept import (
    GIVEN,
    IN_PERIOD,
    REST,
    ROAD,
    STEP_PARTS,
    KeptRow,
    Part,
    Stored,
    read_row,
    read_stay,
    rows_of_part,
    step_of,
)
from training.lists import Line, ListKind
from training.models import BudgetLine, FigureSet, KeptList, Task
from training.queries.targets import AS_GIVEN, indicator_url
from training.since import DELETED, changes_of

STEP_NAMES = frozenset(part.name for part in STEP_PARTS)


@dataclass(frozen=True)
class KeptFigure:
    """A part of a version's list with the rows that were chosen from it."""

    figure_set: FigureSet
    part: Part
    source: str
    heads: tuple[str, ...]
    asked: Asked
    rows: list[Stored]
    """Not read yet: a page reads its own (`read`)."""
    dossiers: Mapping[int, Stored] = field(default_factory=dict)
    """Of a step of the road the words of its dossiers."""

    def read(self, row: Stored) -> KeptRow:
        """A row in the words of then."""
        if self.source in STEP_NAMES:
            return read_stay(row, self.dossiers[row[0]], self.part.name)
        return read_row(row)

    def unit_of(self, row: Stored) -> int | None:
        """Where the record belonged then."""
        return self.dossiers[row[0]][1] if self.source in STEP_NAMES else row[1]

    @property
    def middle(self) -> str:
        """Of a step of the road the median as it was closed; empty of other lists."""
        road = self.figure_set.summary.get("standing", {}).get("road", {})
        _, days, _ = road.get(self.part.name, (0, None, 0))
        return "" if days is None else days_words(days, step_of(self.part.name))

    @property
    def is_rest(self) -> bool:
        """Those of the population that did not count?"""
        return self.part.name.endswith(REST)


@dataclass(frozen=True)
class ShownRow:
    """A row as it was kept, where it leads today, and what changed since."""

    line: Line
    changes: tuple[str, ...]


def has_list(figure_set: FigureSet, name: str) -> bool:
    """Are the records behind this figure kept with the version?"""
    return name in figure_set.summary.get("lists", ())


def kept_url(figure_set: FigureSet, name: str, **filters: Any) -> str:
    """The address of the list of a closed figure; `unit` (an id) and the filters of recognitions."""
    address = reverse("training:kept_list", args=[figure_set.pk, name])
    return f"{address}?{urlencode(filters)}" if filters else address


def kept_figure(
    figure_set: FigureSet, name: str, query: Mapping[str, str], unit_id: int | None
) -> KeptFigure | None:
    """The rows behind a figure that an address asks for; None for a figure without a list.

    One query, of a step of the road two.
    """
    found = figure_set.lists.filter(parts__contains=[[name]]).first() if has_list(figure_set, name) else None
    if found is None:
        return None
    names = [part[0] for part in found.parts]
    if name not in names:
        return None
    if found.name in STEP_NAMES:
        return _step_figure(found, unit_id)
    place = names.index(name)
    computed = computed_of(name)
    asked = asked_of(computed, query) if computed else Asked()
    rows = rows_of_part(found.rows, place, asked, unit_id)
    return KeptFigure(figure_set, Part(*found.parts[place]), found.name, tuple(found.heads), asked, rows)


def _step_figure(found: KeptList, unit_id: int | None) -> KeptFigure:
    made = found.figure_set
    dossiers = {row[0]: row for row in made.lists.get(name=ROAD).rows}
    rows = [row for row in found.rows if unit_id is None or dossiers[row[0]][1] == unit_id]
    return KeptFigure(made, Part(*found.parts[0]), found.name, tuple(found.heads), Asked(), rows, dossiers)


def today_url(figure: KeptFigure, unit: AdminUnit | None) -> str:
    """The same list counted from the records of today; empty where today knows no such list."""
    name, made = figure.part.name, figure.figure_set
    if name in indicators.REGISTRY:
        return indicator_url(name, made.plan, made.as_of, unit=unit, **figure.asked.address)
    if name.endswith(REST):
        return indicator_url(name.removesuffix(REST), made.plan, made.as_of, unit=unit, rest=1)
    if GIVEN in name:
        name, _, pk = name.partition(GIVEN)
        return indicator_url(name, made.plan, made.as_of, unit=AdminUnit(pk=int(pk)), **{AS_GIVEN: 1})
    return ""


def other_url(figure: KeptFigure, unit: AdminUnit | None) -> str:
    """Of a share: from those who counted to those who did not, and back."""
    name, made = figure.part.name, figure.figure_set
    other = name.removesuffix(REST) if name.endswith(REST) else f"{name}{REST}"
    if other == name or not has_list(made, other):
        return ""
    return kept_url(made, other, **({"unit": unit.pk} if unit else {}))


def corrected_value(figure: KeptFigure, unit: AdminUnit | None) -> str:
    """What a correction says instead of the number of rows; empty where it corrected nothing here."""
    made = figure.figure_set
    if figure.asked != Asked():
        return ""
    own = None if unit is None or unit.pk == made.plan.unit_id else unit.pk
    name, _, given_to = figure.part.name.partition(GIVEN)
    if given_to:
        own = int(given_to)
    found = made.figures.filter(corrected=True, target__unit=own, line__computed_by=name).first()
    return found.line["actual_text"] if found else ""


def computed_of(name: str) -> indicators.Computed | None:
    """The indicator a part belongs to; None for a step of the road."""
    return indicators.REGISTRY.get(name.removesuffix(IN_PERIOD).removesuffix(REST).partition(GIVEN)[0])


def seen_by(figure: KeptFigure, user: Any) -> list[Stored]:
    """The rows of the user's own area: records the user may read today, deleted ones by their unit of then.

    One query where the user sees them all, else three.
    """
    records = _model(figure.source)._default_manager
    ids = {row[0] for row in figure.rows}
    visible = set(records.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    if len(visible) == len(ids):
        return figure.rows
    hidden = ids - visible
    gone = hidden - set(records.filter(pk__in=hidden).values_list("pk", flat=True))
    units = _units_of(user, {figure.unit_of(row) for row in figure.rows if row[0] in gone})
    return [
        row for row in figure.rows if row[0] in visible or row[0] in gone and figure.unit_of(row) in units
    ]


def _units_of(user: Any, ids: Iterable[int | None]) -> set[int]:
    """Those of the units that lie in the area the user serves in."""
    own = user.scope.unit_ids(Role.COMMUNE_OFFICER, *Role.province_wide)
    inside = Q(pk__in=own) | Q(parent__in=own & user.scope.province_ids)
    wanted = [pk for pk in ids if pk]
    return set(AdminUnit.objects.filter(inside, pk__in=wanted).values_list("pk", flat=True))


def shown_rows(figure: KeptFigure, stored: Sequence[Stored]) -> list[ShownRow]:
    """The rows of one page beside the records of today; at most two queries."""
    rows = [figure.read(row) for row in stored]
    kind, path = _kind(figure.source)
    related = (*kind.related, *_AND_BESIDE.get(figure.source, ()), f"{path}__merged_into")
    found = _model(figure.source)._default_manager.filter(pk__in={row.pk for row in rows})
    records = {record.pk: record for record in found.select_related(*related)}
    newer = _newer(figure, records.values()) if figure.source == "recognitions" else {}
    return [_shown(figure, row, records.get(row.pk), kind, path, newer) for row in rows]


def _shown(
    figure: KeptFigure,
    row: KeptRow,
    record: Any,
    kind: ListKind,
    path: str,
    newer: Mapping[int, Recognition],
) -> ShownRow:
    if record is None:
        return ShownRow(Line(row.title, None, row.cells, figure.heads), (DELETED,))
    today = kind.line(record)
    unit = lists.unit_of(record, path)
    told = changes_of(row, figure.heads, record, today, unit, figure.figure_set.as_of, newer)
    return ShownRow(Line(row.title, today.url, row.cells, figure.heads), tuple(told))


def _newer(figure: KeptFigure, records: Iterable[Recognition]) -> dict[int, Recognition]:
    """By product, the last recognition decided after the closing day."""
    products = [record.product_id for record in records]
    later = Recognition.objects.filter(product__in=products, decided_on__gt=figure.figure_set.as_of)
    return {row.product_id: row for row in later.order_by("decided_on", "pk")}


def _step_line(row: Dossier) -> Line:
    cells = (row.product.entity.name, row.commune.name, row.get_kind_display())
    return Line(row.product.name, reverse("products:dossier", args=[row.pk]), cells)


_SOURCES = {computed.source.name: computed.source for computed in indicators.REGISTRY.values()}
_STEP = ListKind((), ("product__entity", "commune"), (), _step_line)
_AND_BESIDE = {"entities": ("merged_into",)}
_OF_PLAN = {"tasks": Task, "money": BudgetLine}


def _kind(source: str) -> tuple[ListKind, str]:
    """How a list is written today, and the path of a record's unit; a step of the road has dossiers."""
    if source in _OF_PLAN:
        return lists.KINDS[source], "plan__unit"
    known = _SOURCES.get(source)
    return (lists.KINDS[source], known.unit_path) if known else (_STEP, "commune")


def _model(source: str) -> Any:
    known = _SOURCES.get(source)
    return known.rows().model if known else _OF_PLAN.get(source, Dossier)
