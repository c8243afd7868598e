"""Loading administrative units from the official list."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from django.db import transaction
from vietnam_provinces import Province, VietNamDivisionType, Ward

from core.enums import UnitKind, UnitLevel
from core.exceptions import DomainError
from core.models import AdminUnit, UnitAlias
from core.text import nfc

# Two levels of local government since that day (QĐ 19/2025/QĐ-TTg gives the codes).
VALID_FROM = date(2025, 7, 1)
FORMER_PROVINCES = Path(__file__).resolve().parent / "data" / "former_provinces.yaml"
KINDS = {
    VietNamDivisionType.TINH: UnitKind.PROVINCE,
    VietNamDivisionType.THANH_PHO_TRUNG_UONG: UnitKind.CITY,
    VietNamDivisionType.XA: UnitKind.COMMUNE,
    VietNamDivisionType.PHUONG: UnitKind.WARD,
    VietNamDivisionType.DAC_KHU: UnitKind.SPECIAL_ZONE,
}


@dataclass
class LoadReport:
    """How many units a load created, renamed or found as they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def province_codes() -> list[str]:
    """Codes of the 34 provinces, two digits each."""
    return [f"{province.code.value:02d}" for province in Province.iter_all()]


@transaction.atomic
def load_units(province_code: str) -> LoadReport:
    """Load one province with its communes; running it again changes nothing.

    Raises DomainError for a code that is none of the 34 provinces'.
    """
    province = next((p for p in Province.iter_all() if f"{p.code.value:02d}" == province_code), None)
    if province is None:
        raise DomainError(f"Không có tỉnh, thành phố nào mang mã {province_code}.")
    report = LoadReport()
    row = _keep(
        report, province_code, UnitLevel.PROVINCE, _full_name(province), KINDS[province.division_type], None
    )
    for ward in Ward.iter_by_province(province.code):
        kind = KINDS[ward.division_type]
        _keep(report, f"{ward.code.value:05d}", UnitLevel.COMMUNE, ward.name, kind, row)
    _keep_aliases(row)
    return report


def _full_name(province: Province) -> str:
    """The list names cities in full ("Thành phố Huế") but provinces without their kind."""
    named = province.name.startswith(("Tỉnh ", "Thành phố "))
    return province.name if named else f"Tỉnh {province.name}"


def _keep(
    report: LoadReport, code: str, level: str, name: str, kind: str, parent: AdminUnit | None
) -> AdminUnit:
    unit = AdminUnit.objects.filter(code=code, level=level, valid_to=None).first()
    if unit is None:
        report.created += 1
        return AdminUnit.objects.create(
            code=code, level=level, name=name, kind=kind, parent=parent, valid_from=VALID_FROM
        )
    if (unit.name, unit.kind) == (nfc(name), kind):
        report.unchanged += 1
        return unit
    unit.name, unit.kind = name, kind
    unit.save()
    report.updated += 1
    return unit


def _keep_aliases(province: AdminUnit) -> None:
    former = yaml.safe_load(FORMER_PROVINCES.read_text(encoding="utf-8"))
    for name in former.get(province.code, []):
        UnitAlias.objects.get_or_create(
            unit=province,
            name=f"Tỉnh {name}",
            old_district="",
            defaults={"valid_to": date(2025, 6, 30), "source": "Nghị quyết 202/2025/QH15"},
        )
