"""Mẫu 01, 02 and 03 of QĐ 26/2026 (Phụ lục III), from a dossier version as it was filed.

A filed version is printed from its snapshot, so that the form says what was signed for whatever was changed
since. Gender, ethnicity and home of the representative are read on request only (NĐ 356): here they are
lines to write on.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from core.exceptions import DomainError
from core.numbers import format_number
from evaluation.queries.submissions import lower_first
from products import snapshot
from products.completeness import LABELS
from products.enums import Desk, DossierKind, DossierState, EvidenceGroup, LegalForm
from products.models import CommuneReport, Dossier, DossierVersion
from reports import words
from reports.builders import common
from reports.document import (
    Block,
    Checks,
    Document,
    Fact,
    Gap,
    Head,
    Heading,
    Layout,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Table,
)
from reports.letterhead import committee_name, letterhead_of

SIGNED = "(Ký, ghi rõ họ tên, đóng dấu nếu có)"
# Texts of the version in the order Mẫu 02 asks them.
OVERVIEW = ("materials", "production", "market", "story")


def build_registration(version: DossierVersion, *, today: date) -> Document:
    """Mẫu 01, phiếu đăng ký."""
    filed = _filed(version)
    dossier = version.dossier
    number = f"(Số: {dossier.number})" if dossier.number else "(Số: ……/PĐK)"
    return Document(
        head=Head(number=number),
        label="Mẫu số 01",
        type_name="PHIẾU ĐĂNG KÝ",
        subject="Đánh giá, phân hạng sản phẩm OCOP",
        addressees=(committee_name(dossier.commune), _office(version)),
        sections=common.sections(
            [
                Section("Chủ thể OCOP", tuple(_entity(filed["entity"]))),
                Section("Sản phẩm đăng ký", tuple(_product(filed))),
                Section("Hồ sơ kèm theo", _enclosed(filed)),
                Section("Tiếp nhận hồ sơ", _receipts(version)),
            ]
        ),
        signatures=(_of_entity(version, filed, today),),
        layout=Layout.FORM,
    )


def build_self_assessment(version: DossierVersion, *, today: date) -> Document:
    """Mẫu 02, báo cáo tự đánh giá; raises DomainError for a version without a self-assessment."""
    filed = _filed(version)
    assessed = filed.get("self_assessment")
    if not assessed:
        raise DomainError("Hồ sơ chưa tự đánh giá nên chưa lập được Mẫu 02: hãy chọn mức cho từng tiêu chí.")
    content = filed["content"]
    return Document(
        head=Head(),
        label="Mẫu số 02",
        type_name="BÁO CÁO TỰ ĐÁNH GIÁ",
        subject=f"Sản phẩm {filed['product']['name']}",
        addressees=(committee_name(version.dossier.commune), _office(version)),
        sections=common.sections(
            [
                Section("Thông tin chung", (*_entity(filed["entity"]), *_product(filed))),
                Section("Tình hình sản xuất, kinh doanh", _texts(content, OVERVIEW)),
                Section("Kết quả thực hiện phương án sản xuất, kinh doanh", _texts(content, ("results",))),
                Section("Tự đánh giá theo bộ tiêu chí", _assessment(filed, assessed)),
                Section(LABELS["plan_ahead"], _texts(content, ("plan_ahead",))),
                Section(LABELS["changes_since"], _texts(content, ("changes_since",))),
            ]
        ),
        closing=(
            "Chủ thể cam kết những thông tin nêu trên là đúng sự thật và chịu trách nhiệm trước pháp luật./."
        ),
        signatures=(_of_entity(version, filed, today),),
        layout=Layout.FORM,
    )


def build_commune_report(version: DossierVersion, *, today: date) -> Document:
    """Mẫu 03, the commune's report on the product; raises DomainError while it is not complete."""
    report = CommuneReport.objects.filter(version=version).first()
    if report is None or report.gaps:
        raise DomainError("Xã chưa hoàn thành Mẫu 03 của bản nộp này: hãy ghi đủ các mục rồi lập văn bản.")
    filed, dossier = _filed(version), version.dossier
    day = dossier.proposed_on or today
    head = letterhead_of(dossier.commune, day)
    told = [
        ("1. Sử dụng nguyên liệu địa phương", report.local_material),
        ("2. Sử dụng lao động địa phương", report.local_labour),
        ("3. Nguồn gốc ý tưởng sản phẩm", report.idea_origin),
        ("4. Bản sắc, trí tuệ địa phương", report.local_identity),
    ]
    return Document(
        head=Head(
            head.governing_body, head.issuing_body, head.number("BC", report.number), head.place_date(day)
        ),
        label="Mẫu số 03",
        type_name="BÁO CÁO",
        subject=f"Đánh giá của cấp xã đối với sản phẩm {filed['product']['name']}",
        addressee=_office(version),
        opening=(
            f"{committee_name(dossier.commune)} báo cáo về sản phẩm {filed['product']['name']} của "
            f"{filed['entity']['name']}, hồ sơ số {dossier.number}, bản nộp lần {version.number}, như sau:"
        ),
        sections=(
            Section("", tuple(block for title, text in told for block in (Heading(title), Paragraph(text)))),
            Section(
                "", (Heading("5. Đề nghị của cấp xã"), Paragraph(report.conclusion.rstrip(" ./") + "./."))
            ),
        ),
        signatures=(Signature(_position(report, head.signer_position), report.signer_name),),
        layout=Layout.FORM,
        gaps=() if report.number else (_unnumbered(dossier),),
    )


