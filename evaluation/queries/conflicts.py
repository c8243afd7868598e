"""Conflicts of interest the system can see. Hints only: a person decides and declares (services.recusals)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Membership
from core.models import AuditEntry
from core.text import search_key
from evaluation.enums import RecusalGround, SheetState
from evaluation.models import AdvisoryAssignment, AgendaItem, Recusal, Seat, Session, TeamSeat
from products.models import CommuneReport, EntityAccount

Pair = tuple[int, int]  # (item, seat)


@dataclass(frozen=True)
class Hint:
    """A possible conflict of one member with one dossier, and the ground a declaration would name."""

    seat: Seat
    ground: str
    words: str


def hints_of(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> dict[Pair, list[Hint]]:
    """Possible conflicts of every seat's person with every item; six queries for any number of both.

    Items bring `version.dossier.product.entity` and the dossier's commune, seats their user along.
    """
    if not items or not seats:
        return {}
    found: dict[Pair, list[Hint]] = defaultdict(list)
    for finder in (_same_unit, _commune_report, _proposal, _advised, _team, _accounts, _representative):
        for item, seat, ground, words in finder(items, seats):
            found[item.pk, seat.pk].append(Hint(seat, ground, words))
    return dict(found)


Found = Iterable[tuple[AgendaItem, Seat, str, str]]


def _users(seats: Sequence[Seat]) -> dict[int, list[Seat]]:
    by_user = defaultdict(list)
    for seat in seats:
        by_user[seat.user_id].append(seat)
    return by_user


def _same_unit(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    """The person works, or worked after the dossier was begun, in the commune that proposed it."""
    by_user = _users(seats)
    communes = {item.version.dossier.commune_id for item in items}
    rows = Membership.objects.filter(user__in=by_user, unit__in=communes).select_related("unit")
    for row in rows:
        for item in items:
            dossier = item.version.dossier
            still = row.valid_to is None or row.valid_to >= dossier.created_at.date()
            if row.unit_id == dossier.commune_id and still:
                for seat in by_user[row.user_id]:
                    yield item, seat, RecusalGround.SAME_UNIT, f"công tác tại {row.unit}"


def _commune_report(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    reports = {row.version_id: row for row in CommuneReport.objects.filter(version__in=_versions(items))}
    for item in items:
        report = reports.get(item.version_id)
        if report is None:
            continue
        for seat in seats:
            if seat.user_id == report.written_by_id:
                yield item, seat, RecusalGround.SIGNED_REPORT, "đã lập báo cáo của cấp xã (Mẫu 03)"
            elif _same_name(seat.user.full_name, report.signer_name):
                yield item, seat, RecusalGround.SIGNED_REPORT, "trùng tên người ký báo cáo của cấp xã"


def _versions(items: Sequence[AgendaItem]) -> list[int]:
    return [item.version_id for item in items]


def _proposal(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    """Who sent the commune's proposal stands in the log of acts."""
    by_user = _users(seats)
    by_dossier = {str(item.version.dossier_id): item for item in items}
    rows = AuditEntry.objects.filter(
        verb="dossier.propose", object_type="products.dossier", object_id__in=by_dossier, actor__in=by_user
    )
    for object_id, actor in rows.values_list("object_id", "actor").distinct():
        for seat in by_user[actor]:
            yield by_dossier[object_id], seat, RecusalGround.SIGNED_REPORT, "đã gửi đề nghị của cấp xã"


