"""Composite foreign keys: an option of another criterion, a criterion of another set or a sheet of
another set cannot be stored at all, whoever writes."""

from django.db import migrations

# (name, table, columns, target table, target columns)
KEYS = [
    ("choice_sheet_same_set", "choice", "criteria_set_id, sheet_id", "sheet", "criteria_set_id, id"),
    ("choice_leaf_of_set", "choice", "criteria_set_id, criterion_id", "criterion", "criteria_set_id, id"),
    ("choice_option_of_leaf", "choice", "criterion_id, option_id", "option", "criterion_id, id"),
    (
        "selfchoice_same_set",
        "selfchoice",
        "criteria_set_id, assessment_id",
        "selfassessment",
        "criteria_set_id, id",
    ),
    (
        "selfchoice_leaf_of_set",
        "selfchoice",
        "criteria_set_id, criterion_id",
        "criterion",
        "criteria_set_id, id",
    ),
    ("selfchoice_option_of_leaf", "selfchoice", "criterion_id, option_id", "option", "criterion_id, id"),
    ("conclusion_same_set", "conclusion", "criteria_set_id, item_id", "agendaitem", "criteria_set_id, id"),
    (
        "conclusion_leaf_of_set",
        "conclusion",
        "criteria_set_id, criterion_id",
        "criterion",
        "criteria_set_id, id",
    ),
    ("conclusion_option_of_leaf", "conclusion", "criterion_id, option_id", "option", "criterion_id, id"),
    ("sheet_item_same_set", "sheet", "criteria_set_id, item_id", "agendaitem", "criteria_set_id, id"),
    ("sheet_stop_of_set", "sheet", "criteria_set_id, stopped_at_id", "criterion", "criteria_set_id, id"),
]


def add(name, table, columns, target, target_columns):
    return migrations.RunSQL(
        f"ALTER TABLE evaluation_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
        f"REFERENCES evaluation_{target} ({target_columns})",
        f"ALTER TABLE evaluation_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_initial")]
    operations = [add(*key) for key in KEYS]
