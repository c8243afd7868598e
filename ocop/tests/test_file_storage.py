"""Files go to the folder of this machine unless a bucket is named."""

from pathlib import Path

import environ
from django.core.files.storage import FileSystemStorage, storages
from django.test import override_settings
from storages.backends.s3 import S3Storage

from ocop import file_storage

FOLDER = Path("/srv/ocop/files")


def settings_for(monkeypatch, **variables):
    for name in ("S3_BUCKET", "S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_REGION", "S3_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return file_storage.from_environment(environ.Env(), FOLDER)


def made_from(entry):
    """The storage Django makes of the entry; no network is asked."""
    with override_settings(STORAGES={"default": entry, "staticfiles": entry}):
        return storages.create_storage(entry)


def test_without_a_bucket_files_stay_in_the_private_folder(monkeypatch):
    storage = made_from(settings_for(monkeypatch))
    assert isinstance(storage, FileSystemStorage)
    assert Path(storage.base_location) == FOLDER


def test_a_named_bucket_is_asked_at_the_given_address(monkeypatch):
    entry = settings_for(
        monkeypatch,
        S3_BUCKET="ocop-minh-chung",
        S3_ENDPOINT_URL="https://s3.tinh.example",
        S3_ACCESS_KEY="khoa",
        S3_SECRET_KEY="bi-mat",
        S3_PREFIX="ocop",
    )
    storage = made_from(entry)
    assert isinstance(storage, S3Storage)
    assert (storage.bucket_name, storage.endpoint_url, storage.location) == (
        "ocop-minh-chung",
        "https://s3.tinh.example",
        "ocop",
    )
    # Private, and nothing is written over: evidence is named by its hash.
    assert storage.default_acl is None and storage.file_overwrite is False
