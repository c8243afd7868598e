"""Do 510 members who score at once lose a choice? 34 councils of 15, one choice each five seconds.

Works on a database of its own (`bench_scoring`), serves it as in production on the loopback address, lets
clients in another process send, and compares every stored choice with what was sent. Stops by itself.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from evaluation.models import Choice
from ocop import bulk_scoring, embedded, serve

DATABASE = "bench_scoring"
HOST = "127.0.0.1"
EVERY = 5.0
START_SECONDS = 60


class Command(BaseCommand):
    help = "Measure saving choices by 510 members at once, and compare what is stored with what was sent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=int, default=60, help="đo bao lâu (mặc định 60, tối đa 150)")
        parser.add_argument(
            "--json", metavar="TỆP", help="ghi kết quả vào tệp này (mặc định var/bench-scoring.json)"
        )
        parser.add_argument("--fresh", action="store_true", help="làm lại cơ sở dữ liệu đo")

    def handle(self, *args: Any, seconds: int, json: str | None, fresh: bool, **options: Any) -> None:
        if not EVERY <= seconds <= 150:
            raise CommandError("--seconds phải từ 5 đến 150.")
        self._open_database(fresh)
        members = [asdict(member) for member in bulk_scoring.seated()]
        answers = measure(members, seconds)
        result = {"members": len(members), "seconds": seconds, **figures(answers), **compared(answers)}
        file = Path(json or settings.VAR_DIR / "bench-scoring.json")
        write_json(file, result)
        for name, value in result.items():
            self.stdout.write(f"{name:18} {value}")
        self.stdout.write(f"Đã ghi {file}")
        if result["lost"] or result["errors"]:
            raise CommandError("Có lựa chọn không được lưu.")

    def _open_database(self, fresh: bool) -> None:
        if connection.settings_dict["NAME"] == DATABASE:
            raise CommandError(f"Cơ sở dữ liệu của tỉnh không được mang tên {DATABASE}.")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=not fresh, serialize=False)
        call_command("load_criteria", verbosity=0, stdout=self.stderr)
        self.stdout.write("Đang lập 34 Hội đồng, 510 thành viên…")
        bulk_scoring.fill()


def measure(members: list[dict[str, Any]], seconds: int) -> list[dict[str, Any]]:
    """Serve the database and let the clients send; what they sent with the answers."""
    port = free_port()
    plan = {
        "host": HOST,
        "port": port,
        "path": reverse("evaluation:choice", args=[0]).replace("/0/", "/{sheet}/"),
        "seconds": seconds,
        "every": EVERY,
        "members": members,
    }
    with served(port), tempfile.TemporaryDirectory() as folder:
        asked, told = Path(folder, "plan.json"), Path(folder, "answers.json")
        asked.write_text(json.dumps(plan))
        clients = [sys.executable, "-m", "ocop.scoring_clients", str(asked), str(told)]
        subprocess.run(clients, cwd=settings.BASE_DIR, check=True, timeout=seconds + 120)
        return json.loads(told.read_text())


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


@contextmanager
def served(port: int) -> Iterator[None]:
    """The web processes of production on the database of the measurement."""
    address, mark, query = (os.environ.get("DATABASE_URL") or embedded.database_url()).partition("?")
    of_bench = f"{address.rpartition('/')[0]}/{DATABASE}{mark}{query}"
    environment = {**serve.process_environment(HOST, str(port)), "DATABASE_URL": of_bench}
    command = serve.commands(HOST, str(port))["web"]
    server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    try:
        wait_for(port)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise CommandError("Máy chủ đo không khởi động được.")


def figures(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Rate, times and errors of the answers."""
    times = sorted(row["seconds"] * 1000 for row in answers)
    began = min(row["due"] + row["late"] for row in answers)
    ended = max(row["due"] + row["late"] + row["seconds"] for row in answers)
    return {
        "choices": len(answers),
        "late_over_1s": sum(row["late"] > 1 for row in answers),
        "requests": sum(row["sent"] for row in answers),
        "rate_per_second": round(len(answers) / (ended - began), 1),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "worst_ms": round(times[-1], 1),
        "latest_start_ms": round(max(row["late"] for row in answers) * 1000, 1),
        "errors": sum(row["status"] != 200 for row in answers),
    }


def compared(answers: list[dict[str, Any]]) -> dict[str, int]:
    """What was sent against what is stored: lost, of another level, never sent, written twice."""
    sent = {(row["sheet"], row["criterion"]): row["option"] for row in answers}
    rows = Choice.objects.values_list("sheet_id", "criterion_id", "option_id", "revision")
    stored = {(sheet, criterion): (option, revision) for sheet, criterion, option, revision in rows}
    return {
        "lost": sum(place not in stored for place in sent),
        "different": sum(stored[place][0] != option for place, option in sent.items() if place in stored),
        "never_sent": sum(place not in sent for place in stored),
        "written_twice": sum(revision != 1 for _, revision in stored.values()),
    }


def write_json(file: Path, result: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
