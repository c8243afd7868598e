"""One target of a plan: what was reached, how it stands on a day, and the list behind the number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from core.mergers import NOTHING_APART, Apart
from core.models import AdminUnit
from core.numbers import format_date, format_number
from core.text import lower_first
from training import indicators, progress
from training.enums import Direction, Operator, TargetStatus
from training.indicators import Counted, Period
from training.models import Plan, Target

NO_VALUE = "chưa có số liệu"
OVER_LIMIT = "Vượt mức"
NOT_YET_DUE = "Chưa đến hạn"
IN_WORDS = "Nguồn không nêu số lẻ"
# In the address of a list: as the plan gave it to the unit, without former communes given something by name.
AS_GIVEN = "given"


@dataclass(frozen=True)
class TargetProgress:
    """One line of the plan's table: what is planned, what is reached, and how it stands on a day."""

    target_id: int
    label: str
    unit_name: str
    scope_text: str
    planned: Decimal | None
    planned_text: str
    actual: Decimal | None
    actual_text: str
    share: Fraction | None
    time_share: Fraction
    status: TargetStatus
    status_text: str
    forecast: Decimal | None
    computed: bool
    list_url: str | None
    source: str
    as_of: date | None
    is_part: bool
    level: int
    due_on: date | None
    note: str = ""
    computed_by: str = ""
    whole_plan: bool = True
    planned_for_one_unit: bool = False
    value_source: str = ""
    list_size: int | None = None
    """How many rows the list behind a counted value has."""
    is_limit: bool = False
    is_promotion: bool = False

    @property
    def number_url(self) -> str | None:
        """Where the number leads: to the rows it counts; of "each commune", which counts communes, to the
        target's own page.
        """
        if self.list_url and not self.whole_plan and not self.planned_for_one_unit:
            return reverse("training:target", args=[self.target_id])
        return self.list_url

    @property
    def has_forecast(self) -> bool:
        """Is there still something to foresee?"""
        return self.forecast is not None and self.status not in (TargetStatus.DONE, TargetStatus.OVERDUE)

    @property
    def forecast_text(self) -> str:
        """The forecast in the unit of the value beside it: "81 %" of a share, "24" of things."""
        return (
            f"{format_number(self.forecast)} %"
            if self.actual_text.endswith("%")
            else format_number(self.forecast)
        )


@dataclass(frozen=True)
class Value:
    """What was reached: a number, words, or both, and where it comes from."""

    number: Decimal | None = None
    words: str = ""
    note: str = ""
    as_of: date | None = None
    source: str = ""
    list_size: int | None = None


# Kinds of target that an indicator of which less is better turns into a limit.
LIMITS = (Operator.PERCENT, Operator.EXACTLY, Operator.RATIO, Operator.RANGE)


def is_limit(target: Target) -> bool:
    """Must the value stay within what is planned, rather than reach it?"""
    lower = target.indicator.direction == Direction.LOWER
    return target.operator == Operator.AT_MOST or (lower and target.operator in LIMITS)


def is_counted(plan: Plan, target: Target) -> bool:
    """Is the value counted from the system's records (never of a reference plan)?"""
    return not plan.is_reference and target.indicator.computed_by in indicators.REGISTRY


def period_of(plan: Plan, day: date) -> Period:
    """From the plan's first day to `day`, at most its last."""
    return Period(plan.starts_on, min(day, plan.ends_on))


