"""Tờ trình of the results, and the draft of the Chairman's decision with the products in its annex."""

from dataclasses import replace
from datetime import date

from core.text import nfc
from evaluation.enums import SubmissionState
from evaluation.models import Session, Submission
from evaluation.queries.submissions import BACK, Group, SubmissionPage, submission_page
from reports import words
from reports.builders import common
from reports.document import (
    Annex,
    Article,
    Block,
    Document,
    Head,
    Points,
    Row,
    Section,
    Table,
)
from reports.enums import Issuer
from reports.letterhead import committee_name, letterhead_of

# Laws of 72/2025/QH15, 65/2025/QH15 and 77/2015/QH13.
LOCAL_GOVERNMENT_LAWS = (date(2025, 6, 16), date(2025, 2, 19), date(2015, 6, 19))
# Of so few products the names stand in the sentence.
NAMED = 5


def build(submission: Submission, *, today: date) -> Document:
    """Tờ trình to the Chairman; dated the day it was submitted, before that today."""
    page = submission_page(submission)
    day = submission.submitted_on or today
    head = letterhead_of(submission.unit, day)
    chairman = _chairman(submission)
    return Document(
        head=Head(
            head.governing_body,
            head.issuing_body,
            head.number("TTr", submission.number),
            head.place_date(day),
        ),
        type_name="TỜ TRÌNH",
        subject=f"Về việc phê duyệt {words.lower_first(submission.title)}",
        addressee=chairman,
        legal_bases=common.legal_lines([common.criteria_basis(day), *map(_session_basis, page.sessions)]),
        opening=(
            f"{head.issuer_name} kính trình {chairman} xem xét, phê duyệt kết quả đánh giá, phân hạng "
            f"{len(page.rows)} sản phẩm như sau:"
        ),
        sections=(Section("", (Points.lettered([_asked(group) for group in page.groups]),)),),
        closing=(
            "Danh sách chi tiết tại phụ lục kèm theo dự thảo Quyết định. "
            f"{head.issuer_name} kính đề nghị {chairman} xem xét, quyết định./."
        ),
        recipients=head.recipients,
        signer_position=head.signer_position,
        signer_name=head.signer_name,
    )


def build_decision(submission: Submission, *, today: date) -> Document:
    """The decision: a draft until the submission is approved, then with its number and day."""
    page = _decided(submission_page(submission))
    approved = submission.state == SubmissionState.APPROVED
    day = submission.decided_on or today
    head = letterhead_of(submission.unit, day, Issuer.COMMITTEE)
    return Document(
        head=Head(
            head.governing_body, head.issuing_body, head.number("QĐ", submission.decision_number),
            head.place_date(day),
        ),
        label="" if approved else "DỰ THẢO",
        type_name="QUYẾT ĐỊNH",
        subject="Về việc phê duyệt kết quả đánh giá, phân hạng và công nhận sản phẩm OCOP",
        authority=nfc(_chairman(submission).upper()),
        legal_bases=_decision_bases(submission, day),
        order="QUYẾT ĐỊNH:",
        sections=(Section("", _articles(page)),),
        recipients=head.recipients_after("Như Điều 3"),
        signer_position=head.signer_position,
        signer_name=head.signer_name,
        annexes=(_annex(submission, page),),
    )  # fmt: skip


def _decided(page: SubmissionPage) -> SubmissionPage:
    """What the decision is about: a result sent back alone is not approved by it."""
    groups = [group for group in page.groups if group.kind is not BACK]
    return replace(page, groups=groups, rows=[row for group in groups for row in group.rows])


def _chairman(submission: Submission) -> str:
    return f"Chủ tịch {committee_name(submission.unit)}"


def _session_basis(session: Session) -> str:
    council = session.council
    return (
        f"Căn cứ kết quả {words.lower_first(session.name)} {words.formal_date(session.held_on)} của "
        f"{council.name} (thành lập theo Quyết định "
        f"{common.cited(council.decision_number, council.decided_on)})"
    )


def _decision_bases(submission: Submission, day: date) -> tuple[str, ...]:
    head = letterhead_of(submission.unit, day)
    number = head.number("TTr", submission.number).removeprefix("Số: ") if submission.number else ""
    return common.legal_lines(
        [
            f"Căn cứ Luật Tổ chức chính quyền địa phương {words.formal_date(_law_of(day))}",
            common.criteria_basis(day),
            f"Theo đề nghị của Giám đốc {head.issuer_name} tại Tờ trình "
            f"{common.cited(number, submission.submitted_on)}",
        ]
    )


def _law_of(day: date) -> date:
    """The day of the law on local government in force; laws are cited without number and issuer."""
    return next((since for since in LOCAL_GOVERNMENT_LAWS if since <= day), LOCAL_GOVERNMENT_LAWS[-1])


def _asked(group: Group) -> str:
    names = "; ".join(row.dossier.product.name for row in group.rows)
    named = f" ({names})" if len(group.rows) <= NAMED else ""
    return f"{group.kind.verb}: {len(group.rows)} sản phẩm{named}."


def _articles(page: SubmissionPage) -> tuple[Block, ...]:
    asked = [f"{group.kind.verb}: {len(group.rows)} sản phẩm." for group in page.groups]
    recognised = len(page.of("recognise_3", "recognise_4"))
    given = f" {recognised} sản phẩm được công nhận" if recognised else " Kết quả công nhận"
    return (
        Article(
            "Điều 1.",
            f"Phê duyệt kết quả đánh giá, phân hạng {len(page.rows)} sản phẩm theo Phụ lục kèm theo:",
        ),
        Points.lettered(asked),
        Article(
            "Điều 2.",
            f"Thời hạn công nhận là 36 tháng kể từ ngày ký Quyết định này.{given} được cấp giấy chứng nhận; "
            "chủ thể được sử dụng biểu trưng OCOP theo quy định."
            if recognised
            else "Quyết định này có hiệu lực kể từ ngày ký.",
        ),
        Article(
            "Điều 3.",
            f"Chánh Văn phòng {committee_name(page.submission.unit)}, Giám đốc Sở Nông nghiệp và Môi trường, "
            "Chủ tịch Ủy ban nhân dân các xã, phường, đặc khu có liên quan và các chủ thể có tên tại Phụ lục "
            "chịu trách nhiệm thi hành Quyết định này./.",
        ),
    )


def _annex(submission: Submission, page: SubmissionPage) -> Annex:
    number, day = submission.decision_number, submission.decided_on
    return Annex(
        number="Phụ lục",
        title="KẾT QUẢ ĐÁNH GIÁ, PHÂN HẠNG SẢN PHẨM OCOP",
        reference=f"(Kèm theo Quyết định {common.cited(number, day)} của {_chairman(submission)})",
        blocks=(_products(page),),
    )


def _products(page: SubmissionPage) -> Table:
    titles = common.columns(
        ("TT", 4, "center"), ("Sản phẩm", 20, "left"), ("Chủ thể", 20, "left"), ("Xã, phường", 12, "left"),
        ("Bộ sản phẩm", 16, "left"), ("Điểm", 6, "right"), ("Hạng sao", 7, "center"), ("Ghi chú", 15, "left"),
    )  # fmt: skip
    rows: list[Row] = []
    for group in page.groups:
        rows.append(Row((group.kind.verb,), "group"))
        rows += common.counted(
            (
                row.dossier.product.name,
                row.dossier.product.entity.name,
                row.dossier.commune.name,
                row.dossier.product.product_set.name,
                row.total,
                f"{row.star} sao" if row.star else "-",
                row.why,
            )
            for row in group.rows
        )
    return Table("", titles, tuple(rows), empty="Không có kết quả.")
