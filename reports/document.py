"""An official paper as plain data: what stands where, already in words, without any layout.

A builder makes it, `reports.html` lays it out, and its data form (`as_data`) is the snapshot kept with
the paper, so that the same content can be given another form (DOCX) or laid out again.
"""

import json
import re
import unicodedata
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
    # Small print, for printed tables of a hundred lines.
    compact: bool = False
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


@dataclass(frozen=True)
class Article:
    """Điều of a decision: "Điều 1." in bold, then its text."""

    mark: str
    text: str
    kind: str = "article"


@dataclass(frozen=True)
class Centered:
    """A line of its own in the middle: "QUYẾT ĐỊNH:"; `style` is "bold" or "italic"."""

    text: str
    style: str = "bold"
    kind: str = "centered"


@dataclass(frozen=True)
class Fact:
    """A line of a form: its label, and what is filled in; empty: dots to write on by hand."""

    label: str
    value: str
    kind: str = "fact"


@dataclass(frozen=True)
class Checks:
    """Boxes of a form: (ticked, text) pairs."""

    items: tuple[tuple[bool, str], ...]
    kind: str = "checks"


@dataclass(frozen=True)
class Signature:
    """Who signs: lines of authority and position, what to do ("(Ký, ghi rõ họ tên)"), the name."""

    position: tuple[str, ...]
    name: str = ""
    note: str = ""
    # Place and date above the position, on forms.
    place_date: str = ""


@dataclass(frozen=True)
class Signatures:
    """Blocks of signatures side by side, inside a form; the last one stands at the right."""

    items: tuple[Signature, ...]
    kind: str = "signatures"


Block = Paragraph | Heading | Points | Table | Figure | Article | Centered | Fact | Checks | Signatures


class Layout:
    """How a paper is laid out: the decree's paper, its Biên bản, a form of the law, a certificate."""

    PAPER, MINUTES, FORM, CERTIFICATE = "paper", "minutes", "form", "certificate"


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
    """Boxes 1 to 4 of the decree's layout, left and right at the top of page 1.

    A form of the law has the national title alone: no issuing body, no number. Biên bản have no place and
    date.
    """

    governing_body: tuple[str, ...] = ()
    issuing_body: tuple[str, ...] = ()
    number: str = ""
    place_date: str = ""


@dataclass(frozen=True)
class Gap:
    """What the records do not say and the paper leaves open: what it is, where it is written down.

    `needed`: the paper is not issued without it. Where it cannot be written down any more it is left for the
    pen.
    """

    what: str
    where: str = ""
    url: str = ""
    needed: bool = True


@dataclass(frozen=True)
class Document:
    """A whole paper.

    `addressees`: one on the line of "Kính gửi", several below it. `authority` and `order`: who decides, and
    "QUYẾT ĐỊNH:". `signatures`: of Biên bản (thư ký, chủ tọa) and of forms; other papers have
    `signer_position` beside the recipients. `label`: "DỰ THẢO" or "Mẫu số 01". `values`: what a layout of its
    own asks. `gaps`: not printed, told to who makes and issues it.
    """

    head: Head
    type_name: str
    subject: str = ""
    addressee: str = ""
    addressees: tuple[str, ...] = ()
    authority: str = ""
    legal_bases: tuple[str, ...] = ()
    order: str = ""
    opening: str = ""
    sections: tuple[Section, ...] = ()
    closing: str = ""
    recipients: tuple[str, ...] = ()
    signer_position: tuple[str, ...] = ()
    signer_name: str = ""
    signatures: tuple[Signature, ...] = ()
    annexes: tuple[Annex, ...] = field(default=())
    layout: str = Layout.PAPER
    landscape: bool = False
    label: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    @property
    def title(self) -> str:
        """Title of the file: "Báo cáo kết quả …"."""
        name = self.type_name.capitalize().replace("ocop", "OCOP")
        return f"{name} {self.subject[:1].lower()}{self.subject[1:]}".strip()


# Breaks of Word and printers; signs without a shape, and those that turn the direction of reading: pasted by
# people they spoil the text of the file for search and for readers aloud, or show other words than it holds.
_BREAKS = re.compile(" ?[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+ ?")
_UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def as_data(document: Document) -> dict[str, Any]:
    """The document as it is stored: only what JSON knows and paper prints, in NFC (TCVN 6909:2001)."""
    data = {"title": document.title, **asdict(document)}
    return _printed(json.loads(json.dumps(data, cls=DjangoJSONEncoder)))


def _printed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", _UNPRINTED.sub("", _BREAKS.sub(" ", value)))
    if isinstance(value, list):
        return [_printed(one) for one in value]
    if isinstance(value, dict):
        return {name: _printed(one) for name, one in value.items()}
    return value
