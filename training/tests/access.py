"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

READERS = {Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
KEEPERS = {Role.PROVINCIAL_OFFICER}

ACCESS = {
    "training:plans": READERS,
    "training:plan_create": KEEPERS,
    "training:indicator_list": READERS,  # name: of the registry; needs ?plan=CODE
    "training:target": READERS,  # pk: target
    "training:target_edit": KEEPERS,  # pk: target
    "training:target_remove": KEEPERS,  # pk: target; POST
    "training:actual_create": KEEPERS,  # pk: target
    "training:task_edit": KEEPERS,  # pk: task
    "training:task_report": KEEPERS,  # pk: task
    "training:classes": READERS,
    "training:class_create": KEEPERS,
    "training:class": READERS,  # pk: class
    "training:class_edit": KEEPERS,  # pk: class
    "training:class_enrol": KEEPERS,  # pk: class; POST
    "training:class_attendance": KEEPERS,  # pk: class; POST
    "training:register": READERS,
    "training:person_create": KEEPERS,
    "training:plan": READERS,  # code: plan
    "training:plan_edit": KEEPERS,  # code: plan
    "training:basis_create": KEEPERS,  # code: plan
    "training:target_create": KEEPERS,  # code: plan
    "training:task_create": KEEPERS,  # code: plan
}
