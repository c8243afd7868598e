"""Numbers a commune or province gives: of registration forms, products, receipts and certificates, without
gaps and without races.
"""

from core.models import AdminUnit
from products.models import CommuneCounter

DOSSIER = "dossier"
PRODUCT = "product"
RECEIPT = "receipt"
CERTIFICATE = "certificate"


def next_number(commune: AdminUnit, *, kind: str, year: int) -> int:
    """Take the commune's next running number of a kind and year.

    Call inside the transaction that uses the number: the row stays locked until it ends, and a rolled
    back act gives its number back, so there is no gap.
    """
    return next_numbers(commune, kind=kind, year=year, count=1)[0]


def next_numbers(unit: AdminUnit, *, kind: str, year: int, count: int) -> range:
    """As many of the unit's next numbers at once, in order."""
    CommuneCounter.objects.get_or_create(commune=unit, kind=kind, year=year)
    counter = CommuneCounter.objects.select_for_update().get(commune=unit, kind=kind, year=year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def keep_number(commune: AdminUnit, *, kind: str, year: int, number: int) -> None:
    """A number given before this system: the counter is moved up to it, so that nobody gets it again."""
    CommuneCounter.objects.get_or_create(commune=commune, kind=kind, year=year)
    CommuneCounter.objects.filter(commune=commune, kind=kind, year=year, last__lt=number).update(last=number)


def _place(unit: AdminUnit) -> str:
    """Codes of the province and its commune; of a province its own alone."""
    return f"{unit.parent.code}-{unit.code}" if unit.parent else unit.code


def receipt_number(unit: AdminUnit, *, year: int) -> str:
    """Next receipt number of a commune or a province, for example 07/TN-42-18682-2026."""
    number = next_number(unit, kind=RECEIPT, year=year)
    return f"{number:02d}/TN-{_place(unit)}-{year}"


def certificate_numbers(province: AdminUnit, *, year: int, count: int) -> list[str]:
    """Next numbers of a province's register of certificates, for example 07/GCN-42-2026."""
    numbers = next_numbers(province, kind=CERTIFICATE, year=year, count=count)
    return [f"{number:02d}/GCN-{_place(province)}-{year}" for number in numbers]


def registration_number(commune: AdminUnit, *, year: int) -> str:
    """Next "Phiếu số …/PĐK-(T)-(X)-(năm)" of Mẫu 01, for example 01/PĐK-42-18682-2026."""
    number = next_number(commune, kind=DOSSIER, year=year)
    return f"{number:02d}/PĐK-{_place(commune)}-{year}"


def product_code(commune: AdminUnit, *, year: int) -> str:
    """Next Mã số sản phẩm T-X-STT-YYYY, for example 42-18682-01-2026."""
    number = next_number(commune, kind=PRODUCT, year=year)
    return f"{_place(commune)}-{number:02d}-{year}"
