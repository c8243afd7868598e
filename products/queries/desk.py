"""What a desk reads: its inbox, the checks of a dossier, what a proposal still lacks, why it came back."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from core import audit
from products import completeness, deadlines, desks
from products.completeness import Missing, Section
from products.enums import Desk, DossierState, Verdict
from products.models import (
    CommuneReport,
    DeskCheck,
    Dossier,
    DossierVersion,
    Entity,
    EntityAccount,
    Product,
    SectionCheck,
)
from products.queries.search import entity_matches

REPORT = "mau-03"
# Working days left from which a dossier is urgent.
URGENT_DAYS = 3
LONGEST_GROUP = 30
SUBMITTED, RETURNED, PROPOSED = DossierState.SUBMITTED, DossierState.RETURNED, DossierState.PROPOSED
# Papers that expire within this time are worth a word before the council meets.
PAPER_WARNING = timedelta(days=90)


def check_of(version: DossierVersion, desk: str) -> DeskCheck | None:
    """The receipt of a version at a desk with its verdicts; None before it was received."""
    return version.checks.filter(desk=desk).prefetch_related("sections").first()


def report_of(version: DossierVersion) -> CommuneReport | None:
    """Mẫu 03 of a version, or None while the commune has written nothing."""
    return CommuneReport.objects.filter(version=version).select_related("written_by").first()


@dataclass(frozen=True)
class Finding:
    """What a desk found on one section; no verdict yet is the empty word."""

    section: Section
    verdict: str = ""
    note: str = ""

    @property
    def is_lacking(self) -> bool:
        return self.verdict == Verdict.LACKING


def findings(check: DeskCheck | None) -> list[Finding]:
    """A finding for every section of a dossier, in order."""
    found = {row.section: row for row in check.sections.all()} if check else {}
    return [_finding(section, found.get(section.slug)) for section in completeness.SECTIONS]


def _finding(section: Section, row: SectionCheck | None) -> Finding:
    return Finding(section, row.verdict, row.note) if row else Finding(section)


def lacking(version: DossierVersion, desk: str) -> list[Finding]:
    """The sections a desk found lacking."""
    return [finding for finding in findings(check_of(version, desk)) if finding.is_lacking]


def obstacles_to_proposal(version: DossierVersion) -> list[Missing]:
    """What keeps the commune from proposing: sections not passed, and gaps in Mẫu 03 (Đ7 k2)."""
    return obstacles_in(findings(check_of(version, Desk.COMMUNE)), report_of(version))


def obstacles_in(found: list[Finding], report: CommuneReport | None) -> list[Missing]:
    """The same from what is already at hand."""
    return [*_open_sections(found), *_report_gaps(report)]


def _open_sections(found: list[Finding]) -> list[Missing]:
    unread = [finding.section for finding in found if not finding.verdict]
    texts = [Missing(f"Chưa kết luận phần “{section.label}”.", section.slug) for section in unread]
    failed = [finding.section for finding in found if finding.is_lacking]
    return texts + [Missing(f"Phần “{section.label}” còn cần bổ sung.", section.slug) for section in failed]


def _report_gaps(report: CommuneReport | None) -> list[Missing]:
    if report is None:
        return [Missing("Chưa viết báo cáo của cấp xã (Mẫu 03).", REPORT)]
    if gaps := report.gaps:
        return [Missing(f"Mẫu 03 còn thiếu: {', '.join(gaps)}.", REPORT)]
    return []


@dataclass(frozen=True)
class DeskPapers:
    """The latest receipt of the commune, and the number of the latest version with a Mẫu 03."""

    receipt: DeskCheck | None
    report_number: int | None


def desk_papers(dossier: Dossier) -> DeskPapers:
    """What the desks have put to the dossier so far."""
    receipts = DeskCheck.objects.filter(version__dossier=dossier, desk=Desk.COMMUNE)
    reports = CommuneReport.objects.filter(version__dossier=dossier).order_by("-version__number")
    return DeskPapers(
        receipts.select_related("version").order_by("-version__number").first(),
        reports.values_list("version__number", flat=True).first(),
    )


def entered_by(dossier: Dossier) -> User | None:
    """The officer who entered the dossier for an entity; None when one of its own accounts began it."""
    writer = dossier.created_by
    own = EntityAccount.objects.filter(entity=dossier.product.entity_id, user=writer).exists()
    return None if own or not writer.has_role(Role.COMMUNE_OFFICER) else writer


@dataclass(frozen=True)
class Returned:
    """Why a version came back: the desk, its general reason, and what it found section by section."""

    version: DossierVersion
    desk: Desk
    reason: str
    sections: list[Finding] = field(default_factory=list)

    def of(self, *slugs: str) -> list[Finding]:
        """Findings on the named sections."""
        return [finding for finding in self.sections if finding.section.slug in slugs]

    @property
    def slugs(self) -> set[str]:
        return {finding.section.slug for finding in self.sections}


def last_return(dossier: Dossier) -> Returned | None:
    """The latest return of a dossier, also after it was filed again; None when it never came back."""
    verbs = [f"dossier.{name}" for name in desks.DESK_OF_RETURN]
    entry = audit.history_of(dossier).filter(verb__in=verbs).first()
    version = dossier.versions.order_by("-number")[1:2].first() if entry else None
    if entry is None or version is None:
        return None
    desk = desks.DESK_OF_RETURN[entry.verb.removeprefix("dossier.")]
    rows = SectionCheck.objects.filter(
        check_of__version=version, check_of__desk=desk, verdict=Verdict.LACKING
    )
    found = {row.section: row for row in rows}
    asked = [
        _finding(section, found[section.slug]) for section in completeness.SECTIONS if section.slug in found
    ]
    return Returned(version, desk, entry.after.get("return_reason", ""), asked)


def return_to_mend(dossier: Dossier) -> Returned | None:
    """The same while the entity mends: None unless the dossier lies returned."""
    return last_return(dossier) if dossier.state == DossierState.RETURNED else None


def sections_of_step(slug: str) -> set[str]:
    """The sections that are mended on a step of the guided form; the entity's data with the registration."""
    return {slug, completeness.ENTITY_DATA} if slug == completeness.STEPS[0].slug else {slug}


