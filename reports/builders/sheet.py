"""Phiếu đánh giá: one submitted sheet as the printed table of its set, with the chosen levels ticked."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from core.exceptions import DomainError
from evaluation.models import Sheet
from evaluation.queries.criteria import Case, Line, Part, parts_of
from evaluation.queries.scoring_sets import scoring_set
from evaluation.queries.sheets import NONE_LABEL, sheet_inputs
from evaluation.queries.submissions import lower_first
from evaluation.scoring import SheetScore, score_sheet
from reports import words
from reports.builders import common
from reports.document import Document, Fact, Head, Layout, Row, Section, Signature, Table
from reports.enums import Issuer
from reports.letterhead import letterhead_of

TICK = "x"


def build(sheet: Sheet, *, today: date) -> Document:
    """The sheet of one member for one dossier; raises DomainError for one that is not submitted.

    It bears the day it was submitted: nothing on it is later.
    """
    if not sheet.is_locked or sheet.submitted_at is None:
        raise DomainError("Phiếu chưa nộp nên chưa in được: thành viên hãy nộp phiếu trước.")
    score = score_sheet(scoring_set(sheet.criteria_set_id), sheet_inputs([sheet])[0])
    submitted = timezone.localtime(sheet.submitted_at).date()
    place = letterhead_of(sheet.item.session.council.unit, submitted, Issuer.COUNCIL).place
    return Document(
        head=Head(),
        type_name="PHIẾU ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
        subject=str(sheet.criteria_set),
        sections=(Section("", (*_facts(sheet), _table(sheet, score), *_sums(sheet, score))),),
        signatures=(
            Signature(
                ("THÀNH VIÊN HỘI ĐỒNG",),
                str(sheet.seat.user),
                note="(Ký, ghi rõ họ tên)",
                place_date=f"{place}, {words.formal_date(submitted)}",
            ),
        ),
        layout=Layout.FORM,
    )


def _facts(sheet: Sheet) -> list[Fact]:
    session, dossier = sheet.item.session, sheet.item.version.dossier
    product, seat = dossier.product, sheet.seat
    again = f" (chấm lần {sheet.number})" if sheet.number > 1 else ""
    return [
        Fact("Sản phẩm", product.name),
        Fact("Chủ thể", f"{product.entity.name}, {lower_first(dossier.commune.name)}"),
        Fact("Hồ sơ số", f"{dossier.number}; {words.lower_first(dossier.get_kind_display())}"),
        Fact("Phiên họp", f"{session.name}, ngày {common.day_text(session.held_on)}"),
        Fact("Người chấm", f"{seat.user}, {words.lower_first(seat.get_role_display())}{again}"),
        Fact("Cơ quan", seat.agency),
    ]


def _table(sheet: Sheet, score: SheetScore) -> Table:
    titles = common.columns(
        ("Tiêu chí, mức đánh giá", 70, "left"), ("Sao", 8, "center"), ("Điểm", 12, "right"),
        ("Chọn", 10, "center"),
    )  # fmt: skip
    parts = parts_of(sheet.criteria_set_id)
    return Table("", titles, tuple(row for part in parts for row in _part(part, score)), compact=True)


def _part(part: Part, score: SheetScore) -> Iterator[Row]:
    section = part.section
    got = score.sections[section.code]
    name = f"PHẦN {section.code}. {section.title.upper()}"
    yield Row((name, "", f"{got}/{section.max_points}", ""), "group")
    for line in part.lines:
        yield from _line(line, score)


def _line(line: Line, score: SheetScore) -> Iterator[Row]:
    criterion = line.criterion
    code = criterion.code
    got = f"{score.points[code]}/{criterion.max_points}" if criterion.is_leaf else str(criterion.max_points)
    yield Row((f"{code}. {criterion.title}", "", got, ""), "group")
    if not criterion.is_leaf:
        return
    position = score.positions[code]
    for case in line.cases:
        yield from _case(case, position)
    if not line.prints_zero:
        yield _option(NONE_LABEL, "", 0, ticked=position == 0)


def _case(case: Case, position: int) -> Iterator[Row]:
    if case.name:
        yield Row((case.name, "", "", ""), "part")
    for option in case.options:
        stars = "*" * (option.min_star or 0)
        yield _option(option.label, stars, option.points, ticked=option.position == position)


def _option(label: str, stars: str, points: int, *, ticked: bool) -> Row:
    return Row((f"- {label}", stars, str(points), TICK if ticked else ""), "chosen" if ticked else "")


def _sums(sheet: Sheet, score: SheetScore) -> list[Fact]:
    by_section = ", ".join(f"phần {code} {points}" for code, points in score.sections.items())
    facts = [Fact("Tổng điểm", f"{score.total}/100 ({by_section})")]
    if sheet.stopped_at:
        stopped = f"dừng ở tiêu chí {sheet.stopped_at}; các tiêu chí sau không đánh giá, tính 0 điểm"
        facts.append(Fact("Dừng đánh giá", stopped))
    return [*facts, Fact("Ý kiến của người chấm", sheet.opinion)]
