"""After the council: results approved in one submission, the file for the Ministry, the catalogue."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from core.models import AdminUnit
from evaluation.enums import PackagePaperKind
from evaluation.models import AgendaItem
from evaluation.services import package, results, submissions
from evaluation.services.catalogue import publish, withdraw
from products import services
from products.enums import EvidenceGroup
from products.models import Product, Recognition
from reports.demo.clock import past, standing_on
from reports.demo.papers import Paper, draw, font, wrapped
from reports.demo.registry import Entry

PHOTO_SIZE = (900, 675)
# Wall, table, jar: warm pairs of the countryside.
COLOURS = (
    ("#EFE3CC", "#8C5A2B", "#C9A24B"),
    ("#DDE8DC", "#6B4A2F", "#2F7A4F"),
    ("#F2DFD3", "#7A4A36", "#B4553B"),
    ("#E3EAEE", "#5B4A3A", "#3F6E8C"),
)
# What stays for people to try the buttons on.
LEFT_UNPUBLISHED = 2


def submit_and_approve(
    pairs: Sequence[tuple[AgendaItem, Entry]], data: dict[str, Any], officer: User
) -> None:
    """The results of one meeting before the Chairman, who approves them on the day of the decision."""
    filed, decision = data["submission"], data["decision"]
    items = [item for item, _ in pairs]
    with standing_on(filed["date"], 9):
        submission = submissions.create_submission(
            unit=items[0].session.council.unit,
            title=f"Kết quả đánh giá, phân hạng sản phẩm OCOP: {data['name']}",
            items=items,
            by=officer,
        )
        day = past(filed["date"])
        submissions.perform(
            submission=submission, step="submit", by=officer, number=filed["number"], submitted_on=day
        )
    with standing_on(decision["date"], 15):
        number, day = decision["number"], past(decision["date"])
        submissions.perform(
            submission=submission, step="approve", by=officer, decision_number=number, decided_on=day
        )
    for item, entry in pairs:
        if entry.dossier["state"] == "sent_to_ministry":
            _send(item, data, officer)


def _send(item: AgendaItem, data: dict[str, Any], officer: User) -> None:
    """The whole file to the Ministry, with every paper Đ6 k3 asks for."""
    letter = data["letter"]
    with standing_on(letter["date"], 10):
        day = past(letter["date"])
        for kind in PackagePaperKind:
            if kind in PackagePaperKind.required:
                number = letter["number"] if kind == PackagePaperKind.LETTER else data["decision"]["number"]
                package.add_paper(
                    item=item, kind=kind, upload=_paper(kind, item, number, day), number=number, dated_on=day,
                    by=officer,
                )  # fmt: skip
        results.send_to_ministry(item=item, letter_number=letter["number"], sent_on=day, by=officer)


def _paper(kind: PackagePaperKind, item: AgendaItem, number: str, day: Any) -> ContentFile:
    lines = (f"Sản phẩm: {item}", f"Phiên họp: {item.session.name}")
    paper = Paper(EvidenceGroup.OTHER, kind.label, number, "Ủy ban nhân dân tỉnh", lines)
    return ContentFile(draw(paper, day), name=f"{kind}.pdf")


def publish_catalogue(province: AdminUnit, entries: Sequence[Entry], officer: User) -> None:
    """The recognised products in the public catalogue, with drawn pictures; one withdrawn again."""
    in_force = Recognition.objects.valid_on(timezone.localdate()).filter(product__commune__parent=province)
    recognised = set(in_force.values_list("product", flat=True))
    chosen = [entry.product for entry in entries if entry.product.pk in recognised][:-LEFT_UNPUBLISHED]
    for number, product in enumerate(chosen):
        picture = _picture(product, number)
        services.add_photo(product, upload=picture, name=f"{product.name}.png", by=officer)
    publish(products=chosen, by=officer)
    if chosen:
        withdraw(product=chosen[-1], reason="Chủ thể đang đổi bao bì, sẽ công khai lại", by=officer)


def _picture(product: Product, number: int) -> io.BytesIO:
    """A still life anybody sees was drawn: a jar with the product's name on a table."""
    wall, table, jar = COLOURS[number % len(COLOURS)]
    width, height = PHOTO_SIZE
    page = Image.new("RGB", PHOTO_SIZE, wall)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, height * 0.72, width, height), fill=table)
    pen.rounded_rectangle((290, 150, 610, 540), radius=46, fill=jar)
    pen.rounded_rectangle((320, 100, 580, 170), radius=18, fill=table)
    pen.rectangle((290, 260, 610, 440), fill="#FBFAF7")
    words = wrapped(product.name, 18)
    pen.multiline_text((450, 350), words, font=font("Bold", 30), fill="#1F2A24", anchor="mm", align="center")
    pen.text((width - 24, height - 34), "Ảnh minh họa", font=font("Italic", 20), fill="#F6EFE0", anchor="rm")
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=1)
    out.seek(0)
    return out
