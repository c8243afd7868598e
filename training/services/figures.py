"""Closing a reporting period: figures are frozen, approved by a named officer, corrected by a new version."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.numbers import format_date
from training import indicators, periods, progress
from training.enums import FigureSetState, Operator, PlanStatus, TargetStatus
from training.indicators import Period
from training.kept import IN_PERIOD, REST
from training.models import Actual, Figure, FigureSet, KeptList, Plan, ReportingPeriod
from training.queries import PlanProgress, TargetProgress, plan_progress
from training.queries.budget import budget_of
from training.queries.frozen import line_of
from training.queries.keeping import Kept, keep
from training.queries.standing import standing_of
from training.queries.targets import OVER_LIMIT
from training.services.common import PLANS, allow, create, refuse
from training.validators import number_problems

APPROVE = "training.approve_figures"


@transaction.atomic
def freeze_figures(*, plan: Plan, kind: str, year: int, number: int, by: Any) -> FigureSet:
    """Close a period of the plan: value, list and status of every target as of the cut-off, to be approved.

    Raises DomainError for a period that is not over, lies outside the plan, or is closed already.
    """
    allow(by, PLANS, plan)
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.is_reference or locked.status == PlanStatus.DRAFT:
        raise DomainError("Chỉ chốt số liệu của kế hoạch đang hoặc đã thực hiện.")
    period = _period(plan, kind, year, number)
    last = period.figure_sets.filter(plan=plan).order_by("-number").first()
    if last is not None and last.state == FigureSetState.WAITING:
        raise DomainError(f"{period}: bản {last.number} đang chờ duyệt.")
    if last is not None and last.state == FigureSetState.APPROVED:
        raise DomainError(f"{period} đã chốt. Muốn sửa, hãy lập bản đính chính từ bản {last.number}.")
    reason = f"Chốt lại, bản {last.number} không được duyệt." if last else ""
    as_of = min(period.ends_on, plan.ends_on)
    shown = plan_progress(plan, as_of=as_of, with_classes=False)
    made = FigureSet(
        period=period,
        plan=plan,
        number=last.number + 1 if last else 1,
        as_of=as_of,
        reason=reason,
        frozen_by=by,
    )
    kept = keep(made, shown)
    made.summary = _summary(shown, kept)
    in_period = _counted_in_period(made, shown)
    _refuse_moving(shown, made.summary["standing"], in_period, kept)
    create(made, by=by, verb="figures.freeze", period=str(period), number=made.number)
    Figure.objects.bulk_create(
        _figure(made, target, position, in_period.get(target.target_id))
        for position, target in enumerate(shown.targets, 1)
    )
    KeptList.objects.bulk_create(kept.lists)
    return made


def _period(plan: Plan, kind: str, year: int, number: int) -> ReportingPeriod:
    try:
        start, end = periods.span(kind, year, number, settings.OCOP_CUT_OFF_DAY)
    except ValueError:
        raise DomainError("Năm không có tháng hoặc quý này.", field="number") from None
    if end >= timezone.localdate():
        raise DomainError(f"Kỳ này chốt hết ngày {format_date(end)}, chưa đến ngày chốt.", field="number")
    if end < plan.starts_on or start > plan.ends_on:
        raise DomainError("Kỳ này nằm ngoài thời gian của kế hoạch.", field="year")
    period, _ = ReportingPeriod.objects.get_or_create(
        unit=plan.unit, kind=kind, year=year, number=number, defaults={"starts_on": start, "ends_on": end}
    )
    return period


def _refuse_moving(
    shown: PlanProgress, standing: Mapping[str, Any], in_period: Mapping[int, int], kept: Kept
) -> None:
    """Numbers and lists are asked one after the other: what somebody wrote in between stands in one alone."""
    sizes = kept.sizes
    counted = [(name, total.value) for name, total in shown.totals.items()]
    counted += [
        (f"{target.computed_by}{IN_PERIOD}", in_period[target.target_id])
        for target in shown.targets
        if target.whole_plan and target.target_id in in_period
    ]
    for name, (value, of) in standing["counted"].items():
        counted.append((name, value))
        counted += [(f"{name}{REST}", of - value)] if of is not None else []
    if any(sizes[name] != number for name, number in counted):
        raise DomainError("Dữ liệu vừa thay đổi trong lúc chốt nên số và danh sách chưa khớp: hãy chốt lại.")


def _summary(shown: PlanProgress, kept: Kept) -> dict[str, Any]:
    money = budget_of(shown.plan, shown.as_of)
    return {
        "time_share": str(shown.time_share),
        "tasks": len(shown.tasks),
        "tasks_done": shown.tasks_done,
        "tasks_overdue": shown.tasks_overdue,
        "planned": money.planned,
        "spent": money.spent,
        "warnings": list(shown.warnings),
        "standing": {**standing_of(shown), "road": kept.road},
        # The figures whose records are kept with the version.
        "lists": sorted(kept.sizes),
    }


def _figure(made: FigureSet, target: TargetProgress, position: int, in_period: int | None) -> Figure:
    return Figure(
        figure_set=made,
        target_id=target.target_id,
        position=position,
        value=None if target.actual is None else target.actual.quantize(Decimal("0.01"), rounding=ROUND_DOWN),
        in_period=in_period,
        list_size=target.list_size,
        status=target.status,
        line=line_of(target),
    )


def _counted_in_period(made: FigureSet, shown: PlanProgress) -> dict[int, int]:
    """What was added within the period, for sums over the whole plan or one unit that grow by records."""
    names = sorted({target.computed_by for target in shown.targets if _grows(target)})
    if not names:
        return {}
    start = max(made.period.starts_on, made.plan.starts_on)
    period = Period(start, made.as_of)
    counted = shown.apart.parted(indicators.count(names, made.plan.unit, period, shown.apart.every))
    units = dict(made.plan.targets.values_list("pk", "unit_id"))
    found = {}
    for target in shown.targets:
        if _grows(target):
            by_unit, unit = counted[target.computed_by], units[target.target_id]
            rows = by_unit.values() if unit in (None, made.plan.unit_id) else [by_unit.get(unit)]
            found[target.target_id] = sum(row.value for row in rows if row)
    return found


def _grows(target: TargetProgress) -> bool:
    computed = indicators.REGISTRY.get(target.computed_by)
    each_unit = not target.whole_plan and not target.planned_for_one_unit
    return bool(computed and computed.date_path and not computed.is_stock and not each_unit)


@transaction.atomic
def decide_figures(*, figure_set: FigureSet, approve: bool, by: Any, note: str = "") -> FigureSet:
    """Approve a version, which closes the period, or refuse it with a reason.

    Raises DomainError when it was decided already, by the person who froze it, without a reason for refusing,
    and for approving figures that lack a value approved since they were frozen.
    """
    # Nobody enters a value while the period closes (`record_actual` waits for the plan).
    Plan.objects.select_for_update(no_key=True).get(pk=figure_set.plan_id)
    rows = FigureSet.objects.select_for_update(of=("self",)).select_related("plan__unit", "period")
    stored = rows.get(pk=figure_set.pk)
    allow(by, APPROVE, stored.plan)
    if stored.state != FigureSetState.WAITING:
        raise DomainError(f"Bản này đã được xử lý: {stored.get_state_display().lower()}.")
    if by is not None and stored.frozen_by_id == by.pk:
        raise DomainError("Người chốt số liệu không tự duyệt: lãnh đạo hoặc cán bộ khác của tỉnh duyệt.")
    if not approve and not note.strip():
        raise DomainError("Ghi lý do không duyệt.", field="note")
    if approve:
        _refuse_outdated(stored)
    stored.state = FigureSetState.APPROVED if approve else FigureSetState.REFUSED
    stored.decided_by, stored.decided_at, stored.decision_note = by, timezone.now(), note.strip()
    stored.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    verb = "figures.approve" if approve else "figures.refuse"
    audit.record(by=by, verb=verb, obj=stored, reason=note.strip())
    return stored


def _refuse_outdated(made: FigureSet) -> None:
    """Once closed, the period takes no more values: those that came meanwhile would stand in no version."""
    late = Actual.objects.counting().filter(
        target__plan=made.plan_id, as_of__lte=made.as_of, decided_at__gt=made.frozen_at
    )
    if number := late.count():
        raise DomainError(
            f"Từ lúc chốt đã có {number} kết quả nhập tay của kỳ này được duyệt mà bản này chưa có: "
            "không duyệt bản này và chốt lại."
        )


@transaction.atomic
def correct_figures(
    *, figure_set: FigureSet, values: Mapping[int, Decimal], reason: str, by: Any
) -> FigureSet:
    """The next version of a closed period: the figures of the last one, with new values for some targets.

    `values` by target id. Nothing else is counted anew. Raises DomainError without a reason or a changed
    value, for a version that is not the last approved one, and while another correction waits.
    """
    allow(by, PLANS, figure_set.plan)
    Plan.objects.select_for_update().get(pk=figure_set.plan_id)
    newest = figure_set.period.figure_sets.filter(plan=figure_set.plan_id).order_by("-number").first()
    if newest is None or newest.state == FigureSetState.WAITING:
        raise DomainError("Đang có một bản chờ duyệt của kỳ này.")
    if figure_set.state != FigureSetState.APPROVED:
        raise DomainError("Chỉ đính chính bản đã duyệt.")
    versions = figure_set.period.figure_sets.approved().filter(plan=figure_set.plan_id)
    if versions.filter(number__gt=figure_set.number).exists():
        raise DomainError("Kỳ này đã có bản mới hơn được duyệt: hãy đính chính từ bản đó.")
    if not reason.strip():
        raise DomainError("Ghi lý do đính chính.", field="reason")
    figures = list(figure_set.figures.select_related("target__indicator"))
    for figure in figures:
        if figure.target_id in values:
            problems = number_problems(figure.target, values[figure.target_id])
            refuse({f"v-{figure.target_id}": problem for problem in problems.values()})
    changed = {figure.target_id for figure in figures if _differs(figure, values)}
    if not changed:
        raise DomainError("Chưa có số nào khác với bản đã chốt.")
    made = FigureSet(
        period=figure_set.period,
        plan=figure_set.plan,
        number=newest.number + 1,
        as_of=figure_set.as_of,
        reason=reason.strip(),
        summary=figure_set.summary,
        frozen_by=by,
    )
    after = {"period": str(made.period), "number": made.number, "targets": sorted(changed)}
    create(made, by=by, verb="figures.correct", **after)
    Figure.objects.bulk_create(
        _corrected(made, figure, values[figure.target_id])
        if figure.target_id in changed
        else _same(made, figure)
        for figure in figures
    )
    # Its own, as the figures: only what was corrected has another value than rows.
    KeptList.objects.bulk_create(
        KeptList(figure_set=made, name=row.name, parts=row.parts, heads=row.heads, rows=row.rows)
        for row in figure_set.lists.all()
    )
    return made


def _differs(figure: Figure, values: Mapping[int, Decimal]) -> bool:
    return figure.target_id in values and values[figure.target_id] != figure.value


def _same(made: FigureSet, figure: Figure) -> Figure:
    names = ("target_id", "position", "value", "in_period", "list_size", "status", "line")
    return Figure(figure_set=made, **{name: getattr(figure, name) for name in names})


def _corrected(made: FigureSet, figure: Figure, value: Decimal) -> Figure:
    """The frozen line with another value: share, status and words follow; its list no longer proves it."""
    line, target = dict(figure.line), figure.target
    planned = None if line["planned"] is None else Decimal(line["planned"])
    share = progress.share_of(planned, value)
    past_due = made.as_of > (target.due_on or made.plan.ends_on) or made.as_of == made.plan.ends_on
    operator = Operator.AT_LEAST if target.per_unit else target.operator
    bound = target.value_to if line.get("is_limit") and operator == Operator.RANGE else planned
    status = _status(line, operator, bound, value, past_due)
    is_percent = (
        line["computed"] and indicators.is_share(target.indicator.computed_by) and not target.per_unit
    )
    kind = Operator.PERCENT if is_percent else Operator(target.operator)
    words = progress.actual_words(kind, value, target.value_to)
    if target.per_unit and line["computed"]:
        words = f"{words} đơn vị đạt"
    line |= {
        "actual": str(value),
        "actual_text": words,
        "share": None if share is None else str(share),
        "status": status,
        "status_text": OVER_LIMIT
        if line.get("is_limit") and status == TargetStatus.BEHIND
        else str(TargetStatus(status).label),
        "forecast": None,
        "list_url": None,
        "list_size": None,
        "note": "đính chính",
    }
    return Figure(
        figure_set=made,
        target_id=figure.target_id,
        position=figure.position,
        value=value,
        status=status,
        corrected=True,
        line=line,
    )


def _status(
    line: Mapping[str, Any], operator: str, planned: Decimal | None, value: Decimal, past_due: bool
) -> TargetStatus:
    if line.get("is_limit"):
        within = progress.is_reached(Operator.AT_MOST, planned, value)
        return progress.limit_status(within=within, past_due=past_due)
    return progress.status_of(
        has_value=True,
        reached=progress.is_reached(operator, planned, value),
        share=progress.share_of(planned, value),
        time_passed=Fraction(line["time_share"]),
        past_due=past_due,
    )
