"""A copy is proved by restoring it beside the site, and brought back into an empty one."""

import os
import secrets
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.models import FileField

from ocop.backups import postgres
from ocop.backups.making import count_rows
from ocop.backups.manifest import DATABASE, FILES, BackupError, Manifest, digest

SHOWN = 5


def check(copy: Path) -> Manifest:
    """Prove a copy: digests, a restored database with the same rows, every file its rows name, and every
    closed result worked out again from its sheets. The site itself is not touched.

    Raises BackupError naming what is wrong.
    """
    manifest = Manifest.read(copy)
    _check_digests(copy, manifest)
    with _restored_beside(copy) as beside:
        with beside.cursor() as cursor:
            _compare_rows(manifest.rows, count_rows(cursor))
            if manifest.store == "folder":
                _check_files(copy, cursor)
        beside.close()
        _verify_results(beside.settings_dict)
    return manifest


def restore(copy: Path) -> Manifest:
    """Bring a copy back into an empty database and an empty folder of files.

    Raises BackupError when either holds something: nothing is ever written over.
    """
    manifest = Manifest.read(copy)
    _check_digests(copy, manifest)
    if connection.introspection.table_names():
        raise BackupError("Cơ sở dữ liệu đang có dữ liệu. Chỉ khôi phục được vào cơ sở dữ liệu trống.")
    storage = storages["default"]
    in_folder = manifest.store == "folder" and isinstance(storage, FileSystemStorage)
    if in_folder and any(path.is_file() for path in Path(storage.location).rglob("*")):
        raise BackupError(f"Thư mục {storage.location} đang có tệp. Chỉ khôi phục được vào thư mục trống.")
    _load(copy, connection.settings_dict)
    if in_folder:
        Path(storage.location).mkdir(parents=True, exist_ok=True)
        with tarfile.open(copy / FILES) as archive:
            archive.extractall(storage.location, filter="data")
    return manifest


def _check_digests(copy: Path, manifest: Manifest) -> None:
    for name, wanted in ((DATABASE, manifest.database_sha256), (FILES, manifest.files_sha256)):
        if digest(copy / name) != wanted:
            raise BackupError(f"{name} đã bị thay đổi hoặc thiếu: mã SHA-256 không khớp.")


def _load(copy: Path, database: Any) -> None:
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    postgres.run("pg_restore", [*options, str(copy / DATABASE)], database)


@contextmanager
def _restored_beside(copy: Path) -> Iterator[Any]:
    """A connection to a database of its own with what the copy holds, gone afterwards."""
    beside = connection.copy()
    name = beside.settings_dict["NAME"] = f"ocop_check_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        _load(copy, beside.settings_dict)
        yield beside
    finally:
        beside.close()
        with connection.cursor() as cursor:
            # Without FORCE, which would ask to end the server's own autovacuum: PostgreSQL does that itself.
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _compare_rows(wanted: dict[str, int], found: dict[str, int]) -> None:
    wrong = [name for name in sorted({*wanted, *found}) if wanted.get(name) != found.get(name)]
    if wrong:
        told = "; ".join(f"{name} {found.get(name, 0)}/{wanted.get(name, 0)}" for name in wrong[:SHOWN])
        raise BackupError(f"Số dòng khôi phục được khác lúc sao lưu ở {len(wrong)} bảng: {told}.")


def _check_files(copy: Path, cursor: Any) -> None:
    with tarfile.open(copy / FILES) as archive:
        packed = set(archive.getnames())
    lost = sorted(name for name in _files_named(cursor) if name not in packed)
    if lost:
        raise BackupError(f"Thiếu {len(lost)} tệp mà hồ sơ nhắc tới: {', '.join(lost[:SHOWN])}.")


def _files_named(cursor: Any) -> Iterator[str]:
    """Names of all files that rows of the restored database hold."""
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model"):
            continue  # history may name files that were rightly removed
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                table, column = model._meta.db_table, field.column
                cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> %s', [""])  # noqa: S608
                yield from (name for (name,) in cursor.fetchall())


def _verify_results(database: dict[str, Any]) -> None:
    """`verify_results` on the restored database, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_results"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": postgres.Address.of(database).url},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise BackupError(f"Kết quả trong bản sao không khớp với các phiếu: {said}")
