"""What the page is about: a plan, perhaps one commune, perhaps one family or set of products.

The filters stand in the address: `plan` (its code) or `year`, `commune` (its id), `group` (a family's name
or a set's number), `target` (the one whose growth is drawn), `sap` (how communes are sorted).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from core.mergers import units_within
from core.models import AdminUnit
from products.models import ProductSet
from training.enums import ClassState, PlanLevel, PlanStatus
from training.models import BudgetLine, FigureSet, Plan, TrainingClass

LONGEST_ID = 18
# How the communes may be sorted: by products, by name, by products of a star.
COMMUNE_ORDERS = ("", "ten", "sao-5", "sao-4", "sao-3")


@dataclass(frozen=True)
class SetOffered:
    """A product set as the filter names it."""

    pk: int
    number: int
    name: str
    family: str

    def __str__(self) -> str:
        return f"Bộ {self.number} - {self.name}"


@dataclass(frozen=True)
class Beside:
    """Small lists of a plan, read together: its area's communes, the product sets, its money.

    `closed_until`: the last day of which figures were closed and approved.
    """

    communes: tuple[AdminUnit, ...] = ()
    sets: tuple[SetOffered, ...] = ()
    money: tuple[BudgetLine, ...] = ()
    classes_to_come: int = 0
    closed_until: date | None = None

    @property
    def families(self) -> dict[str, list[SetOffered]]:
        """The sets by family."""
        by_family: dict[str, list[SetOffered]] = {}
        for row in self.sets:
            by_family.setdefault(row.family, []).append(row)
        return by_family

    @property
    def current_communes(self) -> tuple[AdminUnit, ...]:
        return tuple(unit for unit in self.communes if unit.valid_to is None)


YEARS, LONGER, COMMUNES, REFERENCE = "Năm", "Giai đoạn, đề án", "Kế hoạch cấp xã", "Tham khảo"
KINDS = (YEARS, LONGER, COMMUNES, REFERENCE)


@dataclass(frozen=True)
class PlanOffered:
    """A plan as the switch names it."""

    plan: Plan
    label: str


def _kind(plan: Plan) -> str:
    if plan.is_reference:
        return REFERENCE
    return {PlanLevel.YEAR: YEARS, PlanLevel.COMMUNE: COMMUNES}.get(PlanLevel(plan.level), LONGER)


def _label(plan: Plan, plans: Iterable[Plan]) -> str:
    """A yearly plan by its year, with its title where the year has several; others by their title."""
    if _kind(plan) != YEARS:
        return plan.title
    year = plan.starts_on.year
    alone = sum(_kind(other) == YEARS and other.starts_on.year == year for other in plans) == 1
    draft = " (dự thảo)" if plan.status == PlanStatus.DRAFT else ""
    return f"Năm {year}{draft}" if alone else f"Năm {year}{draft}: {plan.title}"


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what else can be."""

    plan: Plan
    plans: tuple[Plan, ...] = ()
    beside: Beside = Beside()
    commune: AdminUnit | None = None
    family: str = ""
    product_set: SetOffered | None = None
    target_id: int | None = None
    order: str = ""

    @property
    def has_filters(self) -> bool:
        return bool(self.commune or self.has_group)

    @property
    def has_group(self) -> bool:
        return bool(self.family or self.product_set)

    @property
    def group_words(self) -> str:
        return str(self.product_set) if self.product_set else self.family

    @property
    def group_value(self) -> str:
        """The group as the address names it."""
        return str(self.product_set.number) if self.product_set else self.family

    @property
    def commune_parts(self) -> frozenset[int]:
        """The ids of the chosen commune and of those merged into it."""
        chosen = self.commune.pk if self.commune else None
        return frozenset(unit.pk for unit in self.beside.communes if unit.counts_for_id == chosen)

    @property
    def communes_offered(self) -> list[AdminUnit]:
        """Those of today, and the chosen one when it was parted since."""
        chosen = self.commune.pk if self.commune else None
        return [unit for unit in self.beside.communes if unit.valid_to is None or unit.pk == chosen]

    @property
    def plans_by_kind(self) -> list[tuple[str, list[PlanOffered]]]:
        """The switch: years of the own province first, then longer plans, communes' and reference plans."""
        by_kind: dict[str, list[PlanOffered]] = {kind: [] for kind in KINDS}
        for plan in self.plans:
            by_kind[_kind(plan)].append(PlanOffered(plan, _label(plan, self.plans)))
        return [(kind, rows) for kind, rows in by_kind.items() if rows]

    @property
    def of_dossiers(self) -> Q:
        """The dossiers of the chosen area and group."""
        area = self.commune or self.plan.unit
        condition = Q(commune__in=units_within(area))
        if self.product_set:
            return condition & Q(product__product_set=self.product_set.pk)
        return condition & Q(product__product_set__family=self.family) if self.family else condition

    @property
    def for_lists(self) -> dict[str, Any]:
        """The group as the list behind an indicator takes it."""
        if self.product_set:
            return {"set": self.product_set.number}
        return {"family": self.family} if self.family else {}

    @property
    def for_dossiers(self) -> dict[str, Any]:
        """Commune and group as the list of dossiers takes them; a commune's own plan has its commune."""
        commune = self.commune or (None if self.plan.unit.is_province else self.plan.unit)
        query: dict[str, Any] = {"commune": commune.pk} if commune else {}
        if self.product_set:
            return query | {"product_set": self.product_set.pk}
        return query | ({"family": self.family} if self.family else {})


