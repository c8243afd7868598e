"""The communes of a province side by side, as of a day of a year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.models import AdminUnit
from core.numbers import format_number
from core.tables import Column
from reports.comparisons.areas import Communes
from reports.comparisons.figures import (
    EXPIRING,
    FIGURES,
    JOINED,
    RECOGNISED,
    STARS,
    TRAINED,
    VALID,
    cut,
    figure_url,
    percent_text,
    year_until,
)
from training import indicators
from training.enums import PlanLevel, PlanStatus, TargetStatus
from training.indicators import Counted, Period
from training.models import Plan, Task
from training.queries import TargetProgress, plan_progress

MOST_CHOSEN = 6
COUNTED = (VALID, *(f"valid_{star}" for star in STARS), JOINED, RECOGNISED, EXPIRING, TRAINED)


@dataclass(frozen=True)
class Figure:
    """A number with its list: `value` is what is sorted and exported, `text` what is read."""

    value: Decimal | int | None = None
    text: str = ""
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class CommuneRow:
    """A commune with its figures by column name, and what the plan gave it."""

    unit: AdminUnit
    figures: Mapping[str, Figure]
    given: tuple[TargetProgress, ...] = ()

    def value(self, name: str) -> Any:
        """What a column sorts by and exports."""
        return self.unit.sort_name if name == "name" else self.figures[name].value


@dataclass(frozen=True)
class CommuneComparison:
    """All communes of the province, with the figures of the province itself (`total`)."""

    province: AdminUnit
    period: Period
    plan: Plan | None
    rows: tuple[CommuneRow, ...]
    total: CommuneRow


@dataclass
class _Owed:
    """What the plan gave one commune, and its late tasks."""

    given: list[TargetProgress] = field(default_factory=list)
    late: int = 0
    # As the list of tasks is filtered: by the lead unit's name.
    leads: set[str] = field(default_factory=set)


def _column(name: str, label: str, **more: Any) -> Column:
    return Column(name, label, lambda row: row.value(name), order=(name,), numeric=True, width=13, **more)


COLUMNS = (
    Column("name", "Xã, phường", lambda row: row.unit.name, order=("name",), fixed=True, width=28),
    _column(VALID, "Còn hiệu lực"),
    *(_column(f"valid_{star}", f"{star} sao") for star in STARS),
    _column(JOINED, "Tham gia trong năm"),
    _column(RECOGNISED, "Công nhận trong năm"),
    _column("allocated", "Giao công nhận"),
    _column("reached", "Chỉ tiêu đạt/giao (%)"),
    _column(EXPIRING, "Hết hạn 180 ngày tới"),
    _column("late", "Nhiệm vụ quá hạn"),
    _column(TRAINED, "Đã tập huấn (%)"),
)


def plan_of_year(province: AdminUnit, year: int) -> Plan | None:
    """The yearly plan of the province that began in the year; a draft is none."""
    plans = Plan.objects.filter(unit=province, level=PlanLevel.YEAR, is_reference=False, starts_on__year=year)
    return plans.exclude(status=PlanStatus.DRAFT).select_related("unit").order_by("-pk").first()


def compare_communes(communes: Communes, day: date) -> CommuneComparison:
    """Every commune of today as of a day, former communes added to their successors.

    At most fifteen queries, whatever the number of communes.
    """
    province, period = communes.province, year_until(day)
    found = indicators.count_by_unit([FIGURES[name] for name in COUNTED], province, period)
    plan = plan_of_year(province, day.year)
    owed = _owed(communes, plan, day)
    totals = {name: sum(by_unit.values(), _nothing(name)) for name, by_unit in found.items()}
    rows = tuple(
        CommuneRow(
            unit,
            _figures({name: found[name].get(unit.pk, _nothing(name)) for name in COUNTED}, period, unit)
            | _owed_figures(owed[unit.pk], _board_url(plan, unit)),
            tuple(owed[unit.pk].given),
        )
        for unit in communes.current
    )
    everything = _Owed(
        [t for one in owed.values() for t in one.given], sum(one.late for one in owed.values())
    )
    total = CommuneRow(
        province, _figures(totals, period, None, province) | _owed_figures(everything, _board_url(plan))
    )
    return CommuneComparison(province, period, plan, rows, total)


def _nothing(name: str) -> Counted:
    return Counted(0, 0 if FIGURES[name].population else None)


def _figures(
    numbers: Mapping[str, Counted], period: Period, unit: AdminUnit | None, province: AdminUnit | None = None
) -> dict[str, Figure]:
    return {
        name: _figure(name, counted, figure_url(name, period, unit=unit, province=province))
        for name, counted in numbers.items()
    }


def _figure(name: str, counted: Counted, url: str) -> Figure:
    if FIGURES[name].population is None:
        return Figure(counted.value, format_number(counted.value), url)
    if counted.number is None:
        return Figure()
    note = f"{format_number(counted.value)}/{format_number(counted.of)}"
    return Figure(cut(counted.number), percent_text(counted.number), url, note)


def _owed(communes: Communes, plan: Plan | None, day: date) -> dict[int, _Owed]:
    """By commune of today: the targets the plan gave it, and its tasks that were late on the day."""
    owed: dict[int, _Owed] = defaultdict(_Owed)
    if plan is not None:
        units = dict(plan.targets.exclude(unit=None).values_list("pk", "unit_id"))
        for target in plan_progress(plan, as_of=min(day, plan.ends_on), with_classes=False).targets:
            present = communes.now.get(units.get(target.target_id, 0))
            if target.planned_for_one_unit and present:
                owed[present.pk].given.append(target)
    late = Task.objects.filter(
        plan__is_reference=False, plan__status=PlanStatus.IN_FORCE, lead_admin_unit__parent=communes.province
    ).overdue(day)
    for unit_id, lead in late.values_list("lead_admin_unit_id", "lead_unit"):
        if present := communes.now.get(unit_id):
            owed[present.pk].late += 1
            owed[present.pk].leads.add(lead)
    return owed


def _board_url(plan: Plan | None, unit: AdminUnit | None = None) -> str:
    """The dashboard of the plan, seen from the commune: what it was given and reached."""
    if plan is None:
        return ""
    query = {"plan": plan.code} | ({"commune": unit.pk} if unit else {})
    return f"{reverse('reports:dashboard')}?{urlencode(query)}"


def _owed_figures(owed: _Owed, url: str) -> dict[str, Figure]:
    recognised = [t.planned for t in owed.given if t.computed_by == RECOGNISED and t.planned is not None]
    allocated = sum(recognised, Decimal(0))
    reached = sum(target.status == TargetStatus.DONE for target in owed.given)
    own = next((t for t in owed.given if t.computed_by == RECOGNISED), None)
    target_url = reverse("training:target", args=[own.target_id]) if own and len(recognised) == 1 else url
    figures = {"allocated": Figure(), "reached": Figure(), "late": Figure(0, "0")}
    if recognised:
        figures["allocated"] = Figure(allocated, format_number(allocated), target_url)
    if owed.given:
        share = Decimal(100 * reached) / len(owed.given)
        text = f"{reached}/{len(owed.given)}"
        figures["reached"] = Figure(cut(share), text, url)
    if owed.late:
        query = urlencode({"overdue": 1, "lead": next(iter(owed.leads), "")})
        late_url = f"{reverse('training:tasks')}?{query}" if len(owed.leads) == 1 else ""
        figures["late"] = Figure(owed.late, format_number(owed.late), late_url)
    return figures


def arranged(rows: Iterable[CommuneRow], sorted_by: str, *, descending: bool) -> list[CommuneRow]:
    """The rows by a column, those without a value last, equals in Vietnamese order."""
    by_name = sorted(rows, key=lambda row: row.unit.sort_name)
    known = [row for row in by_name if row.value(sorted_by) is not None]
    unknown = [row for row in by_name if row.value(sorted_by) is None]
    return sorted(known, key=lambda row: row.value(sorted_by), reverse=descending) + unknown


@dataclass(frozen=True)
class Side:
    """One commune's number in a line of the chosen communes; `share` of the largest."""

    text: str
    number: Decimal | int | None = None
    url: str = ""
    note: str = ""
    status: TargetStatus | None = None
    status_text: str = ""
    share: Fraction = Fraction(0)


