"""A version of a dossier as one ZIP, streamed: an index, what was written, and every paper.

Names inside are plain ASCII, so that any old machine unpacks them; the index tells the names in Vietnamese.
Nothing is gathered in memory or on disk: pieces are sent as they are read.
"""

import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core.text import search_key
from products import completeness, queries, snapshot
from products.enums import DossierKind, EvidenceGroup, LegalForm
from products.models import DossierVersion, Evidence

PIECE = 256 * 1024
NAME_LIMIT = 60


class _Sink:
    """Takes what the archive writes and gives it out piece by piece; it cannot be sought in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held open."""

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


@dataclass(frozen=True)
class Entry:
    """A paper with its place in the archive and the criteria it serves."""

    path: str
    paper: Any
    """An `Evidence`, or another row with its bytes in `stored`."""
    uses: list[str]


def file_name(version: DossierVersion) -> str:
    """ "ho-so-01-PDK-42-18682-2026-lan-1.zip": plain ASCII."""
    dossier = version.dossier
    return f"ho-so-{plain(dossier.number or dossier.product.name)}-lan-{version.number}.zip"


def plain(text: str) -> str:
    """Text as part of a file name: ASCII letters, digits and hyphens."""
    return re.sub(r"[^0-9A-Za-z]+", "-", search_key(text)).strip("-")[:NAME_LIMIT] or "tep"


def stream(version: DossierVersion) -> Iterator[bytes]:
    """The bytes of the archive. The database is read before the first piece is given out."""
    return pieces(*parts(version))


def parts(version: DossierVersion) -> tuple[dict[str, str], list[Entry]]:
    """What the archive holds: texts by name, and papers with their places."""
    papers, uses = queries.papers_of(version).rows, queries.uses_of(version)
    entries = [
        Entry(path_of(number, paper), paper, uses.get(paper.pk, []))
        for number, paper in enumerate(papers, start=1)
    ]
    return _texts(version, entries), entries


def path_of(number: int, paper: Evidence) -> str:
    """Where a paper lies in the archive: "minh-chung/01-registration/001-giay-dang-ky.pdf"."""
    group = EvidenceGroup(paper.group)
    place = list(EvidenceGroup).index(group) + 1
    stem, _, extension = paper.filename.rpartition(".")
    return f"minh-chung/{place:02}-{plain(group.label)}/{number:03}-{plain(paper.title or stem)}.{extension}"


def _facts(picture: dict[str, Any]) -> list[tuple[str, Any]]:
    """What Mẫu 01 says beside the texts."""
    dossier, entity, product = picture["dossier"], picture["entity"], picture["product"]
    return [
        ("Số phiếu đăng ký", dossier["number"]),
        ("Hình thức, năm", f"{DossierKind(dossier['kind']).label}, {dossier['year']}"),
        ("Sản phẩm", product["name"]),
        ("Mã số sản phẩm", product["code"]),
        ("Bộ sản phẩm", f"Bộ {product['set']['number']} - {product['set']['name']}"),
        ("Chủ thể", f"{entity['name']} ({LegalForm(entity['legal_form']).label})"),
        ("Địa chỉ", f"{entity['address']}, {dossier['commune']['name']}"),
        ("Mã số thuế", entity["tax_code"]),
    ]


def _texts(version: DossierVersion, entries: list[Entry]) -> dict[str, str]:
    # What was filed is told as it was filed, whatever the registry says today.
    facts = _facts(version.snapshot or snapshot.take(version))
    context = {
        "version": version,
        "dossier": version.dossier,
        "entries": entries,
        "facts": facts,
        "head": facts[1:],
        "content": completeness.content_of(version),
        "filed": version.snapshot,
        "made_at": timezone.now(),
        "site_url": settings.SITE_URL,
    }
    sums = "".join(f"{entry.paper.stored.sha256}  {entry.path}\n" for entry in entries)
    texts = {
        "00-Muc-luc.html": render_to_string("pdf/dossier_index.html", context),
        "01-Noi-dung-ho-so.html": render_to_string("pdf/dossier_content.html", context),
        "SHA256SUMS.txt": sums,
    }
    if version.snapshot is not None:
        texts["02-Ban-da-nop.json"] = snapshot.canonical(version.snapshot)
    return texts


def pieces(texts: dict[str, str], entries: list[Entry]) -> Iterator[bytes]:
    """The bytes of an archive of texts and papers, read while they are sent."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, text in texts.items():
            archive.writestr(_info(name, zipfile.ZIP_DEFLATED), text.encode())
            yield sink.take()
        for entry in entries:
            yield from _file(archive, sink, entry)
    yield sink.take()


def _file(archive: zipfile.ZipFile, sink: _Sink, entry: Entry) -> Iterator[bytes]:
    # PDF and pictures are packed already.
    info = _info(entry.path, zipfile.ZIP_STORED)
    info.file_size = entry.paper.stored.size
    with entry.paper.stored.file.open("rb") as file, archive.open(info, "w") as member:
        while piece := file.read(PIECE):
            member.write(piece)
            yield sink.take()


def _info(name: str, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=time.localtime()[:6])
    info.compress_type = compression
    return info
