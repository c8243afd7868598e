"""Is a choice lost when all councils of the country score at once? A table for people, JSON for machines.

Works on a database of its own (`bench_ocop_scoring`), made on the first call: 34 councils of 15 members with
an open session, the web processes as `script/server` starts them, and every member choosing a level every
five seconds. Afterwards every choice that was answered as saved is compared with what is stored.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from evaluation.models import Choice, Criterion, Sheet
from ocop import embedded, serve
from ocop.scoring_load import councils

DATABASE = "bench_ocop_scoring"
START_PATIENCE = 30.0  # seconds


class Command(BaseCommand):
    help = "Let 34 councils of 15 members score at once and prove that no choice is lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--councils", type=int, default=34, help="số Hội đồng (mặc định 34)")
        parser.add_argument("--members", type=int, default=15, help="số người mỗi Hội đồng (mặc định 15)")
        parser.add_argument("--seconds", type=int, default=60, help="đo trong bao lâu (mặc định 60 giây)")
        parser.add_argument("--every", type=float, default=5.0, help="mỗi người chọn một mức sau mấy giây")
        parser.add_argument("--json", metavar="TỆP", help="ghi vào tệp này (mặc định var/bench-scoring.json)")

    def handle(self, *args: Any, json: str | None, **options: Any) -> None:
        if min(options["councils"], options["members"], options["seconds"], options["every"]) <= 0:
            raise CommandError("Các số phải lớn hơn 0.")
        places = self._open_database(options["councils"], options["members"])
        with web_processes() as port:
            played = play(port, places, options["seconds"], options["every"])
        lost = missing(played["saved"])
        figures = summary(played, len(places), lost)
        write(Path(json or settings.VAR_DIR / "bench-scoring.json"), figures)
        for name, value in figures.items():
            self.stdout.write(f"{name:22} {value}")
        if lost:
            raise CommandError(f"Mất {len(lost)} lựa chọn đã báo là đã lưu: {lost[:5]}")

    def _open_database(self, number: int, members: int) -> list[councils.Place]:
        if connection.settings_dict["NAME"] == DATABASE:
            raise CommandError(f"Cơ sở dữ liệu của tỉnh không được mang tên {DATABASE}.")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=True, serialize=False)
        self.stdout.write(f"Đang lập {number} Hội đồng, mỗi Hội đồng {members} thành viên…")
        return councils.fill(number, members)


@contextmanager
def web_processes() -> Iterator[int]:
    """The web processes of `script/server` on a free port, before the database of the measurement."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**serve.process_environment("127.0.0.1", str(port)), "DATABASE_URL": _database_url()}
    process = subprocess.Popen(
        serve.commands("127.0.0.1", str(port))["web"], env=environment, cwd=embedded.ROOT
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _database_url() -> str:
    url = os.environ.get("DATABASE_URL") or embedded.database_url()
    head, _, tail = url.rpartition("/")
    _, mark, query = tail.partition("?")
    return f"{head}/{DATABASE}{mark}{query}"


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise CommandError("Máy chủ web của phép đo không khởi động được.")


def play(port: int, places: list[councils.Place], seconds: int, every: float) -> dict[str, Any]:
    """The members, in a process of their own: see `ocop.scoring_load.members`."""
    plan = {
        "port": port,
        "seconds": seconds,
        "every": every,
        "path": reverse("evaluation:choice", args=[0]).replace("/0/", "/{sheet}/"),
        "places": [asdict(place) for place in places],
        "leaves": _leaves(),
    }
    file = Path(settings.VAR_DIR / "bench-scoring-plan.json")
    file.write_text(json.dumps(plan), encoding="utf-8")
    connection.close()
    command = [sys.executable, "-m", "ocop.scoring_load.members", str(file)]
    try:
        done = subprocess.run(
            command, check=True, capture_output=True, cwd=embedded.ROOT, timeout=seconds + 240
        )
    finally:
        file.unlink()
    return json.loads(done.stdout)


def _leaves() -> list[dict[str, Any]]:
    """The leaves of the one table scored; none with a condition, whose option may not count yet."""
    table = Sheet.objects.values_list("criteria_set", flat=True).first()
    rows = Criterion.objects.filter(criteria_set=table, is_leaf=True).prefetch_related("options")
    return [{"criterion": row.pk, "options": [option.pk for option in row.options.all()]} for row in rows]


def missing(saved: dict[str, dict[str, str]]) -> list[str]:
    """Choices answered as saved that are not stored as sent."""
    stored = {
        (str(sheet), str(criterion)): str(option)
        for sheet, criterion, option in Choice.objects.values_list("sheet_id", "criterion_id", "option_id")
    }
    return [
        f"phiếu {sheet}, tiêu chí {criterion}"
        for sheet, choices in saved.items()
        for criterion, option in choices.items()
        if stored.get((sheet, criterion)) != option
    ]


def summary(played: dict[str, Any], members: int, lost: list[str]) -> dict[str, Any]:
    """The figures of the measurement; times in milliseconds."""
    times = sorted(value * 1000 for value in played["seconds"]) or [0.0]
    return {
        "members": members,
        "choices saved": len(played["seconds"]),
        "seconds": round(played["elapsed"], 1),
        "choices a second": round(len(played["seconds"]) / played["elapsed"], 1),
        "median ms": round(statistics.median(times), 1),
        "95 % ms": round(times[int(len(times) * 0.95) - 1], 1),
        "worst ms": round(times[-1], 1),
        "troubles": dict(Counter(played["troubles"])),
        "lost": len(lost),
    }


def write(file: Path, figures: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
