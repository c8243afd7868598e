"""Classes and the register as their pages show them: lists, the grid, whom the records suggest."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership
from core.freshness import as_of
from core.models import AdminUnit
from core.text import search_key
from products.models import Entity
from training import persons, progress
from training.enums import ClassState, Operator, RegisterGroup
from training.models import AttendanceCertificate, Enrolment, HalfDay, Presence, RegisterPerson, TrainingClass
from training.register_rows import Suggestion

MOST_SUGGESTED = 500


def classes_for(user: Any) -> QuerySet[TrainingClass]:
    """Classes the user reads, the latest first: how many were enrolled, came at all, and attended enough."""
    return (
        TrainingClass.objects.visible_to(user)
        .select_related("unit")
        .annotate(
            enrolled=_number_of(Q()),
            came=_number_of(Q(present_halves__gt=0)),
            attended=_number_of(Q(attended=True)),
        )
        .order_by("-starts_on", "-pk")
    )


def _number_of(condition: Q) -> Coalesce:
    rows = Enrolment.objects.filter(condition, training_class=OuterRef("pk")).order_by()
    counted = rows.values("training_class").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def register_rows(user: Any) -> QuerySet[RegisterPerson]:
    """The register of the user's area, also those who left, with how many classes each attended in full.

    `counted_elsewhere`: the person is counted today by an earlier line, of another group.
    """
    attended = (
        Enrolment.objects.filter(person=OuterRef("pk"), attended=True)
        .exclude(training_class__state=ClassState.CANCELLED)
        .order_by()
        .values("person")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        RegisterPerson.objects.visible_to(user)
        .select_related("unit", "entity", "user")
        .annotate(
            attended=Coalesce(Subquery(attended, output_field=IntegerField()), Value(0)),
            counted_elsewhere=persons.counted_elsewhere(timezone.localdate()),
        )
        .order_by("sort_name", "pk")
    )


@dataclass(frozen=True)
class Coverage:
    """ "100 % trained" on a day: persons of the register who attended a class of the year in full."""

    trained: int
    on_register: int

    @property
    def percent(self) -> str:
        """Cut at the second decimal: everybody but one is not the 100 % nobody has reached."""
        share = Decimal(100 * self.trained) / self.on_register if self.on_register else Decimal(0)
        return progress.actual_words(Operator.PERCENT, share, None)


def coverage(user: Any, day: date) -> Coverage:
    """How many of the user's area are on the register that day, and attended a class since 1 January."""
    attended = Q(persons.attended_in_full(day.replace(month=1, day=1), day))
    found = (
        RegisterPerson.objects.visible_to(user)
        .filter(persons.to_be_trained(day))
        .order_by()
        .aggregate(all=Count("pk", distinct=True), trained=Count("pk", distinct=True, filter=attended))
    )
    return Coverage(found["trained"], found["all"])


# --- the grid ---


@dataclass(frozen=True)
class Cell:
    """A person at a half-day; `state`: present, waiting (to be confirmed), absent."""

    half_day: HalfDay
    state: str
    has_begun: bool

    @property
    def is_present(self) -> bool:
        return self.state == "present"


@dataclass(frozen=True)
class GridRow:
    enrolment: Enrolment
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Head:
    """A column: the half-day, and how many were there."""

    half_day: HalfDay
    present: int
    has_begun: bool


@dataclass(frozen=True)
class Grid:
    """Persons by half-days, of the part of the class the user may see."""

    heads: tuple[Head, ...]
    rows: tuple[GridRow, ...]
    waiting: int
    needed: int
    read_at: int

    @property
    def attended(self) -> int:
        return sum(row.enrolment.attended for row in self.rows)


def grid(training_class: TrainingClass, user: Any) -> Grid:
    """The grid in Vietnamese order: three queries, whatever its size."""
    today, read_at = timezone.localdate(), as_of()
    half_days = list(training_class.half_days.all())
    enrolments = list(
        Enrolment.objects.visible_to(user)
        .filter(training_class=training_class)
        .select_related("person__unit", "certificate")
        .order_by("person__sort_name", "pk")
    )
    for enrolment in enrolments:
        enrolment.training_class = training_class
    found = Presence.objects.filter(half_day__training_class=training_class)
    states = {
        (row.enrolment_id, row.half_day_id): "present" if row.confirmed_at else "waiting"
        for row in found.only("enrolment_id", "half_day_id", "confirmed_at")
    }
    rows = tuple(
        GridRow(
            enrolment,
            tuple(
                Cell(half, states.get((enrolment.pk, half.pk), "absent"), half.day <= today)
                for half in half_days
            ),
        )
        for enrolment in enrolments
    )
    present = Counter(cell.half_day.pk for row in rows for cell in row.cells if cell.is_present)
    return Grid(
        heads=tuple(Head(half, present[half.pk], half.day <= today) for half in half_days),
        rows=rows,
        waiting=sum(state == "waiting" for state in states.values()),
        needed=training_class.halves_needed(len(half_days)),
        read_at=read_at,
    )


