"""The country for measuring: 34 provinces, 3,321 communes, 20,000 products, 40,000 dossiers with history.

Plans with an allocation to every commune, tasks, money, the register, classes and who attended them. Rows
are written past the services: for tests and `bench_board` only, on a database of its own.
"""

from collections.abc import Iterator
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

import pgtrigger
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Membership, User
from core.models import AdminUnit
from core.services import load_units, province_codes
from ocop import bulk
from products.models import Dossier
from training import plan_files
from training.enums import ActualState, ClassState, PlanStatus, RegisterGroup, TaskStatus
from training.models import (
    Actual,
    BudgetLine,
    Enrolment,
    Indicator,
    Plan,
    RegisterPerson,
    Target,
    Task,
    TrainingClass,
)
from training.services import load_plan_file

# The province whose pages are opened; with `heavy` three of four products are its own.
HOME = "42"
PERSONS_A_COMMUNE, CLASSES_A_PROVINCE = 3, 24
YEARS = (2025, 2026)
ALLOCATED = ("products-recognised", "products-joined")


def fill(*, heavy: bool = False) -> None:
    """Write the country into the empty database; `heavy`: three of four products in one province."""
    with transaction.atomic(), pgtrigger.ignore():
        for code in province_codes():
            load_units(code)
        home = AdminUnit.objects.provinces().get(code=HOME)
        communes = list(AdminUnit.objects.communes().current().order_by("code"))
        _people(home, next(unit for unit in communes if unit.parent_id == home.pk))
        bulk.records(bulk.FULL, list(_places(communes, home, heavy=heavy)))
        with connection.cursor() as cursor:
            cursor.execute(CHANNELS, [])
            cursor.execute(_history(), [])
        for path in plan_files.all_files():
            load_plan_file(path, by=None)
        _plans(communes)
        _training(communes)
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _places(communes: list[AdminUnit], home: AdminUnit, *, heavy: bool) -> Iterator[AdminUnit]:
    """The commune of each entity: all communes in turn, or three times one of the home province first."""
    everywhere = cycle(communes)
    at_home = cycle([unit for unit in communes if unit.parent_id == home.pk])
    for number in range(bulk.FULL.entities):
        yield next(at_home if heavy and number % 4 else everywhere)


def _people(province: AdminUnit, commune: AdminUnit) -> None:
    """Who opens the pages: `lanhdao`, `tinh` and `xa`, with the password "do-toc-do"."""
    secret = make_password("do-toc-do")
    for username, role, unit in (
        ("lanhdao", Role.LEADERSHIP, province),
        ("tinh", Role.PROVINCIAL_OFFICER, province),
        ("xa", Role.COMMUNE_OFFICER, commune),
    ):
        user = User.objects.create(username=username, full_name=f"Người {username}", password=secret)
        Membership.objects.create(user=user, role=role, unit=unit, valid_from=date(2025, 7, 1))


CHANNELS = """
update products_product set sales_channels = case id %% 4 when 0 then '{}'::varchar[]
    when 1 then '{e_commerce,shop}' when 2 then '{market}' else '{supermarket,export,social}' end
"""
# Steps a dossier passed, and how many days before it came to where it stands.
ROAD = (
    ("draft", 90),
    ("submitted", 70),
    ("returned", 60),
    ("submitted", 50),
    ("proposed", 35),
    ("accepted", 20),
)


def _history() -> str:
    """Six steps before the one each dossier stands at, and that one."""
    fields = [field for field in Dossier._meta.concrete_fields if field.name not in ("state", "state_since")]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    steps = ", ".join(f"('{step}', {back})" for step, back in ROAD)
    table = Dossier.pgh_event_model._meta.db_table
    return f"""
        insert into {table} (pgh_created_at, pgh_label, pgh_obj_id, state, state_since, {columns})
        select now(), 'update', id, coalesce(road.step, state),
            state_since - coalesce(road.back, 0) * interval '1 day', {columns}
        from products_dossier, (values {steps}, (null, null)) road (step, back)
    """  # noqa: S608  names of the application's own tables and columns


def _plans(communes: list[AdminUnit]) -> None:
    """Plans of two years for every province as the demonstration plan, the home province's own kept."""
    model = Plan.objects.get(code="ht-2026")
    lines = [list(rows) for rows in (model.targets.all(), model.tasks.all(), model.budget_lines.all())]
    allocated = list(Indicator.objects.filter(code__in=ALLOCATED))
    by_province: dict[int, list[AdminUnit]] = {}
    for unit in communes:
        by_province.setdefault(unit.parent_id, []).append(unit)
    for province in AdminUnit.objects.provinces().current().order_by("code"):
        for year in YEARS:
            own = (province.code, year) == (HOME, 2026)
            plan = model if own else _plan_like(model, province, year, lines)
            _allocate(plan, allocated, by_province[province.pk])
            _late_tasks(plan, by_province[province.pk])
    _actuals()


