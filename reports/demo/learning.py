"""Plans, the register of persons who must be trained, and the classes of 2026."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.models import AdminUnit
from products.models import Entity
from reports.demo import data_files
from reports.demo.clock import standing_on
from reports.demo.texts import number_words
from training import plan_files, services
from training.enums import RegisterGroup
from training.models import Plan, RegisterPerson, TrainingClass


def load_plans(by: User) -> Plan:
    """Every plan file that comes with the software; answers the demonstration's own plan."""
    for path in plan_files.all_files():
        services.load_plan_file(path, by=by)
    return Plan.objects.get(code=data_files.read("training")["plan"])


def keep_register(province: AdminUnit, communes: Iterable[AdminUnit], by: User) -> list[RegisterPerson]:
    """Officials of the communes and of the province, leaders of entities, the council."""
    day = data_files.read("training")["listed_on"]
    people = [*_officials(province, communes), *_leaders(), *_council(province)]
    accounts = {user.full_name: user for user in User.objects.all()}
    with standing_on(day, 9):
        return [
            services.add_person(by=by, listed_on=day, user=_account(fields, accounts), **fields)
            for fields in people
        ]


def _account(fields: dict[str, Any], accounts: dict[str, User]) -> User | None:
    """The account of an official or a member of the council; leaders of entities act by the entity's."""
    is_leader = fields["group"] == RegisterGroup.ENTITY_LEADER
    return None if is_leader else accounts.get(fields["name"])


def _officials(province: AdminUnit, communes: Iterable[AdminUnit]) -> list[dict[str, Any]]:
    of_communes = [
        {"name": f"Cán bộ {unit.short_name}", "unit": unit, "position": "Phụ trách OCOP cấp xã"}
        for unit in communes
    ]
    of_province = [
        {"name": f"Cán bộ Tỉnh {number_words(number)}", "unit": province, "position": "Chuyên viên"}
        for number in range(1, 7)
    ]
    return [{**row, "group": RegisterGroup.OFFICIAL} for row in (*of_communes, *of_province)]


def _leaders() -> list[dict[str, Any]]:
    return [
        {
            "name": entity.representative,
            "unit": entity.commune,
            "group": RegisterGroup.ENTITY_LEADER,
            "position": entity.representative_position,
            "entity": entity,
        }
        for entity in Entity.objects.select_related("commune").order_by("pk")
    ]


def _council(province: AdminUnit) -> list[dict[str, Any]]:
    seated = [row for row in data_files.read("accounts") if "seat" in row]
    return [
        {"name": row["name"], "unit": province, "group": RegisterGroup.COUNCIL, "position": row["agency"]}
        for row in seated
    ]


def hold_classes(plan: Plan, register: list[RegisterPerson], by: User) -> None:
    """The classes with who was invited and who came, one after another as they were held."""
    held = [(_class(plan, data, by), data) for data in data_files.read("training")["classes"]]
    for training_class, data in sorted(held, key=lambda pair: pair[0].starts_on):
        invited = [person for person in register if person.group == data["group"]]
        part, parts = data["part"]
        if training_class.ends_on < timezone.localdate():
            _attend(training_class, invited[part::parts], data.get("scores"), by)
        else:
            services.enrol(training_class=training_class, persons=invited[part::parts], by=by)
            services.move_class(training_class=training_class, step="open", by=by)


def _class(plan: Plan, data: dict[str, Any], by: User) -> TrainingClass:
    if "create" not in data:
        return plan.classes.get(title=data["title"])
    with standing_on(data["create"]["starts_on"].replace(day=1), 10):
        return services.create_class(by=by, plan=plan, unit=plan.unit, title=data["title"], **data["create"])


def _attend(
    training_class: TrainingClass, invited: list[RegisterPerson], scores: list[str] | None, by: User
) -> None:
    """Who was invited, who came to which half-day, and the class finished the day after."""
    with standing_on(training_class.starts_on, 7):
        services.enrol(training_class=training_class, persons=invited, by=by)
    with standing_on(training_class.ends_on, 16):
        enrolments = list(training_class.enrolments.select_related("person").order_by("pk"))
        halves = list(training_class.half_days.values_list("pk", flat=True))
        there = {
            (enrolment.pk, half)
            for place, enrolment in enumerate(enrolments)
            for half in _halves_of(place, halves)
        }
        services.mark_attendance(training_class=training_class, present=there, by=by)
        for enrolment, score in zip(enrolments, scores or (), strict=False):
            services.record_score(enrolment=enrolment, score=Decimal(score), by=by)
    with standing_on(training_class.ends_on + timedelta(days=1), 9):
        kept = services.move_class(training_class=training_class, step="finish", by=by)
        services.issue_certificates(training_class=kept, by=by)


def _halves_of(place: int, halves: list[int]) -> list[int]:
    """The first names are the best known: the absent and those who left early sit further back."""
    rules = data_files.read("training")
    if (place * 3 + 4) % 10 < rules["absent_of_ten"]:
        return []
    return halves[:-1] if place % rules["one_leaves_early_of"] == 1 else halves
