"""How long the dashboard takes at the country's size: a table for people, JSON for machines.

Works on databases of its own (`bench_ocop_country`, with `--heavy` `bench_ocop_heavy`), made and filled on
the first call: 34 provinces, 3,321 communes, 20,000 products, 40,000 dossiers with their history.
"""

import json
import logging
import resource
import statistics
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from core.models import AdminUnit
from ocop import bulk, bulk_country
from products.models import Product
from training.models import Plan

BOARD = "reports:dashboard"


class Command(BaseCommand):
    help = "Measure the dashboard and what belongs to it at 34 provinces, 3,321 communes, 20,000 products."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=5, help="lượt đo mỗi trang (mặc định 5)")
        parser.add_argument("--json", metavar="TỆP", help="ghi vào tệp này (mặc định var/bench-board.json)")
        parser.add_argument("--heavy", action="store_true", help="ba phần tư số sản phẩm thuộc một tỉnh")
        parser.add_argument("--fresh", action="store_true", help="làm lại cơ sở dữ liệu đo")

    def handle(self, *args: Any, rounds: int, json: str | None, heavy: bool, **options: Any) -> None:
        if rounds < 1:
            raise CommandError("--rounds phải từ 1 trở lên.")
        logging.getLogger("axes").setLevel(logging.WARNING)
        self._open_database(heavy, options["fresh"])
        rows = list(measure("lanhdao", rounds))
        write_json(Path(json or settings.VAR_DIR / "bench-board.json"), rows, heavy)
        for line in table(rows):
            self.stdout.write(line)

    def _open_database(self, heavy: bool, fresh: bool) -> None:
        name = "bench_ocop_heavy" if heavy else "bench_ocop_country"
        if connection.settings_dict["NAME"] == name:
            raise CommandError(f"Cơ sở dữ liệu của tỉnh không được mang tên {name}.")
        connection.settings_dict["TEST"]["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=not fresh, serialize=False)
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        if Product.objects.count() != bulk.FULL.products:
            self.stdout.write("Đang nạp 34 tỉnh, 3.321 xã, 20.000 sản phẩm, 40.000 hồ sơ có lịch sử…")
            bulk_country.clear()
            bulk_country.fill(heavy=heavy)


def pages() -> Iterator[tuple[str, str]]:
    """What is measured: the board as it is filtered, what compares, and the lists behind its numbers."""
    home = AdminUnit.objects.provinces().get(code=bulk_country.HOME)
    commune = AdminUnit.objects.communes().filter(parent=home).order_by("code").first()
    board, plan = reverse(BOARD), Plan.objects.get(code="ht-2026")
    yield "Khung trang", reverse("accounts:password_change")
    yield "Bảng điều hành", board
    yield "Bảng, năm trước", f"{board}?year=2025"
    yield "Bảng, một xã", f"{board}?commune={commune.pk}"
    yield "Bảng, một bộ", f"{board}?group=6"
    yield "Bảng, xã và ngành", f"{board}?commune={commune.pk}&group=I+Ngành+thử"
    yield "Bảng, kế hoạch cũ", f"{board}?plan=tb-2020"
    yield "Màn hình lớn", reverse("reports:screen")
    yield "Bảng ra Excel", reverse("reports:dashboard_workbook")
    yield "So sánh năm", reverse("reports:compare_years")
    yield "So sánh xã", reverse("reports:compare_communes")
    yield "So sánh xã ra Excel", reverse("reports:compare_communes_workbook")
    yield "Kế hoạch", reverse("training:plan", args=[plan.code])
    yield "Nhiệm vụ quá hạn", f"{reverse('training:tasks')}?overdue=1"
    yield "Lớp tập huấn", reverse("training:classes")
    yield "Danh sách tập huấn", reverse("training:register")
    for name in ("products_joined", "products_recognised", "products_recognised_cumulative",
                 "persons_trained_share", "trainees"):  # fmt: skip
        yield f"DS {name}", f"{reverse('training:indicator_list', args=[name])}?plan={plan.code}"
    yield "Hồ sơ, chờ xã", f"{reverse('products:dossiers')}?state=submitted&year=2026"
    yield "Hồ sơ, chờ xã quá hạn", f"{reverse('products:dossiers')}?state=submitted&year=2026&overdue=1"


def measure(person: str, rounds: int) -> Iterator[dict[str, Any]]:
    """Each page `rounds` times: milliseconds of the wall, and of processor time, which hold on a busy machine
    too, of this process and of the database; queries; size.
    """
    client = Client()
    client.force_login(User.objects.get(username=person), backend=settings.AUTHENTICATION_BACKENDS[-1])
    server = database_process()
    for label, path in pages():
        cache.clear()
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
            size = len(b"".join(answer.streaming_content) if answer.streaming else answer.content)
        if answer.status_code != 200:
            raise CommandError(f"{path} trả lời {answer.status_code}.")
        queries = asked.captured_queries
        slowest = max(queries, key=lambda query: float(query["time"]))
        spent = [time_once(client, path, server) for _ in range(rounds)]
        yield {
            "page": label,
            "wall_ms": round(statistics.median(wall for wall, _, _ in spent), 1),
            "python_ms": round(statistics.median(own for _, own, _ in spent), 1),
            "database_ms": round(statistics.median(asked for _, _, asked in spent), 1),
            "queries": len(queries),
            "slowest_query_ms": round(1000 * float(slowest["time"]), 1),
            "slowest_query": slowest["sql"][:4000],
            "kilobytes": round(size / 1024, 1),
        }


def time_once(client: Client, path: str, server: Path) -> tuple[float, float, float]:
    """Milliseconds of the wall, and of the processor for this process and for the database's."""
    before = (time.perf_counter() * 1000, own_time(), database_time(server))
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    wall, own, asked = time.perf_counter() * 1000, own_time(), database_time(server)
    return wall - before[0], own - before[1], asked - before[2]


def own_time() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return 1000 * (used.ru_utime + used.ru_stime)


def database_process() -> Path:
    """Where Linux tells what the process behind this connection used, when the database runs here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/schedstat")


def database_time(server: Path) -> float:
    """Nothing is known of a database on another machine: 0."""
    return int(server.read_text().split()[0]) / 1e6 if server.exists() else 0.0


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        f"{'Trang':34} {'trung vị':>10} {'Python':>10} {'CSDL':>10} {'truy vấn':>9} "
        f"{'chậm nhất':>10} {'KB':>7}"
    )
    for row in rows:
        yield (
            f"{row['page']:34} {row['wall_ms']:>7.0f} ms {row['python_ms']:>7.0f} ms "
            f"{row['database_ms']:>7.0f} ms {row['queries']:>9} "
            f"{row['slowest_query_ms']:>7.0f} ms {row['kilobytes']:>7.0f}"
        )


def write_json(file: Path, rows: list[dict[str, Any]], heavy: bool) -> None:
    size = {"products": bulk.FULL.products, "dossiers": bulk.FULL.dossiers, "heavy": heavy}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"size": size, "pages": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
