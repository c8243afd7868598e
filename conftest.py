"""What every test gets: the embedded servers, files in a temporary folder, quick passwords."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from ocop import embedded
from ocop.tests import template_database

_release_services: list[Callable[[], None]] = []


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers, or take those of a running site; tests have a database of their own."""
    try:
        _release_services.append(embedded.hold_services())
    except (embedded.EmbeddedServerError, OSError) as error:
        pytest.exit(f"Không khởi động được máy chủ dữ liệu đi kèm: {error}", returncode=3)


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

    Tests with real transactions empty the tables behind them, hence "load when missing".
    """
    return load_criteria_once()


def load_criteria_once():
    from evaluation.criteria_files import DATA_FOLDER, load_errata, project_sets
    from evaluation.services.criteria import load_version

    sets = list(project_sets().values())
    version, _ = load_version(
        code="qd26", title="Bộ tiêu chí QĐ 26/2026", sets=sets, errata=load_errata(DATA_FOLDER)
    )
    return version


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker):
    """Test databases are copies of one that is migrated and has the criteria."""
    from django.db import connection

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database.ready(load_criteria_once)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The criteria are in the test database from the start: loading them takes a second."""
    with django_db_blocker.unblock():
        load_criteria_once()
