"""A migrated database to copy test databases from.

The migrations take a quarter of a minute, a copy of what they made a second. The template's name carries a
hash of everything it is made of, so that a changed migration makes a new one.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2 import Error, sql

PREFIX = "ocop_template_"
LOCK = 0x0C0B


def ready(fill: Callable[[], object]) -> str:
    """The name of the template; made now when it is missing. `fill` puts in what every test needs."""
    name = PREFIX + _digest()
    with connection._nodb_cursor() as cursor:
        # Of two test runs that start at once, one makes it and the other waits.
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        known = {row[0] for row in cursor.fetchall()}
        if name not in known:
            for old in known:
                _drop(cursor, old)
            _make(cursor, name, fill)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def _digest() -> str:
    root = Path(settings.BASE_DIR)
    names = (
        "*/migrations/*.py",
        "evaluation/data/**/*",
        "evaluation/criteria*.py",
        "evaluation/services/criteria.py",
    )
    files = [root / "requirements.txt", *(path for name in names for path in root.glob(name))]
    found = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _make(cursor, name: str, fill: Callable[[], object]) -> None:
    """Under another name until it is complete: what breaks off is made anew the next time."""
    building = PREFIX + "building"
    _drop(cursor, building)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    with _connected_to(building):
        call_command("migrate", verbosity=0, interactive=False)
        fill()
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
    )


def _drop(cursor, name: str) -> None:
    try:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except Error:  # another run is copying from it
        pass


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
