"""The whole demonstration province, made once in one transaction."""

from collections import Counter
from io import StringIO

from django.core.management import call_command
from django.db import transaction

from core.models import AdminUnit
from core.services import load_units
from evaluation.models import CriteriaVersion
from products.enums import DossierState
from products.models import Dossier, Entity, Product, Recognition
from reports.demo import (
    accounts,
    after,
    council,
    data_files,
    decisions,
    entities,
    learning,
    news,
    planning,
    registry,
    road,
    table,
)
from training.models import Plan, RegisterPerson, TrainingClass

CODE = "42"


@transaction.atomic
def create() -> None:
    """Everything the demonstration shows. Raises DomainError (and stores nothing) when a service refuses."""
    province, communes = _units()
    if not CriteriaVersion.objects.exists():
        call_command("load_criteria", stdout=StringIO())
    users = accounts.create(province, communes)
    officer = users["vanphong"]
    plan = learning.load_plans(officer)
    entries = registry.create(communes, users)
    after.certify_earlier(officer)
    rounds = council.enter_rounds(province, officer)
    dossiers = road.travel(entries, officer, road.Reception(rounds, users["tuvan"]))
    of_2026 = council.assemble(province, users)
    table.form_team(of_2026, users["tuvan"], officer)
    council.hold_sessions(of_2026, entries, dossiers, officer)
    after.watch(officer)
    used = dict.fromkeys(entity["commune"] for entity in data_files.entities())
    register = learning.keep_register(province, [communes[name] for name in used], officer)
    learning.hold_classes(plan, register, officer)
    planning.work_with(plan, communes, users)
    decisions.publish_catalogue(province, entries, officer)
    entities.tell(entries, users)
    news.read_most()


def _units() -> tuple[AdminUnit, dict[str, AdminUnit]]:
    """The province and its communes by short name, loaded when they are not there yet."""
    found = AdminUnit.objects.provinces().current().filter(code=CODE).first()
    if found is None or not found.children.exists():
        load_units(CODE)
        found = AdminUnit.objects.provinces().current().get(code=CODE)
    return found, {unit.short_name: unit for unit in found.children.filter(valid_to=None)}


def summary() -> list[str]:
    """What is there, a line each."""
    states = Counter(Dossier.objects.values_list("state", flat=True))
    lines = [
        f"{Entity.objects.count()} chủ thể, {Product.objects.count()} sản phẩm, "
        f"{Recognition.objects.count()} kết quả công nhận",
        f"{Plan.objects.count()} kế hoạch, {TrainingClass.objects.count()} lớp tập huấn, "
        f"{RegisterPerson.objects.count()} người phải tập huấn",
        f"{sum(states.values())} hồ sơ:",
    ]
    return [*lines, *(f"  {state.label}: {states[state]}" for state in DossierState if states[state])]
