"""The steps of the dossier's road, carried out by `perform` (`workflow.TRANSITIONS`)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from products import completeness, numbering, signals, snapshot, workflow
from products.enums import DossierState
from products.models import Dossier, DossierVersion, Product
from products.services.common import allow, lock_current_version, lock_dossier, lock_product, save_row


class IncompleteError(DomainError):
    """The dossier cannot be filed yet; `missing` lists everything still to do."""

    def __init__(self, missing: list[completeness.Missing]) -> None:
        self.missing = missing
        super().__init__("Hồ sơ chưa đủ để nộp. " + " ".join(item.text for item in missing))


@transaction.atomic
def perform(dossier: Dossier, transition_name: str, *, by: Any, note: str = "", **data: Any) -> Dossier:
    """Take one step of the road (`workflow.TRANSITIONS`). Gives the same dossier, locked and re-read.

    `note`: the reason, where the step needs one; `data`: the columns the step needs. Raises
    PermissionDenied, DomainError (wrong state, missing reason or data), IncompleteError at filing.
    """
    transition = workflow.TRANSITIONS[transition_name]
    dossier = lock_dossier(dossier)
    allow(by, transition.permission, dossier)
    _check_step(transition, dossier, note=note, data=data)
    before = _columns(dossier)
    finish = EFFECTS.get(transition.name, _nothing)(dossier, by=by, note=note)
    for name in transition.needs:
        setattr(dossier, name, data[name])
    dossier.state, dossier.state_since = transition.target, timezone.now()
    save_row(dossier)
    finish()
    _record_move(dossier, transition, before, by=by, note=note)
    signals.dossier_moved.send(sender=Dossier, dossier=dossier, transition=transition, by=by)
    return dossier


def _check_step(
    transition: workflow.Transition, dossier: Dossier, *, note: str, data: dict[str, Any]
) -> None:
    if unknown := data.keys() - set(transition.needs):
        raise TypeError(f"{transition.name} takes no {sorted(unknown)}")
    if dossier.state not in transition.source:
        state = DossierState(dossier.state).label
        raise DomainError(f"Hồ sơ đang ở trạng thái “{state}” nên không thể thực hiện: {transition.label}.")
    if transition.needs_note and not note.strip():
        raise DomainError("Cần ghi lý do trả lại để chủ thể biết phải bổ sung gì.", field="note")
    for name in transition.needs:
        if not data.get(name):
            raise DomainError(f"Cần nhập {_label(name)}.", field=name)
    if (day := data.get("proposed_on")) and day > timezone.localdate():
        raise DomainError("Ngày công văn không được sau hôm nay.", field="proposed_on")


def _label(column: str) -> str:
    return str(getattr(Dossier._meta.get_field(column), "verbose_name", column))


def _file(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """Filing: complete, numbered once, coded once, then frozen with its hash (Đ6, Đ7 k1)."""
    lock_product(dossier.product)
    version = lock_current_version(dossier)
    if missing := completeness.blockers(version):
        raise IncompleteError(missing)
    now = timezone.now()
    dossier.return_reason = ""
    dossier.submitted_at = dossier.submitted_at or now
    dossier.number = dossier.number or numbering.registration_number(dossier.commune, year=dossier.year)
    _give_code(dossier.product, year=dossier.year)
    return lambda: _freeze(version, by=by, at=now)


def _give_code(product: Product, *, year: int) -> None:
    if not product.code:
        product.code = numbering.product_code(product.commune, year=year)
        product.save(update_fields=["code"])


def _freeze(version: DossierVersion, *, by: Any, at: dt.datetime) -> None:
    version.snapshot = snapshot.take(version)
    version.sha256 = snapshot.sha256_of(version.snapshot)
    version.submitted_at, version.submitted_by = at, by
    save_row(version, update_fields=["snapshot", "sha256", "submitted_at", "submitted_by"])


def _send_back(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """A return: the reason stays on the dossier, the next version opens with what was filed."""
    dossier.return_reason = note.strip()
    dossier.proposal_number, dossier.proposed_on = "", None
    return lambda: _open_next_version(dossier)


def _open_next_version(dossier: Dossier) -> None:
    old = lock_current_version(dossier)
    copied = {name: getattr(old, name) for name in completeness.DRAFT_FIELDS}
    new = DossierVersion.objects.create(dossier=dossier, number=old.number + 1, **copied)
    signals.version_opened.send(sender=DossierVersion, old=old, new=new)


def _nothing(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    return lambda: None


# Step -> what it changes on the dossier; the answer is done after the dossier is saved.
EFFECTS: dict[str, Callable[..., Callable[[], None]]] = {
    "submit": _file,
    "return_to_entity": _send_back,
    "return_from_province": _send_back,
}

_MOVING_COLUMNS = ("state", "number", "return_reason", "proposal_number", "proposed_on")


def _columns(dossier: Dossier) -> dict[str, Any]:
    return {name: getattr(dossier, name) for name in _MOVING_COLUMNS}


def _record_move(
    dossier: Dossier, transition: workflow.Transition, before: dict[str, Any], *, by: Any, note: str
) -> None:
    after = _columns(dossier)
    changed = [name for name in after if after[name] != before[name]]
    audit.record(
        by=by,
        verb=f"dossier.{transition.name}",
        obj=dossier,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        reason=note.strip(),
    )
