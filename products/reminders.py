"""What people are reminded of: re-ranking, expiry, the commune's days, papers, forgotten drafts."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.queries import looking_after
from core.enums import NoticeKind
from core.models import AdminUnit
from core.notices import Message
from core.numbers import format_date
from core.reminders import reminds
from products import deadlines, windows
from products.enums import DossierState, RecognitionState
from products.models import Dossier, DossierVersion, EntityAccount, Evidence, Recognition

WINDOW_AHEAD = 30
EXPIRY_AHEAD = 30
PAPER_AHEAD = 30
DRAFT_IDLE = 30
COMMUNE_AHEAD = 3
# What ended longer ago than this is no news any more.
STILL_NEWS = 30


class Audience:
    """Accounts of entities and officers of communes, looked up once for many messages."""

    def __init__(self, *, entities: Iterable[int], communes: Iterable[AdminUnit]) -> None:
        self._accounts = _grouped(
            EntityAccount.objects.filter(
                entity__in=set(entities), user__is_active=True, user__in=_entity_people()
            ).select_related("user"),
            "entity_id",
        )
        units = {unit.pk for unit in communes}
        self._officers = _grouped(
            looking_after(units).filter(role=Role.COMMUNE_OFFICER).select_related("user"),
            "looked_after",
        )

    def of_entity(self, entity_id: int) -> tuple[User, ...]:
        return self._accounts.get(entity_id, ())

    def of_commune(self, commune_id: int) -> tuple[User, ...]:
        return self._officers.get(commune_id, ())

    def writers_of(self, dossier: Dossier) -> tuple[User, ...]:
        """Who writes a draft: the entity's accounts, or the officer who entered it for the entity.

        Who wrote it once and is no longer either of them is told nothing.
        """
        officers = self.of_commune(dossier.commune_id)
        return self.of_entity(dossier.product.entity_id) or tuple(
            person for person in officers if person.pk == dossier.created_by_id
        )

    @classmethod
    def for_dossiers(cls, dossiers: Iterable[Dossier]) -> "Audience":
        found = list(dossiers)
        return cls(entities=[d.product.entity_id for d in found], communes=[d.commune for d in found])


def _entity_people() -> Any:
    """Ids of those who hold an entity's role today: an account outlives the role."""
    return Membership.objects.on(timezone.localdate()).filter(role=Role.ENTITY).values("user")


def _grouped(rows: Iterable[Any], name: str) -> dict[int, tuple[User, ...]]:
    groups: dict[int, tuple[User, ...]] = {}
    for row in rows:
        key = getattr(row, name)
        groups[key] = (*groups.get(key, ()), row.user)
    return groups


# --- recognitions ---


@reminds
def recognitions_that_end(day: dt.date) -> Iterator[Message]:
    """Entity and commune: the window of re-ranking comes, opens, closes; recognition ends (Đ4, Đ7 k6a)."""
    rows = list(_ending(day))
    audience = Audience(
        entities=[row.product.entity_id for row in rows], communes=[row.product.commune for row in rows]
    )
    for row in rows:
        stage = stage_of(row, day)
        if stage:
            name, words = stage
            product = row.product
            yield Message(
                users=(*audience.of_entity(product.entity_id), *audience.of_commune(product.commune_id)),
                kind=NoticeKind.RECOGNITION,
                title=f"{words}: {product.name}",
                body=f"{product.entity}, {product.commune}",
                url=reverse("products:product", args=[product.pk]),
                key=f"recognition:{row.pk}:{row.expires_on}:{name}",
            )


def _ending(day: dt.date) -> Any:
    """Recognitions in force near their window or end, without a dossier already filed for the product."""
    filed = Dossier.objects.open().exclude(state__in=DossierState.editable)
    return (
        Recognition.objects.filter(
            state=RecognitionState.VALID,
            expires_on__gte=day - windows.LONGEST_EXTENSION - dt.timedelta(days=STILL_NEWS),
            expires_on__lte=day + windows.OPENS_BEFORE + dt.timedelta(days=WINDOW_AHEAD),
        )
        .exclude(product__in=filed.values("product"))
        .select_related("product__entity", "product__commune")
        .order_by("pk")
    )


def stage_of(recognition: Recognition, day: dt.date) -> tuple[str, str] | None:
    """Where the day stands between the window and the end: (name of the stage, words), or None.

    Stages are spans of days, so that a day without a run leaves none out.
    """
    window, last = windows.window_of(recognition), recognition.extended_until or recognition.expires_on
    if window is None or last is None:
        return None
    to_opening, to_closing = (window.opens_on - day).days, (window.closes_on - day).days
    if to_opening > 0:
        return _before_opening(to_opening, window)
    if to_closing >= 0:
        return _while_open(to_closing, window)
    return _before_end((last - day).days, last)


def _before_opening(days: int, window: windows.Window) -> tuple[str, str] | None:
    words = f"Cửa sổ đánh giá, phân hạng lại mở ngày {format_date(window.opens_on)}"
    if days <= 7:
        return "opens-7", words
    return ("opens-30", words) if days <= WINDOW_AHEAD else None


