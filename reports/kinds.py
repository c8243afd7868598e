"""The kinds of papers: what each is about, who makes it of what, and when it may be made.

A builder is a function of the subject: `build(subject, *, today) -> reports.document.Document`. A batch is a
kind made of many papers of another kind: one PDF and a ZIP.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from core.enums import UnitLevel
from core.exceptions import DomainError
from core.models import AdminUnit
from evaluation.enums import ItemState, SheetState
from evaluation.models import AgendaItem, Certificate, Session, Sheet, Submission
from products.enums import DossierState, RecognitionState
from products.models import Dossier, DossierVersion
from reports.builders import (
    certificate,
    common,
    forms,
    minutes,
    notice,
    progress,
    sheet,
    submission,
    summary,
    training,
)
from reports.document import Document
from reports.enums import PaperKind
from training.models import Plan, TrainingClass


@dataclass(frozen=True)
class Subject:
    """What papers are about. `noun` names it in addresses, `rows` are those a user may choose from.

    `page`: address name of its own page, which takes its key.
    """

    field: str
    noun: str
    label: str
    rows: Callable[[Any], QuerySet]
    unit: Callable[[Any], AdminUnit]
    year: Callable[[Any], int]
    page: str = ""

    def page_of(self, key: int) -> str:
        """The address of the subject's own page; "" for one without."""
        return reverse(self.page, args=[key]) if self.page else ""


def _sheets(user: Any) -> QuerySet[Sheet]:
    items = AgendaItem.objects.filter(session__in=Session.objects.visible_to(user))
    rows = Sheet.objects.filter(item__in=items, state=SheetState.SUBMITTED)
    return rows.select_related(
        "item__session__council__unit", "item__version__dossier__product", "seat__user"
    )


def _versions(user: Any) -> QuerySet[DossierVersion]:
    rows = DossierVersion.objects.filter(dossier__in=Dossier.objects.visible_to(user))
    return rows.select_related("dossier__product__entity", "dossier__commune__parent")


def province_of(unit: AdminUnit) -> AdminUnit:
    """The province whose office keeps the papers of a unit."""
    return unit.parent if unit.level == UnitLevel.COMMUNE and unit.parent else unit


SUBJECTS = {
    subject.field: subject
    for subject in (
        Subject(
            "plan",
            "ke-hoach",
            "Kế hoạch",
            lambda user: Plan.objects.visible_to(user).select_related("unit__parent"),
            lambda plan: plan.unit,
            lambda plan: plan.starts_on.year,
        ),
        Subject(
            "session",
            "phien-hop",
            "Phiên họp",
            lambda user: Session.objects.visible_to(user).select_related("council__unit"),
            lambda session: session.council.unit,
            lambda session: session.held_on.year,
            "evaluation:session",
        ),
        Subject(
            "sheet",
            "phieu",
            "Phiếu đánh giá",
            _sheets,
            lambda sheet: sheet.item.session.council.unit,
            lambda sheet: sheet.item.session.held_on.year,
        ),
        Subject(
            "submission",
            "to-trinh",
            "Tờ trình",
            lambda user: Submission.objects.visible_to(user).select_related("unit"),
            lambda submission: submission.unit,
            lambda submission: (submission.submitted_on or submission.created_at).year,
            "evaluation:submission",
        ),
        Subject(
            "dossier",
            "ho-so",
            "Hồ sơ",
            lambda user: Dossier.objects.visible_to(user).with_names().select_related("commune__parent"),
            lambda dossier: province_of(dossier.commune),
            lambda dossier: dossier.year,
            "products:dossier",
        ),
        Subject(
            "version",
            "ban-ho-so",
            "Hồ sơ",
            _versions,
            lambda version: province_of(version.dossier.commune),
            lambda version: version.dossier.year,
        ),
        Subject(
            "certificate",
            "chung-nhan",
            "Giấy chứng nhận",
            lambda user: Certificate.objects.visible_to(user).with_names(),
            lambda certificate: certificate.unit,
            lambda certificate: certificate.issued_on.year,
            "evaluation:certificate",
        ),
        Subject(
            "training_class",
            "lop",
            "Lớp tập huấn",
            lambda user: TrainingClass.objects.visible_to(user).select_related("unit__parent"),
            lambda held: province_of(held.unit),
            lambda held: held.starts_on.year,
            "training:class",
        ),
    )
}


@dataclass(frozen=True)
class Kind:
    """One kind of paper.

    `symbol`: abbreviation of the kind in its number (NĐ 30/2020 Phụ lục III); "" for papers that take no
    number of the series. `ready` raises DomainError while the paper cannot be made. `one_of` and `members`
    make it a batch: papers of that kind on those subjects.
    """

    name: str
    build: Callable[..., Document] | None = None
    symbol: str = ""
    ready: Callable[[Any], None] = lambda subject: None
    one_of: str = ""
    members: Callable[[Any], Iterable[Any]] | None = None

    @property
    def label(self) -> str:
        return PaperKind(self.name).label

    @property
    def subject(self) -> Subject:
        return SUBJECTS[PaperKind.subjects[self.name]]

    @property
    def is_batch(self) -> bool:
        return self.members is not None

    @property
    def is_numbered(self) -> bool:
        return bool(self.symbol)

    @property
    def template_version(self) -> str:
        """Version of how the paper is written, kept with it."""
        if self.name == PaperKind.PROGRESS:
            return progress.TEMPLATE_VERSION
        return f"{self.one_of or self.name}-{common.TEMPLATE_VERSION}"

    def document(self, subject: Any, today: date) -> Document:
        """The paper on a subject as data; reads the database."""
        build = self.build or KINDS[self.one_of].build
        assert build is not None  # noqa: S101  every kind has a builder, a batch that of its papers
        return build(subject, today=today)