def _unnumbered(dossier: Dossier) -> Gap:
    """The commune numbers its report; once the dossier has left it the number is written by hand."""
    what = "số báo cáo do xã cấp"
    if dossier.state in DossierState.with_commune:
        return Gap(what, "cán bộ xã ghi ở Mẫu 03 của hồ sơ, rồi lập lại", needed=False)
    return Gap(what, "hồ sơ đã rời bước của xã, ghi tay số xã đã cấp trên bản in", needed=False)


def _filed(version: DossierVersion) -> dict[str, Any]:
    """What was frozen on filing; of a draft, what it says now."""
    return version.snapshot or snapshot.take(version)


def _office(version: DossierVersion) -> str:
    """The provincial body the dossier goes to."""
    province = version.dossier.commune.parent
    return letterhead_of(province, timezone.localdate()).issuer_name + f" {lower_first(province.name)}"


def _entity(entity: dict[str, Any]) -> list[Fact]:
    number, issuer = entity["registration_number"], entity["registered_by"]
    registered = ", ".join(filter(None, [number, common.day_text(entity["registered_on"]), issuer]))
    workers = entity["workers_total"]
    local = entity["workers_local"]
    counted = f"{workers} người" + (f", trong đó {local} người tại địa phương" if local is not None else "")
    return [
        Fact("Tên chủ thể", entity["name"]),
        Fact("Loại hình", str(LegalForm(entity["legal_form"]).label)),
        Fact("Mã số thuế", entity["tax_code"]),
        Fact("Địa chỉ", ", ".join(filter(None, [entity["address"], lower_first(entity["commune"])]))),
        Fact("Điện thoại", entity["phone"]),
        Fact("Thư điện tử", entity["email"]),
        Fact("Ngày thành lập", common.day_text(entity["founded_on"])),
        Fact("Đăng ký kinh doanh (số, ngày, nơi cấp)", registered),
        Fact("Người đại diện theo pháp luật", entity["representative"]),
        Fact("Chức vụ", entity["representative_position"]),
        Fact("Giới tính, dân tộc của người đại diện", ""),
        Fact("Nơi thường trú của người đại diện", ""),
        Fact("Lao động", counted if workers is not None else ""),
    ]


def _product(filed: dict[str, Any]) -> list[Block]:
    product, chosen = filed["product"], filed["product"]["set"]
    kind = filed["dossier"]["kind"]
    return [
        Fact("Tên sản phẩm", product["name"]),
        Fact("Ngành", chosen["family"]),
        Fact("Nhóm", chosen["group"]),
        Fact("Bộ sản phẩm", f"Bộ {chosen['number']} - {chosen['name']}"),
        Fact("Quy cách", product["specification"]),
        Fact("Mã số sản phẩm", product["code"]),
        Paragraph("Hình thức đăng ký:"),
        Checks(tuple((value == kind, str(label)) for value, label in DossierKind.choices)),
    ]


