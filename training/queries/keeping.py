"""What a version keeps of the records behind its figures, gathered when it is frozen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from core.mergers import units_within
from core.models import AdminUnit
from core.numbers import format_date
from products import step_words as steps
from products.enums import DossierKind
from products.models import Dossier
from products.queries.steps import StepRecord, Waits, step_records
from training import indicators, lists
from training.enums import TaskStatus
from training.indicators import Computed, Period, Source
from training.kept import (
    DONE,
    GIVEN,
    IN_PERIOD,
    LATE,
    MONEY,
    REST,
    ROAD,
    STEP_PARTS,
    TASKS,
    KeptRow,
    Part,
    step_part,
)
from training.models import FigureSet, KeptList
from training.queries.budget import budget_of
from training.queries.plans import PlanProgress
from training.queries.targets import period_of
from training.queries.tasks import TaskLine

CHUNK = 2000


@dataclass(frozen=True)
class Kept:
    """`road`: for each part of a step how many, the median of their days, how many beyond the limit."""

    lists: list[KeptList]
    road: dict[str, list[Any]]

    @property
    def sizes(self) -> dict[str, int]:
        """How many rows stand behind each figure, by the part's name."""
        found = {name: number for name, (number, *_) in self.road.items()}
        for one in self.lists:
            if one.name not in found:
                for place, (name, *_) in enumerate(one.parts):
                    found[name] = sum(row[2] >> place & 1 for row in one.rows)
        return found


def keep(made: FigureSet, shown: PlanProgress) -> Kept:
    """The lists of a version that is being frozen; none is stored yet.

    `shown`: its plan on its day. For every source one query, and one for each figure; two for the road of
    the dossiers, one for the money.
    """
    by_source: dict[Source, list[Computed]] = {}
    for computed in indicators.REGISTRY.values():
        by_source.setdefault(computed.source, []).append(computed)
    found = [_of_source(made, shown, source, wanted) for source, wanted in by_source.items()]
    road = list(_of_road(made))
    stays = [one for one, _ in road]
    return Kept(
        lists=[*found, *stays, _dossiers(made, stays), _tasks(made, shown.tasks), _money(made)],
        road={one.name: numbers for one, numbers in road},
    )


def _of_source(made: FigureSet, shown: PlanProgress, source: Source, wanted: list[Computed]) -> KeptList:
    parts = [part for computed in wanted for part in _parts(made, computed)]
    parts += [part for computed in wanted for part in _given(made, shown, computed)]
    bits: dict[int, int] = defaultdict(int)
    for place, (_, counted) in enumerate(parts):
        for pk in counted.order_by().values_list("pk", flat=True):
            bits[pk] |= 1 << place
    kind = lists.KINDS[source.name]
    records = source.rows().filter(pk__in=bits).order_by(*kind.order)
    records = records.select_related(*kind.related, *kind.related_kept, source.unit_path)
    rows = [_row(kind, source, record, bits[record.pk]).stored() for record in records.iterator(CHUNK)]
    return _list(made, source.name, [part for part, _ in parts], kind.heads, rows)


def _list(
    made: FigureSet, name: str, parts: Iterable[Part], heads: Sequence[str], rows: list[list[Any]]
) -> KeptList:
    words = [[part.name, part.label, part.definition] for part in parts]
    return KeptList(figure_set=made, name=name, parts=words, heads=list(heads), rows=rows)


def _parts(made: FigureSet, computed: Computed) -> Iterator[tuple[Part, QuerySet]]:
    """What it counted, and beside it: within the period, and who of its population did not count."""
    plan = made.plan
    whole = period_of(plan, made.as_of)
    counted = indicators.rows_of(computed, plan.unit, whole)
    part = Part(computed.name, computed.label, computed.definition)
    yield part, counted
    if computed.population:
        population = computed.source.within(plan.unit).filter(computed.population(whole))
        others = replace(part, name=f"{computed.name}{REST}", label=f"{computed.label}: chưa đạt")
        yield others, population.exclude(pk__in=counted.values("pk"))
    elif computed.date_path and not computed.is_stock:
        within = Period(max(made.period.starts_on, plan.starts_on), made.as_of)
        own = replace(part, name=f"{computed.name}{IN_PERIOD}", label=f"{computed.label} trong kỳ")
        yield own, indicators.rows_of(computed, plan.unit, within)


