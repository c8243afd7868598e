"""Copies of everything the site keeps: made whole, proved by restoring them, brought back.

A copy is a folder with the database (`database.dump`, pg_dump's own form), the uploaded and rendered files
(`files.tar`) and `MANIFEST.json`, which says what was copied and the SHA-256 of both. The database is dumped
first: files are only ever added, so every file a row names is in the archive.
"""

from ocop.backups.making import make, prune
from ocop.backups.manifest import BackupError, Manifest
from ocop.backups.restoring import check, restore

__all__ = ["BackupError", "Manifest", "check", "make", "prune", "restore"]
