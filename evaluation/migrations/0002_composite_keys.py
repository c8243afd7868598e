"""Composite foreign keys: an option of another criterion, a criterion of another set, a sheet or a review of
another set cannot be stored at all, whoever writes."""

from django.db import migrations

# (name, table, columns, target table, target columns)
OF_SET = "criteria_set_id, id"
LEAF, OPTION = "criteria_set_id, criterion_id", "criterion_id, option_id"
KEYS = [
    ("choice_sheet_same_set", "choice", "criteria_set_id, sheet_id", "sheet", OF_SET),
    ("choice_leaf_of_set", "choice", LEAF, "criterion", OF_SET),
    ("choice_option_of_leaf", "choice", OPTION, "option", "criterion_id, id"),
    ("selfchoice_same_set", "selfchoice", "criteria_set_id, assessment_id", "selfassessment", OF_SET),
    ("selfchoice_leaf_of_set", "selfchoice", LEAF, "criterion", OF_SET),
    ("selfchoice_option_of_leaf", "selfchoice", OPTION, "option", "criterion_id, id"),
    ("conclusion_same_set", "conclusion", "criteria_set_id, item_id", "agendaitem", OF_SET),
    ("conclusion_leaf_of_set", "conclusion", LEAF, "criterion", OF_SET),
    ("conclusion_option_of_leaf", "conclusion", OPTION, "option", "criterion_id, id"),
    ("sheet_item_same_set", "sheet", "criteria_set_id, item_id", "agendaitem", OF_SET),
    ("sheet_stop_of_set", "sheet", "criteria_set_id, stopped_at_id", "criterion", OF_SET),
    ("paper_link_same_set", "criterionevidence", "criteria_set_id, assessment_id", "selfassessment", OF_SET),
    ("paper_link_criterion_of_set", "criterionevidence", LEAF, "criterion", OF_SET),
    ("note_review_same_set", "advisorynote", "criteria_set_id, review_id", "advisoryreview", OF_SET),
    ("note_leaf_of_set", "advisorynote", LEAF, "criterion", OF_SET),
    ("note_option_of_leaf", "advisorynote", OPTION, "option", "criterion_id, id"),
]


def add(name, table, columns, target, target_columns):
    return migrations.RunSQL(
        f"ALTER TABLE evaluation_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
        f"REFERENCES evaluation_{target} ({target_columns})",
        f"ALTER TABLE evaluation_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    replaces = [("evaluation", "0003_composite_keys")]
    dependencies = [("evaluation", "0001_first_release")]
    operations = [add(*key) for key in KEYS]
