"""Boxes 1 to 6 of the decree's layout: from the national title to the opening sentence."""

from collections.abc import Iterator
from typing import Any

from reports import words
from reports.docx.frame import Page
from reports.docx.measure import width_of
from reports.docx.parts import Element, cell, clean, line_below, node, paragraph, row, table, twips
from reports.html import SUBJECT_LINE

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
TO = "Kính gửi:"
# Where it stands when the receivers have lines of their own, in mm.
ADDRESSEES_AT = 35
LEFT_SHARE = 0.4
# 1/3 to 1/2 of the text, also of a last line somewhat shorter.
SHORT_LINE = 0.36


def elements(data: dict[str, Any], page: Page) -> Iterator[Element]:
    """The head of the paper and what leads to its sections."""
    yield _letterhead(data["head"], data.get("label", ""), page)
    yield paragraph("TypeName", data["type_name"])
    if data["subject"]:
        yield from _subject(data["subject"], page)
    if data.get("authority"):
        yield paragraph("Authority", data["authority"])
    yield from _addressees(data)
    for basis in data["legal_bases"]:
        yield paragraph("Basis", basis)
    if data.get("order"):
        yield paragraph("Authority", data["order"], extra=(node("spacing", before="200", after="200"),))
    if data["opening"]:
        yield paragraph("Body", data["opening"])


def _letterhead(head: dict[str, Any], label: str, page: Page) -> Element:
    """Issuing body at the left, national title at the right; number, place and date on one line below."""
    left, right = page.room * LEFT_SHARE, page.room * (1 - LEFT_SHARE)
    issuing = [clean(line) for line in head["issuing_body"]]
    longest = max((width_of(line, 13) for line in issuing), default=0)
    bodies = [
        *(paragraph("Governing", line) for line in head["governing_body"]),
        *(paragraph("Issuing", line) for line in issuing),
        line_below(min(longest, left) * SHORT_LINE, left),
    ]
    nation = [
        paragraph("Nation", NATION),
        paragraph("Motto", MOTTO),
        line_below(width_of(MOTTO, 14), right),
    ]
    rows = [row(cell(left, *bodies), cell(right, *nation))]
    if head["number"] or head["place_date"]:
        numbers = [paragraph("Number", head["number"])]
        if label:
            numbers.append(paragraph("Label", label))
        rows.append(row(cell(left, *numbers), cell(right, paragraph("PlaceDate", head["place_date"]))))
    return table((left, right), rows, lines=False)


def _subject(subject: str, page: Page) -> Iterator[Element]:
    lines = words.balanced(clean(subject), SUBJECT_LINE)
    yield paragraph("Subject", "\n".join(lines))
    longest = max((width_of(line, 14) for line in lines), default=0)
    yield line_below(min(longest, page.room) * SHORT_LINE, page.room, after=12)


def _addressees(data: dict[str, Any]) -> Iterator[Element]:
    """One receiver on the line of "Kính gửi"; several below it, dashes under the colon."""
    if data["addressee"]:
        yield paragraph("Addressee", f"Kính gửi: {data['addressee']}")
        return
    several = data.get("addressees", ())
    if several:
        yield paragraph("Addressees", TO, extra=(node("ind", left=twips(ADDRESSEES_AT)),))
    below_colon = ADDRESSEES_AT + width_of(TO, 14)
    for place, name in enumerate(several, 1):
        is_last = place == len(several)
        extra = [node("spacing", after="240")] * is_last + [node("ind", left=twips(below_colon))]
        yield paragraph("Addressees", f"- {name}{'.' if is_last else ';'}", extra=extra)
