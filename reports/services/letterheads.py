"""What a unit prints at the head and foot of its papers: kept, or put back to the usual."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import audit
from core.exceptions import DomainError
from core.models import AdminUnit
from core.text import nfc
from reports.enums import Issuer
from reports.models import LetterheadSettings
from reports.typeface import width_mm

MANAGE = "reports.manage_letterhead"
# Several lines of the paper, one a line.
LINES = ("governing_body", "issuing_body", "signer_position", "copies")
CAPITALS = ("governing_body", "issuing_body", "signer_position", "symbol")
COLUMNS = (
    "governing_body", "issuing_body", "issuer_name", "symbol", "place", "signer_position", "signer_name",
    "copies", "archive",
)  # fmt: skip
REQUIRED = ("issuing_body", "issuer_name", "symbol", "place", "signer_position", "archive")
# What fits in the left column of the head, set bold at 13 pt.
WIDEST_LINE_MM, SIZE = 63, 13
MOST_LINES = 4
_SYMBOL = re.compile(r"[A-ZĐ0-9&]+(-[A-ZĐ0-9&]+)*")
_ACADEMIC = re.compile(r"(GS|PGS|TS|ThS|CN|KS|BS)\.|(Giáo sư|Tiến sĩ|Thạc sĩ)\b", re.IGNORECASE)
_FOR_ANOTHER = re.compile(r"(KT|TL|TUQ|TM)\.")


@transaction.atomic
def keep(*, unit: AdminUnit, issuer: str, by: Any, **values: str) -> LetterheadSettings:
    """Keep what an issuing body of the unit prints on papers made from now on; papers made stay.

    Raises PermissionDenied, DomainError with the field for what NĐ 30/2020 (Phụ lục I, II) refuses.
    """
    if not by.has_perm(MANAGE, unit):
        raise PermissionDenied
    tidy = {name: _tidy(name, values.get(name, "")) for name in COLUMNS}
    _check(tidy)
    AdminUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    stored = LetterheadSettings.objects.filter(unit=unit, issuer=issuer).first()
    before = _told(stored)
    row, _ = LetterheadSettings.objects.update_or_create(unit=unit, issuer=Issuer(issuer), defaults=tidy)
    after = {name: value for name, value in tidy.items() if value != before.get(name)}
    kept = {name: before[name] for name in after if name in before}
    audit.record(by=by, verb="letterhead.keep", obj=row, before=kept, after=after)
    return row


@transaction.atomic
def restore(*, unit: AdminUnit, issuer: str, by: Any) -> None:
    """Print the usual head and foot again; nothing happens when nothing else was kept."""
    if not by.has_perm(MANAGE, unit):
        raise PermissionDenied
    stored = LetterheadSettings.objects.select_for_update().filter(unit=unit, issuer=issuer).first()
    if stored is not None:
        audit.record(by=by, verb="letterhead.restore", obj=stored, before=_told(stored))
        stored.delete()


def _told(row: LetterheadSettings | None) -> dict[str, str]:
    return {name: getattr(row, name) for name in COLUMNS} if row else {}


def _tidy(name: str, value: str) -> str:
    """One form: NFC, no blanks at the ends, capitals where the decree asks them, no ";" at the end."""
    lines = (" ".join(nfc(line).split()) for line in value.splitlines())
    if name in ("copies", "archive"):
        lines = (line.removeprefix("- ").removeprefix("Lưu: ").rstrip(" ;.") for line in lines)
    text = "\n".join(line for line in lines if line)
    return text.upper() if name in CAPITALS else text


def _check(values: Mapping[str, str]) -> None:
    for name in REQUIRED:
        if not values[name]:
            label = LetterheadSettings._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise DomainError(f"Hãy ghi {label}.", field=name)
    for name in ("governing_body", "issuing_body"):
        _check_lines(name, values[name])
    if not _SYMBOL.fullmatch(values["symbol"]):
        message = "Ký hiệu viết hoa, không dấu cách, nối bằng dấu gạch ngang, ví dụ SNNMT hoặc UBND-NN."
        raise DomainError(message, field="symbol")
    if not values["archive"].startswith("VT"):
        raise DomainError("Nơi lưu bắt đầu bằng VT (văn thư), ví dụ: VT, PTNT.", field="archive")
    check_signer(values["signer_name"], values["signer_position"].splitlines())


def _check_lines(name: str, text: str) -> None:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise DomainError(f"Không quá {MOST_LINES} dòng: hãy viết gọn tên cơ quan.", field=name)
    wide = next((line for line in lines if width_mm(line, SIZE, bold=True) > WIDEST_LINE_MM), None)
    if wide:
        message = f"Dòng “{wide}” dài quá nửa trái của trang: hãy xuống dòng ở chỗ hợp nghĩa."
        raise DomainError(message, field=name)


def check_signer(name: str, position: Sequence[str]) -> None:
    """Raises DomainError for a title before the name, and for KT. and the like without the own position."""
    if _ACADEMIC.match(name.strip()):
        raise DomainError("Trước họ tên người ký không ghi học hàm, học vị.", field="signer_name")
    if position and _FOR_ANOTHER.match(position[0]) and len(position) < 2:
        raise DomainError(
            f"Dưới “{position[0]}” cần dòng chức vụ của người ký, ví dụ: PHÓ GIÁM ĐỐC.",
            field="signer_position",
        )
