"""The law goes into the database whole, once, and then stays as it is."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from evaluation.criteria_files import DATA_FOLDER, project_sets
from evaluation.models import CriteriaSet, CriteriaVersion, Criterion, Option
from evaluation.queries.scoring_sets import scoring_set
from products.models import ProductSet


def test_all_tables_are_stored_with_every_option_and_mark(criteria):
    assert CriteriaSet.objects.count() == ProductSet.objects.count() == 26
    assert Criterion.objects.filter(is_leaf=True).count() == 787
    assert Option.objects.count() == 2579
    marks = [Option.objects.filter(min_star=star).count() for star in (3, 4, 5)]
    assert marks == [179, 290, 106]


def test_the_database_gives_the_engine_exactly_the_tables_of_the_files(criteria):
    for row in CriteriaSet.objects.all():
        assert scoring_set(row.pk) == project_sets()[row.code].to_scoring_set()


def test_loading_the_same_tables_again_changes_nothing(criteria, capsys):
    call_command("load_criteria")
    assert "unchanged" in capsys.readouterr().out
    assert CriteriaVersion.objects.count() == 1


def test_changed_tables_under_a_published_code_are_refused(criteria, tmp_path):
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data")
    path = folder / "01.yaml"
    path.write_text(path.read_text("utf-8").replace("name: ", "name: Đổi tên ", 1), "utf-8")
    with pytest.raises(CommandError, match="đã công bố"):
        call_command("load_criteria", folder)


def test_a_table_that_does_not_add_up_is_refused_naming_file_and_line(db, tmp_path):
    folder = shutil.copytree(DATA_FOLDER, tmp_path / "data")
    path = folder / "06.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    number = next(i for i, line in enumerate(lines, start=1) if line == "  max: 40\n")
    lines[number - 1] = "  max: 41\n"
    path.write_text("".join(lines), "utf-8")
    with pytest.raises(CommandError, match=f"06.yaml:{number}: "):
        call_command("load_criteria", folder)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation_option SET points = points + 1",
        "DELETE FROM evaluation_option",
        "UPDATE evaluation_criterion SET title = 'x'",
        "UPDATE evaluation_section SET title = 'x'",
        "UPDATE evaluation_criteriaset SET name = 'x'",
        "UPDATE evaluation_criteriaversion SET legal_basis = 'x'",
        "UPDATE evaluation_criteriaversion SET status = 'draft'",
        "DELETE FROM evaluation_criteriaversion",
        'INSERT INTO evaluation_option (criterion_id, position, points, label, "case")'
        " SELECT id, 9, 9, 'x', '' FROM evaluation_criterion WHERE is_leaf LIMIT 1",
    ],
)
def test_the_database_refuses_to_change_a_published_version(criteria, statement):
    with pytest.raises(DatabaseError, match="publish|Cannot delete"), transaction.atomic():
        connection.cursor().execute(statement)
