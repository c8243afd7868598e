"""Where the embedded servers keep their data and listen: pure functions of the folder, so that every process
finds the same servers.
"""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import environ

ROOT = Path(__file__).resolve().parents[2]
VAR_DIR = Path(os.environ.get("OCOP_VAR_DIR") or ROOT / "var").absolute()
if (ROOT / ".env").exists():  # read here, because manage.py must know before the settings do
    environ.Env.read_env(ROOT / ".env")

POSTGRES_DATA = VAR_DIR / "postgres"
VALKEY_DATA = VAR_DIR / "valkey"
LOGS = VAR_DIR / "log"
DATABASE_ROLE = DATABASE_NAME = "ocop"
# Bytes of a unix socket address (sun_path is 108 with its end mark).
LONGEST_SOCKET = 107


def socket_dir(name: str) -> Path:
    """Folder for the socket of one server: in `var/`, or in /tmp when the folder's name is too long."""
    inside = VAR_DIR / "run" / name
    if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET:
        return inside
    folder = hashlib.sha256(os.fsencode(VAR_DIR)).hexdigest()[:16]
    return Path(f"/tmp/ocop-{os.getuid()}-{folder}-{name}")  # noqa: S108  owner checked by processes.server_folder


def database_url() -> str:
    """Address of the embedded database, in the form of `DATABASE_URL`."""
    return f"postgres:///{quote(str(socket_dir('pg')))}/{DATABASE_NAME}?user={DATABASE_ROLE}&port=5432"


def redis_url() -> str:
    """Address of the embedded Redis-protocol server, in the form of `REDIS_URL`."""
    return f"unix://{quote(str(valkey_socket()))}?db=0"


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


def valkey_socket() -> Path:
    """The socket of the Redis-protocol server."""
    return socket_dir("valkey") / "valkey.sock"
