"""What happens to a file while it is being received."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

SLACK = 64 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Lets through a little more than the largest file allowed, and drops the rest.

    The disk is not filled by a huge file, yet the form arrives whole and can say that the file is too large.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        cap = settings.EVIDENCE_MAX_FILE_MB * 1024 * 1024 + SLACK
        return raw_data if start <= cap else None

    def file_complete(self, file_size: int) -> None:
        return None