def waiting_sign_ins(training_class: TrainingClass) -> QuerySet[Presence]:
    """Sign-ins by name that nobody has confirmed, in the order they came."""
    waiting = Presence.objects.filter(half_day__training_class=training_class, confirmed_at=None)
    return waiting.select_related("enrolment__person__unit", "half_day").order_by("marked_at", "pk")


def candidates(training_class: TrainingClass, user: Any) -> QuerySet[RegisterPerson]:
    """Whom the class may enrol: of its area, on the register when it begins."""
    area = Q(unit=training_class.unit_id) | Q(unit__parent=training_class.unit_id)
    still = Q(left_on=None) | Q(left_on__gt=training_class.starts_on)
    persons = RegisterPerson.objects.visible_to(user).filter(area, still)
    return persons.select_related("unit").order_by("sort_name", "pk")


def certificates_of(training_class: TrainingClass, user: Any) -> QuerySet[AttendanceCertificate]:
    """Certificates issued for the class, with what the paper says."""
    return (
        AttendanceCertificate.objects.visible_to(user)
        .filter(enrolment__training_class=training_class)
        .select_related("unit", "enrolment__person__unit", "enrolment__training_class")
    )


# --- whom the records suggest for the register ---


def suggestions(user: Any) -> list[Suggestion]:
    """Officers, council and advisory members with an account, and leaders of entities, not listed yet.

    Only in the provinces the user keeps the register of; at most MOST_SUGGESTED, officers first.
    """
    own = user.scope.unit_ids(Role.PROVINCIAL_OFFICER)
    area = Q(unit__in=own) | Q(unit__parent__in=own)
    found = [*_accounts(area), *_leaders(own)]
    return found[:MOST_SUGGESTED]


GROUPS = {
    Role.PROVINCIAL_OFFICER: RegisterGroup.OFFICIAL,
    Role.COMMUNE_OFFICER: RegisterGroup.OFFICIAL,
    Role.COUNCIL_MEMBER: RegisterGroup.COUNCIL,
    Role.ADVISORY_MEMBER: RegisterGroup.COUNCIL,
}


def _accounts(area: Q) -> Iterable[Suggestion]:
    """Accounts with a role of today; who is listed by account, or by name in the unit, is left out."""
    listed = RegisterPerson.objects.filter(area, left_on=None)
    by_account = set(listed.exclude(user=None).values_list("user_id", "group"))
    held = (
        Membership.objects.on(timezone.localdate())
        .filter(area, role__in=GROUPS, user__is_active=True)
        .select_related("user", "unit")
        .order_by("unit__level", "unit__sort_name", "user__full_name", "pk")
    )
    seen = set()
    for membership in held:
        user, group = membership.user, GROUPS[Role(membership.role)]
        if (user.pk, group) in by_account or (user.pk, group) in seen or not user.full_name:
            continue
        seen.add((user.pk, group))
        yield Suggestion(
            key=f"u{user.pk}-{group}",
            name=user.full_name,
            unit=membership.unit,
            group=group,
            position=user.position,
            reason=f"Tài khoản {membership.get_role_display().lower()}",
            user=user,
        )


def _leaders(provinces: Iterable[int]) -> Iterable[Suggestion]:
    """Representatives of living entities without anybody on the register."""
    listed = RegisterPerson.objects.filter(entity=OuterRef("pk"), left_on=None)
    entities = (
        Entity.objects.living()
        .filter(~Exists(listed), commune__parent__in=provinces)
        .exclude(representative="")
        .select_related("commune")
        .order_by("commune__sort_name", "sort_name", "pk")
    )
    for entity in entities[:MOST_SUGGESTED]:
        yield Suggestion(
            key=f"e{entity.pk}",
            name=entity.representative,
            unit=entity.commune,
            group=RegisterGroup.ENTITY_LEADER,
            position=entity.representative_position,
            reason=f"Người đại diện của {entity.name}",
            entity=entity,
        )


# --- signing in by phone ---


def enrolled_as(half_day: HalfDay, user: Any) -> Enrolment | None:
    """The enrolment an account stands for in the class: its own person, or the only leader of its entity."""
    rows = Enrolment.objects.filter(training_class=half_day.training_class).select_related("person__unit")
    own = rows.filter(person__user=user).first()
    if own:
        return own
    led = list(rows.filter(person__entity__accounts__user=user, person__user=None)[:2])
    return led[0] if len(led) == 1 else None


def enrolled_by_name(half_day: HalfDay, name: str) -> list[Enrolment]:
    """Who of the class has exactly this full name, with or without diacritics; nobody for a single word."""
    key = search_key(name)
    if " " not in key:
        return []
    rows = Enrolment.objects.filter(training_class=half_day.training_class, person__search_name=key)
    return list(rows.select_related("person__unit").order_by("person__unit__sort_name", "pk"))


def unit_choices(user: Any) -> list[tuple[int, str]]:
    """Units of the user's register, for a filter."""
    by_pk = Q(pk__in=user.scope.unit_ids(Role.COMMUNE_OFFICER, *Role.province_wide))
    provinces = user.scope.unit_ids(*Role.province_wide) & user.scope.province_ids
    units = AdminUnit.objects.current().filter(by_pk | Q(parent__in=provinces))
    return list(units.order_by("-level", "sort_name").values_list("pk", "name"))
