"""The file for the Ministry as one ZIP, streamed: an index with every hash, then all papers of Đ6 k3.

Names inside are plain ASCII as in `products.evidence_zip`, whose pieces it is made of; the index is in
Vietnamese.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from evaluation.enums import PackagePaperKind
from evaluation.models import AgendaItem, PackagePaper
from evaluation.queries.package import papers_of
from evaluation.queries.results import result_page
from products import evidence_zip
from products.evidence_files import KINDS
from products.evidence_zip import Entry, plain
from products.queries.desk import report_of

DOSSIER, COMMUNE, PROVINCE = "01-ho-so", "02-cap-xa", "03-cap-tinh"
INDEX, SUMS = "00-Muc-luc.html", "SHA256SUMS.txt"
TITLES = {
    "00-Muc-luc.html": "Mục lục minh chứng của hồ sơ",
    "01-Noi-dung-ho-so.html": "Phiếu đăng ký (Mẫu 01) và báo cáo tự đánh giá (Mẫu 02)",
    "02-Ban-da-nop.json": "Bản đã nộp, dạng dữ liệu",
    "SHA256SUMS.txt": "Mã băm các minh chứng",
}


@dataclass(frozen=True)
class Line:
    """A line of the index."""

    path: str
    title: str
    note: str
    sha256: str


def file_name(item: AgendaItem) -> str:
    """ "trinh-bo-ruou-gao-01-PDK-42-18682-2026.zip": plain ASCII."""
    dossier = item.version.dossier
    return f"trinh-bo-{plain(dossier.product.name)}-{plain(dossier.number)}.zip"


def stream(item: AgendaItem) -> Iterator[bytes]:
    """The bytes of the archive. The database is read before the first piece is given out."""
    filed, evidence = evidence_zip.parts(item.version)
    texts = {f"{DOSSIER}/{name}": text for name, text in filed.items()}
    texts |= _made_here(item)
    entries = [Entry(f"{DOSSIER}/{entry.path}", entry.paper, entry.uses) for entry in evidence]
    entries += [
        Entry(_path(number, paper), paper, []) for number, paper in enumerate(papers_of(item), start=1)
    ]
    lines = [*(_text_line(path, text) for path, text in texts.items()), *map(_paper_line, entries)]
    head = {INDEX: _index(item, sorted(lines, key=lambda line: line.path))}
    head[SUMS] = "".join(f"{line.sha256}  {line.path}\n" for line in [*lines, _text_line(INDEX, head[INDEX])])
    return evidence_zip.pieces({**head, **texts}, entries)


def _made_here(item: AgendaItem) -> dict[str, str]:
    """What Mẫu 03 and the council's result say, as records beside the signed papers of the office."""
    version = item.version
    report = report_of(version)
    context = {"item": item, "dossier": version.dossier, "version": version, "made_at": timezone.now()}
    summary = {**context, "page": result_page(item.result, names=False)}
    texts = {f"{PROVINCE}/00-Ket-qua-hoi-dong.html": render_to_string("pdf/package_result.html", summary)}
    if report is not None:
        commune = render_to_string("pdf/package_commune_report.html", {**context, "report": report})
        texts[f"{COMMUNE}/Mau-03-Bao-cao-cap-xa.html"] = commune
    return texts


def _path(number: int, paper: PackagePaper) -> str:
    extension = KINDS[paper.stored.content_type].extension
    return f"{PROVINCE}/{number:02}-{plain(paper.title)}.{extension}"


def _text_line(path: str, text: str) -> Line:
    name = path.rpartition("/")[2]
    title = TITLES.get(name, "Mục lục hồ sơ trình Bộ")
    if path.startswith(COMMUNE):
        title = "Báo cáo của cấp xã (Mẫu 03)"
    elif path.startswith(PROVINCE):
        title = "Tóm tắt kết quả đánh giá của Hội đồng cấp tỉnh"
    return Line(path, title, "nội dung trên hệ thống", hashlib.sha256(text.encode()).hexdigest())


def _paper_line(entry: Entry) -> Line:
    paper = entry.paper
    if isinstance(paper, PackagePaper):
        note = PackagePaperKind(paper.kind).label
        if paper.number:
            note += f", số {paper.number}"
        if paper.dated_on:
            note += f", ngày {paper.dated_on:%d/%m/%Y}"
        return Line(entry.path, paper.title, note, paper.stored.sha256)
    return Line(entry.path, str(paper), paper.get_group_display(), paper.stored.sha256)


def _index(item: AgendaItem, lines: list[Line]) -> str:
    context = {
        "item": item,
        "dossier": item.version.dossier,
        "total": result_page(item.result, names=False).total,
        "lines": lines,
        "made_at": timezone.now(),
        "site_url": settings.SITE_URL,
    }
    return render_to_string("pdf/package_index.html", context)
