"""The steps of the dossier's road, carried out by `perform` (`workflow.TRANSITIONS`)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from products import completeness, desks, numbering, queries, signals, snapshot, workflow
from products.enums import Desk, DossierState
from products.models import Dossier, DossierVersion, Product
from products.services import desk, evidence
from products.services.common import allow, lock_current_version, lock_dossier, lock_product, save_row


class IncompleteError(DomainError):
    """The step cannot be taken yet; `missing` lists everything still to do."""

    def __init__(self, missing: list[completeness.Missing], begins: str = "Hồ sơ chưa đủ để nộp.") -> None:
        self.missing = missing
        super().__init__(f"{begins} " + " ".join(item.text for item in missing))


class WrongStateError(DomainError):
    """The step cannot be taken from where the dossier stands."""


class AlreadyDoneError(WrongStateError):
    """Somebody has just taken this step: a second click, or a colleague. Nothing is left to do."""


@transaction.atomic
def perform(dossier: Dossier, transition_name: str, *, by: Any, note: str = "", **data: Any) -> Dossier:
    """Take one step of the road (`workflow.TRANSITIONS`). Gives the same dossier, locked and re-read.

    `note`: the reason, where the step needs one; `data`: the columns the step needs. Raises
    PermissionDenied, DomainError (missing reason or data), WrongStateError or AlreadyDoneError,
    IncompleteError at filing and at a proposal.
    """
    transition = workflow.TRANSITIONS[transition_name]
    dossier = lock_dossier(dossier)
    allow(by, transition.permission, dossier)
    _check_step(transition, dossier, note=note, data=data)
    before, said = _columns(dossier), _in_words(transition, dossier, note)
    finish = EFFECTS.get(transition.name, _nothing)(dossier, by=by, note=note)
    for name in transition.needs:
        setattr(dossier, name, data[name])
    dossier.state, dossier.state_since = transition.target, timezone.now()
    save_row(dossier)
    finish()
    _record_move(dossier, transition, before, by=by, note=said)
    signals.dossier_moved.send(sender=Dossier, dossier=dossier, transition=transition, by=by)
    return dossier


def _check_step(
    transition: workflow.Transition, dossier: Dossier, *, note: str, data: dict[str, Any]
) -> None:
    if unknown := data.keys() - set(transition.needs):
        raise TypeError(f"{transition.name} takes no {sorted(unknown)}")
    _check_state(transition, dossier)
    if transition.needs_note and not note.strip() and not _found_lacking(transition, dossier):
        raise DomainError(transition.note_missing, field="note")
    for name in transition.needs:
        if not data.get(name):
            raise DomainError(f"Cần nhập {_label(name)}.", field=name)
    if day := data.get("proposed_on"):
        _check_letter_date(dossier, day)


def _check_state(transition: workflow.Transition, dossier: Dossier) -> None:
    if dossier.state in transition.source:
        return
    if dossier.state == transition.target:
        since = timezone.localtime(dossier.state_since)
        raise AlreadyDoneError(
            f"{transition.done}: đã thực hiện lúc {since:%H:%M ngày %d/%m/%Y}, không cần làm lại."
        )
    state = DossierState(dossier.state).label
    raise WrongStateError(f"Hồ sơ đang ở trạng thái “{state}” nên không thể thực hiện: {transition.label}.")


def _check_letter_date(dossier: Dossier, day: dt.date) -> None:
    """The letter answers a dossier the commune has received, so it is not older than the receipt."""
    if day > timezone.localdate():
        raise DomainError("Ngày công văn không được sau hôm nay.", field="proposed_on")
    received = desk.receive(lock_current_version(dossier), Desk.COMMUNE).received_on
    if day < received:
        raise DomainError(
            f"Ngày công văn không được trước ngày xã tiếp nhận hồ sơ ({received:%d/%m/%Y}).",
            field="proposed_on",
        )


def _found_lacking(transition: workflow.Transition, dossier: Dossier) -> list[queries.Finding]:
    """What the desk that sends the dossier back found lacking; nothing for other steps."""
    sender = desks.DESK_OF_RETURN.get(transition.name)
    return queries.lacking(dossier.current_version, sender) if sender else []


def _in_words(transition: workflow.Transition, dossier: Dossier, note: str) -> str:
    """The reason as the log keeps it: the general one, then that of each section."""
    lines = [f"{found.section.label}: {found.note}" for found in _found_lacking(transition, dossier)]
    return "\n".join([note.strip(), *lines]).strip()


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
    return lambda: _freeze_and_receive(version, by=by, at=now)


def _freeze_and_receive(version: DossierVersion, *, by: Any, at: dt.datetime) -> None:
    _freeze(version, by=by, at=at)
    desk.receive(version, Desk.COMMUNE)


def _propose(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """A proposal: every section passed, Mẫu 03 complete (Đ7 k2); the province receives at once."""
    version = lock_current_version(dossier)
    if missing := queries.obstacles_to_proposal(version):
        raise IncompleteError(missing, "Chưa đề nghị tỉnh được.")
    return lambda: _receive_at_province(version)


def _receive_at_province(version: DossierVersion) -> None:
    desk.receive(version, Desk.PROVINCE)


def _accept(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    """What the province's own check found lacking is sent back, not accepted."""
    if found := queries.lacking(dossier.current_version, Desk.PROVINCE):
        named = ", ".join(f"“{finding.section.label}”" for finding in found)
        raise DomainError(f"Kết quả kiểm tra còn ghi cần bổ sung: {named}. Sửa kết luận hoặc trả lại hồ sơ.")
    return _nothing(dossier, by=by, note=note)


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
    evidence.copy_evidence(old=old, new=new)
    signals.version_opened.send(sender=DossierVersion, old=old, new=new)


def _nothing(dossier: Dossier, *, by: Any, note: str) -> Callable[[], None]:
    return lambda: None


# Step -> what it changes on the dossier; the answer is done after the dossier is saved.
EFFECTS: dict[str, Callable[..., Callable[[], None]]] = {
    "submit": _file,
    "propose": _propose,
    "accept": _accept,
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