def _results_closed(session: Session) -> None:
    """Papers of a session tell points: none before every result is closed (Đ7 k3, the members' secrecy)."""
    states = set(session.items.values_list("state", flat=True))
    if not states:
        raise DomainError("Phiên họp chưa có hồ sơ nào.")
    if not states <= set(ItemState.with_result):
        raise DomainError("Còn hồ sơ chưa đóng kết quả: đóng hết kết quả của phiên họp rồi lập văn bản.")


def _sheet_closed(sheet: Sheet) -> None:
    if sheet.item.state not in ItemState.with_result:
        raise DomainError("Hồ sơ này chưa đóng kết quả: phiếu của thành viên chỉ in được sau khi đóng.")


def _has_lines(submission: Submission) -> None:
    if not submission.lines.exists():
        raise DomainError("Tờ trình chưa có kết quả nào: hãy thêm kết quả rồi lập văn bản.")


def _announced(dossier: Dossier) -> None:
    if dossier.state not in DossierState.announced:
        raise DomainError("Hồ sơ chưa có quyết định: thông báo kết quả lập sau khi có quyết định.")


def _filed(version: DossierVersion) -> None:
    if not version.is_frozen:
        raise DomainError("Hồ sơ chưa nộp: văn bản lập từ bản đã nộp.")


def _reported(version: DossierVersion) -> None:
    _filed(version)
    if getattr(version, "commune_report", None) is None:
        raise DomainError("Xã chưa lập báo cáo (Mẫu 03) cho lần nộp này.")


def _has_people(held: TrainingClass) -> None:
    if not held.enrolments.exists():
        raise DomainError("Lớp chưa có học viên: hãy ghi danh rồi lập danh sách.")


def sheets_of(session: Session) -> QuerySet[Sheet]:
    """The sheets the results of a session are made of, dossier by dossier in the order of the agenda."""
    rows = Sheet.objects.counted().filter(item__session=session)
    return rows.select_related(
        "item__session__council__unit", "item__version__dossier__product", "seat__user"
    ).order_by("item__position", "seat")


def certificates_of(certificate: Certificate) -> QuerySet[Certificate]:
    """All certificates of the decision a certificate rests on that were not taken back since, by number."""
    decision = certificate.recognition
    return (
        Certificate.objects.with_names()
        .filter(
            unit=certificate.unit,
            recognition__decision_number=decision.decision_number,
            recognition__decided_on=decision.decided_on,
            recognition__state=RecognitionState.VALID,
        )
        .order_by("number", "pk")
    )


# What may be asked for: the papers at the end of the decree's table, and the batches made of them.
KINDS = {
    kind.name: kind
    for kind in (
        Kind(PaperKind.PROGRESS, progress.build, "BC"),
        Kind(PaperKind.MINUTES, minutes.build, "BB", ready=_results_closed),
        Kind(PaperKind.SUMMARY, summary.build, ready=_results_closed),
        Kind(PaperKind.SHEET, sheet.build, ready=_sheet_closed),
        Kind(PaperKind.SHEETS, ready=_results_closed, one_of=PaperKind.SHEET, members=sheets_of),
        Kind(PaperKind.SUBMISSION, submission.build, "TTr", ready=_has_lines),
        Kind(PaperKind.DECISION, submission.build_decision, "QĐ", ready=_has_lines),
        Kind(PaperKind.RESULT, notice.build, "TB", ready=_announced),
        Kind(PaperKind.CERTIFICATE, certificate.build, ready=certificate.check),
        Kind(
            PaperKind.CERTIFICATES,
            ready=certificate.check,
            one_of=PaperKind.CERTIFICATE,
            members=certificates_of,
        ),
        Kind(PaperKind.FORM_01, forms.build_registration, ready=_filed),
        Kind(PaperKind.FORM_02, forms.build_self_assessment, ready=_filed),
        Kind(PaperKind.FORM_03, forms.build_commune_report, ready=_reported),
        Kind(PaperKind.CLASS_LIST, training.build_list, ready=_has_people),
        Kind(PaperKind.ATTENDANCE, training.build_attendance, ready=_has_people),
    )
}


def kinds_of(field: str) -> list[Kind]:
    """The kinds that are about a subject."""
    return [kind for kind in KINDS.values() if kind.subject.field == field]


def is_keeper(user: Any, unit: AdminUnit) -> bool:
    """Whether the user makes papers of that unit: an officer of the province's office."""
    return unit.pk in user.scope.unit_ids(Role.PROVINCIAL_OFFICER)


def keepers_of(unit: AdminUnit) -> QuerySet[User]:
    """The officers who make papers of that unit, who came first first."""
    rows = User.objects.filter(
        memberships__role=Role.PROVINCIAL_OFFICER,
        memberships__unit=unit,
        memberships__valid_to=None,
        is_active=True,
    )
    return rows.distinct().order_by("pk")
