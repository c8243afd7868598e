"""How long the pages of a large province take: a table for people, JSON for machines.

Works on a database of its own (`bench_ocop`, beside the province's, which it never opens): made and filled
on the first call, kept for the next ones.
"""

import json
import logging
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
from ocop import bulk
from products.models import Product

DATABASE = "bench_ocop"
PAGES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Khung trang", "accounts:password_change", {}),
    ("Việc của tôi", "accounts:home", {}),
    ("Chủ thể", "products:entities", {}),
    ("Chủ thể, tìm", "products:entities", {"q": "banh da"}),
    ("Sản phẩm", "products:products", {}),
    ("Sản phẩm, trang 790", "products:products", {"page": "790"}),
    ("Sản phẩm, 100 dòng", "products:products", {"dong": "100"}),
    ("Sản phẩm, xếp theo sao", "products:products", {"sap": "-sao"}),
    ("Sản phẩm, 4 sao", "products:products", {"star": "4"}),
    ("Hồ sơ", "products:dossiers", {}),
    ("Hồ sơ, chờ xã", "products:dossiers", {"state": "submitted"}),
    ("Hồ sơ, tìm", "products:dossiers", {"q": "keo cu do"}),
    ("Tìm chung", "products:search", {"q": "banh da vung"}),
    ("Tìm chung, gõ sai", "products:search", {"q": "bahn da"}),
    ("Tìm chung, số phiếu", "products:search", {"q": "00123/pdk-8-2026"}),
)
PEOPLE = ("tinh", "xa", "chuthe")


class Command(BaseCommand):
    help = "Measure the lists and the search at 20,000 products and 60,000 dossier versions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rounds", type=int, default=5, help="lượt đo mỗi trang (mặc định 5)")
        parser.add_argument("--json", metavar="TỆP", help="ghi kết quả vào tệp này (mặc định var/bench.json)")
        parser.add_argument("--fresh", action="store_true", help="làm lại cơ sở dữ liệu đo")

    def handle(self, *args: Any, rounds: int, json: str | None, fresh: bool, **options: Any) -> None:
        if rounds < 1:
            raise CommandError("--rounds phải từ 1 trở lên.")
        logging.getLogger("axes").setLevel(logging.WARNING)
        self._open_database(fresh)
        rows = [row for person in PEOPLE for row in measure(person, rounds)]
        file = Path(json or settings.VAR_DIR / "bench.json")
        write_json(file, rows)
        for line in table(rows):
            self.stdout.write(line)
        self.stdout.write(f"Đã ghi {file}")

    def _open_database(self, fresh: bool) -> None:
        """Switch this process to the database of the measurement, filled."""
        if connection.settings_dict["NAME"] == DATABASE:
            raise CommandError(f"Cơ sở dữ liệu của tỉnh không được mang tên {DATABASE}.")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=not fresh, serialize=False)
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        if Product.objects.count() != bulk.FULL.products:
            self.stdout.write("Đang nạp 20.000 sản phẩm, 60.000 bản hồ sơ…")
            bulk.clear()
            bulk.fill()


def measure(person: str, rounds: int) -> Iterator[dict[str, Any]]:
    """Each page `rounds` times as one person: median and worst milliseconds, queries, size."""
    client = Client()
    client.force_login(User.objects.get(username=person), backend=settings.AUTHENTICATION_BACKENDS[-1])
    frame = 0.0
    for label, name, address in PAGES:
        seconds, queries, size = time_page(client, reverse(name), address, rounds)
        median = statistics.median(seconds)
        frame = frame or median
        yield {
            "person": person,
            "page": label,
            "median_ms": round(median * 1000, 1),
            "worst_ms": round(max(seconds) * 1000, 1),
            "times_frame": round(median / frame, 2),
            "queries": queries,
            "kilobytes": round(size / 1024, 1),
        }


def time_page(
    client: Client, path: str, address: dict[str, str], rounds: int
) -> tuple[list[float], int, int]:
    """Seconds of each round after a first one that is not counted; queries of a cold page; bytes."""
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, address)
    if answer.status_code != 200:
        raise CommandError(f"{path} trả lời {answer.status_code}.")
    # Counted now: the next request empties the log.
    queries = len(asked)
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        client.get(path, address)
        seconds.append(time.perf_counter() - begin)
    return seconds, queries, len(answer.content)


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The rows for a terminal; "x khung" compares with the frame of a page, whatever the machine."""
    head = f"{'Người':8} {'Trang':26} {'trung vị':>10} {'chậm nhất':>10}"
    yield f"{head} {'x khung':>8} {'truy vấn':>9} {'KB':>7}"
    for row in rows:
        yield (
            f"{row['person']:8} {row['page']:26} {row['median_ms']:>7.1f} ms {row['worst_ms']:>7.1f} ms "
            f"{row['times_frame']:>8.2f} {row['queries']:>9} {row['kilobytes']:>7.1f}"
        )


def write_json(file: Path, rows: list[dict[str, Any]]) -> None:
    dossiers = bulk.FULL.dossiers
    size = {"products": bulk.FULL.products, "dossiers": dossiers, "versions": dossiers * 3 // 2}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"size": size, "pages": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