def _advised(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    by_user = _users(seats)
    by_dossier = {item.version.dossier_id: item for item in items}
    rows = AdvisoryAssignment.objects.filter(dossier__in=by_dossier, member__in=by_user)
    for dossier, member in rows.values_list("dossier", "member"):
        for seat in by_user[member]:
            yield by_dossier[dossier], seat, RecusalGround.ADVISED, "được giao tham mưu hồ sơ này"


def _team(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    by_user = _users(seats)
    rows = TeamSeat.objects.active().filter(user__in=by_user, council__in={seat.council_id for seat in seats})
    for council, user in rows.values_list("council", "user"):
        for seat in by_user[user]:
            if seat.council_id == council:
                for item in items:
                    yield item, seat, RecusalGround.ADVISED, "là thành viên Tổ tư vấn của Hội đồng"


def _accounts(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    by_user = _users(seats)
    by_entity = defaultdict(list)
    for item in items:
        by_entity[item.version.dossier.product.entity_id].append(item)
    rows = EntityAccount.objects.filter(entity__in=by_entity, user__in=by_user)
    for entity, user in rows.values_list("entity", "user"):
        for item in by_entity[entity]:
            for seat in by_user[user]:
                yield item, seat, RecusalGround.REPRESENTATIVE, "có tài khoản của chủ thể"


def _representative(items: Sequence[AgendaItem], seats: Sequence[Seat]) -> Found:
    for item in items:
        name = item.version.dossier.product.entity.representative
        for seat in seats:
            if _same_name(seat.user.full_name, name):
                yield item, seat, RecusalGround.REPRESENTATIVE, "trùng tên người đại diện của chủ thể"


def _same_name(one: str, other: str) -> bool:
    """Alike without diacritics: a weak sign, many people share a name."""
    return bool(one and other) and search_key(one) == search_key(other)


def recusals_of(items: Iterable[AgendaItem]) -> dict[int, list[Recusal]]:
    """The recusals in force by their item; one query."""
    found: dict[int, list[Recusal]] = defaultdict(list)
    rows = Recusal.objects.in_force().filter(item__in=list(items))
    for row in rows.select_related("seat__user", "declared_by"):
        found[row.item_id].append(row)
    return found


def seats_to_name(item: AgendaItem) -> QuerySet[Seat]:
    """Whom a recusal may name: who scores, and whose submitted sheet counts though they do no more."""
    submitted = item.sheets.filter(state=SheetState.SUBMITTED).values("seat")
    recused = item.recusals.in_force().values("seat")
    seats = item.session.council.seats.filter(Q(left_on=None, scores=True) | Q(pk__in=submitted))
    return seats.exclude(pk__in=recused).select_related("user").in_order()


def is_recused(user: Any, item: AgendaItem) -> bool:
    """Whether the user does not score the item because of a conflict of interest."""
    return item.recusals.in_force().filter(seat__user=user).exists()


def own_conflicts(sheets: Sequence[Any]) -> Sequence[Any]:
    """The member's own sheets with `hints` and `recusal` set on each; nine queries for any number."""
    rows = AgendaItem.objects.filter(pk__in={sheet.item_id for sheet in sheets})
    items = list(rows.select_related("version__dossier__product__entity", "version__dossier__commune"))
    seats = list(Seat.objects.filter(pk__in={sheet.seat_id for sheet in sheets}).select_related("user"))
    hints, recusals = hints_of(items, seats), recusals_of(items)
    for sheet in sheets:
        mine = [row for row in recusals.get(sheet.item_id, ()) if row.seat_id == sheet.seat_id]
        sheet.recusal = mine[0] if mine else None
        sheet.hints = [] if mine else hints.get((sheet.item_id, sheet.seat_id), [])
    return sheets


@dataclass(frozen=True)
class ItemConflicts:
    """What the secretary sees of one dossier: who does not score it, and who might have to declare."""

    item: AgendaItem
    recusals: list[Recusal]
    hints: list[Hint]


def conflicts_of(session: Session, items: Sequence[AgendaItem]) -> list[ItemConflicts]:
    """The dossiers of an agenda with a recusal, or with a hint nobody has declared on; eight queries."""
    seats = list(session.council.seats.active().scoring().select_related("user").in_order())
    hints, recusals = hints_of(items, seats), recusals_of(items)
    found = []
    for item in items:
        recused = recusals.get(item.pk, [])
        declared = {row.seat_id for row in recused}
        undeclared = [seat for seat in seats if seat.pk not in declared]
        open_hints = [hint for seat in undeclared for hint in hints.get((item.pk, seat.pk), [])]
        if recused or open_hints:
            found.append(ItemConflicts(item, recused, open_hints))
    return found
