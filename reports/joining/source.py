"""A PDF of ours as its objects in the bytes they were written in: most are copied and never taken apart."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, read_object

# Of a PDF/A from WeasyPrint or from here; anything else would be lost or become untrue when joined.
CATALOG = frozenset(
    ["/Type", "/Pages", "/Outlines", "/StructTreeRoot", "/MarkInfo", "/ViewerPreferences", "/Lang",
     "/Metadata", "/OutputIntents", "/Names"]
)  # fmt: skip
STRUCTURE = frozenset(["/Type", "/K", "/ParentTree", "/IDTree"])
# Identifiers of header cells begin with a number of an object, so they are unique in one file alone. Strings
# are passed over.
_TOKEN = re.compile(
    rb"/ID \((\d+)(-[^)]*)\)|/Headers \[([^\]]*)\]|\((?:[^\\()]|\\.)*\)|<[0-9A-Fa-f]*>|\b(\d+) 0 R\b",
    re.DOTALL,
)
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_HEADER = re.compile(rb"\((\d+)-")
_STREAM = b"stream\n"
_END_OF_STREAM = b"\nendstream\nendobj"
_END_OF_OBJECT = b"\nendobj"

Numbers = dict[int, int]

# What pypdf's references point into: they are carried over as numbers, nothing is ever looked up by them.
_NOWHERE = PdfWriter()


class NotJoinableError(ValueError):
    """The file is none that this program makes, or claims something else than those before it."""


@dataclass(frozen=True)
class Stream:
    dictionary: bytes
    data: bytes

    @property
    def refers(self) -> bool:
        return _REFERENCE.search(self.dictionary) is not None


@dataclass
class Source:
    """The objects of a file by number: `objects` as they stand in it, `streams` in two parts."""

    reader: PdfReader
    objects: dict[int, bytes] = field(default_factory=dict)
    streams: dict[int, Stream] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes) -> "Source":
        """Taken apart; raises NotJoinableError for a file that holds what cannot be joined."""
        source = cls(PdfReader(BytesIO(content)))
        source._read_plain(content)
        source._read_packed()
        source._check()
        return source

    def _read_plain(self, content: bytes) -> None:
        """Objects written for themselves, from one to the next."""
        places = {place: number for number, place in self.reader.xref.get(0, {}).items()}
        end = content.rindex(b"startxref")
        for place, following in pairwise([*sorted(places), end]):
            written = content[place:following]
            body = written[written.index(b"obj\n") + 4 :]
            number = places[place]
            dictionary, is_stream, data = body.partition(_STREAM)
            if is_stream:
                data = data[: data.rindex(_END_OF_STREAM)]
                self.streams[number] = Stream(dictionary.rstrip(), data)
            else:
                self.objects[number] = body[: body.rindex(_END_OF_OBJECT)]

    def _read_packed(self) -> None:
        """Objects of object streams; their numbers and places stand at the head of each."""
        for holder in sorted({place[0] for place in self.reader.xref_objStm.values()}):
            stream: Any = self.reader.get_object(holder)
            content, first = stream.get_data(), int(stream["/First"])
            head = [int(number) for number in content[:first].split()]
            places = [first + place for place in head[1::2]]
            for number, (place, following) in zip(head[::2], pairwise([*places, len(content)]), strict=True):
                self.objects[number] = content[place:following].strip()
            del self.streams[holder]
        for number in [n for n, one in self.streams.items() if b"/Type /XRef" in one.dictionary]:
            del self.streams[number]

    def _check(self) -> None:
        strange = set(self.catalog) - CATALOG | set(self.structure) - STRUCTURE
        if strange:
            raise NotJoinableError(f"cannot be joined: {', '.join(sorted(strange))}")
        if self.reader.is_encrypted:
            raise NotJoinableError("cannot be joined: encrypted")

    @property
    def catalog(self) -> DictionaryObject:
        return self.parsed(self.number_of_root)

    @property
    def number_of_root(self) -> int:
        return number(self.reader.trailer.raw_get("/Root"))

    @property
    def number_of_info(self) -> int:
        return number(self.reader.trailer.raw_get("/Info"))

    @property
    def structure(self) -> DictionaryObject:
        """The root of the tags; raises NotJoinableError for a file without."""
        if "/StructTreeRoot" not in self.catalog:
            raise NotJoinableError("cannot be joined: no tags")
        return self.parsed(number(self.catalog.raw_get("/StructTreeRoot")))

    def parsed(self, number: int) -> DictionaryObject:
        return parsed(self.objects[number])

    def pages(self) -> list[int]:
        """The numbers of the pages in order: they hang on one object, as all files of ours have it."""
        kids = self.parsed(number(self.catalog.raw_get("/Pages")))["/Kids"]
        return [number(kid) for kid in kids]

    def metadata(self) -> bytes:
        """The XMP packet."""
        packet: Any = self.reader.get_object(number(self.catalog.raw_get("/Metadata")))
        return bytes(packet.get_data())


def parsed(content: bytes) -> Any:
    """An object as pypdf knows it; references in it are numbers alone, nothing is looked up."""
    return read_object(BytesIO(content), _NOWHERE)


def written(value: Any) -> bytes:
    """The bytes of an object of pypdf."""
    file = BytesIO()
    value.write_to_stream(file)
    return file.getvalue()


def number(reference: Any) -> int:
    """The number of what a reference points to; raises NotJoinableError for what is none."""
    if not isinstance(reference, IndirectObject):
        raise NotJoinableError(f"cannot be joined: {type(reference).__name__} where a reference is due")
    return int(reference.idnum)


def reference(number: int) -> IndirectObject:
    return IndirectObject(number, 0, _NOWHERE)


def references(content: bytes) -> Iterator[int]:
    """The numbers an array refers to, in order."""
    return (int(found[1]) for found in _REFERENCE.finditer(content))


def renumbered(content: bytes, numbers: Numbers, on_id: Callable[[bytes], None] = lambda name: None) -> bytes:
    """The object with its references given new numbers; `on_id` is told the identifier it has now."""

    def replace(found: re.Match[bytes]) -> bytes:
        if found[4]:
            return b"%d 0 R" % numbers[int(found[4])]
        if found[1]:
            name = b"%d%b" % (numbers[int(found[1])], found[2])
            on_id(name)
            return b"/ID (%b)" % name
        if found[3]:
            return b"/Headers [%b]" % _HEADER.sub(lambda one: b"(%d-" % numbers[int(one[1])], found[3])
        return found[0]

    return _TOKEN.sub(replace, content)


def named(**values: Any) -> DictionaryObject:
    """A dictionary of pypdf by names without the stroke."""
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})