def _plan_like(model: Plan, province: AdminUnit, year: int, lines: list[list]) -> Plan:
    plan = Plan.objects.create(
        code=f"kh-{province.code}-{year}",
        title=f"Kế hoạch Chương trình OCOP năm {year}",
        level=model.level,
        unit=province,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        status=PlanStatus.IN_FORCE if year == max(YEARS) else PlanStatus.CLOSED,
    )
    for rows in lines:
        rows[0]._meta.model.objects.bulk_create(_copy_of(row, plan) for row in rows)
    return plan


def _copy_of(row: Target | Task | BudgetLine, plan: Plan) -> Target | Task | BudgetLine:
    made = copy(row)
    made.pk, made.plan = None, plan
    if isinstance(made, Target):
        made.part_of = None
    return made


def _allocate(plan: Plan, indicators: list[Indicator], units: list[AdminUnit]) -> None:
    Target.objects.bulk_create(
        Target(plan=plan, indicator=indicator, unit=unit, value=Decimal(2), position=100)
        for indicator in indicators
        for unit in units
    )


def _late_tasks(plan: Plan, units: list[AdminUnit]) -> None:
    """A task for every commune, a third of them late and a third done."""
    states = cycle((TaskStatus.DOING, TaskStatus.DONE, TaskStatus.OPEN))
    day = date(plan.starts_on.year, 9, 30)
    Task.objects.bulk_create(
        Task(
            plan=plan,
            position=100,
            title="Rà soát, hướng dẫn chủ thể hoàn thiện hồ sơ sản phẩm",
            lead_unit=f"UBND {unit.name}",
            lead_admin_unit=unit,
            due_on=day,
            status=state,
            done_on=day if state == TaskStatus.DONE else None,
        )
        for unit, state in zip(units, states, strict=False)
    )


def _actuals() -> None:
    """Ten values of every target that is entered by hand."""
    days = [date(2026, month, 25) for month in range(1, 11)]
    by_hand = Target.objects.filter(indicator__computed_by="", plan__is_reference=False)
    Actual.objects.bulk_create(
        Actual(target_id=pk, value=Decimal(n), as_of=day, source="Báo cáo tháng", state=ActualState.APPROVED)
        for pk in by_hand.values_list("pk", flat=True)
        for n, day in enumerate(days, 1)
    )


def _training(communes: list[AdminUnit]) -> None:
    """The register of every commune, classes of every province, half of its persons in each class."""
    groups = cycle(RegisterGroup.values)
    persons = []
    for number, unit in enumerate(communes * PERSONS_A_COMMUNE):
        person = RegisterPerson(
            name=f"Nguyễn Văn An {number}", unit=unit, group=next(groups), listed_on=date(2025, 1, 2)
        )
        person.fill_keys()
        persons.append(person)
    bulk.write(RegisterPerson, iter(persons))
    by_province: dict[int, list[int]] = {}
    for pk, province in RegisterPerson.objects.values_list("pk", "unit__parent").order_by("pk"):
        by_province.setdefault(province, []).append(pk)
    for province, ids in by_province.items():
        _classes(province, ids)


def _classes(province: int, persons: list[int]) -> None:
    plans = {plan.starts_on.year: plan for plan in Plan.objects.filter(unit=province, is_reference=False)}
    for number in range(CLASSES_A_PROVINCE):
        year = YEARS[number % len(YEARS)]
        day = date(year, 1, 10) + timedelta(days=25 * (number // len(YEARS)))
        held = TrainingClass.objects.create(
            unit_id=province,
            plan=plans[year],
            title=f"Tập huấn Chương trình OCOP, lớp {number + 1}",
            organiser="Chi cục Phát triển nông thôn",
            starts_on=day,
            ends_on=day + timedelta(days=1),
            state=ClassState.FINISHED,
        )
        Enrolment.objects.bulk_create(
            Enrolment(training_class=held, person_id=pk, present_halves=pk % 5, attended=pk % 5 > 2)
            for pk in islice(persons, number % 3, None, 6)
        )


def clear() -> None:
    """Empty the database again; indicators and criteria stay."""
    bulk.clear()
