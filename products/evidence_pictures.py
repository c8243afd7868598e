"""Pages of a paper as pictures: readable on any screen without a script, rendered once and kept."""

import io
import logging
from typing import IO

import pypdfium2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from products.evidence_files import KINDS, PDF, PDFIUM, PIXELS_LIMIT, Kind
from products.models import StoredFile

log = logging.getLogger(__name__)

# A thumbnail in a list, a page to read, a page to look at closely.
THUMBNAIL, READING, CLOSE = WIDTHS = (160, 1000, 1800)
TALLEST = 3
QUALITY = 82


class NoPicture(Exception):
    """The page does not exist, or its file cannot be shown."""


def has_pictures(stored: StoredFile) -> bool:
    kind = KINDS.get(stored.content_type)
    return bool(kind and kind.has_pictures)


def picture(stored: StoredFile, page: int, width: int) -> bytes:
    """Page `page` (from 1) as a WebP picture `width` pixels wide. Raises NoPicture."""
    if not has_pictures(stored) or not 1 <= page <= (stored.pages or 1) or width not in WIDTHS:
        raise NoPicture
    name = f"previews/{stored.sha256[:2]}/{stored.sha256}/{page}-{width}.webp"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            return kept.read()
    content = _render(stored, page, width)
    default_storage.save(name, ContentFile(content))
    return content


def forget(stored: StoredFile) -> None:
    """Remove the kept pictures of a file."""
    folder = f"previews/{stored.sha256[:2]}/{stored.sha256}"
    try:
        _, names = default_storage.listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")


def _render(stored: StoredFile, page: int, width: int) -> bytes:
    kind = KINDS[stored.content_type]
    try:
        with stored.file.open("rb") as file:
            image = _pdf_page(file, page, width) if kind == PDF else _image_page(file, page, width, kind)
    except (OSError, ValueError, pypdfium2.PdfiumError, Image.DecompressionBombError) as error:
        log.error("page %s of stored file %s cannot be shown: %s", page, stored.sha256, error)
        raise NoPicture from error
    content = io.BytesIO()
    image.convert("RGB").save(content, "WEBP", quality=QUALITY)
    return content.getvalue()


def _pdf_page(file: IO[bytes], page: int, width: int) -> Image.Image:
    with PDFIUM:
        document = pypdfium2.PdfDocument(file)
        try:
            sheet = document[page - 1]
            across, down = sheet.get_size()
            scale = min(width / max(across, 1), width * TALLEST / max(down, 1))
            bitmap = sheet.render(scale=scale)
            image = bitmap.to_pil().copy()
            bitmap.close()
            sheet.close()
        finally:
            document.close()
    return image


def _image_page(file: IO[bytes], page: int, width: int, kind: Kind) -> Image.Image:
    with Image.open(file) as image:
        image.seek(page - 1)
        # Every frame has a size of its own: this one is asked before it is unfolded.
        if image.width * image.height > PIXELS_LIMIT:
            raise ValueError("too many pixels")
        image.draft("RGB", (width, width))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((width, width * TALLEST))
        return upright.copy()