def target_line(
    plan: Plan,
    target: Target,
    numbers: Mapping[str, Mapping[int, Counted]],
    day: date,
    apart: Apart = NOTHING_APART,
) -> TargetProgress:
    """One line as of a day.

    `numbers`: the counted ones by unit of today, with the former units of `apart` by themselves.
    """
    computed = is_counted(plan, target)
    by_unit = numbers.get(target.indicator.computed_by, {}) if computed else {}
    planned = _planned(plan, target, computed)
    value = _computed_value(plan, target, by_unit, day, apart) if computed else _entered_value(target)
    due = target.due_on or plan.ends_on
    time_passed = progress.time_share(plan.starts_on, max(due, plan.starts_on), day)
    share = progress.share_of(planned, value.number)
    # A plan read as of its last day, after it: what it did not reach is no longer merely "behind".
    past_due = day > due or day == due == plan.ends_on < timezone.localdate()
    status, words = _status(plan, target, value, planned, share, time_passed, past_due)
    return TargetProgress(
        target_id=target.pk,
        label=target.indicator.name,
        unit_name=target.indicator.unit_name,
        scope_text=scope_text(plan, target),
        planned=planned,
        planned_text=planned_text(target),
        actual=value.number,
        actual_text=value.words or NO_VALUE,
        share=share,
        time_share=time_passed,
        status=status,
        status_text=words,
        forecast=_forecast(plan, target, value, computed) if day < plan.ends_on else None,
        computed=computed,
        list_url=_list_url(plan, target, day, apart) if computed else None,
        source=target.source,
        as_of=value.as_of,
        is_part=target.part_of_id is not None,
        level=0 if target.part_of_id is None else 1,
        due_on=target.due_on,
        note=value.note,
        computed_by=target.indicator.computed_by if computed else "",
        whole_plan=target.unit_id is None and not target.per_unit,
        planned_for_one_unit=target.unit_id is not None,
        value_source=value.source,
        list_size=value.list_size,
        is_limit=is_limit(target),
        is_promotion=target.indicator.is_promotion,
    )


def scope_text(plan: Plan, target: Target) -> str:
    """Whom the target is for: one unit, each unit of a kind, or the whole area."""
    if target.unit is not None:
        return target.unit.name
    if target.per_unit:
        return target.per_unit
    for kind in ("tỉnh", "thành phố", "xã", "phường", "đặc khu"):
        if plan.unit.name.lower().startswith(f"{kind} "):
            return f"Toàn {kind}"
    return plan.unit.name


def planned_text(target: Target) -> str:
    """The planned value as the plan prints it."""
    return progress.planned_words(target.operator, target.value, target.value_to, target.due_on, target.text)


def _planned(plan: Plan, target: Target, computed: bool) -> Decimal | None:
    """The number to reach; for "each commune at least 1" it is the number of communes."""
    if target.operator not in Operator.counted:
        return None
    if target.per_unit and computed:
        return Decimal(target.units_count or len(plan.unit.communes_today))
    return target.value


def _computed_value(
    plan: Plan, target: Target, by_unit: Mapping[int, Counted], day: date, apart: Apart
) -> Value:
    source, as_of = "Hệ thống", period_of(plan, day).end
    if target.per_unit:
        reaching = _units_that_reach(target.value or Decimal(0), apart.together(by_unit), plan)
        rows = sum_of(target.indicator.computed_by, by_unit.values()).value
        return Value(Decimal(reaching), f"{reaching} đơn vị đạt", "", as_of, source, rows)
    wanted = by_unit.values() if target.unit_id in (None, plan.unit_id) else [by_unit.get(target.unit_id)]
    share = indicators.REGISTRY[target.indicator.computed_by].population is not None
    total = sum_of(target.indicator.computed_by, wanted)
    if total.number is None:
        return Value(None, "", "Danh sách người thuộc diện tập huấn còn trống.", as_of, source)
    persons = f"{total.value}/{total.of} người" if total.of else ""
    note = "; ".join(filter(None, (persons, _apart_words(target, apart))))
    words = progress.actual_words("percent" if share else target.operator, total.number, target.value_to)
    return Value(total.number, words, note, as_of, source, total.value)


def sum_of(name: str, by_unit: Iterable[Counted | None]) -> Counted:
    """One number of many; of a share the persons are added, not the per cents."""
    nothing = Counted(0, 0 if indicators.REGISTRY[name].population else None)
    return sum((counted for counted in by_unit if counted), nothing)


def _units_that_reach(low: Decimal, by_unit: Mapping[int, Counted], plan: Plan) -> int:
    """How many communes of today have at least `low`, with what those merged into them have."""
    today = plan.unit.communes_today
    return sum((counted.number or 0) >= low for unit, counted in by_unit.items() if unit in today)


def _apart_words(target: Target, apart: Apart) -> str:
    """What a line leaves out, or counts alone, because the plan named former communes."""
    former = apart.units.get(target.unit_id) if target.unit_id else None
    if former:
        return f"chỉ phần của xã cũ, nay thuộc {lower_first(str(former.counts_for))}"
    left = [lower_first(unit.name) for unit in apart.leaving(target.unit_id)] if target.unit_id else []
    return f"không kể {', '.join(left)} (kế hoạch giao riêng)" if left else ""


