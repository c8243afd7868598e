"""Before anything starts: no second server of this folder, no remains of a killed one, a free port.

Standard library only, because script/server runs this file before the packages are installed:
    python3 ocop/preflight.py VAR_DIR HOST PORT
"""

import errno
import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

# Marks the processes that a site's supervisor starts; the value is the folder of its data.
MARK = "OCOP_SERVED_FROM"
ENDING_SECONDS = 10


class Refusal(Exception):
    """Why the site cannot be started, in one line for the person at the terminal."""


def take_place(var_dir: Path, host: str, port: str, note: str = "") -> TextIO:
    """Become the one supervisor of a folder: returns the lock, which dies with this process.

    Ends what a killed supervisor left behind. note: what another attempt is told about us.
    Raises Refusal when a supervisor is at work here or the port cannot be had.
    """
    number = _port_number(port)
    (var_dir / "run").mkdir(parents=True, exist_ok=True)
    lock = open(var_dir / "run" / "server.lock", "a+")  # noqa: SIM115  held until the process ends
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # lockf, not flock: children do not inherit it
    except OSError:
        lock.seek(0)
        raise Refusal(f"Hệ thống của thư mục này đang chạy rồi: {lock.read().strip()}") from None
    end_orphans(var_dir)
    _check_port(host, number)
    lock.truncate(0)
    lock.write(note)
    lock.flush()
    return lock


def end_orphans(var_dir: Path) -> None:
    """End the marked processes of this folder; the caller knows that their supervisor is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + ENDING_SECONDS
        for pid in _marked(var_dir):
            _send(pid, number)
        while time.monotonic() < deadline:
            if not _marked(var_dir):
                return
            time.sleep(0.1)


def _marked(var_dir: Path) -> list[int]:
    wanted = f"{MARK}={var_dir}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:  # ended meanwhile, or of another user
            continue
    return [pid for pid in found if pid != os.getpid()]


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _port_number(port: str) -> int:
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Refusal(f"PORT={port} không phải số cổng (1–65535).")
    return int(port)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refusal(_why_not(host, port, error)) from None


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = f"PORT={port + 1 if port < 65535 else 8001} script/server"
        return f"Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác: {other}"
    if error.errno == errno.EACCES:
        return f"Cổng {port} cần quyền quản trị. Hãy chọn cổng từ 1024 trở lên: PORT=8000 script/server"
    return f"Không mở được địa chỉ {host}:{port}: {error.strerror or error}"


if __name__ == "__main__":
    try:
        take_place(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
    except Refusal as refusal:
        sys.exit(str(refusal))
