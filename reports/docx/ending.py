"""Boxes 7 and 9b: recipients at the left, level with the signer at the right; Biên bản have two signers."""

from collections.abc import Iterator
from typing import Any

from reports.docx.frame import Page
from reports.docx.parts import Element, cell, paragraph, row, table

LEFT_SHARE = 0.45


def elements(data: dict[str, Any], page: Page) -> Iterator[Element]:
    """The closing sentence and the signatures, kept on one page."""
    if data["closing"]:
        yield paragraph("Closing", data["closing"])
    yield paragraph("Closing")
    if data.get("signatures"):
        yield _signatures(data["signatures"], page)
        yield paragraph("CellLeft")
        yield from _recipients(data)
    else:
        left = page.room * LEFT_SHARE
        right = page.room - left
        signer = {"position": data["signer_position"], "name": data["signer_name"]}
        cells = (
            cell(left, *(list(_recipients(data)) or [paragraph("Recipient")])),
            cell(right, *_signature(signer)),
        )
        yield table((left, right), [row(*cells)], lines=False)


def _recipients(data: dict[str, Any]) -> Iterator[Element]:
    if data["recipients"]:
        yield paragraph("RecipientsTitle", "Nơi nhận:")
    for recipient in data["recipients"]:
        yield paragraph("Recipient", f"- {recipient}")


def _signatures(items: list[dict[str, Any]], page: Page) -> Element:
    """Side by side; a lone one at the right."""
    blocks = [list(_signature(one)) for one in items]
    if len(blocks) == 1:
        blocks.insert(0, [paragraph("Recipient")])
    widths = [page.room / len(blocks)] * len(blocks)
    cells = (cell(width, *block) for width, block in zip(widths, blocks, strict=True))
    return table(widths, [row(*cells)], lines=False)


def _signature(signer: dict[str, Any]) -> Iterator[Element]:
    for line in signer["position"]:
        yield paragraph("Position", line)
    if signer.get("note"):
        yield paragraph("SignatureNote", signer["note"])
    yield paragraph("Signer", signer["name"])
