"""A PDF written object by object: of what is written only its place is kept."""

import hashlib
import zlib
from array import array
from io import BytesIO

# Readers look through an object stream from its head: short ones are read faster.
IN_A_STREAM = 200


class Writer:
    """Writes PDF 1.7 with object streams; the same calls give the same bytes."""

    def __init__(self) -> None:
        self._file = BytesIO()
        self._file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        # Per object three numbers of the cross-reference stream; the first one is free for ever.
        self._places = array("q", (0, 0, 65535))
        self._packed: list[tuple[int, bytes]] = []

    def reserve(self) -> int:
        """The number of an object that is written later."""
        self._places.extend((0, 0, 0))
        return len(self._places) // 3 - 1

    def add(self, content: bytes) -> int:
        """Write an object that is no stream; its number."""
        number = self.reserve()
        self.write(number, content)
        return number

    def write(self, number: int, content: bytes) -> None:
        """Write the object of a reserved number."""
        self._packed.append((number, content))
        if len(self._packed) == IN_A_STREAM:
            self._pack()

    def write_stream(self, number: int, dictionary: bytes, data: bytes) -> None:
        """Write a stream: its dictionary names the length of the data and how they are coded."""
        self._place(number, 1, self._file.tell(), 0)
        self._file.write(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, dictionary, data))

    def close(self, root: int, info: int) -> bytes:
        """The whole file: `root` and `info` are the numbers of its catalog and its description."""
        self._pack()
        digest = hashlib.sha256(self._file.getbuffer()).hexdigest()[:32].encode()
        number, place = self.reserve(), self._file.tell()
        self._place(number, 1, place, 0)
        rows = len(self._places) // 3
        table = b"".join(
            kind.to_bytes(1, "big") + where.to_bytes(5, "big") + nth.to_bytes(2, "big")
            for kind, where, nth in zip(*(self._places[i::3] for i in range(3)), strict=True)
        )
        names = b"/Type /XRef/W [1 5 2]/Size %d/Root %d 0 R/Info %d 0 R/ID [<%b> <%b>]" % (
            rows, root, info, digest, digest,
        )  # fmt: skip
        self._write_coded(number, names, table)
        self._file.write(b"startxref\n%d\n%%%%EOF\n" % place)
        return self._file.getvalue()

    def _pack(self) -> None:
        """Write the objects that wait as one object stream."""
        if not self._packed:
            return
        holder = self.reserve()
        places, position = [], 0
        for nth, (number, content) in enumerate(self._packed):
            places.append(b"%d %d" % (number, position))
            position += len(content) + 1
            self._place(number, 2, holder, nth)
        head = b" ".join(places) + b"\n"
        names = b"/Type /ObjStm/N %d/First %d" % (len(places), len(head))
        self._write_coded(holder, names, head + b"\n".join(content for _, content in self._packed))
        self._packed.clear()

    def _write_coded(self, number: int, names: bytes, content: bytes) -> None:
        data = zlib.compress(content, 9)
        dictionary = b"<<%b/Filter /FlateDecode/Length %d>>" % (names, len(data))
        self.write_stream(number, dictionary, data)

    def _place(self, number: int, kind: int, where: int, nth: int) -> None:
        self._places[3 * number : 3 * number + 3] = array("q", (kind, where, nth))