def _enclosed(filed: dict[str, Any]) -> tuple[Block, ...]:
    rows = (
        (row["title"] or row["filename"], str(EvidenceGroup(row["group"]).label), _paper_facts(row))
        for row in filed["evidence"]
    )
    titles = common.columns(
        ("TT", 8, "center"),
        ("Tên giấy tờ", 40, "left"),
        ("Nhóm", 26, "left"),
        ("Số, nơi cấp, ngày", 26, "left"),
    )
    table = Table("", titles, common.counted(rows), empty="Không có minh chứng kèm theo.")
    samples = filed["content"].get("samples") or 0
    return (
        Paragraph("Báo cáo tự đánh giá (Mẫu số 02) và các giấy tờ minh chứng:"),
        table,
        Fact(LABELS["samples"], f"{samples:02d}" if samples else "Không"),
    )


def _paper_facts(row: dict[str, Any]) -> str:
    return ", ".join(filter(None, [row["number"], row["issuer"], common.day_text(row["issued_on"])]))


def _receipts(version: DossierVersion) -> tuple[Block, ...]:
    """The two blocks a desk fills in; its number and day when it has received the version."""
    checks = {check.desk: check for check in version.checks.all()}
    blocks = []
    for desk, name in ((Desk.COMMUNE, "UBND CẤP XÃ"), (Desk.PROVINCE, "CƠ QUAN CẤP TỈNH")):
        check = checks.get(desk)
        told = (
            f"Số {check.receipt_number}, ngày {common.day_text(check.received_on)}"
            if check
            else "Số ……, ngày ……"
        )
        blocks.append(Signature((name, "TIẾP NHẬN"), note=told))
    return (Signatures(tuple(blocks)),)


def _texts(content: dict[str, Any], names: Sequence[str]) -> tuple[Block, ...]:
    """The texts of these columns, several under their labels; an empty one of Mẫu 02 leaves room to write."""
    blocks: list[Block] = []
    for name in names:
        text = (content.get(name) or "").strip()
        if text or name != "changes_since":
            if len(names) > 1:
                blocks.append(Heading(LABELS[name]))
            blocks += [Paragraph(line) for line in text.splitlines() if line.strip()] or [
                Fact("Nội dung", "")
            ]
    return tuple(blocks)


def _assessment(filed: dict[str, Any], assessed: dict[str, Any]) -> tuple[Block, ...]:
    named = {row["sha256"]: row["title"] or row["filename"] for row in filed["evidence"]}
    rows = (
        (
            f"{choice['criterion']} {choice['title']}",
            choice["label"] or "Không đạt mức nào",
            f"{choice['points']}/{choice['max_points']}",
            "; ".join(
                filter(None, [choice["note"], *(named.get(key, "") for key in choice.get("evidence", ()))])
            ),
        )
        for choice in assessed["choices"]
    )
    titles = common.columns(
        ("TT", 7, "center"), ("Tiêu chí", 25, "left"), ("Mức tự chọn", 28, "left"), ("Điểm", 10, "right"),
        ("Thuyết minh, minh chứng", 30, "left"),
    )  # fmt: skip
    sections = ", ".join(
        f"phần {code} {format_number(points)}" for code, points in assessed["sections"].items()
    )
    told = (
        f"Tổng điểm tự đánh giá: {assessed['total']}/100 ({sections}); xếp {assessed['star']} sao theo điểm "
        "và điều kiện tối thiểu."
    )
    return (Table("", titles, common.counted(rows)), Paragraph(told))


def _of_entity(version: DossierVersion, filed: dict[str, Any], today: date) -> Signature:
    day = timezone.localtime(version.submitted_at).date() if version.submitted_at else today
    place = version.dossier.commune.short_name
    return Signature(
        ("ĐẠI DIỆN CHỦ THỂ",),
        filed["entity"]["representative"],
        note=SIGNED,
        place_date=f"{place}, {words.formal_date(day)}",
    )


def _position(report: CommuneReport, usual: tuple[str, ...]) -> tuple[str, ...]:
    """TM. ỦY BAN NHÂN DÂN, then what the signer is; a deputy signs KT. CHỦ TỊCH (NĐ 30, Phụ lục I, II.7)."""
    position = (
        report.signer_position.upper()
        .replace("UBND XÃ", "")
        .replace("UBND PHƯỜNG", "")
        .replace("UBND", "")
        .strip()
    )
    if position.startswith("PHÓ"):
        return (usual[0], "KT. CHỦ TỊCH", position)
    return (usual[0], position or usual[-1])
