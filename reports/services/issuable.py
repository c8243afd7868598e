"""What must be true before a paper is issued: day, record, signer, and that it is the only one."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from core.enums import JobState
from core.exceptions import DomainError
from core.numbers import format_date
from core.text import nfc
from reports.builders import certificate
from reports.enums import PaperKind, PaperState
from reports.models import Paper
from training.models import FigureSet

UNDECIDED = (
    "Dự thảo quyết định chưa phát hành: ghi phê duyệt của Chủ tịch (số, ngày quyết định) ở tờ trình, rồi lập "
    "lại quyết định."
)


def check(
    paper: Paper, *, issued_on: date, signer_name: str, number: int | None, printed: int | None
) -> None:
    """Raises DomainError, with the field, for what stands against issuing.

    `printed`: the number the draft or its record bears already.
    """
    _check_whole(paper)
    _check_day(paper, issued_on)
    _check_record(paper, issued_on, number, printed)
    _check_only_one(paper)
    _check_figures(paper)
    if paper.certificate is not None:
        certificate.check(paper.certificate)
    if not signer_name.strip():
        raise DomainError("Ghi họ và tên người ký.", field="signer_name")
    named = named_signer(paper)
    if named and paper.kind not in PaperKind.signed_by_the_office and nfc(signer_name) != nfc(named):
        raise DomainError(
            f"Văn bản ghi người ký là {named}: ghi đúng tên này, hoặc lập lại văn bản.", field="signer_name"
        )


def named_signer(paper: Paper) -> str:
    """Who the draft says signs it, for papers that bear signatures of their own; "" where it is left open."""
    signatures = (paper.data or {}).get("signatures") or [{}]
    name: str = signatures[-1].get("name", "")
    return name


def recorded_day(paper: Paper) -> date | None:
    """The day on record for a submission that was filed or a decision that was approved."""
    if paper.submission is None:
        return None
    is_decision = paper.kind == PaperKind.DECISION
    return paper.submission.decided_on if is_decision else paper.submission.submitted_on


def is_to_file(paper: Paper) -> bool:
    """A Tờ trình whose issue is written to its record: one not filed by hand, and no replacement."""
    is_first = paper.kind == PaperKind.SUBMISSION and paper.replaces_id is None
    return is_first and paper.submission is not None and not paper.submission.number


def _check_whole(paper: Paper) -> None:
    """What the paper must say was known when it was drafted."""
    for gap in (paper.data or {}).get("gaps", ()):
        if gap["needed"]:
            raise DomainError(f"Dự thảo để trống {gap['what']}: ghi ở {gap['where']}, rồi lập lại văn bản.")


def _check_day(paper: Paper, issued_on: date) -> None:
    today = timezone.localdate()
    if issued_on > today:
        raise DomainError(f"Ngày ban hành không sau hôm nay ({format_date(today)}).", field="issued_on")
    if paper.period_to and issued_on <= paper.period_to:
        raise DomainError(
            f"Số liệu đến hết ngày {format_date(paper.period_to)}: ngày ban hành phải sau ngày này.",
            field="issued_on",
        )
    if paper.session is not None and issued_on < paper.session.held_on:
        raise DomainError(
            f"Phiên họp ngày {format_date(paper.session.held_on)}: ngày ban hành không trước ngày này.",
            field="issued_on",
        )


def _check_record(paper: Paper, issued_on: date, number: int | None, printed: int | None) -> None:
    """Submission and decision go out as they were filed and approved, number and day as recorded (Đ7)."""
    if paper.kind == PaperKind.DECISION and printed is None:
        raise DomainError(UNDECIDED)
    if printed is None or paper.replaces_id is not None:
        return
    if number not in (None, printed):
        raise DomainError(f"Văn bản đã ghi số {printed:02d} trong hồ sơ: dùng đúng số này.", field="number")
    day = recorded_day(paper)
    if day and issued_on != day:
        raise DomainError(
            f"Văn bản đã ghi ngày {format_date(day)} trong hồ sơ: dùng đúng ngày này.", field="issued_on"
        )


def _check_figures(paper: Paper) -> None:
    """A report goes out on the figures that stand: not on those corrected since it was drafted."""
    used = paper.figure_set
    if used is None:
        return
    approved = FigureSet.objects.approved().filter(plan=used.plan_id, period=used.period_id)
    if newer := approved.filter(number__gt=used.number).order_by("-number").first():
        raise DomainError(
            f"Số liệu của kỳ đã được đính chính, bản {newer.number} đã duyệt: lập lại báo cáo theo bản này."
        )


def _check_only_one(paper: Paper) -> None:
    """A second one of the same subject only as the replacement of the first (NĐ 30/2020 Đ18)."""
    if paper.kind not in PaperKind.once:
        return
    same = Paper.objects.same_as(paper)
    under_way = Q(state=PaperState.REVIEWED, issued_on__isnull=False, job__state__in=JobState.active_states)
    others = (
        same.filter(Q(state=PaperState.ISSUED) | under_way)
        .exclude(pk=paper.pk)
        .exclude(pk=paper.replaces_id or 0)
    )
    standing = others.exclude(replaced_by__state=PaperState.ISSUED).first()
    if standing is not None:
        name = f"số {standing.number_text}" if standing.number else f"ngày {format_date(standing.issued_on)}"
        raise DomainError(f"Văn bản này đã phát hành, {name}: cần sửa thì lập văn bản thay thế bản ấy.")
