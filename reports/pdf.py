"""HTML to the bytes of an official PDF: fonts embedded, archival and tagged, nothing from the network."""

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports import typeface

FONT_FILES = frozenset(face.url.partition(":")[2] for face in typeface.SHIPPED.faces)
# Archival and tagged: PDF/A-2, level a.
VARIANT = "pdf/a-2a"

# The collector walks everything laid out so far again and again: by default a third of the time goes there.
SELDOM = (50_000, 20, 100)
# Pages.
LONG_PART = 20

OnPart = Callable[[int, int], None]


class PaperFetcher(URLFetcher):
    """Opens `static:` (our static files), `media:` (our file storage) and `font:` (our fonts); nothing else.

    Text of people may hold any address: none of it is ever fetched, nor any file outside the three.
    """

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file behind the address; raises ValueError for any other address or a missing file."""
        scheme, _, path = url.partition(":")
        if scheme == "font" and path in FONT_FILES:
            return URLFetcherResponse(url, (typeface.FOLDER / path).read_bytes())
        if scheme == "static" and (found := finders.find(path)):
            with open(str(found), "rb") as file:
                return URLFetcherResponse(url, file.read())
        if scheme == "media" and default_storage.exists(path):
            with default_storage.open(path) as file:
                return URLFetcherResponse(url, file.read())
        raise ValueError(f"refused: {url[:200]}")


@dataclass(frozen=True)
class Rendered:
    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def render(parts: list[str], on_part: OnPart = lambda done, total: None) -> Rendered:
    """One PDF of several HTML texts, each with page numbers of its own; title and language of the first.

    `on_part(done, total)` is called after each part is laid out; what it raises stops the rendering.
    """
    fonts, fetcher = FontConfiguration(), PaperFetcher()
    documents: list[Any] = []
    with _collecting_seldom():
        for html in parts:
            documents.append(HTML(string=html, url_fetcher=fetcher).render(font_config=fonts))
            # What a long part was made of goes before the next one is laid out: its pages alone stay.
            if len(documents[-1].pages) >= LONG_PART:
                gc.collect()
            on_part(len(documents), len(parts))
        pages = [page for document in documents for page in document.pages]
        content = documents[0].copy(pages).write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return Rendered(content, len(pages))


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def page_of(html: str) -> bytes:
    """A small PDF for making a picture of: our files alone are opened, as for papers."""
    return bytes(HTML(string=html, url_fetcher=PaperFetcher()).write_pdf(font_config=FontConfiguration()))
