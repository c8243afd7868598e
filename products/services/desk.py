"""What a desk does with a filed dossier: receipt, samples, a verdict on every section."""

import unicodedata
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.exceptions import DomainError
from products import completeness, desks, numbering
from products.enums import Desk, Verdict
from products.models import DeskCheck, Dossier, DossierVersion, SectionCheck
from products.services.common import allow, lock_current_version, lock_dossier

LONGEST_NOTE = 5000
NOT_AT_A_DESK = "Hồ sơ không còn chờ kiểm tra nên kết quả kiểm tra không đổi được nữa."


def receive(version: DossierVersion, desk: str) -> DeskCheck:
    """The receipt of a version at a desk, with the desk's next number; given once.

    An electronic dossier is received the day it reaches the desk: from then the commune's 15 working days
    run (Đ7 k2 QĐ 26/2026). Call with the dossier locked.
    """
    found = DeskCheck.objects.filter(version=version, desk=desk).first()
    if found is not None:
        return found
    day = timezone.localdate(version.dossier.state_since)
    commune = version.dossier.commune
    unit = commune if desk == Desk.COMMUNE else commune.parent or commune
    number = numbering.receipt_number(unit, year=day.year)
    return DeskCheck.objects.create(version=version, desk=desk, receipt_number=number, received_on=day)


@transaction.atomic
def check_section(dossier: Dossier, *, section: str, verdict: str, note: str, by: Any) -> SectionCheck | None:
    """Keep the verdict on one section (a slug of `completeness.SECTIONS`).

    A lacking section has to say what is lacking: without a note the verdict is taken back and None is the
    answer. Raises KeyError for an unknown section or verdict, PermissionDenied, DomainError when the dossier
    lies at no desk.
    """
    section, verdict = completeness.SECTIONS_BY_SLUG[section].slug, Verdict[verdict.upper()]
    check = _lock_check(dossier, by=by)
    note = _clean(note)
    if verdict == Verdict.LACKING and not note:
        check.sections.filter(section=section).delete()
        return None
    kept, _ = SectionCheck.objects.update_or_create(
        check_of=check, section=section, defaults={"verdict": verdict, "note": note}
    )
    return kept


@transaction.atomic
def pass_rest(dossier: Dossier, *, by: Any) -> int:
    """Find every section without a verdict in order; gives their number."""
    check = _lock_check(dossier, by=by)
    known = set(check.sections.values_list("section", flat=True))
    rest = [section.slug for section in completeness.SECTIONS if section.slug not in known]
    SectionCheck.objects.bulk_create(
        SectionCheck(check_of=check, section=slug, verdict=Verdict.OK) for slug in rest
    )
    audit.record(by=by, verb="dossier.pass_rest", obj=dossier, after={"sections": rest})
    return len(rest)


@transaction.atomic
def count_samples(dossier: Dossier, *, count: int | None, by: Any) -> DeskCheck:
    """Write down how many samples the desk holds; a tourism service has none (Đ6 k1)."""
    check = _lock_check(dossier, by=by)
    if dossier.is_tourism:
        raise DomainError("Dịch vụ du lịch không nộp sản phẩm mẫu.", field="samples_received")
    before, check.samples_received = check.samples_received, count
    if before != count:
        check.save(update_fields=["samples_received"])
        audit.record(
            by=by,
            verb="dossier.count_samples",
            obj=dossier,
            before={"samples": before},
            after={"samples": count},
        )
    return check


def _lock_check(dossier: Dossier, *, by: Any) -> DeskCheck:
    """The receipt of the newest version at the desk it lies at, which must be the user's."""
    locked = lock_dossier(dossier)
    duty = desks.DUTIES.get(locked.state)
    allow(by, duty.permission if duty else "products.view_desk_check", locked)
    if duty is None:
        raise DomainError(NOT_AT_A_DESK)
    return receive(lock_current_version(locked), duty.desk)


def _clean(note: str) -> str:
    text = unicodedata.normalize("NFC", note.replace("\x00", "")).strip()
    if len(text) > LONGEST_NOTE:
        raise DomainError("Nội dung cần bổ sung dài quá 5.000 ký tự; hãy viết gọn lại.", field="note")
    return text
