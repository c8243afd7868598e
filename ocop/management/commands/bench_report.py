"""How long a yearly report takes and how much memory: a table for people, JSON for machines.

Works on a database of its own (`bench_ocop_report`), made on the first call: 150 communes and a year with
2,000 products recognised, all of them in the annex. "WeasyPrint" is the same HTML given to the library as it
is: no archival form, no tags, no page numbers of annexes, nothing of ours. Then the same report with an annex
of 500, 2,000 and 10,000 rows, whole and in portions.
"""

import json
import multiprocessing
import resource
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from weasyprint import HTML

from accounts.models import User
from ocop import bulk
from products.models import Product
from reports import docx, html, pdf, services, workbook
from training.models import Plan
from training.services import load_plan_file

DATABASE = "bench_ocop_report"
# Three of four products are recognised.
SIZE = bulk.Size(communes=150, entities=1000, products=2667, dossiers=2667)
# Rows of the annex, to see what memory depends on.
SIZES = [500, 2000, 10_000]
# More than any paper has.
WHOLE = 10**9
WITHIN_THE_YEAR = """
update products_recognition
set decided_on = date '2026-01-01' + (id %% 300)::int, expires_on = date '2029-01-01' + (id %% 300)::int
"""
PLAN = settings.BASE_DIR / "training" / "data" / "plans" / "ht-2026.yaml"


class Command(BaseCommand):
    help = "Measure the yearly report of 150 communes with an annex of 2,000 rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", metavar="TỆP", help="ghi vào tệp này (mặc định var/bench-report.json)")
        parser.add_argument("--fresh", action="store_true", help="làm lại cơ sở dữ liệu đo")
        sizes = {"type": int, "nargs": "*", "default": SIZES, "metavar": "SỐ", "help": "số dòng của phụ lục"}
        parser.add_argument("--sizes", **sizes)

    def handle(self, *args: Any, json: str | None, fresh: bool, sizes: list[int], **options: Any) -> None:
        plan = self._open_database(fresh)
        data, collected = timed(lambda: services.collect(plan, date(2026, 11, 28)))
        figures = {"collect": collected, **rendered(data)}
        figures["ratios"] = ratios(figures)
        for rows in sizes:
            figures.update(at_size(data, rows))
        write(Path(json or settings.VAR_DIR / "bench-report.json"), figures)
        for name, value in figures.items():
            self.stdout.write(f"{name:15} {value}")

    def _open_database(self, fresh: bool) -> Plan:
        if connection.settings_dict["NAME"] == DATABASE:
            raise CommandError(f"Cơ sở dữ liệu của tỉnh không được mang tên {DATABASE}.")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=not fresh, serialize=False)
        if Product.objects.count() != SIZE.products:
            bulk.clear()
            bulk.fill(SIZE)
        _recognise_within_the_year()
        plan = Plan.objects.filter(code="ht-2026").first()
        return plan or load_plan_file(PLAN, by=User.objects.get(username="tinh"))


def _recognise_within_the_year() -> None:
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(WITHIN_THE_YEAR, [])


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives, and its seconds: of the processor, and by the clock."""
    clock, processor = time.perf_counter(), time.process_time()
    given = work()
    return given, {
        "cpu_s": round(time.process_time() - processor, 2),
        "clock_s": round(time.perf_counter() - clock, 2),
    }


def rendered(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every form of the paper, each in a process of its own, so that its peak of memory is its own."""
    works: dict[str, Callable[[], dict[str, Any]]] = {
        "nothing": lambda: {},
        "html": lambda: timed(lambda: html.parts(data, many_rows=WHOLE))[1],
        "pdf": lambda: _pdf(html.parts(data)),
        "weasyprint": lambda: timed(lambda: _bare(html.parts(data, many_rows=WHOLE)))[1],
        "docx": lambda: _sized(lambda: docx.render(data)),
        "xlsx": lambda: _sized(lambda: workbook.write(data).read()),
    }
    return {name: in_child(work) for name, work in works.items()}


def at_size(data: dict[str, Any], rows: int) -> dict[str, dict[str, Any]]:
    """The report with so many products in its annex: laid out and written whole, and in portions."""
    report = resized(data, rows)
    return {
        f"{rows}_whole": in_child(lambda: _pdf(html.parts(report, many_rows=WHOLE), WHOLE)),
        f"{rows}_portions": in_child(lambda: _pdf(html.parts(report))),
    }


def resized(data: dict[str, Any], rows: int) -> dict[str, Any]:
    """The data with the rows of its longest annex again and again, until there are so many."""

    def table(annex: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = annex["blocks"][0]
        return found

    longest = max(data["annexes"], key=lambda annex: len(table(annex)["rows"]))
    given = list(islice(cycle(table(longest)["rows"]), rows))
    long = {**longest, "blocks": [{**table(longest), "rows": given}]}
    return {**data, "annexes": [long if annex is longest else annex for annex in data["annexes"]]}


def _pdf(parts: list[html.Part], sheets: int = pdf.SHEETS) -> dict[str, Any]:
    paper, seconds = timed(lambda: pdf.render(parts, sheets=sheets))
    return {**seconds, "pages": paper.pages, "kilobytes": len(paper.content) // 1024}


def _bare(parts: list[Any]) -> None:
    for part in parts:
        HTML(string=part, url_fetcher=pdf.PaperFetcher()).write_pdf()


def _sized(work: Callable[[], bytes]) -> dict[str, Any]:
    content, seconds = timed(work)
    return {**seconds, "kilobytes": len(content) // 1024}


def in_child(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the work measures, and the peak of memory of its process in megabytes."""
    connection.close()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=lambda: theirs.send({**work(), "peak_mb": _peak()}))
    child.start()
    theirs.close()
    try:
        found: dict[str, Any] = ours.recv()
    except EOFError:
        raise CommandError("Phép đo không chạy được, xem lỗi phía trên.") from None
    child.join()
    return found


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def ratios(figures: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Data and HTML to the rendering (0.1 at most), the paper to WeasyPrint alone (1.2 at most)."""
    before = figures["collect"]["cpu_s"] + figures["html"]["cpu_s"]
    return {
        "before_rendering": round(before / figures["pdf"]["cpu_s"], 3),
        "to_weasyprint": round(figures["pdf"]["cpu_s"] / figures["weasyprint"]["cpu_s"], 3),
    }


def write(file: Path, figures: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
