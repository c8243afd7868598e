"""The whole of several files: pages, tags, links, bookmarks and the one claim of what it conforms to."""

import re
from typing import Any
from xml.sax.saxutils import escape

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    create_string_object,
)

from reports.joining import bookmarks
from reports.joining.addition import Addition
from reports.joining.source import NotJoinableError, Source, named, reference, written
from reports.joining.whole import Whole

_CLAIM = re.compile(rb'pdfaid:(?:part|conformance)="[^"]*"')
_TITLE = re.compile(rb'(<rdf:li xml:lang="x-default">)[^<]*')


class Joined:
    """Files added one after the other; what is kept in memory is the bytes of the whole and a few numbers.

    `title`: of the whole; without one it has that of the first file, as language and claim.
    """

    def __init__(self, title: str = "") -> None:
        self._title, self._whole = title, Whole.begun()
        self._packet = b""
        self._info, self._catalog = DictionaryObject(), DictionaryObject()

    @property
    def pages(self) -> int:
        return len(self._whole.pages)

    def add(self, content: bytes, title: str = "") -> None:
        """Add the pages of a file: with a title as a part and a bookmark of its own, else as what goes on.

        Raises NotJoinableError for a file that is not tagged or archival, or claims another conformance or
        language than the files before it.
        """
        source = Source.of(content)
        packet = source.metadata()
        self._check(source, packet)
        addition = Addition(self._whole, source, title)
        if not self._packet:
            self._packet = packet
            self._info, self._catalog = source.parsed(source.number_of_info), addition.catalog()
        addition.run()

    def _check(self, source: Source, packet: bytes) -> None:
        claim = _CLAIM.findall(packet)
        if not claim or self._packet and claim != _CLAIM.findall(self._packet):
            raise NotJoinableError("cannot be joined: another conformance is claimed")
        if self._packet and source.catalog.get("/Lang") != self._catalog.get("/Lang"):
            raise NotJoinableError("cannot be joined: another language")

    def close(self) -> bytes:
        """The bytes of the whole. Raises NotJoinableError when there is no file in it."""
        if not self._packet:
            raise NotJoinableError("nothing to join")
        whole, writer = self._whole, self._whole.writer
        kids = ArrayObject(reference(page) for page in whole.pages)
        tree = named(Type=NameObject("/Pages"), Kids=kids, Count=NumberObject(len(kids)))
        writer.write(whole.page_tree, written(tree))
        structure, metadata = self._write_tags(), self._write_metadata()
        self._catalog.update(
            named(
                Pages=reference(whole.page_tree),
                StructTreeRoot=reference(structure),
                Metadata=reference(metadata),
            )
        )
        if whole.bookmarks:
            self._catalog.update(named(Outlines=reference(bookmarks.write(writer, whole.bookmarks))))
        if whole.names:
            self._catalog.update(named(Names=named(Dests=_name_tree(whole.names))))
        if self._title:
            self._info.update(named(Title=create_string_object(self._title)))
        return writer.close(writer.add(written(self._catalog)), writer.add(written(self._info)))

    def _write_tags(self) -> int:
        whole, writer = self._whole, self._whole.writer
        root = writer.reserve()
        document = named(
            Type=NameObject("/StructElem"),
            S=NameObject("/Document"),
            P=reference(root),
            K=ArrayObject(reference(top) for top in whole.tops),
        )
        writer.write(whole.document, written(document))
        entries = b" ".join(b"%d %d 0 R" % entry for entry in sorted(whole.tagged.items()))
        structure = named(
            Type=NameObject("/StructTreeRoot"),
            K=ArrayObject([reference(whole.document)]),
            ParentTree=reference(writer.add(b"<</Nums [%b]>>" % entries)),
        )
        if whole.ids:
            ids = _name_tree([(name, reference(one)) for name, one in whole.ids])
            structure.update(named(IDTree=reference(writer.add(written(ids)))))
        writer.write(root, written(structure))
        return root

    def _write_metadata(self) -> int:
        packet = self._packet
        if self._title:
            title = escape(self._title).encode()
            packet = _TITLE.sub(lambda found: found[1] + title, packet)
        number = self._whole.writer.reserve()
        dictionary = b"<</Type /Metadata/Subtype /XML/Length %d>>" % len(packet)
        self._whole.writer.write_stream(number, dictionary, packet)
        return number


def _name_tree(entries: list[tuple[bytes, Any]]) -> DictionaryObject:
    """Names in order, as readers look them up."""
    ordered = sorted(entries, key=lambda entry: entry[0])
    return named(Names=ArrayObject(one for name, value in ordered for one in (ByteStringObject(name), value)))
