"""Which roles may open which page of this app; everybody else is refused with 403."""

from accounts.enums import Role

READERS = {Role.COMMUNE_OFFICER, Role.PROVINCIAL_OFFICER, Role.LEADERSHIP, Role.ADMINISTRATOR}
KEEPERS = {Role.PROVINCIAL_OFFICER}
# A commune keeps its own plan only; the province's is refused to it (`OWN_REFUSALS` of the walk).
PLAN_KEEPERS = {*KEEPERS, Role.COMMUNE_OFFICER}

# Classes, attendance and the register.
CLASSES = {
    "training:classes": READERS,
    "training:classes_workbook": READERS,
    "training:class_create": KEEPERS,
    "training:effects": READERS,
    "training:effect_list": READERS,  # what: name of a figure; needs ?nam=YEAR or ?lop=CLASS
    "training:class": READERS,  # pk: class
    "training:class_edit": KEEPERS,  # pk: class
    "training:class_step": KEEPERS,  # pk: class, step: name in class_workflow
    "training:half_days": KEEPERS,  # pk: class
    "training:half_day_remove": KEEPERS,  # pk: class, half: half-day; POST
    "training:qr": KEEPERS,  # pk: class, half: half-day
    "training:invite": KEEPERS,  # pk: class; POST
    "training:invitation": READERS,  # pk: class
    "training:material_add": KEEPERS,  # pk: class
    "training:material_remove": KEEPERS,  # pk: class, material: its id; POST
    "training:material": set(Role),  # pk: material (404 unless reader of the class or enrolled)
    "training:my_class": set(Role),  # pk: class (404 unless enrolled)
    "training:class_enrol": KEEPERS,  # pk: class
    "training:unenrol": KEEPERS,  # pk: class, enrolment: its id; POST
    "training:class_attendance": KEEPERS,  # pk: class; POST
    "training:attendance_cell": KEEPERS,  # pk: class; POST
    "training:attendance_column": KEEPERS,  # pk: class; POST
    "training:class_score": KEEPERS,  # pk: class; POST
    "training:sign_ins": KEEPERS,  # pk: class
    "training:attendance_sheet": KEEPERS,  # pk: class
    "training:attendance_workbook": READERS,  # pk: class
    "training:attendance_sheet_confirm": KEEPERS,  # pk: class; POST
    "training:certificates": READERS,  # pk: class
    "training:certificates_issue": KEEPERS,  # pk: class; POST
    "training:certificate": set(Role),  # pk: certificate (404 unless of the area or one's own)
    "training:register": READERS,
    "training:register_workbook": READERS,
    "training:person_create": KEEPERS,
    "training:person_edit": KEEPERS,  # pk: person
    "training:register_suggestions": KEEPERS,
    # The register from a workbook.
    "training:register_imports": KEEPERS,
    "training:register_template": KEEPERS,
    "training:register_import": KEEPERS,  # pk: its uuid
    "training:register_import_act": KEEPERS,  # pk: its uuid, act: confirm, recheck, discard; POST
}

ACCESS = {
    "training:plans": READERS,
    "training:plan_create": PLAN_KEEPERS,
    "training:indicator_list": READERS,  # name: of the registry; needs ?plan=CODE
    "training:target": READERS,  # pk: target
    "training:target_edit": PLAN_KEEPERS,  # pk: target
    "training:target_remove": PLAN_KEEPERS,  # pk: target; POST
    "training:actual_create": {*KEEPERS, Role.COMMUNE_OFFICER},  # pk: target
    "training:reported_take": PLAN_KEEPERS,  # pk: target; POST
    "training:task_edit": PLAN_KEEPERS,  # pk: task
    "training:task_report": {*KEEPERS, Role.COMMUNE_OFFICER},  # pk: task
    # Plans: tasks of units, values entered by hand, the catalogue, money, the grid, frozen figures.
    "training:tasks": READERS,
    "training:task": READERS,  # pk: task
    "training:task_paper": READERS,  # pk: task
    "training:actuals": KEEPERS,
    "training:actual_decide": PLAN_KEEPERS,  # pk: value; POST
    "training:actual_paper": READERS,  # pk: value
    "training:catalogue": READERS,
    # The administrator keeps the indicators all provinces share, a province's officers its own.
    "training:indicator_create": {*KEEPERS, Role.ADMINISTRATOR},
    "training:indicator_edit": {*KEEPERS, Role.ADMINISTRATOR},  # pk: indicator
    "training:basis_remove": PLAN_KEEPERS,  # pk: legal basis; POST
    "training:budget_create": PLAN_KEEPERS,  # code: plan
    "training:budget_edit": PLAN_KEEPERS,  # pk: budget line
    "training:budget_remove": PLAN_KEEPERS,  # pk: budget line; POST
    "training:figure_sets": READERS,
    "training:figure_set": READERS,  # pk: version
    "training:kept_list": READERS,  # pk: version, name: of an indicator or a step of the road
    "training:figure_decide": {*PLAN_KEEPERS, Role.LEADERSHIP},  # pk: version; POST
    "training:figure_correct": PLAN_KEEPERS,  # pk: version
    "training:plan_step": PLAN_KEEPERS,  # code: plan, name: step
    "training:plan_copy": PLAN_KEEPERS,  # code: plan
    "training:grid": PLAN_KEEPERS,  # code: plan
    "training:freeze": PLAN_KEEPERS,  # code: plan
    **CLASSES,
    "training:plan": READERS,  # code: plan
    "training:plan_edit": PLAN_KEEPERS,  # code: plan
    "training:basis_create": PLAN_KEEPERS,  # code: plan
    "training:target_create": PLAN_KEEPERS,  # code: plan
    "training:task_create": PLAN_KEEPERS,  # code: plan
}
