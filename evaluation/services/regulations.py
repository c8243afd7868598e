"""The settings of a council's regulation: checked, written once, replaced by a next version."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.numbers import format_date
from evaluation.models import Council, Regulation
from evaluation.services.guards import require

# What the law leaves to the regulation; names of columns.
SETTINGS = (
    "gate_rule",
    "quorum_numerator",
    "quorum_denominator",
    "quorum_basis",
    "spread_limit",
    "score_sight",
    "shows_advice",
    "allows_written",
    "recusal_rule",
)


def new_regulation(*, unit: AdminUnit, name: str, settings: dict[str, Any], **columns: Any) -> Regulation:
    """A version with these settings, the model's defaults for the rest. Raises DomainError for bad ones."""
    if unknown := settings.keys() - set(SETTINGS):
        raise TypeError(f"a regulation has no {sorted(unknown)}")
    regulation = Regulation(unit=unit, name=name[:200], **settings, **columns)
    if not 1 <= regulation.quorum_numerator <= regulation.quorum_denominator:
        raise DomainError("Túc số phải là một phần của Hội đồng, ví dụ 2/3.", field="quorum_numerator")
    regulation.save(force_insert=True)
    return regulation


@transaction.atomic
def revise_regulation(
    *, council: Council, based_on: int, decision_number: str, decided_on: date, by: Any, **settings: Any
) -> Regulation:
    """Write the next version of the council's regulation and attach it; sessions already open keep theirs.

    `based_on`: the version the settings were changed from. Raises DomainError when another hand has
    written a version since, nothing changes, or the decision has no number or an impossible day.
    """
    require(by, "evaluation.manage_council", council)
    # No join while waiting for the lock: the row of the regulation read before would no longer match.
    council = Council.objects.select_for_update().get(pk=council.pk)
    old = council.regulation
    if old.version != based_on:
        raise DomainError(f"Quy chế vừa được sửa thành phiên bản {old.version}; hãy mở lại trang rồi sửa.")
    _check_decision(old, decision_number, decided_on)
    before = {name: getattr(old, name) for name in SETTINGS}
    changed = [name for name in SETTINGS if settings.get(name, before[name]) != before[name]]
    if not changed:
        raise DomainError("Các nội dung giống phiên bản đang áp dụng; không cần phiên bản mới.")
    new = new_regulation(
        unit=council.unit,
        name=old.name,
        settings={**before, **settings},
        version=old.version + 1,
        replaces=old,
        decision_number=decision_number.strip(),
        decided_on=decided_on,
    )
    council.regulation = new
    council.save(update_fields=["regulation"])
    audit.record(
        by=by,
        verb="council.revise_regulation",
        obj=council,
        before={"version": old.version, **{name: before[name] for name in changed}},
        after={"version": new.version, **{name: getattr(new, name) for name in changed}},
        reason=f"Quyết định {new.decision_number} ngày {format_date(decided_on)}",
    )
    return new


def _check_decision(old: Regulation, number: str, day: date) -> None:
    if not number.strip():
        raise DomainError("Hãy ghi số quyết định ban hành.", field="decision_number")
    if day > timezone.localdate():
        raise DomainError("Ngày ban hành không thể ở tương lai.", field="decided_on")
    if old.decided_on and day < old.decided_on:
        earlier = format_date(old.decided_on)
        raise DomainError(
            f"Ngày ban hành không thể trước phiên bản hiện hành ({earlier}).", field="decided_on"
        )
