"""An official paper as plain data: what stands where, already in words, without any layout.

A builder makes it, `reports.html` lays it out, and its data form (`as_data`) is the snapshot kept with
the paper, so that the same content can be given another form (DOCX) or laid out again.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

# Letters of điểm in the order of the decree: đ after d, no f, j, w, z.
POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """I, II, III, IV … for sections and annexes."""
    text = ""
    for value, sign in _ROMAN:
        while number >= value:
            text, number = text + sign, number - value
    return text


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A khoản with a title: "1. Kết quả so với kế hoạch"."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Points:
    """Điểm: (mark, text) pairs, "a)" or "-"."""

    items: tuple[tuple[str, str], ...]
    kind: str = "points"

    @classmethod
    def lettered(cls, texts: list[str]) -> "Points":
        """Points a), b), c), d), đ) …; dashes when the letters do not suffice."""
        if len(texts) > len(POINT_LETTERS):
            return cls.dashed(texts)
        return cls(tuple((f"{letter})", text) for letter, text in zip(POINT_LETTERS, texts, strict=False)))

    @classmethod
    def dashed(cls, texts: list[str]) -> "Points":
        return cls(tuple(("-", text) for text in texts))


@dataclass(frozen=True)
class Column:
    """`width` in percent of the table; `align` is "left", "center" or "right".

    `type` says what the cells show, for the workbook: "text", "number", "percent" or "date".
    """

    title: str
    width: int
    align: str = "left"
    type: str = "text"


@dataclass(frozen=True)
class Row:
    """`style`: "" for an ordinary row, "part" for one indented under the row above, "group" or "total"."""

    cells: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True)
class Table:
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = "Không có số liệu trong kỳ."
    # What rows of style "group" name, for the workbook, where it is a column.
    groups: str = ""
    kind: str = "table"


@dataclass(frozen=True)
class Figure:
    """A chart: its name in `reports.html` and the values it is drawn from."""

    caption: str
    chart: str
    values: dict[str, Any]
    kind: str = "figure"


Block = Paragraph | Heading | Points | Table | Figure


@dataclass(frozen=True)
class Section:
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Annex:
    """Title in capitals, what it comes with, and its blocks, on landscape pages numbered on their own."""

    number: str
    title: str
    reference: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Head:
    """Boxes 1 to 4 of the decree's layout, left and right at the top of page 1."""

    governing_body: tuple[str, ...]
    issuing_body: tuple[str, ...]
    number: str
    place_date: str


@dataclass(frozen=True)
class Document:
    head: Head
    type_name: str
    subject: str
    addressee: str
    legal_bases: tuple[str, ...]
    opening: str
    sections: tuple[Section, ...]
    closing: str
    recipients: tuple[str, ...]
    signer_position: tuple[str, ...]
    signer_name: str = ""
    annexes: tuple[Annex, ...] = field(default=())

    @property
    def title(self) -> str:
        """Title of the file: "Báo cáo kết quả …"."""
        return f"{self.type_name.capitalize()} {self.subject[:1].lower()}{self.subject[1:]}"


def as_data(document: Document) -> dict[str, Any]:
    """The document as it is stored: only what JSON knows."""
    data = {"title": document.title, **asdict(document)}
    return json.loads(json.dumps(data, cls=DjangoJSONEncoder))
