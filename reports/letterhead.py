"""Who issues a paper, to whom, signed by whom: by the kind of unit and the day.

Departments merged on 1 March 2025, so a report of 2020 bears the name its department had then.
"""

from dataclasses import dataclass, replace
from datetime import date

from core.enums import UnitLevel
from core.models import AdminUnit
from reports import words
from reports.enums import Issuer
from reports.models import LetterheadSettings

MERGER_OF_DEPARTMENTS = date(2025, 3, 1)
# The whole country as a unit: plans and reviews of the programme itself.
NATION = "00"


@dataclass(frozen=True)
class Department:
    """A department as issuer. `lines` is the name as broken on the letterhead."""

    name: str
    lines: tuple[str, ...]
    symbol: str
    drafting_unit: str


DEPARTMENT = Department("Sở Nông nghiệp và Môi trường", ("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), "SNNMT", "PTNT")
DEPARTMENT_BEFORE_MERGER = Department(
    "Sở Nông nghiệp và Phát triển nông thôn", ("SỞ NÔNG NGHIỆP VÀ", "PHÁT TRIỂN NÔNG THÔN"), "SNNPTNT", "PTNT"
)
# A paper goes to whom it is addressed; a decision to whom its last article names.
AS_ABOVE = "Như trên"


@dataclass(frozen=True)
class Letterhead:
    """What one issuing body prints. Symbols have no spaces and no dashes other than "-".

    `copies` are the receivers between "Như trên" and the archive, `archive` is what follows "Lưu:".
    """

    governing_body: tuple[str, ...]
    issuing_body: tuple[str, ...]
    issuer_name: str
    symbol: str
    place: str
    addressee: str
    signer_position: tuple[str, ...]
    copies: tuple[str, ...]
    archive: str
    signer_name: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Nơi nhận of a paper sent to its addressee."""
        return self.recipients_after(AS_ABOVE)

    def recipients_after(self, *first: str) -> tuple[str, ...]:
        """Nơi nhận: these, then who always gets a copy, then the archive; each ends as the decree asks."""
        return (*(f"{name};" for name in (*first, *self.copies)), f"Lưu: {self.archive}.")

    def number(self, kind: str, given: str = "") -> str:
        """ "Số: 05/TTr-SNNMT", or with room for the number while there is none.

        A number recorded without its symbol ("5") is given it: both are printed (NĐ 30/2020 PL1.II.3).
        """
        if "/" in given:
            return f"Số: {given}"
        return f"Số: {given.zfill(2) if given else ' ' * 10}/{kind}-{self.symbol}"

    def place_date(self, day: date) -> str:
        """ "Hà Tĩnh, ngày 05 tháng 3 năm 2026"."""
        return f"{self.place}, {words.formal_date(day)}"


def letterhead_of(unit: AdminUnit, day: date, issuer: str = Issuer.DEPARTMENT) -> Letterhead:
    """The letterhead of one of the unit's bodies on that day.

    For a province its agriculture department reports to the People's Committee; a commune always writes as
    People's Committee. What concerns the whole country is reported to the Ministry by its coordination
    office. What the unit has set for itself counts from the merger of departments on: earlier papers bear
    the names of their time.
    """
    default = _default(unit, day, issuer)
    kept = LetterheadSettings.objects.filter(unit=unit, issuer=_issuer_of(unit, issuer)).first()
    if kept is None or day < MERGER_OF_DEPARTMENTS:
        return default
    return replace(
        default,
        governing_body=kept.lines("governing_body"),
        issuing_body=kept.lines("issuing_body"),
        issuer_name=kept.issuer_name,
        symbol=kept.symbol,
        place=kept.place,
        signer_position=kept.lines("signer_position"),
        signer_name=kept.signer_name,
        copies=kept.lines("copies"),
        archive=kept.archive,
    )


def _issuer_of(unit: AdminUnit, issuer: str) -> str:
    return Issuer.COMMITTEE if unit.level == UnitLevel.COMMUNE else issuer


def _default(unit: AdminUnit, day: date, issuer: str) -> Letterhead:
    if unit.level == UnitLevel.COMMUNE:
        return _commune(unit)
    if unit.code == NATION:
        return _coordination_office(day)
    makers = {Issuer.COMMITTEE: _provincial_committee, Issuer.COUNCIL: _council}
    return makers[Issuer(issuer)](unit) if issuer in makers else _department(unit, day)


def _department(unit: AdminUnit, day: date) -> Letterhead:
    department = DEPARTMENT if day >= MERGER_OF_DEPARTMENTS else DEPARTMENT_BEFORE_MERGER
    return Letterhead(
        governing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuing_body=department.lines,
        issuer_name=department.name,
        symbol=department.symbol,
        place=unit.short_name,
        addressee=committee_name(unit),
        signer_position=("GIÁM ĐỐC",),
        copies=("Giám đốc, các Phó Giám đốc Sở",),
        archive=f"VT, {department.drafting_unit}",
    )


def _provincial_committee(unit: AdminUnit) -> Letterhead:
    return Letterhead(
        governing_body=(),
        issuing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuer_name=committee_name(unit),
        symbol="UBND",
        place=unit.short_name,
        addressee="",
        signer_position=("CHỦ TỊCH",),
        copies=("Bộ Nông nghiệp và Môi trường", "Chủ tịch, các Phó Chủ tịch UBND"),
        archive="VT, NL",
    )


def _council(unit: AdminUnit) -> Letterhead:
    return Letterhead(
        governing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuing_body=("HỘI ĐỒNG", "ĐÁNH GIÁ, PHÂN HẠNG", "SẢN PHẨM OCOP"),
        issuer_name="Hội đồng đánh giá, phân hạng sản phẩm OCOP",
        symbol="HĐOCOP",
        place=unit.short_name,
        addressee="",
        signer_position=("TM. HỘI ĐỒNG", "CHỦ TỊCH"),
        copies=("Thành viên Hội đồng",),
        archive="VT, hồ sơ phiên họp",
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
        copies=("Chánh Văn phòng, các Phó Chánh Văn phòng",),
        archive="VT, OCOP",
    )


def _commune(unit: AdminUnit) -> Letterhead:
    return Letterhead(
        governing_body=(),
        issuing_body=("ỦY BAN NHÂN DÂN", unit.name.upper()),
        issuer_name=committee_name(unit),
        symbol="UBND",
        place=unit.short_name,
        addressee=committee_name(unit.parent) if unit.parent else "Ủy ban nhân dân tỉnh",
        signer_position=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        copies=("Chủ tịch, các Phó Chủ tịch UBND",),
        archive="VT, KT",
    )


def committee_name(unit: AdminUnit) -> str:
    """ "Ủy ban nhân dân tỉnh Hà Tĩnh"."""
    return f"Ủy ban nhân dân {unit.name[:1].lower()}{unit.name[1:]}"