@dataclass(frozen=True)
class InboxRow:
    """A dossier in the commune's inbox with its receipt, its clock and how far the check has come."""

    dossier: Dossier
    version: DossierVersion
    receipt: DeskCheck | None
    due: date | None
    is_overdue: bool
    # Working days; below zero those that have passed since the due day.
    days_left: int
    checked: int
    lacking: int
    expired: int
    expiring: int
    parts: int = len(completeness.SECTIONS)

    @property
    def haste(self) -> int:
        """0: late, 1: soon, 2: there is time."""
        return 0 if self.is_overdue else 1 if self.days_left <= URGENT_DAYS else 2

    @property
    def clock(self) -> str:
        """How long the desk still has, in words."""
        return deadlines.in_words(self.due, timezone.localdate()) if self.due else ""


@dataclass(frozen=True)
class InboxGroup:
    """Rows that ask for the same haste."""

    key: str
    title: str
    rows: list[InboxRow]

    @property
    def is_cut(self) -> bool:
        """Older ones may stand in the list only."""
        return self.key in (RETURNED, PROPOSED) and len(self.rows) == LONGEST_GROUP


def commune_dossiers(user: Any) -> QuerySet[Dossier]:
    """Dossiers of the communes the user is an officer of."""
    return Dossier.objects.filter(user.scope.commune_q("commune", Role.COMMUNE_OFFICER))


