"""What a copy says of itself."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

DATABASE, FILES, MANIFEST = "database.dump", "files.tar", "MANIFEST.json"
CHUNK = 1 << 20


class BackupError(Exception):
    """A copy cannot be made, is spoiled, or cannot be brought back; the message is for the administrator."""


@dataclass(frozen=True)
class Manifest:
    """When and of what the copy was made; `rows` by table and the digests prove it whole."""

    made_at: str
    database: str
    migrations: int
    rows: dict[str, int]
    database_sha256: str
    files_sha256: str
    files: int
    """Number of files in the archive; None of them when they live in a bucket (`store`)."""
    store: str

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Raises BackupError when the folder holds no copy made by this program."""
        try:
            return cls(**json.loads((folder / MANIFEST).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise BackupError(f"{folder} không phải bản sao lưu: không đọc được {MANIFEST}.") from error


def digest(path: Path) -> str:
    """SHA-256 of a file; "" when there is none."""
    if not path.exists():
        return ""
    total = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()
