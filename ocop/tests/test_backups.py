"""A copy is whole, says when it is spoiled, and comes back."""

import json
import os
import subprocess
import sys
import tarfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.enums import Role
from accounts.tests.factories import make_user
from ocop import backups
from ocop.backups.manifest import DATABASE, FILES, MANIFEST
from ocop.backups.postgres import Address
from products.models import Import

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kept_file():
    """A file that a row names."""
    officer = make_user("nguoi.nhap", Role.PROVINCIAL_OFFICER)
    name = default_storage.save("imports/thu.xlsx", ContentFile(b"cells"))
    unit = officer.memberships.get().unit
    Import.objects.create(file=name, filename="thu.xlsx", unit=unit, created_by=officer)
    return name


@pytest.fixture
def copy(kept_file, tmp_path):
    return backups.make(tmp_path)


def spoil(copy, name):
    """One byte more at the end of a part, as a bad disk would leave it."""
    with open(copy / name, "ab") as file:
        file.write(b"\0")


def drop_the_files(copy):
    """The archive without its files, its digest right again: only the rows know what is lost."""
    with tarfile.open(copy / FILES, "w"):
        pass
    said = json.loads((copy / MANIFEST).read_text())
    said["files_sha256"] = backups.manifest.digest(copy / FILES)
    (copy / MANIFEST).write_text(json.dumps(said))


def test_a_copy_is_proved_by_restoring_it_and_never_restored_over_a_living_site(copy, kept_file):
    manifest = backups.check(copy)
    assert manifest.rows["accounts_user"] == 1 and manifest.rows["products_import"] == 1
    with tarfile.open(copy / FILES) as archive:
        assert archive.extractfile(kept_file).read() == b"cells"
    with pytest.raises(CommandError, match="đang có dữ liệu"):
        call_command("restore_backup", copy)
    drop_the_files(copy)
    with pytest.raises(backups.BackupError, match="Thiếu 1 tệp mà hồ sơ nhắc tới"):
        backups.check(copy)
    spoil(copy, DATABASE)
    with pytest.raises(CommandError, match="SHA-256 không khớp"):
        call_command("check_backup", copy)


def test_only_the_newest_copies_are_kept_and_nothing_else_is_touched(tmp_path):
    for day in ("20261101", "20261102", "20261103"):
        (tmp_path / f"ocop-{day}-010000").mkdir()
        (tmp_path / f"ocop-{day}-010000" / MANIFEST).write_text("{}")
    (tmp_path / "ocop-cua-toi").mkdir()
    backups.prune(tmp_path, keep=2)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["ocop-20261102-010000", "ocop-20261103-010000", "ocop-cua-toi"]


def test_a_copy_comes_back_into_an_empty_database(copy, settings, tmp_path):
    """In a process of its own: the test's database is not empty."""
    name = "ocop_restore_test"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        database = {**connection.settings_dict, "NAME": name}
        answer = subprocess.run(
            [sys.executable, "manage.py", "restore_backup", str(copy)],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": Address.of(database).url,
                "OCOP_VAR_DIR": str(tmp_path / "var"),
            },
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / "var" / "files" / "imports").is_dir()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
