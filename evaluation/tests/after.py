"""What follows a recognition, for tests: certificates, inspections, revocations; reached by the services."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from evaluation.enums import InspectionVerdict, RevocationGround
from evaluation.models import Certificate, Inspection, Revocation
from evaluation.services import certificates, inspections, revocations
from products.models import Product, Recognition
from products.tests.factories import make_product, provincial_officer, recognise

BASIS = "Kế hoạch số 15/KH-VPĐP"
CONCLUSION = {
    "ground": RevocationGround.LAW_BROKEN,
    "detail": "Mẫu bánh đa vượt giới hạn hàn the.",
    "concluded_by": "Chi cục Quản lý chất lượng",
    "conclusion_number": "27/KL-QLCL",
}


def certified(name: str = "Bánh đa vừng", entity: Any = None, **recognition: Any) -> Certificate:
    """The certificate of a product recognised before this system, in force unless told otherwise."""
    product = make_product(name, entity)
    return certificates.issue_certificate(
        recognition=recognise(product, **recognition), by=provincial_officer()
    )


def planned(*products: Product, on: date | None = None, by: Any = None) -> list[Inspection]:
    return inspections.plan(
        products=products,
        kind="periodic",
        basis=BASIS,
        planned_on=on or timezone.localdate(),
        by=by or provincial_officer(),
    )


def inspected(product: Product, *, by: Any = None, **result: Any) -> Inspection:
    """An inspection carried out yesterday, with something to be mended within ten days unless told."""
    officer, yesterday = by or provincial_officer(), timezone.localdate() - timedelta(days=1)
    words = {
        "done_on": yesterday,
        "findings": "Nhãn thiếu ngày sản xuất.",
        "verdict": InspectionVerdict.TO_MEND,
        "follow_up": "In lại nhãn.",
        "follow_up_due": yesterday + timedelta(days=10),
        **result,
    }
    return inspections.carry_out(inspection=planned(product, by=officer)[0], by=officer, **words)


def opened_revocation(recognition: Recognition, *, by: Any = None, **conclusion: Any) -> Revocation:
    """A revocation on a conclusion of five days ago unless told otherwise."""
    words = {"concluded_on": timezone.localdate() - timedelta(days=5), **CONCLUSION, **conclusion}
    return revocations.open_revocation(recognition=recognition, by=by or provincial_officer(), **words)
