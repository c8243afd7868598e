"""Believable papers of the demonstration: one page each, drawn, and plainly marked as made up."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from evaluation.queries.scoring_sets import stored_set
from evaluation.services.criteria import in_force_set
from evaluation.services.self_assessment import set_papers
from products import services
from products.enums import EvidenceGroup as Group
from products.evidence_rules import required_of
from products.models import Dossier, Evidence, Product

FONTS = Path(__file__).resolve().parents[1] / "fonts"
# A4 at 72 dots an inch: enough to read on the screen, quick to draw.
SIZE, DPI = (827, 1169), 100
WIDTH = 66
MARK = "BẢN MINH HỌA, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


@dataclass(frozen=True)
class Paper:
    """What one paper says; `lines` are its body, `years` how long it is valid."""

    group: Group
    title: str
    number: str
    issuer: str
    lines: tuple[str, ...]
    years: int = 0


def _paper_of(group: Group, product: Product, serial: int) -> Paper:
    entity = product.entity
    who = (f"Tên cơ sở: {entity.name}", f"Địa chỉ: {entity.address}, {product.commune.name}")
    made = f"Sản phẩm: {product.name}"
    if group == Group.REGISTRATION:
        lines = (*who, f"Mã số: {entity.tax_code or 'chưa có'}", f"Người đại diện: {entity.representative}")
        return Paper(
            group, "Giấy chứng nhận đăng ký kinh doanh", f"{serial:03}/ĐKKD", "Phòng Kinh tế xã", lines
        )
    if group == Group.ELIGIBILITY:
        lines = (*who, f"Đủ điều kiện an toàn thực phẩm để sản xuất: {product.name}.")
        return Paper(
            group,
            "Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm",
            f"{serial:03}/2025/NNMT-HTI",
            "Chi cục Quản lý chất lượng",
            lines,
            years=3,
        )
    if group == Group.MATERIAL:
        lines = (*who, made, "Bên bán giao nguyên liệu trồng trên địa bàn theo từng đợt, có sổ ghi.")
        return Paper(group, "Hợp đồng liên kết cung ứng nguyên liệu", f"{serial:02}/HĐLK", entity.name, lines)
    if group == Group.QUALITY_DECLARATION:
        lines = (*who, made, f"Quy cách: {product.specification}", "Theo tiêu chuẩn cơ sở kèm theo.")
        return Paper(group, "Bản tự công bố sản phẩm", f"{serial:02}/TCB/2025", entity.name, lines)
    lines = (made, "Chì: không phát hiện", "E. coli: không phát hiện", "Kết luận: đạt mức giới hạn.")
    return Paper(
        group, "Phiếu kết quả kiểm nghiệm", f"{serial:04}/PKN", "Trung tâm Kiểm nghiệm tỉnh", lines, years=1
    )


def attach(dossier: Dossier, *, by: Any, day: date) -> None:
    """Everything the product set demands, taken in and described, and attached to a few criteria."""
    product = dossier.product
    rules = required_of(product.product_set.number)
    papers = [_attach_one(dossier, rule.group, by, day) for rule in rules]
    _prove(dossier, papers, by, day)


def _attach_one(dossier: Dossier, group: Group, by: Any, day: date) -> Evidence:
    paper = _paper_of(group, dossier.product, dossier.product_id)
    issued = day - timedelta(days=200 + dossier.pk % 90)
    file = ContentFile(draw(paper, issued), name=f"{paper.title}.pdf")
    evidence = services.add_evidence(dossier=dossier, upload=file, by=by, group=group)
    data = {
        "title": paper.title,
        "number": paper.number,
        "issuer": paper.issuer,
        "issued_on": issued,
        "expires_on": issued + timedelta(days=365 * paper.years) if paper.years else None,
    }
    return services.update_evidence(evidence, by=by, data=data)


# Words of a criterion's title -> the group that proves it.
_PROOF = (
    ("công bố", Group.QUALITY_DECLARATION),
    ("đảm bảo chất lượng", Group.ELIGIBILITY),
    ("nguồn nguyên liệu", Group.MATERIAL),
)


def _prove(dossier: Dossier, papers: Iterable[Evidence], by: Any, day: date) -> None:
    by_group = {paper.group: paper.pk for paper in papers}
    table = stored_set(in_force_set(dossier.product.product_set, day).pk)
    version = dossier.current_version
    for leaf in table.scoring.leaves:
        found = [group for words, group in _PROOF if words in leaf.title.lower() and group in by_group]
        if found:
            ids = [by_group[group] for group in found]
            criterion = table.criterion_of_code[leaf.code]
            set_papers(version=version, criterion_id=criterion, evidence_ids=ids, among=ids, by=by)


@cache
def font(name: str, size: int) -> Any:
    """The paper face that comes with the project, in a size."""
    return ImageFont.truetype(str(FONTS / f"LiberationSerif-{name}.ttf"), size)


def draw(paper: Paper, issued: date) -> bytes:
    """The paper as a PDF of one page."""
    page = Image.new("1", SIZE, 1)
    pen = ImageDraw.Draw(page)
    middle = SIZE[0] // 2
    pen.text((middle, 60), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", font=font("Bold", 20), anchor="ma")
    pen.text((middle, 88), "Độc lập - Tự do - Hạnh phúc", font=font("Bold", 19), anchor="ma")
    pen.text((90, 140), f"Số: {paper.number}", font=font("Regular", 18))
    pen.multiline_text(
        (middle, 220), wrapped(paper.title.upper(), 38), font=font("Bold", 26), anchor="ma", align="center"
    )
    for number, line in enumerate(paper.lines):
        pen.text((90, 360 + number * 44), line[:WIDTH], font=font("Regular", 20))
    place = f"Ngày {issued:%d} tháng {issued:%m} năm {issued:%Y}"
    pen.text((560, 680), place, font=font("Italic", 18), anchor="ma")
    pen.text((560, 712), paper.issuer.upper(), font=font("Bold", 18), anchor="ma")
    pen.rectangle((60, 1040, SIZE[0] - 60, 1090), outline=0, width=2)
    pen.text((middle, 1054), MARK, font=font("Bold", 18), anchor="ma")
    content = io.BytesIO()
    page.save(content, "PDF", resolution=DPI)
    return content.getvalue()


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most so many letters."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        lines[-1:] = [joined] if len(joined) <= width else [lines[-1], word]
    return "\n".join(line for line in lines if line)
