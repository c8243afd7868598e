"""Plans, the register of persons who must be trained, and the classes of 2026."""

from collections.abc import Iterable
from typing import Any

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
    with standing_on(day, 9):
        return [services.add_person(by=by, listed_on=day, **fields) for fields in people]


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
    """The classes with who was invited and who came."""
    for data in data_files.read("training")["classes"]:
        training_class = _class(plan, data, by)
        if "group" in data:
            invited = [person for person in register if person.group == data["group"]]
            part, parts = data["part"]
            _attend(training_class, invited[part::parts], by)


def _class(plan: Plan, data: dict[str, Any], by: User) -> TrainingClass:
    if "create" not in data:
        return plan.classes.get(title=data["title"])
    with standing_on(data["create"]["starts_on"].replace(day=1), 10):
        return services.create_class(by=by, plan=plan, unit=plan.unit, title=data["title"], **data["create"])


def _attend(training_class: TrainingClass, invited: list[RegisterPerson], by: User) -> None:
    absent = data_files.read("training")["absent_of_ten"]
    with standing_on(training_class.ends_on, 16):
        services.enrol(training_class=training_class, persons=invited, by=by)
        enrolments = training_class.enrolments.order_by("pk").values_list("pk", flat=True)
        # The first two of ten would be the best known names: the absent ones sit further back.
        present = [pk for place, pk in enumerate(enrolments) if (place * 3 + 4) % 10 >= absent]
        services.mark_attendance(training_class=training_class, present=present, by=by)
