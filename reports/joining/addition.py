"""One file copied into the whole."""

import hashlib
import re
from functools import cached_property
from typing import Any

from pypdf.generic import (
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    create_string_object,
)

from reports.joining import bookmarks
from reports.joining.bookmarks import Bookmark
from reports.joining.source import (
    NotJoinableError,
    Numbers,
    Source,
    named,
    number,
    parsed,
    references,
    renumbered,
    written,
)
from reports.joining.whole import Whole

# An entry of the tree from content to tags: of a page (a list, or what holds one) or of a link (one tag).
_ENTRY = re.compile(rb"(\d+) (?:(\[[^\]]*\])|(\d+) 0 R)")


class Addition:
    """A file while it is added to the whole; with a title its tags are a part with this title."""

    def __init__(self, whole: Whole, source: Source, title: str) -> None:
        self.whole, self.source, self.title = whole, source, title
        self.pages = source.pages()
        self.first_key = whole.following_key
        kids = list(references(written(source.structure["/K"])))
        if len(kids) != 1:
            raise NotJoinableError("cannot be joined: more than one document")
        self.document = kids[0]
        # Objects that the whole has once.
        self.left_out = self._made_anew()
        self.numbers = self._numbered()

    def run(self) -> None:
        """Copy the file."""
        self._copy()
        self._copy_pages()
        self._copy_tags()
        self._copy_names()
        found = bookmarks.read(self.source, self._moved)
        if self.title:
            found = [Bookmark.to_page(self.title, self.numbers[self.pages[0]], found)]
        self.whole.bookmarks.extend(found)

    def catalog(self) -> DictionaryObject:
        """The catalog without what the whole makes anew."""
        kept = self.source.catalog
        for name in ("/Pages", "/StructTreeRoot", "/Metadata", "/Outlines", "/Names"):
            kept.pop(name, None)
        return self._moved(kept)

    def _moved(self, value: Any) -> Any:
        """An object of pypdf with the numbers it has in the whole."""
        return parsed(renumbered(written(value), self.numbers))

    def _made_anew(self) -> set[int]:
        catalog, structure = self.source.catalog, self.source.structure
        holders = [catalog.raw_get(name) for name in ("/Pages", "/StructTreeRoot", "/Metadata")]
        holders += [structure.raw_get(name) for name in ("/ParentTree", "/IDTree") if name in structure]
        own = {number(holder) for holder in holders}
        own |= {self.source.number_of_root, self.source.number_of_info}
        if not self.title:
            own.add(self.document)
        if "/Outlines" in catalog:
            root = number(catalog.raw_get("/Outlines"))
            own |= {root, *bookmarks.numbers(self.source, root)}
        return own

    def _numbered(self) -> Numbers:
        """A number in the whole for every object; a stream that is there already has the one it has."""
        reserve, known = self.whole.writer.reserve, self.whole.streams
        numbers = {one: reserve() for one in sorted(self.source.objects) if one not in self.left_out}
        for one, stream in sorted(self.source.streams.items()):
            if one in self.left_out:
                continue
            if stream.refers:
                numbers[one] = reserve()
                continue
            digest = hashlib.sha256(stream.dictionary + b"\n" + stream.data).digest()
            if digest not in known:
                known[digest] = reserve()
                self.whole.writer.write_stream(known[digest], stream.dictionary, stream.data)
            numbers[one] = known[digest]
        numbers[number(self.source.catalog.raw_get("/Pages"))] = self.whole.page_tree
        # What stood at the top of the file stands below the document of the whole.
        top = number(self.source.catalog.raw_get("/StructTreeRoot")) if self.title else self.document
        numbers[top] = self.whole.document
        return numbers

    @cached_property
    def _links(self) -> list[int]:
        found = []
        for page in self.pages:
            found += references(written(self.source.parsed(page).get("/Annots", named())))
        return found

    def _copy(self) -> None:
        """Everything as it is, but for the numbers."""
        writer, ids = self.whole.writer, self.whole.ids
        apart = {*self.left_out, *self.pages, *self._links, self.document}
        for one, content in self.source.objects.items():
            if one not in apart:
                own = self.numbers[one]
                moved = renumbered(content, self.numbers, lambda name, own=own: ids.append((name, own)))
                writer.write(own, moved)
        for one, stream in self.source.streams.items():
            if one not in self.left_out and stream.refers:
                dictionary = renumbered(stream.dictionary, self.numbers)
                writer.write_stream(self.numbers[one], dictionary, stream.data)

    def _copy_pages(self) -> None:
        """Pages and their links, with keys to their tags that are free in the whole."""
        for one in self.pages:
            self.whole.pages.append(self.numbers[one])
            self._write_keyed(one, "/StructParents")
        for one in self._links:
            self._write_keyed(one, "/StructParent")

    def _write_keyed(self, one: int, key: str) -> None:
        value = self._moved(self.source.parsed(one))
        if key not in value:
            raise NotJoinableError(f"cannot be joined: no {key}")
        value[NameObject(key)] = NumberObject(value[key] + self.first_key)
        if isinstance(value.get("/Dest"), str):
            value[NameObject("/Dest")] = ByteStringObject(self._name(value["/Dest"]))
        self.whole.writer.write(self.numbers[one], written(value))

    def _copy_tags(self) -> None:
        """The tags below the document, and the way from every page and link to its tags."""
        whole, source = self.whole, self.source
        if self.title:
            whole.tops.append(self.numbers[self.document])
            part = self._moved(source.parsed(self.document))
            title = create_string_object(self.title)
            part.update(named(S=NameObject("/Part"), T=title))
            whole.writer.write(self.numbers[self.document], written(part))
        else:
            top = source.objects[self.document]
            kids = written(parsed(top)["/K"])
            whole.tops.extend(self.numbers[kid] for kid in references(kids))
        tree = source.objects[number(source.structure.raw_get("/ParentTree"))]
        for key, listed, held in _ENTRY.findall(tree):
            place = self.first_key + int(key)
            moved = whole.writer.add(renumbered(listed, self.numbers)) if listed else self.numbers[int(held)]
            whole.tagged[place] = moved
            whole.following_key = max(whole.following_key, place + 1)

    def _copy_names(self) -> None:
        """Places that links lead to: the same name may stand in several files."""
        names = self.source.catalog.get("/Names", {})
        if set(names) - {"/Dests"}:
            raise NotJoinableError("cannot be joined: names of other things than places")
        listed = names["/Dests"]["/Names"] if names else []
        for name, target in zip(listed[::2], listed[1::2], strict=True):
            self.whole.names.append((self._name(name), self._moved(target)))

    def _name(self, name: str) -> bytes:
        return f"{self.first_key}.{name}".encode()
