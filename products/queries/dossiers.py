"""What the page of one dossier tells: its road, its history, what is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.enums import Role
from accounts.models import User
from core import audit
from core.models import AuditEntry
from core.numbers import format_datetime
from products import completeness, workflow
from products.enums import DossierState
from products.models import Dossier, DossierVersion


def shows_result(dossier: Dossier, user: Any) -> bool:
    """Whether the user is led to the council's result: the province once closed, others once announced."""
    states = DossierState.with_result if user.has_role(*Role.province_wide) else DossierState.announced
    return dossier.state in states


@dataclass(frozen=True)
class Event:
    """One line of a dossier's history, in words."""

    label: str
    entry: AuditEntry


_EVENT_LABELS = {
    "dossier.create": "Lập hồ sơ",
    "dossier.update": "Sửa hình thức đăng ký",
    "dossier.download": "Tải cả hồ sơ về máy",
    **{f"dossier.{name}": step.done for name, step in workflow.TRANSITIONS.items()},
}


def timeline(dossier: Dossier) -> list[Event]:
    """The acts on a dossier, latest first; acts this app has no words for are left to their own pages."""
    entries = audit.history_of(dossier).filter(verb__in=_EVENT_LABELS)
    return [Event(_EVENT_LABELS[entry.verb], entry) for entry in entries]


# The stations drawn on a dossier's page, each with the states in which the dossier stands there.
STATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Soạn hồ sơ", DossierState.editable),
    ("Xã kiểm tra", DossierState.with_commune),
    ("Tỉnh tiếp nhận", (DossierState.PROPOSED,)),
    ("Hội đồng chấm", (DossierState.ACCEPTED,)),
    ("Quyết định", (DossierState.SCORED, DossierState.SENT_TO_MINISTRY)),
    ("Kết quả", DossierState.ended),
)


def stations(dossier: Dossier) -> list[dict[str, Any]]:
    """The road of a dossier as the `steps` component draws it."""
    here = next(place for place, (_, states) in enumerate(STATIONS) if dossier.state in states)
    if dossier.state == DossierState.WITHDRAWN:
        return _given_up(dossier)
    ended = dossier.state in DossierState.ended
    return [
        {
            "label": label,
            "state": "done" if place < here or ended else "current" if place == here else "todo",
            "note": dossier.get_state_display() if place == here else "",
        }
        for place, (label, _) in enumerate(STATIONS)
    ]


def _given_up(dossier: Dossier) -> list[dict[str, Any]]:
    """A road left early: nothing after the writing was reached for good."""
    first, *others = [label for label, _ in STATIONS]
    last = {"label": "Đã rút", "state": "current", "note": f"Lúc {format_datetime(dossier.state_since)}"}
    return [{"label": first, "state": "done"}, last, *({"label": label, "state": "todo"} for label in others)]


def checklist_for_page(version: DossierVersion) -> list[completeness.Requirement]:
    """The checklist a dossier's page shows while the version is being written: done and missing."""
    return [] if version.is_frozen else completeness.checklist(version)


def missing_for_page(version: DossierVersion) -> list[completeness.Missing]:
    """What the page of a dossier lists as missing: nothing once the version is filed."""
    return [] if version.is_frozen else completeness.blockers(version)


def steps_left(version: DossierVersion) -> tuple[list[completeness.Missing], set[str]]:
    """What is missing from a version, and the steps of the form where something is missing."""
    missing = completeness.blockers(version)
    # Kind and lateness have a page of their own, reached from the first step.
    first = completeness.STEPS[0].slug
    return missing, {first if item.step == completeness.REGISTRATION else item.step for item in missing}


def last_saved(version: DossierVersion) -> tuple[str, datetime | None]:
    """Who saved the version last, and when, from the history of rows; ("", None) when nobody is known."""
    events = version.events  # type: ignore[attr-defined]  # made by pghistory
    event = events.select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return "", None
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    user = User.objects.filter(pk=metadata.get("user") or 0).first()
    return str(user) if user else "", event.pgh_created_at