def commune_inbox(user: Any) -> list[InboxGroup]:
    """The commune's inbox: by haste what waits for the desk, then what went back and what went on."""
    mine = commune_dossiers(user)
    by_state: dict[str, list[InboxRow]] = {state: [] for state in (SUBMITTED, RETURNED, PROPOSED)}
    latest = Q(pk__in=_latest(mine, RETURNED)) | Q(pk__in=_latest(mine, PROPOSED))
    for row in _rows(mine.filter(Q(state=SUBMITTED) | latest).order_by("state_since", "pk")):
        by_state[row.dossier.state].append(row)
    waiting = by_state[SUBMITTED]
    return [
        InboxGroup("late", "Quá hạn", [row for row in waiting if row.haste == 0]),
        InboxGroup(
            "soon", f"Còn không quá {URGENT_DAYS} ngày làm việc", [r for r in waiting if r.haste == 1]
        ),
        InboxGroup("rest", "Còn thời gian", [row for row in waiting if row.haste == 2]),
        InboxGroup(RETURNED, "Đã trả lại, chờ bổ sung", by_state[RETURNED][::-1]),
        InboxGroup(PROPOSED, "Đã đề nghị tỉnh", by_state[PROPOSED][::-1]),
    ]


def _latest(mine: QuerySet[Dossier], state: str) -> QuerySet[Dossier, Any]:
    """Ids of the dossiers that came to a state last; older ones are looked up in the list."""
    return mine.filter(state=state).order_by("-state_since").values("pk")[:LONGEST_GROUP]


def _rows(dossiers: QuerySet[Dossier]) -> list[InboxRow]:
    """Rows in three queries, however many."""
    versions = DossierVersion.objects.defer("snapshot").order_by("-number")
    checks = DeskCheck.objects.filter(desk=Desk.COMMUNE).annotate(
        checked=Count("sections"), lacking=Count("sections", filter=Q(sections__verdict=Verdict.LACKING))
    )
    found = dossiers.select_related("product__entity", "product__product_set", "commune").prefetch_related(
        Prefetch("versions", versions.annotate(**_paper_flags())), Prefetch("versions__checks", checks)
    )
    return [_row(dossier) for dossier in found]


def _paper_flags() -> dict[str, Any]:
    today = timezone.localdate()
    soon = Q(evidences__expires_on__range=(today, today + PAPER_WARNING))
    return {
        "expired": Count("evidences", filter=Q(evidences__expires_on__lt=today)),
        "expiring": Count("evidences", filter=soon),
    }


def _row(dossier: Dossier) -> InboxRow:
    version: Any = dossier.versions.all()[0]
    # A returned dossier's receipt is that of the version that came back.
    received = [check for one in dossier.versions.all() for check in one.checks.all()]
    receipt: Any = received[0] if received else None
    due, today = deadlines.due_on(dossier), timezone.localdate()
    return InboxRow(
        dossier=dossier,
        version=version,
        receipt=receipt,
        due=due,
        is_overdue=due is not None and due < today,
        days_left=deadlines.working_days_left(due, today) if due else 0,
        checked=receipt.checked if receipt else 0,
        lacking=receipt.lacking if receipt else 0,
        expired=version.expired,
        expiring=version.expiring,
    )


def free_products(entity: Entity) -> QuerySet[Product]:
    """Products of the entity for which a dossier may be begun: none of theirs is on the road."""
    taken = Dossier.objects.open().filter(product=OuterRef("pk"))
    return entity.products.with_names().exclude(Exists(taken))


def entities_to_enter(user: Any, text: str) -> QuerySet[Entity]:
    """Entities of the communes the user is an officer of, by name or tax code; all for an empty text."""
    mine = Entity.objects.filter(user.scope.commune_q("commune", Role.COMMUNE_OFFICER), merged_into=None)
    found = mine.filter(entity_matches(text)) if text else mine
    return found.select_related("commune").annotate(has_account=Exists(_accounts()))


def _accounts() -> QuerySet[EntityAccount]:
    return EntityAccount.objects.filter(entity=OuterRef("pk"))
