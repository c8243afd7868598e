"""The run contract, tried with real processes in folders of their own."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import environ
import psycopg2
import pytest

from ocop import embedded, preflight

PYTHON = sys.executable
USE_DATABASE = "from ocop import embedded as e; r = e.hold_services(); print(e.database_url()); r()"


def run(code: str, var_dir: Path, **extra: str) -> "subprocess.CompletedProcess[str]":
    """Run Python code as another command of a site with its data in var_dir."""
    return subprocess.run(
        [PYTHON, "-c", code],
        cwd=embedded.ROOT,
        env=environment(var_dir, **extra),
        capture_output=True,
        text=True,
    )


def environment(var_dir: Path, **extra: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "OCOP_VAR_DIR": str(var_dir), **extra}


@pytest.fixture
def var_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a name that a user may well choose; its servers are stopped afterwards."""
    folder = Path("/tmp") / f"ocop kiểm thử {os.getpid()}" / tmp_path.name
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
    yield folder
    if (folder / "postgres").exists():
        run(USE_DATABASE, folder)
    shutil.rmtree(folder.parent)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def connect(url: str) -> "psycopg2.extensions.connection":
    config = environ.Env.db_url_config(url)
    return psycopg2.connect(host=config["HOST"], dbname=config["NAME"], **config["OPTIONS"])


def hold(var_dir: Path) -> "subprocess.Popen[str]":
    """Another command that uses the servers until its input is closed; returns when they run."""
    code = "from ocop import embedded as e; r = e.hold_services(); print('ready', flush=True); input(); r()"
    process = subprocess.Popen(
        [PYTHON, "-c", code],
        cwd=embedded.ROOT,
        env=environment(var_dir),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


def test_a_busy_port_is_named_with_a_way_out_before_anything_starts(var_dir: Path, taken_port: int) -> None:
    done = subprocess.run(
        [embedded.ROOT / "script" / "server"],
        env=environment(var_dir, PORT=str(taken_port)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"Cổng {taken_port} đang có chương trình khác dùng. "
        f"Hãy chọn cổng khác: PORT={taken_port + 1} script/server\n"
    )
    assert not (var_dir / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "tám", ""])
def test_a_wrong_port_is_refused(var_dir: Path, port: str) -> None:
    with pytest.raises(preflight.Refusal, match="không phải số cổng"):
        preflight.take_place(var_dir, "127.0.0.1", port)


def test_a_second_supervisor_of_the_folder_is_told_where_the_first_one_serves(var_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from ocop import preflight as p\n"
        "lock = p.take_place(Path(sys.argv[1]), '127.0.0.1', sys.argv[2], 'http://x:1')\n"
        "print('ready', flush=True); input()"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    words = [PYTHON, "-c", code, str(var_dir), port]
    with subprocess.Popen(
        words, cwd=embedded.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        with pytest.raises(preflight.Refusal, match="đang chạy rồi: http://x:1"):
            preflight.take_place(var_dir, "127.0.0.1", port)
        holder.kill()
    preflight.take_place(var_dir, "127.0.0.1", port).close()


def test_only_marked_processes_of_the_same_folder_are_ended(var_dir: Path) -> None:
    ours, foreign = (
        subprocess.Popen(["sleep", "60"], env={preflight.MARK: mark, "PATH": os.environ["PATH"]})
        for mark in (str(var_dir), f"{var_dir}-khác")
    )
    try:
        preflight.end_orphans(var_dir)
        assert ours.wait(timeout=5) != 0
        assert foreign.poll() is None
    finally:
        foreign.kill()
        foreign.wait()


def test_the_secret_key_is_private_and_stays_the_same(var_dir: Path) -> None:
    code = "from ocop import embedded; print(embedded.local_secret_key())"
    first, second = run(code, var_dir).stdout, run(code, var_dir).stdout
    assert first == second
    assert len(first.strip()) >= 50
    assert stat.S_IMODE((var_dir / "secret_key").stat().st_mode) == 0o600


def test_addresses_given_by_the_environment_start_no_server(var_dir: Path) -> None:
    done = run(USE_DATABASE, var_dir, DATABASE_URL="postgres://h/d", REDIS_URL="redis://h")
    assert done.returncode == 0
    assert not (var_dir / "postgres").exists()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("unix:///a%20b/v.sock?db=2", "redis+socket:///a%20b/v.sock?virtual_host=2"),
        ("redis://:pw@host:6379/0", "redis://:pw@host:6379/0"),
    ],
)
def test_celery_gets_the_same_address_in_its_own_words(address: str, expected: str) -> None:
    assert embedded.celery_url(address) == expected


@pytest.mark.slow
def test_a_second_command_shares_the_server_and_the_last_one_stops_it(var_dir: Path) -> None:
    first, second = hold(var_dir), hold(var_dir)
    url = run("from ocop import embedded; print(embedded.database_url())", var_dir).stdout
    first.communicate("\n")
    connection = connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == ("ocop", False)
    connection.close()
    second.communicate("\n")
    with pytest.raises(psycopg2.OperationalError):
        connect(url)


@pytest.mark.slow
def test_a_killed_command_leaves_nothing_that_stops_the_next(var_dir: Path) -> None:
    killed = hold(var_dir)
    killed.kill()
    killed.communicate()
    assert (var_dir / "postgres" / "postmaster.pid").exists()  # its server runs on without it
    assert run(USE_DATABASE, var_dir).returncode == 0
    assert not (var_dir / "postgres" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_process_number_left_by_a_crash_may_belong_to_a_foreign_process(var_dir: Path) -> None:
    assert run(USE_DATABASE, var_dir).returncode == 0
    with subprocess.Popen(["sleep", "60"]) as foreign:
        remains = f"{foreign.pid}\n{var_dir}/postgres\n1\n5432\n{var_dir}/run/pg\n\n1 1\nready\n"
        (var_dir / "postgres" / "postmaster.pid").write_text(remains)
        (var_dir / "run" / "pg" / ".s.PGSQL.5432.lock").write_text(remains)
        (var_dir / "valkey" / "valkey.pid").write_text(f"{foreign.pid}\n")
        done = run(USE_DATABASE, var_dir)
        assert foreign.poll() is None
        foreign.kill()
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_folder_name_too_long_for_a_socket_moves_the_socket(var_dir: Path) -> None:
    long_folder = var_dir / ("rất-dài-" * 10)
    done = run(USE_DATABASE, long_folder)
    assert done.returncode == 0, done.stderr
    place = Path(environ.Env.db_url_config(done.stdout.strip())["HOST"])
    assert place.name.startswith(f"ocop-{os.getuid()}-")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    shutil.rmtree(place)
    shutil.rmtree(place.with_name(place.name.replace("-pg", "-valkey")))
