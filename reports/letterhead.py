"""Who issues a paper, to whom, signed by whom: by the kind of unit and the day.

Departments merged on 1 March 2025, so a report of 2020 bears the name its department had then.
"""

from dataclasses import dataclass
from datetime import date

from core.enums import UnitLevel
from core.models import AdminUnit

MERGER_OF_DEPARTMENTS = date(2025, 3, 1)
# The whole country as a unit: plans and reviews of the programme itself.
NATION = "00"


@dataclass(frozen=True)
class Issuer:
    """A department as issuer. `lines` is the name as broken on the letterhead."""

    name: str
    lines: tuple[str, ...]
    symbol: str
    drafting_unit: str


DEPARTMENT = Issuer("Sở Nông nghiệp và Môi trường", ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), "SNNMT", "PTNT")
DEPARTMENT_BEFORE_MERGER = Issuer(
    "Sở Nông nghiệp và Phát triển nông thôn", ("SỞ NÔNG NGHIỆP VÀ", "PHÁT TRIỂN NÔNG THÔN"), "SNNPTNT", "PTNT"
)


@dataclass(frozen=True)
class Letterhead:
    """Settings of one issuing unit. Symbols have no spaces and no dashes other than "-"."""

    governing_body: tuple[str, ...]
    issuing_body: tuple[str, ...]
    issuer_name: str
    symbol: str
    place: str
    addressee: str
    signer_position: tuple[str, ...]
    recipients: tuple[str, ...]


def letterhead_of(unit: AdminUnit, day: date) -> Letterhead:
    """The letterhead under which `unit` reports to the provincial People's Committee on that day.

    For a province its agriculture department reports; a commune reports as People's Committee. What
    concerns the whole country is reported to the Ministry by its coordination office.
    """
    if unit.level == UnitLevel.COMMUNE:
        return _commune(unit)
    return _coordination_office(day) if unit.code == NATION else _department(unit, day)


def _department(unit: AdminUnit, day: date) -> Letterhead:
    issuer = DEPARTMENT if day >= MERGER_OF_DEPARTMENTS else DEPARTMENT_BEFORE_MERGER
    return Letterhead(
        governing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuing_body=issuer.lines,
        issuer_name=issuer.name,
        symbol=issuer.symbol,
        place=unit.short_name,
        addressee=_committee(unit),
        signer_position=("GIÁM ĐỐC",),
        recipients=("Như trên;", "Giám đốc, các Phó Giám đốc Sở;", f"Lưu: VT, {issuer.drafting_unit}."),
    )


def _coordination_office(day: date) -> Letterhead:
    field = "Môi trường" if day >= MERGER_OF_DEPARTMENTS else "Phát triển nông thôn"
    return Letterhead(
        governing_body=("BỘ NÔNG NGHIỆP", f"VÀ {field.upper()}"),
        issuing_body=("VĂN PHÒNG ĐIỀU PHỐI", "NÔNG THÔN MỚI", "TRUNG ƯƠNG"),
        issuer_name="Văn phòng Điều phối nông thôn mới Trung ương",
        symbol="VPĐP",
        place="Hà Nội",
        addressee=f"Bộ Nông nghiệp và {field}",
        signer_position=("CHÁNH VĂN PHÒNG",),
        recipients=("Như trên;", "Chánh Văn phòng, các Phó Chánh Văn phòng;", "Lưu: VT, OCOP."),
    )


def _commune(unit: AdminUnit) -> Letterhead:
    return Letterhead(
        governing_body=(),
        issuing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuer_name=_committee(unit),
        symbol="UBND",
        place=unit.short_name,
        addressee=_committee(unit.parent) if unit.parent else "Ủy ban nhân dân tỉnh",
        signer_position=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        recipients=("Như trên;", "Chủ tịch, các Phó Chủ tịch UBND;", "Lưu: VT, KT."),
    )


def _committee(unit: AdminUnit) -> str:
    """ "Ủy ban nhân dân tỉnh Hà Tĩnh"."""
    return f"Ủy ban nhân dân {unit.name[:1].lower()}{unit.name[1:]}"
