"""Bookmarks of the files joined, as one tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, create_string_object

from reports.joining.source import Source, named, number, reference, written
from reports.joining.writer import Writer


@dataclass
class Bookmark:
    """A line with where it leads; the lines below it are shown when it is `is_open`."""

    title: Any
    target: Any
    below: list["Bookmark"] = field(default_factory=list)
    is_open: bool = True

    @classmethod
    def to_page(cls, title: str, page: int, below: list["Bookmark"]) -> "Bookmark":
        """A closed line to a whole page."""
        target = ArrayObject([reference(page), NameObject("/Fit")])
        return cls(create_string_object(title), target, below, is_open=False)

    @property
    def count(self) -> int:
        """How many lines are shown below it when it is open."""
        return shown(self.below)


def shown(bookmarks: list[Bookmark]) -> int:
    return sum(1 + (one.count if one.is_open else 0) for one in bookmarks)


def read(source: Source, renumbered: Callable[[Any], Any]) -> list[Bookmark]:
    """The bookmarks of a file; `renumbered` gives the targets the numbers they have in the whole."""
    catalog = source.catalog
    if "/Outlines" not in catalog:
        return []
    return list(_chain(source, source.parsed(number(catalog.raw_get("/Outlines"))), renumbered))


def _chain(source: Source, parent: DictionaryObject, renumbered: Callable[[Any], Any]) -> Iterator[Bookmark]:
    following = parent.raw_get("/First") if "/First" in parent else None
    while following is not None:
        item = source.parsed(number(following))
        below = list(_chain(source, item, renumbered))
        is_open = int(item.get("/Count", 0)) >= 0
        yield Bookmark(item["/Title"], renumbered(item["/Dest"]), below, is_open)
        following = item.raw_get("/Next") if "/Next" in item else None


def numbers(source: Source, parent: int) -> Iterator[int]:
    """The numbers of the lines below an object."""
    holder = source.parsed(parent)
    following = holder.raw_get("/First") if "/First" in holder else None
    while following is not None:
        own = number(following)
        yield own
        yield from numbers(source, own)
        item = source.parsed(own)
        following = item.raw_get("/Next") if "/Next" in item else None


def write(writer: Writer, bookmarks: list[Bookmark]) -> int:
    """Write the tree; the number of its root."""
    root = writer.reserve()
    first, last = _write_below(writer, bookmarks, root)
    tree = named(First=first, Last=last, Count=NumberObject(shown(bookmarks)))
    writer.write(root, written(tree))
    return root


def _write_below(writer: Writer, bookmarks: list[Bookmark], parent: int) -> tuple[Any, Any]:
    numbers = [writer.reserve() for _ in bookmarks]
    for place, (own, one) in enumerate(zip(numbers, bookmarks, strict=True)):
        item = named(Title=one.title, Dest=one.target, Parent=reference(parent))
        if place:
            item.update(named(Prev=reference(numbers[place - 1])))
        if place + 1 < len(numbers):
            item.update(named(Next=reference(numbers[place + 1])))
        if one.below:
            first, last = _write_below(writer, one.below, own)
            count = one.count if one.is_open else -one.count
            item.update(named(First=first, Last=last, Count=NumberObject(count)))
        writer.write(own, written(item))
    return reference(numbers[0]), reference(numbers[-1])
