"""Plans written as YAML files: read, with a message naming file and place for what does not fit."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from core.exceptions import DomainError
from training.enums import ClassLevel, FundSource, Operator, PlanLevel, PlanStatus, TaskStatus

FOLDER = Path(__file__).resolve().parent / "data" / "plans"

TEXT, DAY, NUMBER, WHOLE, YES_NO = "text", "day", "number", "whole", "yes or no"
SECTIONS = {"plan", "unit", "legal_bases", "targets", "tasks", "classes", "budget"}
PLAN = {
    "code": TEXT,
    "title": TEXT,
    "level": PlanLevel,
    "starts_on": DAY,
    "ends_on": DAY,
    "objectives": TEXT,
    "status": PlanStatus,
    "source": TEXT,
    "is_reference": YES_NO,
}
UNIT = {"code": TEXT, "name": TEXT, "valid_from": DAY, "valid_to": DAY, "merged_into": TEXT}
BASIS = {"kind": TEXT, "number": TEXT, "issued_on": DAY, "issuer": TEXT, "signer": TEXT, "subject": TEXT}
INDICATOR = {"code": TEXT, "name": TEXT, "unit_name": TEXT, "definition": TEXT, "is_promotion": YES_NO}
TARGET = {
    "key": TEXT,
    "operator": Operator,
    "value": NUMBER,
    "value_to": NUMBER,
    "text": TEXT,
    "per_unit": TEXT,
    "units_count": WHOLE,
    "part_of": TEXT,
    "due_on": DAY,
    "source": TEXT,
}
ACTUAL = {"value": NUMBER, "text": TEXT, "as_of": DAY, "source": TEXT}
TASK = {
    "title": TEXT,
    "lead_unit": TEXT,
    "supporting_units": TEXT,
    "due_on": DAY,
    "status": TaskStatus,
    "result": TEXT,
    "done_on": DAY,
    "conclusion": TEXT,
    "conclusion_number": TEXT,
    "conclusion_on": DAY,
    "source": TEXT,
}
BUDGET = {
    "purpose": TEXT,
    "fund": FundSource,
    "fund_note": TEXT,
    "planned": NUMBER,
    "spent": NUMBER,
    "spent_on": DAY,
}
CLASS = {
    "title": TEXT,
    "organiser": TEXT,
    "level": ClassLevel,
    "topics": TEXT,
    "starts_on": DAY,
    "ends_on": DAY,
    "place": TEXT,
    "planned_trainees": WHOLE,
    "source": TEXT,
}


@dataclass(frozen=True)
class PlanFile:
    """The content of one file, as columns of the models; `actuals` by the target's key."""

    plan: dict[str, Any]
    unit: dict[str, Any]
    legal_bases: list[dict[str, Any]] = field(default_factory=list)
    targets: list[dict[str, Any]] = field(default_factory=list)
    actuals: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    classes: list[dict[str, Any]] = field(default_factory=list)
    budget: list[dict[str, Any]] = field(default_factory=list)


def all_files() -> list[Path]:
    """The plan files that come with the software, by name."""
    return sorted(FOLDER.glob("*.yaml"))


def read(path: Path) -> PlanFile:
    """Read a plan file. Raises DomainError naming the file and the place of what does not fit."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise DomainError(f"{path.name}: không đọc được ({error}).") from error
    if not isinstance(content, dict) or set(content) - SECTIONS:
        raise DomainError(f"{path.name}: cần các mục {', '.join(sorted(SECTIONS))}.")
    targets, actuals = _targets(content.get("targets") or [], path.name)
    return PlanFile(
        plan=_row(content.get("plan"), PLAN, f"{path.name}: plan"),
        unit=_row(content.get("unit"), UNIT, f"{path.name}: unit"),
        legal_bases=_rows(content, "legal_bases", BASIS, path.name),
        targets=targets,
        actuals=actuals,
        tasks=_rows(content, "tasks", TASK, path.name),
        classes=_rows(content, "classes", CLASS, path.name),
        budget=_rows(content, "budget", BUDGET, path.name),
    )


def _targets(items: list[Any], name: str) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    targets: list[dict[str, Any]] = []
    actuals: dict[str, list[dict[str, Any]]] = {}
    keys: set[str] = set()
    for number, item in enumerate(items, 1):
        place = f"{name}: targets[{number}]"
        item = dict(item)
        indicator = _row(item.pop("indicator", None), INDICATOR, f"{place}.indicator")
        entered = [_row(actual, ACTUAL, f"{place}.actuals") for actual in item.pop("actuals", [])]
        target = _row(item, TARGET, place) | {"indicator": indicator}
        if target.get("part_of") and target["part_of"] not in keys:
            raise DomainError(f"{place}: part_of phải là key của một mục đứng trước.")
        if target["key"] in keys:
            raise DomainError(f"{place}: key {target['key']} bị lặp.")
        keys.add(target["key"])
        targets.append(target)
        actuals[target["key"]] = entered
    return targets, actuals


def _rows(content: dict[str, Any], section: str, columns: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = content.get(section) or []
    return [_row(item, columns, f"{name}: {section}[{number}]") for number, item in enumerate(items, 1)]


def _row(item: Any, columns: dict[str, Any], place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise DomainError(f"{place}: thiếu hoặc không phải là các cặp tên và giá trị.")
    unknown = set(item) - set(columns)
    if unknown:
        raise DomainError(f"{place}: không có cột {', '.join(sorted(unknown))}.")
    return {name: _value(value, columns[name], f"{place}.{name}") for name, value in item.items()}


def _value(value: Any, kind: Any, place: str) -> Any:
    expected = {TEXT: str, DAY: date, WHOLE: int, YES_NO: bool}.get(kind) if isinstance(kind, str) else None
    if kind == NUMBER:
        try:
            return Decimal(str(value))
        except InvalidOperation:
            raise DomainError(f"{place}: “{value}” không phải là số.") from None
    if expected is None:
        if value not in kind.values:
            raise DomainError(f"{place}: “{value}” không phải một trong {', '.join(kind.values)}.")
        return value
    if type(value) is not expected:
        raise DomainError(f"{place}: “{value}” không đúng kiểu ({kind}).")
    return value.strip() if isinstance(value, str) else value