def _given(made: FigureSet, shown: PlanProgress, computed: Computed) -> Iterator[tuple[Part, QuerySet]]:
    """Targets of units beside a former commune that was given something by name: each has rows of its own."""
    apart = shown.apart.of(computed.name)
    if not apart.units:
        return
    period = period_of(made.plan, made.as_of)
    units = AdminUnit.objects.filter(
        pk__in=made.plan.targets.filter(indicator__computed_by=computed.name).values("unit")
    )
    for unit in units:
        if apart.concerns(unit.pk):
            name, label = f"{computed.name}{GIVEN}{unit.pk}", f"{computed.label}: {unit.name}"
            part = Part(name, label, computed.definition)
            yield part, indicators.rows_of(computed, unit, period, apart.besides(unit.pk))


def _counts_for(unit: AdminUnit) -> int:
    return unit.counts_for_id or unit.pk


def _row(kind: lists.ListKind, source: Source, record: Any, bits: int) -> KeptRow:
    line = kind.line(record)
    return KeptRow(
        pk=record.pk,
        unit_id=_counts_for(lists.unit_of(record, source.unit_path)),
        bits=bits,
        title=line.title,
        cells=line.cells,
        facts=kind.facts(record) if kind.facts else None,
        state=getattr(record, "state", ""),
    )


def _tasks(made: FigureSet, tasks: Iterable[TaskLine]) -> KeptList:
    """Bits: every task, those done, those overdue."""
    parts = (Part(TASKS, "Nhiệm vụ"), Part(DONE, "Nhiệm vụ đã xong"), Part(LATE, "Nhiệm vụ quá hạn"))
    rows = [
        KeptRow(
            pk=task.task_id,
            unit_id=made.plan.unit_id,
            bits=1 | (task.status == TaskStatus.DONE) << 1 | task.is_overdue << 2,
            title=task.title,
            cells=(
                task.lead_unit,
                format_date(task.due_on) if task.due_on else "",
                str(TaskStatus(task.status).label),
            ),
        ).stored()
        for task in tasks
    ]
    return _list(made, "tasks", parts, lists.KINDS["tasks"].heads, rows)


def _money(made: FigureSet) -> KeptList:
    """The lines of the plan's money, without what was spent after the day."""
    kind = lists.KINDS["money"]
    rows = []
    for line in budget_of(made.plan, made.as_of).lines:
        told = kind.line(line)
        rows.append(KeptRow(line.pk, made.plan.unit_id, 1, told.title, told.cells).stored())
    return _list(made, "money", [Part(MONEY, "Kinh phí")], kind.heads, rows)


def _of_road(made: FigureSet) -> Iterator[tuple[KeptList, list[Any]]]:
    """A list for each step, of who stood there when the day ended and of who had left it; how many those
    are, the median of their days, how many beyond the limit of the law.
    """
    plan, period = made.plan, period_of(made.plan, made.as_of)
    found = step_records(
        Dossier.objects.filter(commune__in=units_within(plan.unit)),
        years=(plan.starts_on.year, plan.ends_on.year),
        start=period.start,
        end=period.end,
        as_of=made.as_of,
    )
    records = {step_part(one.step, waiting=one.is_there).name: one for one in found}
    nobody = StepRecord("", True, Waits(), [])
    for part in STEP_PARTS:
        own = records.get(part.name, nobody)
        numbers = [own.waits.number, own.waits.median, own.waits.over]
        yield _list(made, part.name, [part], steps.HEADS, own.stays), numbers


def _dossiers(made: FigureSet, road: Iterable[KeptList]) -> KeptList:
    """The words of every dossier of the road, once."""
    ids = {stay[0] for one in road for stay in one.rows}
    found = Dossier.objects.filter(pk__in=ids).values_list(
        "pk", "commune__counts_for", "product__name", "product__entity__name", "commune__name", "kind"
    )
    kinds = dict(DossierKind.choices)
    rows = [
        KeptRow(pk, unit, 0, name, (entity, commune, str(kinds[kind]))).stored()
        for pk, unit, name, entity, commune, kind in found
    ]
    return _list(made, ROAD, [], steps.HEADS, rows)