def plans_of(user: Any) -> list[Plan]:
    """The plans the switch offers: live ones of the latest period first, then reference ones."""
    visible = Plan.objects.visible_to(user).select_related("unit")
    return sorted(visible, key=lambda plan: (plan.is_reference, -plan.starts_on.toordinal(), plan.code))


def default_plan(plans: Iterable[Plan], user: Any, year: int | None = None) -> Plan | None:
    """The own province's plan of the named year; else its yearly plan in force; else the first there is."""
    plans = list(plans)
    own = [
        plan
        for plan in plans
        if plan.level == PlanLevel.YEAR and plan.unit_id in user.scope.province_ids and not plan.is_reference
    ]
    own.sort(key=lambda plan: plan.status != PlanStatus.IN_FORCE)
    of_year = [plan for plan in own if plan.starts_on.year == year]
    in_force = [plan for plan in own if plan.status == PlanStatus.IN_FORCE]
    return next(iter([*of_year, *in_force, *plans]), None)


def choose(user: Any, query: Mapping[str, str]) -> Choice | None:
    """What an address asks for; None where there is no plan at all.

    Raises LookupError for a plan or a commune outside the user's area; what makes no sense is ignored.
    """
    plans = plans_of(user)
    plan = _plan(plans, user, query)
    if plan is None:
        return None
    beside = _beside(plan)
    target, order = _id(query.get("target", "")), query.get("sap", "")
    known = Choice(
        plan, tuple(plans), beside, target_id=target, order=order if order in COMMUNE_ORDERS else ""
    )
    # A reference plan rests on no records that could be told apart.
    return known if plan.is_reference else _narrowed(known, query)


def _plan(plans: list[Plan], user: Any, query: Mapping[str, str]) -> Plan | None:
    code, year = query.get("plan", ""), query.get("year", "")
    if not code:
        return default_plan(plans, user, int(year) if year.isdecimal() and len(year) == 4 else None)
    found = next((plan for plan in plans if plan.code == code), None)
    if found is None:
        raise LookupError(code)
    return found


def _narrowed(known: Choice, query: Mapping[str, str]) -> Choice:
    group, beside = query.get("group", ""), known.beside
    return replace(
        known,
        commune=_commune(beside, _id(query.get("commune", ""))),
        family=group if group in beside.families else "",
        product_set=next((row for row in beside.sets if str(row.number) == group), None),
    )


def _commune(beside: Beside, pk: int | None) -> AdminUnit | None:
    """The commune of today an id stands for: a merged one is its successor."""
    if pk is None:
        return None
    by_id = {unit.pk: unit for unit in beside.communes}
    if pk not in by_id:
        raise LookupError(pk)
    return by_id.get(by_id[pk].counts_for_id, by_id[pk])


def _id(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_ID else None


def _beside(plan: Plan) -> Beside:
    """One query."""
    communes = AdminUnit.objects.filter(parent=OuterRef("unit")).order_by("sort_name", "pk")
    money = BudgetLine.objects.filter(plan=OuterRef("pk")).order_by("position", "pk")
    coming = TrainingClass.objects.filter(
        Q(unit=OuterRef("unit")) | Q(unit__parent=OuterRef("unit")),
        state__in=ClassState.to_come,
        starts_on__range=(OuterRef("starts_on"), OuterRef("ends_on")),
        ends_on__gte=timezone.localdate(),
    )
    closed = FigureSet.objects.approved().filter(plan=OuterRef("pk")).order_by("-as_of")
    # A plain function: an aggregate would be grouped.
    counted = coming.order_by().annotate(n=Func("pk", function="COUNT", output_field=IntegerField()))
    row = (
        Plan.objects.filter(pk=plan.pk)
        .values(
            communes=ArraySubquery(
                communes.values(
                    data=JSONObject(
                        id="pk", name="name", code="code", valid_to="valid_to", counts_for_id="counts_for"
                    )
                )
            ),
            sets=ArraySubquery(
                ProductSet.objects.order_by("number").values(
                    data=JSONObject(pk="pk", number="number", name="name", family="family")
                )
            ),
            money=ArraySubquery(
                money.values(
                    data=JSONObject(
                        id="pk", purpose="purpose", fund="fund", planned="planned", spent="spent",
                        spent_on="spent_on",
                    )
                )
            ),
            coming=Subquery(counted.values("n")),
            closed=Subquery(closed.values("as_of")[:1]),
        )
        .get()
    )  # fmt: skip
    return Beside(
        communes=tuple(AdminUnit(parent_id=plan.unit_id, **unit) for unit in row["communes"]),
        sets=tuple(SetOffered(**found) for found in row["sets"]),
        money=tuple(_budget_line(plan, line) for line in row["money"]),
        classes_to_come=row["coming"],
        closed_until=row["closed"],
    )


def _budget_line(plan: Plan, line: dict[str, Any]) -> BudgetLine:
    spent, day = line.pop("spent"), line.pop("spent_on")
    return BudgetLine(
        plan=plan,
        planned=Decimal(line.pop("planned")),
        spent=None if spent is None else Decimal(spent),
        spent_on=date.fromisoformat(day) if day else None,
        **line,
    )
