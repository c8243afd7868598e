"""Submissions: what may be submitted, what a submission says, and the notice of a result. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from core.numbers import format_points
from core.text import lower_first, sort_key
from evaluation.enums import ItemState, SubmissionState
from evaluation.models import AgendaItem, Session, Submission, SubmissionLine
from evaluation.scoring import FIRST_RECOGNISED_STAR
from products.enums import DossierKind, DossierState
from products.models import Dossier, Recognition


def submission_list(user: Any) -> QuerySet[Submission]:
    """Submissions of the user's provinces, latest first, with the number of results."""
    return (
        Submission.objects.visible_to(user)
        .select_related("unit")
        .annotate(results=Count("lines"))
        .order_by("-created_at", "-pk")
    )


def _with_names(items: QuerySet[AgendaItem]) -> QuerySet[AgendaItem]:
    return items.select_related(
        "session",
        "result",
        "version__dossier__product__entity",
        "version__dossier__product__product_set",
        "version__dossier__commune",
    )


def approved() -> Q:
    """Results that a submission approved; a potential five-star one still waits for its letter then."""
    line = SubmissionLine.objects.filter(
        item=OuterRef("pk"), submission__state=SubmissionState.APPROVED, sent_back_reason=""
    )
    return Q(Exists(line))


def free_results(user: Any, *, besides: Submission | None = None) -> QuerySet[AgendaItem]:
    """Closed results of the officer's provinces that wait for a decision and are in no other submission, nor
    approved by one.
    """
    taken = SubmissionLine.objects.filter(
        item=OuterRef("pk"), submission__state__in=SubmissionState.open_states
    )
    if besides is not None:
        taken = taken.exclude(submission=besides)
    items = AgendaItem.objects.filter(
        user.scope.unit_q("session__council__unit", Role.PROVINCIAL_OFFICER),
        state=ItemState.CLOSED,
        version__dossier__state=DossierState.SCORED,
    ).exclude(Exists(taken) | approved())
    return _with_names(items).order_by("-session__held_on", "session", "position")


def waiting_results(user: Any) -> int:
    """How many results wait to be submitted."""
    return free_results(user).count()


def submitted_to_decide(user: Any) -> QuerySet[Submission]:
    """Submissions of the officer's provinces that wait for the Chairman's decision."""
    area = user.scope.unit_q("unit", Role.PROVINCIAL_OFFICER)
    return Submission.objects.filter(area, state=SubmissionState.SUBMITTED).order_by("submitted_on", "pk")


@dataclass(frozen=True)
class Kind:
    """What a submission asks for one result; `verb` begins its line in the decision."""

    name: str
    label: str
    verb: str


RECOGNISE_4 = Kind("recognise_4", "Công nhận 4 sao", "Công nhận sản phẩm OCOP 4 sao")
RECOGNISE_3 = Kind("recognise_3", "Công nhận 3 sao", "Công nhận sản phẩm OCOP 3 sao")
MINISTRY = Kind(
    "ministry", "Phê duyệt, trình Bộ đánh giá 5 sao", "Phê duyệt kết quả tiềm năng 5 sao, trình Bộ đánh giá"
)
KEEP = Kind("keep", "Giữ hạng hiện có", "Giữ hạng sao hiện có (kết quả nâng hạng thấp hơn)")
REJECT = Kind("reject", "Không công nhận", "Không công nhận (1 sao, 2 sao)")
EXCLUDE = Kind("exclude", "Hồ sơ bị loại", "Hồ sơ bị loại")
BACK = Kind("back", "Trả lại Hội đồng xem xét lại", "Trả lại Hội đồng")
KINDS = (MINISTRY, RECOGNISE_4, RECOGNISE_3, KEEP, REJECT, EXCLUDE, BACK)


@dataclass(frozen=True)
class Row:
    """One result of a submission, as the page, the annex and the forms show it."""

    line: SubmissionLine
    item: AgendaItem
    dossier: Dossier
    kind: Kind
    total: str
    star: int | None
    why: str


@dataclass(frozen=True)
class Group:
    kind: Kind
    rows: list[Row]


@dataclass(frozen=True)
class SubmissionPage:
    """A submission grouped by what it asks; `stars`: how many of each star, excluded ones left out."""

    submission: Submission
    groups: list[Group]
    rows: list[Row]
    stars: list[tuple[int, int]]
    sessions: list[Session]

    def of(self, *names: str) -> list[Row]:
        return [row for group in self.groups if group.kind.name in names for row in group.rows]


