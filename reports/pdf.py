"""HTML to the bytes of an official PDF: fonts embedded, archival and tagged, nothing from the network.

WeasyPrint needs 1.5 MB of memory for a page it has laid out. So that a paper of any length takes about the
same, its pages are written as soon as there are `SHEETS` of them, and the files joined.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports import html, typeface
from reports.joining import Joined

FONT_FILES = frozenset(face.url.partition(":")[2] for face in typeface.SHIPPED.faces)
# Archival and tagged: PDF/A-2, level a.
VARIANT = "pdf/a-2a"

# The collector walks everything laid out so far again and again: by default a third of the time goes there.
SELDOM = (50_000, 20, 100)
# Pages written at once, and how many of a long table are laid out at once.
SHEETS = 20

OnPart = Callable[[int, int], None]
OnPortion = Callable[[float, int], None]


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


def render(
    parts: Sequence[html.Part],
    on_part: OnPart = lambda done, total: None,
    on_portion: OnPortion = lambda share, pages: None,
    sheets: int = SHEETS,
) -> Rendered:
    """One PDF of several parts, each with page numbers of its own; title and language of the first.

    `on_part(done, total)` is called after each part is laid out, `on_portion(share, pages)` after each
    portion of a long one: how much of it is laid out, on how many pages. What they raise stops the rendering.
    `sheets`: how many pages are written at once, as soon as they are there.
    """
    stack = _Sheets(sheets)
    is_long = any(isinstance(part, html.LongAnnex) for part in parts)
    with _collecting_by_hand() if is_long else _collecting_seldom():
        for done, part in enumerate(parts, 1):
            if isinstance(part, html.LongAnnex):
                _lay_out_long(part, stack, on_portion)
            else:
                stack.add(stack.laid_out(part).pages)
                stack.settle()
            on_part(done, len(parts))
        return stack.close()


def _lay_out_long(annex: html.LongAnnex, stack: "_Sheets", on_portion: OnPortion) -> None:
    """Portion by portion, as many rows at once as the pages of the one before let expect."""
    row, page, size = 0, 1, annex.limit
    while row < annex.rows:
        last, count = _lay_out_portion(annex, row, min(row + size, annex.rows), page, stack)
        if not count:
            size *= 2
            continue
        size = round((last - row) / count * (stack.at_once + 1)) + 1
        row, page = last, page + count
        stack.join()
        on_portion(row / annex.rows, page - 1)


def _lay_out_portion(
    annex: html.LongAnnex, row: int, last: int, page: int, stack: "_Sheets"
) -> tuple[int, int]:
    """The first row that is not on the pages of this portion, and how many they are: none if it is too short.

    The rows of its last page, which others are to fill, are left to the next portion.
    """
    pages = stack.laid_out(annex.portion(row, last, page)).pages
    if last < annex.rows:
        pages, last = _full(pages, row, last)
    stack.add(pages)
    return last, len(pages)


def _full(pages: list[Any], first: int, last: int) -> tuple[list[Any], int]:
    """The pages that the rows to come do not change, and the first row that is not on them.

    None as long as the row they begin with is not among them: each portion must get on.
    """
    rows = [_rows(page) for page in pages]
    for place in range(len(pages) - 1, 0, -1):
        following = rows[place][0] if rows[place] else first
        # A row higher than a page stands on two of them.
        if following > first and following not in rows[place - 1]:
            return pages[:place], following
    return [], last


def _rows(page: Any) -> list[int]:
    return [int(name.removeprefix(html.ROW)) for name in page.anchors if name.startswith(html.ROW)]


class _Sheets:
    """Pages on their way to one file, in order."""

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._fonts, self._fetcher = FontConfiguration(), PaperFetcher()
        self._first: Any = None
        self._waiting: list[Any] = []
        self._joined: Joined | None = None

    def laid_out(self, text: str) -> Any:
        """The document of WeasyPrint; the first one gives title and language to all."""
        document = HTML(string=text, url_fetcher=self._fetcher).render(font_config=self._fonts)
        self._first = self._first or document.copy([])
        return document

    def add(self, pages: list[Any]) -> None:
        """Let the pages wait to be written; who gives them must not keep them."""
        for page in pages:
            for row in _rows(page):
                del page.anchors[f"{html.ROW}{row}"]
        self._waiting.extend(pages)

    def settle(self) -> None:
        """Write what waits if it is much."""
        if len(self._waiting) >= self.at_once:
            self.join()

    def join(self) -> None:
        """Write what waits, so that its memory is free."""
        self._joined = self._joined or Joined()
        self._joined.add(self._written())
        self._waiting.clear()
        gc.collect()

    def _written(self) -> bytes:
        return bytes(self._first.copy(self._waiting).write_pdf(pdf_variant=VARIANT, pdf_tags=True))

    def close(self) -> Rendered:
        """The file: what is short was never joined."""
        if self._joined is None:
            return Rendered(self._written(), len(self._waiting))
        if self._waiting:
            self.join()
        return Rendered(self._joined.close(), self._joined.pages)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _collecting_by_hand() -> Iterator[None]:
    """No collection but those of `_Sheets.join`, and they pass over what was there before."""
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()


def page_of(text: str) -> bytes:
    """A small PDF for making a picture of: our files alone are opened, as for papers."""
    return bytes(HTML(string=text, url_fetcher=PaperFetcher()).write_pdf(font_config=FontConfiguration()))