@dataclass(frozen=True)
class SideLine:
    label: str
    sides: tuple[Side, ...]


def side_by_side(rows: Iterable[CommuneRow]) -> tuple[SideLine, ...]:
    """The chosen communes: a line for each figure, then one for each target the plan gave one of them."""
    chosen = tuple(rows)
    lines = [_side_line(column.name, column.label, chosen) for column in COLUMNS if not column.fixed]
    labels = dict.fromkeys(target.label for row in chosen for target in row.given)
    return (*lines, *(SideLine(f"{label} (giao)", _given(label, chosen)) for label in labels))


def _side_line(name: str, label: str, rows: tuple[CommuneRow, ...]) -> SideLine:
    figures = [row.figures[name] for row in rows]
    is_share = "%" in label
    most = 100 if is_share else max((figure.value or 0 for figure in figures), default=0)
    return SideLine(
        label,
        tuple(
            Side(
                f.text,
                f.value,
                f.url,
                f.note,
                share=Fraction(f.value) / Fraction(most) if f.value and most else Fraction(0),
            )
            for f in figures
        ),
    )


def _given(label: str, rows: tuple[CommuneRow, ...]) -> tuple[Side, ...]:
    return tuple(_given_side(row, [t for t in row.given if t.label == label]) for row in rows)


def _given_side(row: CommuneRow, given: list[TargetProgress]) -> Side:
    """What the commune was given itself, then in the note what the communes merged into it were given."""
    if not given:
        return Side("")
    target, *others = sorted(given, key=lambda t: t.scope_text != row.unit.name)
    return Side(
        text=_reached(target),
        url=reverse("training:target", args=[target.target_id]),
        note="; ".join(f"{other.scope_text}: {_reached(other)}" for other in others),
        status=target.status,
        status_text=target.status_text,
        share=min(target.share, Fraction(1)) if target.share is not None else Fraction(0),
    )


def _reached(target: TargetProgress) -> str:
    counted = target.planned is not None and target.actual is not None
    return f"{target.actual_text} / {target.planned_text}" if counted else target.planned_text
