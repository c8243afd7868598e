"""Biên bản họp Hội đồng: specimen 1.9 of NĐ 30/2020, from the results as they were closed.

Settings of the province's regulation and the council's own conclusions stand on it, so that a reader sees
why a star is what it is. The frozen detail of the results says everything; nothing is worked out anew.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from core.numbers import format_date, format_points
from core.text import lower_first
from evaluation.enums import SessionKind
from evaluation.models import AgendaItem, Session
from evaluation.queries.results import sentence_of
from reports import words
from reports.builders import common
from reports.builders.council import Held, held
from reports.document import (
    Block,
    Document,
    Gap,
    Head,
    Heading,
    Layout,
    Paragraph,
    Points,
    Section,
    Signature,
    Table,
)
from reports.letterhead import committee_name


def build(session: Session, *, today: date) -> Document:
    """The minutes of a session; raises DomainError while one of its results is open."""
    facts = held(session)
    head = facts.letterhead
    return Document(
        head=Head(head.governing_body, head.issuing_body, head.number("BB")),
        type_name="BIÊN BẢN",
        subject=f"{_kind(session)} {words.lower_first(session.name)}",
        sections=common.sections([_attendance(facts), _regulation(facts), _dossiers(facts), _outcome(facts)]),
        closing=f"{_kind(session)} kết thúc vào {common.moment(facts.course.ended)}./.",
        signatures=(
            Signature(("THƯ KÝ",), facts.course.secretary),
            Signature(("CHỦ TỌA",), facts.course.chair),
        ),
        recipients=tuple(f"{name};" for name in head.copies) + (f"Lưu: {head.archive}.",),
        layout=Layout.MINUTES,
        gaps=_gaps(facts),
    )


def _kind(session: Session) -> str:
    return "Lấy ý kiến bằng văn bản" if session.kind == SessionKind.WRITTEN else "Cuộc họp"


def _gaps(facts: Held) -> tuple[Gap, ...]:
    """What mẫu 1.9 asks and the records of the session do not show, with where it is written down."""
    session, course = facts.session, facts.course
    is_meeting = session.kind == SessionKind.MEETING
    known = {
        "địa điểm": session.place or not is_meeting,
        "giờ bắt đầu": course.started,
        "giờ kết thúc": course.ended,
        "chủ tọa": course.chair,
        "thư ký": course.secretary,
    }
    gaps = []
    if is_meeting and not facts.attendance:
        gaps.append(
            Gap("thành phần tham dự", "phiên họp, trang Điểm danh", _page("evaluation:attendance", session))
        )
    if missing := [name for name, value in known.items() if not value]:
        where = "phiên họp, trang Ghi cho biên bản"
        gaps.append(Gap(", ".join(missing), where, _page("evaluation:course", session)))
    return tuple(gaps)


def _page(name: str, session: Session) -> str:
    return reverse(name, args=[session.pk])


def _attendance(facts: Held) -> Section:
    session, course = facts.session, facts.course
    council = session.council
    is_meeting = session.kind == SessionKind.MEETING
    place = session.place or (common.DOTS if is_meeting else "")
    lines = [
        f"Thời gian bắt đầu: {common.moment(course.started)}.",
        *([f"Địa điểm: {place}."] if place else []),
        f"Hội đồng: {council.name}, thành lập theo Quyết định "
        f"{common.cited(council.decision_number, council.decided_on)}.",
        f"Thành phần tham dự: {_numbers(facts)}.",
    ]
    after = [
        f"Chủ trì (chủ tọa): {course.chair or common.DOTS}.",
        f"Thư ký (người ghi biên bản): {course.secretary or common.DOTS}.",
        "Nội dung (theo diễn biến cuộc họp):",
    ]
    blocks: list[Block] = [*map(Paragraph, lines)]
    if facts.attendance:
        blocks.append(_roll(facts.attendance))
    return Section("", (*blocks, *map(Paragraph, after)))


def _numbers(facts: Held) -> str:
    if facts.session.kind == SessionKind.WRITTEN:
        return "các thành viên gửi ý kiến bằng văn bản, không họp"
    if not facts.attendance:
        return f"{common.DOTS} (phiên họp không ghi điểm danh)"
    away = len(facts.attendance) - len(facts.present)
    said = f"{len(facts.present)}/{len(facts.attendance)} thành viên"
    return f"{said}, vắng {away} thành viên" if away else said


def _roll(attendance: Iterable[dict[str, Any]]) -> Table:
    rows = ((row["name"], row["role"], row["agency"], _presence(row)) for row in attendance)
    titles = common.columns(
        ("TT", 7, "center"), ("Họ và tên", 25, "left"), ("Chức danh", 20, "left"), ("Cơ quan", 26, "left"),
        ("Dự họp, lý do vắng", 22, "left"),
    )  # fmt: skip
    return Table("", titles, common.counted(rows))


def _presence(row: dict[str, Any]) -> str:
    return f"{row['label']}: {row['note']}" if row["note"] else row["label"]


def _regulation(facts: Held) -> Section:
    kept = facts.settings
    decided = kept.get("decided_on")
    number = f" ban hành theo Quyết định số {kept['decision_number']}" if kept.get("decision_number") else ""
    signed = f" ngày {common.day_text(decided)}" if number and decided else ""
    opening = f"Hội đồng làm việc theo {words.lower_first(kept['regulation'])}{number}{signed}, trong đó:"
    rules = [
        f"Túc số: {kept['quorum']} ({words.lower_first(kept['quorum_basis'])});",
        f"Điều kiện tối thiểu của hạng sao xét theo: {words.lower_first(kept['gate_rule_label'])};",
        f"Hai phiếu chênh nhau trên {kept['spread_limit']} điểm thì thảo luận, chấm lại;",
        f"Thành viên xem điểm của người khác: {words.lower_first(kept['score_sight'])};",
    ]
    if rule := kept.get("recusal_rule"):
        rules.append(f"Thành viên có xung đột lợi ích: {words.lower_first(rule)};")
    rules[-1] = rules[-1].rstrip(";") + "."
    return Section("Quy chế áp dụng", (Paragraph(opening), Points.dashed(rules)))


def _dossiers(facts: Held) -> Section:
    blocks: list[Block] = []
    for place, item in enumerate(facts.items, start=1):
        blocks += _dossier(place, item)
    return Section("Đánh giá từng hồ sơ", tuple(blocks))


def _dossier(place: int, item: AgendaItem) -> list[Block]:
    dossier = item.version.dossier
    product = dossier.product
    told = [*_scores(item), *_disputes(item.result.detail), *_decisions(item.result.detail)]
    told[-1] = told[-1].rstrip(";") + "."
    return [
        Heading(f"{place}. {product.name}"),
        Paragraph(
            f"Chủ thể: {product.entity.name}, {lower_first(dossier.commune.name)}; hồ sơ số "
            f"{dossier.number}; {words.lower_first(dossier.get_kind_display())}; {product.product_set}."
        ),
        Points.dashed(told),
        Paragraph(f"Kết quả: {sentence_of(item.result)}"),
    ]


def _scores(item: AgendaItem) -> list[str]:
    """How many sheets counted, who did not score and why, and how far the sheets lie apart."""
    detail = item.result.detail
    totals = [member["total"] for member in detail["members"]]
    lines = [
        f"{item.result.sheets_counted} phiếu hợp lệ ({detail['quorum']['share']} số thành viên theo quy chế, "
        f"cần {detail['quorum']['needed']}); trung bình {format_points(detail['total']['shown'])} điểm, thấp "
        f"nhất {min(totals)}, cao nhất {max(totals)}, chênh lệch {detail['spread']} điểm;"
    ]
    for recusal in detail["recusals"]:
        reason = f": {recusal['reason'].rstrip('.')}" if recusal["reason"] else ""
        lines.append(f"{recusal['name']} không chấm điểm ({words.lower_first(recusal['ground'])}{reason});")
    return lines


def _disputes(detail: dict[str, Any]) -> list[str]:
    """Sheets scored again, what was discussed, and dissent."""
    lines = [_rescored(row) for row in detail.get("rescorings", ())]
    lines += [f"Thảo luận: {row['text'].rstrip(' .;')};" for row in detail.get("discussions", ())]
    lines += [
        f"{row['name']} bảo lưu ý kiến: {row['text'].rstrip(' .;')};" for row in detail.get("dissents", ())
    ]
    return lines


def _rescored(row: dict[str, Any]) -> str:
    asked = f"{row['name']} được đề nghị chấm lại phiếu {row['total']} điểm ({row['reason'].rstrip(' .;')})"
    if row["withdrawn"]:
        return f"{asked}; đề nghị đã rút: {row['withdrawn']['reason'].rstrip(' .;')};"
    if row["new_total"] is None:
        return f"{asked}; chưa nộp phiếu mới;"
    return f"{asked}; phiếu mới {row['new_total']} điểm;"


def _decisions(detail: dict[str, Any]) -> list[str]:
    """Conclusions of the council, and an exclusion."""
    lines = [
        f"Hội đồng kết luận tiêu chí {row['criterion']} {row['title']}: {row['label']} ({row['points']} "
        f"điểm); lý do: {row['reason'].rstrip(' .;')};"
        for row in detail["conclusions"]
    ]
    if excluded := detail["exclusion"]:
        lines.append(
            f"Hội đồng loại hồ sơ: {excluded['ground'].rstrip(' .;')}; "
            f"chứng cứ: {excluded['evidence'].rstrip(' .;')};"
        )
    return lines


def _outcome(facts: Held) -> Section:
    found = Counter(item.result.star or 0 for item in facts.items)
    counted = words.listing(
        f"{found[star]} sản phẩm {common.stars_text(star).lower()}" for star in sorted(found, reverse=True)
    )
    rows = (
        (
            item.version.dossier.product.name,
            item.version.dossier.product.entity.name,
            format_points(item.result.detail["total"]["shown"]),
            common.stars_text(item.result.star),
        )
        for item in facts.items
    )
    titles = common.columns(
        ("TT", 7, "center"), ("Sản phẩm", 35, "left"), ("Chủ thể", 30, "left"), ("Điểm", 12, "right"),
        ("Hạng sao", 16, "center"),
    )  # fmt: skip
    told = (
        f"Hội đồng đã đánh giá {len(facts.items)} hồ sơ ngày {format_date(facts.session.held_on)}: {counted}."
    )
    ask = (
        "Hội đồng giao cơ quan tham mưu quản lý Chương trình OCOP cấp tỉnh tổng hợp, trình Chủ tịch "
        f"{committee_name(facts.session.council.unit)} xem xét, quyết định theo quy định."
    )
    return Section("Kết luận", (Paragraph(told), Table("", titles, common.counted(rows)), Paragraph(ask)))