def _entered_value(target: Target) -> Value:
    entered = target.last_actual  # type: ignore[attr-defined]
    if entered is None:
        return Value()
    as_of = date.fromisoformat(entered["as_of"])
    number = None if entered["value"] is None else Decimal(str(entered["value"]))
    if number is not None:
        words = progress.actual_words(target.operator, number, target.value_to)
        return Value(number, words, entered["text"], as_of, entered["source"])
    words = f"xong {format_date(as_of)}" if target.operator == Operator.BY_DATE else entered["text"]
    return Value(None, words, entered["text"], as_of, entered["source"])


def _status(
    plan: Plan,
    target: Target,
    value: Value,
    planned: Decimal | None,
    share: Fraction | None,
    time_passed: Fraction,
    past_due: bool,
) -> tuple[TargetStatus, str]:
    """The status and its word; a day and words are reached by any report."""
    if target.operator in Operator.counted:
        has_value = value.number is not None
        if has_value and is_limit(target):
            within = _is_within(target, planned, value.number)
            status = progress.limit_status(within=within, past_due=past_due)
            return status, _status_words(target, value, status, past_due)
        reached = progress.is_reached("ge" if target.per_unit else target.operator, planned, value.number)
    else:
        reached = value.as_of is not None
        # A live plan whose day has passed without a report is overdue, not merely unknown.
        has_value = reached or (past_due and not plan.is_reference and target.operator == Operator.BY_DATE)
    status = progress.status_of(
        has_value=has_value, reached=reached, share=share, time_passed=time_passed, past_due=past_due
    )
    return status, _status_words(target, value, status, past_due)


def _is_within(target: Target, planned: Decimal | None, number: Decimal | None) -> bool:
    """A range is a limit at its upper bound."""
    bound = target.value_to if target.operator == Operator.RANGE else planned
    return progress.is_reached(Operator.AT_MOST, bound, number)


def _status_words(target: Target, value: Value, status: TargetStatus, past_due: bool) -> str:
    if target.operator == Operator.BY_DATE and target.due_on:
        if status == TargetStatus.NO_DATA and not past_due:
            return NOT_YET_DUE
        if status == TargetStatus.DONE and value.as_of and value.as_of > target.due_on:
            return "Xong, trễ hạn"
    if status == TargetStatus.BEHIND and is_limit(target):
        return OVER_LIMIT
    if status == TargetStatus.NO_DATA and value.words:
        return IN_WORDS
    return str(status.label)


def _forecast(plan: Plan, target: Target, value: Value, computed: bool) -> Decimal | None:
    """Only of sums that grow from nothing over the period: standing numbers have no straight line."""
    if target.per_unit or target.operator not in Operator.counted or value.as_of is None:
        return None
    counted = indicators.REGISTRY[target.indicator.computed_by] if computed else None
    if counted and counted.is_stock:
        return None
    time_passed = progress.time_share(plan.starts_on, plan.ends_on, value.as_of)
    limit = {Operator.PERCENT: Decimal(100), Operator.RATIO: target.value_to}.get(Operator(target.operator))
    if counted and counted.population:
        limit = Decimal(100)
    return progress.forecast_of(value.number, time_passed, limit=limit)


def _list_url(plan: Plan, target: Target, day: date, apart: Apart) -> str:
    unit = target.unit if target.unit_id != plan.unit_id else None
    # The list then leaves out what the plan gave to former communes by name, as the number does.
    more = {AS_GIVEN: 1} if unit and apart.concerns(unit.pk) else {}
    return indicator_url(target.indicator.computed_by, plan, day, unit=unit, **more)


def indicator_url(
    name: str, plan: Plan, day: date, *, unit: AdminUnit | None = None, **filters: str | int
) -> str:
    """The address of the list behind a number counted for a plan as of a day."""
    query: dict[str, Any] = {"plan": plan.code, "to": day.isoformat()}
    if unit is not None:
        query["unit"] = unit.pk
    return f"{reverse('training:indicator_list', args=[name])}?{urlencode(query | filters)}"
