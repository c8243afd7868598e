"""What is known of the whole while files are added: numbers, never the objects themselves."""

from dataclasses import dataclass, field
from typing import Any

from reports.joining.bookmarks import Bookmark
from reports.joining.writer import Writer


@dataclass
class Whole:
    """`page_tree` and `document` are the numbers of the page tree and of the tag all others are below."""

    writer: Writer
    page_tree: int
    document: int
    pages: list[int] = field(default_factory=list)
    # The tags right below the document.
    tops: list[int] = field(default_factory=list)
    # From keys of pages and links to the numbers of what holds their tags.
    tagged: dict[int, int] = field(default_factory=dict)
    following_key: int = 0
    # Identifiers of header cells.
    ids: list[tuple[bytes, int]] = field(default_factory=list)
    # Places that links lead to.
    names: list[tuple[bytes, Any]] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    # Fonts, profiles and pictures that come with several files, by their digest: they are written once.
    streams: dict[bytes, int] = field(default_factory=dict)

    @classmethod
    def begun(cls) -> "Whole":
        writer = Writer()
        return cls(writer, writer.reserve(), writer.reserve())
