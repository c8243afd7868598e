"""Many rows: bounded memory, few queries to check, progress told. `IMPORT_ROWS=20000` for the real size."""

import os
import time
import tracemalloc
from pathlib import Path

import pytest
from django.db.models import Count
from openpyxl import Workbook

from accounts.tests.factories import make_province
from core.models import AdminUnit, AuditEntry
from core.services import load_units
from products.enums import ImportMode
from products.imports import running
from products.imports.actor import SystemActor
from products.models import Product, Recognition
from products.tests.import_files import TITLES, line

ROWS = int(os.environ.get("IMPORT_ROWS", "300"))
# What the writing may add to the process, whatever the tests before it left there.
MOST_MEMORY = 200 * 1024 * 1024


@pytest.fixture
def province(db, criteria):
    load_units("42")
    return make_province()


@pytest.fixture
def many(tmp_path, province):
    """A workbook of `ROWS` rows: three products an entity, in every commune."""
    communes = list(AdminUnit.objects.communes().values_list("code", flat=True))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sản phẩm")
    sheet.append(TITLES)
    for number in range(ROWS):
        entity = number // 3
        sheet.append(
            line(
                product=f"Bánh đa vừng {number}",
                entity=f"Hợp tác xã Bánh đa {entity}",
                commune=communes[entity % len(communes)],
                decision_number=f"{number % 50}/QĐ-UBND",
                note="Danh sách cũ",
            )
        )
    book.save(tmp_path / "many.xlsx")
    return tmp_path / "many.xlsx"


def test_a_check_asks_the_database_as_often_for_few_rows_as_for_many(
    province, many, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        _, report = running.check(many, province)
    assert (report.rows, report.created, report.bad) == (ROWS, ROWS, 0)


@pytest.mark.skipif(ROWS > 1000, reason="counts of queries are told of 300 rows")
def test_new_rows_are_written_a_hundred_at_once(province, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(20 + 20 * ROWS // running.CHUNK):
        _, report = running.apply(many, province, mode=ImportMode.GOOD_ROWS, by=SystemActor())
    assert (report.created, report.bad) == (ROWS, 0)
    acts = AuditEntry.objects.exclude(object_type="evaluation.criteriaversion").values_list("verb")
    acts = dict(acts.order_by().annotate(Count("pk")))
    assert acts == {
        "entity.create": ROWS // 3,
        "product.create": ROWS,
        "product.record_recognition": ROWS,
    }


def _fresh_high_water() -> int:
    """Let Linux forget how large the process once was; how large it is now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _kilobytes("VmRSS") * 1024


def _kilobytes(name: str) -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))


@pytest.mark.slow
def test_many_rows_are_written_in_bounded_memory_with_progress(province, many):
    told = []
    before = _fresh_high_water()
    tracemalloc.start()
    start = time.monotonic()
    _, report = running.apply(many, province, mode=ImportMode.GOOD_ROWS, by=SystemActor(), tell=told.append)
    seconds = time.monotonic() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    grown = _kilobytes("VmHWM") * 1024 - before
    print(f"\n{ROWS} rows: {seconds:.1f} s, python peak {peak >> 20} MB, process +{grown >> 20} MB")  # noqa: T201
    assert (report.created, report.bad) == (ROWS, 0)
    assert (Product.objects.count(), Recognition.objects.count()) == (ROWS, ROWS)
    assert grown < MOST_MEMORY
    assert told[-1] == ROWS
    assert len(told) >= ROWS // running.CHUNK
