"""Where uploaded and rendered files live: a folder of this machine, or an S3-compatible store."""

from pathlib import Path
from typing import Any


def from_environment(env: Any, folder: Path) -> dict[str, Any]:
    """The entry "default" of STORAGES: S3-compatible when S3_BUCKET is set, else `folder`.

    Files are always streamed by the application after the permission is asked, so neither kind gives out
    addresses: the folder has none, the bucket is private.
    """
    bucket = env("S3_BUCKET", default="")
    return _bucket(env, bucket) if bucket else _folder(folder)


def _folder(folder: Path) -> dict[str, Any]:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(folder), "base_url": None},
    }


def _bucket(env: Any, bucket: str) -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            # None asks boto3's own sources: the region's address, the machine's role.
            "endpoint_url": env("S3_ENDPOINT_URL", default="") or None,
            "access_key": env("S3_ACCESS_KEY", default="") or None,
            "secret_key": env("S3_SECRET_KEY", default="") or None,
            "region_name": env("S3_REGION", default="") or None,
            "location": env("S3_PREFIX", default=""),
            "default_acl": None,
            "file_overwrite": False,
            "signature_version": "s3v4",
            # Own stores (MinIO, Ceph) seldom have a host name a bucket.
            "addressing_style": "path",
        },
    }
