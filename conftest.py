"""What every test gets: the embedded servers, files in a temporary folder, quick passwords."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from ocop import embedded
from ocop.tests import template_database
from ocop.tests.emptying import StartingRows

# The files that take longest, longest first (seconds in a whole run on two cores, by `--durations=0`). Begun
# last, one of them keeps a single core busy while the others idle.
LONG_FILES = (
    "ocop/tests/test_journey.py",  # 57
    "products/tests/test_lists_at_size.py",  # 43
    "ocop/tests/test_nothing_lost.py",  # 42
    "ocop/tests/test_played_session.py",  # 40
    "ocop/tests/test_desk_journey.py",  # 35
    "ocop/tests/test_hostile_addresses.py",  # 28
    "ocop/tests/test_access_walk.py",  # 24
    "evaluation/tests/test_sheets.py",  # 18
    "ocop/tests/test_evidence_journey.py",  # 15
    "reports/tests/test_seed_demo.py",  # 13
    "ocop/tests/test_import_journey.py",  # 11
    "ocop/tests/test_run_contract.py",  # 7
    "reports/tests/test_worker.py",  # 6
)

_release_services: list[Callable[[], None]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers, or take those of a running site; tests have a database of their own."""
    try:
        _release_services.append(embedded.hold_services())
    except (embedded.EmbeddedServerError, OSError) as error:
        pytest.exit(f"Không khởi động được máy chủ dữ liệu đi kèm: {error}", returncode=3)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where workers share the files, the long ones come first, then those with many tests."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(_file(item) for item in items)
    long = {file: number for number, file in enumerate(LONG_FILES, start=-len(LONG_FILES))}
    items.sort(key=lambda item: (long.get(_file(item), 0), -tests[_file(item)], _file(item)))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def pytest_unconfigure(config: pytest.Config) -> None:
    while _release_services:
        _release_services.pop()()


@pytest.fixture(autouse=True, scope="session")
def test_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of a test may reach the files or the task queue of a site in the same folder."""
    from ocop.celery import app

    app.conf.update(broker_url="memory://", task_always_eager=True, task_eager_propagates=True)
    files = str(tmp_path_factory.mktemp("files"))
    with override_settings(
        AXES_ENABLED=False,
        CACHES={
            name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
            for name in ("default", "shared")
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": files, "base_url": None},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture
def criteria(db):
    """The published criteria of QĐ 26/2026, all 26 sets; loaded once a test database.

    A test with real transactions that touches them has them emptied behind it, hence "load when missing".
    """
    return load_criteria_once()


def load_criteria_once():
    from evaluation.criteria_files import DATA_FOLDER, load_errata, project_sets
    from evaluation.models import CriteriaVersion
    from evaluation.services.criteria import load_version

    # The database is a copy of one made of these very files: only where they are missing are they read.
    found = CriteriaVersion.objects.filter(code="qd26").first()
    if found is not None:
        return found
    sets = list(project_sets().values())
    version, _ = load_version(
        code="qd26", title="Bộ tiêu chí QĐ 26/2026", sets=sets, errata=load_errata(DATA_FOLDER)
    )
    return version


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Test databases are copies of one that is migrated and has the criteria.

    No commit waits for the disk: of a test database nothing need be left after a power cut.
    """
    from django.db import connection

    connection.settings_dict["OPTIONS"]["options"] += " -c synchronous_commit=off"
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database.ready(load_criteria_once)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The criteria are in the test database from the start, and stay: loading them takes a second."""
    with django_db_blocker.unblock():
        load_criteria_once()
        StartingRows().leave_after_tests()