def _while_open(days: int, window: windows.Window) -> tuple[str, str]:
    closes = format_date(window.closes_on)
    if days <= 14:
        return "closes-14", f"Sắp hết thời gian nộp hồ sơ đánh giá lại (đến {closes})"
    return "open", f"Đã đến thời gian nộp hồ sơ đánh giá lại (đến {closes})"


def _before_end(days: int, last: dt.date) -> tuple[str, str] | None:
    if 0 <= days <= EXPIRY_AHEAD:
        return f"ends-{last}", f"Công nhận OCOP hết hạn ngày {format_date(last)}"
    if -STILL_NEWS <= days < 0:
        return f"ended-{last}", f"Công nhận OCOP đã hết hạn từ ngày {format_date(last)}"
    return None


# --- the commune's working days ---


@reminds
def dossiers_at_the_commune(day: dt.date) -> Iterator[Message]:
    """The commune's officers: three working days left, or the day has passed (Đ7 k2)."""
    waiting = list(Dossier.objects.filter(state__in=DossierState.with_commune).with_names())
    audience = Audience.for_dossiers(waiting)
    for dossier in waiting:
        due = deadlines.due_on(dossier)
        if due is None or due > deadlines.working_days_after(day, COMMUNE_AHEAD):
            continue
        late = due < day
        words = "Quá hạn xã kiểm tra hồ sơ" if late else "Sắp hết hạn xã kiểm tra hồ sơ"
        yield Message(
            users=audience.of_commune(dossier.commune_id),
            kind=NoticeKind.DEADLINE,
            title=f"{words} (hạn {format_date(due)}): {dossier.product.name}",
            body=str(dossier.product.entity),
            url=reverse("products:dossier", args=[dossier.pk]),
            key=f"commune-days:{dossier.pk}:{due}:{'late' if late else 'soon'}",
        )


# --- drafts ---


def _drafts() -> Any:
    editable = Dossier.objects.filter(state__in=DossierState.editable)
    return editable.with_names().select_related("created_by", "product__entity", "commune")


@reminds
def papers_that_expire(day: dt.date) -> Iterator[Message]:
    """Writers of a draft: a paper in it has expired or soon will."""
    papers = Evidence.objects.filter(
        version__submitted_at=None,
        version__dossier__in=_drafts().values("pk"),
        expires_on__lte=day + dt.timedelta(days=PAPER_AHEAD),
    ).select_related("version")
    by_dossier: dict[int, list[Evidence]] = {}
    for paper in papers:
        by_dossier.setdefault(paper.version.dossier_id, []).append(paper)
    drafts = list(_drafts().filter(pk__in=by_dossier))
    audience = Audience.for_dossiers(drafts)
    for draft in drafts:
        users = audience.writers_of(draft)
        yield from (_paper_message(paper, draft, users, day) for paper in by_dossier[draft.pk])


def _paper_message(paper: Evidence, draft: Dossier, users: tuple[User, ...], day: dt.date) -> Message:
    past = paper.expires_on is not None and paper.expires_on < day
    words = "Giấy tờ minh chứng đã hết hạn từ" if past else "Giấy tờ minh chứng hết hạn"
    return Message(
        users=users,
        kind=NoticeKind.PAPER,
        title=f"{words} ngày {format_date(paper.expires_on)}: {paper}",
        body=f"Hồ sơ {draft.product.name}, {draft.product.entity}",
        url=reverse("products:dossier", args=[draft.pk]),
        # The file, not the row: the next version carries a copy of the row.
        key=f"paper:{draft.pk}:{paper.stored_id}:{paper.expires_on}:{'past' if past else 'soon'}",
    )


@reminds
def forgotten_drafts(day: dt.date) -> Iterator[Message]:
    """Writers of a draft nobody has touched for thirty days."""
    before = day - dt.timedelta(days=DRAFT_IDLE)
    old = list(_drafts().filter(state_since__date__lte=before))
    touched = _last_touched(old)
    audience = Audience.for_dossiers(old)
    for draft in old:
        last = timezone.localdate(max(draft.state_since, touched.get(draft.pk, draft.state_since)))
        if last > before:
            continue
        yield Message(
            users=audience.writers_of(draft),
            kind=NoticeKind.DOSSIER,
            title=f"Hồ sơ đang soạn, không có thay đổi từ ngày {format_date(last)}: {draft.product.name}",
            body=str(draft.product.entity),
            url=reverse("products:dossier", args=[draft.pk]),
            key=f"idle:{draft.pk}:{last}",
        )


def _last_touched(dossiers: Iterable[Dossier]) -> dict[int, dt.datetime]:
    """When the text of each draft was last saved, from the history of rows."""
    rows = DossierVersion.pgh_event_model.objects  # type: ignore[attr-defined]
    events = rows.filter(dossier__in=[dossier.pk for dossier in dossiers])
    return dict(events.values("dossier").annotate(last=Max("pgh_created_at")).values_list("dossier", "last"))
