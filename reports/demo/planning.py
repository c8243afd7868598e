"""Round the plan of 2026: what communes are given and report, tasks, a closed period, a commune's plan."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core.models import AdminUnit
from reports.demo import data_files
from reports.demo.accounts import username_of_commune
from reports.demo.clock import past, standing_on
from training import periods, services
from training.enums import Operator, PlanLevel
from training.grid import Entry, cell_name
from training.models import Indicator, Plan, Target

Units, Users = Mapping[str, AdminUnit], Mapping[str, User]


def work_with(plan: Plan, communes: Units, users: Users) -> None:
    """Everything of the data file in the order of the year, up to the day this machine stands at."""
    data, officer = data_files.read("planning"), users["vanphong"]
    with _on(data["given_on"]):
        services.save_grid(plan=plan, entries=_entries(plan, data["allocations"], communes), by=officer)
    _commune_plan(plan, communes, users, **data["commune_plan"])
    closing = data["period"]["frozen_on"]
    reports = [row for row in data["reports"] if row["as_of"] <= timezone.localdate()]
    for row in (row for row in reports if row["as_of"] < closing):
        _report(plan, communes, users, **row)
    _close(plan, users, **data["period"])
    for row in (row for row in reports if row["as_of"] >= closing):
        _report(plan, communes, users, **row)
    for task in data["tasks"]:
        _assign(plan, communes, users, data["conference"], **task)


def _on(day: date) -> AbstractContextManager[None]:
    return standing_on(day, 15)


def _entries(plan: Plan, rows: list[dict[str, Any]], communes: Units) -> dict[str, Entry]:
    wholes = {t.indicator.code: t.pk for t in _targets(plan).filter(unit=None, per_unit="")}
    entries = {}
    for row in rows:
        given = dict.fromkeys(communes, row["each"]) if "each" in row else {}
        for name, number in (given | row["communes"]).items():
            entries[cell_name(wholes[row["indicator"]], communes[name].pk)] = Entry("", number)
    return entries


def _targets(plan: Plan) -> Any:
    return Target.objects.filter(plan=plan).select_related("indicator", "plan__unit")


def _report(
    plan: Plan,
    communes: Units,
    users: Users,
    *,
    indicator: str,
    commune: str,
    decided: date | None = None,
    refused: str = "",
    **value: Any,
) -> None:
    """A commune's value, and what the province said to it."""
    target = _targets(plan).get(indicator__code=indicator, unit=communes[commune])
    value["value"] = Decimal(value["value"])
    with _on(value["as_of"]):
        actual = services.record_actual(target=target, by=users[username_of_commune(commune)], **value)
    if decided and decided <= timezone.localdate():
        with _on(decided):
            services.decide_actual(actual=actual, approve=not refused, by=users["vanphong"], note=refused)


def _close(
    plan: Plan,
    users: Users,
    *,
    frozen_on: date,
    approved_on: date,
    note: str,
    kind: str,
    year: int,
    number: int,
) -> None:
    _, end = periods.span(kind, year, number, settings.OCOP_CUT_OFF_DAY)
    if end >= past(frozen_on):
        return
    with _on(frozen_on):
        frozen = services.freeze_figures(plan=plan, kind=kind, year=year, number=number, by=users["vanphong"])
    with _on(approved_on):
        services.decide_figures(figure_set=frozen, approve=True, by=users["lanhdao"], note=note)


def _assign(
    plan: Plan,
    communes: Units,
    users: Users,
    conference: dict[str, Any],
    *,
    lead: str = "",
    note: str = "",
    noted_on: date | None = None,
    **fields: Any,
) -> None:
    with _on(conference["conclusion_on"]):
        task = services.add_task(
            plan=plan,
            by=users["vanphong"],
            lead_admin_unit=communes[lead] if lead else None,
            source="Số liệu minh họa",
            **{"lead_unit": "", **conference, **fields},
        )
    if noted_on:
        with _on(noted_on):
            services.report_task(task=task, status="doing", note=note, by=users[username_of_commune(lead)])


def _commune_plan(
    above: Plan,
    communes: Units,
    users: Users,
    *,
    commune: str,
    written_on: date,
    targets: list[dict[str, Any]],
    tasks: list[dict[str, Any]],
    **head: Any,
) -> None:
    """The commune's own plan, written by its officer."""
    officer = users[username_of_commune(commune)]
    with _on(written_on):
        plan = services.create_plan(
            by=officer,
            parent=above,
            unit=communes[commune],
            level=PlanLevel.COMMUNE,
            starts_on=above.starts_on,
            ends_on=above.ends_on,
            source="Số liệu minh họa",
            **head,
        )
        written = [_target(plan, row, officer) for row in targets]
        given = [_task(plan, row, officer) for row in tasks]
        services.perform_plan_step(plan=plan, name="issue", by=officer)
    for target, row in zip(written, targets, strict=True):
        if (actual := row.get("actual")) and actual["as_of"] <= timezone.localdate():
            with _on(actual["as_of"]):
                services.record_actual(
                    target=target, by=officer, **{**actual, "value": Decimal(actual["value"])}
                )
    for task, row in zip(given, tasks, strict=True):
        if "done_on" in row and row["done_on"] <= timezone.localdate():
            with _on(row["done_on"]):
                services.report_task(
                    task=task, status="done", result=row["result"], done_on=row["done_on"], by=officer
                )


def _target(plan: Plan, row: dict[str, Any], officer: User) -> Target:
    return services.add_target(
        plan=plan,
        by=officer,
        indicator=Indicator.objects.get(code=row["indicator"]),
        operator=Operator.AT_LEAST,
        value=Decimal(row["value"]),
        source="Số liệu minh họa",
    )


def _task(plan: Plan, row: dict[str, Any], officer: User) -> Any:
    fields = {name: row[name] for name in ("title", "lead_unit", "due_on")}
    return services.add_task(plan=plan, by=officer, source="Số liệu minh họa", **fields)
