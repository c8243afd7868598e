"""Empty the database after a test with real transactions, but not of what every test begins with.

Django truncates all 145 tables and makes permissions and content types anew, and the next test loads the
criteria again: most of a second each time. Here only what has rows is truncated, and the criteria,
permissions and content types stay, as long as the test left them as they were.
"""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

KEPT = (
    "auth.Permission",
    "contenttypes.ContentType",
    "evaluation.CriteriaSet",
    "evaluation.CriteriaVersion",
    "evaluation.Criterion",
    "evaluation.Erratum",
    "evaluation.Option",
    "evaluation.Section",
    "products.ProductSet",
)
REFERENCES = """
    SELECT DISTINCT confrelid::regclass::text, conrelid::regclass::text
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
FILLED = "SELECT '{0}' WHERE EXISTS (TABLE {0})"
# Another one after any row was added, changed (xmin is the number of its writer) or removed.
STATE = "SELECT '{0}', count(*), sum(xmin::text::numeric) FROM {0}"


class StartingRows:
    """The rows of KEPT as they stand now; `empty` leaves these and no others."""

    def __init__(self) -> None:
        self.kept = {apps.get_model(name)._meta.db_table for name in KEPT}
        self.others = set(connection.introspection.django_table_names(only_existing=True)) - self.kept
        self.references = _rows(REFERENCES)
        self.begun = self._state()

    def leave_after_tests(self) -> None:
        """From now on tests with transactions end by `empty`, or as Django ends them where that cannot be."""
        flush = TransactionTestCase._fixture_teardown

        def teardown(case: TransactionTestCase) -> None:
            if not self.empty():
                flush(case)

        TransactionTestCase._fixture_teardown = teardown

    def empty(self) -> bool:
        """Truncate what has rows. False, and nothing done, when kept rows were touched or would go too."""
        filled = self._referring(row[0] for row in _rows(_each(self.others, FILLED)))
        if filled & self.kept or self._state() != self.begun:
            return False
        if filled:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {', '.join(sorted(filled))}")
        return True

    def _state(self) -> list[tuple]:
        return sorted(_rows(_each(self.kept, STATE)))

    def _referring(self, tables: Iterable[str]) -> set[str]:
        """The tables and all that refer to them, which PostgreSQL truncates only together."""
        found, new = set(), set(tables)
        while new:
            found |= new
            new = {referring for table, referring in self.references if table in new} - found
        return found


def _each(tables: Iterable[str], one: str) -> str:
    return " UNION ALL ".join(one.format(table) for table in sorted(tables))


def _rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