def submission_page(submission: Submission) -> SubmissionPage:
    """Everything a submission says; three queries however many results."""
    lines = submission.lines.select_related(
        "item__session__council",
        "item__result",
        "item__version__dossier__product__entity",
        "item__version__dossier__product__product_set",
        "item__version__dossier__commune",
    ).prefetch_related(_recognitions_in_force())
    rows = sorted((_row(line) for line in lines), key=_order)
    groups = [Group(kind, [row for row in rows if row.kind is kind]) for kind in KINDS]
    found = [row.star for row in rows if row.star and row.kind is not BACK]
    return SubmissionPage(
        submission=submission,
        groups=[group for group in groups if group.rows],
        rows=rows,
        stars=[(star, found.count(star)) for star in range(5, 0, -1) if star in found],
        sessions=_sessions(rows),
    )


def _recognitions_in_force() -> Prefetch:
    """What each product holds today: an upgrade below it replaces nothing (`products.kinds.kept_against`)."""
    valid = Recognition.objects.valid_on(timezone.localdate())
    return Prefetch("item__version__dossier__product__recognitions", queryset=valid, to_attr="held_today")


def _order(row: Row) -> tuple[int, int, str]:
    return (KINDS.index(row.kind), -(row.star or 0), sort_key(row.dossier.product.name))


def _row(line: SubmissionLine) -> Row:
    item = line.item
    kind = _kind(line, item)
    result = item.result
    return Row(
        line=line,
        item=item,
        dossier=item.version.dossier,
        kind=kind,
        total=format_points(result.detail["total"]["shown"]),
        star=None if result.excluded else result.star,
        why=line.sent_back_reason if kind is BACK else _why(item),
    )


def _kind(line: SubmissionLine, item: AgendaItem) -> Kind:
    result = item.result
    star = result.star or 0
    if line.sent_back_reason or item.state == ItemState.SENT_BACK:
        return BACK
    if result.excluded:
        return EXCLUDE
    if result.potential_five:
        return MINISTRY
    if star < FIRST_RECOGNISED_STAR:
        return REJECT
    if _keeps_present(item):
        return KEEP
    return RECOGNISE_4 if star > FIRST_RECOGNISED_STAR else RECOGNISE_3


def _keeps_present(item: AgendaItem) -> bool:
    """Decided already: as it was decided; before: by what the product holds today."""
    dossier, star = item.version.dossier, item.result.star or 0
    if dossier.state != DossierState.SCORED:
        return dossier.state == DossierState.NOT_RECOGNISED
    held_today: list[Recognition] = vars(dossier.product)["held_today"]
    higher = any(held.star > star for held in held_today)
    return dossier.kind == DossierKind.UPGRADE and higher


def _why(item: AgendaItem) -> str:
    """What the annex says beside the star: the ground, or the conditions that cost a star."""
    detail = item.result.detail
    if item.result.excluded:
        return detail["exclusion"]["ground"]
    if item.result.star == item.result.star_by_score:
        return ""
    return "Thiếu điều kiện: " + ", ".join(f"{code} {title}" for code, title in _missing(item).items())


def _missing(item: AgendaItem) -> dict[str, str]:
    """Code and title of the conditions of the first star that was not reached."""
    next_star = max((item.result.star or 0) + 1, FIRST_RECOGNISED_STAR)
    unmet = item.result.detail["unmet"]
    return {line["criterion"]: line["title"] for line in unmet if line["star"] == next_star}


def _sessions(rows: Iterable[Row]) -> list[Session]:
    found = {row.item.session_id: row.item.session for row in rows}
    return sorted(found.values(), key=lambda session: (session.held_on, session.pk))


def after_council(item: AgendaItem, user: Any) -> dict[str, Any]:
    """What the page of a closed result says of its way on: submission, file for the Ministry, other meetings.

    The other results of the dossier are told to the council's people and the office only. At most three
    queries.
    """
    inside = user.has_role(Role.COUNCIL_MEMBER, *Role.province_wide)
    others: list[AgendaItem] = []
    if inside:
        others = list(
            AgendaItem.objects.visible_to(user)
            .filter(version__dossier=item.version.dossier_id)
            .exclude(pk=item.pk)
            .select_related("session")
            .order_by("pk")
        )
    return {
        "waits_in": _waits_in(item) if inside else None,
        "is_announced": item.state == ItemState.CLOSED and announced_items(user).filter(pk=item.pk).exists(),
        "has_package": item.result.potential_five and user.has_perm("evaluation.manage_package", item),
        "before_item": next((row for row in reversed(others) if _was_sent_back_before(row, item)), None),
        "later_item": next((row for row in reversed(others) if row.pk > item.pk), None),
    }


