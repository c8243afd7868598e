"""After recognition: certificates of earlier years, two inspections, a revocation decided and one open."""

from typing import Any

from evaluation.queries.certificates import without_certificate
from evaluation.services import certificates, inspections, revocations
from products.models import Product, Recognition
from reports.demo import data_files
from reports.demo.clock import past, standing_on


def certify_earlier(officer: Any) -> None:
    """Every recognition of the years before gets its certificate; later ones come with their decisions."""
    with standing_on(data_files.read("after")["certificates_on"], 10):
        certificates.issue_many(recognitions=list(without_certificate(officer)), by=officer)


def watch(officer: Any) -> None:
    """What was inspected and revoked in the year."""
    data = data_files.read("after")
    for row in data["inspections"]:
        _inspect(officer, **row)
    for row in data["revocations"]:
        _revoke(officer, **row)


def _inspect(officer: Any, product: str, basis: str, planned_on: Any, team: str, **result: Any) -> None:
    inspected = Product.objects.select_related("commune").get(name=product)
    result["done_on"] = past(result["done_on"])
    with standing_on(planned_on, 15):
        (row,) = inspections.plan(
            products=[inspected], kind="periodic", basis=basis, planned_on=planned_on, team=team, by=officer
        )
        inspections.carry_out(inspection=row, by=officer, **result)


def _revoke(officer: Any, product: str, decision: dict[str, Any] | None = None, **conclusion: Any) -> None:
    conclusion["concluded_on"] = past(conclusion["concluded_on"])
    recognition = Recognition.objects.select_related("product__commune__parent").get(product__name=product)
    with standing_on(conclusion["concluded_on"], 16):
        row = revocations.open_revocation(recognition=recognition, by=officer, **conclusion)
    if decision:
        day = past(decision["date"])
        with standing_on(decision["date"], 10):
            revocations.revoke(revocation=row, decision_number=decision["number"], decided_on=day, by=officer)
