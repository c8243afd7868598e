"""The embedded PostgreSQL: its cluster, its server, the application's role and database."""

import shutil
import signal
import subprocess

from ocop.embedded.places import DATABASE_NAME, DATABASE_ROLE, LOGS, POSTGRES_DATA, socket_dir
from ocop.embedded.processes import (
    EmbeddedServerError,
    as_server_account,
    clean_environment,
    end,
    just_started,
    postgres_program,
    running,
    server_folder,
    spawn,
    wait_until,
)


def start() -> None:
    """Make sure that PostgreSQL answers; raises EmbeddedServerError when it cannot."""
    if not (POSTGRES_DATA / "PG_VERSION").exists():
        _create_cluster()
    started = None
    if not _pid():
        _clear_stale_files()
        started = _spawn_server()
    wait_until(_ready, started, "PostgreSQL", LOGS / "postgres.log")
    _ensure_database()


def _create_cluster() -> None:
    """Run initdb beside its final place, so that an interrupted run leaves nothing half made."""
    fresh = POSTGRES_DATA.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    server_folder(fresh)
    settings = ["--username=postgres", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
    # PostgreSQL's own locale: the same order and case rules on every machine.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        [*as_server_account(), postgres_program("initdb"), f"--pgdata={fresh}", *settings, *locale],
        cwd="/",
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise EmbeddedServerError(f"initdb báo lỗi: {done.stderr.strip()}")
    fresh.rename(POSTGRES_DATA)


def _spawn_server() -> "subprocess.Popen[bytes]":
    folder = socket_dir("pg")
    server_folder(folder)
    quoted = str(folder).replace('"', '""')
    options = {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"', "port": "5432"}
    return spawn(
        [
            postgres_program("postgres"),
            "-D",
            str(POSTGRES_DATA),
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
        ],
        LOGS / "postgres.log",
    )


def _pid() -> int | None:
    return running(POSTGRES_DATA / "postmaster.pid", POSTGRES_DATA, "postgres")


def _ready() -> bool:
    """True when postmaster.pid ends with the word by which PostgreSQL says that it takes connections."""
    try:
        lines = (POSTGRES_DATA / "postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _clear_stale_files() -> None:
    """Remove what a killed server left: its number may by now belong to a foreign process."""
    lock = socket_dir("pg") / ".s.PGSQL.5432.lock"
    # A server whose data folder was deleted under it still holds the socket, which is ours alone.
    end(running(lock, None, "postgres"), signal.SIGQUIT)
    lock.unlink(missing_ok=True)
    (POSTGRES_DATA / "postmaster.pid").unlink(missing_ok=True)


def stop() -> None:
    """End PostgreSQL; nothing when it does not run."""
    end(
        _pid() or just_started("postgres"), signal.SIGINT
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