def _waits_in(item: AgendaItem) -> Submission | None:
    return Submission.objects.filter(lines__item=item, state=SubmissionState.SUBMITTED).first()


def _was_sent_back_before(row: AgendaItem, item: AgendaItem) -> bool:
    return row.state == ItemState.SENT_BACK and row.pk < item.pk


# --- the notice of a result ----------------------------------------------------------------------


def announced_items(user: Any) -> QuerySet[AgendaItem]:
    """Results the user may read the notice of: decided, sent to the Ministry, or approved on the way there.

    Entity, commune and province each for the dossiers they may read, the council's people for their own
    sessions.
    """
    own = Q(version__dossier__in=Dossier.objects.visible_to(user))
    of_council = Q(pk__in=AgendaItem.objects.visible_to(user).values("pk"))
    told = Q(version__dossier__state__in=DossierState.announced) | approved()
    items = AgendaItem.objects.filter(own | of_council).filter(told, state=ItemState.CLOSED)
    return _with_names(items).select_related("session__council__unit", "version__dossier__recognition")


@dataclass(frozen=True)
class ResultNotice:
    """The notice of a result: no member's name, no sheet; every failed condition by its name."""

    item: AgendaItem
    dossier: Dossier
    commune: str
    total: str
    outcome: str
    unmet: list[dict[str, Any]]
    ground: str
    decision: tuple[str, Any, str] | None


def result_notice(item: AgendaItem) -> ResultNotice:
    """What the printed notice says of an announced result."""
    result, dossier = item.result, item.version.dossier
    seen: dict[tuple[str, int], dict[str, Any]] = {}
    for line in result.detail["unmet"]:
        seen.setdefault((line["criterion"], line["star"]), line)
    return ResultNotice(
        item=item,
        dossier=dossier,
        commune=lower_first(dossier.commune.name),
        total=format_points(result.detail["total"]["shown"]),
        outcome=_outcome_words(item),
        unmet=sorted(seen.values(), key=lambda line: line["star"]),
        ground=result.detail["exclusion"]["ground"] if result.excluded else "",
        decision=_decision_of(item),
    )


def _outcome_words(item: AgendaItem) -> str:
    dossier, result = item.version.dossier, item.result
    if dossier.state == DossierState.RECOGNISED:
        return f"Được công nhận sản phẩm OCOP {dossier.recognition.star} sao"
    if dossier.state == DossierState.EXCLUDED:
        return "Hồ sơ bị loại, không xếp hạng sao"
    if dossier.state == DossierState.SENT_TO_MINISTRY:
        return "Tiềm năng 5 sao: tỉnh đã phê duyệt kết quả và trình Bộ Nông nghiệp và Môi trường đánh giá"
    if dossier.state == DossierState.SCORED:
        return "Tiềm năng 5 sao: tỉnh đã phê duyệt kết quả, đang lập hồ sơ trình Bộ Nông nghiệp và Môi trường"
    if result.star and result.star >= FIRST_RECOGNISED_STAR:
        return "Kết quả thấp hơn hạng sao hiện có; sản phẩm giữ hạng hiện có"
    return f"Xếp {result.star} sao, không được công nhận"


def _decision_of(item: AgendaItem) -> tuple[str, Any, str] | None:
    """Number, day and signer of the decision the result rests on, when one is entered."""
    recognition = getattr(item.version.dossier, "recognition", None)
    if recognition is not None:
        return recognition.decision_number, recognition.decided_on, recognition.decided_by
    approved = Submission.objects.filter(
        lines__item=item, lines__sent_back_reason="", state=SubmissionState.APPROVED
    ).first()
    if approved is None:
        return None
    province = item.session.council.unit.name
    return approved.decision_number, approved.decided_on, f"Chủ tịch Ủy ban nhân dân {lower_first(province)}"


def by_session(items: Sequence[AgendaItem]) -> list[tuple[Session, list[AgendaItem]]]:
    """The results put together by meeting, in the order they come."""
    groups: dict[int, tuple[Session, list[AgendaItem]]] = {}
    for item in items:
        groups.setdefault(item.session_id, (item.session, []))[1].append(item)
    return list(groups.values())
