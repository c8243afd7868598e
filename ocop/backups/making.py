"""A copy is made beside its place and moved there whole."""

import shutil
import tarfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection, transaction
from django.utils import timezone

from ocop.backups import postgres
from ocop.backups.manifest import DATABASE, FILES, MANIFEST, BackupError, Manifest, digest

PREFIX = "ocop-"


def make(into: Path) -> Path:
    """Copy the database and the files into a new folder under `into`; gives the folder.

    Nothing is left behind by a run that fails. Raises BackupError.
    """
    now = timezone.localtime()
    place = into / f"{PREFIX}{now:%Y%m%d-%H%M%S}"
    fresh = into / f".{place.name}"
    fresh.mkdir(parents=True, mode=0o700)
    try:
        rows, migrations = _dump(fresh / DATABASE)
        count, store = _archive(fresh / FILES)
        Manifest(
            made_at=now.isoformat(timespec="seconds"),
            database=str(settings.DATABASES["default"]["NAME"]),
            migrations=migrations,
            rows=rows,
            database_sha256=digest(fresh / DATABASE),
            files_sha256=digest(fresh / FILES),
            files=count,
            store=store,
        ).write(fresh)
        fresh.rename(place)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return place


def prune(into: Path, keep: int) -> list[Path]:
    """Remove the oldest copies so that `keep` remain; gives those removed. Nothing else is touched."""
    copies = sorted(path for path in into.glob(f"{PREFIX}*") if (path / MANIFEST).is_file())
    gone = copies[: max(0, len(copies) - keep)]
    for path in gone:
        shutil.rmtree(path)
    return gone


@transaction.atomic
def _dump(target: Path) -> tuple[dict[str, int], int]:
    """Dump what one moment saw; the rows of each table and the number of migrations at that moment."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments"]
        postgres.run(
            "pg_dump",
            [*options, f"--snapshot={snapshot}", f"--file={target}"],
            connection.settings_dict,
        )
        rows = count_rows(cursor)
    return rows, rows.get("django_migrations", 0)


def count_rows(cursor) -> dict[str, int]:
    """Rows of every table of the site, by name."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608  names of our own tables
        counts[name] = cursor.fetchone()[0]
    return counts


def _archive(target: Path) -> tuple[int, str]:
    """Pack the folder of files; a bucket keeps its own copies, which the manifest says."""
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        return 0, "bucket"
    folder = Path(storage.location)
    count = 0
    try:
        with tarfile.open(target, "w") as archive:
            for path in sorted(folder.rglob("*")) if folder.exists() else ():
                if path.is_file():
                    archive.add(path, arcname=str(path.relative_to(folder)))
                    count += 1
    except OSError as error:
        raise BackupError(f"Không đóng gói được các tệp trong {folder}: {error}") from error
    return count, "folder"
