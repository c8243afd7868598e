"""`manage.py prepare`: everything between installed packages and a site that can be served."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# Parts of Bootstrap and htmx that no page of ours asks for; compressing them takes longest.
UNUSED_STATIC = [
    "bootstrap-*",
    "*.rtl.*",
    "bootstrap.css*",
    "bootstrap.js*",
    "bootstrap.bundle.js*",
    "bootstrap.min.js*",
    "bootstrap.esm*",
    "htmx-4*",
    "htmax-4*",
    "ext",
]
# Files that the loaders of units and criteria read.
DATA_SUFFIXES = {".json", ".yaml", ".yml", ".csv", ".toml"}


class Command(BaseCommand):
    """Migrations, units, criteria, static files, demonstration data; each only when it is due."""

    help = "Chuẩn bị cơ sở dữ liệu và tệp tĩnh; chạy lại nhiều lần không sao."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--no-demo", action="store_true", help="không tạo dữ liệu minh họa")

    def handle(self, *args: Any, **options: Any) -> None:
        migrated = self._migrate()
        no_files = not Path(settings.STATIC_ROOT).exists()
        self._when_changed("static", _static_fingerprint(), self._collect_static, force=no_files)
        self._when_changed("data", _data_fingerprint(), self._load_data, force=migrated)
        if not options["no_demo"] and not settings.PRODUCTION:
            self._seed()

    def _migrate(self) -> bool:
        """Apply what is missing; True when something was."""
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        self.stdout.write("Cập nhật cơ sở dữ liệu…")
        call_command("migrate", interactive=False, verbosity=0)
        return True

    def _collect_static(self) -> None:
        self.stdout.write("Gom tệp tĩnh…")
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED_STATIC)

    def _load_data(self) -> None:
        self.stdout.write("Nạp đơn vị hành chính và bộ tiêu chí…")
        self._call("load_units", province=settings.OCOP_PROVINCE)
        self._call("load_criteria")

    def _seed(self) -> None:
        """Fill an empty database; the mark makes an interrupted run start again."""
        unfinished = settings.VAR_DIR / "seeding"
        if get_user_model().objects.exists() and not unfinished.exists():
            return
        self.stdout.write("Tạo tỉnh minh họa…")
        unfinished.touch()
        self._call("seed_demo", papers=True)
        unfinished.unlink()

    def _call(self, name: str, **options: Any) -> None:
        if name in get_commands():
            call_command(name, stdout=self.stdout, **options)
        else:
            self.stderr.write(f"Chưa có lệnh {name}: bỏ qua.")

    def _when_changed(self, name: str, fingerprint: str, work: Any, *, force: bool = False) -> None:
        """Do the work unless the stamp of the last finished time says that nothing has changed."""
        stamp = settings.VAR_DIR / f"stamp-{name}"
        if not force and stamp.exists() and stamp.read_text() == fingerprint:
            return
        stamp.unlink(missing_ok=True)
        work()
        stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    files = (storage.path(path) for finder in get_finders() for path, storage in finder.list(UNUSED_STATIC))
    return _fingerprint([str(settings.STATIC_ROOT), *_facts(files)])


def _data_fingerprint() -> str:
    """Units and criteria depend on the province, the database, the packages and our data files."""
    root = settings.BASE_DIR
    files = (
        path
        for app in ("core", "evaluation")
        for path in sorted((root / app).rglob("*"))
        if path.suffix in DATA_SUFFIXES or "commands" in path.parts
    )
    place = [settings.OCOP_PROVINCE, str(settings.DATABASES["default"].get("HOST"))]
    place.append(str(settings.DATABASES["default"]["NAME"]))
    return _fingerprint([*place, *_facts([root / "requirements.txt", *files])])


def _facts(files: Iterable[Path | str]) -> Iterator[str]:
    for name in files:
        stat = Path(name).stat()
        yield f"{name}:{stat.st_size}:{stat.st_mtime_ns}"


def _fingerprint(facts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
