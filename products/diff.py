"""What changed between two versions of a dossier: plain data from two snapshots, no database.

A snapshot is turned into sections of labelled texts; equal keys are laid side by side, and texts that
differ are compared paragraph by paragraph and there word by word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Field, Model

from core.numbers import format_date, format_number
from products.completeness import DRAFT_FIELDS, LABELS
from products.enums import DossierKind, EvidenceGroup, SalesChannel
from products.models import Entity, Product

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    """A run of text: `same` in both, `gone` from the earlier or `new` in the later."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """One labelled text in both versions; None: the version had no such thing."""

    label: str
    before: str | None
    after: str | None

    @property
    def changed(self) -> bool:
        return (self.before or "") != (self.after or "")

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.after is None

    @property
    def left(self) -> list[Part]:
        return [part for part in self._parts if part.kind != "new"]

    @property
    def right(self) -> list[Part]:
        return [part for part in self._parts if part.kind != "gone"]

    @property
    def _parts(self) -> list[Part]:
        return compare_texts(self.before or "", self.after or "")


@dataclass(frozen=True)
class Section:
    label: str
    lines: list[Line]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.changed]

    @property
    def same_count(self) -> int:
        return len(self.lines) - len(self.changed)


def compare_texts(before: str, after: str) -> list[Part]:
    """The runs of both texts in reading order: first by paragraph, then by word."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts: list[Part] = []
    for act, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        parts += [Part("same", gone)] if act == "equal" else _compare_words(gone, come)
    return parts


def _compare_words(before: str, after: str) -> Iterator[Part]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for act, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if act == "equal":
            yield Part("same", "".join(old[a:b]))
            continue
        if a < b:
            yield Part("gone", "".join(old[a:b]))
        if c < d:
            yield Part("new", "".join(new[c:d]))


Rows = dict[str, tuple[str, str]]  # key -> (label, text)


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Section]:
    """The sections of two snapshots side by side, in the order of the later one.

    A snapshot of an earlier release does not tell what was not asked then: such columns and sections are
    left out, since nobody knows whether they changed.
    """
    sections = []
    for label, rows_of, comes_and_goes in _SECTIONS:
        old, new = rows_of(before), rows_of(after)
        if old is None or new is None:
            continue
        if comes_and_goes:
            keys = [*new, *(key for key in old if key not in new)]
        else:
            keys = [key for key in new if key in old]
        lines = [Line((new.get(key) or old[key])[0], _text(old, key), _text(new, key)) for key in keys]
        if lines:
            sections.append(Section(label, lines))
    return sections


def _text(rows: Rows, key: str) -> str | None:
    return rows[key][1] if key in rows else None


def _registration(snapshot: dict[str, Any]) -> Rows:
    dossier = snapshot.get("dossier", {})
    return {
        "kind": ("Hình thức đăng ký", _choice(DossierKind.choices, dossier.get("kind"))),
        "year": ("Năm đánh giá", _said(dossier.get("year"))),
        "late_reason": ("Lý do nộp muộn", _said(dossier.get("late_reason"))),
        "samples": (LABELS["samples"], _said(snapshot.get("content", {}).get("samples"))),
    }


def _entity(snapshot: dict[str, Any]) -> Rows:
    return _columns(Entity, snapshot.get("entity", {}))


def _product(snapshot: dict[str, Any]) -> Rows:
    told = {**snapshot.get("product", {})}
    chosen = told.pop("set", {})
    rows = _columns(Product, told)
    if chosen:
        rows["set"] = ("Bộ sản phẩm", f"Bộ {chosen.get('number')} - {chosen.get('name')}")
    return rows


def _photos(snapshot: dict[str, Any]) -> Rows | None:
    photos = snapshot.get("product", {}).get("photos")
    if photos is None:
        return None
    return {
        photo["sha256"]: (f"Ảnh {place}", photo.get("caption") or "Không có chú thích")
        for place, photo in enumerate(photos, start=1)
    }


def _content(snapshot: dict[str, Any]) -> Rows:
    told = snapshot.get("content", {})
    return {name: (LABELS[name], _said(told.get(name))) for name in DRAFT_FIELDS if name != "samples"}


def _self_assessment(snapshot: dict[str, Any]) -> Rows | None:
    told = snapshot.get("self_assessment")
    if not told:
        return None
    rows = {
        f"{choice['criterion']}": (f"{choice['criterion']} {choice['title']}", _choice_words(choice))
        for choice in told.get("choices", [])
    }
    rows["total"] = ("Tổng điểm tự đánh giá", _number(told.get("total")))
    rows["star"] = ("Hạng sao tự đánh giá", _said(told.get("star")))
    return rows


def _choice_words(choice: dict[str, Any]) -> str:
    if choice.get("position") is None:
        chosen = "Chưa chọn"
    else:
        chosen = f"{choice.get('label') or 'Không đạt mức nào'} ({_number(choice.get('points'))} điểm)"
    return "\n".join(filter(None, [chosen, choice.get("note")]))


def _evidence(snapshot: dict[str, Any]) -> Rows | None:
    papers = snapshot.get("evidence")
    if papers is None:
        return None
    return {
        paper["sha256"]: (paper.get("title") or paper.get("filename") or "Giấy tờ", _paper_words(paper))
        for paper in papers
    }


def _paper_words(paper: dict[str, Any]) -> str:
    told = [
        _choice(EvidenceGroup.choices, paper.get("group")),
        paper.get("title"),
        f"số {paper['number']}" if paper.get("number") else "",
        paper.get("issuer"),
        f"cấp ngày {_said(paper['issued_on'])}" if paper.get("issued_on") else "",
        f"hết hạn {_said(paper['expires_on'])}" if paper.get("expires_on") else "",
        f"tệp {paper.get('filename')}",
        f"cho tiêu chí {', '.join(paper['criteria'])}" if paper.get("criteria") else "",
    ]
    return "; ".join(filter(None, told))


# Label, rows, and whether a row that only one snapshot has was added or taken away.
_SECTIONS = (
    ("Thông tin đăng ký", _registration, False),
    ("Chủ thể", _entity, False),
    ("Sản phẩm", _product, False),
    ("Ảnh sản phẩm", _photos, True),
    ("Nội dung", _content, False),
    ("Tự đánh giá", _self_assessment, True),
    ("Minh chứng", _evidence, True),
)


def _columns(model: type[Model], told: dict[str, Any]) -> Rows:
    """Labels and choices of a frozen row, in the words of its columns today."""
    return {
        column.name: (_capital(str(column.verbose_name)), _value(column, told[column.name]))
        for column in model._meta.concrete_fields
        if column.name in told
    }


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _value(column: Field, value: Any) -> str:
    if column.name == "sales_channels":
        return ", ".join(_choice(SalesChannel.choices, name) for name in value or [])
    if column.name == "price":
        return _number(value)
    if column.name == "commune":
        return str(value or "")
    return _choice(column.flatchoices, value) if column.flatchoices else _said(value)


def _choice(choices: Any, value: Any) -> str:
    return str(dict(choices).get(value, _said(value)))


def _number(value: Any) -> str:
    try:
        return "" if value is None else format_number(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _said(value: Any) -> str:
    """A plain value as a page says it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value))
    return str(value)
