"""`python -m ocop.serve`: web, workers and beat under one supervisor, with the servers they need.

Environment: HOST, PORT (127.0.0.1, 8000), WEB_WORKERS, WEB_THREADS, TASK_WORKERS, PAPER_WORKERS.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys

import psutil
from honcho.manager import Manager

from ocop import embedded, preflight

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# What a browser calls an address that means every interface.
EVERY_INTERFACE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104


def main() -> None:
    """Serve until a signal comes or one of the processes ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    try:
        # The variable keeps the lock open until the end.
        lock = preflight.take_place(embedded.VAR_DIR, host, port, site_address(host, port))
        with embedded.services_for_command([sys.argv[0], "serve"]):
            code = _supervise(host, port)
        lock.close()
    except preflight.Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code)


def _supervise(host: str, port: str) -> int:
    """Run the processes; returns the supervisor's exit code."""
    environment = process_environment(host, port)
    address = site_address(host, port)
    subprocess.Popen([sys.executable, "-m", "ocop.announce", address], env=environment)
    manager = Manager()
    for name, words in commands(host, port).items():
        # exec: the signal reaches the process itself and not only its shell
        manager.add_process(name, f"exec {shlex.join(words)}", env=environment, cwd=str(embedded.ROOT))
    manager.loop()
    return int(manager.returncode or 0)


def commands(host: str, port: str) -> dict[str, list[str]]:
    """The command line of each process."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    web = [
        *("gunicorn", "ocop.wsgi", "--bind", place, "--worker-class", "gthread"),
        *("--workers", os.environ.get("WEB_WORKERS") or "2"),
        *("--threads", os.environ.get("WEB_THREADS") or "4"),
        # Workers are recycled, so that no slow leak lasts; not all at the same moment.
        *("--max-requests", "5000", "--max-requests-jitter", "500"),
        # A member at the table chooses every few seconds: the connection is kept from one choice to the next.
        *("--keep-alive", "20"),
        *("--timeout", "60", "--graceful-timeout", "4", "--no-control-socket"),
        *("--access-logfile", str(embedded.LOGS / "access.log")),
    ]
    celery = ("celery", "--quiet", "-A", "ocop")
    quietly = ("worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle")
    worker = [
        *celery,
        *quietly,
        *("--hostname", "work@%h", "--queues", "celery"),
        *("--concurrency", os.environ.get("TASK_WORKERS") or "2"),
    ]
    papers = [
        *celery,
        *quietly,
        *("--hostname", "papers@%h", "--queues", "papers"),
        *("--concurrency", os.environ.get("PAPER_WORKERS") or "2"),
        # Kilobytes after which a process that has rendered large papers is replaced.
        *("--max-memory-per-child", "600000"),
    ]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    return {
        name: [sys.executable, "-m", *words]
        for name, words in (("web", web), ("worker", worker), ("papers", papers), ("beat", beat))
    }


def process_environment(host: str, port: str) -> dict[str, str]:
    """Environment of the processes: ours, the mark of this folder, and the names the site answers to."""
    environment = {**os.environ, preflight.MARK: str(embedded.VAR_DIR), "PYTHONUNBUFFERED": "1"}
    environment.setdefault("SITE_URL", site_address(host, port))
    if host not in LOOPBACK and not environment.get("ALLOWED_HOSTS"):
        environment["ALLOWED_HOSTS"] = ",".join(sorted(own_names(host)))
    return environment


def own_names(host: str) -> set[str]:
    """Names and addresses of this machine, for a trial that others in the house look at."""
    addresses = (
        item.address
        for card in psutil.net_if_addrs().values()
        for item in card
        if item.family == socket.AF_INET
    )
    return {"localhost", "127.0.0.1", "[::1]", socket.gethostname(), *addresses} | {host} - set(
        EVERY_INTERFACE
    )


def site_address(host: str, port: str) -> str:
    """The address to open in a browser."""
    shown = EVERY_INTERFACE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


if __name__ == "__main__":
    main()
